"""The patient rule induction method (PRIM): boxes in which something happens more often.

Pure functions on tables. A *case* is a row of inputs with a value in [0, 1]: how much of it is of
interest. A box bounds some of the inputs; its *density* is the mean value inside, its *coverage*
the share of all value that lies inside, its *mass* the share of the cases. Peeling and pasting
follow Friedman & Fisher 1999 (Statistics and Computing 9); coverage, density and the question how
surely each bound matters follow Bryant & Lempert 2010 (Technological Forecasting and Social
Change 77).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from two_chairs.axes import Array, Flags

PEEL = 0.05
"""Share of a box's cases that one peel takes off; the method's usual patience, assumption."""
LEAST_MASS = 0.05
"""Share of all cases that a box keeps at least; assumption."""
LEAST_IN_BOX = 5
"""Cases that a box keeps at least, whatever their share."""
QUASI_P_MAX = 0.01
"""Quasi-p-value above which a bound is dropped again; strict, since many inputs are tried."""


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds on inputs, each of shape (inputs,); infinite where an input is free."""

    low: Array
    high: Array

    @staticmethod
    def free(inputs: int) -> Box:
        """Return the box that bounds nothing."""
        return Box(np.full(inputs, -np.inf), np.full(inputs, np.inf))

    def holds(self, x: Array) -> Flags:
        """Say which cases lie inside; ``x`` has shape (cases, inputs)."""
        return np.asarray(((x >= self.low) & (x <= self.high)).all(axis=1))

    def restricted(self) -> list[int]:
        """Return the inputs that are bounded."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def without(self, column: int) -> Box:
        """Return the box with one input free again."""
        return self.bounded(column, -np.inf, np.inf)

    def bounded(self, column: int, low: float, high: float) -> Box:
        """Return the box with other bounds on one input."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return replace(self, low=lows, high=highs)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a box holds of some cases; shares in [0, 1]. Without cases of interest: NaN."""

    mass: float
    density: float
    coverage: float

    @property
    def excess(self) -> float:
        """Coverage less mass: the cases of interest beyond what chance would put there."""
        return self.coverage - self.mass


def measure(inside: Flags, y: Array) -> Measures:
    """Measure a box by which cases lie inside and their values."""
    caught, total = float(y[inside].sum()), float(y.sum())
    number = int(inside.sum())
    return Measures(
        mass=number / len(y),
        density=caught / number if number else math.nan,
        coverage=caught / total if total > 0.0 else math.nan,
    )


def peel(x: Array, y: Array) -> list[Box]:
    """Peel from the free box inward until `LEAST_MASS` is left.

    Each peel takes about `PEEL` of the cases off one side of one input (a whole level where many
    cases share it): the one that raises the density most per case taken. Bounds lie halfway
    between the last case left out and the first one kept.

    Parameters
    ----------
    x, y
        Inputs (cases, inputs) and values (cases,) in [0, 1].

    Returns
    -------
    list of Box
        The trajectory, from the free box on; every box lies inside the one before it.
    """
    least = max(LEAST_IN_BOX, math.ceil(LEAST_MASS * len(y)))
    boxes = [Box.free(x.shape[1])]
    inside = np.arange(len(y))
    while (best := _best_peel(x[inside], y[inside], least)) is not None:
        column, low, high = best
        before = boxes[-1]
        bounds = max(low, before.low[column]), min(high, before.high[column])
        boxes.append(before.bounded(column, *bounds))
        inside = inside[boxes[-1].holds(x[inside])]
    return boxes


def _best_peel(x: Array, y: Array, least: int) -> tuple[int, float, float] | None:
    """Return the best peel as an input and the bounds it gets, or ``None`` if none is possible."""
    taken = max(1, math.floor(PEEL * len(y)))
    if len(y) - taken < least:
        return None
    order = np.sort(x, axis=0)
    lower, upper = _cut(order, taken), -_cut(-order[::-1], taken)
    below, above = _gains(x < lower, y, least), _gains(x > upper, y, least)
    first, last = int(np.argmax(below)), int(np.argmax(above))
    if max(below[first], above[last]) == -math.inf:
        return None
    if below[first] >= above[last]:
        return first, float(lower[first]), math.inf
    return last, -math.inf, float(upper[last])


def _cut(order: Array, taken: int) -> Array:
    """Return the lower bound that leaves out about ``taken`` of each sorted column's cases.

    Where the smallest value is shared by more cases, all of that level go.
    """
    smallest = order[0]
    kept = order[taken]
    shared = kept == smallest
    above = np.where(order > smallest, order, np.inf).min(axis=0)
    kept = np.where(shared, above, kept)
    out = np.where(order < kept, order, -np.inf).max(axis=0)
    return np.where(np.isfinite(kept) & np.isfinite(out), (kept + out) / 2.0, -np.inf)


def _gains(removed: Flags, y: Array, least: int) -> Array:
    """Return what each column's peel adds to the density, per case taken; −∞ where impossible."""
    number = removed.sum(axis=0)
    left = len(y) - number
    rest = y.sum() - y @ removed
    possible = (number > 0) & (left >= least)
    density = np.divide(rest, left, out=np.zeros(len(number)), where=left > 0)
    gain = (density - y.mean()) / np.maximum(number, 1)
    return np.where(possible, gain, -np.inf)


def choose(boxes: Sequence[Box], x: Array, y: Array) -> int:
    """Return the index of the box with the largest excess, coverage less mass."""
    return int(np.argmax([measure(box.holds(x), y).excess for box in boxes]))


def quasi_p(box: Box, column: int, x: Array, y: Array) -> float:
    """Return how likely chance alone makes a bound look as good as it does.

    One-sided z test that the cases which the bound of ``column`` keeps out are as dense as those
    in the box. It is a *quasi*-p-value: the bound was chosen on the same cases, so it flatters.
    """
    inside = box.holds(x)
    shell = box.without(column).holds(x) & ~inside
    if min(inside.sum(), shell.sum()) < 2:
        return 1.0
    spread = y[inside].var(ddof=1) / inside.sum() + y[shell].var(ddof=1) / shell.sum()
    difference = y[inside].mean() - y[shell].mean()
    if spread == 0.0:
        return 0.0 if difference > 0.0 else 1.0
    return 0.5 * math.erfc(difference / math.sqrt(2.0 * spread))


def pruned(box: Box, x: Array, y: Array) -> Box:
    """Drop, one after another, the bounded inputs whose quasi-p-value exceeds `QUASI_P_MAX`."""
    while box.restricted():
        doubts = {column: quasi_p(box, column, x, y) for column in box.restricted()}
        worst = max(doubts, key=lambda column: doubts[column])
        if doubts[worst] <= QUASI_P_MAX:
            break
        box = box.without(worst)
    return box


def paste(box: Box, x: Array, y: Array) -> Box:
    """Widen bounds again, about `PEEL` of the box's cases at a time, while the excess grows."""
    while True:
        here = measure(box.holds(x), y).excess
        wider = [other for column in box.restricted() for other in _wider(box, column, x)]
        gains = [measure(other.holds(x), y).excess - here for other in wider]
        if not gains or max(gains) <= 0.0:
            return box
        box = wider[int(np.argmax(gains))]


def _wider(box: Box, column: int, x: Array) -> list[Box]:
    """Return the box with each bound of an input moved outward by about `PEEL` of its cases."""
    reachable = x[box.without(column).holds(x), column]
    more = max(1, math.ceil(PEEL * int(box.holds(x).sum())))
    low, high = float(box.low[column]), float(box.high[column])
    found = []
    if math.isfinite(low):
        found.append(box.bounded(column, -_next(-reachable, -low, more), high))
    if math.isfinite(high):
        found.append(box.bounded(column, low, _next(reachable, high, more)))
    return found


def _next(values: Array, bound: float, more: int) -> float:
    """Return the bound that lets ``more`` further cases in, halfway to the next one outside."""
    outside = np.sort(values[values > bound])
    levels = np.unique(outside[more - 1 :]) if len(outside) >= more else np.empty(0)
    return float((levels[0] + levels[1]) / 2.0) if len(levels) > 1 else math.inf


def find_box(x: Array, y: Array) -> tuple[list[Box], Box]:
    """Return the peeling trajectory, and the box chosen from it, pruned and pasted."""
    boxes = peel(x, y)
    chosen = boxes[choose(boxes, x, y)]
    return boxes, paste(pruned(chosen, x, y), x, y)


def same_side(one: Box, other: Box, column: int) -> bool:
    """Say whether two boxes bound an input on the same side."""
    low = np.isfinite(one.low[column]) and np.isfinite(other.low[column])
    high = np.isfinite(one.high[column]) and np.isfinite(other.high[column])
    return bool(low or high)
