"""A run set down in plain arrays, so that it can be saved and gone on with later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Checkpoint = dict[str, NDArray[Any]]
"""Arrays by name; parts of a name are separated by colons, which no id holds."""


def flat(value: Any, name: str = "") -> Checkpoint:
    """Return copies of all arrays in a value: in records and tables, however deep.

    Examples
    --------
    >>> flat({"a": {"b": np.array([1.0])}, "none": None})
    {'a:b': array([1.])}
    """
    if value is None:
        return {}
    found: Checkpoint = {}
    parts = list(_parts(value))
    if not parts and not isinstance(value, Mapping):
        return {name: np.array(value)}
    for key, part in parts:
        found |= flat(part, f"{name}:{key}" if name else key)
    return found


def restored(like: Any, arrays: Checkpoint, name: str) -> Any:
    """Return a value as `flat` found it, from its arrays and another value of the same make.

    What stands in no array is ``None``; the keys of a table may differ from those of the other.
    """
    if is_dataclass(like) and not isinstance(like, type):
        made = object.__new__(type(like))
        for key, part in _parts(like):
            object.__setattr__(made, key, restored(part, arrays, f"{name}:{key}"))
        return made
    if isinstance(like, Mapping):
        within = [key.removeprefix(f"{name}:") for key in arrays if key.startswith(f"{name}:")]
        keys = dict.fromkeys([*like, *(key.split(":")[0] for key in within)])
        return {key: restored(like.get(key), arrays, f"{name}:{key}") for key in keys}
    return np.array(arrays[name]) if name in arrays else like


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
