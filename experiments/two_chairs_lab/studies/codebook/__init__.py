"""The command codebook: the kinds of act that an event can be."""
