"""From files to a resolved scenario: overrides, defaults and checks, all at this one door.

Past it nobody checks again. Problems are collected, a file at a time, and raised together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

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
)
from .tables import check_rows, check_table, read_csv, read_toml, shown
from .trajectory import cast_of, outcome_place

CASE_FILE = "case.toml"
CODEBOOK_FILE = "codebook.csv"
OBSERVATIONS_FILE = "observations.csv"


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
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"value": value} if number else value


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


EVENT_COLUMNS = tuple(EventRow.model_fields)
ACTION_COLUMNS = tuple(Action.model_fields)
OBSERVATION_COLUMNS = tuple(Observation.model_fields)


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
        raise InputError.at(name, f"no bundled scenario has this name; {nearest(name, bundled)}")
    return bundled[name]


# --- reading one file ----------------------------------------------------------------------------


def read_codebook(path: Path | None = None) -> Codebook:
    """Read the action codebook, by default the bundled one."""
    path = path or bundled_folder() / CODEBOOK_FILE
    rows = check_rows(Action, read_csv(path, ACTION_COLUMNS), shown(path))
    problems = [
        Problem(f"{shown(path)}: row {number}, columns security, economy, politics", text)
        for number, action in rows
        if (text := _not_one(action.domains()))
    ]
    problems += _repeated((f"{shown(path)}: row {n}, column action", a.action) for n, a in rows)
    _raise(problems)
    return {action.action: action for _, action in rows}


def read_events(path: Path) -> list[tuple[str, EventRow]]:
    """Read an event file: each row with its place."""
    place = shown(path)
    rows = check_rows(EventRow, read_csv(path, EVENT_COLUMNS), place)
    placed = [(f"{place}: row {number}", row) for number, row in rows]
    _raise([p for where, row in placed for p in event_problems(f"{where}, column ", row)])
    _raise(_repeated((f"{where}, column id", row.id) for where, row in placed))
    return placed


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
    if not low <= row.weight <= high:
        text = f"{row.weight:g} lies outside weight_low {low:g} to weight_high {high:g}"
        found.append(("weight", f"{text}; widen the range or change the weight"))
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
    return f"the domain weights sum to {total:g}, not 1; change security, economy or politics"


def read_observations(path: Path) -> list[Observation]:
    """Read the observed numbers of a case, if it has any."""
    if not path.is_file():
        return []
    rows = check_rows(Observation, read_csv(path, OBSERVATION_COLUMNS), shown(path))
    _raise(_repeated((f"{shown(path)}: row {number}, column id", row.id) for number, row in rows))
    return [row for _, row in rows]


def read_case(path: Path) -> Case:
    """Read a case file and check that its parts fit."""
    place = shown(path)
    case = check_table(Case, read_toml(path), place)
    _raise(
        _role_problems(place, case)
        + _baseline_problems(place, case)
        + _complete(place, "regimes", case.regimes, REGIMES)
        + _complete(place, "seats", case.seats, PATRONS)
        + _complete(place, "conditions", case.conditions, CONDITIONS)
        + _tie_problems(place, case.institutions)
        + _case_parameter_problems(place, case)
    )
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
    problems = _repeated((f"{place}: institutions[{key}]", key) for key in ids)
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
            problems.append(Problem(where, f"unknown parameter; {nearest(name, PARAMETERS)}"))
            continue
        problems += _range_problems(where, PARAMETERS[name], entry.value, entry.low, entry.high)
    needed = [name for name, info in PARAMETERS.items() if info.default is None]
    return problems + _complete(place, "parameters", case.parameters, needed)


def _range_problems(
    where: str, info: ParameterInfo, value: float, low: float, high: float
) -> list[Problem]:
    smallest, largest = info.bounds
    problems = [
        Problem(
            where, f"{number:g} is out of range; {info.name} lies in {smallest:g} to {largest:g}"
        )
        for number in dict.fromkeys((value, low, high))
        if not smallest <= number <= largest
    ]
    if not low <= value <= high:
        text = f"{value:g} lies outside its range {low:g} to {high:g}; widen the range"
        problems.append(Problem(where, text))
    return problems


def _repeated(placed: Iterable[tuple[str, str]]) -> list[Problem]:
    entries = list(placed)
    counts = Counter(key for _, key in entries)
    seen: set[str] = set()
    problems = []
    for where, key in entries:
        if key in seen:
            problems.append(
                Problem(where, f"'{key}' stands {counts[key]} times; rename or remove one")
            )
        seen.add(key)
    return problems


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputError(problems)


# --- a chain of scenario files --------------------------------------------------------------------


@dataclass
class Draft:
    """A scenario while its chain of files is laid on top of one another, root first."""

    path: Path
    case: Case
    codebook: Codebook
    settings: dict[str, Any] = field(default_factory=dict)
    events: dict[str, tuple[str, EventRow]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    conditions: dict[str, tuple[str, DatedCondition]] = field(default_factory=dict)
    interventions: dict[str, tuple[str, Intervention]] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ParameterEntry]] = field(default_factory=dict)
    institutions: dict[str, tuple[str, float]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    observations: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file that was asked for, as it is shown."""
        return shown(self.path)

    def note(self, where: str, text: str) -> None:
        """Remember a problem."""
        self.problems.append(Problem(where, text))


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
    chain = _chain(scenario_path(name))
    leaf_path, leaf = chain[-1]
    case_path = _case_path(chain)
    draft = Draft(leaf_path, read_case(case_path), read_codebook())
    draft.observations = read_observations(case_path.parent / OBSERVATIONS_FILE)
    for path, layer in chain:
        _lay(draft, path, layer)
    _override(draft, overrides or {})
    _raise(draft.problems)
    scenario = _finish(draft, leaf_path, leaf)
    _raise(_scenario_problems(draft, scenario))
    return scenario


def load_reference(name: str, against: str, overrides: Mapping[str, float]) -> Scenario:
    """Read the scenario that another one compares with: a file beside it, or a bundled one."""
    return load_scenario(str(_related(scenario_path(name), against, "against")), overrides)


def _related(path: Path, name: str, key: str) -> Path:
    """Return the scenario file that another one names: beside it, or bundled."""
    beside, bundled = path.parent / _file_name(name), bundled_scenarios()
    itself = beside.resolve() == path.resolve()
    if beside.is_file() and not (itself and name in bundled):
        return beside
    if name in bundled:
        return bundled[name]
    near = [p.stem for p in path.parent.glob("*.toml") if p.name not in {CASE_FILE, path.name}]
    known = dict.fromkeys([*near, *bundled])
    text = f"no scenario '{name}' stands beside this file or in the bundle"
    raise InputError.at(f"{shown(path)}: {key}", f"{text}; {nearest(name, known)}")


def input_files(name: str) -> list[Path]:
    """Return every file that a scenario is made of: its chain, case, events and codebook."""
    chain = _chain(scenario_path(name))
    tables = [path.parent / table for path, layer in chain for table in layer.events or ()]
    return [
        *(path for path, _ in chain),
        _case_path(chain),
        *(p for p in [_case_path(chain).parent / OBSERVATIONS_FILE] if p.is_file()),
        *dict.fromkeys(tables),
        bundled_folder() / CODEBOOK_FILE,
    ]


def _chain(path: Path) -> list[tuple[Path, ScenarioFile]]:
    """Return the files that a scenario extends, the root first and itself last."""
    chain: list[tuple[Path, ScenarioFile]] = []
    seen: list[Path] = []
    while True:
        if path.resolve() in seen:
            loop = " > ".join(p.name for p in [*seen, path])
            raise InputError.at(
                f"{shown(seen[-1])}: extends", f"the files extend each other ({loop}); cut the loop"
            )
        seen.append(path.resolve())
        layer = check_table(ScenarioFile, read_toml(path), shown(path))
        chain.insert(0, (path, layer))
        if layer.extends is None:
            return chain
        path = _related(path, layer.extends, "extends")


def _file_name(name: str) -> str:
    return name if name.endswith(".toml") else f"{name}.toml"


def _case_path(chain: Sequence[tuple[Path, ScenarioFile]]) -> Path:
    for path, layer in reversed(chain):
        if layer.case is not None:
            return path.parent / layer.case
    return chain[0][0].parent / CASE_FILE


def _lay(draft: Draft, path: Path, layer: ScenarioFile) -> None:
    """Lay one file on the draft."""
    place = shown(path)
    for key in ("start", "end", "agents_act_from", "scale"):
        value = getattr(layer, key)
        if value is not None:
            draft.settings[key] = value
    if layer.targets is not None:
        draft.targets = layer.targets
    _lay_events(draft, path, layer)
    _lay_dated(draft, place, layer)
    named = [(canonical(name), name) for name in layer.parameters]
    for problem in _repeated((f"{place}: parameters.{name}", full) for full, name in named):
        draft.problems.append(problem)
    for full, name in named:
        draft.parameters[full] = (f"{place}: parameters.{name}", layer.parameters[name])
    for key, level in layer.institutions.items():
        draft.institutions[key] = (f"{place}: institutions.{key}", level)
    _drop(draft, place, layer.drop)


def canonical(name: str) -> str:
    """Return the full name of a parameter given by its name or symbol."""
    return SYMBOLS.get(name, name)


def _lay_events(draft: Draft, path: Path, layer: ScenarioFile) -> None:
    place = shown(path)
    if layer.events is not None:
        draft.events = {}
        read = [row for name in layer.events for row in read_events(path.parent / name)]
        draft.problems += _repeated((f"{where}, column id", row.id) for where, row in read)
        draft.events = {row.id: (f"{where}, column ", row) for where, row in read}
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
        if not any(key in table for table in tables):
            known = [known for table in tables for known in table]
            draft.note(f"{place}: drop", f"'{key}' is nothing dated here; {nearest(key, known)}")
        draft.dropped.add(key)
        for table in tables:
            table.pop(key, None)


def _override(draft: Draft, overrides: Mapping[str, float]) -> None:
    for name, value in overrides.items():
        draft.parameters[canonical(name)] = (f"--set {name}", ParameterEntry(value=value))


# --- the finished scenario ------------------------------------------------------------------------


def _finish(draft: Draft, path: Path, leaf: ScenarioFile) -> Scenario:
    """Fill in defaults and return the complete scenario."""
    for key in ("start", "end"):
        if key not in draft.settings:
            draft.note(f"{draft.place}: {key}", "is missing; add it here or in a file it extends")
    parameters = _resolved_parameters(draft)
    events = [_resolved_event(draft, where, row) for where, row in draft.events.values()]
    _raise(draft.problems)
    known = set(draft.events)
    return check_table(
        Scenario,
        {
            "name": path.stem,
            "title": leaf.title,
            "question": leaf.question,
            "note": leaf.note,
            **draft.settings,
            "case": draft.case,
            "events": events,
            "conditions": [
                c for _, c in draft.conditions.values() if c.because is None or c.because in known
            ],
            "interventions": [
                i
                for _, i in draft.interventions.values()
                if i.because is None or i.because in known
            ],
            "institutions": {tie.id: tie.start for tie in draft.case.institutions}
            | {key: level for key, (_, level) in draft.institutions.items()},
            "parameters": parameters,
            "expect": leaf.expect,
            "targets": draft.targets,
            "observations": draft.observations,
        },
        draft.place,
    )


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
            draft.note(where, f"unknown parameter; {nearest(name, PARAMETERS)}")
            continue
        low = entry.value if entry.low is None else entry.low
        high = entry.value if entry.high is None else entry.high
        draft.problems += _range_problems(where, PARAMETERS[name], entry.value, low, high)
        ranges[name] = ParameterRange(value=entry.value, low=low, high=high)
    for group, members in GROUPS.items():
        total = sum(ranges[name].value for name in members)
        if abs(total - 1.0) > SUM_TOLERANCE:
            text = f"sum to {total:g}, not 1; set all of {', '.join(members)}"
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
    scale = draft.settings.get("scale", "goldstein")
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


def _scenario_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    return [
        *_date_problems(draft, scenario),
        *_attack_problems(draft, scenario),
        *_because_problems(draft),
        *_twice_problems(draft, scenario),
        *_intervention_problems(draft, scenario),
        *_institution_problems(draft),
        *_expectation_problems(draft, scenario),
    ]


def _date_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    dated = [(where + "date", row.date) for where, row in draft.events.values()]
    dated += [(f"{where}.date", entry.date) for where, entry in draft.conditions.values()]
    dated += [(f"{where}.date", entry.date) for where, entry in draft.interventions.values()]
    dated += [
        (f"{where}.until", entry.until)
        for where, entry in draft.interventions.values()
        if entry.until is not None
    ]
    dated += [
        (f"{draft.place}: {kind}[{number}].{key}", day)
        for kind, entries in (("expect", scenario.expect), ("targets", scenario.targets))
        for number, entry in enumerate(entries, start=1)
        for key, day in (("at", entry.at), ("since", entry.since))
        if day is not None
    ]
    if scenario.agents_act_from is not None and scenario.agents_act_from < scenario.start:
        dated.append((f"{draft.place}: agents_act_from", scenario.agents_act_from))
    problems = []
    for where, day in dated:
        if day > scenario.end:
            text = f"{day} lies after the end of the run, {scenario.end}; drop it or move the end"
            problems.append(Problem(where, text))
        elif day < scenario.start:
            text = f"{day} lies before the start, {scenario.start}; drop it or start earlier"
            problems.append(Problem(where, text))
    return problems


def _attack_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    pivot, incumbent = scenario.case.with_role("pivot"), scenario.case.with_role("incumbent")
    problems = []
    for where, row in draft.events.values():
        if row.severity is not None and row.target != pivot:
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
        if entry.because is not None and entry.because not in draft.ever
    ]


def _twice_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    keys = [(c.id, f"{c.condition} on {c.date}") for c in scenario.conditions]
    for entry in scenario.interventions:
        for kind in entry.kinds():
            thing = getattr(entry, kind) if kind in {"institution", "parameter"} else ""
            keys.append((entry.id, f"{kind} {thing} on {entry.date}".replace("  ", " ")))
    places = {
        key: where for key, (where, _) in (*draft.conditions.items(), *draft.interventions.items())
    }
    seen: set[str] = set()
    problems = []
    for key, thing in keys:
        if thing in seen:
            problems.append(Problem(places[key], f"{thing} is set twice; drop one of the two"))
        seen.add(thing)
    return problems


_COMPANION = {"institution": "level", "parameter": "value"}


def _intervention_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    ids = [tie.id for tie in scenario.case.institutions]
    problems = []
    for where, entry in draft.interventions.values():
        kinds = entry.kinds()
        if len(kinds) != 1:
            listed = " and ".join(kinds) or "nothing"
            text = f"sets {listed}; it must set one of institution, posture, coercion, parameter"
            problems.append(Problem(where, text))
        for kind, companion in _COMPANION.items():
            if (getattr(entry, kind) is None) != (getattr(entry, companion) is None):
                text = f"{kind} and {companion} belong together; give both or neither"
                problems.append(Problem(where, text))
        if entry.institution is not None and entry.institution not in ids:
            text = f"'{entry.institution}' is not an institution; {nearest(entry.institution, ids)}"
            problems.append(Problem(f"{where}.institution", text))
        if entry.until is not None and (entry.posture is None or entry.until <= entry.date):
            text = "only a forced posture ends on a date, and that after it begins; change it"
            problems.append(Problem(f"{where}.until", text))
        problems += _dated_parameter_problems(where, entry)
    return problems


def _dated_parameter_problems(where: str, entry: Intervention) -> list[Problem]:
    name = entry.parameter
    if name is None or entry.value is None:
        return []
    if name not in PARAMETERS:
        text = f"'{name}' is not a parameter; {nearest(name, PARAMETERS)}"
        return [Problem(f"{where}.parameter", text)]
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


def _expectation_problems(draft: Draft, scenario: Scenario) -> list[Problem]:
    cast = cast_of(scenario.case)
    problems = []
    entries = [("expect", scenario.expect), ("targets", scenario.targets)]
    for kind, listed in entries:
        for number, entry in enumerate(listed, start=1):
            where = f"{draft.place}: {kind}[{number}]"
            try:
                outcome_place(entry.outcome, cast)
            except KeyError as error:
                problems.append(Problem(f"{where}.outcome", str(error.args[0])))
            if entry.against is not None:
                try:
                    _related(draft.path, entry.against, f"{kind}[{number}].against")
                except InputError as error:
                    problems += error.problems
            if entry.above is None and entry.below is None:
                problems.append(Problem(where, "has neither above nor below; give one or both"))
            if entry.against is not None and entry.since is not None:
                problems.append(Problem(where, "has both since and against; keep one"))
    return problems


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
    if "actors" in read_toml(path):
        case = read_case(path)
        return f"case of {len(case.actors)} actors and {len(case.institutions)} institutions"
    scenario = load_scenario(str(path))
    return f"scenario of {scenario.weeks} weeks and {len(scenario.events)} events"


def _check_csv(path: Path) -> str:
    if path.name == CODEBOOK_FILE:
        return f"codebook of {len(read_codebook(path))} actions"
    if path.name == OBSERVATIONS_FILE:
        return f"{len(read_observations(path))} observations"
    rows = read_events(path)
    beside = [path.parent / CASE_FILE, path.parent.parent / CASE_FILE]
    case_path = next((p for p in beside if p.is_file()), None)
    if case_path is None:
        return f"{len(rows)} events (no {CASE_FILE} near it: actors not checked)"
    draft = Draft(path, read_case(case_path), read_codebook())
    for where, row in rows:
        _resolved_event(draft, f"{where}, column ", row)
    _raise(draft.problems)
    return f"{len(rows)} events"
