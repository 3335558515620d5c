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
