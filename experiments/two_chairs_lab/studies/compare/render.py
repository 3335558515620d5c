"""What a comparison says to a person in the terminal."""

from __future__ import annotations

from textwrap import shorten

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from two_chairs.axes import REGIMES, TWO_CHAIRS
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.numbers import date_words, decimal, percent, points
from two_chairs_lab.render.terminal import plain_table

from .differences import Difference
from .study import Comparison, Ranking, Side

WIDE = 104
"""Columns from which a table has room for a third decimal."""
MOST_ROWS = 20
"""Events listed on the terminal; the table on disk has all."""


def comparison_sentences(made: Comparison) -> list[str]:
    """Say of every scenario how it differs from the reference at the first date."""
    first, two = made.dates[0], f"regime:{REGIMES[TWO_CHAIRS]}"
    words = made.reference.ensemble.scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    sentences = []
    for side in made.others:
        found = {e.outcome: e for e in made.differences(side) if e.day == first}
        tilt, share = found["tilt"], found[two]
        sure = (
            "" if np.isnan(share.error) else f" (difference ± {points(share.error)} points, 95 %)"
        )
        sentences.append(
            f"{date_words(first)}, {side.label} beside {made.reference.label}: {words} in "
            f"{percent(share.other)} of simulated worlds instead of {percent(share.reference)}"
            f"{sure}; tilt {signed(tilt, 3)}, higher in {percent(tilt.above)} of worlds and lower "
            f"in {percent(tilt.below)}."
        )
    return sentences


def ranking_sentences(ranking: Ranking) -> list[str]:
    """Say which event matters most to the outcome."""
    effect = ranking.effects[0]
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    return [
        f"Of {len(ranking.effects):,} events left out in turn, {effect.label} moves {label} on "
        f"{date_words(ranking.day)} most: without it, it would differ by "
        f"{signed(effect.difference, 3)}."
    ]


def print_answer(made: Comparison | Ranking, console: Console) -> None:
    """Print a comparison or a ranking: what was run, the answer in words, the tables."""
    if isinstance(made, Comparison):
        console.print(f"[bold]{escape(made.reference.ensemble.title())}[/bold], the reference")
    else:
        console.print(f"[bold]{escape(made.ensemble.title())}[/bold]")
    for sentence in made.sentences():
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    if isinstance(made, Comparison):
        _print_differences(made, console)
    else:
        _print_effects(made, console)
    console.print(f"[dim]{escape(made.basis().conditional_on)}[/dim]")


def _print_differences(made: Comparison, console: Console) -> None:
    """Print the paired differences of every outcome, a table a scenario."""
    for side in made.others:
        console.print()
        console.print(_difference_table(made, side, 3 if console.width >= WIDE else 2))
    console.print()
    console.print(
        "[dim]Median of the differences world by world ± its error (5…95 % of worlds); of shares "
        "the difference and its 90 % interval. Errors are of the number of worlds, 95 %. >0: "
        "worlds in which the difference is above zero.[/dim]"
    )
    for note in made.notes():
        console.print(f"Note: {escape(note)}.")


def _difference_table(made: Comparison, side: Side, digits: int) -> Table:
    case = made.reference.ensemble.scenario.case
    title = f"{side.label} less {made.reference.label}: {side.ensemble.title()}"
    columns = [part for day in made.dates for part in (date_words(day), ">0")]
    table = plain_table(escape(title), ["", *columns])
    rows: dict[str, list[str]] = {name: [] for name in made.reference.dated}
    for entry in made.differences(side):
        rows[entry.outcome] += [signed(entry, digits), percent(entry.above)]
    for name, cells in rows.items():
        table.add_row(escape(outcome_label(name, case)), *cells)
    return table


def signed(entry: Difference, digits: int) -> str:
    """Write a difference with its error and interval, signed; that of a share in points."""
    scale, unit = (100.0, " points") if entry.kind == "share" else (1.0, "")
    places = 1 if entry.kind == "share" else digits
    numbers = (entry.value, entry.low, entry.high)
    value, low, high = (decimal(scale * number, places, sign=True) for number in numbers)
    error = "" if np.isnan(entry.error) else f" ± {decimal(scale * entry.error, places)}"
    return f"{value}{error}{unit} ({low}…{high})"


def _print_effects(ranking: Ranking, console: Console) -> None:
    """Print what leaving each event out does to an outcome, the largest effect first."""
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    title = f"Each event left out, {label} on {date_words(ranking.day)}: without it less with it"
    table = plain_table(escape(title), ["event", "date", "", "effect", ">0"], left=3)
    for column in table.columns[:2]:
        column.no_wrap = True
    for effect in ranking.effects[:MOST_ROWS]:
        takes = f" (with {', '.join(effect.takes)})" if effect.takes else ""
        words = shorten(effect.event.says, 80, placeholder=" …") + takes
        cells = (signed(effect.difference, 3), percent(effect.difference.above))
        table.add_row(escape(effect.event.id), date_words(effect.event.date), escape(words), *cells)
    console.print(table)
    left = len(ranking.effects) - MOST_ROWS
    if left > 0:
        console.print(f"… and {left} more of smaller effect.")
    share = ranking.effects[0].difference.kind == "share"
    what = "Difference of shares and its 90 % interval" if share else "Median (5…95 % of worlds)"
    console.print(
        f"[dim]{what}, paired, same luck; effects do not add up, since each event is left out "
        "alone.[/dim]"
    )
