"""Two Chairs: an agent-based model of a small state between two poles."""

__version__ = "0.1.0"
