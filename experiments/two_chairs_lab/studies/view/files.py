"""Opening what a user names, and saving a state of the page so that it runs and opens again."""

from __future__ import annotations

import csv
import os
import tempfile
import tomllib
from dataclasses import replace
from io import StringIO
from pathlib import Path

from pydantic import ValidationError

from two_chairs.compiled.engine import engine_asked
from two_chairs.errors import InputError
from two_chairs.scenario.layers import related
from two_chairs.scenario.library import bundled_scenarios, full_name, reference, scenario_path
from two_chairs.scenario.records import EventRow
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import shown
from two_chairs.scenario.write import plain, toml, write_complete
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.run.manifest import is_result
from two_chairs_lab.studies.run.rerun import open_result, run_command

from .changes import changes_in, read_back, resolved, table_of
from .state import MOST_WORLDS, TEMPORARY, Base, Changes, PageRecord, PageState, Settings

# --- where ---------------------------------------------------------------------------------------


def at_home(path: Path) -> Path:
    """Return a path that a page may open or write: one within the folder that it was started in.

    Raises
    ------
    InputError
        If it lies elsewhere, be it through a link.
    """
    home = Path.cwd().resolve()
    if not path.resolve().is_relative_to(home):
        text = f"lies outside {home}, the folder that the page was started in; choose a place in it"
        raise InputError.at(str(path), text)
    return path


# --- opening -------------------------------------------------------------------------------------


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
    base, path = base_of(name), scenario_path(name)
    saved = None if full_name(path) else _as_saved(path)
    return saved or PageState(base, Changes(), settings)


def base_of(name: str) -> Base:
    """Return a scenario to lay changes on, by its name or its path."""
    return Base(reference(name), load_scenario(name))


def _opened_result(folder: Path) -> PageState:
    found = open_result(folder)
    ensemble = found.ensemble
    worlds = min(ensemble.worlds, MOST_WORLDS)
    settings = Settings(
        worlds=worlds, seed=ensemble.seed, vary=ensemble.vary, luck=ensemble.luck
    )  # fmt: skip
    if found.name is not None:
        changes = Changes(parameters=ensemble.scenario.overrides)
        return PageState(base_of(found.name), changes, settings)
    kept = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    return PageState(base_of(str(write_complete(ensemble.scenario, kept))), Changes(), settings)


def _as_saved(path: Path) -> PageState | None:
    """Return the state of the page that a file holds, or nothing if no page can show it so."""
    record = _read_record(path)
    if record is None:
        return None
    table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    table.pop("note", "")
    name = table.get("extends", "")
    base = base_of(str(related(path, name, "extends")))
    changes = changes_in(table, base.scenario)
    if changes is None or table_of(replace(base, name=name), changes) != table:
        return None
    return PageState(base, changes, record.settings)


def record_path(path: Path) -> Path:
    """Return the file beside a saved scenario that holds the state of the page."""
    return path.with_suffix(".view.json")


def _read_record(path: Path) -> PageRecord | None:
    beside = record_path(path)
    try:
        return PageRecord.model_validate_json(beside.read_bytes()) if beside.is_file() else None
    except ValidationError:
        return None


# --- saving --------------------------------------------------------------------------------------


def save(state: PageState, path: Path) -> str:
    """Save a state of the page as a scenario file and return the command that runs it.

    The file is read back before it takes its place: it resolves to what the page shows. Beside it
    stands the state of the page, `record_path`. A base whose files would be lost with the page is
    saved beside it too.

    Raises
    ------
    InputError
        If the name is no name of a scenario file, or is that of another file, or lies outside
        the folder that the page was started in.
    """
    where = str(at_home(path))
    if path.suffix != ".toml" or path.stem in {"", "case"}:
        raise InputError.at(where, "is no name for a scenario file; write one such as mine.toml")
    if path.is_file() and not record_path(path).is_file():
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
    text = scenario_text(replace(state, base=replace(base, name=_slashed(name))), path)
    new = path.with_name(f".{path.stem}-new.toml")
    new.write_text(text, encoding="utf-8")
    try:
        saved = read_back(new).model_dump(exclude={"name", "note"})
        if saved != resolved(state.base, state.changes).model_dump(exclude={"name", "note"}):
            remedy = "would not run as the page shows it; choose another folder or name"
            raise InputError.at(str(path), remedy)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    record_path(path).write_text(state.record().model_dump_json(indent=1) + "\n", "utf-8")
    return _command(state, path)


def scenario_text(state: PageState, path: Path) -> str:
    """Return a state of the page as the text of a scenario file of a path."""
    note = f"Saved by two-chairs view; run it again with: {_command(state, path)}"
    return toml(table_of(state.base, state.changes, note))


def _command(state: PageState, path: Path) -> str:
    text = shown(path)
    name = f"'{text}'" if " " in text else text
    words = run_command(_without_overrides(state.ensemble(state.base.scenario)), name)
    return " ".join(words + ["--engine", engine_asked()] * (engine_asked() != "numpy"))


def _without_overrides(ensemble: Ensemble) -> Ensemble:
    """Return an ensemble whose scenario counts nothing as set on a command line."""
    return replace(ensemble, scenario=ensemble.scenario.model_copy(update={"overrides": {}}))


def _slashed(name: str) -> str:
    """Return a relative path that can not be taken for a bundled name."""
    return name if name in bundled_scenarios() or os.sep in name else f".{os.sep}{name}"


def events_csv(rows: tuple[EventRow, ...]) -> str:
    """Return events as an event file, which a spreadsheet opens and a scenario can name."""
    text = StringIO()
    writer = csv.DictWriter(text, tuple(EventRow.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_cells(row) for row in rows)
    return text.getvalue()


def _cells(row: EventRow) -> dict[str, object]:
    return {k: str(v).lower() if isinstance(v, bool) else v for k, v in plain(row).items()}
