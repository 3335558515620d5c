"""Which inputs drive an outcome: screening with corrected chances, and explained shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, Counts

from .resampling import ENDS, Draws, Estimate

MOST_BINS = 8
CASES_A_BIN = 25
SCREEN = 0.05
"""Chance, over all inputs together, that screening keeps one that does nothing (Bonferroni)."""


def bins_of(values: Array) -> Counts:
    """Return the bin of each value: up to eight bins of about as many cases each."""
    number = int(np.clip(len(values) // CASES_A_BIN, 2, MOST_BINS))
    edges = np.quantile(values, np.linspace(0.0, 1.0, number + 1)[1:-1])
    return np.asarray(np.searchsorted(edges, values, side="right"))


def screened(x: Array, y: Array) -> list[int]:
    """Return the inputs whose bins differ in the mean of ``y`` by more than chance.

    An F test an input, at `SCREEN` over the number of inputs. An input that matters only in
    combination with another, and not by itself, is missed.
    """
    from scipy.stats import f_oneway  # SciPy is slow to load

    level = SCREEN / x.shape[1]
    found = []
    for column in range(x.shape[1]):
        bins = bins_of(x[:, column])
        groups = [y[bins == each] for each in np.unique(bins)]
        if len(groups) < 2 or np.ptp(y) == 0.0:
            continue
        if all(np.ptp(group) == 0.0 for group in groups) or f_oneway(*groups).pvalue < level:
            found.append(column)
    return found


@dataclass(frozen=True, slots=True)
class Driver:
    """What one input does to a result over the space.

    Attributes
    ----------
    input
        Its name.
    explained
        Share of the variance between points that the input explains by itself (first order).
    direction
        Rank correlation with the result, −1 to 1.
    """

    input: str
    explained: Estimate
    direction: float


def drivers(names: Sequence[str], x: Array, y: Array, draws: Draws, most: int = 6) -> list[Driver]:
    """Return the screened inputs that explain most of the variance of ``y`` between points."""
    found = [
        Driver(names[column], _explained(x[:, column], y, draws), _ranked(x[:, column], y))
        for column in screened(x, y)
    ]
    return sorted(found, key=lambda driver: -driver.explained.value)[:most]


def _explained(values: Array, y: Array, draws: Draws) -> Estimate:
    bins = bins_of(values)
    groups = np.unique(bins)
    member = (bins[:, np.newaxis] == groups).astype(float)
    spread = [_adjusted(weights, member, y) for weights in draws.points]
    low, high = np.quantile(spread, ENDS)
    return Estimate(_adjusted(np.full(len(y), 1.0 / len(y)), member, y), float(low), float(high))


def _adjusted(weights: Array, member: Array, y: Array) -> float:
    """Return the explained share of a weighted one-way layout, corrected for its bins."""
    mass = weights @ member
    sums = (weights * y) @ member
    middle = float(weights @ y)
    total = float(weights @ (y - middle) ** 2)
    kept = mass > 0.0
    between = float((sums[kept] ** 2 / mass[kept]).sum()) - middle**2
    cases, groups = len(y), int(kept.sum())
    if total <= 0.0 or cases <= groups:
        return 0.0
    return max(0.0, 1.0 - (1.0 - between / total) * (cases - 1) / (cases - groups))


def _ranked(values: Array, y: Array) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(values, y).statistic)
