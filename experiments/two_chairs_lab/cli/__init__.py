"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import comparing, running, sweeping
from .shell import main

__all__ = ["comparing", "main", "running", "sweeping"]
