"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import (
    apportioning,
    calibrating,
    comparing,
    explaining,
    finding,
    rivalling,
    running,
    sweeping,
)
from .shell import main

__all__ = [
    "apportioning",
    "calibrating",
    "comparing",
    "explaining",
    "finding",
    "main",
    "rivalling",
    "running",
    "sweeping",
]
