"""Reading of TOML and CSV into checked records, with every problem placed and explained."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import InputError, Problem, nearest

Record = TypeVar("Record", bound=BaseModel)
Loc = tuple[int | str, ...]


def shown(path: Path) -> str:
    """Return a path as a user would write it: relative to where they stand, if it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


# --- files --------------------------------------------------------------------------------------


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file; a byte-order mark is accepted."""
    place = shown(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError.at(place, f"there is no such file; {_neighbours(path)}") from None
    except IsADirectoryError:
        raise InputError.at(place, "this is a folder; name a file in it") from None
    except OSError as error:
        raise InputError.at(place, f"can not be read ({error.strerror}); check it") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError.at(
            f"{place}: row {line}",
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file in the encoding UTF-8",
        ) from None
    if "\x00" in text:
        raise InputError.at(place, "holds NUL bytes; save the file in the encoding UTF-8")
    return text


def _neighbours(path: Path) -> str:
    names = sorted(p.name for p in path.parent.glob(f"*{path.suffix}")) if path.suffix else []
    return nearest(path.name, names) if names else "check the path"


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        remedy = "correct it (a key stands once, texts in quotes, dates as 2023-11-23)"
        raise InputError.at(shown(path), f"not valid TOML: {error}; {remedy}") from None


def read_csv(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a comma-separated file, each with its row number in a spreadsheet.

    Every row must have as many cells as the header, and the header all columns. Empty rows are
    passed over; empty cells are left out.
    """
    place = shown(path)
    try:
        rows = list(csv.reader(io.StringIO(read_text(path), newline=""), strict=True))
    except csv.Error as error:
        raise InputError.at(
            place, f"a quoted cell does not end ({error}); close it or restore the cut file"
        ) from None
    if not rows:
        raise InputError.at(
            place, f"is empty; its first row names the columns {', '.join(columns)}"
        )
    header = [cell.strip() for cell in rows[0]]
    _check_header(place, header, columns)
    problems = [
        Problem(
            f"{place}: row {number}",
            f"has {len(row)} cells where the header has {len(header)}; "
            + (
                "quote texts that hold commas" if len(row) > len(header) else "complete the cut row"
            ),
        )
        for number, row in enumerate(rows[1:], start=2)
        if any(row) and len(row) != len(header)
    ]
    if problems:
        raise InputError(problems)
    return [
        (number, {k: cell.strip() for k, cell in zip(header, row, strict=True) if cell.strip()})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _check_header(place: str, header: Sequence[str], columns: Sequence[str]) -> None:
    where = f"{place}: row 1"
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        raise InputError.at(where, f"cells are separated by {mark}; save the file with commas")
    problems = [
        Problem(where, f"column '{name}' is unknown; {nearest(name, columns)}")
        for name in header
        if name not in columns
    ]
    problems += [
        Problem(where, f"column '{name}' is missing; add it (its cells may be empty)")
        for name in columns
        if name not in header
    ]
    problems += [
        Problem(where, f"column '{name}' stands twice; remove one")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    if problems:
        raise InputError(problems)


# --- records --------------------------------------------------------------------------------------


def check_table(model: type[Record], table: Mapping[str, Any], place: str) -> Record:
    """Return a checked record of a TOML table; raises with every problem and its key."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise InputError(_problems(error, model, table, f"{place}: ")) from None


def check_rows(
    model: type[Record], rows: Iterable[tuple[int, dict[str, str]]], place: str
) -> list[tuple[int, Record]]:
    """Return checked records of CSV rows; raises with every problem of all rows."""
    records: list[tuple[int, Record]] = []
    problems: list[Problem] = []
    for number, row in rows:
        try:
            records.append((number, model.model_validate(row)))
        except ValidationError as error:
            problems += _problems(error, model, row, f"{place}: row {number}, column ")
    if problems:
        raise InputError(problems)
    return records


def _problems(
    error: ValidationError, model: type[BaseModel], table: Mapping[str, Any], prefix: str
) -> list[Problem]:
    found = []
    for details in error.errors(include_url=False):
        place = prefix + key_of(details["loc"], table)
        found.append(Problem(place, explain(details, model)))
    return list(dict.fromkeys(found))


def key_of(loc: Loc, table: Any) -> str:
    """Write a place in a table as a key; a list's entry by its id, or counted from 1.

    Examples
    --------
    >>> key_of(("conditions", 0, "value"), {"conditions": [{"id": "war"}]})
    'conditions[war].value'
    """
    key, here = "", table
    for part in loc:
        if isinstance(here, list) and isinstance(part, int):
            here = here[part] if part < len(here) else None
            name = here.get("id") if isinstance(here, dict) else None
            key += f"[{name or part + 1}]"
        elif isinstance(here, Mapping) and (part in here or not isinstance(part, int)):
            if part not in here and part != loc[-1]:
                continue  # a tag of a union, not a key of the file
            if part == "[key]":
                continue
            here = here.get(part)
            key += f".{part}" if key else f"{part}"
    return key or "(whole file)"


_NUMBER = "is not a number; write one such as 0.5"
_TEMPLATES: Mapping[str, str] = {
    "missing": "is missing; add it",
    "float_parsing": f"'{{input}}' {_NUMBER}",
    "float_type": f"'{{input}}' {_NUMBER}",
    "int_parsing": "'{input}' is not a whole number; write one such as 5",
    "int_type": "'{input}' is not a whole number; write one such as 5",
    "int_from_float": "{input} is not a whole number; write one such as 5",
    "bool_parsing": "'{input}' is neither true nor false; write one of the two",
    "bool_type": "'{input}' is neither true nor false; write one of the two",
    "finite_number": "{input} is not a finite number; write one such as 0.5",
    "greater_than_equal": "{input} is out of range; it must be at least {ge}",
    "less_than_equal": "{input} is out of range; it must be at most {le}",
    "greater_than": "{input} is out of range; it must be above {gt}",
    "less_than": "{input} is out of range; it must be below {lt}",
    "string_too_short": "is empty; fill it in",
    "string_type": "'{input}' is not a text; write it in quotes",
    "list_type": "'{input}' is not a list; write it in square brackets",
    "tuple_type": "'{input}' is not a list; write it in square brackets",
    "dict_type": "'{input}' is not a table; write it as [name] with keys below",
    "model_type": "'{input}' is not a table; write it in braces or as [name] with keys below",
    "model_attributes_type": "'{input}' is not a table; write it in braces or as [[name]]",
    "union_tag_not_found": "has no kind; add the key 'kind'",
}


def explain(details: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with a value and what would be right, in one line."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        keys = sorted(known_keys(model, details["loc"][:-1]))
        return f"unknown key; {nearest(str(details['loc'][-1]), keys)}"
    if kind in {"literal_error", "union_tag_invalid"}:
        choices = re.findall(
            r"'([^']*)'", context.get("expected", context.get("expected_tags", ""))
        )
        given = context.get("tag", details["input"])
        return f"'{given}' is not known here; {nearest(str(given), choices)}"
    if kind == "value_error":
        return str(context["error"])
    if kind in _TEMPLATES:
        return _TEMPLATES[kind].format(input=details["input"], **context)
    return f"'{details['input']}' can not be used ({details['msg']}); correct it"


def known_keys(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the keys that a table at a place of a model may have."""
    models = {model}
    for part in loc:
        tagged = {m for m in models if part in _tags(m)}
        if tagged:
            models = tagged
            continue
        inner: set[type[BaseModel]] = set()
        for m in models:
            entry = m.model_fields.get(str(part))
            if entry is not None:
                inner |= _models_in(entry.annotation)
        models = inner or models
    return {name for m in models for name in m.model_fields}


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    entry = model.model_fields.get("kind")
    return get_args(entry.annotation) if entry and get_origin(entry.annotation) is Literal else ()


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {m for part in get_args(annotation) for m in _models_in(part)}
