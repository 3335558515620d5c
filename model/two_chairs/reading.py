"""From files to a resolved scenario: overrides, defaults and checks, all at this one door.

Past it nobody checks again. Problems are collected, a file at a time, and raised together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import isfile
from pathlib import Path
from typing import Any

from .codebook import Scale
from .draft import (
    Draft,
    _attack_problems,
    _outcome_problems,
    ceiling_problems,
    draft_problems,
)
from .errors import InputError, Problem, nearest
from .parameters import GROUPS, PARAMETERS, SYMBOLS
from .scenario import (
    SUM_TOLERANCE,
    Event,
    ParameterRange,
    Posterior,
    Scenario,
)
from .sources import (
    CASE_FILE,
    CODEBOOK_FILE,
    OBSERVATIONS_FILE,
    EventRow,
    ParameterEntry,
    ScenarioFile,
    bundled_folder,
    bundled_scenarios,
    event_problems,
    raise_all,
    range_problems,
    read_case,
    read_codebook,
    read_draws,
    read_events,
    read_observations,
    repeated,
    scenario_path,
    unknown_parameter,
)
from .tables import check_table, neighbours, read_text, read_toml, shown
from .trajectory import cast_of

SETTINGS = ("title", "question", "note", "start", "end", "agents_act_from", "scale")


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
    for number, (layer_path, layer) in enumerate(chain):
        _lay(draft, layer_path, layer, [path.parent for path, _ in chain[number::-1]])
    _override(draft, overrides)
    draft.problems += draft_problems(draft)
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
        *_event_files(chain),
        *(path.parent / layer.posterior.file for path, layer in chain if layer.posterior),
    ]


def _event_files(chain: Sequence[tuple[Path, ScenarioFile]]) -> list[Path]:
    found = []
    for number, (_, layer) in enumerate(chain):
        folders = [path.parent for path, _ in chain[number::-1]]
        found += [_event_file(folders, name) for name in layer.events or ()]
    return [path for path in found if path is not None]


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


def _lay(draft: Draft, path: Path, layer: ScenarioFile, folders: Sequence[Path]) -> None:
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


def _override(draft: Draft, overrides: Mapping[str, float]) -> None:
    for name, value in overrides.items():
        draft.parameters[canonical(name)] = (f"--set {name}", ParameterEntry(value=value))
        draft.overrides[canonical(name)] = value


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


# --- the finished scenario ------------------------------------------------------------------------


def _finish(draft: Draft) -> Scenario:
    """Fill in defaults and return the complete scenario, or raise every problem."""
    parameters = _resolved_parameters(draft)
    draft.problems += ceiling_problems(draft, parameters["coercion_ceiling"].value)
    events = [_resolved_event(draft, where, row) for where, row in draft.events.values()]
    raise_all(draft.problems)
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
            "targets": [
                target
                for _, target in draft.targets
                if target.because is None or target.because in draft.events
            ],
            "overrides": draft.overrides,
            "observations": [observation for _, observation in draft.observations],
            "posterior": _resolved_posterior(draft),
        },
        draft.place,
    )
    if scenario is None or problems:
        raise InputError(problems)
    return scenario


def _resolved_posterior(draft: Draft) -> Posterior | None:
    """Name the columns of the posterior that the scenario's own parameters overrule."""
    if draft.posterior is None:
        return None
    own = set(draft.parameters)
    own |= {name for members in GROUPS.values() if own & set(members) for name in members}
    overruled = tuple(name for name in draft.posterior.names if name in own)
    return draft.posterior.model_copy(update={"overruled": overruled})


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
            draft.note(where, unknown_parameter(name))
            draft.torn = True
            continue
        low = entry.value if entry.low is None else entry.low
        high = entry.value if entry.high is None else entry.high
        draft.problems += range_problems(where, PARAMETERS[name], entry.value, low, high)
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
    if read_text(path).split(",", 1)[0] in PARAMETERS:
        return f"posterior of {len(read_draws(path)[1])} draws"
    rows, problems = read_events(path)
    case_path = next(
        (p / CASE_FILE for p in path.absolute().parents[:2] if isfile(p / CASE_FILE)), None
    )
    if case_path is None:
        known = read_codebook()
        problems += [
            Problem(where + "action", f"'{row.action}' is not in the codebook; "
                    f"{nearest(row.action, known)}")
            for where, row in rows
            if row.action not in known
        ]  # fmt: skip
        raise_all(problems)
        return f"{len(rows)} events (no {CASE_FILE} near it: actors not checked)"
    draft = Draft(path, read_case(case_path), read_codebook(), problems=problems)
    draft.events = {row.id: (where, row) for where, row in rows}
    for where, row in rows:
        _resolved_event(draft, where, row)
    raise_all(draft.problems + _attack_problems(draft))
    return f"{len(rows)} events"
