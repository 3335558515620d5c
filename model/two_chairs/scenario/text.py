"""Reading of TOML and of rows into checked records, with every problem placed and explained."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from os.path import isdir
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from two_chairs.errors import NO_TEXT, InputError, Problem, is_text, nearest

Record = TypeVar("Record", bound=BaseModel)
Loc = tuple[int | str, ...]
Row = tuple[int, dict[str, str]]
"""A row of a file: its number there, and its cells by column, empty ones left out."""


def shown(path: Path) -> str:
    """Return a path as a user would write it: relative to where they stand, if it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError, RuntimeError):  # the last for links that lead to themselves
        return str(path)


MOST_BYTES = 50_000_000
"""Size of the largest file that is read: a ledger of some hundred thousand rows."""
MOST_TOML = 2_000_000
"""Size of the largest TOML file that is read."""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return what a file holds; raises `InputError` if it can not be read or is no plain file."""
    place = shown(path)
    if not is_text(str(path.absolute())):
        raise InputError.at(place, NO_TEXT)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(found.st_mode):
            text = "is a device, a pipe or a socket; name a plain file"
            raise InputError.at(place, text)
        if found.st_size > most:
            size = f"holds {found.st_size / 1e6:,.0f} MB, more than {most / 1e6:g}"
            raise InputError.at(place, f"{size}; name a smaller file")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError.at(place, f"there is no such file; {neighbours(path)}") from None
    except IsADirectoryError:
        raise InputError.at(place, "this is a folder; name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError.at(place, f"can not be read ({reason}); check the file") from None


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """Return the text of a UTF-8 file; a byte-order mark and line ends of Windows are accepted.

    Raises
    ------
    InputError
        If the file can not be read, or is no UTF-8.
    """
    place, data = shown(path), read_bytes(path, most)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError.at(
            f"{place}: line {line}",
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file in the encoding UTF-8",
        ) from None
    if "\x00" in text:
        raise InputError.at(place, "holds NUL bytes; save the file in the encoding UTF-8")
    return text


def neighbours(path: Path) -> str:
    """Say which file beside a path that leads nowhere was probably meant."""
    beside = sorted(path.parent.iterdir()) if isdir(path.parent) and path.suffix else []
    names = [other.name for other in beside if other.suffix == path.suffix]
    return nearest(path.name, names) if names else "check the path"


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    InputError
        If the file can not be read, or is no TOML.
    """
    place, text = shown(path), read_text(path, MOST_TOML)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        remedy = "correct it (a key stands once, texts in quotes, dates as 2023-11-23)"
        raise InputError.at(f"{place}: {where}", f"not valid TOML: {what}; {remedy}") from None
    except (ValueError, RecursionError):
        reason = "a number is too long or brackets are nested too deep"
        raise InputError.at(place, f"can not be read: {reason}; shorten it") from None


def read_json_text(path: Path, remedy: str) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    InputError
        If the file can not be read, or is no JSON; says the line and the remedy.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        place = f"{shown(path)}: line {error.lineno}"
        raise InputError.at(place, f"is no JSON ({error.msg}); {remedy}") from None


def check_table(
    model: type[Record], table: Mapping[str, Any], place: str, **stand_ins: Any
) -> tuple[Record | None, list[Problem]]:
    """Return the record of a TOML table, and every problem in it with its key.

    What is wrong is left out of the record, so that the rest can be checked too in one go. There
    is no record if a required key is left out that has no stand-in.
    """
    typed = _with_tuples(table)
    try:
        return model.model_validate(typed, strict=True), []
    except ValidationError as error:
        problems = _problems(error, model, typed, f"{place}: ")
        rest = _without(typed, [details["loc"] for details in error.errors()])
    try:
        return model.model_validate(stand_ins | rest, strict=True), problems
    except ValidationError:
        return None, problems


def _with_tuples(value: Any) -> Any:
    """Return a value of TOML with its lists as tuples, as records keep them."""
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value


def _without(table: dict[str, Any], locs: Sequence[Loc]) -> dict[str, Any]:
    """Return a table without the keys, or the entries of its lists and tables, that are wrong."""
    rest = dict(table)
    for key in {str(loc[0]) for loc in locs}:
        wrong = {loc[1] if len(loc) > 1 else None for loc in locs if loc[0] == key}
        value = rest.pop(key, None)
        if isinstance(value, tuple) and None not in wrong:
            rest[key] = tuple(entry for n, entry in enumerate(value) if n not in wrong)
        elif isinstance(value, dict) and None not in wrong:
            rest[key] = {name: entry for name, entry in value.items() if name not in wrong}
    return rest


def check_rows(
    model: type[Record], rows: Iterable[Row], place: str
) -> tuple[list[tuple[int, Record]], list[Problem]]:
    """Return the records of the CSV rows that are right, and every problem of the others."""
    records: list[tuple[int, Record]] = []
    problems: list[Problem] = []
    for number, row in rows:
        try:
            records.append((number, model.model_validate(row)))
        except ValidationError as error:
            problems += _problems(error, model, row, f"{place}: row {number}, column ")
    return records, problems


def _problems(
    error: ValidationError, model: type[BaseModel], table: Mapping[str, Any], prefix: str
) -> list[Problem]:
    found = []
    for details in error.errors(include_url=False):
        tagged = details["type"].startswith("union_tag")
        loc = (*details["loc"], "kind") if tagged else details["loc"]
        found.append(Problem(prefix + key_of(loc, table), explain(details, model)))
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
        if isinstance(here, list | tuple) and isinstance(part, int):
            here = here[part] if part < len(here) else None
            name = here.get("id") if isinstance(here, Mapping) else None
            key += f"[{name.strip() if isinstance(name, str) and name.strip() else part + 1}]"
        elif isinstance(here, Mapping) and (part in here or not isinstance(part, int)):
            if part not in here and part != loc[-1]:
                continue  # a tag of a union, not a key of the file
            if part == "[key]":
                continue
            here = here.get(part)
            name = part if part else '""'
            key += f".{name}" if key else f"{name}"
    return key or "(whole file)"


_NUMBER = "is not a number; write one such as 0.5"
_WHOLE = "is not a whole number; write one such as 5"
_TEMPLATES: Mapping[str, str] = {
    "missing": "is missing; add it",
    "float_parsing": f"{{input}} {_NUMBER}",
    "float_type": f"{{input}} {_NUMBER}",
    "int_parsing": f"{{input}} {_WHOLE}",
    "int_type": f"{{input}} {_WHOLE}",
    "int_from_float": f"{{input}} {_WHOLE}",
    "bool_parsing": "{input} is neither true nor false; write one of the two",
    "bool_type": "{input} is neither true nor false; write one of the two",
    "too_long": "{input} has too many digits; write a smaller one",
    "finite_number": "{plain} is not a finite number; write one such as 0.5",
    "greater_than_equal": "{plain} is out of range; it must be at least {ge}",
    "less_than_equal": "{plain} is out of range; it must be at most {le}",
    "greater_than": "{plain} is out of range; it must be above {gt}",
    "less_than": "{plain} is out of range; it must be below {lt}",
    "string_too_short": "is empty; fill it in",
    "too_short": "is empty; fill it in",
    "string_type": "{input} is not a text; write it in quotes",
    "string_pattern_mismatch": "{input} can not be an id; write one without blanks, ':' and '>'",
    "list_type": "{input} is not a list; write it in square brackets",
    "tuple_type": "{input} is not a list; write it in square brackets",
    "dict_type": "{input} is not a table; write it as [name] with keys below",
    "model_type": "{input} is not a table; write it in braces or as [name] with keys below",
    "model_attributes_type": "{input} is not a table; write it in braces or as [[name]]",
    "union_tag_not_found": "is missing; add it",
    "no_rule": "{error}",
    "value_error": "{input} {error}",
}
LONGEST = 60
BESIDE_THE_CASE = {
    name: f"a file {name}.csv beside the case is read without a key; leave it out"
    for name in ("observations", "decisions")
}
"""What to do about keys that somebody looks for, since the files have no key."""


def phrase(value: object) -> str:
    """Write a value in a message about it: as its file does, if it is short.

    Examples
    --------
    >>> [phrase(value) for value in ("0.5", 0.5, True, [1])]
    ["'0.5'", '0.5', 'true', 'a list']
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**LONGEST:
        return "this number"
    if isinstance(value, Mapping | list | tuple):
        return "a table" if isinstance(value, Mapping) else "a list"
    text = str(value)
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"'{short}'" if isinstance(value, str) else short


def explain(details: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with a value and what would be right, in one line."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        key, keys = str(details["loc"][-1]), sorted(known_keys(model, details["loc"][:-1]))
        return f"unknown key; {BESIDE_THE_CASE.get(key) or nearest(key, keys)}"
    if kind in {"literal_error", "union_tag_invalid"}:
        choices = re.findall(
            r"'([^']*)'", context.get("expected", context.get("expected_tags", ""))
        )
        given = context.get("tag", details["input"])
        return f"{phrase(given)} is not known here; {nearest(str(given), choices)}"
    if kind == "float_type" and type(details["input"]) is int:
        kind = "too_long"
    written = phrase(details["input"])
    if kind in _TEMPLATES:
        return _TEMPLATES[kind].format(input=written, plain=written.strip("'"), **context)
    return f"{written} can not be used ({details['msg']}); correct it"


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
