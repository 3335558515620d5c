"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import finding, running, sweeping
from .shell import main

__all__ = ["finding", "main", "running", "sweeping"]
