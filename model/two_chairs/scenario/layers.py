"""Pass one: all files that a scenario is made of, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import isdir, isfile, lexists
from pathlib import Path

from two_chairs.errors import InputError, Problem, nearest
from two_chairs.parameters import SYMBOLS

from .codebook import Codebook
from .files import codebook_of, read_case, read_draws, read_events, read_observations
from .library import (
    CASE_FILE,
    CODEBOOK_FILE,
    OBSERVATIONS_FILE,
    bundled_cases,
    bundled_folder,
    bundled_ledgers,
    bundled_scenarios,
    case_of,
    find,
    is_path,
    scenario_path,
)
from .provenance import read_record
from .records import Case, EventRow, Observation, PosteriorTable
from .text import check_table, neighbours, read_toml, shown
from .written import PosteriorEntry, ScenarioFile

EventFile = tuple[list[tuple[str, EventRow]], list[Problem]]
"""The rows of an event file that can be used, each with its place, and every problem."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One scenario file with what it names: event files, those it adds, and its posterior."""

    path: Path
    file: ScenarioFile
    events: tuple[EventFile, ...]
    added: tuple[EventFile, ...]
    posterior: PosteriorTable | None

    @property
    def place(self) -> str:
        """The file as it is shown."""
        return shown(self.path)


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a scenario is made of, as read: layers from the root to the file asked for."""

    path: Path
    layers: tuple[Layer, ...]
    case: Case
    codebook: Codebook
    observations: list[tuple[str, Observation]]
    problems: list[Problem]


def read_all(path: Path) -> Sources:
    """Read a scenario file and all that it needs.

    Raises
    ------
    InputError
        If a file that all else depends on can not be used.
    """
    chain, problems = chain_of(path)
    try:
        case_path = case_path_of(chain)
        case = read_case(case_path)
        observations = read_observations(case_path.parent / OBSERVATIONS_FILE)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    codebook = codebook_of(case)
    layers = tuple(_layer(chain[: number + 1]) for number in range(len(chain)))
    return Sources(path, layers, case, codebook, observations, problems)


def _layer(chain: Sequence[tuple[Path, ScenarioFile]]) -> Layer:
    """Read what the last file of a chain names; event files may lie where those below lie."""
    path, file = chain[-1]
    folders = [below.parent for below, _ in reversed(chain)]
    events, added = (
        tuple(
            _read_event_file(path, folders, name, f"{key}[{number}]")
            for number, name in enumerate(names or (), start=1)
        )
        for key, names in (("events", file.events), ("add_events", file.add_events))
    )
    if file.posterior is None:
        return Layer(path, file, events, added, None)
    return Layer(path, file, events, added, _posterior(path, file.posterior))


def _posterior(path: Path, entry: PosteriorEntry) -> PosteriorTable:
    """Read the draws that a file names, with the record beside them."""
    draws = _beside(path, entry.file, "posterior.file")
    names, rows = read_draws(draws)
    fitted = read_record(draws, entry, shown(path), names, rows)
    table = PosteriorTable(**entry.model_dump(), fitted=fitted, names=names, rows=())
    return table.model_copy(update={"rows": rows})  # not copied: all scenarios of a file share them


def _read_event_file(path: Path, folders: Sequence[Path], name: str, key: str) -> EventFile:
    try:
        return read_events(_event_file(folders, name) or _no_event_file(path, name, key))
    except InputError as error:
        return [], list(error.problems)


def _no_event_file(path: Path, name: str, key: str) -> Path:
    """Raise that there is no event file of a name, and say which was probably meant."""
    if name and not Path(name).suffix:
        text = f"there is no bundled ledger '{name}'; {nearest(name, bundled_ledgers())}"
        raise InputError.at(f"{shown(path)}: {key}", text)
    return _beside(path, name, key)


def related(path: Path, name: str, key: str) -> Path:
    """Return the scenario file that another one names: beside it, or by its full name.

    A bare name that stands nowhere beside means the case that the file belongs to: the one whose
    scenario it extends, or the default case where it does not belong to one yet.

    Raises
    ------
    InputError
        With every problem found.
    """
    beside, elsewhere = path.parent / _file_name(name), _by_name(path, name, key)
    found = [p for p in (beside, elsewhere) if p is not None and _is_there(p)]
    if found:
        return next((p for p in found if p.resolve() != path.resolve()), found[0])
    near = [p.stem for p in path.parent.glob("*.toml") if p.name not in {CASE_FILE, path.name}]
    known = dict.fromkeys([*near, *bundled_scenarios()])
    text = f"no scenario '{name}' stands beside this file or in its case"
    raise InputError.at(f"{shown(path)}: {key}", f"{text}; {nearest(name, known)}")


def _by_name(path: Path, name: str, key: str) -> Path | None:
    """Return the file that a name in a scenario file means, if it does not stand beside that."""
    if "/" in name or is_path(name):
        return bundled_scenarios().get(name)
    if (own := case_of(path)) is not None:
        return own / _file_name(name)
    if key == "extends":
        return find(name, here=path.parent)
    return chain_of(path)[0][0][0].parent / _file_name(name)


def input_files(name: str) -> list[Path]:
    """Return every file that a scenario and those it is compared with are made of.

    Raises
    ------
    InputError
        With every problem found.
    """
    path = scenario_path(name)
    layers = [layer for _, layer in chain_of(path)[0]]
    compared = [e.against for e in layers[-1].expect] + [
        target.against for layer in layers for target in layer.targets or ()
    ]
    others = [related(path, against, "against") for against in compared if against is not None]
    found = [part for each in (path, *others) for part in _files_of(chain_of(each)[0])]
    return list(dict.fromkeys([*found, bundled_folder() / CODEBOOK_FILE]))


def _files_of(chain: Sequence[tuple[Path, ScenarioFile]]) -> list[Path]:
    case_path = case_path_of(chain)
    observations = case_path.parent / OBSERVATIONS_FILE
    return [
        *(path for path, _ in chain),
        case_path,
        *([observations] if observations.is_file() else []),
        *_event_files(chain),
        *(
            (path.parent / layer.posterior.file).with_suffix(ending)
            for path, layer in chain
            if layer.posterior
            for ending in (Path(layer.posterior.file).suffix, ".json")
        ),
    ]


def _event_files(chain: Sequence[tuple[Path, ScenarioFile]]) -> list[Path]:
    found = []
    for number, (_, layer) in enumerate(chain):
        folders = [path.parent for path, _ in chain[number::-1]]
        names = (*(layer.events or ()), *layer.add_events)
        found += [_event_file(folders, name) for name in names]
    return [path for path in found if path is not None]


def chain_of(path: Path) -> tuple[list[tuple[Path, ScenarioFile]], list[Problem]]:
    """Return the files that a scenario extends, the root first and itself last, with problems.

    Raises
    ------
    InputError
        If the chain can not be followed to its root.
    """
    chain: list[tuple[Path, ScenarioFile]] = []
    problems: list[Problem] = []
    seen: list[Path] = []
    while True:
        place, table = shown(path), read_toml(path)
        if path.resolve() in seen:
            loop = " > ".join(p.name for p in [*seen, path])
            text = f"the files extend each other ({loop}); cut the loop"
            raise InputError.at(f"{shown(seen[-1])}: extends", text)
        seen.append(path.resolve())
        layer, wrong = check_table(ScenarioFile, table, place, title="?", question="?")
        problems += wrong
        lost = {f"{place}: extends", f"{place}: case"} & {problem.place for problem in wrong}
        if layer is None or lost:
            raise InputError(problems)
        chain.insert(0, (path, layer))
        if layer.extends is None:
            return chain, problems
        path = related(path, layer.extends, "extends")


def _file_name(name: str) -> str:
    return name if is_path(name) else f"{name}.toml"


def case_path_of(chain: Sequence[tuple[Path, ScenarioFile]]) -> Path:
    """Return the case file of a chain: the one named last, or the one beside the root.

    Raises
    ------
    InputError
        With every problem found.
    """
    for path, layer in reversed(chain):
        if layer.case is not None:
            return _case_file(path, layer.case)
    root = chain[0][0]
    if not isfile(root.parent / CASE_FILE):
        text = f"is missing, and no {CASE_FILE} stands beside this file; add case or extends"
        raise InputError.at(f"{shown(root)}: case", text)
    return root.parent / CASE_FILE


def _case_file(path: Path, name: str) -> Path:
    """Return the case file that a scenario names: a file, or a bundled case by its name."""
    if name in bundled_cases() and not isfile(path.parent / name):
        return bundled_cases()[name] / CASE_FILE
    return _beside(path, name, "case")


def _beside(path: Path, name: str, key: str) -> Path:
    """Return the file that a key of another file names."""
    there = path.parent / name
    if not _is_there(there):
        text = f"there is no file '{name}'; {neighbours(there)}"
        raise InputError.at(f"{shown(path)}: {key}", text)
    return there


def _event_file(folders: Sequence[Path], name: str) -> Path | None:
    """Return the event file of a name: in the first folder that has it, else bundled."""
    beside = (folder / name for folder in folders if _is_there(folder / name))
    return next(beside, bundled_ledgers().get(name))


def canonical(name: str) -> str:
    """Return the full name of a parameter given by its name or symbol."""
    return SYMBOLS.get(name, name)


def _is_there(path: Path) -> bool:
    """Say whether something stands at a path that is no folder; reading it tells what it is."""
    return lexists(path) and not isdir(path)
