"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import exporting, running, sweeping
from .shell import main

__all__ = ["exporting", "main", "running", "sweeping"]
