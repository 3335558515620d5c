"""Summaries over worlds: quantiles, first weeks."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array

QUANTILES = (0.05, 0.5, 0.95)


def quantiles(values: Array) -> Array:
    """Return the 5th, 50th and 95th percentile over worlds, shape (3, …)."""
    return np.quantile(values, QUANTILES, axis=-1)


def first_week(shares: Array, least: float = 0.5) -> int | None:
    """Return the first week in which a share of worlds is reached, or ``None``."""
    reached = np.flatnonzero(shares >= least)
    return int(reached[0]) if reached.size else None


def half_width(error: float) -> float:
    """Return half of the 90 % interval of an estimate with a normal error.

    Parameters
    ----------
    error
        Its standard error.

    Examples
    --------
    >>> round(half_width(2.0), 3)
    3.29
    """
    from scipy.special import ndtri  # SciPy is slow to load

    return float(ndtri(0.95)) * error


def share_interval(paired: Array) -> tuple[float, float]:
    """Return the 90 % interval of a difference of paired shares.

    Wald's interval after half a world is added to each of the four cells of the paired table, so
    that it keeps a width where no world differs.

    Parameters
    ----------
    paired
        Differences of what is so (1) or not (0), shape (worlds,).
    """
    worlds = paired.size + 2.0
    gained = float(np.sum(paired > 0.0)) + 0.5
    lost = float(np.sum(paired < 0.0)) + 0.5
    middle = (gained - lost) / worlds
    reach = half_width(np.sqrt(gained + lost - (gained - lost) ** 2 / worlds) / worlds)
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def share_with_ends(so: Array) -> tuple[float, float, float]:
    """Return the lower end, the value and the upper end of a share: Wilson's 90 % interval.

    A single world has no interval: both ends are its value.

    Parameters
    ----------
    so
        1 for each world in which it is so, else 0; shape (worlds,).

    Examples
    --------
    >>> [round(end, 2) for end in share_with_ends(np.repeat([0.0, 1.0], [25, 75]))]
    [0.67, 0.75, 0.81]
    """
    share, worlds = float(np.mean(so)), so.size
    if worlds < 2:
        return share, share, share
    squared = half_width(1.0) ** 2
    middle = (share + squared / (2.0 * worlds)) / (1.0 + squared / worlds)
    spread = share * (1.0 - share) / worlds + squared / (4.0 * worlds**2)
    reach = float(np.sqrt(squared * spread)) / (1.0 + squared / worlds)
    return max(0.0, middle - reach), share, min(1.0, middle + reach)
