"""Files of event data sets, each read by its own column names into one form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.files import raise_all, read_events
from two_chairs.scenario.records import EventRow
from two_chairs.scenario.text import read_text, shown

Format = Literal["gdelt", "icews", "polecat", "ledger"]


@dataclass(frozen=True, slots=True)
class Coded:
    """One row of a data set, in the form that all of them share.

    Attributes
    ----------
    line
        Row of its file, counted from 1.
    row
        What a ledger says of it; its actors and its act still as the data set names them.
    actor, target
        Codes by which each side may be known, the first that says anything first.
    states
        Whether both sides are states or parts of one, as far as the data set says.
    lead
        Whether it is what its text is about, as far as the data set says.
    """

    line: int
    row: EventRow
    actor: tuple[str, ...]
    target: tuple[str, ...]
    states: bool = True
    lead: bool = True


_GDELT = (
    "GLOBALEVENTID SQLDATE MonthYear Year FractionDate "
    "Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode Actor1EthnicCode "
    "Actor1Religion1Code Actor1Religion2Code Actor1Type1Code Actor1Type2Code Actor1Type3Code "
    "Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode "
    "Actor2Religion1Code Actor2Religion2Code Actor2Type1Code Actor2Type2Code Actor2Type3Code "
    "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions "
    "NumSources NumArticles AvgTone "
    "Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code "
    "Actor1Geo_ADM2Code Actor1Geo_Lat Actor1Geo_Long Actor1Geo_FeatureID "
    "Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code "
    "Actor2Geo_ADM2Code Actor2Geo_Lat Actor2Geo_Long Actor2Geo_FeatureID "
    "ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code "
    "ActionGeo_ADM2Code ActionGeo_Lat ActionGeo_Long ActionGeo_FeatureID DATEADDED SOURCEURL"
)
"""Columns of GDELT 2.0's event export, which has no header."""
_ICEWS = (
    "Event ID;Event Date;Source Name;Source Sectors;Source Country;Event Text;CAMEO Code;Intensity;"
    "Target Name;Target Sectors;Target Country;Story ID;Sentence Number;Publisher;City;District;"
    "Province;Country;Latitude;Longitude"
)
_POLECAT = (
    "Event ID;Event Date;Event Type;Event Mode;Event Intensity;Quad Code;Contexts;Actor Name;"
    "Actor Country;Actor COW;Primary Actor Sector;Actor Sectors;Actor Title;Actor Name Raw;"
    "Wikipedia Actor ID;Recipient Name;Recipient Country;Recipient COW;Primary Recipient Sector;"
    "Recipient Sectors;Recipient Title;Recipient Name Raw;Wikipedia Recipient ID;Placename;City;"
    "District;Province;Country;Latitude;Longitude;GeoNames ID;Raw Placename;Feature Type;Source;"
    "Publication Date;Story People;Story Organizations;Story Locations;Language;Version;"
    "Headline;Event Text;Story ID"
)
GDELT, ICEWS, POLECAT = _GDELT.split(), _ICEWS.split(";"), _POLECAT.split(";")
NEEDED = {
    "icews": ("Event ID", "Event Date", "Source Country", "CAMEO Code", "Target Country"),
    "polecat": ("Event ID", "Event Date", "Event Type", "Actor Country", "Recipient Country"),
}
_OF_A_STATE = {"", "GOV", "MIL", "LEG", "JUD", "SPY", "COP"}
"""Types of GDELT's actors that are a state or a part of one."""


def read_coded(path: Path, form: Format) -> list[Coded]:
    """Return the rows of a file of a data set.

    Raises
    ------
    InputError
        If its columns are not those of the format, or a row can not be read.
    """
    if form == "ledger":
        rows, problems = read_events(path)
        raise_all(problems)
        return [Coded(n, row, (row.actor,), (row.target,)) for n, (_, row) in enumerate(rows, 2)]
    table = _gdelt_table(path) if form == "gdelt" else _headed_table(path, form)
    make = _MAKERS[form]
    return [make(f"{shown(path)}: row {line}", line, cells) for line, cells in table]


def _gdelt_table(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    for line, cells in _cells(read_text(path), "\t", shown(path)):
        if len(cells) != len(GDELT):
            text = f"has {len(cells)} cells; GDELT 2.0's event export has {len(GDELT)}, tabs apart"
            raise InputError.at(
                f"{shown(path)}: row {line}", f"{text} and no header; check the file or --format"
            )
        yield line, dict(zip(GDELT, cells, strict=True))


def _headed_table(path: Path, form: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a table with headings, by column."""
    known = ICEWS if form == "icews" else POLECAT
    text = read_text(path)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = _cells(text, separator, shown(path))
    _, header = next(rows, (1, []))
    where = f"{shown(path)}: row 1"
    for name in header:
        if name not in known:
            told = f"column '{name}' is unknown in {form} files; {nearest(name, known)}"
            raise InputError.at(where, told)
    for name in NEEDED[form]:
        if name not in header:
            told = f"column '{name}' is missing; add it, or check --format ({form})"
            raise InputError.at(where, told)
    for line, cells in rows:
        if len(cells) != len(header):
            told = f"has {len(cells)} cells where the header has {len(header)}; complete the row"
            raise InputError.at(f"{shown(path)}: row {line}", told)
        yield line, dict(zip(header, cells, strict=True))


def _cells(text: str, separator: str, place: str) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text, newline="")
    if separator == "\t":
        reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=separator)
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            if any(cells):
                yield line, [cell.strip() for cell in cells]
    except csv.Error as error:
        text = f"is no row of a table ({error}); restore the file, or save it again"
        raise InputError.at(f"{place}: row {line + 1}", text) from None


def _day(where: str, text: str) -> date:
    try:
        return date.fromisoformat(text[:10] if "-" in text else text)
    except ValueError:
        remedy = "write it as YYYY-MM-DD"
        raise InputError.at(where, f"'{text}' is not a date of the calendar; {remedy}") from None


def _score(where: str, text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise InputError.at(where, f"'{text}' is not a number; write one such as 0.5") from None


def _row(
    key: str, day: date, sides: Sequence[str], action: str, says: str, document: str,
    score: float | None = None,
) -> EventRow:  # fmt: skip
    actor, target = (side or "?" for side in sides)
    return EventRow(
        id=key, date=day, actor=actor, target=target, action=action, goldstein=score,
        weight_low=0.5, weight_high=1.5, document=document, says=says,
    )  # fmt: skip


def _gdelt(where: str, line: int, c: Mapping[str, str]) -> Coded:
    names = [c["Actor1Name"] or c["Actor1Code"], c["Actor2Name"] or c["Actor2Code"]]
    day, score = _day(where, c["SQLDATE"]), _score(where, c["GoldsteinScale"])
    says = f"{names[0] or 'somebody'} toward {names[1] or 'somebody'}, CAMEO {c['EventCode']}"
    row = _row(
        f"G{c['GLOBALEVENTID']}", day, names, c["EventCode"], says, c["SOURCEURL"] or "GDELT", score
    )
    states = {c["Actor1Type1Code"], c["Actor2Type1Code"]} <= _OF_A_STATE
    one, other = (_codes(c[f"Actor{n}CountryCode"]) for n in (1, 2))
    return Coded(line, row, one, other, states, c["IsRootEvent"] != "0")


def _icews(where: str, line: int, c: Mapping[str, str]) -> Coded:
    names = [c.get(f"{side} Name") or c[f"{side} Country"] for side in ("Source", "Target")]
    what = c.get("Event Text") or f"CAMEO {c['CAMEO Code']}"
    row = _row(
        f"I{c['Event ID']}", _day(where, c["Event Date"]), names, c["CAMEO Code"],
        f"{names[0]} toward {names[1]}: {what}", c.get("Publisher") or "ICEWS",
        _score(where, c.get("Intensity", "")),
    )  # fmt: skip
    states = all(
        _of_state(c.get(f"{side} Sectors", ""), name == c[f"{side} Country"])
        for side, name in zip(("Source", "Target"), names, strict=True)
    )
    return Coded(line, row, _codes(c["Source Country"]), _codes(c["Target Country"]), states)


def _polecat(where: str, line: int, c: Mapping[str, str]) -> Coded:
    names = [c.get(f"{side} Name") or c[f"{side} Country"] for side in ("Actor", "Recipient")]
    kind = ":".join(filter(None, (c["Event Type"], c.get("Event Mode", ""))))
    row = _row(
        f"P{c['Event ID']}", _day(where, c["Event Date"]), names, kind,
        f"{names[0]} toward {names[1]}: {kind}", c.get("Source") or "POLECAT",
    )  # fmt: skip
    sides = [
        _codes(c[f"{side} Country"], c.get(f"{side} COW", "")) for side in ("Actor", "Recipient")
    ]
    states = all(
        _of_state(c.get(f"Primary {side} Sector", ""), name == c[f"{side} Country"])
        for side, name in zip(("Actor", "Recipient"), names, strict=True)
    )
    return Coded(line, row, sides[0], sides[1], states)


def _of_state(sectors: str, whole: bool) -> bool:
    """Whether an actor is a state or a part of one: its sectors say so, or there are none."""
    told = sectors.casefold()
    return whole or not told or any(word in told for word in ("gov", "mil", "legis", "judic"))


def _codes(*codes: str) -> tuple[str, ...]:
    return tuple(code.removesuffix(".0") for code in codes if code and code != "None")


_MAKERS: Mapping[str, Callable[[str, int, Mapping[str, str]], Coded]] = {
    "gdelt": _gdelt,
    "icews": _icews,
    "polecat": _polecat,
}
