"""Files laid on one another: what a scenario extends, drops and adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os.path import isfile
from pathlib import Path
from typing import Any, TypeVar

from two_chairs.errors import InputError, Problem, nearest
from two_chairs.parameters import SYMBOLS

from .codebook import Codebook
from .files import event_problems, read_draws, read_events, repeated
from .library import (
    CASE_FILE,
    CODEBOOK_FILE,
    OBSERVATIONS_FILE,
    bundled_folder,
    bundled_scenarios,
    scenario_path,
)
from .records import Case, DatedCondition, Expectation, Intervention, Observation, Posterior, Target
from .text import check_table, neighbours, read_toml, shown
from .written import EventRow, ParameterEntry, ScenarioFile

Dated = TypeVar("Dated", DatedCondition, Intervention, Target)


@dataclass
class Draft:
    """A scenario while its chain of files is laid on top of one another, root first."""

    path: Path
    case: Case
    codebook: Codebook
    settings: dict[str, tuple[str, Any]] = field(default_factory=dict)
    events: dict[str, tuple[str, EventRow]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    conditions: dict[str, tuple[str, DatedCondition]] = field(default_factory=dict)
    interventions: dict[str, tuple[str, Intervention]] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ParameterEntry]] = field(default_factory=dict)
    institutions: dict[str, tuple[str, float]] = field(default_factory=dict)
    expectations: list[tuple[str, Expectation]] = field(default_factory=list)
    targets: list[tuple[str, Target]] = field(default_factory=list)
    observations: list[tuple[str, Observation]] = field(default_factory=list)
    overrides: dict[str, float] = field(default_factory=dict)
    posterior: Posterior | None = None
    problems: list[Problem] = field(default_factory=list)
    torn: bool = False
    """Whether parts could not be read: what refers to other parts is then not checked."""

    @property
    def place(self) -> str:
        """The file that was asked for, as it is shown."""
        return shown(self.path)

    def note(self, where: str, text: str) -> None:
        """Remember a problem."""
        self.problems.append(Problem(where, text))

    def setting(self, key: str) -> Any:
        """Return a setting, ``None`` where no file has it."""
        return self.settings.get(key, ("", None))[1]

    def present(self, dated: Mapping[str, tuple[str, Dated]]) -> list[tuple[str, Dated]]:
        """Return what depends on events with its place, without what depends on absent ones."""
        return [
            (where, entry)
            for where, entry in dated.values()
            if entry.because is None or entry.because in self.events
        ]


SETTINGS = ("title", "question", "note", "start", "end", "agents_act_from", "scale")


def related(path: Path, name: str, key: str) -> Path:
    """Return the scenario file that another one names: beside it, or bundled."""
    beside, bundled = path.parent / _file_name(name), bundled_scenarios()
    if isfile(beside) and not (name in bundled and beside.resolve() == path.resolve()):
        return beside
    if name in bundled:
        return bundled[name]
    near = [p.stem for p in path.parent.glob("*.toml") if p.name not in {CASE_FILE, path.name}]
    known = dict.fromkeys([*near, *bundled])
    text = f"no scenario '{name}' stands beside this file or in the bundle"
    raise InputError.at(f"{shown(path)}: {key}", f"{text}; {nearest(name, known)}")


def input_files(name: str) -> list[Path]:
    """Return every file that a scenario and those it is compared with are made of."""
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
        *(path.parent / layer.posterior.file for path, layer in chain if layer.posterior),
    ]


def _event_files(chain: Sequence[tuple[Path, ScenarioFile]]) -> list[Path]:
    found = []
    for number, (_, layer) in enumerate(chain):
        folders = [path.parent for path, _ in chain[number::-1]]
        found += [_event_file(folders, name) for name in layer.events or ()]
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
    return name if name.endswith(".toml") else f"{name}.toml"


def case_path_of(chain: Sequence[tuple[Path, ScenarioFile]]) -> Path:
    """Return the case file of a chain: the one named last, or the one beside the root."""
    for path, layer in reversed(chain):
        if layer.case is not None:
            return _beside(path, layer.case, "case")
    root = chain[0][0]
    if not isfile(root.parent / CASE_FILE):
        text = f"is missing, and no {CASE_FILE} stands beside this file; add case or extends"
        raise InputError.at(f"{shown(root)}: case", text)
    return root.parent / CASE_FILE


def _beside(path: Path, name: str, key: str) -> Path:
    """Return the file that a key of another file names."""
    there = path.parent / name
    if not isfile(there):
        text = f"there is no file '{name}'; {neighbours(there)}"
        raise InputError.at(f"{shown(path)}: {key}", text)
    return there


def lay(draft: Draft, path: Path, layer: ScenarioFile, folders: Sequence[Path]) -> None:
    """Lay one file on the draft: what it drops goes before what it adds.

    ``folders`` are those in which it may find event files: its own, then those it extends.
    """
    place = shown(path)
    for key in SETTINGS:
        value = getattr(layer, key)
        if value is not None:
            draft.settings[key] = (f"{place}: {key}", value)
    draft.expectations = [
        (f"{place}: expect[{number}]", entry) for number, entry in enumerate(layer.expect, start=1)
    ]
    if layer.targets is not None:
        draft.targets = [(f"{place}: targets[{target.id}]", target) for target in layer.targets]
        draft.problems += repeated((f"{where}.id", target.id) for where, target in draft.targets)
    _lay_events(draft, path, layer, folders)
    _drop(draft, place, layer.drop)
    _add_events(draft, place, layer)
    _lay_dated(draft, place, layer)
    named = [(canonical(name), name) for name in layer.parameters]
    for problem in repeated((f"{place}: parameters.{name}", full) for full, name in named):
        draft.problems.append(problem)
    for full, name in named:
        draft.parameters[full] = (f"{place}: parameters.{name}", layer.parameters[name])
    if layer.posterior is not None:
        names, rows = read_draws(_beside(path, layer.posterior.file, "posterior.file"))
        draft.posterior = Posterior(**layer.posterior.model_dump(), names=names, rows=rows)
    for key, level in layer.institutions.items():
        draft.institutions[key] = (f"{place}: institutions.{key}", level)


def canonical(name: str) -> str:
    """Return the full name of a parameter given by its name or symbol."""
    return SYMBOLS.get(name, name)


def _lay_events(draft: Draft, path: Path, layer: ScenarioFile, folders: Sequence[Path]) -> None:
    """Lay the event files of a layer: they replace those of the layers below."""
    if layer.events is not None:
        draft.events = {}
        read: list[tuple[str, EventRow]] = []
        for number, name in enumerate(layer.events, start=1):
            try:
                rows, problems = read_events(
                    _event_file(folders, name) or _beside(path, name, f"events[{number}]")
                )
            except InputError as error:
                rows, problems = [], list(error.problems)
            read += rows
            draft.problems += problems
            draft.torn |= bool(problems)
        draft.problems += repeated((f"{where}id", row.id) for where, row in read)
        draft.events = {row.id: (where, row) for where, row in read}
    draft.ever |= set(draft.events)


def _event_file(folders: Sequence[Path], name: str) -> Path | None:
    """Return the event file of a name in the first folder that has it."""
    return next((folder / name for folder in folders if isfile(folder / name)), None)


def _add_events(draft: Draft, place: str, layer: ScenarioFile) -> None:
    """Add the events that stand in a layer itself."""
    for row in layer.add:
        where = f"{place}: add[{row.id}]"
        if row.id in draft.events:
            draft.note(f"{where}.id", "stands already among the events; drop that or rename this")
        draft.problems += event_problems(f"{where}.", row)
        draft.events[row.id] = (f"{where}.", row)
    draft.ever |= set(draft.events)


def _lay_dated(draft: Draft, place: str, layer: ScenarioFile) -> None:
    for condition in layer.conditions:
        where = f"{place}: conditions[{condition.id}]"
        _refuse_twin(draft, where, condition.id)
        draft.conditions[condition.id] = (where, condition)
    for intervention in layer.interventions:
        where = f"{place}: interventions[{intervention.id}]"
        _refuse_twin(draft, where, intervention.id)
        draft.interventions[intervention.id] = (where, intervention)


def _refuse_twin(draft: Draft, where: str, key: str) -> None:
    if key in draft.conditions or key in draft.interventions:
        draft.note(f"{where}.id", "stands already; drop that one or rename this one")


def _drop(draft: Draft, place: str, keys: Sequence[str]) -> None:
    tables: tuple[dict[str, Any], ...] = (draft.events, draft.conditions, draft.interventions)
    for key in keys:
        if not draft.torn and not any(key in table for table in tables):
            known = [known for table in tables for known in table]
            draft.note(f"{place}: drop", f"'{key}' is nothing dated here; {nearest(key, known)}")
        for table in tables:
            table.pop(key, None)


def override(draft: Draft, overrides: Mapping[str, float]) -> None:
    """Lay values given by hand on a draft; they stand above every file."""
    for name, value in overrides.items():
        draft.parameters[canonical(name)] = (f"--set {name}", ParameterEntry(value=value))
        draft.overrides[canonical(name)] = value
