"""From files to a resolved scenario: overrides, defaults and checks, all at this one door.

Past it nobody checks again. Problems are collected, a file at a time, and raised together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from math import copysign, isfinite
from os.path import isfile
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator

from .actors import CONDITIONS, PATRONS, REGIMES, ROLES
from .codebook import Action, Codebook, Scale
from .errors import InputError, Problem, nearest
from .parameters import GROUPS, PARAMETERS, START_ONLY, SYMBOLS, ParameterInfo
from .scenario import (
    SUM_TOLERANCE,
    AnyTie,
    Case,
    DatedCondition,
    Day,
    Event,
    Expectation,
    Frozen,
    Intervention,
    Observation,
    ParameterRange,
    RegionalOrganisation,
    Scenario,
    Score,
    Target,
    Text,
    UnitInterval,
    Weight,
    monday,
)
from .tables import Record, check_rows, check_table, neighbours, read_csv, read_toml, shown
from .trajectory import Cast, cast_of, outcome_place

SETTINGS = ("title", "question", "note", "start", "end", "agents_act_from", "scale")
CASE_FILE = "case.toml"
CODEBOOK_FILE = "codebook.csv"
OBSERVATIONS_FILE = "observations.csv"
MOST_WEEKS = 5200
"""Weeks that a run may last: a century."""
LARGEST = 100.0
"""Size of a parameter that its meaning does not bound, above which arithmetic may overflow."""
GIVEN = tuple(name for name, info in PARAMETERS.items() if info.default is None)
"""Parameters that every case must give."""
NOT_BESIDE = ("share", "none")
"""What an observation may stand beside apart from an outcome: a share by itself, or nothing."""


# --- what stands in files ------------------------------------------------------------------------


class EventRow(Frozen):
    """An event as an analyst writes it: blanks are filled from the codebook."""

    id: Text
    date: Day
    actor: Text
    target: Text
    action: Text
    goldstein: Score | None = None
    security: UnitInterval | None = None
    economy: UnitInterval | None = None
    politics: UnitInterval | None = None
    material: bool | None = None
    weight: Weight = 1.0
    weight_low: Weight | None = None
    weight_high: Weight | None = None
    severity: UnitInterval | None = None
    coverage: UnitInterval | None = None
    defended: bool | None = None
    document: Text
    paragraph: int | None = None
    says: Text
    correction: str = ""


def _as_entry(value: object) -> object:
    return value if isinstance(value, Mapping) else {"value": value}


class ParameterEntry(Frozen):
    """A parameter of a scenario: a fixed value, or a value with a range."""

    value: float
    low: float | None = None
    high: float | None = None


class ScenarioFile(Frozen):
    """A scenario as an analyst writes it: only what differs from the scenario it extends."""

    title: Text
    question: Text
    note: str = ""
    extends: str | None = None
    case: str | None = None
    start: Day | None = None
    end: Day | None = None
    agents_act_from: Day | None = None
    scale: Scale | None = None
    events: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    add: tuple[EventRow, ...] = ()
    parameters: dict[str, Annotated[ParameterEntry, BeforeValidator(_as_entry)]] = {}
    institutions: dict[str, UnitInterval] = {}
    conditions: tuple[DatedCondition, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    expect: tuple[Expectation, ...] = ()
    targets: tuple[Target, ...] | None = None


Dated = TypeVar("Dated", DatedCondition, Intervention)


# --- where files stand ---------------------------------------------------------------------------


def bundled_folder() -> Path:
    """Return the folder of the bundled scenarios: in the package, or in a checkout beside it."""
    packaged = Path(str(files("two_chairs"))) / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "scenarios"


def bundled_scenarios() -> dict[str, Path]:
    """Return the bundled scenarios by name, the file's stem."""
    paths = sorted(bundled_folder().glob("*/*.toml"))
    return {path.stem: path for path in paths if path.name != CASE_FILE}


def scenario_path(name: str) -> Path:
    """Return the file of a scenario given by its bundled name or by a path."""
    if name.endswith(".toml") or "/" in name:
        return Path(name)
    bundled = bundled_scenarios()
    if name not in bundled:
        text = f"no bundled scenario has this name; {nearest(name, bundled)}"
        raise InputError.at(name or "SCENARIO", text)
    return bundled[name]


# --- reading one file ----------------------------------------------------------------------------


def _read_sheet(
    model: type[Record], path: Path, key: str
) -> tuple[list[tuple[str, Record]], list[Problem]]:
    """Return the records of a sheet, each with its place, and every problem of its rows."""
    place = shown(path)
    rows, problems = read_csv(path, tuple(model.model_fields))
    records, wrong = check_rows(model, rows, place)
    placed = [(f"{place}: row {number}, column ", record) for number, record in records]
    twice = _repeated((where + key, getattr(record, key)) for where, record in placed)
    return placed, problems + wrong + twice


def read_codebook(path: Path | None = None) -> Codebook:
    """Read the action codebook, by default the bundled one."""
    placed, problems = _read_sheet(Action, path or bundled_folder() / CODEBOOK_FILE, "action")
    for where, action in placed:
        if text := _not_one(action.domains()):
            problems.append(Problem(f"{where}security", text))
    _raise(problems)
    return {action.action: action for _, action in placed}


def read_events(path: Path) -> tuple[list[tuple[str, EventRow]], list[Problem]]:
    """Read an event file: the rows that can be used, each with its place, and every problem."""
    placed, problems = _read_sheet(EventRow, path, "id")
    return placed, problems + [p for where, row in placed for p in event_problems(where, row)]


def event_problems(prefix: str, row: EventRow) -> list[Problem]:
    """Return what is wrong with an event by itself."""
    found: list[tuple[str, str]] = []
    domains = (row.security, row.economy, row.politics)
    if any(share is not None for share in domains):
        given = tuple(share or 0.0 for share in domains)
        if text := _not_one(given):
            found.append(("security", text))
    low = row.weight if row.weight_low is None else row.weight_low
    high = row.weight if row.weight_high is None else row.weight_high
    if text := _not_between(low, row.weight, high):
        found.append(("weight", text))
    if row.severity is not None:
        found += [
            (name, "is missing; an attack (a row with a severity) needs it")
            for name in ("coverage", "defended")
            if getattr(row, name) is None
        ]
    else:
        found += [
            (name, "stands without a severity; add one if this is an attack, else empty the cell")
            for name in ("coverage", "defended")
            if getattr(row, name) is not None
        ]
    if row.actor == row.target:
        found.append(("target", f"'{row.target}' is the actor itself; name another actor"))
    return [Problem(prefix + name, text) for name, text in found]


def _not_one(shares: Sequence[float]) -> str:
    total = sum(shares)
    if abs(total - 1.0) <= SUM_TOLERANCE:
        return ""
    return f"the domain weights sum to {total:.9g}, not 1; change security, economy or politics"


def _not_between(low: float, value: float, high: float) -> str:
    if low > high:
        return f"its range is upside down, {low:.9g} to {high:.9g}; swap the two"
    if low <= value <= high:
        return ""
    return (
        f"{value:.9g} lies outside its range {low:.9g} to {high:.9g}; widen the range or change it"
    )


def read_observations(path: Path) -> list[tuple[str, Observation]]:
    """Read the observed numbers of a case, if it has any, each with its place."""
    if not path.is_file():
        return []
    placed, problems = _read_sheet(Observation, path, "id")
    for where, row in placed:
        if row.end < row.start:
            problems.append(Problem(f"{where}end", _backwards(row.end, row.start)))
    _raise(problems)
    return placed


def _backwards(end: Day, start: Day) -> str:
    return f"{end} lies before the start, {start}; swap or change the dates"


def read_case(path: Path) -> Case:
    """Read a case file and check that its parts fit."""
    place = shown(path)
    case, problems = check_table(Case, read_toml(path), place, title="?")
    if case is None:
        raise InputError(problems)
    if not problems:
        problems = [
            *_role_problems(place, case),
            *_baseline_problems(place, case),
            *_complete(place, "regimes", case.regimes, REGIMES),
            *_complete(place, "seats", case.seats, PATRONS),
            *_complete(place, "conditions", case.conditions, CONDITIONS),
            *_complete(place, "parameters", case.parameters, GIVEN),
            *_tie_problems(place, case.institutions),
        ]
    _raise(problems + _case_parameter_problems(place, case))
    return case


def _role_problems(place: str, case: Case) -> list[Problem]:
    problems = []
    for role in ROLES[:-1]:
        holders = [key for key, actor in case.actors.items() if actor.role == role]
        if len(holders) != 1:
            listed = ", ".join(holders) or "nobody"
            text = f"the role '{role}' is held by {listed}; exactly one actor must hold it"
            problems.append(Problem(f"{place}: actors", text))
    return problems


def _baseline_problems(place: str, case: Case) -> list[Problem]:
    pairs = [f"{a}>{b}" for a in case.actors for b in case.actors if a != b]
    unknown = [
        Problem(f"{place}: baselines.{pair}", f"not a pair of actors; {nearest(pair, pairs)}")
        for pair in case.baselines
        if pair not in pairs
    ]
    return unknown + _complete(place, "baselines", case.baselines, pairs)


def _complete(place: str, table: str, given: Iterable[str], needed: Iterable[str]) -> list[Problem]:
    present = set(given)
    return [
        Problem(f"{place}: {table}.{key}", "is missing; add it")
        for key in needed
        if key not in present
    ]


def _tie_problems(place: str, ties: Sequence[AnyTie]) -> list[Problem]:
    ids = [tie.id for tie in ties]
    problems = _repeated((f"{place}: institutions[{key}].id", key) for key in ids)
    for tie in ties:
        if isinstance(tie, RegionalOrganisation) and tie.after not in ids:
            text = f"'{tie.after}' is not an institution; {nearest(tie.after, ids)}"
            problems.append(Problem(f"{place}: institutions[{tie.id}].after", text))
    return problems


def _case_parameter_problems(place: str, case: Case) -> list[Problem]:
    problems = []
    for name, entry in case.parameters.items():
        where = f"{place}: parameters.{name}"
        if name not in PARAMETERS:
            problems.append(Problem(where, _unknown_parameter(name)))
            continue
        problems += _range_problems(where, PARAMETERS[name], entry.value, entry.low, entry.high)
    return problems


def _unknown_parameter(name: str) -> str:
    if name in SYMBOLS:
        return f"'{name}' is a symbol; write the name, {SYMBOLS[name]}"
    return f"unknown parameter; {nearest(name, [*PARAMETERS, *SYMBOLS])}"


def _range_problems(
    where: str, info: ParameterInfo, value: float, low: float, high: float
) -> list[Problem]:
    smallest, largest = (b if isfinite(b) else copysign(LARGEST, b) for b in info.bounds)
    bounds = f"from {smallest:g} to {largest:g}"
    problems = [
        Problem(where, f"{number:.9g} is out of range; {info.name} must be {bounds}")
        for number in dict.fromkeys((value, low, high))
        if not smallest <= number <= largest
    ]
    if text := _not_between(low, value, high):
        problems.append(Problem(where, text))
    return problems


def _repeated(placed: Iterable[tuple[str, str]]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for where, key in placed:
        if key in seen:
            problems.append(Problem(where, f"'{key}' stands already; rename or remove one"))
        seen.add(key)
    return problems


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputError(dict.fromkeys(problems))


# --- a chain of scenario files --------------------------------------------------------------------


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
        """Return conditions or interventions with their places, without those of absent events."""
        return [
            (where, entry)
            for where, entry in dated.values()
            if entry.because is None or entry.because in self.events
        ]


def load_scenario(name: str, overrides: Mapping[str, float] | None = None) -> Scenario:
    """Read and resolve a scenario.

    Parameters
    ----------
    name
        Name of a bundled scenario (its file's stem) or a path to a TOML file.
    overrides
        Values of parameters by name or symbol, fixed in this run.

    Raises
    ------
    InputError
        With every problem found, each with its place and a remedy.
    """
    draft = _draft(scenario_path(name), overrides or {})
    draft.problems += _against_problems(draft, overrides or {})
    return _finish(draft)


def load_reference(name: str, against: str, overrides: Mapping[str, float]) -> Scenario:
    """Read the scenario that another one compares with: a file beside it, or a bundled one."""
    return _finish(_draft(_related(scenario_path(name), against, "against"), overrides))


def _draft(path: Path, overrides: Mapping[str, float]) -> Draft:
    """Lay a chain of files on one another and note every problem."""
    chain, problems = _chain(path)
    try:
        case_path = _case_path(chain)
        case = read_case(case_path)
        observations = read_observations(case_path.parent / OBSERVATIONS_FILE)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    draft = Draft(path, case, read_codebook(), observations=observations, problems=problems)
    draft.torn = bool(problems)
    for layer_path, layer in chain:
        _lay(draft, layer_path, layer)
    _override(draft, overrides)
    draft.problems += _draft_problems(draft)
    return draft


def _related(path: Path, name: str, key: str) -> Path:
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
    layers = [layer for _, layer in _chain(path)[0]]
    compared = [e.against for e in layers[-1].expect] + [
        target.against for layer in layers for target in layer.targets or ()
    ]
    others = [_related(path, against, "against") for against in compared if against is not None]
    found = [part for each in (path, *others) for part in _files_of(_chain(each)[0])]
    return list(dict.fromkeys([*found, bundled_folder() / CODEBOOK_FILE]))


def _files_of(chain: Sequence[tuple[Path, ScenarioFile]]) -> list[Path]:
    case_path = _case_path(chain)
    observations = case_path.parent / OBSERVATIONS_FILE
    return [
        *(path for path, _ in chain),
        case_path,
        *([observations] if observations.is_file() else []),
        *(path.parent / table for path, layer in chain for table in layer.events or ()),
    ]


def _chain(path: Path) -> tuple[list[tuple[Path, ScenarioFile]], list[Problem]]:
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
        path = _related(path, layer.extends, "extends")


def _file_name(name: str) -> str:
    return name if name.endswith(".toml") else f"{name}.toml"


def _case_path(chain: Sequence[tuple[Path, ScenarioFile]]) -> Path:
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


def _lay(draft: Draft, path: Path, layer: ScenarioFile) -> None:
    """Lay one file on the draft: what it drops goes before what it adds."""
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
        draft.problems += _repeated((f"{where}.id", target.id) for where, target in draft.targets)
    _lay_events(draft, path, layer)
    _drop(draft, place, layer.drop)
    _add_events(draft, place, layer)
    _lay_dated(draft, place, layer)
    named = [(canonical(name), name) for name in layer.parameters]
    for problem in _repeated((f"{place}: parameters.{name}", full) for full, name in named):
        draft.problems.append(problem)
    for full, name in named:
        draft.parameters[full] = (f"{place}: parameters.{name}", layer.parameters[name])
    for key, level in layer.institutions.items():
        draft.institutions[key] = (f"{place}: institutions.{key}", level)


def canonical(name: str) -> str:
    """Return the full name of a parameter given by its name or symbol."""
    return SYMBOLS.get(name, name)


def _lay_events(draft: Draft, path: Path, layer: ScenarioFile) -> None:
    """Lay the event files of a layer: they replace those of the layers below."""
    if layer.events is not None:
        draft.events = {}
        read: list[tuple[str, EventRow]] = []
        for number, name in enumerate(layer.events, start=1):
            try:
                rows, problems = read_events(_beside(path, name, f"events[{number}]"))
            except InputError as error:
                rows, problems = [], list(error.problems)
            read += rows
            draft.problems += problems
            draft.torn |= bool(problems)
        draft.problems += _repeated((f"{where}id", row.id) for where, row in read)
        draft.events = {row.id: (where, row) for where, row in read}
    draft.ever |= set(draft.events)


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


def _override(draft: Draft, overrides: Mapping[str, float]) -> None:
    for name, value in overrides.items():
        draft.parameters[canonical(name)] = (f"--set {name}", ParameterEntry(value=value))


# --- the finished scenario ------------------------------------------------------------------------


def _finish(draft: Draft) -> Scenario:
    """Fill in defaults and return the complete scenario, or raise every problem."""
    parameters = _resolved_parameters(draft)
    events = [_resolved_event(draft, where, row) for where, row in draft.events.values()]
    _raise(draft.problems)
    scenario, problems = check_table(
        Scenario,
        {
            "name": draft.path.stem,
            **{key: value for key, (_, value) in draft.settings.items()},
            "case": draft.case,
            "events": events,
            "conditions": [entry for _, entry in draft.present(draft.conditions)],
            "interventions": [entry for _, entry in draft.present(draft.interventions)],
            "institutions": {tie.id: tie.start for tie in draft.case.institutions}
            | {key: level for key, (_, level) in draft.institutions.items()},
            "parameters": parameters,
            "expect": [expectation for _, expectation in draft.expectations],
            "targets": [target for _, target in draft.targets],
            "observations": [observation for _, observation in draft.observations],
        },
        draft.place,
    )
    if scenario is None or problems:
        raise InputError(problems)
    return scenario


def _resolved_parameters(draft: Draft) -> dict[str, ParameterRange]:
    ranges: dict[str, ParameterRange] = {}
    for name, info in PARAMETERS.items():
        if name in draft.case.parameters:
            given = draft.case.parameters[name]
            ranges[name] = ParameterRange(value=given.value, low=given.low, high=given.high)
        elif info.default is not None and info.low is not None and info.high is not None:
            ranges[name] = ParameterRange(value=info.default, low=info.low, high=info.high)
    for name, (where, entry) in draft.parameters.items():
        if name not in PARAMETERS:
            draft.note(where, _unknown_parameter(name))
            draft.torn = True
            continue
        low = entry.value if entry.low is None else entry.low
        high = entry.value if entry.high is None else entry.high
        draft.problems += _range_problems(where, PARAMETERS[name], entry.value, low, high)
        ranges[name] = ParameterRange(value=entry.value, low=low, high=high)
    for group, members in GROUPS.items():
        total = sum(ranges[name].value for name in members)
        if abs(total - 1.0) > SUM_TOLERANCE and not draft.torn:
            text = f"sum to {total:.9g}, not 1; set all of {', '.join(members)}"
            places = [draft.parameters[n][0] for n in members if n in draft.parameters]
            draft.note((places or [draft.place])[0], f"the {group.replace('_', ' ')} {text}")
    return ranges


def _resolved_event(draft: Draft, where: str, row: EventRow) -> Event | None:
    """Fill an event from the codebook, or note what keeps it from being filled."""
    ids = draft.case.actor_ids()
    for column in ("actor", "target"):
        key = getattr(row, column)
        if key not in ids:
            draft.note(where + column, f"'{key}' is not an actor; {nearest(key, ids)}")
    action = draft.codebook.get(row.action)
    if action is None:
        remedy = nearest(row.action, draft.codebook)
        draft.note(where + "action", f"'{row.action}' is not in the codebook; {remedy}")
        return None
    scale: Scale = draft.setting("scale") or "goldstein"
    own = row.goldstein if scale == "goldstein" else None
    score = action.score(scale) if own is None else own
    if score is None:
        text = f"'{row.action}' has no score on the {scale} scale; use another scale or action"
        draft.note(where + "action", text)
        return None
    security, economy, politics = (
        action.domains()
        if row.security is row.economy is row.politics is None
        else (row.security or 0.0, row.economy or 0.0, row.politics or 0.0)
    )
    filled = {
        "goldstein": score,
        "security": security,
        "economy": economy,
        "politics": politics,
        "material": action.material if row.material is None else row.material,
        "weight_low": row.weight if row.weight_low is None else row.weight_low,
        "weight_high": row.weight if row.weight_high is None else row.weight_high,
    }
    return Event(**(row.model_dump() | filled))


def _draft_problems(draft: Draft) -> list[Problem]:
    return [
        *_span_problems(draft),
        *_date_problems(draft),
        *_attack_problems(draft),
        *_because_problems(draft),
        *_twice_problems(draft),
        *_posture_problems(draft),
        *_intervention_problems(draft),
        *_institution_problems(draft),
        *_expectation_problems(draft),
        *_observation_problems(draft),
    ]


def _span_problems(draft: Draft) -> list[Problem]:
    """Return what is wrong with the dates between which the scenario runs."""
    start, end = draft.setting("start"), draft.setting("end")
    if start is None or end is None:
        return [
            Problem(f"{draft.place}: {key}", "is missing; add it here or in a file it extends")
            for key in ("start", "end")
            if draft.setting(key) is None and not draft.torn
        ]
    where = draft.settings["end"][0]
    if end < start:
        return [Problem(where, _backwards(end, start))]
    if (end - start).days > 7 * MOST_WEEKS:
        text = f"the run from {start} to {end} lasts more than {MOST_WEEKS} weeks; shorten it"
        return [Problem(where, text)]
    return []


def _date_problems(draft: Draft) -> list[Problem]:
    start, end = draft.setting("start"), draft.setting("end")
    if start is None or end is None or end < start:
        return []
    dated: list[tuple[str, Day | None]] = [
        (where + "date", row.date) for where, row in draft.events.values()
    ]
    interventions = draft.present(draft.interventions)
    dated += [(f"{where}.date", entry.date) for where, entry in draft.present(draft.conditions)]
    dated += [(f"{where}.date", entry.date) for where, entry in interventions]
    dated += [(f"{where}.until", entry.until) for where, entry in interventions]
    dated += [
        (f"{where}.{key}", getattr(entry, key))
        for where, entry in (*draft.expectations, *draft.targets)
        for key in ("at", "since")
    ]
    where, acting = draft.settings.get("agents_act_from", ("", start))
    dated.append((where, min(acting, end)))  # after the end is never
    problems = []
    for where, day in dated:
        if day is not None and day > end:
            text = f"{day} lies after the end of the run, {end}; drop it or move the end"
            problems.append(Problem(where, text))
        elif day is not None and day < start:
            text = f"{day} lies before the start, {start}; drop it or start earlier"
            problems.append(Problem(where, text))
    return problems


def _attack_problems(draft: Draft) -> list[Problem]:
    pivot, incumbent = draft.case.with_role("pivot"), draft.case.with_role("incumbent")
    ids = draft.case.actor_ids()
    problems = []
    for where, row in draft.events.values():
        if row.severity is not None and row.target != pivot and row.target in ids:
            text = (
                f"an attack (a row with a severity) is on the pivot, {pivot}, not on {row.target}"
            )
            problems.append(
                Problem(where + "target", f"{text}; empty severity or change the target")
            )
        if row.severity is not None and row.actor == incumbent:
            text = f"the guarantor {incumbent} can not answer its own attack"
            problems.append(Problem(where + "actor", f"{text}; empty severity or change the actor"))
    return problems


def _because_problems(draft: Draft) -> list[Problem]:
    dated: list[tuple[str, DatedCondition | Intervention]] = [
        *draft.conditions.values(),
        *draft.interventions.values(),
    ]
    return [
        Problem(
            f"{where}.because",
            f"'{entry.because}' is no event; {nearest(entry.because, draft.ever)}",
        )
        for where, entry in dated
        if entry.because is not None and entry.because not in draft.ever and not draft.torn
    ]


def _twice_problems(draft: Draft) -> list[Problem]:
    things = [
        (where, f"{entry.condition} on {entry.date}")
        for where, entry in draft.present(draft.conditions)
    ]
    for where, entry in draft.present(draft.interventions):
        for kind in entry.kinds():
            thing = getattr(entry, kind) if kind in _COMPANION else ""
            things.append((where, f"{kind} {thing} on {entry.date}".replace("  ", " ")))
    seen: set[str] = set()
    problems = []
    for where, thing in things:
        if thing in seen:
            problems.append(Problem(where, f"{thing} is set twice; drop one of the two"))
        seen.add(thing)
    return problems


def _posture_problems(draft: Draft) -> list[Problem]:
    """Return forced postures that begin while one before them is to last."""
    forced = [placed for placed in draft.present(draft.interventions) if placed[1].posture]
    forced.sort(key=lambda placed: placed[1].date)
    problems = []
    for (_, one), (where, other) in pairwise(forced):
        if one.until is not None and one.date < other.date < one.until:
            text = f"{other.date} lies within the posture that '{one.id}' forces until {one.until}"
            problems.append(Problem(f"{where}.date", f"{text}; let that one end before"))
    return problems


_COMPANION = {"institution": "level", "parameter": "value"}


def _intervention_problems(draft: Draft) -> list[Problem]:
    ids = [tie.id for tie in draft.case.institutions]
    problems = []
    for where, entry in draft.interventions.values():
        apart = [
            Problem(where, f"{kind} and {companion} belong together; give both or neither")
            for kind, companion in _COMPANION.items()
            if (getattr(entry, kind) is None) != (getattr(entry, companion) is None)
        ]
        kinds = entry.kinds()
        if len(kinds) > 1 or not (kinds or apart):
            listed = " and ".join(kinds) or "nothing"
            text = f"sets {listed}; it must set one of institution, posture, coercion, parameter"
            problems.append(Problem(where, text))
        problems += apart
        if entry.institution is not None and entry.institution not in ids:
            text = f"'{entry.institution}' is not an institution; {nearest(entry.institution, ids)}"
            problems.append(Problem(f"{where}.institution", text))
        if entry.until is not None and (
            entry.posture is None or monday(entry.until) <= monday(entry.date)
        ):
            text = "only a forced posture ends on a date, and that in a later week; change it"
            problems.append(Problem(f"{where}.until", text))
        problems += _dated_parameter_problems(where, entry)
    return problems


def _dated_parameter_problems(where: str, entry: Intervention) -> list[Problem]:
    name = entry.parameter
    if name is None or entry.value is None:
        return []
    if name not in PARAMETERS:
        return [Problem(f"{where}.parameter", _unknown_parameter(name))]
    if name in START_ONLY or PARAMETERS[name].group is not None:
        text = f"'{name}' can not change during a run; set it under [parameters]"
        return [Problem(f"{where}.parameter", text)]
    return _range_problems(
        f"{where}.value", PARAMETERS[name], entry.value, entry.value, entry.value
    )


def _institution_problems(draft: Draft) -> list[Problem]:
    ids = [tie.id for tie in draft.case.institutions]
    return [
        Problem(where, f"'{key}' is not an institution; {nearest(key, ids)}")
        for key, (where, _) in draft.institutions.items()
        if key not in ids
    ]


def _expectation_problems(draft: Draft) -> list[Problem]:
    cast = cast_of(draft.case)
    problems = []
    for where, entry in (*draft.expectations, *draft.targets):
        problems += _outcome_problems(f"{where}.outcome", entry.outcome, cast)
        if entry.above is None and entry.below is None:
            problems.append(Problem(where, "has neither above nor below; give one or both"))
        elif entry.above is not None and entry.below is not None and entry.above >= entry.below:
            text = f"nothing is above {entry.above:.9g} and below {entry.below:.9g}; swap the two"
            problems.append(Problem(where, text))
        if entry.against is not None and entry.since is not None:
            problems.append(Problem(where, "has both since and against; keep one"))
        if entry.since is not None and entry.since >= entry.at:
            text = f"{entry.since} lies not before at, {entry.at}; swap or change the dates"
            problems.append(Problem(f"{where}.since", text))
    return problems


def _outcome_problems(where: str, outcome: str, cast: Cast) -> list[Problem]:
    try:
        outcome_place(outcome, cast)
    except KeyError as error:
        return [Problem(where, str(error.args[0]))]
    return []


def _against_problems(draft: Draft, overrides: Mapping[str, float]) -> list[Problem]:
    """Return what keeps expectations from comparing with other scenarios."""
    problems: list[Problem] = []
    known: dict[str, Scenario] = {}
    for where, entry in (*draft.expectations, *draft.targets):
        name = entry.against
        if name is None:
            continue
        try:
            path = _related(draft.path, name, f"{where.removeprefix(f'{draft.place}: ')}.against")
            known[name] = known.get(name) or _finish(_draft(path, overrides))
        except InputError as error:
            problems += error.problems
            continue
        start, end = known[name].start, known[name].end
        if not start <= entry.at <= end:
            text = f"{entry.at} lies outside the run of '{name}', {start} to {end}"
            problems.append(Problem(f"{where}.at", f"{text}; choose a date inside both runs"))
        for problem in _outcome_problems(where, entry.outcome, cast_of(known[name].case)):
            text = f"'{name}' has no such outcome; compare with a scenario of the same case"
            problems.append(Problem(f"{problem.place}.against", text))
    return problems


def _observation_problems(draft: Draft) -> list[Problem]:
    """Return observations that name no quantity of the model to stand beside."""
    cast = cast_of(draft.case)
    return [
        Problem(problem.place, f"{problem.message} (or write {' or '.join(NOT_BESIDE)})")
        for where, entry in draft.observations
        if entry.beside not in NOT_BESIDE
        for problem in _outcome_problems(f"{where}beside", entry.beside, cast)
    ]


# --- checking files for their own sake ------------------------------------------------------------


def check_file(path: Path) -> str:
    """Check one scenario, case, event or codebook file and say what it is.

    Raises
    ------
    InputError
        With every problem found.
    """
    if path.suffix == ".csv":
        return _check_csv(path)
    if path.suffix != ".toml":
        raise InputError.at(
            shown(path), "is neither .toml nor .csv; name a scenario, case or event file"
        )
    if path.name == CASE_FILE or "actors" in read_toml(path):
        case = read_case(path)
        return f"case of {len(case.actors)} actors and {len(case.institutions)} institutions"
    scenario = load_scenario(str(path))
    return f"scenario of {scenario.weeks} weeks and {len(scenario.events)} events"


def _check_csv(path: Path) -> str:
    if path.name == CODEBOOK_FILE:
        return f"codebook of {len(read_codebook(path))} actions"
    if path.name == OBSERVATIONS_FILE:
        return f"{len(read_observations(path))} observations"
    rows, problems = read_events(path)
    case_path = next(
        (p / CASE_FILE for p in path.absolute().parents[:2] if isfile(p / CASE_FILE)), None
    )
    if case_path is None:
        _raise(problems)
        return f"{len(rows)} events (no {CASE_FILE} near it: actors not checked)"
    draft = Draft(path, read_case(case_path), read_codebook(), problems=problems)
    draft.events = {row.id: (where, row) for where, row in rows}
    for where, row in rows:
        _resolved_event(draft, where, row)
    _raise(draft.problems + _attack_problems(draft))
    return f"{len(rows)} events"
