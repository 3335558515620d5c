"""The test of forced postures: whether one posture is no better than the best of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.errors import Problem
from two_chairs_lab.designs.design import axis_of
from two_chairs_lab.render.names import input_name
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Draws, draw, mean, ratio
from two_chairs_lab.studies.claim.answer import Dots, Drawing, Heat, Simplex, Tested, cells, spread
from two_chairs_lab.studies.claim.files import ForcedPostures, Payoff
from two_chairs_lab.studies.claim.space import (
    Progress,
    Space,
    Values,
    day_problems,
    every,
    forced,
    member_problems,
    named,
    order_problems,
    outcome_problems,
)

QUARTER = 13
"""Weeks between the readings of a payoff, which is their mean."""
STEP = 20
"""Steps from corner to corner of the simplex of weights."""
BINS = 5
"""Cells of the map along each input."""
TIE = 1e-12
"""Difference below which two payoffs are the same."""


def problems(space: Space, test: ForcedPostures) -> list[Problem]:
    """Return what keeps the test from being run."""
    found = day_problems(
        space,
        {f"test.{key}": getattr(test, key) for key in ("since", "until", "before", "after")},
    )
    found += order_problems(space, ("test.since", test.since), ("test.until", test.until))
    found += order_problems(space, ("test.before", test.before), ("test.after", test.after))
    if test.after > test.since:
        text = f"{test.after} lies after the postures are forced, {test.since}; change one"
        found.append(Problem(space.source.place("test.after"), text))
    if test.tested in test.against:
        text = f"'{test.tested}' is the posture tested; name only the others"
        found.append(Problem(space.source.place("test.against"), text))
    for payoff in test.payoffs:
        found += outcome_problems(space, f"test.payoffs[{payoff.id}].outcome", payoff.outcome)
    inputs = list(space.sweep.design.values())
    for name in test.map:
        found += member_problems(space, "test.map", name, inputs)
    if not any(payoff.of == "pivot" for payoff in test.payoffs):
        text = 'none is the pivot\'s; give at least one with of = "pivot"'
        found.append(Problem(space.source.place("test.payoffs"), text))
    return found


def run(space: Space, test: ForcedPostures, progress: Progress) -> Tested:
    """Force each posture from the same date with the same luck, and compare what it pays."""
    postures = (test.tested, *test.against)
    variants = [forced(space.scenario, posture, test.since) for posture in postures]
    days = every(test.since, test.until, QUARTER)[1:]
    outcomes = [named(payoff.outcome, day) for payoff in test.payoffs for day in days]
    outcomes += [named(p.outcome, d) for p in test.payoffs for d in (test.before, test.after)]
    values = space.run(variants, list(dict.fromkeys(outcomes)), progress)
    pays = np.stack(
        [
            payoff.sign * np.mean([values[named(payoff.outcome, day)] for day in days], axis=0)
            for payoff in test.payoffs
        ]
    )
    mine = [n for n, payoff in enumerate(test.payoffs) if payoff.of == "pivot"]
    holds = np.asarray(no_better(pays[mine]).all(axis=0))
    draws = draw(holds.astype(float), space.file.seed)
    weights, by_weight, agreeing = composites(pays[mine])
    tables = {
        "verdicts": _verdicts(pays, mine, agreeing, test.tested, draws),
        "payoffs": _payoffs(test, pays, draws),
        "before-after": _before_after(test, values),
        "map": _map_table(space, test, holds, draws),
    }
    others = " or ".join(test.against)
    drawings: dict[str, Drawing] = {
        "payoffs": _dots(test, pays),
        "map": _heat(space, test, tables["map"]),
    }
    if len(mine) == 3:
        corners = [test.payoffs[n].id for n in mine]
        title = f"Z2: share of worlds in which {test.tested} is no better, by the weights"
        drawings["weights"] = Simplex(title, corners, weights, by_weight)
    meaning = (
        f"In such a world {test.tested}, forced from {test.since} with the same luck, pays the "
        f"pivot no more than the better of {others} in every one of "
        f"{', '.join(test.payoffs[n].id for n in mine)}, as means from then to {test.until} (Z1)."
    )
    return Tested(holds, meaning, tables, drawings)


def no_better(pays: Array) -> Flags:
    """Say where the first posture pays no more than the best of the others.

    Parameters
    ----------
    pays
        Shape (payoffs, postures, …), the posture tested first.

    Returns
    -------
    Flags
        Shape (payoffs, …).
    """
    return np.asarray(pays[:, 0] <= pays[:, 1:].max(axis=1) + TIE)


def lattice(corners: int) -> Array:
    """Return weights that sum to one, on a regular lattice of the simplex: (points, corners)."""
    if corners == 1:
        return np.ones((1, 1))
    grids = np.stack(np.meshgrid(*[np.arange(STEP + 1)] * (corners - 1), indexing="ij"), axis=-1)
    firsts = grids.reshape(-1, corners - 1)
    firsts = firsts[firsts.sum(axis=1) <= STEP]
    return np.column_stack([firsts, STEP - firsts.sum(axis=1)]) / STEP


def composites(pays: Array) -> tuple[Array, Array, Array]:
    """Compare composites of the payoffs over the simplex of their weights.

    Returns
    -------
    tuple
        Weights (weights, payoffs); share of worlds in which the posture tested is no better, by
        weight (weights,); share of the weights at which it is so, by world (points, replicates).
    """
    weights = lattice(len(pays))
    shares, agreeing = [], np.zeros(pays.shape[2:])
    for each in weights:
        mixed = np.tensordot(each, pays, axes=1)
        holds = no_better(mixed[np.newaxis])[0]
        shares.append(holds.mean())
        agreeing += holds / len(weights)
    return weights, np.array(shares), agreeing


def _verdicts(
    pays: Array, mine: Sequence[int], agreeing: Array, tested: str, draws: Draws
) -> Table:
    """Return the readings of the claim beside one another."""
    every_world, expected = no_better(pays), no_better(pays.mean(axis=-1, keepdims=True))
    equal = no_better(pays[list(mine)].mean(axis=0)[np.newaxis])[0]
    readings = [
        (
            "Z1: on every dimension of the pivot, world by world",
            every_world[list(mine)].all(axis=0),
        ),
        ("Z1: the same, means over luck at each point", expected[list(mine)].all(axis=0)),
        ("Z2: share of the simplex of weights that says so", agreeing),
        ("Z2: at equal weights", equal),
        ("nobody gains: on every payoff, the poles' too", every_world.all(axis=0)),
    ]
    rows = []
    for label, holds in readings:
        values = np.broadcast_to(holds.astype(float), (holds.shape[0], draws.replicates.shape[1]))
        rows.append((label, *cells(mean(values, draws))))
    return Table(
        f"{tested} is no better: readings", ("reading", "share", "p05", "p95"), tuple(rows)
    )


def _payoffs(test: ForcedPostures, pays: Array, draws: Draws) -> Table:
    """Return what each posture pays whom: medians, and how often the one tested is no better."""
    postures = (test.tested, *test.against)
    holds = no_better(pays)
    columns = ("payoff", "of", *postures, f"{test.tested} no better in", "p05", "p95")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _label(payoff), payoff.of, *(float(np.median(each)) for each in pays[n]),
            *cells(mean(holds[n].astype(float), draws)),
        )
        for n, payoff in enumerate(test.payoffs)
    )  # fmt: skip
    return Table("Who gains what: medians over the space, and shares", columns, rows)


def _label(payoff: Payoff) -> str:
    return f"−{payoff.id}" if payoff.sign < 0 else payoff.id


def _before_after(test: ForcedPostures, values: Values) -> Table:
    """Return the payoffs before and after, as history ran; biased, and so nothing follows."""
    rows = []
    for payoff in test.payoffs:
        before, after = (
            payoff.sign * values[named(payoff.outcome, day)][0] for day in (test.before, test.after)
        )
        rows.append((_label(payoff), payoff.of, float(np.median(before)), float(np.median(after)),
                     *cells(spread(after - before))))  # fmt: skip
    title = (
        "Z3: before and after, as it was; hedging began when payoffs had fallen: concludes nothing"
    )
    columns = ("payoff", "of", f"{test.before}", f"{test.after}", "change", "p05", "p95")
    return Table(title, columns, tuple(rows))


def _edges(space: Space, name: str) -> Array:
    axis = axis_of(name, None, None, None, space.scenario)[0]
    given = {each.name: each for each in space.sweep.design.axes}.get(name, axis)
    return np.linspace(given.low, given.high, BINS + 1)


def _places(space: Space, test: ForcedPostures) -> tuple[Counts, Counts]:
    """Return the column and the row of the map that each point lies in."""
    inputs = space.sweep.design.values()
    column, row = (
        np.searchsorted(_edges(space, name), inputs[name], side="right") - 1 for name in test.map
    )
    return np.clip(column, 0, BINS - 1), np.clip(row, 0, BINS - 1)


def _map_table(space: Space, test: ForcedPostures, holds: Flags, draws: Draws) -> Table:
    x, y = (_edges(space, name) for name in test.map)
    column, row = _places(space, test)
    rows: list[tuple[Cell, ...]] = []
    for r in range(BINS):
        for c in range(BINS):
            chosen = ((row == r) & (column == c)).astype(float)
            share = ratio(holds.astype(float), chosen, draws)
            ends = [float(edge) for edge in (x[c], x[c + 1], y[r], y[r + 1])]
            rows.append((*ends, *cells(share), int(chosen.sum()) * holds.shape[1]))
    one, two = (input_name(name) for name in test.map)
    columns = (f"{one} from", "to", f"{two} from", "to ", "share", "p05", "p95", "worlds")
    title = "Z1 over two inputs, all others anywhere in their ranges"
    return Table(title, columns, tuple(rows))


def _heat(space: Space, test: ForcedPostures, table: Table) -> Heat:
    x, y = (_edges(space, name) for name in test.map)
    shares = np.array([row["share"] for row in table.records()], dtype=float)
    title = f"Z1: share of worlds in which {test.tested} is no better"
    return Heat(title, *test.map, x, y, shares.reshape(BINS, BINS))


def _dots(test: ForcedPostures, pays: Array) -> Dots:
    rows = [
        (f"{_label(payoff)} ({payoff.of})", f"{test.tested} less {other}",
         spread(pays[n, 0] - pays[n, k]))
        for n, payoff in enumerate(test.payoffs)
        for k, other in enumerate(test.against, start=1)
    ]  # fmt: skip
    title = f"What {test.tested} pays beyond the others, same luck"
    return Dots(title, "difference of payoffs: median, 5–95 % of worlds", rows)
