"""Where the files of cases stand, and what names mean: ``case/name``, or a bare name.

A case is a folder with a ``case.toml``: the bundled ones, and those at hand (the current directory
itself, or the folders in it). A bare name means the folder at hand, then the default case.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Literal

from two_chairs.errors import InputError, is_text, nearest, notice

from .text import read_toml, shown

CASE_FILE = "case.toml"
CODEBOOK_FILE = "codebook.csv"
SYNONYMS_FILE = "synonyms.csv"
OBSERVATIONS_FILE = "observations.csv"
DECISIONS_FILE = "decisions.csv"
LIBRARY_FILE = "library.toml"
"""Says in the bundle which case a bare name means."""
LEDGERS = "events"
"""The folder of a case that holds its event files."""
BASELINE = "baseline"
"""The scenario of a case that is meant where none is named."""
Kind = Literal["scenario", "plan", "claim"]
FOLDERS: dict[Kind, str] = {"scenario": ".", "plan": "plans", "claim": "claims"}
"""What can be named → the folder of a case that holds it."""


# Cases


def bundled_folder() -> Path:
    """Return the folder of the bundled scenarios: in the package, or in a checkout beside it."""
    packaged = Path(str(files("two_chairs"))) / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def default_case() -> str:
    """Return the name of the case that a bare name means where no case is at hand.

    Raises
    ------
    InputError
        If the file that says so is lost or damaged, or names no case.
    """
    path = bundled_folder() / LIBRARY_FILE
    name = read_toml(path).get("default")
    if not isinstance(name, str) or not (path.parent / name / CASE_FILE).is_file():
        text = "'default' is no case that is bundled; install the program again"
        raise InputError.at(shown(path), text)
    return name


def bundled_cases() -> dict[str, Path]:
    """Return the folders of the bundled cases by name."""
    return _case_folders(bundled_folder().glob(f"*/{CASE_FILE}"))


def cases_at_hand(here: Path | None = None) -> dict[str, Path]:
    """Return the folders of the user's own cases: the current one, else those that it holds."""
    here = (here or Path.cwd()).resolve()
    if (here / CASE_FILE).is_file():
        return {here.name: here}
    bundled = {folder.resolve() for folder in bundled_cases().values()}
    found = _case_folders(here.glob(f"*/{CASE_FILE}"))
    return {name: folder for name, folder in found.items() if folder.resolve() not in bundled}


def _case_folders(paths: Iterable[Path]) -> dict[str, Path]:
    files = sorted(filter(_is_ours, paths))
    return {path.parent.name: path.parent for path in files if is_text(path.parent.name)}


def _is_ours(path: Path) -> bool:
    """Say whether what ends as our files do is one: a file, of a name that can be written."""
    return path.is_file() and is_text(path.name)


def bundled_case() -> Path:
    """Return the case that files without one near them are read against."""
    return bundled_cases()[default_case()] / CASE_FILE


def case_path(name: str) -> Path:
    """Return the file of a case given by its name, its folder's, or by a path.

    Raises
    ------
    InputError
        If there is none, or the name means two.
    """
    if found := _only(name, _folders(name)):
        return found / CASE_FILE
    if not Path(name).is_file():
        text = "is no file and no bundled case"
        raise InputError.at(f"--case {name}", f"{text}; {nearest(name, bundled_cases())}")
    return Path(name)


def case_of(path: Path) -> Path | None:
    """Return the folder of the case that a file stands in, or beside; ``None`` if there is none."""
    return next((p for p in path.resolve().parents[:2] if (p / CASE_FILE).is_file()), None)


def bundled_ledgers() -> dict[str, Path]:
    """Return the bundled event files by name: the folder of their case, and the file's stem."""
    paths = sorted(bundled_folder().glob(f"*/{LEDGERS}/*.csv"))
    return {f"{path.parts[-3]}/{path.stem}": path for path in paths}


# What stands in cases: scenarios, plans, claims


def is_path(name: str | Path) -> bool:
    """Say whether a scenario, plan or claim is named by its file: it ends in .toml, or .TOML."""
    return str(name).lower().endswith(".toml")


def bundled(kind: Kind) -> dict[str, Path]:
    """Return the bundled files of a kind by full name, ``case/name``."""
    return _named(bundled_cases(), kind)


def at_hand(kind: Kind) -> dict[str, Path]:
    """Return the files of a kind in the user's own cases by full name, ``case/name``."""
    return _named(cases_at_hand(), kind)


def bundled_scenarios() -> dict[str, Path]:
    """Return the bundled scenarios by full name, ``case/name``."""
    return bundled("scenario")


def known_scenarios(first: str = "") -> list[str]:
    """Return the full names of all scenarios, those of a case first."""
    names = dict.fromkeys([*at_hand("scenario"), *bundled_scenarios()])
    return sorted(names, key=lambda name: not name.startswith(f"{first}/"))


def _named(cases: dict[str, Path], kind: Kind) -> dict[str, Path]:
    return {
        f"{case}/{path.stem}": path
        for case, folder in cases.items()
        for path in sorted((folder / FOLDERS[kind]).glob("*.toml"))
        if path.name != CASE_FILE and _is_ours(path)
    }


def find(name: str, kind: Kind = "scenario", here: Path | None = None) -> Path | None:
    """Return the file that a name means; ``None`` if it means none.

    Parameters
    ----------
    name
        ``case/name``, or a bare name: that of a case at hand, then that of the default case.
    kind
        What is named.
    here
        The folder in which it is named, by default the current one.

    Raises
    ------
    InputError
        If the name means several files; it says their full names.
    """
    case, slash, stem = name.rpartition("/")
    file = Path(FOLDERS[kind], f"{stem}.toml")
    if not stem or file.name == CASE_FILE:
        return None
    if slash:
        return _only(name, [path / file for path in _folders(case) if (path / file).is_file()])
    own = {
        f"{case}/{stem}": folder / file
        for case, folder in cases_at_hand(here).items()
        if (folder / file).is_file()
    }
    if len(own) > 1:
        raise InputError.at(name, f"stands in several cases here; write one of {', '.join(own)}")
    for full, path in own.items():
        if path.is_relative_to((here or Path.cwd()).resolve() / full.rpartition("/")[0]):
            notice(name, f"read as {full}, of the case folder here")
        return path
    path = bundled_cases()[default_case()] / file
    return path if path.is_file() else None


def _folders(case: str) -> list[Path]:
    """Return the folders of the cases of a name, each once."""
    known = [cases[case] for cases in (cases_at_hand(), bundled_cases()) if case in cases]
    return list({folder.resolve(): folder for folder in known}.values())


def _only(name: str, found: list[Path]) -> Path | None:
    if len(found) > 1:
        text = "is a name of a bundled case and of a folder here"
        raise InputError.at(name, f"{text}; rename the folder, or write the path of a file")
    return found[0] if found else None


def no_such(name: str, kind: Kind = "scenario") -> str:
    """Say that a name means nothing of a kind, and what was probably meant."""
    known = {**at_hand(kind), **bundled(kind)}
    same = [full for full in known if full.rpartition("/")[2] == name]
    bare = [full.rpartition("/")[2] for full in bundled(kind) if _case(full) == default_case()]
    plain = name.replace("\\", "/").removeprefix("./").rstrip("/")
    near = known if "/" in plain else [*(full.rpartition("/")[2] for full in at_hand(kind)), *bare]
    if plain != name and (is_path(plain) or plain in near):
        remedy = f"write {plain}"
    elif Path(f"{name}.toml").is_file():
        remedy = f"to use the file here write {name}.toml"
    elif same:
        remedy = f"write {' or '.join(same)}"
    elif f"{plain}/{BASELINE}" in known:
        remedy = f"'{plain}' is a case; write {plain}/{BASELINE}"
    else:
        remedy = nearest(name, near)
    return f"no {kind} has this name; {remedy}"


def _case(full: str) -> str:
    return full.rpartition("/")[0]


def scenario_path(name: str) -> Path:
    """Return the file of a scenario given by its name or by a path.

    Raises
    ------
    InputError
        If a name means no scenario, or several.
    """
    if is_path(name):
        return Path(name)
    found = find(name)
    if found is None:
        raise InputError.at(name or "SCENARIO", no_such(name))
    return found


def settled(name: str) -> str:
    """Return a scenario's path as it is written, or its name in full, ``case/name``.

    Raises
    ------
    InputError
        If a name means no scenario, or several.
    """
    path = scenario_path(name)
    return name if is_path(name) else f"{path.resolve().parent.name}/{path.stem}"


def full_name(path: Path, kind: Kind = "scenario") -> str | None:
    """Return the full name of a bundled file, ``case/name``; ``None`` for any other."""
    known = {there.resolve(): name for name, there in bundled(kind).items()}
    return known.get(path.resolve())


def reference(name: str) -> str:
    """Return a name or path as it is found from anywhere: a full name, or an absolute path.

    Raises
    ------
    InputError
        If a name means no scenario, or several.
    """
    path = scenario_path(name)
    return full_name(path) or str(path.resolve())
