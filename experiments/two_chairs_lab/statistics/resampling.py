"""Estimates over a space of points × replicates, with intervals, and what they depend on.

A *point* is one set of inputs, a *replicate* one luck; replicate k of every point has the same
luck. So an interval resamples points and replicates both, each as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array

RESAMPLES = 400
"""Resamples behind an interval."""
ENDS = (0.05, 0.95)
"""Quantiles of the resamples that an interval runs between: it holds 90 % of them."""
DIGITS = 12
"""Digits of an interval's ends; more is rounding."""


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
