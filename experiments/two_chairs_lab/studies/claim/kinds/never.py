"""The test of what is said never to happen: how often a state is reached, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import InputError, Problem
from two_chairs.vocabulary import Day, Text
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.resampling import Draws, draw
from two_chairs_lab.studies.claim.answer import Lines, Tested, band, share
from two_chairs_lab.studies.claim.space import (
    day_problems,
    every,
    member_problems,
    named,
    order_problems,
    outcome_problems,
)
from two_chairs_lab.studies.discover.condition import SIGNS, Condition

from .kind import ClaimTest

if TYPE_CHECKING:
    from two_chairs_lab.engine.runner import Runner
    from two_chairs_lab.studies.claim.space import Space

SAMPLE = 4
"""Weeks between readings."""


class Never(ClaimTest):
    """That a state is never reached between two dates."""

    kind: Literal["never"]
    claimed: Text
    since: Day
    until: Day
    states: dict[str, Text]

    def problems(self, space: Space) -> list[Problem]:
        """Return what keeps the test from being run."""
        found = day_problems(space, {"test.since": self.since, "test.until": self.until})
        found += order_problems(space, ("test.since", self.since), ("test.until", self.until))
        found += member_problems(space, "test.claimed", self.claimed, list(self.states))
        for name, text in self.states.items():
            key = f"test.states.{name}"
            try:
                found += outcome_problems(space, key, state(space.source.where(key), text).outcome)
            except InputError as error:
                found += error.problems
        return found

    def worlds(self, space: Space) -> int:
        """Return how many worlds the test runs: the space once."""
        return space.sweep.worlds

    def run(self, space: Space, runner: Runner) -> Tested:
        """Run the scenario and read every few weeks whether each state is reached."""
        days = every(self.since, self.until, SAMPLE)
        states = {name: state("", text) for name, text in self.states.items()}
        outcomes = [named(each.outcome, day) for each in states.values() for day in days]
        values = space.run([space.scenario], list(dict.fromkeys(outcomes)), runner)
        reached = {
            name: np.stack([each.holds(values[named(each.outcome, day)][0]) for day in days])
            for name, each in states.items()
        }
        holds = np.asarray(~reached[self.claimed].any(axis=0))
        draws = draw(holds.astype(float), space.file.seed)
        meaning = (
            f"In such a world {self.claimed} ({self.states[self.claimed]}) is at no time reached "
            f"from {self.since} to {self.until}."
        )
        tables = {"states": self._table(reached, days, draws)}
        return Tested(holds, meaning, tables, {"when": _lines(reached, days, draws)})

    def _table(self, reached: dict[str, Flags], days: list[Day], draws: Draws) -> Table:
        columns = (
            "state", "reached when", "ever in", "earliest 5%", "median date", "latest 5%",
            "at the end",
        )  # fmt: skip
        rows = tuple(
            (
                name, self.states[name], share(np.asarray(flags.any(axis=0)), draws),
                *first_dates(flags, days), float(flags[-1].mean()),
            )
            for name, flags in reached.items()
        )  # fmt: skip
        return Table(f"How often, and when, from {days[0]} to {days[-1]}", columns, rows)


def state(where: str, text: str) -> Condition:
    """Read a state, a condition without a date; raises `InputError` with a remedy."""
    found = re.fullmatch(r"\s*(\S+)\s+([<>=]+)\s*(\S+)\s*", text)
    try:
        if found is None or found[2] not in SIGNS:
            raise ValueError
        return Condition(found[1], found[2], float(found[3]))
    except ValueError:
        text = f"'{text}' is not NAME SIGN NUMBER; write one such as 'institution:ID <= 0'"
        raise InputError.at(where, text) from None


def _lines(reached: dict[str, Flags], days: list[Day], draws: Draws) -> Lines:
    series = {
        name: band([share(so_far, draws) for so_far in np.maximum.accumulate(flags, axis=0)])
        for name, flags in reached.items()
    }
    title = "Share of worlds in which each state has been reached"
    return Lines(title, "", "share of worlds", days, series)


def first_dates(reached: Flags, days: list[Day]) -> tuple[str | None, str | None, str | None]:
    """Return the 5th, 50th and 95th percentile of the first date, among worlds that reach it.

    Parameters
    ----------
    reached
        Shape (days, …).
    days
        Days of the readings.
    """
    ever = reached.any(axis=0)
    if not ever.any():
        return None, None, None
    first: Array = np.sort(np.argmax(reached, axis=0)[ever])
    ranks = [int(np.floor(q * (len(first) - 1))) for q in (0.05, 0.5, 0.95)]
    low, middle, high = (str(days[int(first[rank])]) for rank in ranks)
    return low, middle, high
