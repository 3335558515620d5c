"""What a comparison says to a person in the terminal."""

from __future__ import annotations

from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.terminal import plain_table

from .study import Comparison, Difference, Ranking, Side

WIDE = 104
"""Columns from which a table has room for a third decimal."""
MOST_ROWS = 20
"""Events listed on the terminal; the table on disk has all."""


def print_comparison(made: Comparison, console: Console) -> None:
    """Print the paired differences of every outcome, a table a scenario."""
    reference = made.reference
    console.print(f"[bold]{escape(reference.ensemble.title())}[/bold], the reference")
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
    console.print(f"[dim]{escape(reference.ensemble.conditional_on())}[/dim]")


def _difference_table(made: Comparison, side: Side, digits: int) -> Table:
    case = made.reference.ensemble.scenario.case
    title = f"{side.label} less {made.reference.label}: {side.ensemble.title()}"
    columns = [part for day in made.dates for part in (f"{day:%d %b %Y}", ">0")]
    table = plain_table(escape(title), ["", *columns])
    rows: dict[str, list[str]] = {name: [] for name in made.reference.dated}
    for entry in made.differences(side):
        rows[entry.outcome] += [_told(entry, digits), _above(entry)]
    for name, cells in rows.items():
        table.add_row(escape(outcome_label(name, case)), *cells)
    return table


def _told(entry: Difference, digits: int) -> str:
    """Write a difference with its interval, signed; a zero has no sign."""
    numbers = (round(n, digits) + 0.0 for n in (entry.value, entry.low, entry.high))
    told = [f"{n:+.{digits}f}" if n else f"{0.0:.{digits}f}" for n in numbers]
    return f"{told[0]} ({told[1]}…{told[2]})"


def _above(entry: Difference) -> str:
    if 0.0 < entry.above < 0.01:
        return "<1%"
    return ">99%" if 0.99 < entry.above < 1.0 else f"{entry.above:.0%}"


def print_ranking(ranking: Ranking, console: Console) -> None:
    """Print events by their effect on an outcome, the largest first."""
    scenario = ranking.ensemble.scenario
    label = outcome_label(ranking.outcome, scenario.case)
    console.print(f"[bold]{escape(ranking.ensemble.title())}[/bold]")
    title = f"What each event did to {label} by {ranking.day}: with it less without it"
    table = plain_table(escape(title), ["event", "date", "", "effect", ">0"], left=3)
    for column in table.columns[:2]:
        column.no_wrap = True
    for effect in ranking.effects[:MOST_ROWS]:
        taken = f" (with {', '.join(effect.takes)})" if effect.takes else ""
        words = shorten(effect.event.says, 80, placeholder=" …") + taken
        cells = (_told(effect.difference, 3), _above(effect.difference))
        table.add_row(escape(effect.event.id), str(effect.event.date), escape(words), *cells)
    console.print(table)
    left = len(ranking.effects) - MOST_ROWS
    if left > 0:
        console.print(f"… and {left} more of smaller effect.")
    share = ranking.effects[0].difference.kind == "share"
    told = "Difference of shares and its 90 % interval" if share else "Median (5…95 % of worlds)"
    console.print(
        f"[dim]{told}, paired, same luck; effects do not add up, since each event is taken out "
        "alone.[/dim]"
    )
    console.print(f"[dim]{escape(ranking.ensemble.conditional_on())}[/dim]")
