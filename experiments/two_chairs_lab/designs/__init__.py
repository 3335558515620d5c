"""Designs: which points of a space are run."""
