"""The command claim: an article's claims as tests of the model."""
