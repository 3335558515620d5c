"""The test of a dose: what would a parameter have to be for something to happen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import InputError, Problem
from two_chairs.parameters import PARAMETERS
from two_chairs_lab.render.names import input_label, input_name
from two_chairs_lab.render.numbers import number
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Draws, draw, mean
from two_chairs_lab.studies.claim.answer import Lines, Tested, cells
from two_chairs_lab.studies.claim.files import Dose
from two_chairs_lab.studies.claim.space import Progress, Space, at_levels, parameter_of
from two_chairs_lab.studies.discover.condition import Where, check_where, read_where


def problems(space: Space, test: Dose) -> list[Problem]:
    """Return what keeps the test from being run."""
    found: list[Problem] = []
    for key, name in [("test.parameter", test.parameter), *(("test.also", n) for n in test.also)]:
        try:
            low, high = PARAMETERS[parameter_of(space, key, name)].bounds
        except InputError as error:
            found += error.problems
            continue
        outside = [level for level in levels_of(test) if not low <= level <= high]
        if outside:
            text = f"{outside[0]:g} lies outside the bounds of '{name}', {low:g} to {high:g}"
            found.append(Problem(space.source.place("test.levels"), f"{text}; change it"))
    for key, text in [("where", test.where), *(("beside", f"{n} > 0") for n in test.beside)]:
        try:
            check_where(read_where(text), space.scenario)
        except InputError as error:
            place = space.source.place(f"test.{key}")
            found += [Problem(place, problem.message) for problem in error.problems]
    return found


def levels_of(test: Dose) -> list[float]:
    """Return the levels tried, the claimed one among them, in order."""
    return sorted({*test.levels, test.claimed})


def run(space: Space, test: Dose, progress: Progress) -> Tested:
    """Give the parameter each level at every point, with the same luck, and look what happens."""
    where, levels = read_where(test.where), levels_of(test)
    names = [parameter_of(space, "", name) for name in (test.parameter, *test.also)]
    shares = {
        name: _tried(space, name, levels, (where.outcome, *test.beside), progress) for name in names
    }
    hits = {name: where.holds(values[where.outcome]) for name, values in shares.items()}
    first = hits[names[0]]
    claimed = levels.index(test.claimed)
    holds = ~first[claimed] & first[:claimed].any(axis=0)
    draws = draw(holds.astype(float), space.file.seed)
    tables = {
        "needed": _needed(test, where, names, hits, levels, draws),
        "levels": _levels(test, where, shares, levels, draws),
    }
    drawings = {
        name: Lines(
            f"{where} by {input_name(name)}", input_label(name), "share of worlds", levels,
            {str(where): _curve(hits[name], draws)}
            | {each: _curve(shares[name][each], draws) for each in test.beside},
            {"claimed": test.claimed} if name == names[0] else {},
        )
        for name in names
    }  # fmt: skip
    meaning = (
        f"In such a world '{where}' does not hold with {input_name(names[0])} = {test.claimed:g}, "
        "and does with a smaller one: it is this size that keeps it from happening."
    )
    return Tested(holds, meaning, tables, drawings)


def _tried(
    space: Space, name: str, levels: Sequence[float], outcomes: Sequence[str], progress: Progress
) -> dict[str, Array]:
    """Return outcomes at each level of a parameter, shape (levels, points, replicates)."""
    design = at_levels(space.sweep.design, name, levels)
    values = space.run([space.scenario], list(dict.fromkeys(outcomes)), progress, design)
    shape = len(levels), space.sweep.design.points, space.sweep.plan.replicates
    return {outcome: found[0].reshape(shape) for outcome, found in values.items()}


def needed_level(hits: Flags, levels: Sequence[float], claimed: int) -> Array:
    """Return the largest level below the claimed one at which it happens; NaN if at none.

    Parameters
    ----------
    hits
        Shape (levels, …), the levels in rising order.
    levels, claimed
        The levels, and the place of the claimed one.
    """
    below = np.asarray(levels[:claimed]).reshape(-1, *[1] * (hits.ndim - 1))
    reached = np.where(hits[:claimed], below, -np.inf).max(axis=0, initial=-np.inf)
    return np.where(np.isfinite(reached), reached, np.nan)


def _needed(
    test: Dose,
    where: Where,
    names: Sequence[str],
    hits: dict[str, Flags],
    levels: Sequence[float],
    draws: Draws,
) -> Table:
    """Return how the worlds part by what the parameter would have to be."""
    rows: list[tuple[str | float | None, ...]] = []
    claimed = levels.index(test.claimed)
    for name in names:
        found = hits[name]
        less, here = found[:claimed].any(axis=0), found[claimed]
        never = ~found.any(axis=0)
        parts = {
            f"happens at {number(test.claimed)}": here,
            "only with less": ~here & less,
            "only with more": ~here & ~less & ~never,
            "at no level": never,
        }
        rows += [
            (part, input_name(name), *cells(mean(flags.astype(float), draws)),
             _middle(needed_level(found, levels, claimed)[flags]) if "less" in part else None)
            for part, flags in parts.items()
        ]  # fmt: skip
    columns = ("worlds in which it", "parameter", "share", "p05", "p95", "needed, median")
    return Table(f"What would have to be for {where}", columns, tuple(rows))


def _middle(values: Array) -> float | None:
    return float(np.median(values)) if values.size else None


def _levels(
    test: Dose,
    where: Where,
    shares: dict[str, dict[str, Array]],
    levels: Sequence[float],
    draws: Draws,
) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            input_name(name), level,
            *cells(mean(where.holds(values[where.outcome][place]).astype(float), draws)),
            *(float(values[each][place].mean()) for each in test.beside),
        )
        for name, values in shares.items()
        for place, level in enumerate(levels)
    )  # fmt: skip
    columns = ("parameter", "level", str(where), "p05", "p95", *test.beside)
    return Table("Level by level", columns, rows)


def _curve(values: Array | Flags, draws: Draws) -> Array:
    rows = [cells(mean(each.astype(float), draws)) for each in values]
    return np.array([(low, middle, high) for middle, low, high in rows]).T
