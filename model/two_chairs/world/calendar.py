"""What a scenario brings week by week: events, settings, forced postures, and who acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from two_chairs.axes import POSTURES
from two_chairs.institutions.ties import weeks_of_changes
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.scenario.records import FREE, DatedCondition, Event, Intervention, Scenario, Turn

Setting = DatedCondition | Intervention | Turn


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weeks of a scenario, counted from zero.

    Attributes
    ----------
    weeks
        Number of weeks.
    events
        Events of each week in the order of their ids.
    settings
        Dated conditions and interventions that take effect in each week, by date and id.
    forced
        Forced postures by date: first week, week after the last, code of the posture.
    recorded
        Recorded postures by date, in the form of ``forced``; none where the model chooses.
    acting_from
        Week from which agents act for themselves; ``None`` if they never do.
    """

    weeks: int
    events: Mapping[int, Sequence[Event]]
    settings: Mapping[int, Sequence[Setting]]
    forced: tuple[tuple[int, int, int], ...]
    recorded: tuple[tuple[int, int, int], ...]
    acting_from: int | None

    def acting(self, week: int) -> bool:
        """Say whether agents act for themselves in a week."""
        return self.acting_from is not None and week >= self.acting_from

    def deciding(self, week: int) -> bool:
        """Say whether a week closes a quarter, so that all decide."""
        return (week + 1) % DECISION_INTERVAL == 0

    def forced_posture(self, week: int) -> int | None:
        """Return the posture forced on the pivot in a week, the one forced last if several are."""
        return _last(self.forced, week)

    def recorded_posture(self, week: int) -> int | None:
        """Return the posture that the pivot is known to have held in a week, if it is."""
        return _last(self.recorded, week)


def _last(spans: tuple[tuple[int, int, int], ...], week: int) -> int | None:
    """Return the posture of the last of some spans that hold a week."""
    found = [posture for start, stop, posture in spans if start <= week < stop]
    return found[-1] if found else None


def calendar_of(scenario: Scenario) -> Calendar:
    """Return the calendar of a scenario."""
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for event in sorted(scenario.events, key=lambda event: event.id):
        events[scenario.week_of(event.date)].append(event)
    settings: defaultdict[int, list[Setting]] = defaultdict(list)
    dated: list[Setting] = [*scenario.conditions, *scenario.interventions, *scenario.turns]
    levels = weeks_of_changes(scenario)
    for change in sorted(dated, key=lambda change: (change.date, change.id)):
        if not (isinstance(change, Intervention) and change.institution is not None):
            settings[scenario.week_of(change.date)].append(change)
        elif change.id in levels:
            settings[levels[change.id]].append(change)
    forced = tuple(
        (
            scenario.week_of(change.date),
            scenario.weeks if change.until is None else scenario.week_of(change.until),
            POSTURES.index(change.posture),
        )
        for change in sorted(scenario.interventions, key=lambda change: change.date)
        if change.posture is not None
    )
    act_from = scenario.agents_act_from
    acting_from = None if act_from is None else scenario.week_of(act_from)
    recorded = _recorded(scenario, acting_from)
    return Calendar(scenario.weeks, events, settings, forced, recorded, acting_from)


def _recorded(scenario: Scenario, acting_from: int | None) -> tuple[tuple[int, int, int], ...]:
    """Return the spans of the recorded postures, each from the first Monday not before its date.

    So a posture that begins with a quarter follows the decision that closes the quarter before.
    """
    starts = [_first_whole(scenario, entry.date) for entry in scenario.postures]
    ends = [
        scenario.weeks if entry.until is None else _first_whole(scenario, entry.until)
        for entry in scenario.postures
    ]
    stops = list(map(min, ends, [*starts[1:], scenario.weeks]))
    cut_off = scenario.weeks if acting_from is None else acting_from
    return tuple(
        (start, min(stop, cut_off), POSTURES.index(entry.posture))
        for start, stop, entry in zip(starts, stops, scenario.postures, strict=False)
        if entry.posture != FREE
    )


def _first_whole(scenario: Scenario, day: date) -> int:
    """Return the first week whose Monday does not lie before a day."""
    return scenario.week_of(day + timedelta(days=6))
