"""What can be changed on the page, as a scenario file and back: pure, nothing is drawn here.

A page shows a scenario, the *base*, with changes laid on it. The changes are always a scenario
file that extends the base, and what runs is that file, resolved as any other: so what is saved is
what was seen.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError, Problem
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.records import DatedCondition, Intervention, Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import shown
from two_chairs.scenario.write import event_table, plain, toml, write_complete
from two_chairs_lab.engine import WORLDS
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.run.manifest import is_result
from two_chairs_lab.studies.run.rerun import open_result, run_command

Dated = DatedCondition | Intervention
MARK = "Saved by two-chairs view; run it again with:"
MOST_WORLDS = 2000
"""Worlds that a page runs at most: the first ones of a larger result."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which worlds the page runs."""

    worlds: int = WORLDS
    seed: int = 0
    vary: bool = True
    luck: bool = True


@dataclass(frozen=True, slots=True)
class Base:
    """The scenario that changes are laid on.

    Attributes
    ----------
    name
        Bundled name or absolute path, as a file that extends it names it.
    scenario
        The scenario as it resolves.
    """

    name: str
    scenario: Scenario

    @property
    def is_kept(self) -> bool:
        """Whether its files stay when the page is closed: else they are saved with the changes."""
        return self.name in bundled_scenarios() or not _temporary(Path(self.name))


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed on the page.

    Attributes
    ----------
    off
        Ids of events that are switched off.
    weights
        Id of an event → its weight here; its range follows.
    parameters
        Parameter → value, the same in all worlds.
    dated
        Conditions and interventions added.
    title, question
        Of the scenario with its changes; those of the base if empty.
    """

    off: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    dated: tuple[Dated, ...] = ()
    title: str = ""
    question: str = ""

    def count(self) -> int:
        """Return how many things were changed."""
        return len(self.off) + len(self.weights) + len(self.parameters) + len(self.dated)


@dataclass(frozen=True, slots=True)
class PageState:
    """A base, the changes on it, and the worlds to run: the whole state of a page."""

    base: Base
    changes: Changes = Changes()
    settings: Settings = Settings()


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
        "add": [event_table(events[key], weight) for key, weight in heavier.items()],
        "conditions": [plain(d) for d in changes.dated if isinstance(d, DatedCondition)],
        "interventions": [plain(d) for d in changes.dated if isinstance(d, Intervention)],
    }
    return {key: value for key, value in table.items() if value}


def resolved(base: Base, changes: Changes) -> Scenario:
    """Return the base with its changes, resolved as the saved file will be.

    Raises
    ------
    InputError
        With every problem that the changes make, placed by the key of the file.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        path = Path(folder) / f"{base.scenario.name}-changed.toml"
        path.write_text(toml(table_of(base, changes)), encoding="utf-8")
        try:
            return load_scenario(str(path))
        except InputError as error:
            raise InputError(
                Problem(problem.place.removeprefix(f"{shown(path)}: "), problem.message)
                for problem in error.problems
            ) from None


def save(state: PageState, path: Path) -> str:
    """Save a state of the page as a scenario file and return the command that runs it.

    The file is read back before it takes its place: it resolves to what the page shows. A base
    whose files would be lost with the page is saved beside it.

    Raises
    ------
    InputError
        If the name is no name of a scenario file, or is that of another file.
    """
    where = str(path)
    if path.suffix != ".toml" or path.stem in {"", "case"}:
        raise InputError.at(where, "is no name for a scenario file; write one such as mine.toml")
    if path.is_file() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise InputError.at(where, "is a file that the page has not saved; choose another name")
    try:
        return _save(state, path)
    except OSError as error:
        text = f"can not be written ({error.strerror}); choose another place"
        raise InputError.at(where, text) from None


def _save(state: PageState, path: Path) -> str:
    base = state.base
    if not base.is_kept:
        folder = path.parent / f"{path.stem}-base"
        folder.mkdir(exist_ok=True)
        base = replace(base, name=str(write_complete(base.scenario, folder)))
    name = base.name
    if name not in bundled_scenarios():
        name = os.path.relpath(name, path.parent)
    ensemble = Ensemble(
        base.scenario, state.settings.worlds, state.settings.seed,
        state.settings.vary, state.settings.luck,
    )  # fmt: skip
    command = " ".join(run_command(replace_overrides(ensemble), _quoted(path)))
    table = table_of(replace(base, name=_slashed(name)), state.changes, f"{MARK} {command}")
    new = path.with_name(f".{path.stem}-new.toml")
    new.write_text(toml(table), encoding="utf-8")
    try:
        saved = load_scenario(str(new)).model_dump(exclude={"name", "note"})
        if saved != resolved(state.base, state.changes).model_dump(exclude={"name", "note"}):
            text = "would not run as the page shows it; choose another folder or name"
            raise InputError.at(str(path), text)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return command


def replace_overrides(ensemble: Ensemble) -> Ensemble:
    """Return an ensemble whose scenario counts nothing as set on a command line."""
    return replace(ensemble, scenario=ensemble.scenario.model_copy(update={"overrides": {}}))


def _slashed(name: str) -> str:
    """Return a relative path that can not be taken for a bundled name."""
    return name if name in bundled_scenarios() or os.sep in name else f".{os.sep}{name}"


def _quoted(path: Path) -> str:
    text = shown(path)
    return f"'{text}'" if " " in text else text


_PREFIX = "two-chairs-view-"


def _temporary(path: Path) -> bool:
    return any(part.startswith(_PREFIX) for part in path.parts)


def opened(name: str, settings: Settings | None = None) -> PageState:
    """Open a bundled scenario, a scenario file, a file that a page has saved, or a run's folder.

    Parameters
    ----------
    name
        As a user writes it.
    settings
        Worlds to run where what is opened does not say.

    Raises
    ------
    InputError
        If there is nothing of that name, or it can not be read.
    """
    settings = settings or Settings()
    if is_result(name):
        return _opened_result(Path(name))
    base = _base(name)
    if name in bundled_scenarios():
        return PageState(base, Changes(), settings)
    text = Path(name).read_text(encoding="utf-8-sig")
    return _as_saved(Path(name), text) or PageState(base, Changes(), settings)


def _base(name: str) -> Base:
    scenario = load_scenario(name)
    return Base(name if name in bundled_scenarios() else str(Path(name).resolve()), scenario)


def _opened_result(folder: Path) -> PageState:
    found = open_result(folder)
    ensemble = found.ensemble
    worlds = min(ensemble.worlds, MOST_WORLDS)
    settings = Settings(worlds, ensemble.seed, ensemble.vary, ensemble.luck)
    if found.name is not None:
        base = _base(found.name)
        return PageState(base, Changes(parameters=ensemble.scenario.overrides), settings)
    kept = Path(tempfile.mkdtemp(prefix=_PREFIX))
    return PageState(_base(str(write_complete(ensemble.scenario, kept))), Changes(), settings)


_COMMAND = re.compile(r"--worlds (\d+) --seed (\d+)( --fixed)?( --no-luck)?$")


def _as_saved(path: Path, text: str) -> PageState | None:
    """Return the state of the page that a file holds, or nothing if no page can show it so."""
    table = tomllib.loads(text)
    note = table.pop("note", "")
    settings = _COMMAND.search(note)
    if MARK not in note or settings is None or "extends" not in table:
        return None
    name = table["extends"]
    base = _base(name if name in bundled_scenarios() else str(path.parent / name))
    changes = changes_in(table, base.scenario)
    if changes is None or table_of(replace(base, name=name), changes) != table:
        return None
    worlds = min(max(int(settings[1]), 1), MOST_WORLDS)
    vary, luck = settings[3] is None, settings[4] is None
    return PageState(base, changes, Settings(worlds, int(settings[2]), vary, luck))


def changes_in(table: Mapping[str, Any], scenario: Scenario) -> Changes | None:
    """Return the changes that the table of a saved file makes to its base.

    Returns ``None`` for what the page has no control for.
    """
    ids = {event.id for event in scenario.events}
    weights = {row["id"]: float(row["weight"]) for row in table.get("add", ())}
    off = tuple(key for key in table.get("drop", ()) if key not in weights)
    if not ids >= {*off, *weights}:
        return None
    dated: list[Dated] = [DatedCondition(**row) for row in table.get("conditions", ())]
    dated += [Intervention(**row) for row in table.get("interventions", ())]
    return Changes(
        off=off,
        weights=weights,
        parameters={key: float(value) for key, value in table.get("parameters", {}).items()},
        dated=tuple(dated),
        title="" if table["title"] == scenario.title else table["title"],
        question="" if table["question"] == scenario.question else table["question"],
    )
