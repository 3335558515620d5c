"""The test of what is said never to happen: how often a state is reached, and when."""

from __future__ import annotations

import re

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import InputError, Problem
from two_chairs.vocabulary import Day
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.resampling import draw, mean
from two_chairs_lab.studies.claim.answer import Lines, Tested, cells
from two_chairs_lab.studies.claim.files import Never
from two_chairs_lab.studies.claim.space import (
    Progress,
    Space,
    day_problems,
    every,
    member_problems,
    named,
    order_problems,
    outcome_problems,
)
from two_chairs_lab.studies.discover.condition import SIGNS, Where

SAMPLE = 4
"""Weeks between readings."""


def state(place: str, text: str) -> Where:
    """Read a state, a condition without a date; raises `InputError` with a remedy."""
    found = re.fullmatch(r"\s*(\S+)\s+([<>=]+)\s*(\S+)\s*", text)
    try:
        if found is None or found[2] not in SIGNS:
            raise ValueError
        return Where(found[1], found[2], float(found[3]))
    except ValueError:
        text = f"'{text}' is not NAME SIGN NUMBER; write one such as 'institution:ID <= 0'"
        raise InputError.at(place, text) from None


def problems(space: Space, test: Never) -> list[Problem]:
    """Return what keeps the test from being run."""
    found = day_problems(space, {"test.since": test.since, "test.until": test.until})
    found += order_problems(space, ("test.since", test.since), ("test.until", test.until))
    found += member_problems(space, "test.claimed", test.claimed, list(test.states))
    for name, text in test.states.items():
        key = f"test.states.{name}"
        try:
            found += outcome_problems(space, key, state(space.source.place(key), text).outcome)
        except InputError as error:
            found += error.problems
    return found


def run(space: Space, test: Never, progress: Progress) -> Tested:
    """Run the scenario and read every few weeks whether each state is reached."""
    days = every(test.since, test.until, SAMPLE)
    states = {name: state("", text) for name, text in test.states.items()}
    outcomes = [named(each.outcome, day) for each in states.values() for day in days]
    values = space.run([space.scenario], list(dict.fromkeys(outcomes)), progress)
    reached = {
        name: np.stack([each.holds(values[named(each.outcome, day)][0]) for day in days])
        for name, each in states.items()
    }
    holds = np.asarray(~reached[test.claimed].any(axis=0))
    draws = draw(holds.astype(float), space.file.seed)
    rows = tuple(
        (
            name, test.states[name], *cells(mean(flags.any(axis=0).astype(float), draws)),
            *first_dates(flags, days), float(flags[-1].mean()),
        )
        for name, flags in reached.items()
    )  # fmt: skip
    columns = (
        "state", "reached when", "ever in", "p05", "p95", "earliest 5%", "median date",
        "latest 5%", "at the end",
    )  # fmt: skip
    series = {
        name: np.stack(
            [
                np.array(cells(mean(so_far.astype(float), draws)))[[1, 0, 2]]
                for so_far in np.maximum.accumulate(flags, axis=0)
            ],
            axis=1,
        )
        for name, flags in reached.items()
    }
    title = f"How often, and when, from {days[0]} to {days[-1]}"
    meaning = (
        f"In such a world {test.claimed} ({test.states[test.claimed]}) is at no time reached "
        f"from {test.since} to {test.until}."
    )
    lines = Lines(
        "Share of worlds in which each state has been reached", "", "share of worlds", days, series
    )
    return Tested(holds, meaning, {"states": Table(title, columns, rows)}, {"when": lines})


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
    places = [int(np.floor(q * (len(first) - 1))) for q in (0.05, 0.5, 0.95)]
    low, middle, high = (str(days[int(first[place])]) for place in places)
    return low, middle, high
