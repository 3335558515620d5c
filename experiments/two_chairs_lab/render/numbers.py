"""How numbers are written for people, in tables, sentences and figures alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


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


def two(value: float) -> str:
    """Write a number with two decimals and a true minus; no minus before a zero.

    Examples
    --------
    >>> two(-0.163), two(-0.001)
    ('−0.16', '0.00')
    """
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def day(at: date) -> str:
    """Write a day of the calendar.

    Examples
    --------
    >>> day(date(2023, 12, 4))
    '4 Dec 2023'
    """
    return f"{at.day} {at:%b %Y}"


def number(value: float) -> str:
    """Write a number of unknown size with three significant digits, and a true minus."""
    return f"{value:.3g}".replace("-", "−")


def band(quantiles: Mapping[str, float]) -> str:
    """Write a median with its 5th and 95th percentile.

    Examples
    --------
    >>> band({"p05": 0.5, "p50": 1.0, "p95": 2.25})
    '1 (0.5 to 2.25)'
    """
    return f"{quantiles['p50']:.3g} ({quantiles['p05']:.3g} to {quantiles['p95']:.3g})"


def signed(value: float) -> str:
    """Write a difference with its sign and three decimals; no minus before a zero."""
    return f"{round(value, 3) + 0.0:+.3f}".replace("-", "−")


def counted(number: int, thing: str) -> str:
    """Write a number with its thing, in the plural where it is not one.

    Examples
    --------
    >>> counted(1, "world"), counted(1200, "world")
    ('1 world', '1,200 worlds')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
