"""Terminal tables: what a run says to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from two_chairs.actors import PATRONS, REGIMES, TWO_CHAIRS, Array
from two_chairs.scenario import Day, Scenario, monday
from two_chairs.trajectory import CHOICES, INDICES, Trajectory

from .ensemble import Verdict, first_week, quantiles, yearly_means
from .results import RunResult
from .wording import band, percent

EARLY = 25
"""Weeks into a run of the first date that is told."""
WHERE_COLUMNS = (
    ("tilt", "tilt"),
    ("incumbent_seat", "incumbent's seat"),
    ("rival_seat", "rival's seat"),
    ("breadth", "breadth"),
    ("split", "split"),
    ("strain", "strain"),
)
PAYOFFS = ("security", "welfare", "autonomy")
COMPOSITES: Mapping[str, tuple[float, float, float]] = {
    "equal weights": (1 / 3, 1 / 3, 1 / 3),
    "security first": (0.6, 0.2, 0.2),
    "welfare first": (0.2, 0.6, 0.2),
    "autonomy first": (0.2, 0.2, 0.6),
}
"""Weights of security, welfare and autonomy in the composite payoffs; assumption, shown apart."""
GAP = 2
"""Columns between two columns of a table."""
LEAST_TEXT = 24
"""Columns that a running text needs beside others before it is given lines of its own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as plain text, the same in the terminal and in a report.

    Attributes
    ----------
    title
        What the numbers are.
    columns
        Heads of the columns; the first column names the rows.
    rows
        Cells, each row as long as ``columns``.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def key_dates(scenario: Scenario) -> dict[str, Day]:
    """Return the dates a reader asks for: half a year in, the cut-off, and the end."""
    dates = {"early": monday(scenario.start + timedelta(weeks=EARLY))}
    if scenario.agents_act_from is not None and scenario.agents_act_from > scenario.start:
        dates["cut-off"] = scenario.agents_act_from
    dates["end"] = scenario.end
    inside = {name: day for name, day in dates.items() if scenario.start <= day <= scenario.end}
    return dict(sorted(inside.items(), key=lambda entry: entry[1]))


def print_run(result: RunResult, console: Console) -> None:
    """Print the answer of a run: where, how sure, since when, at what price, as expected or not."""
    scenario, paths = result.ensemble.scenario, result.paths
    console.print(f"[bold]{escape(result.ensemble.title())}[/bold]")
    console.print(escape(scenario.question))
    console.print()
    for sentence in answer(result):
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    for sheet in (where_sheet(result), regime_sheet(scenario, paths), payoff_sheet(result)):
        console.print(laid_out(sheet, console.width))
    for title, verdicts in verdict_groups(result).items():
        console.print(verdict_table(title, verdicts, console.width))
    console.print(f"[dim]{escape(result.ensemble.conditional_on())}[/dim]")


def answer(result: RunResult) -> list[str]:
    """Say in sentences where the pivot sits at the key dates, and since when on two chairs."""
    scenario, paths = result.ensemble.scenario, result.paths
    pivot = scenario.case.actors[scenario.case.with_role("pivot")].name
    sentences = []
    for day in key_dates(scenario).values():
        week = paths.week_of(day)
        low, middle, high = quantiles(paths.outcome("tilt")[week])
        shares = sorted(
            ((float(paths.regime_share(regime)[week]), regime) for regime in REGIMES), reverse=True
        )
        listed = ", ".join(
            f"{scenario.case.regimes[regime]} in {percent(share)}"
            for share, regime in shares
            if share > 0
        )
        acting = scenario.agents_act_from is not None and day > scenario.agents_act_from
        lead = f"the model leads {pivot} to:" if acting else f"{pivot} sits in:"
        sentences.append(
            f"{day:%d %b %Y}: {lead} {listed} of worlds; "
            f"tilt {middle:+.2f} ({low:+.2f} to {high:+.2f})."
        )
    first = first_week(paths.regime_share(REGIMES[TWO_CHAIRS]))
    two = scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    sentences.append(definition(scenario))
    if first is None:
        sentences.append(f"In no week do at least half of the worlds sit on {two}.")
    else:
        since = paths.dates[first]
        sentences.append(f"At least half of the worlds sit on {two} for the first time on {since}.")
    return sentences


def definition(scenario: Scenario) -> str:
    """Say when the pivot sits on two chairs, by the thresholds of the scenario."""
    values = {name: entry.value for name, entry in scenario.parameters.items()}
    taken, lost = values["seat_taken"], values["seat_lost"]
    stay, come = values["two_chairs_limit"], values["two_chairs_entry"]
    rival, incumbent = _label("rival", scenario), _label("incumbent", scenario)
    return (
        f"Tilt is {rival}'s seat less {incumbent}'s, −1 to 1. "
        f"On {scenario.case.regimes['two-chairs']}: both seats held (taken at {taken:.2f}, lost "
        f"below {lost:.2f}) and tilt within ±{stay:.2f}, ±{come:.2f} to come there from one chair."
    )


def interval(values: Array) -> str:
    """Write the median over worlds with the 5th and 95th percentile."""
    low, middle, high = quantiles(values)
    return f"{_two(middle)} ({_two(low)}…{_two(high)})"


def _two(number: float) -> str:
    """Write a number with two decimals, and no minus before a zero."""
    return f"{round(float(number), 2) + 0.0:.2f}"


def laid_out(sheet: Sheet, width: int) -> Group:
    """Lay a sheet out in a number of columns: as it is, or column below column where narrow."""
    shaped = sheet if _natural_width(sheet) <= width else _stacked(sheet)
    return Group(f"[bold]{escape(sheet.title)}[/bold]", _plain_table(shaped))


def _stacked(sheet: Sheet) -> Sheet:
    """Return a sheet of two columns: each column's head, and below it a line a row."""
    rows: list[tuple[str, str]] = []
    for place, head in enumerate(sheet.columns[1:], start=1):
        rows.append((head, ""))
        rows += [(f"  {row[0]}", row[place]) for row in sheet.rows]
    return Sheet(sheet.title, ("", ""), tuple(rows))


def _natural_width(sheet: Sheet) -> int:
    lines = (sheet.columns, *sheet.rows)
    widths = [max(cell_len(cell) for cell in cells) for cells in zip(*lines, strict=True)]
    return sum(widths) + GAP * (len(widths) - 1)


def _plain_table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(sheet.columns))
    for number, column in enumerate(sheet.columns):
        left = number == 0
        table.add_column(
            escape(column), justify="left" if left else "right", no_wrap=not left, overflow="fold"
        )
    for row in sheet.rows:
        style = "dim" if row[0].strip() in COMPOSITES else ""
        table.add_row(*(escape(cell) for cell in row), style=style)
    return table


def where_sheet(result: RunResult) -> Sheet:
    """Return the indices at the key dates: median and 5–95 % of worlds."""
    scenario, paths = result.ensemble.scenario, result.paths
    series = {_label(label, scenario): paths.outcome(name) for name, label in WHERE_COLUMNS}
    return _at_key_dates("Where: median (5–95 % of worlds)", series, scenario, paths)


def _at_key_dates(
    title: str, series: Mapping[str, Array], scenario: Scenario, paths: Trajectory
) -> Sheet:
    dates = key_dates(scenario)
    weeks = [paths.week_of(day) for day in dates.values()]
    rows = tuple(
        (name, *(interval(values[week]) for week in weeks)) for name, values in series.items()
    )
    return Sheet(title, ("", *(f"{day:%d %b %Y}" for day in dates.values())), rows)


def _label(label: str, scenario: Scenario) -> str:
    for patron in PATRONS:
        label = label.replace(patron, scenario.case.actors[scenario.case.with_role(patron)].name)
    return label


def regime_sheet(scenario: Scenario, paths: Trajectory) -> Sheet:
    """Return the share of worlds in each regime, as the mean of each year."""
    years = [day.year for day in paths.dates]
    means = {regime: yearly_means(paths.regime_share(regime), years) for regime in REGIMES}
    listed = list(means[REGIMES[0]])
    rows = tuple(
        (scenario.case.regimes[regime], *(percent(means[regime][year]) for year in listed))
        for regime in REGIMES
    )
    title = "Share of worlds in each regime, mean of the year"
    return Sheet(title, ("", *map(str, listed)), rows)


def payoff_sheet(result: RunResult) -> Sheet:
    """Return the payoffs at the key dates, and composites under several weights."""
    scenario, paths = result.ensemble.scenario, result.paths
    series: dict[str, Array] = {name: paths.outcome(name) for name in PAYOFFS}
    payoffs = list(series.values())
    for name, weights in COMPOSITES.items():
        series[name] = np.asarray(sum(w * v for w, v in zip(weights, payoffs, strict=True)))
    return _at_key_dates("Payoffs to the pivot: median (5–95 %)", series, scenario, paths)


def verdict_groups(result: RunResult) -> dict[str, Sequence[Verdict]]:
    """Return what was expected and what the source says came of it, under their headings."""
    groups = {
        "Expectations of the scenario's author": result.expectations,
        "What the source says came of it": result.targets,
    }
    return {title: verdicts for title, verdicts in groups.items() if verdicts}


def verdict_sheet(title: str, verdicts: Iterable[Verdict]) -> Sheet:
    """Return what was expected, the share of worlds in which it holds, and the median compared."""
    rows = tuple(
        (
            "holds" if verdict.held else "FAILS",
            _expected(verdict),
            percent(verdict.share),
            interval(verdict.values),
        )
        for verdict in verdicts
    )
    return Sheet(title, ("", "expected", "worlds", "measured"), rows)


def _expected(verdict: Verdict) -> str:
    key = getattr(verdict.expectation, "id", "")
    return f"{key}: {verdict.expectation.text}" if key else verdict.expectation.text


def verdict_table(title: str, verdicts: Iterable[Verdict], width: int) -> Table:
    """Lay out what was expected; in a narrow place the numbers stand below the text."""
    sheet = verdict_sheet(title, verdicts)
    measured = max(cell_len(row[3]) for row in (sheet.columns, *sheet.rows))
    beside = width - measured - len("FAILSworlds") - 3 * GAP >= LEAST_TEXT
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("expected", overflow="fold")
    if beside:
        table.add_column("worlds", justify="right", no_wrap=True)
        table.add_column("measured", justify="right", no_wrap=True)
    for mark, text, share, values in sheet.rows:
        painted = f"[{'green' if mark == 'holds' else 'red'}]{mark}[/]"
        if beside:
            table.add_row(painted, escape(text), share, values)
        else:
            table.add_row(painted, f"{escape(text)}\n{share} of worlds; measured {values}")
    return table


# --- one world ------------------------------------------------------------------------------------


def world_log(paths: Trajectory, acts_from: Day | None) -> dict[str, Any]:
    """Return one world week by week: indices, and every choice that was made, with its date.

    Before agents act a choice is what the model would have done: ``acted`` is false.
    """
    return {
        "dates": [day.isoformat() for day in paths.dates],
        **{name: paths.outcome(name)[:, 0].tolist() for name in INDICES},
        "choices": [
            {
                "date": day.isoformat(),
                "actor": actor,
                "choice": choice,
                "acted": acts_from is not None and day >= monday(acts_from),
            }
            for day, actor, choice in choices_of(paths)
        ],
    }


def choices_of(paths: Trajectory) -> list[tuple[Day, str, str]]:
    """Return every decision of the first world: date, actor, what it chose."""
    codes = paths.arrays["choices"][:, :, 0]
    return [
        (day, actor, CHOICES[role][codes[week, place]])
        for week, day in enumerate(paths.dates)
        for place, (actor, role) in enumerate(paths.cast.roles.items())
        if codes[week, place] >= 0
    ]


def print_world(paths: Trajectory, world: int, scenario: Scenario, console: Console) -> None:
    """Print the decisions of one world and where it stood when they were made."""
    log = world_log(paths, scenario.agents_act_from)
    actors = [actor for actor, role in paths.cast.roles.items() if CHOICES[role]]
    made: dict[str, list[dict[str, Any]]] = {}
    for entry in log["choices"]:
        made.setdefault(entry["date"], []).append(entry)
    rows = []
    for date, entries in made.items():
        week = log["dates"].index(date)
        regime = scenario.case.regimes[REGIMES[int(paths.arrays["regime"][week, 0])]]
        acted = "were acted on" if entries[0]["acted"] else "were only logged"
        choices = [entry["choice"] for entry in entries]
        rows.append((date, *choices, f"{log['tilt'][week]:+.3f}", regime, acted))
    columns = ("date", *actors, "tilt", "regime", "the choices")
    sheet = Sheet(f"World {world}: decisions and position", columns, tuple(rows))
    console.print(laid_out(sheet, console.width))


# --- a calibration --------------------------------------------------------------------------------


def print_calibration(told: Mapping[str, Any], title: str, console: Console) -> None:
    """Print what a calibration found: first where it loses, then scores and the posterior."""
    console.print(f"[bold]{escape(title)}[/bold]")
    for key, rival in (("loses_to_no_change", "no change"), ("loses_to_linear_trend", "a trend")):
        lost = "; ".join(told[key])
        beats = f"The model beats {rival} on every series."
        text = f"The model loses to {rival} on: {lost}." if lost else beats
        console.print(Padding(escape(text), (0, 0, 0, 2)))
    for test, theories in told["scores"].items():
        rows = tuple(
            (
                theory,
                f"{100 * entry['mean_absolute_error']:.1f} pts",
                f"{100 * entry['crps']:.1f} pts",
                f"{100 * entry['coverage']['95 %']:.0f} %",
            )
            for theory, entry in theories.items()
        )
        columns = ("theory", "mean abs. error", "CRPS", "inside 95 %")
        console.print(laid_out(Sheet(f"Answers left out, {test}", columns, rows), console.width))
    prior = told["prior"]
    moved = tuple(
        (name, band(prior[name]) if name in prior else "", band(after))
        for name, after in told["posterior"].items()
    )
    sheet = Sheet("Before and after, median (5–95 %)", ("parameter", "before", "after"), moved)
    console.print(laid_out(sheet, console.width))
    console.print(f"[dim]{escape(told['conditional_on'])}[/dim]")
