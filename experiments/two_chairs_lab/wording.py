"""How numbers and inputs are written for people, in tables, sentences and figures alike."""

from __future__ import annotations

import math
from collections.abc import Mapping

from two_chairs.parameters import PARAMETERS


def percent(share: float) -> str:
    """Write a share; what is neither none nor all is never rounded to it.

    Examples
    --------
    >>> percent(0.0), percent(0.004), percent(0.5), percent(0.997)
    ('0%', '<1%', '50%', '>99%')
    """
    if 0.0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1.0 else f"{share:.0%}"


def number(value: float) -> str:
    """Write a number of unknown size with three significant digits, and a true minus."""
    return f"{value:.3g}".replace("-", "−")


def band(told: Mapping[str, float]) -> str:
    """Write a median with its 5th and 95th percentile.

    Examples
    --------
    >>> band({"p05": 0.5, "p50": 1.0, "p95": 2.25})
    '1 (0.5 to 2.25)'
    """
    return f"{told['p50']:.3g} ({told['p05']:.3g} to {told['p95']:.3g})"


def signed(value: float) -> str:
    """Write a difference with its sign and three decimals; no minus before a zero."""
    return f"{round(value, 3) + 0.0:+.3f}".replace("-", "−")


def input_name(name: str) -> str:
    """Return an input's name with its symbol, as in ``institution share χ``."""
    if name not in PARAMETERS:
        return name
    symbol = PARAMETERS[name].symbol
    words = name.replace("_", " ")
    return words if symbol in {words, name} else f"{words} {symbol}"


def input_label(name: str) -> str:
    """Return an input's name with its symbol and unit, as on an axis."""
    return f"{input_name(name)} ({unit_of(name)})" if name in PARAMETERS else name


def unit_of(name: str) -> str:
    """Return the unit of an input; a dated condition is a share."""
    return PARAMETERS[name].unit if name in PARAMETERS else "share"


def bounded(name: str, low: float, high: float) -> str:
    """Say how an input is bounded; an infinite end is free.

    Examples
    --------
    >>> bounded("fear", -math.inf, 1.25)
    'fear ≤ 1.25'
    """
    words = input_name(name)
    if not math.isfinite(low):
        return f"{words} ≤ {number(high)}"
    if not math.isfinite(high):
        return f"{words} ≥ {number(low)}"
    return f"{number(low)} ≤ {words} ≤ {number(high)}"
