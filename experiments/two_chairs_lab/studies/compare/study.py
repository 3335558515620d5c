"""Scenarios compared with the same luck: paired differences, and events left out in turn.

Replicate k of every scenario has the same luck and, where parameters and weights are drawn, the
same draws; so the difference of two worlds of one number is a difference of cause. What is
compared are therefore the differences, world by world, and not two medians.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import DOMAINS, PATRONS, REGIMES, Array
from two_chairs.errors import InputError
from two_chairs.outcomes import cast_of, read_outcome, shown_in
from two_chairs.scenario.provenance import TABLES, same_draws
from two_chairs.scenario.records import Case, Event, Scenario, names_of
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.engine.batch import Batch, paths_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.run.dates import default_dates

from .differences import Difference, difference
from .variants import Variant, dependents, outcomes_in, without_each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KIND = "compare"
INDICES = shown_in("compare")
"""Indices that are compared, beside regimes and the pivot's alignments."""
SEEN_AFTER = timedelta(weeks=26)
"""How long after scenarios part they are compared, where that is later than the cut-off."""
DATED = ("events", "conditions", "interventions", "postures", "turns")
"""What of a scenario has a date from which it counts."""
WORDING = {
    "name": "", "title": "", "question": "", "note": "",
    "expect": (), "targets": (), "observations": (),
}  # fmt: skip
"""What of a scenario no week depends on."""
PATHS = ("tilt", "incumbent_seat", "rival_seat")
"""Indices whose paths are kept week by week."""


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
    """The answer of a comparison: ensembles with the same luck, side by side.

    Attributes
    ----------
    weeks
        Monday of every week that is common to all runs.
    dates
        Dates at which outcomes are compared.
    reference, others
        The first ensemble, and those compared with it.
    inputs
        File → SHA-256 of every file that the scenarios are made of.
    """

    kind: ClassVar[str] = KIND
    name: ClassVar[str] = "differences"

    weeks: tuple[Day, ...]
    dates: tuple[Day, ...]
    reference: Side
    others: tuple[Side, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[Side, ...]:
        """All ensembles, the reference first."""
        return (self.reference, *self.others)

    def differences(self, other: Side) -> list[Difference]:
        """Return the differences of an ensemble from the reference, outcome by outcome."""
        return [
            difference(name, day, values[row], other.dated[name][row])
            for name, values in self.reference.dated.items()
            for row, day in enumerate(self.dates)
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
        case = self.reference.ensemble.scenario.case
        changed = [
            f"{side.label} is of a case with other {' and '.join(tables)}: a difference is one of "
            "these too"
            for side in self.others
            if (tables := other_tables(case, side.ensemble.scenario.case))
        ]
        return [f"{label} {text}" for label in late] + changed

    def unlike(self) -> list[str]:
        """Say whose numbers are not drawn as the reference's: differences then hold the draws."""
        return [
            f"{side.label} does not draw its numbers as {self.reference.label} does: "
            f"{drawn_from(side.ensemble)}, and there {drawn_from(self.reference.ensemble)}. "
            "So a difference is one of draws too; with --defaults both draw from the ranges."
            for side in self.others
            if side.ensemble.vary
            and not same_draws(side.ensemble.scenario, self.reference.ensemble.scenario)
        ]

    def basis(self) -> Basis:
        """Return what the comparison rests on."""
        return _basis([side.ensemble for side in self.sides], self.inputs)

    def sentences(self) -> list[str]:
        """Say what each scenario does to the tilt, and in how many worlds."""
        from .render import comparison_sentences

        return [*self.unlike(), *comparison_sentences(self)]

    def tables(self) -> Mapping[str, Table]:
        """Return the differences, a row for scenario, outcome and date."""
        rows = [
            {
                "scenario": side.label,
                "outcome": entry.outcome,
                "date": entry.day.isoformat(),
                **entry.record(),
            }
            for side in self.others
            for entry in self.differences(side)
        ]
        return {self.name: _table("Paired differences, other less reference", rows)}

    def figures(self) -> Mapping[str, Figure]:
        """Draw paths and differences."""
        from .figures import draw_comparison

        return draw_comparison(self)

    def record(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {
            "reference": self.reference.label,
            "conditional_on": self.reference.ensemble.conditional_on(),
            "notes": [*self.unlike(), *self.notes()],
            "worlds": self.reference.ensemble.worlds,
            "seed": self.reference.ensemble.seed,
            "dates": [day.isoformat() for day in self.dates],
            "differences": {
                side.label: _by_outcome(self.differences(side)) for side in self.others
            },
        }


def other_tables(one: Case, other: Case) -> list[str]:
    """Return the tables of two cases of one cast that differ in what a run depends on."""
    return [name for name in TABLES if getattr(one, name) != getattr(other, name)]


def drawn_from(ensemble: Ensemble) -> str:
    """Say where the numbers of an ensemble's worlds come from."""
    posterior = ensemble.scenario.posterior
    if posterior is None:
        return "all from their ranges"
    own = [n.removeprefix("weight:") for n in posterior.overruled if n.startswith("weight:")]
    ranges = f", the weights of {', '.join(own)} from their ranges" if own else ""
    return f"from the posterior frozen on {posterior.frozen}{ranges}"


def _by_outcome(found: Sequence[Difference]) -> dict[str, dict[str, Any]]:
    record: dict[str, dict[str, Any]] = {}
    for entry in found:
        record.setdefault(entry.outcome, {})[entry.day.isoformat()] = entry.record()
    return record


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(title, tuple(rows[0]), tuple(tuple(row.values()) for row in rows))


def _basis(ensembles: Sequence[Ensemble], inputs: Mapping[str, str]) -> Basis:
    first = ensembles[0]
    specification = {
        "seed": first.seed,
        "worlds": first.worlds,
        "vary": first.vary,
        "luck": first.luck,
        "scenarios": [ensemble.scenario.model_dump(mode="json") for ensemble in ensembles],
    }
    return Basis(KIND, specification, first.conditional_on(), inputs)


# --- scenarios side by side -----------------------------------------------------------------------


def compare(
    *ensembles: Ensemble,
    at: Sequence[Day] = (),
    labels: Sequence[str] = (),
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
) -> Comparison:
    """Run ensembles with the same luck and set them side by side.

    Parameters
    ----------
    ensembles
        Two or more; the first is the reference. Worlds, seed and what varies must be equal.
    at
        Dates to compare at; by default the cut-off of the reference, if it lies inside all runs,
        and the last common week. Where the scenarios part only later than the cut-off, half a
        year after they do stands in its place.
    labels
        Names of the ensembles; those of their scenarios by default.
    runner
        Where worlds are run.
    inputs
        File → SHA-256 of every file that the scenarios are made of.

    Raises
    ------
    InputError
        If the runs can not be paired: of other cases, without a common week, a date outside.
    """
    names = tuple(labels) or tuple(names_of([ensemble.scenario for ensemble in ensembles]))
    _check_pairs(ensembles, names)
    start, end = common_span(ensembles, names)
    dates = tuple(at) or dates_of([ensemble.scenario for ensemble in ensembles], start, end)
    for day in dates:
        if not start <= day <= end:
            text = f"lies outside the time common to all runs, {start} to {end}"
            raise InputError.at(f"--at {day}", f"{text}; choose a date inside it")
    weeks = tuple(d for d in ensembles[0].scenario.mondays() if monday(start) <= d <= end)
    reference, *others = _sides(names, ensembles, weeks, dates, runner)
    return Comparison(weeks, dates, reference, tuple(others), inputs or {})


def dates_of(scenarios: Sequence[Scenario], start: Day, end: Day) -> tuple[Day, ...]:
    """Return the default dates of a comparison of scenarios in the span common to all."""
    dates = default_dates(scenarios[0], start, end)
    first = scenarios[0]
    parted = min(first_difference(first, other) or first.start for other in scenarios[1:])
    if parted < dates[0]:
        return dates
    return tuple(dict.fromkeys((min(monday(parted + SEEN_AFTER), end), end)))


def first_difference(reference: Scenario, other: Scenario) -> Day | None:
    """Return the first day on which two scenarios differ, ``None`` if no common week does.

    Whatever differs and has no date of its own, such as a parameter, differs from the start.
    """
    undated = WORDING | dict.fromkeys(DATED, ()) | {"end": reference.end}
    if reference.model_copy(update=undated) != other.model_copy(update=undated):
        return max(reference.start, other.start)
    days = [
        entry.date
        for name in DATED
        for here, there in ((reference, other), (other, reference))
        for entry in set(getattr(here, name)).difference(getattr(there, name))
    ]
    return min(days, default=None)


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
    """Return the first and the last day that lie inside all runs; raises `InputError`."""
    spans = [(ensemble.scenario.start, ensemble.scenario.end) for ensemble in ensembles]
    start, end = max(first for first, _ in spans), min(last for _, last in spans)
    if start > end:
        listed = " and ".join(
            f"{name} ({first} to {last})"
            for name, (first, last) in zip(names, spans, strict=True)
            if start in (first, last) or end in (first, last)
        )
        text = f"{listed} have no week in common; choose runs that overlap"
        raise InputError.at("compare", text)
    return start, end


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


def _sides(
    labels: Sequence[str],
    ensembles: Sequence[Ensemble],
    weeks: tuple[Day, ...],
    dates: tuple[Day, ...],
    runner: Runner,
) -> list[Side]:
    """Run all ensembles and keep of each what is compared."""
    outcomes = outcomes_of(ensembles[0].scenario)
    batches = [ensemble.batch() for ensemble in ensembles]
    parts = gather(batches, partial(_kept, outcomes, weeks, dates), runner)
    each = len(parts) // len(ensembles)
    sides = []
    for n, (label, ensemble) in enumerate(zip(labels, ensembles, strict=True)):
        own = parts[n * each : (n + 1) * each]
        weekly, dated = (
            np.concatenate([part[name] for part in own], axis=-1) for name in ("weekly", "dated")
        )
        named = dict(zip(PATHS, weekly, strict=True)), dict(zip(outcomes, dated, strict=True))
        sides.append(Side(label, ensemble, *named))
    return sides


def _kept(
    outcomes: Sequence[str], weeks: Sequence[Day], dates: Sequence[Day], batch: Batch
) -> dict[str, Array]:
    """Run a batch; return paths (PATHS, weeks, worlds) and outcomes (outcomes, dates, worlds)."""
    scenario, cast = batch.scenario, cast_of(batch.scenario.case)
    arrays = {read_outcome(name, cast, "outcome").array for name in outcomes}
    paths = paths_of(sorted(arrays), batch)
    first = scenario.week_of(weeks[0])
    span = slice(first, first + len(weeks))
    rows = [scenario.week_of(day) for day in dates]
    return {
        "weekly": np.stack([paths.outcome(name)[span] for name in PATHS]),
        "dated": np.stack([paths.outcome(name)[rows] for name in outcomes]),
    }


# --- each event left out --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventEffect:
    """What leaving one event out does to an outcome: without it less with it, world by world.

    Attributes
    ----------
    event
        The event.
    takes
        Ids of conditions and interventions that stand because of it, and are left out with it.
    difference
        The scenario without the event less the scenario as it is.
    """

    event: Event
    takes: tuple[str, ...]
    difference: Difference

    @property
    def label(self) -> str:
        """The event's id, with those of what is left out beside it."""
        return self.event.id + (f" (with {', '.join(self.takes)})" if self.takes else "")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer of events left out in turn: those up to a date, of the largest effect first.

    Attributes
    ----------
    ensemble, outcome, day
        What was run, what was read of it, and when.
    effects
        What leaving each event out does.
    inputs
        File → SHA-256 of every file that the scenario is made of.
    """

    kind: ClassVar[str] = KIND
    name: ClassVar[str] = "effects"

    ensemble: Ensemble
    outcome: str
    day: Day
    effects: tuple[EventEffect, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)

    def basis(self) -> Basis:
        """Return what the ranking rests on."""
        return _basis([self.ensemble], self.inputs)

    def sentences(self) -> list[str]:
        """Say which event matters most."""
        from .render import ranking_sentences

        return ranking_sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return the events, of the largest effect first."""
        return {self.name: _table("Each event left out", effect_rows(self))}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the effects."""
        from .figures import draw_ranking

        return draw_ranking(self)

    def record(self) -> dict[str, Any]:
        """Return the ranking as plain data."""
        return {
            "scenario": self.ensemble.scenario.name,
            "conditional_on": self.ensemble.conditional_on(),
            "worlds": self.ensemble.worlds,
            "seed": self.ensemble.seed,
            "outcome": self.outcome,
            "date": self.day.isoformat(),
            "effects": effect_rows(self),
        }


def drop_each(
    ensemble: Ensemble,
    outcome: str = "tilt",
    at: Day | None = None,
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
) -> Ranking:
    """Leave each recorded event out in turn and rank events by what that does to an outcome.

    Conditions and interventions that stand because of an event are left out with it.

    Parameters
    ----------
    ensemble
        What to run; every variant has its worlds and luck.
    outcome, at
        Name of the outcome, and when; the cut-off by default, or the last week without one.
    runner
        Where worlds are run.
    inputs
        File → SHA-256 of every file that the scenario is made of.

    Raises
    ------
    InputError
        If the outcome is unknown, the date lies outside the run, or no event precedes it.
    """
    scenario = ensemble.scenario
    day = default_dates(scenario, scenario.start, scenario.end)[0] if at is None else at
    events = _events_until(scenario, outcome, day)
    variants = [Variant("as it is", scenario), *without_each(scenario, events)]
    reference, *without = outcomes_in(ensemble, variants, outcome, day, runner)
    effects = [
        EventEffect(
            event, dependents(scenario, event.id), difference(outcome, day, reference, values)
        )
        for event, values in zip(events, without, strict=True)
    ]
    effects.sort(key=lambda effect: (-abs(effect.difference.value), effect.event.id))
    return Ranking(ensemble, outcome, day, tuple(effects), inputs or {})


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
                "without": numbers["other"],
                "with": numbers["reference"],
                "effect": numbers["value"],
                **{key: numbers[key] for key in ("low", "high", "above", "below")},
            }
        )
    return rows
