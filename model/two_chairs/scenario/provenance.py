"""What draws were fitted to: fingerprints of a case, of ledger rows and of the draws themselves.

The record of a posterior stands beside its draws, under the same name with the ending ``.json``.
Draws without their record, or beside that of other draws, are refused: nobody could say what they
rest on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from two_chairs.errors import InputError, caution
from two_chairs.parameters import PARAMETERS, Parameters, make_parameters

from .drawn import drawn_numbers
from .records import Case, Event, Fitted, ParameterRange, PosteriorTable, Scenario
from .text import read_text, shown
from .written import PosteriorEntry, PosteriorRecord

LETTERS = 12
"""Letters of a fingerprint: of two rows that differ, one pair in 10¹⁴ has the same."""
TABLES = (
    "actors",
    "baselines",
    "conditions",
    "seats",
    "institutions",
    "decisions",
    "parameters",
)
"""Tables of a case on whose numbers a fit rests."""
CODES = {"name", "iso3", "cow"}
"""What of an actor is no number of the model."""
TOLD = {"name", "source", "spread"}
"""What of a tie, a posture or an act is no number of the model."""
WORDING = {"id", "document", "paragraph", "says", "correction"}
"""What of a ledger row is no number of the model."""


def fingerprint(content: Any) -> str:
    """Return a short digest of plain data, the same for equal content in any order of keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def event_fingerprint(event: Event) -> str:
    """Return the fingerprint of a ledger row's content: its numbers and names, not its wording."""
    return fingerprint(event.model_dump(mode="json", exclude=WORDING, exclude_defaults=True))


def table_fingerprints(case: Case) -> dict[str, str]:
    """Return the fingerprint of every table of a case on whose numbers a fit rests."""
    dump = case.model_dump(mode="json", include=set(TABLES), exclude_defaults=True)
    for actor in dump["actors"].values():
        for word in CODES & set(actor):
            del actor[word]
    for tie in dump["institutions"]:
        for word in TOLD:
            tie.pop(word, None)
    decided = dump.setdefault("decisions", {})
    for entry in (*decided.get("postures", {}).values(), *decided.get("acts", {}).values()):
        for word in TOLD:
            entry.pop(word, None)
    return {name: fingerprint(dump[name]) for name in TABLES}


def draws_fingerprint(names: Sequence[str], rows: Iterable[str]) -> str:
    """Return the fingerprint of draws as numbers, however a spreadsheet has written them."""
    numbers = drawn_numbers(tuple(rows))
    digest = hashlib.sha256(json.dumps(list(names)).encode())
    if numbers is not None:
        digest.update(numbers.astype("<f8").tobytes())
    return digest.hexdigest()[:LETTERS]


def fitted_to(scenario: Scenario, **more: Any) -> Fitted:
    """Return what a fit on a scenario rests on: its case, tables of the case, rows by id."""
    return Fitted(
        case=scenario.case.name,
        tables=table_fingerprints(scenario.case),
        rows={event.id: event_fingerprint(event) for event in scenario.events},
        **more,
    )


def changed_tables(fitted: Fitted, case: Case) -> tuple[str, ...]:
    """Return the tables of a case that are not those of a fit, or that its record does not tell."""
    now = table_fingerprints(case)
    return tuple(name for name, found in now.items() if fitted.tables.get(name) != found)


def changed_rows(posterior: PosteriorTable, events: Iterable[Event]) -> tuple[str, ...]:
    """Return ids of events whose weight was drawn for a row of the same id and other content."""
    was: Mapping[str, str] = {} if posterior.fitted is None else posterior.fitted.rows
    return tuple(
        event.id
        for event in events
        if f"weight:{event.id}" in posterior.names
        and event.weight_low < event.weight_high
        and event_fingerprint(event) != was.get(event.id)
    )


def fixed_parameters(scenario: Scenario) -> Parameters:
    """Return the parameters of a scenario at their values, each of shape (1,)."""
    return make_parameters({name: entry.value for name, entry in scenario.parameters.items()})


def at_defaults(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose value and range are the program's: no file gives them."""
    return tuple(
        name
        for name, entry in scenario.parameters.items()
        if name not in scenario.case.parameters and entry == usual_range(name)
    )


def usual_range(name: str) -> ParameterRange | None:
    """Return the program's own value and range of a parameter, ``None`` if a case must give it."""
    info = PARAMETERS[name]
    if info.default is None or info.low is None or info.high is None:
        return None
    return ParameterRange(value=info.default, low=info.low, high=info.high)


def range_of(scenario: Scenario, name: str) -> ParameterRange:
    """Return value and range of a parameter in a scenario; a patron's own follows the shared one.

    Raises
    ------
    KeyError
        If there is no parameter of that name.
    """
    info = PARAMETERS[name]
    found = scenario.parameters.get(name) or usual_range(name)
    return scenario.parameters[info.follows or name] if found is None else found


def same_draws(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios take the numbers of a world from the same draws.

    A parameter that one of them sets is no other draw: it is what the scenario is about.
    """
    here, there = one.posterior, other.posterior
    if here is None or there is None:
        return here is there
    weights = ({n for n in p.overruled if n.startswith("weight:")} for p in (here, there))
    return (here.names, here.rows) == (there.names, there.rows) and next(weights) == next(weights)


def record_text(posterior: PosteriorTable) -> str:
    """Return the record of a posterior as the text of the file that stands beside its draws."""
    record = {
        "draws": draws_fingerprint(posterior.names, posterior.rows),
        **posterior.model_dump(mode="json", include={"frozen", "source", "answers", "fitted"}),
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def read_record(
    path: Path, entry: PosteriorEntry, place: str, names: Sequence[str], rows: Sequence[str]
) -> Fitted:
    """Read what the draws of a file were fitted to.

    Parameters
    ----------
    path
        The file of the draws; its record stands beside it.
    entry, place
        What a scenario says of the draws, and the scenario's file as it is shown.
    names, rows
        The draws.

    Raises
    ------
    InputError
        If the record is missing, is of other draws, or says otherwise than the scenario.
    """
    beside = path.with_suffix(".json")
    again = "copy both files that 'two-chairs calibrate' has left"
    if not beside.is_file():
        text = (
            f"no record {beside.name} stands beside it, which says what it was fitted to; {again}"
        )
        raise InputError.at(shown(path), text)
    try:
        record = PosteriorRecord.model_validate_json(read_text(beside))
    except ValidationError:
        raise InputError.at(shown(beside), f"is cut or no record of draws; {again}") from None
    if record.draws != draws_fingerprint(names, rows):
        raise InputError.at(
            shown(beside), f"is the record of other draws than {path.name}; {again}"
        )
    for key in ("frozen", "source", "answers"):
        if getattr(entry, key) != getattr(record, key):
            text = f"is not what {beside.name} says of the draws; copy the table of posterior.toml"
            raise InputError.at(f"{place}: posterior.{key}", text)
    return record.fitted


def warn_of_changes(scenario: Scenario, names: Iterable[str], option: str) -> None:
    """Tell which values that a user sets or varies the scenario changes again on a day."""
    for name in names:
        for key, day in scenario.changes_of(name).items():
            text = f"holds until {day}, when '{key}' of {scenario.name} changes it"
            caution(f"{option} {name}", f"{text}; drop that where it is to hold for the whole run")
