"""The test of the first break: which shock first pushes an outcome below a threshold."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.errors import Problem
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.render.numbers import number
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import draw, mean
from two_chairs_lab.studies.claim.answer import Dots, Lines, Tested, cells, spread
from two_chairs_lab.studies.claim.files import FirstBreak
from two_chairs_lab.studies.claim.space import (
    Progress,
    Space,
    day_problems,
    event_problems,
    every,
    member_problems,
    named,
    outcome_problems,
)

SAMPLE = 4
"""Weeks between readings of the outcome, apart from the week of each shock and that before it."""
NEVER, BEFORE = -2, -1
"""Codes of a spell: the threshold is never passed, or passed before the first shock."""


def problems(space: Space, test: FirstBreak) -> list[Problem]:
    """Return what keeps the test from being run."""
    found = [
        *day_problems(space, {"test.until": test.until}),
        *event_problems(space, "test.shocks", test.shocks),
        *outcome_problems(space, "test.outcome", test.outcome),
        *member_problems(space, "test.claimed", test.claimed, list(test.shocks)),
    ]
    if not found:
        for name, day in dated(space.scenario, test).items():
            if day >= monday(test.until):
                text = f"begins on {day}, not before the end of the test, {test.until}; drop it"
                found.append(Problem(space.source.place(f"test.shocks.{name}"), text))
    return found


def dated(scenario: Scenario, test: FirstBreak) -> dict[str, Day]:
    """Return the Monday on which each shock begins, in their order."""
    days = {event.id: monday(event.date) for event in scenario.events}
    begins = {name: min(days[event] for event in events) for name, events in test.shocks.items()}
    return dict(sorted(begins.items(), key=lambda entry: entry[1]))


def run(space: Space, test: FirstBreak, progress: Progress) -> Tested:
    """Drop each shock in turn, and read when the outcome first passes each threshold."""
    begins = dated(space.scenario, test)
    week = timedelta(weeks=1)
    start = max(space.scenario.start, next(iter(begins.values())) - 2 * SAMPLE * week)
    days = every(start, test.until, SAMPLE)
    days = sorted({*days, *(day for each in begins.values() for day in (each - week, each))})
    days = [day for day in days if day >= monday(space.scenario.start)]
    variants = [space.scenario, *(space.scenario.without(*test.shocks[name]) for name in begins)]
    outcomes = [named(test.outcome, day) for day in days]
    values = space.run(variants, outcomes, progress)
    paths = np.stack([values[name] for name in outcomes])
    spells = {level: first_spell(paths[:, 0] < level, days, begins) for level in test.thresholds}
    claimed = list(begins).index(test.claimed)
    level = test.thresholds[0]
    missing = first_spell(paths[:, claimed + 1] < level, days, begins)
    holds = (spells[level] == claimed) & (missing != claimed)
    draws = draw(holds.astype(float), space.file.seed)
    effects = {name: paths[-1, 0] - paths[-1, n] for n, name in enumerate(begins, start=1)}
    pulls = np.argmin(np.stack(list(effects.values())), axis=0)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name, f"{day}",
            float(np.median(paths[days.index(day), 0] - paths[days.index(day), n + 1])),
            *cells(spread(effects[name])),
            *cells(mean((pulls == n).astype(float), draws)),
            *cells(mean((paths[-1, n + 1] < level).astype(float), draws)),
        )
        for n, (name, day) in enumerate(begins.items())
    )  # fmt: skip
    at = f"at {monday(test.until)}"
    columns = (
        "shock", "begins", "that week", f"effect {at}", "p05", "p95", "largest pull in",
        "p05 ", "p95 ", f"below {level:g} without it", "p05  ", "p95  ",
    )  # fmt: skip
    tables = {
        "order": _order(spells, list(begins)),
        "effects": Table(f"Each shock left out in turn, same luck: {test.outcome}", columns, rows),
    }
    meaning = (
        f"In such a world {test.outcome} passes below {level:g} for the first time between "
        f"{test.claimed} and the next shock, and does not without {test.claimed}."
    )
    return Tested(holds, meaning, tables, _drawings(test, paths, days, begins, effects))


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
        Place of the latest shock that has begun by then, `BEFORE` or `NEVER`; shape (…).
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


def _drawings(
    test: FirstBreak,
    paths: Array,
    days: list[Day],
    begins: dict[str, Day],
    effects: dict[str, Array],
) -> dict[str, Lines | Dots]:
    def band(values: Array) -> Array:
        return np.quantile(values.reshape(len(days), -1), (0.05, 0.5, 0.95), axis=1)

    series = {"with all": band(paths[:, 0])}
    place = list(begins).index(test.claimed) + 1
    series[f"without {test.claimed}"] = band(paths[:, place])
    levels = {f"{level:g}": level for level in test.thresholds}
    return {
        "paths": Lines(
            f"{test.outcome} with all shocks and without {test.claimed}", "", test.outcome,
            days, series, begins, levels,
        ),
        "effects": Dots(
            f"What each shock does to {test.outcome} by {monday(test.until)}",
            "with it less without it: median, 5–95 % of worlds",
            [(name, "effect", spread(values)) for name, values in effects.items()],
        ),
    }  # fmt: skip
