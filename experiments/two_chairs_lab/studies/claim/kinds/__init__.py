"""Kinds of test that a claim can be put to, a file each."""
