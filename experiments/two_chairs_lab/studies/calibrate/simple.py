"""Simple rules that predict a poll answer from earlier ones, without any model of the actors.

All work on the logit scale, question by question:

* *no change*: the answer before; it spreads as a random walk does by the mean yearly change of all
  answers seen, and by two polls' errors.
* *trend*: the straight line through the answers seen, spread alike.
* *random walk*: a level that drifts and wanders, a structural time series: its yearly drift is
  normal, the size of its steps half-normal, and both are integrated out.
* *cumulative attacks*: a line in the number of attacks recorded so far: a level and a slope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from two_chairs.axes import Array
from two_chairs_lab.statistics.scores import log_sum

from .observation import LinkPrior, expit

LEAST_APART = 1.0 / 12.0
"""Years that two answers of a question count as apart at least: polls of one month differ by their
errors, and no yearly change is to be made of that."""
STEP_SD, DRIFT_SD = 0.5, 0.25
"""Of a random walk: scale of the half-normal size of a year's step, and of a year's drift, logits;
assumptions."""
ATTACK_SD = 0.5
"""Of the slope on attacks: logits for each of them; assumption."""
STEPS = np.linspace(0.0, 3.0, 13)

Kernel = Callable[[Array, Array, float], Array]
"""Covariance of levels at two sets of points, (one, other), for a size of steps."""


def yearly_variance(by_question: Iterable[Sequence[tuple[float, float]]]) -> float:
    """Return the mean squared yearly change between answers that follow each other.

    Parameters
    ----------
    by_question
        Of every question (year, logit) of its answers, in order of time.
    """
    changes = [
        (b[1] - a[1]) ** 2 / max(b[0] - a[0], LEAST_APART)
        for answers in by_question
        for a, b in pairwise(answers)
    ]
    return float(np.mean(changes)) if changes else 0.0


def reference(years: Array, at: float) -> int:
    """Return which answer no change refers to: the last one before, else the first."""
    earlier = np.flatnonzero(years < at)
    return int(earlier[-1]) if len(earlier) else 0


def no_change(years: Array, logits: Array, at: float) -> tuple[float, float]:
    """Return the answer that no change expects, and its distance in years; (answers,) each."""
    last = reference(years, at)
    return float(logits[last]), abs(at - float(years[last]))


def trend(years: Array, logits: Array, at: float) -> tuple[float, float]:
    """Return what the line through all answers expects, and the years to the nearest of them."""
    if len(years) < 2:
        return no_change(years, logits, at)
    slope, level = np.polyfit(years - years[-1], logits, 1)
    middle = level + slope * (at - years[-1])
    return float(middle), float(np.min(np.abs(years - at)))


def spread(error: float, yearly: float, away: float) -> float:
    """Return the standard deviation of a simple prediction: two polls' errors, and the change."""
    return float(np.sqrt(2.0 * error**2 + yearly * away))


def walk_kernel(prior: LinkPrior) -> Kernel:
    """Return the kernel of a random walk with drift over years since the first answer."""

    def kernel(one: Array, other: Array, step: float) -> Array:
        drifted = DRIFT_SD**2 * np.outer(one, other)
        return prior.intercept_sd**2 + drifted + step**2 * np.minimum.outer(one, other)

    return kernel


def attacks_kernel(prior: LinkPrior) -> Kernel:
    """Return the kernel of a line in the attacks so far, each level with a discrepancy."""

    def kernel(one: Array, other: Array, step: float) -> Array:
        apart = step**2 * np.equal.outer(one, other) if one is other else 0.0
        return prior.intercept_sd**2 + ATTACK_SD**2 * np.outer(one, other) + apart

    return kernel


def conditioned(
    kernel: Kernel,
    x: Array,
    logits: Array,
    errors: Array,
    at: float,
    scale: float,
    draws: int,
    generator: np.random.Generator,
) -> Array:
    """Draw the level at a point, given answers: (draws,), the size of steps integrated out.

    Parameters
    ----------
    kernel
        Covariance of levels.
    x, logits, errors
        Where the answers stand, what they say, and their standard errors, (answers,).
    at
        Where the level is asked for.
    scale
        Of the half-normal prior of the size of steps.
    draws, generator
        How many, and the source of chance.
    """
    new, found = np.array([at]), []
    for step in STEPS * scale:
        inside = kernel(x, x, step) + np.diag(errors**2)
        across, own = kernel(new, x, step)[0], float(kernel(new, new, step)[0, 0])
        gain = np.linalg.solve(inside, across)
        size = float(np.linalg.slogdet(inside)[1])
        log_evidence = -0.5 * (logits @ np.linalg.solve(inside, logits) + size)
        found.append((log_evidence, gain @ logits, max(own - gain @ across, 0.0)))
    told, mean, variance = (np.array(column) for column in zip(*found, strict=True))
    prior = np.where(STEPS > 0.0, 1.0, 0.5) * np.exp(-0.5 * STEPS**2)
    chances = np.exp(told + np.log(prior) - log_sum(told + np.log(prior), 0))
    chosen = generator.choice(len(STEPS), draws, p=chances / chances.sum())
    return expit(mean[chosen] + np.sqrt(variance[chosen]) * generator.standard_normal(draws))
