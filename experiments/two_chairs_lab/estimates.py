"""Estimates over a space of points × replicates, with intervals, and what they depend on.

A *point* is one set of inputs, a *replicate* one luck; replicate k of every point has the same
luck. So an interval resamples points and replicates both, each as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from two_chairs.actors import Array, Counts
from two_chairs.errors import InputError

RESAMPLES = 400
"""Resamples behind an interval."""
ENDS = (0.05, 0.95)
"""Quantiles of the resamples that an interval runs between: it holds 90 % of them."""
DIGITS = 12
"""Digits of an interval's ends; more is rounding."""
MOST_BINS = 8
CASES_A_BIN = 25
SCREEN = 0.05
"""Chance, over all inputs together, that screening keeps one that does nothing (Bonferroni)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return it as plain data."""
        return {"value": self.value, "p05": self.low, "p95": self.high}


@dataclass(frozen=True, slots=True)
class Draws:
    """Weights of resampled points (resamples, points) and replicates; rows sum to one."""

    points: Array
    replicates: Array


def draw(values: Array, seed: int) -> Draws:
    """Resample the points and the replicates of values (points, replicates) with replacement."""
    points, replicates = values.shape
    generator = np.random.default_rng(np.random.SeedSequence((seed, points, replicates)))

    def weights(number: int) -> Array:
        counts = generator.multinomial(number, np.full(number, 1.0 / number), RESAMPLES)
        return np.asarray(counts / number)

    return Draws(weights(points), weights(replicates))


def mean(values: Array, draws: Draws) -> Estimate:
    """Return the mean over points and replicates; ``values`` has shape (points, replicates)."""
    return ratio(values, np.ones(values.shape[0]), draws)


def ratio(values: Array, chosen: Array, draws: Draws) -> Estimate:
    """Return the mean over the points that are chosen.

    Parameters
    ----------
    values
        Shape (points, replicates).
    chosen
        1 for each point that is, else 0; shape (points,).
    """
    if not chosen.any():
        return Estimate(float("nan"), float("nan"), float("nan"))
    weighted = draws.points * chosen
    whole = weighted.sum(axis=1)
    over_points = weighted @ values / np.where(whole > 0.0, whole, np.nan)[:, np.newaxis]
    spread = (over_points * draws.replicates).sum(axis=1)
    low, high = np.round(np.nanquantile(spread, ENDS), DIGITS)
    return Estimate(float(values[chosen > 0.0].mean()), float(low), float(high))


def coverage(values: Array, chosen: Array, draws: Draws) -> Estimate:
    """Return the share of all that ``values`` sum to which lies in the points chosen."""
    inside = ((draws.points * chosen) @ values * draws.replicates).sum(axis=1)
    whole = (draws.points @ values * draws.replicates).sum(axis=1)
    found = np.divide(inside, whole, out=np.full(len(whole), np.nan), where=whole > 0.0)
    if np.isnan(found).all():
        return Estimate(float("nan"), float("nan"), float("nan"))
    low, high = np.round(np.nanquantile(found, ENDS), DIGITS)
    return Estimate(float((values * chosen[:, np.newaxis]).sum() / values.sum()), float(low),
                    float(high))  # fmt: skip


def share_between_points(values: Array) -> float:
    """Return the share of the variance of ``values`` that lies between points.

    The rest lies between replicates of one point: luck, and coding where it is drawn. Estimated
    by one-way analysis of variance; NaN with a single replicate or without any variance.
    """
    replicates = values.shape[1]
    if replicates < 2 or np.ptp(values) == 0.0:
        return float("nan")
    within = float(values.var(axis=1, ddof=1).mean())
    between = max(0.0, float(values.mean(axis=1).var(ddof=1)) - within / replicates)
    return between / (between + within)


# --- what it depends on ---------------------------------------------------------------------------


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
    f_oneway = needed("scipy.stats").f_oneway
    level = SCREEN / x.shape[1]
    found = []
    for column in range(x.shape[1]):
        place = bins_of(x[:, column])
        groups = [y[place == each] for each in np.unique(place)]
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
    place = bins_of(values)
    groups = np.unique(place)
    member = (place[:, np.newaxis] == groups).astype(float)
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
    return float(needed("scipy.stats").spearmanr(values, y).statistic)


def needed(module: str) -> Any:
    """Import a module of the discover extra, or say how to get it."""
    try:
        return import_module(module)
    except ImportError:
        package = {"sklearn": "scikit-learn"}.get(module.partition(".")[0], "scipy")
        text = f"{package} is not installed; install two-chairs[discover]"
        raise InputError.at("discover", text) from None
