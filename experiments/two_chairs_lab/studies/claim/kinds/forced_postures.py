"""The test of forced postures: whether one posture is no better than the best of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Counts, Flags, Patron, Posture
from two_chairs.errors import Problem
from two_chairs.vocabulary import Day, Frozen, Text
from two_chairs_lab.designs.design import axis_of
from two_chairs_lab.render.names import input_name
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Draws, draw, mean, ratio
from two_chairs_lab.studies.claim.answer import (
    Dots,
    Drawing,
    Heat,
    Simplex,
    Tested,
    share,
    spread,
)
from two_chairs_lab.studies.claim.space import (
    day_problems,
    every,
    forced,
    member_problems,
    named,
    order_problems,
    outcome_problems,
)

from .kind import ClaimTest

if TYPE_CHECKING:
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.space import Space, Values

QUARTER = 13
"""Weeks between the readings of a payoff, which is their mean."""
STEP = 20
"""Steps from corner to corner of the simplex of weights."""
BINS = 5
"""Cells of the map along each input."""
TIE = 1e-12
"""Difference below which two payoffs are the same."""


class Payoff(Frozen):
    """What a posture pays an actor: an outcome of the model, or its opposite."""

    id: Text
    of: Patron | Literal["pivot"]
    outcome: Text
    sign: Literal[1, -1] = 1

    @property
    def label(self) -> str:
        """Its id, with a minus where it is the opposite."""
        return f"−{self.id}" if self.sign < 0 else self.id


class Readings(Frozen):
    """What the source calls the readings of its claim, and what is wrong with the last.

    Attributes
    ----------
    each, weighted, history
        Names of the readings on every payoff of the pivot, on all of them weighted, and before
        and after as history ran.
    bias
        Why nothing follows from history.
    """

    each: Text | None = None
    weighted: Text | None = None
    history: Text | None = None
    bias: Text | None = None


class ForcedPostures(ClaimTest):
    """That one posture is no better than the best of others, all forced from the same date."""

    kind: Literal["forced-postures"]
    tested: Posture
    against: Annotated[tuple[Posture, ...], Field(min_length=1)]
    since: Day
    until: Day
    before: Day
    after: Day
    map: tuple[Text, Text]
    payoffs: Annotated[tuple[Payoff, ...], Field(min_length=1)]
    readings: Readings = Readings()

    @property
    def mine(self) -> list[int]:
        """Numbers of the pivot's payoffs."""
        return [n for n, payoff in enumerate(self.payoffs) if payoff.of == "pivot"]

    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""
        found = day_problems(
            space,
            {f"test.{key}": getattr(self, key) for key in ("since", "until", "before", "after")},
        )
        found += order_problems(space, ("test.since", self.since), ("test.until", self.until))
        found += order_problems(space, ("test.before", self.before), ("test.after", self.after))
        if self.after > self.since:
            text = f"{self.after} lies after the postures are forced, {self.since}; change one"
            found.append(Problem(space.source.where("test.after"), text))
        if self.tested in self.against:
            text = f"'{self.tested}' is the posture tested; name only the others"
            found.append(Problem(space.source.where("test.against"), text))
        for payoff in self.payoffs:
            found += outcome_problems(space, f"test.payoffs[{payoff.id}].outcome", payoff.outcome)
        inputs = list(space.sweep.design.values())
        for name in self.map:
            found += member_problems(space, "test.map", name, inputs)
        if not self.mine:
            text = 'none is the pivot\'s; give at least one with of = "pivot"'
            found.append(Problem(space.source.where("test.payoffs"), text))
        return found

    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs: the space under each posture."""
        return space.sweep.worlds * (1 + len(self.against))

    def run(self, space: Space, runner: Runner) -> Tested:
        """Force each posture from the same date with the same luck, and compare what it pays."""
        postures = (self.tested, *self.against)
        variants = [forced(space.scenario, posture, self.since) for posture in postures]
        days = every(self.since, self.until, QUARTER)[1:]
        outcomes = [named(p.outcome, day) for p in self.payoffs for day in days]
        outcomes += [named(p.outcome, d) for p in self.payoffs for d in (self.before, self.after)]
        values = space.run(variants, list(dict.fromkeys(outcomes)), runner)
        pays = np.stack([p.sign * _mean(values, p.outcome, days) for p in self.payoffs])
        holds = np.asarray(no_better(pays[self.mine]).all(axis=0))
        draws = draw(holds.astype(float), space.file.seed)
        weights, by_weight, agreeing = composites(pays[self.mine])
        tables = {
            "verdicts": self._verdicts(pays, agreeing, draws),
            "payoffs": self._payoffs(pays, draws),
            "before-after": self._before_after(values),
            "map": self._map(space, holds, draws),
        }
        drawings: dict[str, Drawing] = {
            "payoffs": self._dots(pays),
            "map": self._heat(space, tables["map"]),
        }
        if len(self.mine) == 3:
            drawings["weights"] = self._simplex(weights, by_weight)
        return Tested(holds, self._meaning(), tables, drawings)

    def _meaning(self) -> str:
        name = f" ({self.readings.each})" if self.readings.each else ""
        return (
            f"In such a world {self.tested}, forced from {self.since} with the same luck, pays the "
            f"pivot no more than the better of {' or '.join(self.against)} in every one of "
            f"{', '.join(self.payoffs[n].id for n in self.mine)}, as means from then to "
            f"{self.until}{name}."
        )

    def _verdicts(self, pays: Array, agreeing: Array, draws: Draws) -> Table:
        """Return the readings of the claim beside one another."""
        each, weighted = self.readings.each, self.readings.weighted
        every_world, expected = no_better(pays), no_better(pays.mean(axis=-1, keepdims=True))
        equal = no_better(pays[self.mine].mean(axis=0)[np.newaxis])[0]
        readings = {
            _titled(each, "on every dimension of the pivot, world by world"):
                every_world[self.mine].all(axis=0),
            _titled(each, "the same, means over luck at each point"):
                expected[self.mine].all(axis=0),
            _titled(weighted, "share of the simplex of weights that says so"): agreeing,
            _titled(weighted, "at equal weights"): equal,
            "nobody gains: on every payoff, the poles' too": every_world.all(axis=0),
        }  # fmt: skip
        replicates = draws.replicates.shape[1]
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (label, mean(np.broadcast_to(holds.astype(float), (len(holds), replicates)), draws))
            for label, holds in readings.items()
        )
        return Table(f"{self.tested} is no better: readings", ("reading", "share"), rows)

    def _payoffs(self, pays: Array, draws: Draws) -> Table:
        """Return what each posture pays whom: medians, and where the one tested is no better."""
        holds = no_better(pays)
        columns = ("payoff", "of", self.tested, *self.against, f"{self.tested} no better in")
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                payoff.label, payoff.of, *(float(np.median(each)) for each in pays[n]),
                share(holds[n], draws),
            )
            for n, payoff in enumerate(self.payoffs)
        )  # fmt: skip
        return Table("Who gains what: medians over the space, and shares", columns, rows)

    def _before_after(self, values: Values) -> Table:
        """Return the payoffs before and after, as history ran; biased, and so nothing follows."""
        rows: list[tuple[Cell, ...]] = []
        for payoff in self.payoffs:
            before, after = (
                payoff.sign * values[named(payoff.outcome, day)][0]
                for day in (self.before, self.after)
            )
            middles = float(np.median(before)), float(np.median(after))
            rows.append((payoff.label, payoff.of, *middles, spread(after - before)))
        bias = f"; {self.readings.bias}" if self.readings.bias else ""
        title = _titled(
            self.readings.history, f"before and after, as it was{bias}: concludes nothing"
        )
        columns = ("payoff", "of", f"{self.before}", f"{self.after}", "change")
        return Table(title, columns, tuple(rows))

    def _map(self, space: Space, holds: Flags, draws: Draws) -> Table:
        x, y = (_edges(space, name) for name in self.map)
        column, row = (_bins(space, name) for name in self.map)
        rows: list[tuple[Cell, ...]] = []
        for r in range(BINS):
            for c in range(BINS):
                chosen = ((row == r) & (column == c)).astype(float)
                ends = [float(edge) for edge in (x[c], x[c + 1], y[r], y[r + 1])]
                worlds = int(chosen.sum()) * holds.shape[1]
                rows.append((*ends, ratio(holds.astype(float), chosen, draws), worlds))
        one, two = (input_name(name) for name in self.map)
        columns = (f"{one} from", f"{one} to", f"{two} from", f"{two} to", "share", "worlds")
        name = self.readings.each or "Share of worlds"
        title = f"{name} over two inputs, all others anywhere in their ranges"
        return Table(title, columns, tuple(rows))

    def _heat(self, space: Space, table: Table) -> Heat:
        x, y = (_edges(space, name) for name in self.map)
        shares = np.array([row["share"] for row in table.records()], dtype=float)
        title = f"share of worlds in which {self.tested} is no better"
        return Heat(_titled(self.readings.each, title), *self.map, x, y, shares.reshape(BINS, BINS))

    def _dots(self, pays: Array) -> Dots:
        rows = [
            (f"{payoff.label} ({payoff.of})", f"{self.tested} less {other}",
             spread(pays[n, 0] - pays[n, k]))
            for n, payoff in enumerate(self.payoffs)
            for k, other in enumerate(self.against, start=1)
        ]  # fmt: skip
        title = f"What {self.tested} pays beyond the others, same luck"
        return Dots(title, "difference of payoffs: median, 5–95 % of worlds", rows)

    def _simplex(self, weights: Array, shares: Array) -> Simplex:
        title = f"share of worlds in which {self.tested} is no better, by the weights"
        corners = [self.payoffs[n].id for n in self.mine]
        return Simplex(_titled(self.readings.weighted, title), corners, weights, shares)


def _titled(name: str | None, text: str) -> str:
    """Return a text with the name that the source has for it before it, if it has one."""
    return text if name is None else f"{name}: {text}"


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


def _mean(values: Values, outcome: str, days: Sequence[Day]) -> Array:
    """Return the mean of an outcome over some days, shape (variants, points, replicates)."""
    return np.asarray(np.mean([values[named(outcome, day)] for day in days], axis=0))


def _edges(space: Space, name: str) -> Array:
    axis = axis_of(name, None, None, None, space.scenario)[0]
    given = {each.name: each for each in space.sweep.design.axes}.get(name, axis)
    return np.linspace(given.low, given.high, BINS + 1)


def _bins(space: Space, name: str) -> Counts:
    """Return the column or row of the map that each point lies in."""
    values = space.sweep.design.values()[name]
    return np.clip(np.searchsorted(_edges(space, name), values, side="right") - 1, 0, BINS - 1)
