"""Terminal tables: what a run says to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from two_chairs.actors import PATRONS, REGIMES, TWO_CHAIRS, Array
from two_chairs.scenario import Day, Scenario, monday
from two_chairs.trajectory import CHOICES, INDICES, Trajectory

from .ensemble import Verdict, first_week, quantiles, yearly_means
from .results import RunResult
from .wording import percent

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
    console.print(where_table(result))
    console.print(regime_table(scenario, paths))
    console.print(payoff_table(result))
    if result.expectations:
        console.print(verdict_table("Expectations of the scenario's author", result.expectations))
    if result.targets:
        console.print(verdict_table("What the source says came of it", result.targets))
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


def _interval(values: Array) -> str:
    low, middle, high = quantiles(values)
    return f"{_two(middle)} ({_two(low)}…{_two(high)})"


def _two(number: float) -> str:
    """Write a number with two decimals, and no minus before a zero."""
    return f"{round(float(number), 2) + 0.0:.2f}"


def _plain_table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number > 0)
    return table


def where_table(result: RunResult) -> Table:
    """Return the indices at the key dates: median and 5–95 % of worlds."""
    scenario, paths = result.ensemble.scenario, result.paths
    dates = key_dates(scenario)
    columns = [f"{day:%d %b %Y}" for day in dates.values()]
    table = _plain_table("Where: median (5–95 % of worlds)", ["", *columns])
    for name, label in WHERE_COLUMNS:
        values = paths.outcome(name)
        cells = [_interval(values[paths.week_of(day)]) for day in dates.values()]
        table.add_row(_label(label, scenario), *cells)
    return table


def _label(label: str, scenario: Scenario) -> str:
    for patron in PATRONS:
        label = label.replace(patron, scenario.case.actors[scenario.case.with_role(patron)].name)
    return label


def regime_table(scenario: Scenario, paths: Trajectory) -> Table:
    """Return the share of worlds in each regime, as the mean of each year."""
    years = [day.year for day in paths.dates]
    means = {regime: yearly_means(paths.regime_share(regime), years) for regime in REGIMES}
    listed = list(means[REGIMES[0]])
    table = _plain_table(
        "Share of worlds in each regime, mean of the year", ["", *map(str, listed)]
    )
    for regime in REGIMES:
        cells = [percent(means[regime][year]) for year in listed]
        table.add_row(scenario.case.regimes[regime], *cells)
    return table


def payoff_table(result: RunResult) -> Table:
    """Return the payoffs at the key dates, and composites under several weights."""
    scenario, paths = result.ensemble.scenario, result.paths
    dates = key_dates(scenario)
    columns = [f"{day:%d %b %Y}" for day in dates.values()]
    table = _plain_table("Payoffs to the pivot: median (5–95 %)", ["", *columns])
    payoffs = np.stack([paths.outcome(name) for name in PAYOFFS])
    for name, values in zip(PAYOFFS, payoffs, strict=True):
        table.add_row(name, *[_interval(values[paths.week_of(day)]) for day in dates.values()])
    for name, weights in COMPOSITES.items():
        mixed = sum(w * values for w, values in zip(weights, payoffs, strict=True))
        cells = [_interval(np.asarray(mixed)[paths.week_of(day)]) for day in dates.values()]
        table.add_row(f"[dim]{name}[/dim]", *cells)
    return table


def verdict_table(title: str, verdicts: Iterable[Verdict]) -> Table:
    """Return what was expected, the share of worlds in which it holds, and the median compared."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("expected")
    table.add_column("worlds", justify="right", no_wrap=True)
    table.add_column("measured", justify="right", no_wrap=True)
    for verdict in verdicts:
        mark = "[green]holds[/green]" if verdict.held else "[red]FAILS[/red]"
        key = getattr(verdict.expectation, "id", "")
        text = escape(f"{key}: {verdict.expectation.text}" if key else verdict.expectation.text)
        table.add_row(mark, text, percent(verdict.share), _interval(verdict.values))
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
    columns = ["date", *actors, "tilt", "regime", "the choices"]
    table = _plain_table(f"World {world}: decisions and position", columns)
    made: dict[str, list[dict[str, Any]]] = {}
    for entry in log["choices"]:
        made.setdefault(entry["date"], []).append(entry)
    for date, entries in made.items():
        week = log["dates"].index(date)
        regime = scenario.case.regimes[REGIMES[int(paths.arrays["regime"][week, 0])]]
        acted = "were acted on" if entries[0]["acted"] else "were only logged"
        choices = [entry["choice"] for entry in entries]
        table.add_row(date, *choices, f"{log['tilt'][week]:+.3f}", regime, acted)
    console.print(table)


# --- a calibration --------------------------------------------------------------------------------


def print_calibration(told: Mapping[str, Any], title: str, console: Console) -> None:
    """Print what a calibration found: first where it loses, then scores and the posterior."""
    console.print(f"[bold]{escape(title)}[/bold]")
    for key, rival in (("loses_to_no_change", "no change"), ("loses_to_linear_trend", "a trend")):
        lost = "; ".join(told[key])
        text = (
            f"The model loses to {rival} on: {lost}." if lost else f"It beats {rival} everywhere."
        )
        console.print(Padding(escape(text), (0, 0, 0, 2)))
    for test, theories in told["scores"].items():
        table = Table(title=f"Answers left out, {test}", title_justify="left", box=None)
        table.add_column("theory")
        for head in ("mean abs. error", "CRPS", "inside 95 %"):
            table.add_column(head, justify="right")
        for theory, entry in theories.items():
            numbers = (entry["mean_absolute_error"], entry["crps"])
            inside = f"{100 * entry['coverage']['95 %']:.0f} %"
            table.add_row(theory, *(f"{100 * n:.1f} pts" for n in numbers), inside)
        console.print(table)
    table = Table(title="Before and after, median (5–95 %)", title_justify="left", box=None)
    for head in ("parameter", "before", "after"):
        table.add_column(head)
    for name, after in told["posterior"].items():
        before = told["prior"].get(name)
        table.add_row(name, _band_text(before) if before else "", _band_text(after))
    console.print(table)
    console.print(f"[dim]{escape(told['conditional_on'])}[/dim]")


def _band_text(band: Mapping[str, float]) -> str:
    return f"{band['p50']:.3g} ({band['p05']:.3g} to {band['p95']:.3g})"
