"""Tables as plain text, laid out for any width."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Group
from rich.markup import escape
from rich.table import Table as Grid

from .numbers import percent
from .table import Cell, Table, plain

NONE = "–"
"""What stands in a cell without a value."""


def shown_cells(sheet: Table, shares: Collection[str] = (), hidden: Collection[str] = ()) -> Grid:
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
    table = Grid(
        title=sheet.title, title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for place, n in enumerate(kept):
        side: Literal["left", "right"] = "left" if place == 0 else "right"
        table.add_column(escape(sheet.columns[n]), justify=side, overflow="fold")
    for row in sheet.rows:
        table.add_row(*[_cell(sheet, row, n, sheet.columns[n] in shares) for n in kept])
    return table


def _cell(sheet: Table, row: Sequence[Cell], n: int, share: bool) -> str:
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
    faint
        Names of rows that are shown faintly.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faint: frozenset[str] = frozenset()


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
    return Sheet(sheet.title, ("", ""), tuple(rows), sheet.faint)


def _natural_width(sheet: Sheet) -> int:
    lines = (sheet.columns, *sheet.rows)
    widths = [max(cell_len(cell) for cell in cells) for cells in zip(*lines, strict=True)]
    return sum(widths) + GAP * (len(widths) - 1)


def _plain_table(sheet: Sheet) -> Grid:
    table = Grid(box=None, pad_edge=False, show_header=any(sheet.columns))
    for number, column in enumerate(sheet.columns):
        left = number == 0
        table.add_column(
            escape(column), justify="left" if left else "right", no_wrap=not left, overflow="fold"
        )
    for row in sheet.rows:
        style = "dim" if row[0].strip() in sheet.faint else ""
        table.add_row(*(escape(cell) for cell in row), style=style)
    return table


def plain_table(title: str, columns: list[str], *, left: int = 1) -> Grid:
    """Return an empty table without rules; numbers stand to the right."""
    table = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        justify = "left" if number < left else "right"
        table.add_column(column, justify=justify, no_wrap=number >= left)  # type: ignore[arg-type]
    return table
