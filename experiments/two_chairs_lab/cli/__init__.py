"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import apportioning, comparing, running, sweeping
from .shell import main

__all__ = ["apportioning", "comparing", "main", "running", "sweeping"]
