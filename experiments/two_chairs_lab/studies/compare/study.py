"""Scenarios compared with the same luck: paired differences, events dropped, events exchanged.

Replicate k of every scenario has the same luck and, where parameters and weights are drawn, the
same draws; so the difference of two worlds of one number is a difference of cause. What is
compared are therefore the differences, world by world, and not two medians.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np

import two_chairs
from two_chairs.axes import DOMAINS, PATRONS, REGIMES, Array, Counts
from two_chairs.draws import draw_inputs
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import cast_of, read_outcome, shown_in
from two_chairs.randomness import Luck
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario
from two_chairs.vocabulary import Day, monday
from two_chairs.world.simulation import TwoChairs
from two_chairs_lab.engine.ensemble import CHUNK, Ensemble, run_chunks
from two_chairs_lab.results.manifest import hashes, made_by
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.run.study import DIGITS

INDICES = shown_in("compare")
"""Indices that are compared, beside regimes and the pivot's alignments."""
PATHS = ("tilt", "incumbent_seat", "rival_seat")
"""Indices whose paths are kept week by week."""
ACROSS = 2048
"""Worlds that run side by side when events are dropped in turn."""
NORMAL_95 = 1.6448536269514722
"""95th percentile of the standard normal: half width, in deviations, of a 90 % interval."""
Kind = Literal["index", "share"]
Progress = Callable[[int], None]
Dependent = TypeVar("Dependent", DatedCondition, Intervention)


@dataclass(frozen=True, slots=True)
class Difference:
    """One outcome in two ensembles of the same luck, and their difference world by world.

    Attributes
    ----------
    outcome, day
        What is compared, and when.
    kind
        ``index``: a number in each world; ``share``: something that is so or not.
    reference, other
        Median over worlds of an index, share of worlds of a share, in both ensembles.
    value
        Median of the differences, other less reference; for a share the difference of shares.
    low, high
        Of an index the 5th and 95th percentile of the differences over worlds; of a share the
        90 % interval of the difference of shares, from the worlds that differ (`share_interval`).
    above, below
        Share of worlds in which the difference is above, and below, zero.
    """

    outcome: str
    day: Day
    kind: Kind
    reference: float
    other: float
    value: float
    low: float
    high: float
    above: float
    below: float

    def record(self) -> dict[str, Any]:
        """Return the difference as plain data, rounded."""
        numbers = ("reference", "other", "value", "low", "high", "above", "below")
        rounded = {name: round(getattr(self, name), DIGITS) + 0.0 for name in numbers}
        return {"kind": self.kind, **rounded}


def difference(outcome: str, day: Day, reference: Array, other: Array) -> Difference:
    """Compare an outcome of paired worlds, both of shape (worlds,)."""
    paired = other - reference
    above, below = float(np.mean(paired > 0.0)), float(np.mean(paired < 0.0))
    kind = kind_of(outcome)
    if kind == "share":
        here, there = float(np.mean(reference)), float(np.mean(other))
        value, (low, high) = there - here, share_interval(paired)
    else:
        here, there = float(np.median(reference)), float(np.median(other))
        low, value, high = map(float, quantiles(paired))
    return Difference(outcome, day, kind, here, there, value, low, high, above, below)


def kind_of(outcome: str) -> Kind:
    """Say whether an outcome is a number in each world, or is so or not."""
    return "share" if outcome.partition(":")[0] in {"regime", "posture"} else "index"


def share_interval(paired: Array) -> tuple[float, float]:
    """Return the 90 % interval of a difference of paired shares.

    Wald's interval after half a world is added to each of the four cells of the paired table, so
    that it keeps a width where no world differs.

    Parameters
    ----------
    paired
        Differences of what is so (1) or not (0), shape (worlds,).
    """
    worlds = paired.size + 2.0
    gained = float(np.sum(paired > 0.0)) + 0.5
    lost = float(np.sum(paired < 0.0)) + 0.5
    middle = (gained - lost) / worlds
    spread = np.sqrt(gained + lost - (gained - lost) ** 2 / worlds) / worlds
    return max(-1.0, middle - NORMAL_95 * spread), min(1.0, middle + NORMAL_95 * spread)


@dataclass(frozen=True, slots=True)
class Side:
    """One ensemble of a comparison.

    Attributes
    ----------
    label
        Name by which it is told from the others.
    ensemble
        What was run.
    weekly
        ``PATHS`` in the common weeks, each (weeks, worlds).
    dated
        Every outcome at the dates compared, each (dates, worlds).
    """

    label: str
    ensemble: Ensemble
    weekly: Mapping[str, Array]
    dated: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ensembles with the same luck, side by side.

    Attributes
    ----------
    weeks
        Monday of every week that is common to all runs.
    dates
        Dates at which outcomes are compared.
    reference, others
        The first ensemble, and those compared with it.
    """

    weeks: tuple[Day, ...]
    dates: tuple[Day, ...]
    reference: Side
    others: tuple[Side, ...]

    @property
    def sides(self) -> tuple[Side, ...]:
        """All ensembles, the reference first."""
        return (self.reference, *self.others)

    def differences(self, other: Side) -> list[Difference]:
        """Return the differences of an ensemble from the reference, outcome by outcome."""
        return [
            difference(name, day, values[place], other.dated[name][place])
            for name, values in self.reference.dated.items()
            for place, day in enumerate(self.dates)
        ]

    def notes(self) -> list[str]:
        """Say what a reader must know of these runs to read the differences."""
        late = [
            side.label
            for side in self.others
            if monday(side.ensemble.scenario.start)
            != monday(self.reference.ensemble.scenario.start)
        ]
        text = "does not start in the reference's week: the same luck falls on other dates"
        return [f"{label} {text}" for label in late]


def compare(
    *ensembles: Ensemble,
    at: Sequence[Day] = (),
    labels: Sequence[str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Run ensembles with the same luck and set them side by side.

    Parameters
    ----------
    ensembles
        Two or more; the first is the reference. Worlds, seed and what varies must be equal.
    at
        Dates to compare at; by default the cut-off of the reference, if it lies inside all runs,
        and the last common week.
    labels
        Names of the ensembles; those of their scenarios by default.
    progress
        Told the number of worlds of each chunk that is done.

    Raises
    ------
    InputError
        If the runs can not be paired: of other cases, without a common week, a date outside.
    """
    names = tuple(labels) or tuple(ensemble.scenario.name for ensemble in ensembles)
    _check_pairs(ensembles, names)
    start, end = common_span(ensembles, names)
    dates = tuple(at) or default_dates(ensembles[0].scenario, start, end)
    for day in dates:
        if not start <= day <= end:
            text = f"lies outside the time common to all runs, {start} to {end}"
            raise InputError.at(f"--at {day}", f"{text}; choose a date inside it")
    weeks = tuple(d for d in ensembles[0].scenario.mondays() if monday(start) <= d <= end)
    sides = [
        _side(name, ensemble, weeks, dates, progress)
        for name, ensemble in zip(names, ensembles, strict=True)
    ]
    return Comparison(weeks, dates, sides[0], tuple(sides[1:]))


def _check_pairs(ensembles: Sequence[Ensemble], names: Sequence[str]) -> None:
    if len(ensembles) < 2:
        text = "one scenario has nothing to be compared with; name another one"
        raise InputError.at("compare", text)
    first = ensembles[0]
    cast = cast_of(first.scenario.case)
    for ensemble, name in zip(ensembles[1:], names[1:], strict=True):
        if cast_of(ensemble.scenario.case) != cast:
            text = f"is of another case than {names[0]}; compare scenarios of one case"
            raise InputError.at(f"compare {name}", text)
        if replace(ensemble, scenario=first.scenario) != first:
            text = f"has other worlds or luck than {names[0]}; give both the same"
            raise InputError.at(f"compare {name}", text)


def common_span(ensembles: Sequence[Ensemble], names: Sequence[str]) -> tuple[Day, Day]:
    """Return the first and the last day that lie inside all runs."""
    spans = [(ensemble.scenario.start, ensemble.scenario.end) for ensemble in ensembles]
    start, end = max(first for first, _ in spans), min(last for _, last in spans)
    if start > end:
        told = " and ".join(
            f"{name} ({first} to {last})"
            for name, (first, last) in zip(names, spans, strict=True)
            if start in (first, last) or end in (first, last)
        )
        text = f"{told} have no week in common; choose runs that overlap"
        raise InputError.at("compare", text)
    return start, end


def default_dates(scenario: Scenario, start: Day, end: Day) -> tuple[Day, ...]:
    """Return the cut-off, if it lies inside a span, and the last day of the span."""
    cut_off = scenario.agents_act_from
    inside = cut_off is not None and start <= cut_off < end
    return (cut_off, end) if inside and cut_off is not None else (end,)


def outcomes_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all outcomes that are compared."""
    case = scenario.case
    pivot = case.with_role("pivot")
    pairs = [f"{pivot}>{case.with_role(patron)}" for patron in PATRONS]
    return (
        *INDICES,
        *(f"regime:{regime}" for regime in REGIMES),
        *(f"{pair}:{domain}" for pair in pairs for domain in DOMAINS),
    )


def _side(
    label: str,
    ensemble: Ensemble,
    weeks: Sequence[Day],
    dates: Sequence[Day],
    progress: Progress | None,
) -> Side:
    """Run one ensemble and keep of it what is compared."""
    outcomes = outcomes_of(ensemble.scenario)
    places = [ensemble.scenario.week_of(day) for day in dates]
    first = ensemble.scenario.week_of(weeks[0])
    span = slice(first, first + len(weeks))
    weekly: dict[str, list[Array]] = {name: [] for name in PATHS}
    dated: dict[str, list[Array]] = {name: [] for name in outcomes}
    cast = cast_of(ensemble.scenario.case)
    arrays = {read_outcome(name, cast, "outcome").array for name in outcomes}
    for paths in run_chunks(ensemble, progress, sorted(arrays)):
        for name in PATHS:
            weekly[name].append(paths.outcome(name)[span].copy())
        for name in outcomes:
            dated[name].append(paths.outcome(name)[places])
    return Side(label, ensemble, _joined(weekly), _joined(dated))


def _joined(parts: Mapping[str, list[Array]]) -> dict[str, Array]:
    return {name: np.concatenate(arrays, axis=-1) for name, arrays in parts.items()}


def event_of(scenario: Scenario, key: str, place: str) -> Event:
    """Return an event by its id, or say which was probably meant."""
    events = {event.id: event for event in scenario.events}
    if key not in events:
        remedy = nearest(key, events)
        raise InputError.at(place, f"'{key}' is not an event of {scenario.name}; {remedy}")
    return events[key]


def dependents(scenario: Scenario, key: str) -> tuple[str, ...]:
    """Return the ids of conditions and interventions that stand because of an event."""
    dated: tuple[DatedCondition | Intervention, ...] = (
        *scenario.conditions,
        *scenario.interventions,
    )
    return tuple(entry.id for entry in dated if entry.because == key)


def swapped(scenario: Scenario, one: str, other: str) -> Scenario:
    """Return a scenario in which two events have exchanged their dates.

    Conditions and interventions that stand because of one of them move by as many days.

    Raises
    ------
    InputError
        If an event is unknown or named twice, if both act in one week, or if what stands because
        of one of them would leave the run.
    """
    place = f"--swap {one} {other}"
    first, second = event_of(scenario, one, place), event_of(scenario, other, place)
    if one == other:
        raise InputError.at(place, f"'{one}' is named twice; name two events")
    if monday(first.date) == monday(second.date):
        text = f"both act in the week of {monday(first.date)}; choose events of different weeks"
        raise InputError.at(place, text)
    shift = second.date - first.date
    dates = {one: second.date, other: first.date}
    shifts = {one: shift, other: -shift}
    events = tuple(
        event.model_copy(update={"date": dates.get(event.id, event.date)})
        for event in scenario.events
    )

    def moved(entry: Dependent) -> Dependent:
        if entry.because not in shifts:
            return entry
        days = {
            key: day + shifts[entry.because]
            for key in ("date", "until")
            if (day := getattr(entry, key, None)) is not None
        }
        if not scenario.start <= min(days.values()) <= max(days.values()) <= scenario.end:
            text = f"'{entry.id}', which depends on {entry.because}, would leave the run"
            raise InputError.at(place, f"{text}; choose other events")
        return entry.model_copy(update=days)

    return scenario.model_copy(
        update={
            "name": f"{scenario.name}-{one}-{other}-swapped",
            "title": f"{scenario.title}, {one} and {other} exchanged",
            "events": events,
            "conditions": tuple(moved(entry) for entry in scenario.conditions),
            "interventions": tuple(moved(entry) for entry in scenario.interventions),
        }
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event does to an outcome: with it less without it, world by world.

    Attributes
    ----------
    event
        The event; an attack includes the test of the alliance that it is.
    takes
        Ids of conditions and interventions that stand because of it and go with it.
    difference
        Reference: without the event; other: with it.
    """

    event: Event
    takes: tuple[str, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class Ranking:
    """All events up to a date, the one of the largest effect first."""

    ensemble: Ensemble
    outcome: str
    day: Day
    effects: tuple[Effect, ...]


def drop_each(
    ensemble: Ensemble,
    outcome: str = "tilt",
    at: Day | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Remove each recorded event in turn and rank events by their effect on an outcome.

    Variants lie side by side along the worlds axis, an event being dropped by a weight of zero in
    its block of worlds. An event on which conditions or interventions depend is dropped from the
    scenario, with them.

    Parameters
    ----------
    ensemble
        What to run; every variant has its worlds and luck.
    outcome, at
        Name of the outcome, and when; the cut-off by default, or the last week without one.
    progress
        Told the number of worlds done.

    Raises
    ------
    InputError
        If the outcome is unknown, the date lies outside the run, or no event precedes it.
    """
    scenario = ensemble.scenario
    day = default_dates(scenario, scenario.start, scenario.end)[0] if at is None else at
    events = _events_until(scenario, outcome, day)
    tied = [event.id for event in events if dependents(scenario, event.id)]
    loose = [None, *(event.id for event in events if event.id not in tied)]
    found: dict[str | None, Array] = {}
    for keys in _batches(loose, ensemble.worlds):
        found |= _dropped(ensemble, keys, outcome, day, progress)
    for key in tied:
        variant = replace(ensemble, scenario=scenario.without(key))
        found[key] = _dropped(variant, [None], outcome, day, progress)[None]
    effects = [
        Effect(
            event,
            dependents(scenario, event.id),
            difference(outcome, day, found[event.id], found[None]),
        )
        for event in events
    ]
    effects.sort(key=lambda effect: (-abs(effect.difference.value), effect.event.id))
    return Ranking(ensemble, outcome, day, tuple(effects))


def _events_until(scenario: Scenario, outcome: str, day: Day) -> list[Event]:
    read_outcome(outcome, cast_of(scenario.case), f"--outcome {outcome}")
    if not scenario.start <= day <= scenario.end:
        text = f"lies outside the run of {scenario.name}, {scenario.start} to {scenario.end}"
        raise InputError.at(f"--at {day}", f"{text}; choose a date inside it")
    week = scenario.week_of(day)
    events = [event for event in scenario.events if scenario.week_of(event.date) <= week]
    if not events:
        text = f"{scenario.name} records no event up to {day}"
        raise InputError.at("--drop-each", f"{text}; choose a later --at or another scenario")
    return events


def _batches(keys: Sequence[str | None], worlds: int) -> list[Sequence[str | None]]:
    size = max(1, ACROSS // min(worlds, CHUNK))
    return [keys[first : first + size] for first in range(0, len(keys), size)]


def _dropped(
    ensemble: Ensemble,
    keys: Sequence[str | None],
    outcome: str,
    day: Day,
    progress: Progress | None,
) -> dict[str | None, Array]:
    """Return an outcome at a date without each of some events, by key; ``None`` drops nothing."""
    scenario = ensemble.scenario
    week = scenario.week_of(day)
    array = read_outcome(outcome, cast_of(scenario.case), "--outcome").array
    parts = []
    for first in range(0, ensemble.worlds, CHUNK):
        last = min(first + CHUNK, ensemble.worlds)
        replicates = np.arange(first, last, dtype=np.int64)
        model = TwoChairs(
            scenario,
            np.tile(replicates, len(keys)),
            seed=ensemble.seed,
            vary=ensemble.vary,
            luck=ensemble.luck,
            record={array, "tilt"},
            weeks=[week],
            event_weights=_weights(ensemble, keys, replicates),
        )
        while model.week < week:
            model.step()
        values = model.trajectory().outcome(outcome)[0]
        parts.append(values.reshape(len(keys), len(replicates)))
        if progress is not None:
            progress(values.size)
    return dict(zip(keys, np.concatenate(parts, axis=1), strict=True))


def _weights(
    ensemble: Ensemble, keys: Sequence[str | None], replicates: Counts
) -> dict[str, Array]:
    """Return the weights of the events to be dropped, zero in the block of worlds of each."""
    scenario = ensemble.scenario
    luck = Luck(ensemble.seed, replicates)
    drawn = draw_inputs(scenario, luck)[1] if ensemble.vary else {}
    own = {event.id: np.full(len(replicates), event.weight) for event in scenario.events} | drawn
    return {
        key: np.concatenate([own[key] * (dropped != key) for dropped in keys])
        for key in keys
        if key is not None
    }


def comparison_record(made: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data: what ``compare --json`` prints."""
    return {
        "reference": made.reference.label,
        "conditional_on": made.reference.ensemble.conditional_on(),
        "notes": made.notes(),
        "worlds": made.reference.ensemble.worlds,
        "seed": made.reference.ensemble.seed,
        "dates": [day.isoformat() for day in made.dates],
        "differences": {side.label: _by_outcome(made.differences(side)) for side in made.others},
    }


def _by_outcome(found: Sequence[Difference]) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for entry in found:
        told.setdefault(entry.outcome, {})[entry.day.isoformat()] = entry.record()
    return told


def difference_rows(made: Comparison) -> list[dict[str, Any]]:
    """Return a comparison as rows of a table."""
    return [
        {
            "scenario": side.label,
            "outcome": entry.outcome,
            "date": entry.day.isoformat(),
            **entry.record(),
        }
        for side in made.others
        for entry in made.differences(side)
    ]


def ranking_record(ranking: Ranking) -> dict[str, Any]:
    """Return a ranking of events as plain data."""
    return {
        "scenario": ranking.ensemble.scenario.name,
        "conditional_on": ranking.ensemble.conditional_on(),
        "worlds": ranking.ensemble.worlds,
        "seed": ranking.ensemble.seed,
        "outcome": ranking.outcome,
        "date": ranking.day.isoformat(),
        "effects": effect_rows(ranking),
    }


def effect_rows(ranking: Ranking) -> list[dict[str, Any]]:
    """Return a ranking of events as rows; ``with`` and ``without`` are medians or shares."""
    rows = []
    for effect in ranking.effects:
        numbers = effect.difference.record()
        rows.append(
            {
                "event": effect.event.id,
                "date": effect.event.date.isoformat(),
                "says": effect.event.says,
                "takes": " ".join(effect.takes),
                "kind": numbers["kind"],
                "without": numbers["reference"],
                "with": numbers["other"],
                "effect": numbers["value"],
                **{key: numbers[key] for key in ("low", "high", "above", "below")},
            }
        )
    return rows


def compare_manifest(
    ensembles: Sequence[Ensemble], command: Sequence[str], inputs: Sequence[Any]
) -> dict[str, Any]:
    """Return what is needed to make a comparison again: data only, resolved scenarios included."""
    first = ensembles[0]
    return {
        "program": "two-chairs",
        "kind": "compare",
        "version": two_chairs.__version__,
        "seed": first.seed,
        "worlds": first.worlds,
        "vary": first.vary,
        "luck": first.luck,
        "made": made_by(command),
        "inputs": hashes(inputs),
        "scenarios": [ensemble.scenario.model_dump(mode="json") for ensemble in ensembles],
    }
