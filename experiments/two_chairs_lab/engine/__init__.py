"""Running worlds: ensembles, and the executors that carry them."""

WORLDS = 1_000
"""Worlds of a run that does not say how many: as many as the posterior has draws.

Of `run`, `compare`, the page and notebooks; a study of many runs may take fewer, and says so.
"""
