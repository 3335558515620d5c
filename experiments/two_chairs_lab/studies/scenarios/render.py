"""Scenarios in the terminal: the list, one as it resolves, two side by side. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from two_chairs.scenario.records import Event, Scenario
from two_chairs.vocabulary import Day

NARROW = 72
"""Columns below which what is dated stands in two columns."""


def print_list(
    scenarios: Iterable[tuple[str, str, str]], titles: Mapping[str, str], console: Console
) -> None:
    """Print names and questions of scenarios, under the title of their case."""
    for case, rows in groupby(scenarios, lambda row: row[0].partition("/")[0]):
        table = Table(box=None, pad_edge=False, title_justify="left")
        table.title = escape(f"{case}: {titles[case]}")
        table.add_column("name", no_wrap=True, style="bold")
        table.add_column("question", overflow="fold")
        for name, _, question in rows:
            table.add_row(escape(name), escape(question))
        console.print(table)


def print_scenario(scenario: Scenario, console: Console) -> None:
    """Print a resolved scenario: settings, what is dated, every parameter with its range."""
    console.print(f"[bold]{escape(scenario.name)}[/bold]: {escape(scenario.title)}")
    console.print(escape(scenario.question))
    acting = scenario.agents_act_from or "never"
    console.print(f"{scenario.start} to {scenario.end}, agents act from {acting}\n")
    console.print(_dated_table(scenario, console.width))
    console.print(_parameter_table(scenario))


def _dated_table(scenario: Scenario, width: int) -> Table:
    narrow = width < NARROW
    table = Table(title="What is dated", title_justify="left", box=None, pad_edge=False)
    heads = ("id, date", "what") if narrow else ("id", "date", "who", "what", "weight")
    for column in heads:
        table.add_column(
            column,
            no_wrap=column != "what",
            overflow="fold" if column == "what" else "ellipsis",
            justify="right" if column == "weight" else "left",
        )
    for day, key, who, what, weight in sorted(_dated_rows(scenario)):
        if narrow:
            weighed = f"weight {weight}" if weight else ""
            side = "\n".join(filter(None, (escape(key), str(day), who, weighed)))
            table.add_row(side, escape(what))
        else:
            table.add_row(escape(key), str(day), who, escape(what), weight)
    return table


def _dated_rows(scenario: Scenario) -> list[tuple[Day, str, str, str, str]]:
    """Return what is dated: date, id, who to whom, what, weight."""
    rows: list[tuple[Day, str, str, str, str]] = [
        (
            e.date,
            e.id,
            f"{e.actor}>{e.target}",
            f"{e.action} ({e.goldstein:+g}{_attack(e)}): {e.says}",
            f"{e.weight:g}",
        )
        for e in scenario.events
    ]
    rows += [(c.date, c.id, "", f"{c.condition} = {c.value:g}", "") for c in scenario.conditions]
    rows += [
        (i.date, i.id, "", _set(i.model_dump(exclude_none=True)), "")
        for i in scenario.interventions
    ]
    rows += [
        (turn.date, turn.id, "", f"turn: {', '.join(s.told() for s in turn.shifts)}", "")
        for turn in scenario.turns
    ]
    rows += [(r.date, "", "", f"recorded posture {r.posture}", "") for r in scenario.postures]
    return rows


def _attack(event: Event) -> str:
    if not event.is_attack:
        return ""
    answered = "defended" if event.defended else "not defended"
    return f", severity {event.severity:g}, coverage {event.coverage:g}, {answered}"


def _set(fields: Mapping[str, object]) -> str:
    kept = {k: v for k, v in fields.items() if k not in {"id", "date", "source", "because"}}
    return ", ".join(f"{key} {value}" for key, value in kept.items())


def _parameter_table(scenario: Scenario) -> Table:
    table = Table(title="Parameters", title_justify="left", box=None, pad_edge=False)
    for column in ("name", "value", "low", "high"):
        table.add_column(column, justify="left" if column == "name" else "right", no_wrap=True)
    for name, entry in scenario.parameters.items():
        table.add_row(name, f"{entry.value:g}", f"{entry.low:g}", f"{entry.high:g}")
    return table


def print_differences(one: Scenario, other: Scenario, console: Console) -> None:
    """Print what differs between two resolved scenarios, key by key."""
    rows = differences(one, other)
    if not rows:
        console.print(f"{escape(one.name)} and {escape(other.name)} resolve to the same scenario.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("key", escape(one.name), escape(other.name)):
        table.add_column(column, overflow="fold")
    for key, left, right in rows:
        table.add_row(escape(key), escape(left), escape(right))
    console.print(table)


def differences(one: Scenario, other: Scenario) -> list[tuple[str, str, str]]:
    """Return (key, value here, value there) for every key of the resolved forms that differs."""
    left, right = flat(one), flat(other)
    return [
        (key, left.get(key, "–"), right.get(key, "–"))
        for key in dict.fromkeys([*left, *right])
        if left.get(key) != right.get(key)
    ]


def flat(scenario: Scenario) -> dict[str, str]:
    """Return a resolved scenario as one level of keys; dated things by id, each in one line."""
    record = scenario.model_dump(mode="json")
    keys: dict[str, str] = {}
    for name, value in record.items():
        if name in {"name", "title", "question", "note", "expect", "targets", "observations"}:
            continue
        if name == "posterior":
            keys[name] = posterior_told(scenario)
        elif name in {"events", "conditions", "interventions", "postures", "turns"}:
            own = "date" if name == "postures" else "id"
            for entry in value:
                values = {k: v for k, v in entry.items() if v not in (None, "") and k != own}
                keys[f"{name}[{entry[own]}]"] = ", ".join(f"{k}={v}" for k, v in values.items())
        else:
            keys |= _leaves(name, value)
    return keys


def posterior_told(scenario: Scenario) -> str:
    """Say in a line which posterior ensembles draw from."""
    posterior = scenario.posterior
    if posterior is None:
        return "none: ensembles draw from the ranges"
    overruled = ", ".join(posterior.overruled) or "nothing"
    return (
        f"{len(posterior.rows):,} draws of {len(posterior.names)} columns in {posterior.file}, "
        f"frozen on {posterior.frozen} ({posterior.source}); overruled here: {overruled}"
    )


def _leaves(prefix: str, value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {
            k: v
            for key, inner in value.items()
            for k, v in _leaves(f"{prefix}.{key}", inner).items()
        }
    if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        return {
            k: v for entry in value for k, v in _leaves(f"{prefix}[{entry['id']}]", entry).items()
        }
    return {prefix: str(value)}
