"""Files to begin with: a case, a scenario, a ledger. Nothing that stands is touched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from string import Template

from two_chairs.errors import InputError
from two_chairs.scenario.library import CASE_FILE, is_path
from two_chairs.scenario.records import Case
from two_chairs.scenario.text import shown

TEMPLATES = Path(__file__).parent / "templates"
RECORD = "events/record.csv"


def new_case(name: Path) -> list[Path]:
    """Make a folder with a case, its baseline and a ledger, and return its files.

    Raises
    ------
    InputError
        If something stands there.
    """
    words = {"title": _title(name), "one": "OLD", "other": "HOM"}
    texts = {
        name / CASE_FILE: _filled("case.toml", words),
        name / "baseline.toml": _filled("baseline.toml", words),
        name / RECORD: _filled("ledger.csv", words),
    }
    return _written(texts, [name])


def scenario_file(name: Path) -> Path:
    """Return the file of a scenario's name, which may end in .toml already."""
    return name if is_path(name) else Path(f"{name}.toml")


def new_scenario(name: Path, extends: str) -> list[Path]:
    """Make a scenario that extends another one, and return its file.

    Raises
    ------
    InputError
        If the file stands already.
    """
    path = scenario_file(name)
    words = {"title": _title(path), "stem": path.stem, "extends": extends}
    return _written({path: _filled("scenario.toml", words)}, [path])


def new_ledger(name: Path, case: Case) -> list[Path]:
    """Make a ledger of two rows between the pivot of a case and its old patron.

    Raises
    ------
    InputError
        If the file stands already.
    """
    path = name if name.suffix == ".csv" else Path(f"{name}.csv")
    words = {"one": case.with_role("incumbent"), "other": case.with_role("pivot")}
    return _written({path: _filled("ledger.csv", words)}, [path])


def _title(path: Path) -> str:
    words = path.stem.replace("-", " ").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}".replace('"', "'")


def _filled(template: str, words: Mapping[str, str]) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)


def _written(texts: Mapping[Path, str], fresh: list[Path]) -> list[Path]:
    """Write files, each whole, where none of what is to be made new stands already."""
    for path in fresh:
        if os.path.lexists(path):
            raise InputError.at(f"new {shown(path)}", "stands already; choose another name")
        if not path.absolute().parent.is_dir():
            text = "its folder does not exist; make it first"
            raise InputError.at(f"new {shown(path)}", text)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return list(texts)
