"""Institutional ties: a file for every kind, its record and its rule together."""
