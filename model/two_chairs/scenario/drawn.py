"""Draws as numbers: many rows of text read at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from two_chairs.axes import Array


@lru_cache(maxsize=4)
def drawn_numbers(rows: tuple[str, ...]) -> Array | None:
    """Return rows of numbers apart by commas, shape (rows, columns), or ``None`` if they are none.

    Rows of different lengths are none either.
    """
    if not (rows and all(rows)):
        return None
    try:
        numbers: Array = np.loadtxt(rows, delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None
    return numbers if len(numbers) == len(rows) else None


def within(numbers: Array, bounds: Sequence[tuple[float, float]]) -> bool:
    """Say whether every column lies within its bounds; what is no number does not."""
    low, high = np.array(bounds).T
    return bool(np.all((numbers >= low) & (numbers <= high)))
