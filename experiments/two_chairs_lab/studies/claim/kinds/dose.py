"""The test of a dose: what would a parameter have to be for something to happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Flags
from two_chairs.errors import InputError, Problem
from two_chairs.parameters import PARAMETERS
from two_chairs.vocabulary import Text
from two_chairs_lab.render.names import input_label, input_name
from two_chairs_lab.render.numbers import number
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Draws, draw
from two_chairs_lab.studies.claim.answer import Lines, Tested, band, share
from two_chairs_lab.studies.claim.space import at_levels, parameter_of
from two_chairs_lab.studies.discover.condition import check_condition, read_condition

from .kind import ClaimTest

if TYPE_CHECKING:
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.space import Space, Values


class Dose(ClaimTest):
    """That a parameter's size keeps something from happening which a smaller one lets happen."""

    kind: Literal["dose"]
    parameter: Text
    claimed: float
    levels: Annotated[tuple[float, ...], Field(min_length=2)]
    where: Text
    beside: tuple[Text, ...] = ()
    also: tuple[Text, ...] = ()

    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""
        found: list[Problem] = []
        named = [("parameter", self.parameter), *(("also", name) for name in self.also)]
        for key, name in named:
            try:
                low, high = PARAMETERS[parameter_of(space, f"test.{key}", name)].bounds
            except InputError as error:
                found += error.problems
                continue
            outside = [level for level in self.tried if not low <= level <= high]
            if outside:
                text = f"{outside[0]:g} lies outside the bounds of '{name}', {low:g} to {high:g}"
                found.append(Problem(space.source.where("test.levels"), f"{text}; change it"))
        for key, text in (("where", self.where), *(("beside", f"{n} > 0") for n in self.beside)):
            try:
                check_condition(read_condition(text), space.scenario)
            except InputError as error:
                where = space.source.where(f"test.{key}")
                found += [Problem(where, problem.message) for problem in error.problems]
        return found

    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs: the space at each level of each parameter."""
        return space.sweep.worlds * len(self.tried) * (1 + len(self.also))

    @property
    def tried(self) -> list[float]:
        """The levels tried, the claimed one among them, in order."""
        return sorted({*self.levels, self.claimed})

    def run(self, space: Space, runner: Runner) -> Tested:
        """Give the parameter each level at every point, with the same luck, and look."""
        condition = read_condition(self.where)
        names = [parameter_of(space, "", name) for name in (self.parameter, *self.also)]
        outcome = condition.outcome
        values = {name: self._values(space, name, outcome, runner) for name in names}
        happens = {name: condition.holds(found[outcome]) for name, found in values.items()}
        first, claimed = happens[names[0]], self.tried.index(self.claimed)
        holds = ~first[claimed] & first[:claimed].any(axis=0)
        draws = draw(holds.astype(float), space.file.seed)
        tables = {
            "needed": self._needed(happens, draws),
            "levels": self._by_level(happens, values, draws),
        }
        drawings = {
            name: self._lines(name, happens[name], values[name], draws, marked=name == names[0])
            for name in names
        }
        meaning = (
            f"In such a world '{condition}' does not hold with {input_name(names[0])} = "
            f"{self.claimed:g}, and does with a smaller one: it is this size that keeps it from "
            "happening."
        )
        return Tested(holds, meaning, tables, drawings)

    def _values(self, space: Space, name: str, outcome: str, runner: Runner) -> Values:
        """Return outcomes at each level of a parameter, each (levels, points, replicates)."""
        design = at_levels(space.sweep.design, name, self.tried)
        outcomes = list(dict.fromkeys((outcome, *self.beside)))
        values = space.run([space.scenario], outcomes, runner, design)
        shape = len(self.tried), *space.sweep.shape[1:]
        return {key: found[0].reshape(shape) for key, found in values.items()}

    def _needed(self, happens: dict[str, Flags], draws: Draws) -> Table:
        """Return how the worlds part by what the parameter would have to be."""
        rows: list[tuple[Cell, ...]] = []
        claimed = self.tried.index(self.claimed)
        for name, found in happens.items():
            less, here = found[:claimed].any(axis=0), found[claimed]
            never = ~found.any(axis=0)
            parts = {
                f"happens at {number(self.claimed)}": here,
                "only with less": ~here & less,
                "only with more": ~here & ~less & ~never,
                "at no level": never,
            }
            needed = needed_level(found, self.tried, claimed)
            rows += [
                (part, input_name(name), share(flags, draws),
                 _middle(needed[flags]) if "less" in part else None)
                for part, flags in parts.items()
            ]  # fmt: skip
        columns = ("worlds in which it", "parameter", "share", "needed, median")
        title = f"What would have to be for {read_condition(self.where)}"
        return Table(title, columns, tuple(rows))

    def _by_level(
        self, happens: dict[str, Flags], values: dict[str, Values], draws: Draws
    ) -> Table:
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                input_name(name), level, share(happens[name][index], draws),
                *(float(found[each][index].mean()) for each in self.beside),
            )
            for name, found in values.items()
            for index, level in enumerate(self.tried)
        )  # fmt: skip
        columns = ("parameter", "level", str(read_condition(self.where)), *self.beside)
        return Table("Level by level", columns, rows)

    def _lines(
        self, name: str, happens: Flags, values: Values, draws: Draws, *, marked: bool
    ) -> Lines:
        condition = str(read_condition(self.where))
        curves = {condition: happens} | {each: values[each] for each in self.beside}
        return Lines(
            f"{condition} by {input_name(name)}", input_label(name), "share of worlds", self.tried,
            {key: band([share(level, draws) for level in curve]) for key, curve in curves.items()},
            {"claimed": self.claimed} if marked else {},
        )  # fmt: skip


def needed_level(happens: Flags, levels: Sequence[float], claimed: int) -> Array:
    """Return the largest level below the claimed one at which it happens; NaN if at none.

    Parameters
    ----------
    happens
        Shape (levels, …), the levels in rising order.
    levels, claimed
        The levels, and the number of the claimed one.
    """
    below = np.asarray(levels[:claimed]).reshape(-1, *[1] * (happens.ndim - 1))
    reached = np.where(happens[:claimed], below, -np.inf).max(axis=0, initial=-np.inf)
    return np.where(np.isfinite(reached), reached, np.nan)


def _middle(values: Array) -> float | None:
    return float(np.median(values)) if values.size else None
