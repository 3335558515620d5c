"""How a report writes differences: medians with their spread, shares with their error."""

from __future__ import annotations

from math import isfinite

from two_chairs_lab.render.numbers import decimal, points


def moved(middle: float, low: float, high: float) -> str:
    """Write the median of a difference, with the 5th and 95th percentile.

    Examples
    --------
    >>> moved(-0.164, -0.36, 0.08)
    '−0.16 (−0.36…+0.08)'
    """
    median, first, last = (decimal(value, sign=True) for value in (middle, low, high))
    return f"{median} ({first}…{last})"


def gained(value: float, error: float) -> str:
    """Write a difference of shares with its error, in points.

    Examples
    --------
    >>> gained(-0.054, 0.014), gained(0.02, float("nan"))
    ('−5 ± 1 points', '+2 points')
    """
    sign = "−" if value < 0 else "+"
    added = f" ± {points(error)}" if isfinite(error) else ""
    return f"{sign}{points(abs(value))}{added} points"
