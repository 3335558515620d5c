"""The command actions: the kinds of act that an event can be."""
