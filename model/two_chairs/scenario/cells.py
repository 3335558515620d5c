"""Cells as spreadsheets of many countries write them, brought into the form that files document.

Pure functions: each takes the cells of one kind from a whole sheet, since what one cell leaves
open another may tell. What stays open is a problem; it is never guessed at in silence.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from two_chairs.errors import Problem

Place = tuple[int, str]
"""Where a cell stands: the number of its row, the name of its column."""
Cells = Mapping[str, Place]
"""Each text that stands in cells of one kind, with the first place where it stands."""


@dataclass(slots=True)
class Understood:
    """The documented form of each text, how they were read, and what can not be told."""

    cells: dict[str, str]
    read_as: list[str] = field(default_factory=list)
    problems: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, words: str) -> None:
        """Say once how cells were read."""
        if words not in self.read_as:
            self.read_as.append(words)


def placed(found: Understood, place: str) -> list[Problem]:
    """Return what can not be told as problems with their places."""
    return [
        Problem(f"{place}: row {row}, column {column}", text)
        for (row, column), text in found.problems
    ]


# Numbers

_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
_POINT = re.compile(r"[+-]?(\d*\.\d+|\d+\.)(e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_PLAIN = str.maketrans({"−": "-", "\N{NO-BREAK SPACE}": "", "\N{NARROW NO-BREAK SPACE}": ""})


def numbers(cells: Cells, separator: str) -> Understood:
    """Return numbers with decimal points and hyphens for minus signs.

    Parameters
    ----------
    cells
        All cells of the sheet that should hold numbers.
    separator
        What separates cells: where it is the comma, a decimal comma is doubtful.
    """
    found = Understood({text: text.translate(_PLAIN) for text in cells})
    commas = {text: plain for text, plain in found.cells.items() if _COMMA.fullmatch(plain)}
    if not commas:
        return found
    points = [text for text, plain in found.cells.items() if _POINT.fullmatch(plain)]
    text = next(iter(commas))
    pointed = text.replace(",", ".")
    others = f" (and {len(commas) - 1} more)" if len(commas) > 1 else ""
    if separator == ",":
        problem = f"'{text}' has a comma where commas separate cells; write {pointed}{others}"
    elif points:
        row, other = cells[points[0]][0], points[0]
        problem = f"'{text}' has a comma and '{other}' in row {row} a point; use one of them"
    elif separator != ";" and all(map(_THOUSANDS.fullmatch, commas.values())):
        whole = text.replace(",", "")
        problem = f"'{text}' can be {pointed} or {whole}; write which it is{others}"
    else:
        problem = ""
        found.add("decimal comma")
    if problem:
        found.problems.append((cells[text], problem))
    found.cells |= {text: plain.replace(",", ".") for text, plain in commas.items()}
    return found


# Dates

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"(.*\d)[ T]+0?0:00(:00([.,]0+)?)?(Z|[+-]00:00)?")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])\s?(\d{1,2})\2\s?(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})\.?")
_DAY_WORD = re.compile(r"(\d{1,2})[. -]+([a-z]{3,9})\.?[, -]+(\d{4}|\d{2})", re.IGNORECASE)
_WORD_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"\d{5}")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august",
           "september", "october", "november", "december")  # fmt: skip
_DASHES = str.maketrans(dict.fromkeys("−–‐‑", "-"))
"""Signs that word processors put in the stead of a hyphen."""
_EPOCH = datetime.date(1899, 12, 30)
"""The day that spreadsheets count from."""
_ORDERS = {".": "day.month.year", "/": "day/month/year", "-": "day-month-year"}


def days(cells: Cells) -> Understood:
    """Return dates as YYYY-MM-DD.

    Whether day or month comes first in ``3/4/2025`` is told by the other dates of the sheet.
    """
    found = Understood({text: text for text in cells})
    doubtful: dict[str, re.Match[str]] = {}
    for written in cells:
        text = found.cells[written] = _plain_day(found, written)
        if _ISO.fullmatch(text):
            continue
        if match := _YEAR_LAST.fullmatch(text):
            if match[2] == ".":
                _settle(found, written, match, day_first=True)
            else:
                doubtful[written] = match
        elif _DAY_NUMBER.fullmatch(text):
            counted = _EPOCH + datetime.timedelta(days=int(text))
            found.cells[written] = counted.isoformat()
            problem = f"'{text}' is a spreadsheet's day number, probably {counted}"
            problem += "; format the cells as dates and save again"
            found.problems.append((cells[written], problem))
        elif understood := _understood(text):
            found.cells[written], form = understood
            found.add(form)
    _settle_order(found, doubtful, cells)
    return found


def _plain_day(found: Understood, written: str) -> str:
    """Return a date with hyphens for dashes, and without the midnight of a date with a time."""
    text = written.translate(_DASHES)
    if text != written:
        found.add("dashes in dates as hyphens")
    if midnight := _MIDNIGHT.fullmatch(text):
        found.add("dates without their midnight")
        return midnight[1]
    return text


def _understood(text: str) -> tuple[str, str] | None:
    """Return a date that leaves nothing open, and its form; ``None`` if it is no such date."""
    if match := _YEAR_FIRST.fullmatch(text):
        form = f"year{match[2]}month{match[2]}day"
        return _date(match[1], match[3], match[4], text), form
    if match := _DAY_WORD.fullmatch(text):
        day, word, year, form = match[1], match[2], match[3], "day month year"
    elif match := _WORD_DAY.fullmatch(text):
        day, word, year, form = match[2], match[1], match[3], "month day, year"
    else:
        return None
    names = [month for month in _MONTHS if month.startswith(word.lower().removesuffix("t"))]
    if len(names) != 1:
        return None
    return _date(_century(year), str(_MONTHS.index(names[0]) + 1), day, text), form


def _century(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _date(year: str, month: str, day: str, written: str) -> str:
    """Return a date of the calendar as YYYY-MM-DD, what is none as it was written."""
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return written


def _settle(found: Understood, written: str, match: re.Match[str], *, day_first: bool) -> None:
    first, sign, second, year = match[1], match[2], match[3], match[4]
    day, month = (first, second) if day_first else (second, first)
    found.cells[written] = _date(_century(year), month, day, match[0])
    form = _ORDERS[sign] if day_first else f"month{sign}day{sign}year"
    found.add(form)
    if len(year) == 2:
        found.add("two-digit years as 20..")


def _settle_order(found: Understood, doubtful: Mapping[str, re.Match[str]], cells: Cells) -> None:
    """Settle dates such as 3/4/2025 by those of the sheet that can be read one way only."""
    day_first = [text for text, match in doubtful.items() if int(match[1]) > 12]
    month_first = [text for text, match in doubtful.items() if int(match[3]) > 12]
    open_ones = [text for text, match in doubtful.items() if int(match[1]) != int(match[3])]
    if day_first and month_first:
        one, other = day_first[0], month_first[0]
        text = (
            f"'{other}' has the month first and '{one}' in row {cells[one][0]} the day; "
            "write all dates as YYYY-MM-DD"
        )
        found.problems.append((cells[other], text))
    elif open_ones and not (day_first or month_first):
        match, others = doubtful[open_ones[0]], len(open_ones) - 1
        year = _century(match[4])
        ways = [
            _date(year, *pair, match[0]) for pair in ((match[3], match[1]), (match[1], match[3]))
        ]
        more = f" (and {others} more)" if others else ""
        text = f"'{match[0]}' can be {ways[0]} or {ways[1]}; write which it is, in that form{more}"
        found.problems.append((cells[open_ones[0]], text))
    first = set(day_first)
    for written, match in doubtful.items():
        _settle(found, written, match, day_first=written in first or not month_first)


# True and false

_TRUTHS = {
    "true": ("wahr", "vrai", "verdadero", "vero", "verdadeiro", "waar", "prawda", "doğru",
             "истина", "істина", "ճշմարիտ"),
    "false": ("falsch", "faux", "falso", "onwaar", "fałsz", "yanlış", "ложь", "хибність", "կեղծ"),
}  # fmt: skip
"""How spreadsheets of other languages write true and false."""
_TRUTH = {word: truth for truth, words in _TRUTHS.items() for word in words}


def truths(cells: Cells) -> Understood:
    """Return true and false in English, whatever the language of the spreadsheet."""
    found = Understood({text: text for text in cells})
    for text in cells:
        truth = _TRUTH.get(text.casefold())
        if truth is not None:
            found.cells[text] = truth
            found.add(f"{text} for {truth}")
    return found


BLANKS = ("NA", "#N/A")
"""How other programs write a blank cell."""


def without_blanks(rows: Sequence[tuple[int, dict[str, str]]]) -> list[str]:
    """Empty the cells that only say that they are blank, and say so."""
    read_as: list[str] = []
    for _, row in rows:
        for column in [column for column, text in row.items() if text in BLANKS]:
            words = f"{row.pop(column)} for blank"
            if words not in read_as:
                read_as.append(words)
    return read_as
