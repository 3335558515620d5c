"""The test of the first break: which shock first pushes an outcome below a threshold."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Counts, Flags
from two_chairs.errors import Problem
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day, Text, monday
from two_chairs_lab.render.numbers import number
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Draws, draw
from two_chairs_lab.studies.claim.answer import Dots, Drawing, Lines, Tested, share, spread
from two_chairs_lab.studies.claim.space import (
    day_problems,
    event_problems,
    every,
    member_problems,
    named,
    outcome_problems,
)

from .kind import ClaimTest

if TYPE_CHECKING:
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.space import Space

SAMPLE = 4
"""Weeks between readings of the outcome, apart from the week of each shock and that before it."""
NEVER, BEFORE = -2, -1
"""Codes of a spell: the threshold is never passed, or passed before the first shock."""
WEEK = timedelta(weeks=1)


class FirstBreak(ClaimTest):
    """That one shock is the first to push an outcome below a threshold."""

    kind: Literal["first-break"]
    claimed: Text
    outcome: Text
    thresholds: Annotated[tuple[float, ...], Field(min_length=1)]
    until: Day
    shocks: dict[str, tuple[Text, ...]]

    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""
        found = [
            *day_problems(space, {"test.until": self.until}),
            *event_problems(space, "test.shocks", self.shocks),
            *outcome_problems(space, "test.outcome", self.outcome),
            *member_problems(space, "test.claimed", self.claimed, list(self.shocks)),
        ]
        begins = {} if found else self.begins(space.scenario)
        for name, day in begins.items():
            if day >= monday(self.until):
                text = f"begins on {day}, not before the end of the test, {self.until}; drop it"
                found.append(Problem(space.source.where(f"test.shocks.{name}"), text))
        return found

    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs: the space with all shocks, and without each."""
        return space.sweep.worlds * (1 + len(self.shocks))

    def begins(self, scenario: Scenario) -> dict[str, Day]:
        """Return the Monday on which each shock begins, in their order."""
        days = {event.id: monday(event.date) for event in scenario.events}
        first = {name: min(days[event] for event in events) for name, events in self.shocks.items()}
        return dict(sorted(first.items(), key=lambda entry: entry[1]))

    def run(self, space: Space, runner: Runner) -> Tested:
        """Drop each shock in turn, and read when the outcome first passes each threshold."""
        begins = self.begins(space.scenario)
        days = self._days(space.scenario, begins)
        without = [space.scenario.without(*self.shocks[name]) for name in begins]
        outcomes = [named(self.outcome, day) for day in days]
        values = space.run([space.scenario, *without], outcomes, runner)
        paths = np.stack([values[name] for name in outcomes])
        spells = {at: first_spell(paths[:, 0] < at, days, begins) for at in self.thresholds}
        claimed, level = list(begins).index(self.claimed), self.thresholds[0]
        missing = first_spell(paths[:, claimed + 1] < level, days, begins)
        holds = (spells[level] == claimed) & (missing != claimed)
        draws = draw(holds.astype(float), space.file.seed)
        tables = {
            "order": _order(spells, list(begins)),
            "effects": self._effects(paths, days, begins, draws),
        }
        meaning = (
            f"In such a world {self.outcome} passes below {level:g} for the first time between "
            f"{self.claimed} and the next shock, and does not without {self.claimed}."
        )
        return Tested(holds, meaning, tables, self._drawings(paths, days, begins))

    def _days(self, scenario: Scenario, begins: dict[str, Day]) -> list[Day]:
        """Return the Mondays on which the outcome is read."""
        start = max(scenario.start, next(iter(begins.values())) - 2 * SAMPLE * WEEK)
        around = (day for each in begins.values() for day in (each - WEEK, each))
        days = sorted({*every(start, self.until, SAMPLE), *around})
        return [day for day in days if day >= monday(scenario.start)]

    def _effects(
        self, paths: Array, days: list[Day], begins: dict[str, Day], draws: Draws
    ) -> Table:
        """Return what each shock does; ``paths`` is (days, variants, points, replicates)."""
        level, effects = self.thresholds[0], effects_of(paths)
        pulls = np.argmin(effects, axis=0)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                name, f"{day}",
                float(np.median(paths[days.index(day), 0] - paths[days.index(day), n + 1])),
                spread(effects[n]), share(pulls == n, draws),
                share(paths[-1, n + 1] < level, draws),
            )
            for n, (name, day) in enumerate(begins.items())
        )  # fmt: skip
        columns = (
            "shock", "begins", "that week", f"effect at {monday(self.until)}", "largest pull in",
            f"below {level:g} without it",
        )  # fmt: skip
        return Table(f"Each shock left out in turn, same luck: {self.outcome}", columns, rows)

    def _drawings(
        self, paths: Array, days: list[Day], begins: dict[str, Day]
    ) -> dict[str, Drawing]:
        def over_time(variant: int) -> Array:
            worlds = paths[:, variant].reshape(len(days), -1)
            return np.quantile(worlds, (0.05, 0.5, 0.95), axis=1)

        without = list(begins).index(self.claimed) + 1
        series = {"with all": over_time(0), f"without {self.claimed}": over_time(without)}
        levels = {f"{level:g}": level for level in self.thresholds}
        effects = zip(begins, effects_of(paths), strict=True)
        return {
            "paths": Lines(
                f"{self.outcome} with all shocks and without {self.claimed}", "", self.outcome,
                days, series, begins, levels,
            ),
            "effects": Dots(
                f"What each shock does to {self.outcome} by {monday(self.until)}",
                "with it less without it: median, 5–95 % of worlds",
                [(name, "effect", spread(values)) for name, values in effects],
            ),
        }  # fmt: skip


def effects_of(paths: Array) -> Array:
    """Return what each shock has done by the last day, (shocks, points, replicates).

    ``paths`` has shape (days, variants, points, replicates); the first variant has all shocks.
    """
    return paths[-1, 0] - paths[-1, 1:]


def first_spell(below: Flags, days: list[Day], begins: dict[str, Day]) -> Counts:
    """Return after which shock a threshold is first passed.

    Parameters
    ----------
    below
        Whether the outcome lies below the threshold, shape (days, …).
    days, begins
        Days of the readings, and on which each shock begins, both in order.

    Returns
    -------
    Counts
        Number of the latest shock that has begun by then, `BEFORE` or `NEVER`; shape (…).
    """
    starts = list(begins.values())
    spell = np.array([sum(start <= day for start in starts) - 1 for day in days])
    first = np.argmax(below, axis=0)
    return np.where(below.any(axis=0), spell[first], NEVER)


def _order(spells: dict[float, Counts], shocks: list[str]) -> Table:
    """Return the share of worlds in which each threshold is first passed after each shock."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"below {number(level)}",
            *(float((codes == code).mean()) for code in (BEFORE, *range(len(shocks)), NEVER)),
        )
        for level, codes in spells.items()
    )
    columns = ("first passed", "before all", *shocks, "never")
    return Table("Order: after which shock each threshold is first passed", columns, rows)
