"""Spreadsheets as people have them, read into rows of cells: text of any separator, workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError
from two_chairs.extras import needed

from .text import read_bytes, shown

Cells = list[tuple[int, list[str]]]
"""Rows of a sheet that hold something: their number there, and their cells without outer blanks."""

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
"""Endings of files that may hold a table, in small letters."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
AS_UTF8 = "in Excel choose Save As → CSV UTF-8"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a table as they stand, and what had to be understood to find them.

    Attributes
    ----------
    place
        The file as it is shown.
    rows
        Rows that hold something, the headings first.
    separator
        Sign between cells; empty in a workbook.
    read_as
        What differs from a text with commas, in words.
    torn
        What is wrong with the text below the last row, if anything.
    """

    place: str
    rows: Cells
    separator: str = ","
    read_as: tuple[str, ...] = ()
    torn: InputError | None = None


def read_sheet(path: Path, known: Callable[[str], bool]) -> Sheet:
    """Read the cells of a table: a workbook by what it holds, else a text.

    Parameters
    ----------
    path
        File with any ending.
    known
        Whether a cell of the first row is the heading of a column.

    Raises
    ------
    InputError
        If the file can not be read.
    """
    data = read_bytes(path)
    if data.startswith(_WORKBOOKS):
        return _workbook(path, data, known)
    return text_sheet(shown(path), decoded(data, shown(path)), known)


def decoded(data: bytes, place: str) -> str:
    """Return the text of a table; raises `InputError` if it is not in UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError.at(place, f"is saved as UTF-16 (Unicode Text); {AS_UTF8}")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8; {AS_UTF8}"
        raise InputError.at(f"{place}: line {line}", problem) from None
    if "\x00" in text:
        raise InputError.at(place, f"holds NUL bytes; {AS_UTF8}")
    return text


def text_sheet(place: str, text: str, known: Callable[[str], bool]) -> Sheet:
    """Split a text into cells, by the sign that separates its headings best."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').casefold()
    if said.startswith("sep=") and len(said) == 5:  # a line for Excel, which does not show it
        separator, text = first.strip().strip('"')[4], rest
    else:
        separator = separator_of(text, known)
    read_as = () if separator == "," else (SEPARATORS.get(separator, f"'{separator}' for commas"),)
    rows: Cells = []
    try:
        for row in _numbered(text, separator, place):
            rows.append(row)
    except InputError as error:
        return Sheet(place, _filled(rows), separator, read_as, error)
    return Sheet(place, _filled(rows), separator, read_as)


def separator_of(text: str, known: Callable[[str], bool]) -> str:
    r"""Return the sign that makes the most headings of a text's first line that is not empty.

    Examples
    --------
    >>> separator_of("id;says\nA;b, c, d, e\n", {"id", "says"}.__contains__)
    ';'
    """
    line = next((line for line in io.StringIO(text) if line.strip(' ,;\t"\r\n')), "")

    def headings(sign: str) -> int:
        try:
            return sum(known(cell) for cell in next(csv.reader([line], delimiter=sign), []))
        except csv.Error:
            return 0  # it is told with its row where the rows are read

    return max(SEPARATORS, key=headings)


def _numbered(text: str, separator: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file, counted from 1; raises where quotation marks do not pair up."""
    number = 0
    lines = io.StringIO(text, newline="")
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator, strict=True), 1):
            yield number, row
    except csv.Error as error:
        remedy = "close the cell, double the marks within it, or restore the file if it is cut"
        raise InputError.at(
            f"{place}: row {number + 1}", f"quotation marks do not pair up ({error}); {remedy}"
        ) from None


def _filled(rows: Iterable[tuple[int, Sequence[str]]]) -> Cells:
    """Return the rows that hold something; blanks that do not break, too, are outer blanks."""
    stripped = ((number, [cell.strip() for cell in row]) for number, row in rows)
    return [(number, row) for number, row in stripped if any(row)]


def _workbook(path: Path, data: bytes, known: Callable[[str], bool]) -> Sheet:
    """Read the one sheet of a workbook that has the headings."""
    place = shown(path)
    calamine = needed("python_calamine", "excel", place)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {
            sheet.name: _filled(
                (number, [_cell(value) for value in row])
                for number, row in enumerate(
                    book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), start=1
                )
            )
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
        }
    except (calamine.CalamineError, OSError) as error:
        text = f"can not be read as a workbook ({error}); save it again as .xlsx or CSV UTF-8"
        raise InputError.at(place, text) from None
    fitting = [name for name, rows in sheets.items() if rows and any(map(known, rows[0][1]))]
    if len(fitting) > 1:
        listed = " and ".join(f"'{name}'" for name in fitting)
        text = f"the sheets {listed} both hold such a table; keep one, or save it alone"
        raise InputError.at(place, text)
    name = fitting[0] if fitting else next(iter(sheets), "")
    kind = "a workbook" if path.suffix.lower() != ".csv" else "a workbook named .csv"
    return Sheet(place, sheets.get(name, []), "", (f"{kind}, sheet '{name}'",))


def _cell(value: Any) -> str:
    """Return a workbook's cell as a text would hold it.

    Examples
    --------
    >>> [_cell(value) for value in (2.0, 0.35, True, date(2024, 3, 4), "a")]
    ['2', '0.35', 'true', '2024-03-04', 'a']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
