"""Running worlds: ensembles, and the executors that carry them."""
