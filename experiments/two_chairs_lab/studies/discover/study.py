"""Scenario discovery: where in the space of inputs something happens, in boxes and in a tree.

The cases are the points of a sweep. A point's value is the share of its worlds in which the
condition holds, so luck is averaged out of the search and stays in the intervals. Half of the
points are searched; density and coverage are told for the other half, which the search never saw.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.errors import InputError
from two_chairs_lab.extras import needed
from two_chairs_lab.render.names import bounded
from two_chairs_lab.statistics import prim
from two_chairs_lab.statistics.drivers import Driver, drivers, screened
from two_chairs_lab.statistics.prim import Box, Measures, measure
from two_chairs_lab.statistics.resampling import (
    Estimate,
    coverage,
    draw,
    mean,
    ratio,
    share_between_points,
)
from two_chairs_lab.studies.sweep.study import CHUNK, Sweep, compute

LEAST_POINTS = 40
"""Points below which nothing is searched for: twenty in each half."""
LEAST_HITS = 20
"""Points that must hold a world in which the condition holds, and one in which it does not."""
SEARCHES = 20
"""Resamples of the searched half that say how surely a bound is found again."""
DEPTH = 3
"""Levels of the tree."""
LEAST_LEAF = 0.05
"""Share of the cases in a leaf of the tree at least."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The points of a sweep and in which of their worlds something holds.

    Attributes
    ----------
    names, x
        Inputs, and their values, shape (points, inputs).
    hits
        1 where it holds, else 0; shape (points, replicates).
    """

    names: tuple[str, ...]
    x: Array
    hits: Array

    @property
    def y(self) -> Array:
        """Share of each point's worlds in which it holds, shape (points,)."""
        return np.asarray(self.hits.mean(axis=1))


def cases_of(sweep: Sweep, hits: Array | Flags) -> Cases:
    """Return the cases of one scenario of a sweep; ``hits`` has shape (points, replicates)."""
    values = sweep.design.values()
    return Cases(tuple(values), np.stack(list(values.values()), axis=1), hits.astype(float))


def computed(
    sweep: Sweep, names: Sequence[str], progress: Callable[[int], None]
) -> dict[str, Array]:
    """Run a sweep in memory and return its outcomes, each (scenarios, points, replicates).

    Raises
    ------
    InputError
        If a world has a value that is not finite.
    """
    pieces = []
    for first in range(0, sweep.worlds, CHUNK):
        worlds = np.arange(first, min(first + CHUNK, sweep.worlds))
        pieces.append(compute(sweep, worlds))
        progress(len(worlds))
    failed = int(sum(piece["failed"].sum() for piece in pieces))
    if failed:
        text = f"{failed} worlds have values that are not finite; narrow the ranges"
        raise InputError.at("sweep", text)
    shape = len(sweep.scenarios), sweep.design.points, sweep.plan.replicates
    return {name: np.concatenate([p[name] for p in pieces]).reshape(shape) for name in names}


def check_cases(cases: Cases, place: str) -> None:
    """Refuse cases in which nothing can be found, and say what to change."""
    points = len(cases.x)
    if points < LEAST_POINTS:
        lead = f"{points} point" if points == 1 else f"{points} points"
        remedy = f"take at least {LEAST_POINTS} (--points, or a grid's levels)"
        raise InputError.at(place, f"{lead} can not show where it holds; {remedy}")
    for word, share in (("never", cases.y), ("always", 1.0 - cases.y)):
        some = int((share > 0.0).sum())
        if some == 0:
            remedy = "change its number, or widen the ranges"
            raise InputError.at(place, f"{word} holds in the {cases.hits.size:,} worlds; {remedy}")
        if some < LEAST_HITS:
            text = f"almost {word} holds: all but {some} of {points:,} points agree"
            raise InputError.at(place, f"{text}; change its number, or take more points")


@dataclass(frozen=True, slots=True)
class Bound:
    """One bounded input of a region, and how surely it matters.

    Attributes
    ----------
    input, low, high
        Name and bounds; infinite on the free side.
    smallest, largest
        Range of the input in the sweep.
    quasi_p
        Chance that luck alone makes the bound look as good, on the searched half.
    found_again
        Share of resampled searches that bound it again on the same side.
    without
        What the region would be without it, on the half held out.
    """

    input: str
    low: float
    high: float
    smallest: float
    largest: float
    quasi_p: float
    found_again: float
    without: Measures

    def __str__(self) -> str:
        """Return the bound as a reader says it, as in ``institution share χ at most 0.4``."""
        return bounded(self.input, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Region:
    """A box in which the condition holds more often, measured on both halves.

    Attributes
    ----------
    box, bounds
        The box, and its bounded inputs, the surest first.
    searched, held_out
        Measures on the half that was searched and on the other.
    density, coverage
        Those of the half held out, with intervals.
    """

    box: Box
    bounds: tuple[Bound, ...]
    searched: Measures
    held_out: Measures
    density: Estimate
    coverage: Estimate

    def __str__(self) -> str:
        """Return the bounds in one line."""
        return " and ".join(map(str, self.bounds))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the tree: its rule, mass, and the share on both halves."""

    rule: str
    mass: float
    searched: float
    held_out: float


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found.

    Attributes
    ----------
    share
        Share of the space, over points and luck, in which the condition holds.
    mostly
        Share of points in which it holds in more than half of the worlds.
    between_points
        Share of the variance that lies between points; the rest is luck and coding.
    screened
        Inputs that move the share by themselves; only these are peeled.
    drivers
        Those that explain most of it.
    regions
        Boxes, the first the best; each further one where the earlier do not reach.
    peeling
        Every box of the first search: bounded inputs, measures on both halves.
    leaves
        Leaves of the tree.
    """

    share: Estimate
    mostly: float
    between_points: float
    screened: tuple[str, ...]
    drivers: tuple[Driver, ...]
    regions: tuple[Region, ...]
    peeling: tuple[tuple[int, Measures, Measures], ...]
    leaves: tuple[Leaf, ...]


def halves(points: int, seed: int) -> tuple[Counts, Counts]:
    """Return the points that are searched and those held out, at random."""
    order = np.random.default_rng(np.random.SeedSequence((seed, points))).permutation(points)
    return np.sort(order[: points // 2]), np.sort(order[points // 2 :])


def find(x: Array, y: Array) -> tuple[list[Box], Box]:
    """Screen the inputs, then return the peeling trajectory and the box found on the rest."""
    columns = screened(x, y)
    if not columns:
        return [Box.free(x.shape[1])], Box.free(x.shape[1])
    boxes, box = prim.find_box(x[:, columns], y)
    return [_spread(each, columns, x.shape[1]) for each in boxes], _spread(box, columns, x.shape[1])


def _spread(box: Box, columns: Sequence[int], inputs: int) -> Box:
    wide = Box.free(inputs)
    wide.low[columns], wide.high[columns] = box.low, box.high
    return wide


def discover(cases: Cases, seed: int, *, boxes: int = 2, step: int | None = None) -> Discovery:
    """Find where the condition holds.

    Parameters
    ----------
    cases
        Checked cases (`check_cases`).
    seed
        Seed of the halves and the resamples.
    boxes
        Regions to look for at most.
    step
        Take this box of the peeling trajectory, counted from 0, instead of the one chosen.
    """
    y = cases.y
    draws = draw(cases.hits, seed)
    searched, held_out = halves(len(y), seed)
    trajectory, box = find(cases.x[searched], y[searched])
    if step is not None:
        box = _taken(trajectory, step)
    regions = _regions(cases, (searched, held_out), box, boxes, seed, asked=step is not None)
    columns = screened(cases.x[searched], y[searched])
    return Discovery(
        share=mean(cases.hits, draws),
        mostly=float((y > 0.5).mean()),
        between_points=share_between_points(cases.hits),
        screened=tuple(cases.names[column] for column in columns),
        drivers=tuple(drivers(cases.names, cases.x, y, draws)),
        regions=regions,
        peeling=tuple(
            (
                len(each.restricted()),
                measure(each.holds(cases.x[searched]), y[searched]),
                measure(each.holds(cases.x[held_out]), y[held_out]),
            )
            for each in trajectory
        ),
        leaves=_leaves(cases, searched, held_out),
    )


def _taken(trajectory: Sequence[Box], step: int) -> Box:
    if not 1 <= step < len(trajectory):
        text = f"there is no such box; choose one from 1 to {len(trajectory) - 1}"
        raise InputError.at(f"--box {step}", text)
    return trajectory[step]


def _regions(
    cases: Cases, split: tuple[Counts, Counts], box: Box, boxes: int, seed: int, *, asked: bool
) -> tuple[Region, ...]:
    """Measure the first box, and search for further ones where it does not reach.

    A box that is not denser than the whole space on the half held out is no region, unless it
    was asked for.
    """
    regions: list[Region] = []
    searched, held_out = split
    reached = np.zeros(len(cases.x), dtype=bool)
    while box.restricted():
        region = _region(cases, split, box, reached, seed)
        confirmed = region.density.low > cases.y[held_out].mean()
        if not (confirmed or (asked and not regions)):
            break
        regions.append(region)
        reached |= box.holds(cases.x)
        open_ = searched[~reached[searched]]
        if len(regions) == boxes or len(open_) < LEAST_POINTS // 2:
            break
        _, box = find(cases.x[open_], cases.y[open_])
    return tuple(regions)


def _region(
    cases: Cases, split: tuple[Counts, Counts], box: Box, reached: Flags, seed: int
) -> Region:
    searched, held_out = split
    inside = box.holds(cases.x) & ~reached
    y, hits = cases.y, cases.hits[held_out]
    draws = draw(hits, seed)
    chosen = inside[held_out].astype(float)
    return Region(
        box=box,
        bounds=_bounds(cases, split, box, reached, seed),
        searched=measure(inside[searched], y[searched]),
        held_out=measure(inside[held_out], y[held_out]),
        density=ratio(hits, chosen, draws),
        coverage=coverage(hits, chosen, draws),
    )


def _bounds(
    cases: Cases, split: tuple[Counts, Counts], box: Box, reached: Flags, seed: int
) -> tuple[Bound, ...]:
    searched = split[0][~reached[split[0]]]
    x, y = cases.x[searched], cases.y[searched]
    again = _found_again(box, x, y, seed)
    found = []
    for column in box.restricted():
        without = box.without(column).holds(cases.x[split[1]]) & ~reached[split[1]]
        values = cases.x[:, column]
        bound = Bound(
            cases.names[column], float(box.low[column]), float(box.high[column]),
            float(values.min()), float(values.max()), prim.quasi_p(box, column, x, y),
            again[column], measure(without, cases.y[split[1]]),
        )  # fmt: skip
        found.append(bound)
    return tuple(sorted(found, key=lambda bound: (-bound.found_again, bound.quasi_p)))


def _found_again(box: Box, x: Array, y: Array, seed: int) -> dict[int, float]:
    """Return the share of resampled searches that bound each input again on the same side."""
    generator = np.random.default_rng(np.random.SeedSequence((seed, len(y), 1)))
    again = dict.fromkeys(box.restricted(), 0.0)
    for _ in range(SEARCHES):
        rows = generator.integers(0, len(y), len(y))
        _, other = find(x[rows], y[rows])
        for column in again:
            again[column] += prim.same_side(box, other, column) / SEARCHES
    return again


def _leaves(cases: Cases, searched: Counts, held_out: Counts) -> tuple[Leaf, ...]:
    """Grow a classification tree on the searched half; read it on both."""
    grow = needed("sklearn.tree", "discover", "discover").DecisionTreeClassifier
    x, y = cases.x[searched], cases.y[searched]
    tree = grow(max_depth=DEPTH, min_weight_fraction_leaf=LEAST_LEAF, random_state=0)
    tree.fit(
        np.concatenate([x, x]),
        np.repeat([1, 0], len(y)),
        sample_weight=np.concatenate([y, 1.0 - y]),
    )
    places, other = tree.apply(x), tree.apply(cases.x[held_out])
    found = []
    for leaf, rule in _rules(tree.tree_, cases.names):
        here, there = places == leaf, other == leaf
        left_out = cases.y[held_out][there]
        found.append(
            Leaf(rule, float(here.mean()), float(y[here].mean()),
                 float(left_out.mean()) if there.any() else math.nan)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda leaf: -leaf.searched))


def _rules(tree: Any, names: Sequence[str]) -> list[tuple[int, str]]:
    """Return the leaves of a tree, each with the rule that leads there."""
    found: list[tuple[int, str]] = []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, bounds = waiting.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            rule = " and ".join(bounded(names[column], *ends) for column, ends in bounds.items())
            found.append((node, rule or "everywhere"))
            continue
        column, cut = int(tree.feature[node]), float(tree.threshold[node])
        low, high = bounds.get(column, (-math.inf, math.inf))
        waiting.append((left, bounds | {column: (low, min(high, cut))}))
        waiting.append((right, bounds | {column: (max(low, cut), high)}))
    return found
