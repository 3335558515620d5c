"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from . import (
    apportioning,
    calibrating,
    comparing,
    explaining,
    exporting,
    finding,
    reporting,
    rivalling,
    running,
    sweeping,
    viewing,
)
from .shell import main

__all__ = [
    "apportioning",
    "calibrating",
    "comparing",
    "explaining",
    "exporting",
    "finding",
    "main",
    "reporting",
    "rivalling",
    "running",
    "sweeping",
    "viewing",
]
