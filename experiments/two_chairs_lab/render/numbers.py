"""How numbers are written for people, in tables, sentences and figures alike."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
"""Years from one label to the next that an axis of time may have."""


def percent(share: float, error: float | None = None) -> str:
    """Write a share, with its error in points; none or all is never rounded to.

    Parameters
    ----------
    share
        0 to 1.
    error
        Half of its 95 % interval, 0 to 1; ``None`` and NaN are not written.

    Examples
    --------
    >>> percent(0.0), percent(0.004), percent(0.5), percent(0.997)
    ('0 %', '<1 %', '50 %', '>99 %')
    >>> percent(0.5, 0.021), percent(0.004, 0.004)
    ('50 % ± 2', '<1 % ± 0.4')
    """
    known = error is not None and math.isfinite(error)
    added = f" ± {points(error)}" if known and error is not None else ""
    if 0.0 < share < 0.01:
        return f"<1 %{added}"
    return f">99 %{added}" if 0.99 < share < 1.0 else f"{100 * share:.0f} %{added}"


def points(error: float) -> str:
    """Write an error of a share in points: whole ones, or tenths below one.

    Examples
    --------
    >>> points(0.021), points(0.0064), points(0.0)
    ('2', '0.6', '0')
    """
    return f"{100 * error:.1f}" if 0.0 < error < 0.00949 else f"{100 * error:.0f}"


def decimal(value: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number with some decimals and a true minus; a zero has no sign.

    Examples
    --------
    >>> decimal(-0.161), decimal(-0.001), decimal(0.08, sign=True)
    ('−0.16', '0.00', '+0.08')
    """
    rounded = round(float(value), digits) + 0.0
    plus = "+" if sign and rounded else ""
    return f"{rounded:{plus}.{digits}f}".replace("-", "−")


def date_words(day: date) -> str:
    """Write a day.

    Examples
    --------
    >>> date_words(date(2023, 12, 4))
    '4 Dec 2023'
    """
    return f"{day.day} {day:%b %Y}"


def span(low: float, middle: float, high: float, error: float | None = None) -> str:
    """Write a median with its error, and the 5th and 95th percentile.

    Examples
    --------
    >>> span(-0.5, -0.001, 2.0, 0.01)
    '0.00 ± 0.01 (−0.50…2.00)'
    """
    known = error is not None and math.isfinite(error)
    added = f" ± {decimal(error)}" if known and error is not None else ""
    return f"{decimal(middle)}{added} ({decimal(low)}…{decimal(high)})"


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
    return f"{number(quantiles['p50'])} ({number(quantiles['p05'])} to {number(quantiles['p95'])})"


def signed(value: float) -> str:
    """Write a difference with its sign and three decimals."""
    return decimal(value, 3, sign=True)


def year_step(first: int, last: int, most: int) -> int:
    """Return the years from one label to the next on an axis of time: the least with room.

    Examples
    --------
    >>> year_step(2020, 2026, 12), year_step(1944, 1995, 12)
    (1, 5)
    """
    return next(step for step in YEAR_STEPS if (last - first) // step < most)


def counted(count: int, thing: str) -> str:
    """Write a number with its thing, in the plural where it is not one.

    Examples
    --------
    >>> counted(1, "world"), counted(1200, "world")
    ('1 world', '1,200 worlds')
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
