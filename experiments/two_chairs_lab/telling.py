"""Terminal tables of comparisons and sensitivity: what differs or matters, and how surely."""

from __future__ import annotations

from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from two_chairs.scenario import Day

from .compare import Comparison, Difference, Ranking, Side
from .indices import Index
from .labels import FAMILY_LABELS, axis_label, outcome_label
from .sensitivity import FAMILIES, Sensitivity, family_of

WIDE = 104
"""Columns from which a table has room for a third decimal."""
MOST_ROWS = 20
"""Events listed on the terminal; the table on disk has all."""


def plain_table(title: str, columns: list[str], *, left: int = 1) -> Table:
    """Return an empty table without rules; numbers stand to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        justify = "left" if number < left else "right"
        table.add_column(column, justify=justify, no_wrap=number >= left)  # type: ignore[arg-type]
    return table


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


# --- sensitivity ----------------------------------------------------------------------------------

MOST_AXES = 12
"""Axes listed on the terminal for each date; the table on disk has all."""


def print_sensitivity(found: Sensitivity, console: Console) -> None:
    """Print how the variance of outcomes splits, and the axes that the first outcome hangs on."""
    study = found.study
    space = study.space
    console.print(f"[bold]{escape(space.scenario.title)}[/bold]: {escape(study.plan.question)}")
    varied = [f"{len(space.groups(f))} of {FAMILY_LABELS[f]}" for f in FAMILIES if space.groups(f)]
    console.print(f"Varied together: {', '.join(varied)}.\n")
    for outcome in study.plan.outcomes:
        console.print(_families_table(found, outcome))
    console.print(
        "[dim]Share of the variance that each explains alone (± half of a 90 % interval), in "
        "brackets the share in which it has a part; the rest only together. Spread: standard "
        "deviation.[/dim]\n"
    )
    for day in study.dates:
        console.print(_axes_table(found, study.plan.outcomes[0], day))
        console.print()
    console.print(
        "[dim]Total index: share of the variance in which the axis has a part; μ*: mean absolute "
        "change of the outcome over the whole range of the axis (Morris).[/dim]"
    )
    for note in space.notes():
        console.print(f"Note: {escape(note)}.")
    console.print(f"[dim]{escape(found.conditional_on())}[/dim]")


def _families_table(found: Sensitivity, outcome: str) -> Table:
    study = found.study
    present = [family for family in FAMILIES if study.space.groups(family)]
    label = outcome_label(outcome, study.space.scenario.case)
    columns = ["", "spread", *present, "together"]
    table = plain_table(escape(f"Whose is the spread of {label}?"), columns)
    table.columns[0].no_wrap = True
    for day in study.dates:
        split = found.families[outcome, day]
        cells = [_split_cell(index) for index in split.indices] or ["–"] * len(present)
        rest = f"{split.interaction:.0%} ±{split.interaction_error:.0%}".replace("-0%", "0%")
        together = rest if split.indices else split.unsplit()
        table.add_row(str(day), f"{split.deviation:.3f}", *cells, together)
    return table


def _split_cell(index: Index) -> str:
    first = f"{index.first:.0%}".replace("-0%", "0%")
    return f"{first} ±{index.first_error:.0%} ({index.total:.0%})"


def _axes_table(found: Sensitivity, outcome: str, day: Day) -> Table:
    label = outcome_label(outcome, found.study.space.scenario.case)
    title = f"What the spread of {label} hangs on, {day:%d %b %Y}"
    table = plain_table(escape(title), ["", "", "total index", "μ*"], left=2)
    effects = {effect.name: effect for effect in found.effects[outcome, day]}
    ranked = sorted(found.singles[outcome, day].indices, key=lambda index: -index.total)
    for index in ranked[:MOST_AXES]:
        effect = effects[index.name]
        table.add_row(
            axis_label(index.name),
            FAMILY_LABELS[family_of(index.name)],
            f"{index.total:.3f} ±{index.total_error:.3f}",
            f"{effect.mu_star:.3f} ±{effect.mu_star_error:.3f}",
        )
    return table
