"""Findings in the terminal: what discovery and claims say to a person."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from .claims.answer import Answer
from .discovery.search import Discovery
from .discovery.telling import drivers_sheet, interval, tree_sheet
from .sheets import Cell, Sheet, plain
from .wording import number, percent

NONE = "–"


def print_discovery(title: str, told: str, found: Discovery, note: str, console: Console) -> None:
    """Print where something holds: the sentence, the regions, the tree, what it depends on."""
    console.print(f"[bold]{escape(title)}[/bold]\n", soft_wrap=False)
    console.print(Padding(escape(told), (0, 0, 1, 2)))
    for place in range(len(found.regions)):
        print_region(found, place, console)
    console.print(shown(tree_sheet(found), {"mass", "searched", "held out"}))
    print_drivers(found, console)
    console.print(f"[dim]{escape(note)}[/dim]")


def print_region(found: Discovery, place: int, console: Console) -> None:
    """Print one region: its bounds with how surely each matters, and its measures."""
    region = found.regions[place]
    table = Table(
        title=f"Region {place + 1}: {percent(region.held_out.mass)} of the space; holds there in "
        f"{interval(region.density)}, which is {interval(region.coverage)} of all",
        title_justify="left", title_style="bold", box=None, pad_edge=False,
    )  # fmt: skip
    table.add_column("bound")
    for name in ("range swept", "found again", "quasi-p", "density without it"):
        table.add_column(name, justify="right")
    for bound in region.bounds:
        table.add_row(
            escape(str(bound)),
            f"{number(bound.smallest)} to {number(bound.largest)}",
            percent(bound.found_again),
            "<.001" if bound.quasi_p < 0.001 else f"{bound.quasi_p:.3f}",
            percent(bound.without.density),
        )
    console.print(table)
    console.print(
        f"[dim]On the half that was searched: {percent(region.searched.density)}, which is "
        f"{percent(region.searched.coverage)} of all.[/dim]\n"
    )


def print_drivers(found: Discovery, console: Console) -> None:
    """Print what the result depends on most, and how much of it is luck."""
    if found.drivers:
        console.print(shown(drivers_sheet(found.drivers), EXPLAINED, {"name"}))
    if not math.isnan(found.between_points):
        console.print(
            f"{percent(found.between_points)} of the variance lies between points; the rest is "
            "luck within a point (and coding, where it is drawn).\n"
        )


def shown(sheet: Sheet, shares: Collection[str] = (), hidden: Collection[str] = ()) -> Table:
    """Return a table for the terminal; a number and its ends stand in one cell.

    Parameters
    ----------
    sheet
        The table.
    shares
        Columns that are written as percentages.
    hidden
        Columns that are left out.
    """
    kept = [
        n
        for n, name in enumerate(sheet.columns)
        if name not in hidden and name.strip() not in {"p05", "p95"}
    ]
    table = Table(
        title=sheet.title, title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for place, n in enumerate(kept):
        side: Literal["left", "right"] = "left" if place == 0 else "right"
        table.add_column(escape(sheet.columns[n]), justify=side, overflow="fold")
    for row in sheet.rows:
        table.add_row(*[_cell(sheet, row, n, sheet.columns[n] in shares) for n in kept])
    return table


def _cell(sheet: Sheet, row: Sequence[Cell], n: int, share: bool) -> str:
    value = plain(row[n])
    if value is None:
        return NONE
    if not isinstance(value, float):
        return escape(str(value))
    ends = [plain(end) for end in row[n + 1 : n + 3]]
    if [name.strip() for name in sheet.columns[n + 1 : n + 3]] != ["p05", "p95"]:
        return _written(value, share)
    low, high = (_written(end, share) if isinstance(end, float) else NONE for end in ends)
    return f"{_written(value, share)} ({low}…{high})"


def _written(value: float, share: bool) -> str:
    return percent(value) if share else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def print_claims(rows: Sequence[tuple[str, str, str]], console: Console) -> None:
    """Print the names, titles and questions of claims, and how to run one."""
    table = Table(box=None, pad_edge=False)
    for column in ("claim", "title", "question"):
        table.add_column(column, overflow="fold")
    for name, title, question in rows:
        table.add_row(name, escape(title), escape(question))
    console.print(table)
    console.print("\nRun one by its name, or a file of your own: two-chairs claim NAME|FILE")


EXPLAINED = {"explains"}


def print_answer(answer: Answer, console: Console) -> None:
    """Print the answer to a claim: what is claimed, the verdict, where not, on what, the tables."""
    source, file = answer.space.source, answer.space.file
    where = f"paragraph {file.paragraph}, " if file.paragraph is not None else ""
    console.print(f"[bold]{escape(file.title)}[/bold] [dim]({where}{source.name})[/dim]")
    console.print(escape(file.says))
    console.print(f"{escape(file.question)}\n")
    for sentence in answer.sentences():
        console.print(Padding(escape(sentence), (0, 0, 1, 2)))
    for name, sheet in answer.sheets().items():
        if sheet.rows and name not in LONG:
            console.print(shown(sheet, EXPLAINED if "explains" in sheet.columns else (), {"name"}))
            console.print()
    console.print(f"[dim]{escape(answer.conditional_on())}[/dim]")


def print_theories(
    told: Mapping[str, Any], sentences: Sequence[str], sheets: Mapping[str, Sheet], console: Console
) -> None:
    """Print rival theories: where the model loses, what each predicts, how each scores."""
    console.print(f"[bold]Rival theories on '{escape(told['scenario'])}'[/bold]")
    for sentence in sentences:
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    shares = {"in 95 %", *sheets["regimes"].columns[2:]}
    for name, sheet in sheets.items():
        if name not in LONG:
            rows = tuple((str(name).replace("-", " "), *rest) for name, *rest in sheet.rows)
            console.print(shown(replace(sheet, rows=rows), shares))
            console.print()
    for theory in told["theories"].values():
        fixed = ", ".join(f"{key} = {value:g}" for key, value in theory["parameters"].items())
        text = f"{theory['label']} ({fixed})" if fixed else theory["label"]
        console.print(f"[dim]{escape(text)}[/dim]", soft_wrap=False)
    console.print(f"\n[dim]{escape(told['conditional_on'])}[/dim]")


LONG = {"map", "levels", "polls"}
"""Tables that only the folder holds: a figure shows them better."""
