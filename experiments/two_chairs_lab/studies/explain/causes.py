"""Windows of time, and all that can move a target in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from two_chairs import mechanisms
from two_chairs.axes import PATRONS
from two_chairs.errors import InputError
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario, Turn
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.render.numbers import date_words

from .attribution import (
    DECAY,
    HABITUATION,
    acts_of,
    answer_to,
    change_name,
    institution_name,
)
from .targets import patron_name

MECHANISMS = {
    DECAY: "what had gathered fades",
    **{mechanism.name: mechanism.words for mechanism in mechanisms.MECHANISMS},
    HABITUATION: "warnings repeated weigh less",
}


@dataclass(frozen=True, slots=True)
class Window:
    """Weeks to explain, by their Mondays: from the end of one week to the end of another.

    Attributes
    ----------
    after
        The change is counted from the end of this week; ``None``: from before the first.
    to
        It is counted to the end of this week.
    """

    after: Day | None
    to: Day

    def weeks(self, scenario: Scenario) -> range:
        """Return the weeks whose changes are counted, from zero."""
        first = 0 if self.after is None else scenario.week_of(self.after) + 1
        return range(first, scenario.week_of(self.to) + 1)

    def begin(self) -> str:
        """Say from when."""
        return (
            "before the first week" if self.after is None else f"week of {date_words(self.after)}"
        )

    def words(self) -> str:
        """Say from when to when."""
        return f"{self.begin()} to week of {date_words(self.to)}"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that can move the target.

    Attributes
    ----------
    name
        Id of an event, ``ID:test``, ``act:A:…``, ``institution:ID``, ``condition:ID``,
        ``intervention:ID``, ``turn:ID``, or a mechanism: ``decay``, ``habituation``, ``balance``.
    kind
        ``event``, ``test``, ``act``, ``institution``, ``condition``, ``intervention``, ``turn``
        or ``mechanism``.
    says
        What it is, in words.
    date
        When it happened, if once.
    """

    name: str
    kind: str
    says: str
    date: Day | None = None


def window_of(text: str, scenario: Scenario) -> Window:
    """Read ``FROM:TO``; raises `InputError` if it holds no week of the run."""
    where = f"--window {text}"
    parts = text.split(":")
    if len(parts) != 2:
        raise InputError.at(where, "is not FROM:TO; write it such as 2020-01-06:2023-12-04")
    begin, end = (_day(part, where, scenario) if part else None for part in parts)
    window = Window(
        None if begin is None else monday(begin),
        monday(scenario.end if end is None else end),
    )
    if window.after is not None and window.after > window.to:
        raise InputError.at(where, "ends before it begins; exchange the two dates")
    if window.after == window.to:
        text = f"begins and ends in the week of {window.to}; let it end a week later or more"
        raise InputError.at(where, text)
    return window


def _day(text: str, where: str, scenario: Scenario) -> Day:
    try:
        day: Day = TypeAdapter(Day).validate_python(text)
    except ValidationError:
        problem = f"'{text}' is not a date of the calendar; write it as YYYY-MM-DD"
        raise InputError.at(where, problem) from None
    if not 0 <= scenario.week_of(day) < scenario.weeks:
        first, last = scenario.mondays()[0], scenario.mondays()[-1]
        problem = f"{day} lies outside the run ({first} to {last}); choose a date inside it"
        raise InputError.at(where, problem)
    return day


def causes_of(scenario: Scenario, window: Window) -> tuple[Cause, ...]:
    """Return all that can move a target and falls into a window.

    Raises
    ------
    InputError
        An event bears the name of a mechanism, so the two could not be told apart.
    """
    weeks = window.weeks(scenario)
    causes = [*_events_in(scenario, weeks), *_acts_in(scenario, weeks), *_settings(scenario, weeks)]
    causes += [Cause(name, "mechanism", says) for name, says in MECHANISMS.items()]
    seen: set[str] = set()
    for cause in causes:
        if cause.name in seen:
            text = f"'{cause.name}' names two things to explain; rename the event of that id"
            raise InputError.at(f"{scenario.name}: events[{cause.name}].id", text)
        seen.add(cause.name)
    return tuple(causes)


def _events_in(scenario: Scenario, weeks: range) -> Iterator[Cause]:
    incumbent, rival = (patron_name(scenario, patron) for patron in PATRONS)
    for event in sorted(scenario.events, key=lambda event: (event.date, event.id)):
        if scenario.week_of(event.date) in weeks:
            yield Cause(event.id, "event", event.says, event.date)
            if event.is_attack:
                own = event.actor == scenario.case.with_role("incumbent")
                guarantor = rival if own else incumbent
                yield Cause(answer_to(event.id), "test", _answer(event, guarantor), event.date)


def _answer(event: Event, guarantor: str) -> str:
    done = "defended" if event.defended else "did not defend"
    return f"{guarantor} {done}: {event.says}"


def _acts_in(scenario: Scenario, weeks: range) -> Iterator[Cause]:
    """Yield the acts that agents may choose, if they act in the window."""
    acting = scenario.agents_act_from
    if acting is None or scenario.week_of(acting) >= weeks.stop:
        return
    incumbent, rival = (patron_name(scenario, patron) for patron in PATRONS)
    for key, actor in scenario.case.actors.items():
        guarantor = rival if actor.role == "incumbent" else incumbent
        for act, done in acts_of(scenario.case, key).items():
            says = done.format(
                actor=actor.name, incumbent=incumbent, rival=rival, guarantor=guarantor
            )
            yield Cause(act, "act", f"{says} (the model's choice)")


def _settings(scenario: Scenario, weeks: range) -> Iterator[Cause]:
    """Yield every tie, and what the scenario sets in the window that is not a tie."""
    for tie in scenario.case.institutions:
        yield Cause(institution_name(tie.id), "institution", f"level of {tie.name}")
    dated: list[DatedCondition | Intervention | Turn] = [
        *scenario.conditions,
        *scenario.interventions,
        *scenario.turns,
    ]
    for change in dated:
        if scenario.week_of(change.date) in weeks:
            yield from _setting(change)


def _setting(change: DatedCondition | Intervention | Turn) -> Iterator[Cause]:
    name = change_name(change)
    if isinstance(change, DatedCondition):
        yield Cause(name, "condition", f"{change.condition} = {change.value:g}", change.date)
    elif isinstance(change, Turn):
        what = ", ".join(shift.told() for shift in change.shifts)
        yield Cause(name, "turn", f"{what}: {change.source}", change.date)
    elif change.institution is None:
        (kind,) = change.kinds()
        what = f"{change.parameter} = {change.value:g}" if change.parameter else kind
        yield Cause(name, "intervention", f"set by the scenario: {what}", change.date)
