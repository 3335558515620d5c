"""The command score: how past predictions fared."""
