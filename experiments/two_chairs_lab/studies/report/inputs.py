"""What went into a run, with its sources: events, what is set on a date, parameters, ties."""

from __future__ import annotations

from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.provenance import at_defaults
from two_chairs.scenario.records import FREE, Event, Intervention, RecordedPosture, Scenario
from two_chairs_lab.render.names import input_name, role_name
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.render.table import Table

from .sources import source_of


def event_table(scenario: Scenario) -> Table:
    """Return every recorded event with its source and correction."""
    names = {key: actor.name for key, actor in scenario.case.actors.items()}
    rows = tuple(
        (
            date_words(e.date),
            e.says,
            f"{names[e.actor]} → {names[e.target]}: {_action(e)}{_attack(e)}; "
            f"weight {_ranged(e.weight, e.weight_low, e.weight_high)}",
            source_of(scenario, e),
            e.correction,
            e.id,
        )
        for e in sorted(scenario.events, key=lambda e: (e.date, e.id))
    )
    columns = ("date", "what happened", "how it was coded", "source", "note", "row")
    return Table("Recorded events, with their sources and corrections", columns, rows)


def _action(event: Event) -> str:
    score = f"{event.goldstein:+g}".replace("-", "−")
    return f"{event.action.replace('-', ' ')} ({score})"


def _attack(event: Event) -> str:
    if not event.is_attack:
        return ""
    answered = "defended" if event.defended else "not defended"
    return f"; attack of severity {event.severity:g}, covered {event.coverage:g}, {answered}"


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:g}" if low == high else f"{value:g} ({low:g}–{high:g})"


def dated_table(scenario: Scenario) -> Table:
    """Return conditions and interventions by date."""
    rows = [
        (c.date, f"{c.condition.replace('_', ' ')} = {c.value:g}", c.source, c.id)
        for c in scenario.conditions
    ]
    rows += [(i.date, _set_to(scenario, i), i.source, i.id) for i in scenario.interventions]
    rows += [
        (t.date, f"turn: {', '.join(shift.told() for shift in t.shifts)}", t.source, t.id)
        for t in scenario.turns
    ]
    rows += [(r.date, f"posture {_recorded(r)}", r.source, "") for r in scenario.postures]
    dated = tuple((date_words(day), *rest) for day, *rest in sorted(rows, key=lambda row: row[0]))
    return Table("Set by the scenario on a date", ("date", "what", "source", "row"), dated)


def _recorded(entry: RecordedPosture) -> str:
    """Say in words what a record of postures holds."""
    if entry.posture == FREE:
        return "chosen by the model"
    return f"as recorded: {entry.posture.lower()}"


def _set_to(scenario: Scenario, entry: Intervention) -> str:
    """Say in words what an intervention sets."""
    if entry.institution is not None:
        ties = {tie.id: tie.name for tie in scenario.case.institutions}
        return f"{ties[entry.institution]}: level {entry.level:g}"
    if entry.parameter is not None:
        return f"{input_name(entry.parameter)} = {entry.value:g}"
    if entry.coercion is not None:
        return f"coercion = {entry.coercion:g}"
    until = "" if entry.until is None else f", until {date_words(entry.until)}"
    return f"posture held: {str(entry.posture).lower()}{until}"


def parameter_table(scenario: Scenario) -> Table:
    """Return every parameter with its range, meaning and source."""
    rows, usual = [], at_defaults(scenario)
    for name, entry in scenario.parameters.items():
        info, given = PARAMETERS[name], scenario.case.parameters.get(name)
        source, note = (
            (info.source, info.reference) if given is None else (given.source, given.note)
        )
        note += "; the program's default" if name in usual else ""
        drawn = "drawn" if info.varied and entry.low < entry.high else "kept"
        value = f"{_ranged(entry.value, entry.low, entry.high)} {info.unit}"
        rows.append((input_name(name), value, drawn, info.meaning, f"{source}: {note}"))
    columns = ("parameter", "value (range)", "in worlds", "meaning", "source")
    return Table("Parameters", columns, tuple(rows))


def institution_table(scenario: Scenario) -> Table:
    """Return the ties of the case."""
    case = scenario.case
    rows = tuple(
        (
            tie.name,
            role_name(tie.seat, case),
            f"{scenario.institutions[tie.id]:g}",
            ", ".join(f"{d} {w:g}" for d, w in tie.weights.model_dump().items()),
            tie.source,
        )
        for tie in case.institutions
    )
    columns = ("institution", "seat of", "level at the start", "weights by domain", "source")
    return Table("Institutions", columns, rows)


def baseline_table(scenario: Scenario) -> Table:
    """Return the long-run alignments at the start."""
    names = {key: actor.name for key, actor in scenario.case.actors.items()}
    rows = []
    for pair, base in scenario.case.baselines.items():
        holder, toward = pair.split(">")
        numbers = (f"{value:g}" for value in base.values())
        rows.append((f"{names[holder]} → {names[toward]}", *numbers, base.source))
    columns = ("who toward whom", "security", "economy", "politics", "source")
    return Table("Long-run alignments at the start, −1 to 1", columns, tuple(rows))
