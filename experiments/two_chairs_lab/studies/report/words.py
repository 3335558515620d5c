"""How a report writes numbers: medians with their spread, shares with their error."""

from __future__ import annotations

from math import isnan

from two_chairs_lab.render.numbers import percent


def two(value: float, signed: bool = False) -> str:
    """Write a number with two decimals and a true minus; a zero has no sign.

    Examples
    --------
    >>> two(-0.164), two(0.2, signed=True), two(-0.001)
    ('−0.16', '+0.20', '0.00')
    """
    text = f"{abs(value):.2f}"
    if float(text) == 0.0:
        return text
    return ("−" if value < 0 else "+" * signed) + text


def spread(middle: float, low: float, high: float, signed: bool = False) -> str:
    """Write a median with the 5th and 95th percentile.

    Examples
    --------
    >>> spread(-0.16, -0.36, 0.08)
    '−0.16 (−0.36 to 0.08)'
    """
    return f"{two(middle, signed)} ({two(low, signed)} to {two(high, signed)})"


def share_with_error(share: float, error: float) -> str:
    """Write a share with its error in points.

    Examples
    --------
    >>> share_with_error(0.58, 0.0221)
    '58 % ± 2.2'
    """
    return f"{percent(share).replace('%', ' %')}{_error(error)}"


def gained(value: float, error: float) -> str:
    """Write a difference of shares with its error, in points.

    Examples
    --------
    >>> gained(-0.054, 0.01)
    '−5.4 ± 1.0 points'
    """
    sign = "−" if value < 0 else "+"
    return f"{sign}{100.0 * abs(value):.1f}{_error(error)} points"


def _error(error: float) -> str:
    """Write the error of a share in points; that of a single world is not known."""
    return "" if isnan(error) else f" ± {100.0 * error:.1f}"
