"""Tables: printed, written as CSV, and part of a JSON object."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from two_chairs_lab.statistics.resampling import Estimate

Plain = str | float | int | bool | None
Cell = Plain | Estimate
"""What stands in a cell; an estimate is a number with its interval."""
ENDS = ("p05", "p95")
"""What the ends of an interval are called in a file, after the name of their column."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    title
        What it shows, with what its numbers are.
    columns
        Names of the columns, no two alike; the first names the rows.
    rows
        Cells, each row as long as ``columns``; ``None`` and NaN are empty.
    faint
        Names of rows that are shown faintly.
    intervals
        Names of columns of estimates in a table that may have no row to tell them by.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    faint: frozenset[str] = frozenset()
    intervals: tuple[str, ...] = ()

    def flat(self) -> tuple[list[str], list[list[Plain]]]:
        """Return columns and rows of plain cells: an estimate takes three, its ends named so."""
        wide = [
            name in self.intervals or any(isinstance(row[n], Estimate) for row in self.rows)
            for n, name in enumerate(self.columns)
        ]
        heads = zip(self.columns, wide, strict=True)
        columns = [name for head, is_wide in heads for name in _names(head, is_wide)]
        rows = [
            [part for pair in zip(row, wide, strict=True) for part in _parts(*pair)]
            for row in self.rows
        ]
        return columns, rows

    def records(self) -> list[dict[str, Plain]]:
        """Return a mapping a row, without NaN."""
        columns, rows = self.flat()
        return [dict(zip(columns, row, strict=True)) for row in rows]


def _names(head: str, is_wide: bool) -> list[str]:
    return [head, *(f"{head}_{end}" for end in ENDS)] if is_wide else [head]


def _parts(cell: Cell, is_wide: bool) -> list[Plain]:
    if isinstance(cell, Estimate):
        return [plain(part) for part in (cell.value, cell.low, cell.high)]
    return [plain(cell), None, None] if is_wide else [plain(cell)]


def plain(cell: Any) -> Plain:
    """Return a cell as plain data: no NumPy numbers, ``None`` for what is not finite."""
    value = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def write_tables(folder: Path, tables: Mapping[str, Table]) -> None:
    """Write each table as CSV under its name; an empty cell is blank."""
    for name, table in tables.items():
        columns, rows = table.flat()
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([list(map(_as_text, row)) for row in rows])


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def _as_text(cell: Plain) -> Plain:
    """Return a cell as it stands in a CSV file: blank if empty, no text that would be run."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
