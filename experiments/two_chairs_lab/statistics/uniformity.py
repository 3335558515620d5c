"""Whether ranks are uniform: the empirical distribution beside a band that holds all at once.

Säilynoja, Bürkner & Vehtari 2022 Statistics and Computing 32: each point of the empirical
distribution of uniform ranks is binomial; the level of these intervals is chosen by simulation so
that with the chance wanted all points lie inside together.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from two_chairs.axes import Array

POINTS = 20
"""Points at which the distribution is looked at, evenly spread inside (0, 1)."""
SIMULATIONS = 20_000
LEVEL = 0.95


@lru_cache(maxsize=8)
def _expected(tests: int) -> tuple[Array, Array]:
    """Return the two-sided chance of every count at every point, and the least one of samples.

    Shapes (tests + 1, points) and (simulations,), the second sorted.
    """
    from scipy.stats import binom  # SciPy is slow to load

    points, counts = _points(), np.arange(tests + 1)[:, np.newaxis]
    below, above = binom.cdf(counts, tests, points), binom.sf(counts - 1, tests, points)
    chances = np.minimum(1.0, 2.0 * np.minimum(below, above))
    generator = np.random.default_rng(0)
    bins = np.full(POINTS + 1, 1.0 / (POINTS + 1))
    drawn = generator.multinomial(tests, bins, SIMULATIONS).cumsum(axis=1)[:, :-1]
    return chances, np.sort(chances[drawn, np.arange(POINTS)].min(axis=1))


def _points() -> Array:
    return np.arange(1, POINTS + 1) / (POINTS + 1)


def departure(ranks: Array) -> Array:
    """Return how far the distribution of ranks lies above that of uniform ones, (points,)."""
    return np.mean(ranks[:, np.newaxis] <= _points(), axis=0) - _points()


def chance_if_uniform(ranks: Array) -> float:
    """Return how often uniform ranks depart as much somewhere as these do, in (0, 1].

    Below one less `LEVEL` the distribution leaves the simultaneous band.

    Examples
    --------
    >>> chance_if_uniform((np.arange(100) + 0.5) / 100) > 0.9
    True
    >>> chance_if_uniform(((np.arange(100) + 0.5) / 100) ** 2) < 0.01
    True
    """
    tests = len(ranks)
    chances, least = _expected(tests)
    counts = np.sum(ranks[:, np.newaxis] <= _points(), axis=0)
    own = chances[counts, np.arange(POINTS)].min()
    return float(np.searchsorted(least, own, side="right") / SIMULATIONS)


def band(tests: int) -> tuple[Array, Array, Array]:
    """Return points, and the departures between which 95 % of uniform ranks stay everywhere.

    Each of shape (points,).
    """
    chances, least = _expected(tests)
    allowed = chances >= np.quantile(least, 1.0 - LEVEL)
    shares = np.arange(tests + 1)[:, np.newaxis] / tests - _points()
    low = np.where(allowed, shares, np.inf).min(axis=0)
    high = np.where(allowed, shares, -np.inf).max(axis=0)
    return _points(), low, high
