"""Which engine runs the worlds, and which ones have."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Literal, get_args

from two_chairs.errors import InputError, nearest

Engine = Literal["numpy", "compiled"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
VARIABLE = "TWO_CHAIRS_ENGINE"
"""Names the engine, for this process and those that it starts; the option --engine sets it."""
_used: set[str] = set()


def engine_asked() -> Engine:
    """Return the engine that is asked for; NumPy where nothing is said.

    Raises
    ------
    InputError
        If the variable names none.
    """
    named = os.environ.get(VARIABLE) or "numpy"
    for engine in ENGINES:
        if named == engine:
            return engine
    raise InputError.at(VARIABLE, f"'{named}' is no engine; {nearest(named, ENGINES)}")


def engines_used() -> tuple[str, ...]:
    """Return the engines that have run worlds in this process, or for it in another."""
    return tuple(sorted(_used))


def note_used(engines: Iterable[str]) -> None:
    """Take note of engines that have run worlds for this process."""
    _used.update(engines)
