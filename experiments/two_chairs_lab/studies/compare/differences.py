"""Differences of paired worlds: one outcome with and without a change, the luck being the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from two_chairs.axes import Array
from two_chairs.outcomes import is_yes_no
from two_chairs.vocabulary import Day
from two_chairs_lab.statistics.monte_carlo import median_error, paired_share_error
from two_chairs_lab.statistics.summaries import quantiles, share_interval
from two_chairs_lab.studies.run.study import DIGITS

Kind = Literal["index", "share"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One outcome in two ensembles of the same luck, and their difference world by world.

    Attributes
    ----------
    outcome, day
        What is compared, and when.
    kind
        ``index``: a number in each world; ``share``: something that is so or not.
    reference, other
        Median over worlds of an index, share of worlds of a share, in both ensembles.
    value
        Median of the differences, other less reference; for a share the difference of shares.
    low, high
        Of an index the 5th and 95th percentile of the differences over worlds; of a share the
        90 % interval of the difference of shares, from the worlds that differ (`share_interval`).
    above, below
        Share of worlds in which the difference is above, and below, zero.
    error
        Half of the 95 % interval of the value: its Monte-Carlo error (`statistics.monte_carlo`),
        of a difference of shares the errors of what is gained and of what is lost together;
        NaN of a single world.
    """

    outcome: str
    day: Day
    kind: Kind
    reference: float
    other: float
    value: float
    low: float
    high: float
    above: float
    below: float
    error: float

    def record(self) -> dict[str, Any]:
        """Return the difference as plain data, rounded."""
        numbers = ("reference", "other", "value", "low", "high", "above", "below")
        rounded = {name: round(getattr(self, name), DIGITS) + 0.0 for name in numbers}
        error = None if np.isnan(self.error) else round(self.error, DIGITS)
        return {"kind": self.kind, **rounded, "error": error}


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change of a scenario makes: the outcome with the change less that without it."""

    words: str
    """What is changed."""
    difference: Difference


def difference(outcome: str, day: Day, reference: Array, other: Array) -> Difference:
    """Compare an outcome of paired worlds, both of shape (worlds,): other less reference."""
    paired = other - reference
    above, below = float(np.mean(paired > 0.0)), float(np.mean(paired < 0.0))
    kind = kind_of(outcome)
    if kind == "share":
        here, there = float(np.mean(reference)), float(np.mean(other))
        value, (low, high) = there - here, share_interval(paired)
        error = float(paired_share_error(paired))
    else:
        here, there = float(np.median(reference)), float(np.median(other))
        low, value, high = map(float, quantiles(paired))
        error = float(median_error(paired))
    return Difference(outcome, day, kind, here, there, value, low, high, above, below, error)


def kind_of(outcome: str) -> Kind:
    """Say whether an outcome is a number in each world, or is so or not."""
    return "share" if is_yes_no(outcome) else "index"
