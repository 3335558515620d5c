"""The dates at which a reader looks at a scenario."""

from __future__ import annotations

from datetime import timedelta

from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day, monday

EARLY = 25
"""Weeks into a run of the first date."""


def key_dates(scenario: Scenario) -> dict[str, Day]:
    """Return the dates a reader asks for: half a year in, the cut-off, and the end."""
    dates = {"early": monday(scenario.start + timedelta(weeks=EARLY))}
    if scenario.agents_act_from is not None and scenario.agents_act_from > scenario.start:
        dates["cut-off"] = scenario.agents_act_from
    dates["end"] = scenario.end
    inside = {name: day for name, day in dates.items() if scenario.start <= day <= scenario.end}
    return dict(sorted(inside.items(), key=lambda entry: entry[1]))


def shown_dates(scenario: Scenario) -> list[Day]:
    """Return the dates that sentences are about: the cut-off, if there is one, and the end."""
    return [day for name, day in key_dates(scenario).items() if name != "early"]


def default_dates(scenario: Scenario, start: Day, end: Day) -> tuple[Day, ...]:
    """Return the cut-off, if it lies inside a span, and the last day of the span."""
    cut_off = scenario.agents_act_from
    inside = cut_off is not None and start <= cut_off < end
    return (cut_off, end) if inside and cut_off is not None else (end,)
