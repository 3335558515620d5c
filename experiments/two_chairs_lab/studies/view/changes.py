"""Changes of a page as a scenario file, and back: pure, nothing is drawn here.

A page shows a scenario, the *base*, with changes laid on it. The changes are always a scenario
file that extends the base, and what runs is that file, resolved as any other: so what is saved is
what was seen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError, Problem, unnoticed
from two_chairs.scenario.records import DatedCondition, EventRow, Intervention, Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import shown
from two_chairs.scenario.write import event_table, plain, toml

from .state import TEMPORARY, Base, Changes


def table_of(base: Base, changes: Changes, note: str = "") -> dict[str, Any]:
    """Return changes as the table of a scenario file that extends the base."""
    events = {event.id: event for event in base.scenario.events}
    heavier = {key: weight for key, weight in changes.weights.items() if key not in changes.off}
    table: dict[str, Any] = {
        "title": changes.title.strip() or base.scenario.title,
        "question": changes.question.strip() or base.scenario.question,
        "note": note,
        "extends": base.name,
        "drop": [*changes.off, *heavier],
        "parameters": dict(changes.parameters),
        "add": [event_table(events[key], weight) for key, weight in heavier.items()]
        + [plain(row) for row in changes.added],
        "conditions": [plain(d) for d in changes.dated if isinstance(d, DatedCondition)],
        "interventions": [plain(d) for d in changes.dated if isinstance(d, Intervention)],
    }
    return {key: value for key, value in table.items() if value}


def changes_in(table: Mapping[str, Any], scenario: Scenario) -> Changes | None:
    """Return the changes that the table of a saved file makes to its base.

    Returns ``None`` for what the page has no control for.
    """
    ids = {event.id for event in scenario.events}
    rows = table.get("add", ())
    weights = {row["id"]: float(row["weight"]) for row in rows if row["id"] in ids}
    off = tuple(key for key in table.get("drop", ()) if key not in weights)
    values = table.get("parameters", {})
    if not ids >= set(off) or any(isinstance(value, Mapping) for value in values.values()):
        return None
    conditions = [DatedCondition(**row) for row in table.get("conditions", ())]
    interventions = [Intervention(**row) for row in table.get("interventions", ())]
    return Changes(
        off=off,
        weights=weights,
        added=tuple(EventRow(**row) for row in rows if row["id"] not in ids),
        parameters={key: float(value) for key, value in values.items()},
        dated=(*conditions, *interventions),
        title="" if table["title"] == scenario.title else table["title"],
        question="" if table["question"] == scenario.question else table["question"],
    )


def read_back(path: Path) -> Scenario:
    """Read a file that the page has just written; what to know of it is told to who runs it."""
    with unnoticed():
        return load_scenario(str(path))


def resolved(base: Base, changes: Changes) -> Scenario:
    """Return the base with its changes, resolved as the saved file will be.

    Raises
    ------
    InputError
        With every problem that the changes make, placed by the key of the file.
    """
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as folder:
        path = Path(folder) / f"{base.scenario.name}-changed.toml"
        path.write_text(toml(table_of(base, changes)), encoding="utf-8")
        try:
            return read_back(path)
        except InputError as error:
            raise InputError(
                Problem(problem.place.removeprefix(f"{shown(path)}: "), problem.message)
                for problem in error.problems
            ) from None
