"""Where scenario files stand: the bundled ones and the user's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from two_chairs.errors import InputError, nearest

CASE_FILE = "case.toml"
CODEBOOK_FILE = "codebook.csv"
SYNONYMS_FILE = "synonyms.csv"
OBSERVATIONS_FILE = "observations.csv"
DECISIONS_FILE = "decisions.csv"
LEDGERS = "events"
"""The folder of a case that holds its event files."""


def bundled_folder() -> Path:
    """Return the folder of the bundled scenarios: in the package, or in a checkout beside it."""
    packaged = Path(str(files("two_chairs"))) / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def bundled_case() -> Path:
    """Return the case that files without one near them are read against."""
    return bundled_scenarios()["baseline"].parent / CASE_FILE


def case_path(name: str) -> Path:
    """Return the file of a case given by its bundled name, its folder's, or by a path.

    Raises
    ------
    InputError
        If there is none.
    """
    bundled = {path.parent.name: path for path in bundled_folder().glob(f"*/{CASE_FILE}")}
    if name in bundled:
        return bundled[name]
    if not Path(name).is_file():
        text = "is no file and no bundled case"
        raise InputError.at(f"--case {name}", f"{text}; {nearest(name, bundled)}")
    return Path(name)


def bundled_ledgers() -> dict[str, Path]:
    """Return the bundled event files by name: the folder of their case, and the file's stem."""
    paths = sorted(bundled_folder().glob(f"*/{LEDGERS}/*.csv"))
    return {f"{path.parts[-3]}/{path.stem}": path for path in paths}


def bundled_scenarios() -> dict[str, Path]:
    """Return the bundled scenarios by name, the file's stem."""
    paths = sorted(bundled_folder().glob("*/*.toml"))
    return {path.stem: path for path in paths if path.name != CASE_FILE}


def scenario_path(name: str) -> Path:
    """Return the file of a scenario given by its bundled name or by a path.

    Raises
    ------
    InputError
        With every problem found.
    """
    if name.endswith(".toml") or "/" in name:
        return Path(name)
    bundled = bundled_scenarios()
    if name not in bundled:
        own = f"to use the file here write {name}.toml" if Path(f"{name}.toml").is_file() else ""
        text = f"no bundled scenario has this name; {own or nearest(name, bundled)}"
        raise InputError.at(name or "SCENARIO", text)
    return bundled[name]
