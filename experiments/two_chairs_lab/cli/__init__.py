"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import explaining, reporting, running, sweeping, viewing
from .shell import main

__all__ = ["explaining", "main", "reporting", "running", "sweeping", "viewing"]
