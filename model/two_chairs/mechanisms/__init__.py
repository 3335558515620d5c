"""Rival mechanisms: each a file with its step, switched on by a parameter."""
