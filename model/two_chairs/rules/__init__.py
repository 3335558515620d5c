"""The rules of the model: pure functions on arrays whose last axis is ``worlds``."""
