"""Scenario discovery: where in the space of inputs something happens, in boxes and in a tree.

The cases are the points of a sweep. A point's value is the share of its worlds in which the
condition holds, so luck is averaged out of the search and stays in the intervals. Half of the
points are searched; density and coverage are those of the other half, which the search never saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.errors import InputError
from two_chairs_lab.designs.design import Design
from two_chairs_lab.render.names import bounded
from two_chairs_lab.statistics import prim, tree
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
from two_chairs_lab.statistics.tree import Leaf

LEAST_POINTS = 40
"""Points below which nothing is searched for: twenty in each half."""
LEAST_DIFFERING = 20
"""Points that must hold a world in which the condition holds, and one in which it does not."""
SEARCHES = 20
"""Resamples of the searched half that say how surely a bound is found again."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The points of a sweep and in which of their worlds something holds.

    Attributes
    ----------
    names, x
        Inputs, and their values, shape (points, inputs).
    holds
        1 where it holds, else 0; shape (points, replicates).
    """

    names: tuple[str, ...]
    x: Array
    holds: Array

    @property
    def share(self) -> Array:
        """Share of each point's worlds in which it holds, shape (points,)."""
        return np.asarray(self.holds.mean(axis=1))


def cases_of(design: Design, holds: Array | Flags) -> Cases:
    """Return the points of a design as cases; ``holds`` has shape (points, replicates)."""
    values = design.values()
    return Cases(tuple(values), np.stack(list(values.values()), axis=1), holds.astype(float))


def check_cases(cases: Cases, where: str) -> None:
    """Refuse cases in which nothing can be found; raises `InputError` that says what to change."""
    points = len(cases.x)
    if points < LEAST_POINTS:
        lead = f"{points} point" if points == 1 else f"{points} points"
        remedy = f"take at least {LEAST_POINTS} (--points, or a grid's levels)"
        raise InputError.at(where, f"{lead} can not show where it holds; {remedy}")
    for word, share in (("never", cases.share), ("always", 1.0 - cases.share)):
        some = int((share > 0.0).sum())
        if some == 0:
            remedy = "change its number, or widen the ranges"
            raise InputError.at(where, f"{word} holds in the {cases.holds.size:,} worlds; {remedy}")
        if some < LEAST_DIFFERING:
            text = f"almost {word} holds: all but {some} of {points:,} points agree"
            raise InputError.at(where, f"{text}; change its number, or take more points")


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
        """Return the bound as a reader says it, as in ``institution share ≤ 0.4``."""
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
    names, leaves
        All inputs, and the leaves of the tree, whose bounds go by the order of the names.
    """

    share: Estimate
    mostly: float
    between_points: float
    screened: tuple[str, ...]
    drivers: tuple[Driver, ...]
    regions: tuple[Region, ...]
    peeling: tuple[tuple[int, Measures, Measures], ...]
    names: tuple[str, ...]
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

    Raises
    ------
    InputError
        If there is no such box, or SciPy or scikit-learn is not installed.
    """
    y = cases.share
    draws = draw(cases.holds, seed)
    searched, held_out = halves(len(y), seed)
    trajectory, box = find(cases.x[searched], y[searched])
    if step is not None:
        box = _taken(trajectory, step)
    regions = _regions(cases, (searched, held_out), box, boxes, seed, asked=step is not None)
    columns = screened(cases.x[searched], y[searched])
    return Discovery(
        share=mean(cases.holds, draws),
        mostly=float((y > 0.5).mean()),
        between_points=share_between_points(cases.holds),
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
        names=cases.names,
        leaves=tree.grow(cases.x[searched], y[searched], cases.x[held_out], y[held_out]),
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
        confirmed = region.density.low > cases.share[held_out].mean()
        if not (confirmed or (asked and not regions)):
            break
        regions.append(region)
        reached |= box.holds(cases.x)
        open_ = searched[~reached[searched]]
        if len(regions) == boxes or len(open_) < LEAST_POINTS // 2:
            break
        _, box = find(cases.x[open_], cases.share[open_])
    return tuple(regions)


def _region(
    cases: Cases, split: tuple[Counts, Counts], box: Box, reached: Flags, seed: int
) -> Region:
    searched, held_out = split
    inside = box.holds(cases.x) & ~reached
    y, holds = cases.share, cases.holds[held_out]
    draws = draw(holds, seed)
    chosen = inside[held_out].astype(float)
    return Region(
        box=box,
        bounds=_bounds(cases, split, box, reached, seed),
        searched=measure(inside[searched], y[searched]),
        held_out=measure(inside[held_out], y[held_out]),
        density=ratio(holds, chosen, draws),
        coverage=coverage(holds, chosen, draws),
    )


def _bounds(
    cases: Cases, split: tuple[Counts, Counts], box: Box, reached: Flags, seed: int
) -> tuple[Bound, ...]:
    searched = split[0][~reached[split[0]]]
    x, y = cases.x[searched], cases.share[searched]
    again = _found_again(box, x, y, seed)
    found = []
    for column in box.restricted():
        without = box.without(column).holds(cases.x[split[1]]) & ~reached[split[1]]
        values = cases.x[:, column]
        bound = Bound(
            cases.names[column], float(box.low[column]), float(box.high[column]),
            float(values.min()), float(values.max()), prim.quasi_p(box, column, x, y),
            again[column], measure(without, cases.share[split[1]]),
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
