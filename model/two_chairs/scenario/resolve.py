"""Pass four: from laid files to a resolved scenario, with defaults and the last checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from two_chairs.errors import InputError, Problem, notice
from two_chairs.outcomes import cast_of
from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.vocabulary import SUM_TOLERANCE

from .checks import attack_problems, ceiling_problems, draft_problems
from .codebook import Scale
from .decided import read_decisions
from .doubles import warn_of_doubts
from .draft import Draft, laid
from .files import (
    codebook_of,
    is_drawn,
    raise_all,
    range_problems,
    read_case,
    read_codebook,
    read_draws,
    read_events,
    read_observations,
    read_synonyms,
    unknown_parameter,
)
from .layers import read_all, related
from .library import (
    CASE_FILE,
    CODEBOOK_FILE,
    DECISIONS_FILE,
    OBSERVATIONS_FILE,
    SYNONYMS_FILE,
    bundled_case,
    case_of,
    case_path,
    is_path,
    scenario_path,
)
from .opening import silent_events, warn_of_opening
from .provenance import at_defaults, changed_rows, usual_range, warn_of_changes
from .records import Case, Event, EventRow, ParameterRange, PosteriorTable, Scenario
from .search import act_of, action_hint, actor_hint, by_ids
from .sheets import TABLES, read_sheet
from .text import check_table, read_toml, shown


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
    draft = _checked(scenario_path(name), overrides or {})
    draft.problems += _against_problems(draft, overrides or {})
    scenario = _finish(draft)
    warn_of_doubts((draft.events[event.id][0], event) for event in scenario.events)
    warn_of_opening(scenario, draft.place)
    warn_of_changes(scenario, scenario.overrides, "--set")
    return scenario


def load_reference(name: str, against: str, overrides: Mapping[str, float]) -> Scenario:
    """Read the scenario that another one compares with: a file beside it, or a bundled one."""
    return _finish(_checked(related(scenario_path(name), against, "against"), overrides))


def _checked(path: Path, overrides: Mapping[str, float]) -> Draft:
    """Read a scenario's files, lay them on one another and note every problem."""
    draft = laid(read_all(path), overrides)
    draft.problems += draft_problems(draft)
    return draft


def _against_problems(draft: Draft, overrides: Mapping[str, float]) -> list[Problem]:
    """Return what keeps expectations from comparing with other scenarios."""
    problems: list[Problem] = []
    known: dict[str, Scenario] = {}
    for where, entry in (*draft.expectations, *draft.targets):
        name = entry.against
        if name is None:
            continue
        try:
            path = related(draft.path, name, f"{where.removeprefix(f'{draft.place}: ')}.against")
            known[name] = known.get(name) or _finish(_checked(path, overrides))
        except InputError as error:
            problems += error.problems
            continue
        start, end = known[name].start, known[name].end
        if not start <= entry.at <= end:
            text = f"{entry.at} lies outside the run of '{name}', {start} to {end}"
            problems.append(Problem(f"{where}.at", f"{text}; choose a date inside both runs"))
        if cast_of(known[name].case) != cast_of(draft.case):
            text = f"'{name}' is of another case; compare with a scenario of this one"
            problems.append(Problem(f"{where}.against", text))
    return problems


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
            "record_complete_to": draft.case.record_complete_to,
            **{key: value for key, (_, value) in draft.settings.items()},
            "case": draft.case,
            "events": events,
            "conditions": [entry for _, entry in draft.present(draft.conditions)],
            "interventions": [entry for _, entry in draft.present(draft.interventions)],
            "turns": [entry for _, entry in draft.present(draft.turns)],
            "postures": sorted((entry for _, entry in draft.postures), key=lambda e: e.date),
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
            "posterior": _resolved_posterior(draft, _as_coded(draft, events)),
        },
        draft.place,
    )
    if scenario is None or problems:
        raise InputError(problems)
    return scenario


def _as_coded(draft: Draft, events: Sequence[Event | None]) -> list[Event]:
    """Return the events with the scores that they are coded with, whatever scale is used."""
    coded = []
    for event, (_, row) in zip(events, draft.events.values(), strict=True):
        if event is not None:
            usual = draft.codebook[event.action].score("goldstein")
            score = usual if row.goldstein is None else row.goldstein
            coded.append(event.model_copy(update={"goldstein": score}))
    return coded


def _resolved_posterior(draft: Draft, events: Sequence[Event]) -> PosteriorTable | None:
    """Name the columns of the posterior that the scenario's own parameters and rows overrule."""
    if draft.posterior is None:
        return None
    own = set(draft.parameters)
    own |= {name for members in GROUPS.values() if own & set(members) for name in members}
    changed = changed_rows(draft.posterior, events)
    if changed:
        text = f"the posterior was fitted to other rows of the same ids ({', '.join(changed)})"
        notice(draft.place, f"{text}; their weights are drawn from their own ranges")
    own |= {f"weight:{event}" for event in changed}
    overruled = tuple(name for name in draft.posterior.names if name in own)
    return draft.posterior.model_copy(update={"overruled": overruled})


def _resolved_parameters(draft: Draft) -> dict[str, ParameterRange]:
    ranges: dict[str, ParameterRange] = {}
    for name, info in PARAMETERS.items():
        if name in draft.case.parameters:
            given = draft.case.parameters[name]
            ranges[name] = ParameterRange(value=given.value, low=given.low, high=given.high)
        elif (usual := usual_range(name)) is not None and not info.optional:
            ranges[name] = usual
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
            text = f"'{key}' is not an actor; {actor_hint(draft.case, key)}"
            draft.note(where + column, text)
    meant = act_of(draft.codebook, row.action)
    action = None if meant is None else draft.codebook[meant]
    if action is None:
        remedy = action_hint(draft.codebook, row.action)
        draft.note(where + "action", f"'{row.action}' is not in the codebook; {remedy}")
        return None
    if meant != row.action:
        notice(f"{where}action", f"'{row.action}' is read as '{meant}'")
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
        "action": meant,
        "goldstein": score,
        "security": security,
        "economy": economy,
        "politics": politics,
        "material": action.material if row.material is None else row.material,
        "weight_low": row.weight if row.weight_low is None else row.weight_low,
        "weight_high": row.weight if row.weight_high is None else row.weight_high,
    }
    return Event(**(row.model_dump() | filled))


def check_file(path: Path, case: str | None = None) -> str:
    """Check one scenario, case, event or codebook file and say what it is.

    Parameters
    ----------
    path
        The file.
    case
        Bundled name or path of the case whose actors events are tested against; by default the
        case beside the file or above it, else the bundled one.

    Raises
    ------
    InputError
        With every problem found.
    """
    if path.suffix.lower() in TABLES:
        return _check_table(path, case)
    if not is_path(path):
        text = "is neither .toml nor a table such as .csv; name a scenario, case or event file"
        raise InputError.at(shown(path), text)
    if path.name == CASE_FILE or "actors" in read_toml(path):
        found = read_case(path)
        return f"case of {len(found.actors)} actors and {len(found.institutions)} institutions"
    scenario = load_scenario(str(path))
    usual = f"{len(at_defaults(scenario))} of {len(scenario.parameters)} parameters"
    size = f"{scenario.weeks} weeks and {len(scenario.events)} events{_silent(scenario)}"
    return f"scenario of {size}, {usual} at the program's defaults"


def _silent(scenario: Scenario) -> str:
    """Say how many events can move no seat by whoever did them, if there are any."""
    actors = [scenario.case.actors[event.actor] for event in silent_events(scenario)]
    if not actors:
        return ""
    names = " and ".join(dict.fromkeys(actor.name for actor in actors))
    return f" ({len(actors)} by {names}, no patron: no seat moves by that)"


def _check_table(path: Path, case: str | None) -> str:
    if path.name == CODEBOOK_FILE:
        return f"codebook of {len(read_codebook(path))} actions"
    if path.name == OBSERVATIONS_FILE:
        return f"{len(read_observations(path))} observations"
    if path.name == DECISIONS_FILE:
        against, of = case_near(path, case)
        return f"{len(read_decisions(path, read_case(against)))} decisions{of}"
    if path.name == SYNONYMS_FILE:
        return f"{len(read_synonyms(path))} synonyms"
    sheet = read_sheet(path, is_drawn)
    if sheet.rows and is_drawn(sheet.rows[0][1][0]):
        return f"posterior of {len(read_draws(path)[1])} draws"
    return _check_events(path, case)


def case_near(path: Path, case: str | None = None) -> tuple[Path, str]:
    """Return the case file that a ledger is read against, and what is said of it.

    It is the one asked for by name or path, the one beside the ledger or above it, or the bundled
    one.

    Raises
    ------
    InputError
        If the case asked for is not there.
    """
    near = case_of(path)
    if case is not None:
        return case_path(case), f" of the case {case}"
    if near is not None:
        return near / CASE_FILE, ""
    return bundled_case(), f" of the bundled case {bundled_case().parent.name}"


def read_ledger(path: Path, case: Case) -> list[tuple[str, Event]]:
    """Return the events of a file, complete, each with its place.

    Raises
    ------
    InputError
        With every problem found.
    """
    rows, problems = read_events(path)
    draft = Draft(path, case, codebook_of(case), problems=problems)
    events: list[tuple[str, Event]] = []
    for place, row in rows:
        named, wrong = by_ids(case, place, row)
        draft.events[row.id] = (place, named)
        draft.problems += wrong
        event = _resolved_event(draft, place, named)
        events += [(place, event)] if event is not None else []
    raise_all(draft.problems + attack_problems(draft))
    return events


def _check_events(path: Path, case: str | None) -> str:
    """Check an event file by itself, its actors against a case."""
    against, of = case_near(path, case)
    events = read_ledger(path, read_case(against))
    warn_of_doubts(events)
    return f"{len(events)} events{of}"
