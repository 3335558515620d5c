"""Two coded tables side by side: which rows are one, and how far their columns agree."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from two_chairs.errors import InputError, Problem, nearest
from two_chairs.scenario.sheets import read_sheet
from two_chairs.scenario.text import shown
from two_chairs_lab.statistics.agreement import alpha, kappa

Key = tuple[str, ...]
Row = Mapping[str, str]
TEXTS = frozenset(("document", "paragraph", "says", "correction", "note", "source", "basis"))
"""Columns of running text: nobody expects two coders to write the same words."""
_SHARES = re.compile(r"\S+?:[\d.]+(;\S+?:[\d.]+)*$")


@dataclass(frozen=True, slots=True)
class Column:
    """How far two coders agree in one column.

    Attributes
    ----------
    name
        The column.
    rows
        Matched rows that both have filled.
    same
        Share of them in which both wrote the same.
    kappa
        Cohen's κ; NaN for numbers.
    alpha
        Krippendorff's α: of categories, or of numbers by their squared difference.
    apart
        Mean absolute difference; NaN for categories.
    """

    name: str
    rows: int
    same: float
    kappa: float
    alpha: float
    apart: float


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows of two tables by their key.

    Attributes
    ----------
    key
        Names of the columns that tell which rows are one.
    one, other
        Rows by key, in the order of their files.
    """

    key: Key
    one: Mapping[Key, Row]
    other: Mapping[Key, Row]

    @property
    def both(self) -> list[Key]:
        """Keys that both tables have."""
        return [key for key in self.one if key in self.other]

    @property
    def only(self) -> tuple[list[Key], list[Key]]:
        """Keys that only the one has, and only the other."""
        return (
            [key for key in self.one if key not in self.other],
            [key for key in self.other if key not in self.one],
        )

    def columns(self) -> list[Column]:
        """Return how far each column agrees that both have and that is no running text."""
        first = next(iter(self.one.values()))
        second = next(iter(self.other.values()))
        shared = [
            name for name in first if name in second and name not in {*self.key, *TEXTS, "id"}
        ]
        found = [self._column(name) for name in shared]
        return [column for column in found if column.rows]

    def _column(self, name: str) -> Column:
        ones, others = ([rows[key].get(name) or None for key in self.both] for rows in self._sides)
        pairs = [(a, b) for a, b in zip(ones, others, strict=True) if a and b]
        numbers = [(_number(a), _number(b)) for a, b in pairs]
        if not pairs:
            return Column(name, 0, math.nan, math.nan, math.nan, math.nan)
        if all(a is not None and b is not None for a, b in numbers):
            known = [(a or 0.0, b or 0.0) for a, b in numbers]
            same = sum(a == b for a, b in known) / len(known)
            apart = sum(abs(a - b) for a, b in known) / len(known)
            one, other = zip(*known, strict=True)
            return Column(
                name, len(known), same, math.nan, alpha([one, other], interval=True), apart
            )
        same = sum(a == b for a, b in pairs) / len(pairs)
        one, other = zip(*pairs, strict=True)
        return Column(
            name, len(pairs), same, kappa(one, other), alpha([one, other]), math.nan
        )  # fmt: skip

    @property
    def _sides(self) -> tuple[Mapping[Key, Row], Mapping[Key, Row]]:
        return self.one, self.other

    def different(self) -> list[tuple[Key, str, str, str]]:
        """Return key, column and both cells wherever the two differ, running texts apart."""
        return [
            (key, name, cell, there)
            for key in self.both
            for name, cell in self.one[key].items()
            if name not in {*self.key, *TEXTS, "id"}
            and name in self.other[key]
            and not _equal(cell, there := self.other[key][name])
        ]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _equal(one: str, other: str) -> bool:
    return one == other or (_number(one) is not None and _number(one) == _number(other))


def matched(
    key: Sequence[str], tables: Sequence[tuple[Path, Sequence[tuple[str, Row]]]]
) -> Matched:
    """Match the rows of two tables.

    Parameters
    ----------
    key
        Columns that tell which rows are one.
    tables
        Each table's file, and its rows with their places.

    Raises
    ------
    InputError
        If a table lacks a column of the key, has a key twice, or shares none with the other.
    """
    sides = [_by_key(tuple(key), path, rows) for path, rows in tables]
    found = Matched(tuple(key), *sides)
    if not found.both:
        (one, _), (other, _) = tables
        text = f"shares no {' and '.join(key)} with {shown(one)}; name other columns by --key"
        raise InputError.at(shown(other), text)
    return found


def _by_key(key: Key, path: Path, rows: Sequence[tuple[str, Row]]) -> dict[Key, Row]:
    if not rows:
        raise InputError.at(shown(path), "has no rows; name a table that was coded")
    columns = list(rows[0][1])
    for name in key:
        if name not in columns:
            text = f"has no column '{name}' of the key; {nearest(name, columns)}"
            raise InputError.at(shown(path), text)
    found: dict[Key, Row] = {}
    problems = []
    for place, row in rows:
        value = tuple(row[name] for name in key)
        if value in found:
            text = f"{', '.join(value)} stands twice; name more columns by --key"
            problems.append(Problem(place, text))
        found[value] = row
    if problems:
        raise InputError(problems)
    return found


def read_table(path: Path) -> list[tuple[str, Row]]:
    """Return the rows of any table with headings, each with its place.

    A cell such as ``LOYAL:0.9;HEDGE:0.1`` becomes a column of numbers for each of its names.

    Raises
    ------
    InputError
        If the file can not be read.
    """
    sheet = read_sheet(path, bool)
    if sheet.torn is not None:
        raise sheet.torn
    head = sheet.rows[0][1] if sheet.rows else []
    rows = []
    for number, cells in sheet.rows[1:]:
        row = dict(zip_longest(head, cells[: len(head)], fillvalue=""))
        row.pop("", None)
        rows.append((f"{shown(path)}: row {number}", row))
    return _with_shares(rows)


def _with_shares(rows: list[tuple[str, dict[str, str]]]) -> list[tuple[str, Row]]:
    """Spread columns all of whose cells are shares by name over a column a name."""
    if not rows:
        return []
    for name in list(rows[0][1]):
        cells = [row[name] for _, row in rows if row.get(name)]
        if not cells or not all(_SHARES.fullmatch(cell) for cell in cells):
            continue
        parts = [
            dict(part.rpartition(":")[::2] for part in cell.split(";"))
            for cell in (row.pop(name) for _, row in rows)
        ]
        names = dict.fromkeys(key for shares in parts for key in shares if key)
        for (_, row), shares in zip(rows, parts, strict=True):
            row |= {f"{name} {key}": shares.get(key, "0") for key in names}
    return [(place, row) for place, row in rows]
