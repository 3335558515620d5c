"""Rival mechanisms: each a file with its step, parameters and words, switched on by a parameter."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .mechanism import Mechanism

MECHANISMS: tuple[Mechanism, ...] = tuple(
    import_module(f"{__name__}.{file.name}").MECHANISM
    for file in iter_modules(__path__)
    if file.name != "mechanism"
)
"""The mechanism of every file of this package, by the names of the files."""
