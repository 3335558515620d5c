"""Tables in the terminal: laid out for any width."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from rich.cells import cell_len
from rich.console import Group
from rich.markup import escape
from rich.table import Table as Grid

from two_chairs_lab.statistics.resampling import Estimate

from .numbers import decimal, percent
from .table import Cell, Plain, Table, plain

NONE = "–"
"""What stands in a cell without a value."""
GAP = 2
"""Columns between two columns of a table."""
LEAST_TEXT = 24
"""Columns that a running text needs beside others before it is given lines of its own."""


def shown(table: Table, shares: Collection[str] = (), hidden: Collection[str] = ()) -> Grid:
    """Return a table of numbers for the terminal; an estimate stands with its ends in one cell.

    Parameters
    ----------
    table
        The table.
    shares
        Columns that are written as percentages.
    hidden
        Columns that are left out.
    """
    kept = [n for n, name in enumerate(table.columns) if name not in hidden]
    grid = folding_table(table.title, *(escape(table.columns[n]) for n in kept))
    for row in table.rows:
        grid.add_row(*[_cell(row[n], table.columns[n] in shares) for n in kept])
    return grid


def _cell(cell: Cell, share: bool) -> str:
    if not isinstance(cell, Estimate):
        return _written(plain(cell), share)
    low, high = (_written(plain(end), share) for end in (cell.low, cell.high))
    return f"{_written(plain(cell.value), share)} ({low}…{high})"


def _written(value: Plain, share: bool) -> str:
    if value is None:
        return NONE
    if not isinstance(value, float):
        return escape(str(value))
    return percent(value) if share else decimal(value)


def laid_out(table: Table, width: int) -> Group:
    """Lay a table of texts out: as it is, or column below column where it is too wide."""
    shaped = table if _natural_width(table) <= width else _stacked(table)
    return Group(f"[bold]{escape(table.title)}[/bold]", _plain_table(shaped))


def _stacked(table: Table) -> Table:
    """Return a table of two columns: each column's head, and below it a line a row."""
    rows: list[tuple[Cell, ...]] = []
    for column, head in enumerate(table.columns[1:], start=1):
        rows.append((head, ""))
        rows += [(f"  {row[0]}", row[column]) for row in table.rows]
    return Table(table.title, ("", ""), tuple(rows), table.faint)


def _natural_width(table: Table) -> int:
    lines = (table.columns, *table.rows)
    widths = [max(cell_len(str(cell)) for cell in cells) for cells in zip(*lines, strict=True)]
    return sum(widths) + GAP * (len(widths) - 1)


def _plain_table(table: Table) -> Grid:
    grid = Grid(box=None, pad_edge=False, show_header=any(table.columns))
    for number, column in enumerate(table.columns):
        left = number == 0
        grid.add_column(
            escape(column), justify="left" if left else "right", no_wrap=not left, overflow="fold"
        )
    for row in table.rows:
        style = "dim" if str(row[0]).strip() in table.faint else ""
        grid.add_row(*(escape(str(cell)) for cell in row), style=style)
    return grid


def folding_table(title: str, *columns: str) -> Grid:
    """Return an empty table without rules whose cells fold; all but the first column to the right.

    Title and heads are read as markup.
    """
    grid = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        side: Literal["left", "right"] = "right" if number else "left"
        grid.add_column(column, justify=side, overflow="fold")
    return grid


def plain_table(title: str, columns: list[str], *, left: int = 1) -> Grid:
    """Return an empty table without rules; numbers stand to the right."""
    table = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        justify = "left" if number < left else "right"
        table.add_column(column, justify=justify, no_wrap=number >= left)  # type: ignore[arg-type]
    return table
