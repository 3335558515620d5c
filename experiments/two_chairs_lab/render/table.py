"""Plain tables of findings: printed, written as CSV, and part of a JSON object."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Cell = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    title
        What it shows, with what its numbers are.
    columns
        Names of the columns; the first names the rows.
    rows
        Cells; ``None`` and NaN are empty.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[dict[str, Cell]]:
        """Return a mapping a row, without NaN."""
        return [dict(zip(self.columns, map(plain, row), strict=True)) for row in self.rows]


def plain(cell: Any) -> Cell:
    """Return a cell as plain data: no NumPy numbers, ``None`` for what is not finite."""
    value = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def write_sheets(folder: Path, sheets: Mapping[str, Table]) -> None:
    """Write each table as CSV under its name."""
    for name, sheet in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(sheet.columns)
            writer.writerows([["" if c is None else c for c in map(plain, r)] for r in sheet.rows])
