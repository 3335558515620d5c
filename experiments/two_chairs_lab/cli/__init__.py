"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import calibrating, explaining, running, sweeping
from .shell import main

__all__ = ["calibrating", "explaining", "main", "running", "sweeping"]
