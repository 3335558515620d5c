"""The test of steps: what each one and all of them move, against the same luck without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import Problem
from two_chairs.outcomes import is_yes_no
from two_chairs.vocabulary import Day, Text, Weeks, monday
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import draw
from two_chairs_lab.studies.claim.answer import Dots, Tested, moved_by, share
from two_chairs_lab.studies.claim.space import (
    day_problems,
    event_problems,
    named,
    outcome_problems,
)

from .kind import ClaimTest

if TYPE_CHECKING:
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.space import Space, Values

Direction = Literal["falls", "rises"]
ALL = "all together"
LEAST = 0.001
"""Difference below which an outcome has not moved; assumption."""
Moves = list[tuple[str, str, Day, float | None, Array]]
"""Step, outcome, day of the reading, median before to after, and what is due to the step."""


class Steps(ClaimTest):
    """That outcomes move as claimed with some steps, against the same luck without them."""

    kind: Literal["steps"]
    at: Day
    weeks: Weeks
    expected: dict[str, Direction]
    steps: dict[str, tuple[Text, ...]]

    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""
        found = day_problems(space, {"test.at": self.at})
        found += event_problems(space, "test.steps", self.steps)
        if found:
            return found
        for outcome in self.expected:
            found += outcome_problems(space, f'test.expected."{outcome}"', outcome)
        for name, (first, last) in self.spans(space).items():
            key = f"test.steps.{name}"
            found += day_problems(space, {key: last})
            if first < space.scenario.start:
                text = "begins in the first week of the run, so there is no week before; drop it"
                found.append(Problem(space.source.where(key), text))
            if monday(self.at) < last - timedelta(weeks=self.weeks):
                text = f"begins after {self.at}, when all are told together; drop it"
                found.append(Problem(space.source.where(key), text))
        return found

    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs: the space with all, with none, without each."""
        return space.sweep.worlds * (2 + len(self.steps))

    def spans(self, space: Space) -> dict[str, tuple[Day, Day]]:
        """Return the Monday before each step, and that some weeks after it."""
        days = {event.id: monday(event.date) for event in space.scenario.events}
        return {
            name: (
                min(days[event] for event in events) - timedelta(weeks=1),
                max(days[event] for event in events) + timedelta(weeks=self.weeks),
            )
            for name, events in self.steps.items()
        }

    def run(self, space: Space, runner: Runner) -> Tested:
        """Leave out each step, and all of them, and compare with the run that has them."""
        spans = self.spans(space)
        groups = [[event for events in self.steps.values() for event in events]]
        variants = [space.scenario.without(*g) for g in (*groups, *self.steps.values())]
        days = sorted({monday(self.at), *(day for span in spans.values() for day in span)})
        outcomes = [named(outcome, day) for outcome in self.expected for day in days]
        values = space.run([space.scenario, *variants], outcomes, runner)
        moves = self._moves(values, spans)
        together = moves[-len(self.expected) :]
        holds = np.all([self._agrees(outcome, moved) for _, outcome, _, _, moved in together], 0)
        draws = draw(holds.astype(float), space.file.seed)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                name, outcome, str(day), raw, moved_by(outcome, moved),
                share(self._agrees(outcome, moved), draws),
            )
            for name, outcome, day, raw, moved in moves
        )  # fmt: skip
        columns = ("step", "outcome", "at", "before to after", "due to it", "as claimed in")
        title = "What each step moves: as it went, and against the same luck without it"
        dots = [(name, outcome, moved_by(outcome, moved)) for name, outcome, _, _, moved in moves]
        drawing = Dots(
            "What each step moves, same luck with and without it",
            "with it less without it: median, 5–95 % of worlds",
            dots,
        )
        tables = {"steps": Table(title, columns, rows)}
        return Tested(holds, _meaning(self.expected, self.at), tables, {"steps": drawing})

    def _agrees(self, outcome: str, moved: Array) -> Flags:
        return as_expected(moved, self.expected[outcome])

    def _moves(self, values: Values, spans: dict[str, tuple[Day, Day]]) -> Moves:
        """Return what each step has moved some weeks after it, and at the end what all have."""
        moves: Moves = []
        for variant, (name, (before, after)) in enumerate(spans.items(), start=2):
            for outcome in self.expected:
                now, then = values[named(outcome, after)], values[named(outcome, before)]
                middle = np.mean if is_yes_no(outcome) else np.median
                raw = float(middle(now[0] - then[0]))
                moves.append((name, outcome, after, raw, now[0] - now[variant]))
        for outcome in self.expected:
            now = values[named(outcome, self.at)]
            moves.append((ALL, outcome, monday(self.at), None, now[0] - now[1]))
        return moves


def as_expected(moved: Array, direction: Direction) -> Flags:
    """Say where a difference has the direction claimed; one below `LEAST` has none."""
    return np.asarray(moved < -LEAST if direction == "falls" else moved > LEAST)


def _meaning(expected: dict[str, Direction], at: Day) -> str:
    lower = [outcome for outcome, direction in expected.items() if direction == "falls"]
    higher = [outcome for outcome, direction in expected.items() if direction == "rises"]
    parts = [f"{_listed(names)} {word}" for names, word in ((lower, "lower"), (higher, "higher"))
             if names]  # fmt: skip
    return f"In such a world, on {at} with all steps against none, {' and '.join(parts)}."


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
