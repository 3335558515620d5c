"""A frozen file of predictions, and what came of its questions and happenings."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.records import Observation
from two_chairs.scenario.text import read_json_text, shown
from two_chairs.vocabulary import Day

NEVER = date.max
WITHIN = 92
"""Days from a predicted date within which an answer counts as its answer."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Predictions as they were frozen.

    Attributes
    ----------
    place
        The file as it is shown.
    record
        All that it holds.
    questions
        Question → label of the date → quantile's name → percent.
    chances
        (Name, date) → probability that it has happened by then.
    single
        Statement → (day, probability, text).
    evidence_until
        Last day of what the predictions could know.
    """

    place: str
    record: Mapping[str, Any]
    questions: Mapping[str, Mapping[str, Mapping[str, float]]]
    chances: Mapping[tuple[str, Day], float]
    single: Mapping[str, tuple[Day, float, str]]
    evidence_until: Day

    def names(self) -> list[str]:
        """Return the names of happenings and statements."""
        return list(dict.fromkeys([*(name for name, _ in self.chances), *self.single]))


def read_frozen(path: Path) -> Frozen:
    """Read a file that ``predict --out`` has left, of any version.

    Raises
    ------
    InputError
        If it holds no predictions.
    """
    place, record = shown(path), read_json_text(path, "name a file that 'predict --out' has left")
    if not isinstance(record, dict) or not {"questions", "by", "statements"} & set(record):
        raise InputError.at(place, "holds no predictions; name one that 'predict --out' has left")
    try:
        return _frozen(place, record)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        text = f"can not be read as predictions ({error}); restore the file"
        raise InputError.at(place, text) from None


def _frozen(place: str, record: Mapping[str, Any]) -> Frozen:
    questions = record.get("questions", {})
    for dated in questions.values():
        for label, quantiles in dated.items():
            span_of(label)
            if any(not math.isfinite(float(quantiles[name])) for name in ("p05", "p50", "p95")):
                raise ValueError(f"{label} has a number that is not finite")
    chances = {
        (name, date.fromisoformat(day)): float(chance)
        for day, named in record.get("by", {}).items()
        for name, chance in named.items()
    }
    single = {
        entry["id"]: (
            date.fromisoformat(entry["day"]), float(entry["probability"]), str(entry["text"]),
        )
        for entry in record.get("statements", [])
    }  # fmt: skip
    return Frozen(place, record, questions, chances, single, _evidence_until(record, questions))


def _evidence_until(record: Mapping[str, Any], questions: Mapping[str, Any]) -> Day:
    """Return the end of the evidence: as the file says, else as its words on the fit do."""
    told = record.get("evidence_until") or ""
    days = re.findall(r"\d{4}-\d{2}-\d{2}", f"{told}") or re.findall(
        r"\d{4}-\d{2}-\d{2}", str(record.get("fitted_to", ""))
    )
    if days:
        return date.fromisoformat(days[-1])
    first = [span_of(label)[0] for dated in questions.values() for label in dated]
    return min(first, default=date.min + timedelta(days=1)) - timedelta(days=1)


def span_of(label: str) -> tuple[Day, Day]:
    """Return the first and the last day of a date's label: a day, a month or a year.

    Examples
    --------
    >>> [day.isoformat() for day in span_of("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    parts = [int(part) for part in label.split("-")]
    if len(parts) == 3:
        return date.fromisoformat(label), date.fromisoformat(label)
    year, months = parts[0], parts[1:] or [1, 12]
    return date(year, months[0], 1), date(
        year, months[-1], calendar.monthrange(year, months[-1])[1]
    )


def middle_of(row: Observation) -> Day:
    """Return the middle of an answer's fieldwork."""
    return row.start + (row.end - row.start) / 2


def same_series(question: str, series: str) -> bool:
    """Whether a question of a file is a series of observations: hyphens are underscores."""
    return question.replace("_", "-") == series.replace("_", "-")


def answers_to(
    labels: Sequence[str], rows: Sequence[Observation], within: int
) -> dict[str, Observation]:
    """Return the answer to each predicted date that has one.

    An answer counts for the date nearest to it, if that is near enough; a date has the nearest
    answer. So each answer is scored once.
    """
    found: dict[str, tuple[int, Observation]] = {}
    for row in rows:
        away, label = min((_away(row, label), label) for label in labels)
        if away <= within and (label not in found or away < found[label][0]):
            found[label] = (away, row)
    return {label: found[label][1] for label in labels if label in found}


def _away(row: Observation, label: str) -> int:
    """Return the days between fieldwork and a predicted date; 0 where they meet."""
    first, last = span_of(label)
    return max((row.start - last).days, (first - row.end).days, 0)


def resolutions(
    frozen: Frozen, given: Sequence[str], events: Mapping[str, Day]
) -> dict[str, Day | bool]:
    """Return what came of happenings and statements.

    Parameters
    ----------
    frozen
        The predictions.
    given
        ``NAME=WHAT``: the id of an event, a date, ``never``, or for statements ``true`` and
        ``false``.
    events
        Days of events by id; an event of a happening's own name resolves it.

    Raises
    ------
    InputError
        If a name is not predicted, or what came of it can not be read.
    """
    names = frozen.names()
    found: dict[str, Day | bool] = {name: events[name] for name in names if name in events}
    for text in given:
        place = f"--resolve {text}"
        name, mark, what = text.partition("=")
        if not mark:
            raise InputError.at(place, "is not NAME=WHAT; write one such as treaty_left=never")
        if name not in names:
            raise InputError.at(place, f"'{name}' is not predicted; {nearest(name, names)}")
        found[name] = _what(place, what, name in frozen.single, events)
    return found


def _what(place: str, what: str, single: bool, events: Mapping[str, Day]) -> Day | bool:
    if what == "never":
        return NEVER
    if single and what in ("true", "false"):
        return what == "true"
    if what in events:
        return events[what]
    try:
        return date.fromisoformat(what)
    except ValueError:
        text = f"'{what}' is no event of --events, no date and not 'never'"
        raise InputError.at(place, f"{text}; {nearest(what, [*events, 'never'])}") from None
