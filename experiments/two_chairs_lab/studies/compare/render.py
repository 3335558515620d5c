"""What a comparison says to a person in the terminal."""

from __future__ import annotations

from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.terminal import plain_table

from .differences import Difference
from .study import Comparison, Ranking, Side

WIDE = 104
"""Columns from which a table has room for a third decimal."""
MOST_ROWS = 20
"""Events listed on the terminal; the table on disk has all."""


def comparison_sentences(made: Comparison) -> list[str]:
    """Say of every scenario how the tilt differs from the reference's at the first date."""
    first = made.dates[0]
    found = {
        side.label: next(
            entry
            for entry in made.differences(side)
            if (entry.outcome, entry.day) == ("tilt", first)
        )
        for side in made.others
    }
    return [
        f"{label} less {made.reference.label}, {first:%d %b %Y}: tilt {signed(entry, 3)}, "
        f"higher in {percent(entry.above)} of worlds and lower in {percent(entry.below)}."
        for label, entry in found.items()
    ]


def ranking_sentences(ranking: Ranking) -> list[str]:
    """Say which event matters most to the outcome."""
    effect = ranking.effects[0]
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    return [
        f"Of {len(ranking.effects):,} events left out in turn, {effect.label} moves {label} on "
        f"{ranking.day:%d %b %Y} most: without it, it would differ by "
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
        "[dim]Median of the differences world by world (5…95 % of worlds); of shares the "
        "difference and its 90 % interval. >0: worlds in which the difference is above zero.[/dim]"
    )
    for note in made.notes():
        console.print(f"Note: {escape(note)}.")


def _difference_table(made: Comparison, side: Side, digits: int) -> Table:
    case = made.reference.ensemble.scenario.case
    title = f"{side.label} less {made.reference.label}: {side.ensemble.title()}"
    columns = [part for day in made.dates for part in (f"{day:%d %b %Y}", ">0")]
    table = plain_table(escape(title), ["", *columns])
    rows: dict[str, list[str]] = {name: [] for name in made.reference.dated}
    for entry in made.differences(side):
        rows[entry.outcome] += [signed(entry, digits), percent(entry.above)]
    for name, cells in rows.items():
        table.add_row(escape(outcome_label(name, case)), *cells)
    return table


def signed(entry: Difference, digits: int) -> str:
    """Write a difference with its interval, signed; a zero has no sign."""
    numbers = (round(n, digits) + 0.0 for n in (entry.value, entry.low, entry.high))
    value, low, high = (f"{n:+.{digits}f}" if n else f"{0.0:.{digits}f}" for n in numbers)
    return f"{value} ({low}…{high})"


def _print_effects(ranking: Ranking, console: Console) -> None:
    """Print what leaving each event out does to an outcome, the largest effect first."""
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    title = f"Each event left out, {label} on {ranking.day}: without it less with it"
    table = plain_table(escape(title), ["event", "date", "", "effect", ">0"], left=3)
    for column in table.columns[:2]:
        column.no_wrap = True
    for effect in ranking.effects[:MOST_ROWS]:
        takes = f" (with {', '.join(effect.takes)})" if effect.takes else ""
        words = shorten(effect.event.says, 80, placeholder=" …") + takes
        cells = (signed(effect.difference, 3), percent(effect.difference.above))
        table.add_row(escape(effect.event.id), str(effect.event.date), escape(words), *cells)
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
