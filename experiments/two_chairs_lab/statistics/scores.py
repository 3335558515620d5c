"""Weights of samples and scores of predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from two_chairs.axes import Array, Counts


def log_sum(values: Array, axis: int | Sequence[int]) -> Array:
    """Return log Σ exp of values along axes, without overflow."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    top = np.max(values, axis=axes, keepdims=True)
    return np.asarray(np.log(np.sum(np.exp(values - top), axis=axes)) + np.squeeze(top, axis=axes))


def normalised(log_weights: Array) -> Array:
    """Return weights that sum to one, shape (worlds,)."""
    return np.exp(log_weights - log_sum(log_weights, axis=0))


def effective_size(weights: Array) -> float:
    """Return Kish's effective sample size 1 / Σ w² of weights that sum to one."""
    return float(1.0 / np.sum(weights**2))


def resampled(weights: Array, number: int, generator: np.random.Generator) -> Counts:
    """Return indices of worlds drawn in proportion to their weights, systematically."""
    ticks = (np.arange(number) + generator.random()) / number
    return np.minimum(np.searchsorted(np.cumsum(weights), ticks), len(weights) - 1)


def crps(samples: Array, observed: float) -> float:
    """Return the continuous ranked probability score of a sample; smaller is better.

    E|X − y| − ½ E|X − X′|, which for a single number is its absolute error (Gneiting & Raftery
    2007 JASA 102).
    """
    ordered = np.sort(samples)
    number = len(ordered)
    ranks = 2.0 * np.arange(1, number + 1) - number - 1.0
    spread = float(np.sum(ranks * ordered)) / number**2
    return float(np.mean(np.abs(ordered - observed))) - spread


def brier_score(chances: Array, came: Array) -> float:
    """Return ½ Σ (p − o)² of the chances of some choices: 0 is perfect, 1 wholly wrong.

    Parameters
    ----------
    chances, came
        p, and what came or how well that is known, shape (choices,), each summing to one.

    Examples
    --------
    >>> round(brier_score(np.array([0.8, 0.2]), np.array([1.0, 0.0])), 6)
    0.04
    """
    return float(0.5 * np.sum((chances - came) ** 2))


def pinball(levels: Array, quantiles: Array, observed: float) -> Array:
    """Return the pinball loss of quantiles; smaller is better.

    (y − q) τ above a quantile q of level τ, (q − y)(1 − τ) below it (Koenker & Bassett 1978
    Econometrica 46).

    Parameters
    ----------
    levels, quantiles
        τ inside (0, 1) and the values predicted for them, shape (levels,).
    observed
        What came.

    Examples
    --------
    >>> pinball(np.array([0.5, 0.9]), np.array([10.0, 20.0]), 12.0).round(3).tolist()
    [1.0, 0.8]
    """
    above = observed - quantiles
    return np.maximum(levels * above, (levels - 1.0) * above)


def samples_of(
    levels: Array, quantiles: Array, ticks: Array, lowest: float, highest: float
) -> Array:
    """Return a sample whose distribution runs straight between quantiles.

    Beyond the outer ones it goes on at their slope as far as the whole chance, inside bounds.

    Parameters
    ----------
    levels, quantiles
        At least two levels inside (0, 1), rising, and their values.
    ticks
        Levels to sample at, inside (0, 1).
    lowest, highest
        Bounds of what can be.
    """
    first = quantiles[0] - levels[0] * (quantiles[1] - quantiles[0]) / (levels[1] - levels[0])
    last = quantiles[-1] + (1.0 - levels[-1]) * (quantiles[-1] - quantiles[-2]) / (
        levels[-1] - levels[-2]
    )
    whole = np.clip(np.concatenate([[first], quantiles, [last]]), lowest, highest)
    return np.interp(ticks, np.concatenate([[0.0], levels, [1.0]]), whole)


RELIABLE_K = 0.7
"""Pareto k from which weights say little of what they stand for (Vehtari et al. 2024 JMLR 25)."""


def pareto_k(log_weights: Array) -> float:
    """Return the shape k̂ of the tail of importance weights: from .7 up they can not be trusted.

    A generalised Pareto distribution is fitted to the largest min(n / 5, 3 √n) weights (Zhang &
    Stephens 2009 Technometrics 51), with the weak prior of Pareto smoothing (Vehtari et al.).

    Parameters
    ----------
    log_weights
        Shape (n,), n of 25 and more; any constant may be added.
    """
    number = len(log_weights)
    tail = int(np.ceil(min(0.2 * number, 3.0 * np.sqrt(number))))
    ordered = np.sort(log_weights - np.max(log_weights))
    over = np.exp(ordered[-tail:]) - np.exp(ordered[-tail - 1])
    return _shape_of_tail(over) if over[0] > 0.0 else float("-inf")


def _shape_of_tail(over: Array) -> float:
    """Return the shape of a generalised Pareto distribution of positive, rising numbers."""
    number = len(over)
    grid = 30 + int(np.sqrt(number))
    steps = 1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    b = steps / (3.0 * over[int(number / 4 + 0.5) - 1]) + 1.0 / over[-1]
    k = np.mean(np.log1p(-b[:, None] * over), axis=1)
    profile = number * (np.log(-(b / k)) - k - 1.0)
    weights = normalised(profile)
    found = float(np.mean(np.log1p(-np.sum(b * weights) * over)))
    return (number * found + 10.0 * 0.5) / (number + 10.0)
