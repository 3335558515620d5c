"""A user's table, read into rows: headings found, cells understood, one line told of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from two_chairs.errors import InputError, Problem, nearest, notice

from . import cells
from .sheets import Sheet, read_sheet
from .text import Row

KINDS = {datetime.date: cells.days, float: cells.numbers, int: cells.numbers, bool: cells.truths}
_INDICES = ("", "unnamed:_0")
"""Headings, as `fold` leaves them, under which data frames write the numbers of their rows."""


def fold(heading: str) -> str:
    """Return a heading as it is compared.

    Examples
    --------
    >>> fold(" Weight low ")
    'weight_low'
    """
    return "_".join(heading.replace("-", " ").replace("_", " ").casefold().split())


def read_table(model: type[BaseModel], path: Path) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a table that are whole, in the documented form, and what is wrong.

    A notice says in one line how the sheet was understood, if it differs from that form.

    Raises
    ------
    InputError
        If the file can not be read, is empty, or its headings are not those of the record.
    """
    columns = tuple(model.model_fields)
    sheet = read_sheet(path, lambda cell: fold(cell) in columns)
    if not sheet.rows:
        empty = Problem(sheet.place, f"is empty; its first row names {_listed(columns)}")
        raise InputError(sheet.torn.problems if sheet.torn else [empty])
    headings, read_as = _headings(model, sheet)
    rows, problems = _whole_rows(model, sheet, headings)
    read_as = [*sheet.read_as, *read_as, *cells.without_blanks(rows)]
    for kind in dict.fromkeys(KINDS.values()):
        found = _understood(kind, model, rows, sheet.separator)
        read_as += found.read_as
        problems += cells.placed(found, sheet.place)
    if read_as:
        notice(sheet.place, f"read as {', '.join(read_as)}")
    return rows, [*(sheet.torn.problems if sheet.torn else ()), *problems]


def _understood(
    kind: Any, model: type[BaseModel], rows: Sequence[Row], separator: str
) -> cells.Understood:
    """Bring the cells of one kind into the documented form, and return how they were read."""
    columns = [name for name in model.model_fields if kind_of(model, name) is kind]
    first: dict[str, cells.Place] = {}
    for number, row in rows:
        for name in columns:
            if name in row and row[name] not in first:
                first[row[name]] = (number, name)
    found: cells.Understood = kind(first, separator) if kind is cells.numbers else kind(first)
    if any(text != plain for text, plain in found.cells.items()):
        for _, row in rows:
            row |= {name: found.cells[row[name]] for name in columns if name in row}
    return found


def kind_of(model: type[BaseModel], column: str) -> Any:
    """Return the function that understands a column's cells, ``None`` for texts."""
    types = set(_types(model.model_fields[column].annotation))
    return next((kind for each, kind in KINDS.items() if each in types), None)


def _types(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for part in inner:
        yield from _types(part)


def _headings(model: type[BaseModel], sheet: Sheet) -> tuple[list[str], list[str]]:
    """Return the column of each cell, empty where it is passed over, and what was passed over."""
    columns = tuple(model.model_fields)
    top, written = sheet.rows[0]
    where = f"{sheet.place}: row {top}"
    headings = [fold(cell) for cell in written]
    if not set(headings) & set(columns):
        text = f"names no column; the first row must name {_listed(columns)}"
        raise InputError.at(where, text)
    read_as, problems = [], []
    for number, heading in enumerate(headings):
        if heading in columns:
            continue
        content = [row[number] for _, row in sheet.rows[1:] if len(row) > number]
        if heading in _INDICES and _counts_up(content):
            headings[number] = ""
            read_as.append("without its index column")
        elif heading or any(content):
            problems.append(Problem(where, _unknown(written[number], number, columns)))
    problems += [
        Problem(where, f"column '{name}' is missing; add it")
        for name, entry in model.model_fields.items()
        if name not in headings and entry.is_required()
    ]
    problems += [
        Problem(where, f"column '{name}' stands {headings.count(name)} times; keep one")
        for name in columns
        if headings.count(name) > 1
    ]
    if problems:
        raise InputError(problems)
    return headings, read_as


def _unknown(written: str, number: int, columns: Sequence[str]) -> str:
    if not written:
        return f"column {letters(number)} has cells and no heading; name it or empty it"
    return f"column '{written}' is unknown; {nearest(fold(written), columns)}"


def letters(number: int) -> str:
    """Return the letters by which a spreadsheet calls a column, counted from 0.

    Examples
    --------
    >>> [letters(number) for number in (0, 25, 26)]
    ['A', 'Z', 'AA']
    """
    rest, last = divmod(number, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def _counts_up(content: Sequence[str]) -> bool:
    """Whether cells only number their rows, from 0 or from 1."""
    counted = [str(number) for number in range(len(content) + 1)]
    return bool(content) and content in (counted[:-1], counted[1:])


def _whole_rows(
    model: type[BaseModel], sheet: Sheet, headings: Sequence[str]
) -> tuple[list[Row], list[Problem]]:
    """Return the rows as cells by column, and what is wrong with rows that are not whole.

    Cells that are missing at the end of a row are blanks, if all of their columns may be blank.
    Blank cells too many are passed over, but not behind a last cell that is filled: it may have
    been moved there by a comma that stands in a text without quotes.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    fields: Mapping[str, Any] = model.model_fields
    short = len(headings)
    while short and not (headings[short - 1] and fields[headings[short - 1]].is_required()):
        short -= 1
    for number, row in sheet.rows[1:]:
        blank = len(row) <= len(headings) or not any(row[len(headings) - 1 :])
        if short <= len(row) and blank:
            cells_by_name = zip(headings, row, strict=False)
            rows.append((number, {name: cell for name, cell in cells_by_name if name and cell}))
            continue
        signs = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(sheet.separator, "")
        remedy = (
            f"quote texts that hold {signs}" if len(row) > len(headings) else "complete the row"
        )
        text = f"has {len(row)} cells where the header has {len(headings)}; {remedy}"
        problems.append(Problem(f"{sheet.place}: row {number}", text))
    return rows, problems


def _listed(columns: Sequence[str]) -> str:
    return f"the columns {', '.join(columns)}"
