"""What went into a run, with its sources: events, what is set on a date, parameters, ties."""

from __future__ import annotations

from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Event, Scenario
from two_chairs_lab.render.table import Table


def event_table(scenario: Scenario) -> Table:
    """Return every recorded event with its source and correction."""
    columns = (
        "id", "date", "who", "act (score)", "weight", "what happened", "source", "correction",
    )  # fmt: skip
    rows = tuple(
        (
            e.id,
            str(e.date),
            f"{scenario.case.actors[e.actor].name} → {scenario.case.actors[e.target].name}",
            f"{e.action} ({e.goldstein:+g}){_attack(e)}",
            _ranged(e.weight, e.weight_low, e.weight_high),
            e.says,
            _source(scenario, e),
            e.correction,
        )
        for e in sorted(scenario.events, key=lambda e: (e.date, e.id))
    )
    return Table("Recorded events, with their sources and corrections", columns, rows)


def _attack(event: Event) -> str:
    if not event.is_attack:
        return ""
    answered = "defended" if event.defended else "not defended"
    return f"; attack of severity {event.severity:g}, covered {event.coverage:g}, {answered}"


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:g}" if low == high else f"{value:g} ({low:g}–{high:g})"


def _source(scenario: Scenario, event: Event) -> str:
    document = scenario.case.documents.get(event.document)
    name = event.document if document is None else document.title
    return name if event.paragraph is None else f"{name}, paragraph {event.paragraph}"


def dated_table(scenario: Scenario) -> Table:
    """Return conditions and interventions by date."""
    rows = [
        (c.id, str(c.date), f"{c.condition} = {c.value:g}", c.source) for c in scenario.conditions
    ]
    for entry in scenario.interventions:
        set_to = entry.model_dump(exclude_none=True, exclude={"id", "date", "source", "because"})
        words = ", ".join(f"{key} {value}" for key, value in set_to.items())
        rows.append((entry.id, str(entry.date), words, entry.source))
    title = "Set by the scenario on a date"
    return Table(
        title, ("id", "date", "what", "source"), tuple(sorted(rows, key=lambda r: str(r[1])))
    )


def parameter_table(scenario: Scenario) -> Table:
    """Return every parameter with its range, meaning and source."""
    rows = []
    for name, entry in scenario.parameters.items():
        info, given = PARAMETERS[name], scenario.case.parameters.get(name)
        source, note = (
            (info.source, info.reference) if given is None else (given.source, given.note)
        )
        drawn = "drawn" if info.varied and entry.low < entry.high else "kept"
        value = f"{_ranged(entry.value, entry.low, entry.high)} {info.unit}"
        rows.append((f"{name} {info.symbol}", value, drawn, info.meaning, f"{source}: {note}"))
    columns = ("parameter", "value (range)", "in worlds", "meaning", "source")
    return Table("Parameters", columns, tuple(rows))


def institution_table(scenario: Scenario) -> Table:
    """Return the ties of the case."""
    case = scenario.case
    rows = tuple(
        (
            tie.name,
            case.actors[case.with_role(tie.seat)].name,
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
