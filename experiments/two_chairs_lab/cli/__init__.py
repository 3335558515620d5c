"""The command line ``two-chairs``."""

from .main import main

__all__ = ["main"]
