"""Running worlds: ensembles, and the executors that carry them."""

WORLDS = 1_000
"""Worlds of a run that does not say how many, everywhere: as many as the posterior has draws."""
