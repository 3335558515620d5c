"""Experiments on the model: ensembles of worlds, tables, figures and the command line."""
