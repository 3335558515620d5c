"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import explaining, running, sweeping
from .shell import main

__all__ = ["explaining", "main", "running", "sweeping"]
