"""Optional packages, imported late, with one line on how to get them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from two_chairs.errors import InputError

PACKAGES = {"sklearn": "scikit-learn"}
"""Names under which packages are installed, where modules have another."""


def needed(module: str, extra: str = "sweep", place: str = "sweep") -> Any:
    """Import a module of an extra; raises `InputError` that says how to get it."""
    try:
        return import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        text = f"{PACKAGES.get(name, name)} is not installed; install two-chairs[{extra}]"
        raise InputError.at(place, text) from None
