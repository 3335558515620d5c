"""Why a target moved: its change over a window as a sum over causes, in every world."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from two_chairs import mechanisms
from two_chairs.axes import DOMAINS, PATRONS, SECURITY, Array, Patron
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.rules.attitudes import Channel
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.engine.ensemble import CHUNK, Ensemble
from two_chairs_lab.results.manifest import manifest
from two_chairs_lab.statistics.summaries import quantiles

from .attribution import (
    DECAY,
    HABITUATION,
    AlignmentTarget,
    Fading,
    SeatTarget,
    Watched,
    acts_of,
    answer_to,
    change_name,
    institution_name,
)

TARGET_SHAPES = ("tilt", "incumbent_seat", "rival_seat", "seat:incumbent:security", "A>B:security")
"""The targets that have an attribution, an example for each family."""
NOTHING = 1e-9
"""Size of a contribution that tables and figures pass over in silence; files never do."""
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

    def told(self) -> str:
        """Say in words from when to when."""
        begin = "before the first week" if self.after is None else f"week of {self.after:%d %b %Y}"
        return f"{begin} to week of {self.to:%d %b %Y}"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that can move the target.

    Attributes
    ----------
    name
        Id of an event, ``ID:test``, ``act:A:…``, ``institution:ID``, ``condition:ID``,
        ``intervention:ID``, or a mechanism: ``decay``, ``habituation``, ``balance``.
    kind
        ``event``, ``test``, ``act``, ``institution``, ``condition``, ``intervention`` or
        ``mechanism``.
    says
        What it is, in words.
    date
        When it happened, if once.
    """

    name: str
    kind: str
    says: str
    date: Day | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The change of a target over a window as a sum over causes, world by world.

    Attributes
    ----------
    ensemble
        What was run.
    target
        Name of the target.
    window
        From when to when.
    fading
        Whether fading stands apart or with what fades (`explain`).
    causes
        All that can move the target and falls into the window, also what did not move it.
    values
        What each cause added, shape (causes, worlds); sums over causes to `change`.
    start, end
        The target before and after, shape (worlds,); an alignment as z = atanh A.
    channels
        Channel through which each act moved the target, by its cause's name.
    """

    ensemble: Ensemble
    target: str
    window: Window
    fading: Fading
    causes: tuple[Cause, ...]
    values: Array
    start: Array
    end: Array
    channels: Mapping[str, Channel]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the causes."""
        return tuple(cause.name for cause in self.causes)

    @property
    def change(self) -> Array:
        """End less start, shape (worlds,)."""
        return self.end - self.start

    @property
    def unit(self) -> str:
        """What the values are measured in."""
        return "atanh units" if ">" in self.target else "tilt" if self.target == "tilt" else "seat"

    def means(self) -> Array:
        """Return the mean of each cause over worlds, shape (causes,): they sum to the mean change.

        Medians do not.
        """
        return np.mean(self.values, axis=-1)

    def by_size(self) -> list[int]:
        """Return the places of the causes that moved any world, the largest mean first.

        What is below `NOTHING` in all worlds is rounding, or cause of nothing.
        """
        means = np.abs(self.means())
        moved = [row for row, values in enumerate(self.values) if np.any(abs(values) > NOTHING)]
        return sorted(moved, key=lambda row: (-means[row], row))


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table or figure: a cause, or all the small ones together."""

    label: str
    says: str
    date: Day | None
    values: Array
    """Shape (worlds,)."""
    fixed: float | None = None
    """Value in the fixed world, if that was asked."""


def bars(explanation: Explanation, most: int, fixed: Explanation | None = None) -> list[Bar]:
    """Return the causes by size; beyond a number of rows the small ones are one row together."""
    rows = explanation.by_size()
    kept = rows if len(rows) <= most else rows[: most - 1]
    ones = None if fixed is None else fixed.values[:, 0]
    listed = [
        Bar(
            cause.name,
            cause.says,
            cause.date,
            explanation.values[row],
            None if ones is None else float(ones[row]),
        )
        for row, cause in ((row, explanation.causes[row]) for row in kept)
    ]
    small = [row for row in range(len(explanation.causes)) if row not in kept]
    if len(rows) > len(kept):
        told = f"other ({len(rows) - len(kept)})"
        one = None if ones is None else float(np.sum(ones[small]))
        listed.append(
            Bar(told, "smaller causes together", None, explanation.values[small].sum(axis=0), one)
        )
    return listed


def explain(
    ensemble: Ensemble,
    target: str = "tilt",
    window: str = ":",
    *,
    fading: Fading = "apart",
    progress: Callable[[int], None] | None = None,
) -> Explanation:
    """Explain the change of a target over a window in every world of an ensemble.

    Parameters
    ----------
    ensemble
        What to run.
    target
        ``tilt``, ``incumbent_seat``, ``rival_seat``, ``seat:PATRON:DOMAIN`` or ``A>B:DOMAIN``.
    window
        ``FROM:TO``, two dates; one left out is that end of the run.
    fading
        ``apart``: all fading is a cause of its own, ``decay``. ``own``: what fades of a cause is
        charged to it, so that its value is what is left of it; ``decay`` is then the fading of
        what had gathered before the window.
    progress
        Told the number of worlds done, chunk by chunk.

    Raises
    ------
    InputError
        The target or the window can not be used.
    """
    scenario = ensemble.scenario
    goal, span = target_of(target, scenario), window_of(window, scenario)
    causes = causes_of(scenario, span)
    names = [cause.name for cause in causes]
    parts: list[Watched] = []
    ends: list[tuple[Array, Array]] = []
    for first in range(0, ensemble.worlds, CHUNK):
        replicates = range(first, min(first + CHUNK, ensemble.worlds))
        model = Watched(
            goal, names, span.weeks(scenario), scenario, replicates,
            seed=ensemble.seed, vary=ensemble.vary, luck=ensemble.luck, record=(),
            fading=fading,
        )  # fmt: skip
        ends.append(tuple(value[: len(replicates)] for value in model.account()))  # type: ignore[arg-type]
        parts.append(model)
        if progress is not None:
            progress(len(replicates))
    return Explanation(
        ensemble,
        target,
        span,
        fading,
        causes,
        np.concatenate([model.ledger[:, : model.asked_worlds] for model in parts], axis=-1),
        np.concatenate([start for start, _ in ends]),
        np.concatenate([end for _, end in ends]),
        parts[0].channels,
    )


def target_of(name: str, scenario: Scenario) -> AlignmentTarget | SeatTarget:
    """Find a target by its name; raises `InputError` if it is none, or has no attribution."""
    if name in _WHOLE_SEATS:
        return _WHOLE_SEATS[name]
    place = f"--target {name}"
    pair, *domains = name.split(":")
    if ">" in name and len(domains) != 1:
        text = f"names no domain; write it such as {pair}:{DOMAINS[SECURITY]}"
        raise InputError.at(place, text)
    family = ">" in name or pair == "seat"
    try:
        found = read_outcome(name, cast_of(scenario.case), place)
    except InputError:
        if family:
            raise
        text = f"'{name}' is not a target; {nearest(name, TARGET_SHAPES)}"
        raise InputError.at(place, text) from None
    if found.array == "seats":
        return _seat_target(*found.index)
    if found.array == "alignment":
        return _alignment_target(place, *found.index)
    listed = ", ".join(TARGET_SHAPES)
    text = f"'{name}' is an outcome that has no attribution; choose one of {listed}"
    raise InputError.at(place, text)


def _alignment_target(place: str, holder: int, toward: int, domain: int) -> AlignmentTarget:
    if holder == toward:
        text = "is an actor's alignment toward itself; name two actors"
        raise InputError.at(place, text)
    return AlignmentTarget(holder, toward, domain)


def _seat_target(patron: int, domain: int) -> SeatTarget:
    weights = np.zeros((len(PATRONS), len(DOMAINS), 1))
    weights[patron, domain] = 1.0
    return SeatTarget(lambda at: at.seats[patron, domain], lambda _: weights)


def _signed(incumbent: float, rival: float) -> Callable[[Parameters], Array]:
    return lambda p: np.stack([incumbent * p.domain_weights, rival * p.domain_weights])


_WHOLE_SEATS: Mapping[str, SeatTarget] = {
    "tilt": SeatTarget(lambda at: at.tilt, _signed(-1.0, 1.0)),
    "incumbent_seat": SeatTarget(lambda at: at.incumbent_seat, _signed(1.0, 0.0)),
    "rival_seat": SeatTarget(lambda at: at.rival_seat, _signed(0.0, 1.0)),
}


def window_of(text: str, scenario: Scenario) -> Window:
    """Read ``FROM:TO``; raises `InputError` if it holds no week of the run."""
    place = f"--window {text}"
    parts = text.split(":")
    if len(parts) != 2:
        raise InputError.at(place, "is not FROM:TO; write it such as 2020-01-06:2023-12-04")
    begin, end = (_day(part, place, scenario) if part else None for part in parts)
    window = Window(
        None if begin is None else monday(begin),
        monday(scenario.end if end is None else end),
    )
    if window.after is not None and window.after > window.to:
        raise InputError.at(place, "ends before it begins; exchange the two dates")
    if window.after == window.to:
        text = f"begins and ends in the week of {window.to}; let it end a week later or more"
        raise InputError.at(place, text)
    return window


def _day(text: str, place: str, scenario: Scenario) -> Day:
    try:
        day: Day = TypeAdapter(Day).validate_python(text)
    except ValidationError:
        problem = f"'{text}' is not a date of the calendar; write it as YYYY-MM-DD"
        raise InputError.at(place, problem) from None
    if not 0 <= scenario.week_of(day) < scenario.weeks:
        first, last = scenario.mondays()[0], scenario.mondays()[-1]
        problem = f"{day} lies outside the run ({first} to {last}); choose a date inside it"
        raise InputError.at(place, problem)
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
    guarantor = _name(scenario, "incumbent")
    for event in sorted(scenario.events, key=lambda event: (event.date, event.id)):
        if scenario.week_of(event.date) in weeks:
            yield Cause(event.id, "event", event.says, event.date)
            if event.is_attack:
                yield Cause(answer_to(event.id), "test", _answer(event, guarantor), event.date)


def _answer(event: Event, guarantor: str) -> str:
    done = "defended" if event.defended else "did not defend"
    return f"{guarantor} {done}: {event.says}"


def _acts_in(scenario: Scenario, weeks: range) -> Iterator[Cause]:
    """Yield the acts that agents may choose, if they act in the window."""
    acting = scenario.agents_act_from
    if acting is None or scenario.week_of(acting) >= weeks.stop:
        return
    incumbent, rival = (_name(scenario, patron) for patron in PATRONS)
    for key, actor in scenario.case.actors.items():
        for act, done in acts_of(key, actor.role).items():
            says = done.format(actor=actor.name, incumbent=incumbent, rival=rival)
            yield Cause(act, "act", f"{says} (the model's choice)")


def _settings(scenario: Scenario, weeks: range) -> Iterator[Cause]:
    """Yield every tie, and what the scenario sets in the window that is not a tie."""
    for tie in scenario.case.institutions:
        yield Cause(institution_name(tie.id), "institution", f"level of {tie.name}")
    dated: list[DatedCondition | Intervention] = [*scenario.conditions, *scenario.interventions]
    for change in dated:
        if scenario.week_of(change.date) in weeks:
            yield from _setting(change)


def _setting(change: DatedCondition | Intervention) -> Iterator[Cause]:
    name = change_name(change)
    if isinstance(change, DatedCondition):
        yield Cause(name, "condition", f"{change.condition} = {change.value:g}", change.date)
    elif change.institution is None:
        (kind,) = change.kinds()
        what = f"{change.parameter} = {change.value:g}" if change.parameter else kind
        yield Cause(name, "intervention", f"set by the scenario: {what}", change.date)


def _name(scenario: Scenario, role: Patron) -> str:
    return scenario.case.actors[scenario.case.with_role(role)].name


def target_words(explanation: Explanation) -> str:
    """Say what the target is, in words and with its unit."""
    scenario, target = explanation.ensemble.scenario, explanation.target
    incumbent, rival = (_name(scenario, patron) for patron in PATRONS)
    if ">" in target:
        pair, domain = target.split(":")
        holder, toward = (scenario.case.actors[key].name for key in pair.split(">"))
        return f"alignment of {holder} toward {toward} in {domain}, as atanh"
    if target.startswith("seat:"):
        _, patron, domain = target.split(":")
        return f"{incumbent if patron == PATRONS[0] else rival}'s seat in {domain}, 0 to 1"
    words = {
        "tilt": f"tilt: {rival}'s seat less {incumbent}'s, −1 to 1",
        "incumbent_seat": f"{incumbent}'s seat, 0 to 1",
        "rival_seat": f"{rival}'s seat, 0 to 1",
    }
    return words[target]


def fixed_world(ensemble: Ensemble) -> Ensemble:
    """Return the single world with all values at their defaults and no chance."""
    return replace(ensemble, worlds=1, vary=False, luck=False)


def content(
    explanation: Explanation, fixed: Explanation, command: Sequence[str], inputs: Sequence[Path]
) -> dict[str, Any]:
    """Return the one object that ``explain --json`` prints.

    The keys up to ``channels`` are of the fixed world; ``ensemble`` is of all worlds.
    """
    ensemble, window = explanation.ensemble, explanation.window
    asked = {
        "target": explanation.target,
        "unit": explanation.unit,
        "fading": explanation.fading,
        "window": {
            "from": None if window.after is None else window.after.isoformat(),
            "to": window.to.isoformat(),
        },
    }
    contributions = dict(zip(fixed.names, fixed.values[:, 0].tolist(), strict=True))
    return {
        "scenario": ensemble.scenario.name,
        **asked,
        "worlds": ensemble.worlds,
        "seed": ensemble.seed,
        "conditional_on": ensemble.conditional_on(),
        "start": float(fixed.start[0]),
        "end": float(fixed.end[0]),
        "change": float(fixed.change[0]),
        "contributions": contributions,
        "channels": {
            name: {channel: contributions[name]} for name, channel in fixed.channels.items()
        },
        "ensemble": {
            "start": spread(explanation.start),
            "end": spread(explanation.end),
            "change": spread(explanation.change),
            "contributions": {
                name: spread(values)
                for name, values in zip(explanation.names, explanation.values, strict=True)
            },
        },
        "says": {cause.name: cause.says for cause in explanation.causes},
        "manifest": manifest(ensemble, command, inputs) | {"kind": "explain"} | asked,
    }


def spread(values: Array) -> dict[str, float]:
    """Return mean, median and 5th and 95th percentile over worlds."""
    low, middle, high = quantiles(values)
    return {
        "mean": float(np.mean(values)),
        "median": float(middle),
        "p05": float(low),
        "p95": float(high),
    }


def write_table(path: Path, explanation: Explanation, fixed: Explanation) -> None:
    """Write every cause as a row: who, when, through what, in the fixed world and in all."""
    columns = "cause,kind,date,channel,defaults,mean,p05,median,p95,says"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split(","))
        for cause, values, one in zip(
            explanation.causes, explanation.values, fixed.values[:, 0], strict=True
        ):
            s = spread(values)
            writer.writerow(
                [
                    cause.name, cause.kind, cause.date or "",
                    explanation.channels.get(cause.name, ""), float(one),
                    s["mean"], s["p05"], s["median"], s["p95"], cause.says,
                ]
            )  # fmt: skip
