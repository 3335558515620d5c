"""The test of steps: what each one and all of them move, against the same luck without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import Problem
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.resampling import draw, mean
from two_chairs_lab.studies.claim.answer import Dots, Tested, cells, spread
from two_chairs_lab.studies.claim.files import Direction, Steps
from two_chairs_lab.studies.claim.space import (
    Progress,
    Space,
    day_problems,
    event_problems,
    named,
    outcome_problems,
)

ALL = "all together"
LEAST = 0.001
"""Difference below which an outcome has not moved; assumption."""


def problems(space: Space, test: Steps) -> list[Problem]:
    """Return what keeps the test from being run."""
    found = day_problems(space, {"test.at": test.at})
    found += event_problems(space, "test.steps", test.steps)
    if found:
        return found
    for outcome in test.expected:
        found += outcome_problems(space, f'test.expected."{outcome}"', outcome)
    for name, (first, last) in dated(space, test).items():
        key = f"test.steps.{name}"
        found += day_problems(space, {key: last})
        if first < space.scenario.start:
            text = "begins in the first week of the run, so there is no week before; drop it"
            found.append(Problem(space.source.place(key), text))
        if monday(test.at) < last - timedelta(weeks=test.weeks):
            text = f"begins after {test.at}, when all are told together; drop it"
            found.append(Problem(space.source.place(key), text))
    return found


def dated(space: Space, test: Steps) -> dict[str, tuple[Day, Day]]:
    """Return the Monday before each step, and that some weeks after it."""
    days = {event.id: monday(event.date) for event in space.scenario.events}
    return {
        name: (
            min(days[event] for event in events) - timedelta(weeks=1),
            max(days[event] for event in events) + timedelta(weeks=test.weeks),
        )
        for name, events in test.steps.items()
    }


def run(space: Space, test: Steps, progress: Progress) -> Tested:
    """Leave out each step, and all of them, and compare with the run that has them."""
    spans = dated(space, test)
    every = [event for events in test.steps.values() for event in events]
    variants = [space.scenario, space.scenario.without(*every)]
    variants += [space.scenario.without(*events) for events in test.steps.values()]
    days = sorted({monday(test.at), *(day for span in spans.values() for day in span)})
    outcomes = [named(outcome, day) for outcome in test.expected for day in days]
    values = space.run(variants, outcomes, progress)
    together = {
        outcome: values[named(outcome, test.at)][0] - values[named(outcome, test.at)][1]
        for outcome in test.expected
    }
    signs = [as_expected(together[o], direction) for o, direction in test.expected.items()]
    holds = np.all(signs, axis=0)
    draws = draw(holds.astype(float), space.file.seed)
    rows: list[tuple[str | float | None, ...]] = []
    dots = []
    for place, (name, (before, after)) in enumerate(spans.items(), start=2):
        for outcome, direction in test.expected.items():
            now = values[named(outcome, after)]
            moved = now[0] - now[place]
            raw = now[0] - values[named(outcome, before)][0]
            share = mean(as_expected(moved, direction).astype(float), draws)
            rows.append((name, outcome, str(after), float(np.median(raw)),
                         *cells(spread(moved)), *cells(share)))  # fmt: skip
            dots.append((name, outcome, spread(moved)))
    for outcome, direction in test.expected.items():
        share = mean(as_expected(together[outcome], direction).astype(float), draws)
        rows.append((ALL, outcome, str(monday(test.at)), None,
                     *cells(spread(together[outcome])), *cells(share)))  # fmt: skip
        dots.append((ALL, outcome, spread(together[outcome])))
    columns = (
        "step", "outcome", "at", "before to after", "due to it", "p05", "p95", "as claimed in",
        "p05 ", "p95 ",
    )  # fmt: skip
    title = "What each step moves: as it went, and against the same luck without it"
    return Tested(
        holds,
        _meaning(test.expected, test.at),
        {"steps": Table(title, columns, tuple(rows))},
        {"steps": Dots("What each step moves, same luck with and without it",
                       "with it less without it: median, 5–95 % of worlds", dots)},
    )  # fmt: skip


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
