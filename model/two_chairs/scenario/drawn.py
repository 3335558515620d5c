"""Draws as numbers: many rows of text read at once."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from two_chairs.axes import Array


@lru_cache(maxsize=4)
def drawn_numbers(rows: tuple[str, ...]) -> Array | None:
    """Return rows of numbers apart by commas, shape (rows, columns), or ``None`` if they are none.

    Rows of different lengths are none either.
    """
    columns = rows[0].count(",") + 1 if rows else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            numbers = np.fromstring(",".join(rows), sep=",")
    except (DeprecationWarning, ValueError):
        return None
    even = numbers.size == len(rows) * columns and all(r.count(",") == columns - 1 for r in rows)
    return numbers.reshape(len(rows), columns) if even else None


def within(numbers: Array, bounds: Sequence[tuple[float, float]]) -> bool:
    """Say whether every column lies within its bounds; what is no number does not."""
    low, high = np.array(bounds).T
    return bool(np.all((numbers >= low) & (numbers <= high)))
