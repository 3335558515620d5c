"""Pass two: files laid on one another, what a scenario extends, drops and adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from two_chairs.errors import Problem, caution, nearest
from two_chairs.vocabulary import Day

from .codebook import Codebook
from .files import event_problems, repeated
from .layers import EventFile, Layer, Sources, canonical
from .records import (
    Case,
    DatedCondition,
    EventRow,
    Expectation,
    Intervention,
    Observation,
    PosteriorTable,
    RecordedPosture,
    Target,
    Turn,
)
from .search import by_ids
from .text import shown
from .written import ParameterEntry, ScenarioFile

Dated = TypeVar("Dated", DatedCondition, Intervention, Turn, Target)


@dataclass
class Draft:
    """A scenario while its chain of files is laid on top of one another, root first."""

    path: Path
    case: Case
    codebook: Codebook
    settings: dict[str, tuple[str, Any]] = field(default_factory=dict)
    moved: dict[str, set[str]] = field(default_factory=dict)
    """By setting: the places that stood below the file that sets it last."""
    events: dict[str, tuple[str, EventRow]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    """Ids of events that stand in event files: what is on record, not what is only supposed."""
    conditions: dict[str, tuple[str, DatedCondition]] = field(default_factory=dict)
    interventions: dict[str, tuple[str, Intervention]] = field(default_factory=dict)
    turns: dict[str, tuple[str, Turn]] = field(default_factory=dict)
    postures: list[tuple[str, RecordedPosture]] = field(default_factory=list)
    postures_inherited: bool = False
    """Whether a file above that of the recorded postures moves the time they are to cover."""
    parameters: dict[str, tuple[str, ParameterEntry]] = field(default_factory=dict)
    institutions: dict[str, tuple[str, float]] = field(default_factory=dict)
    expectations: list[tuple[str, Expectation]] = field(default_factory=list)
    targets: list[tuple[str, Target]] = field(default_factory=list)
    observations: list[tuple[str, Observation]] = field(default_factory=list)
    overrides: dict[str, float] = field(default_factory=dict)
    posterior: PosteriorTable | None = None
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

    def places(self) -> set[str]:
        """Return the places of all that is dated so far."""
        tables = (self.settings, self.events, self.conditions, self.interventions, self.turns)
        lists = (self.expectations, self.targets)
        placed = [*(table.values() for table in tables), *lists]
        return {where for entries in placed for where, _ in entries}

    def present(self, dated: Mapping[str, tuple[str, Dated]]) -> list[tuple[str, Dated]]:
        """Return what depends on events with its place, without what depends on absent ones."""
        return [
            (where, entry)
            for where, entry in dated.values()
            if entry.because is None or entry.because in self.events
        ]


SETTINGS = ("title", "question", "note", "start", "end", "agents_act_from", "evidence_until",
            "record_complete_to", "scale")  # fmt: skip


def laid(sources: Sources, overrides: Mapping[str, float]) -> Draft:
    """Lay all files of a scenario on one another, root first, and values given by hand on top."""
    draft = Draft(
        sources.path,
        sources.case,
        sources.codebook,
        observations=sources.observations,
        problems=list(sources.problems),
    )
    draft.torn = bool(draft.problems)
    for layer in sources.layers:
        _lay(draft, layer)
    draft.problems += repeated((f"--set {name}", canonical(name)) for name in overrides)
    for name, value in overrides.items():
        draft.parameters[canonical(name)] = (f"--set {name}", ParameterEntry(value=value))
        draft.overrides[canonical(name)] = value
    return draft


def _lay(draft: Draft, layer: Layer) -> None:
    """Lay one file on the draft: what it drops goes before what it adds."""
    place, file = layer.place, layer.file
    _lay_settings(draft, place, file)
    draft.expectations = [
        (f"{place}: expect[{number}]", entry) for number, entry in enumerate(file.expect, start=1)
    ]
    if file.targets is not None:
        draft.targets = [(f"{place}: targets[{target.id}]", target) for target in file.targets]
        draft.problems += repeated((f"{where}.id", target.id) for where, target in draft.targets)
    _replace_events(draft, layer)
    _drop(draft, place, file.drop)
    _add_ledgers(draft, layer)
    _add_events(draft, place, file)
    _lay_dated(draft, place, file)
    _lay_postures(draft, place, file)
    named = [(canonical(name), name) for name in file.parameters]
    for problem in repeated((f"{place}: parameters.{name}", full) for full, name in named):
        draft.problems.append(problem)
    for full, name in named:
        draft.parameters[full] = (f"{place}: parameters.{name}", file.parameters[name])
    if layer.posterior is not None:
        draft.posterior = layer.posterior
    for key, level in file.institutions.items():
        draft.institutions[key] = (f"{place}: institutions.{key}", level)


def _lay_settings(draft: Draft, place: str, file: ScenarioFile) -> None:
    """Lay a file's settings; a start or an end may leave out what stands below."""
    below = draft.places()
    for key in SETTINGS:
        value = getattr(file, key)
        if value is not None:
            draft.settings[key] = (f"{place}: {key}", value)
            draft.moved[key] = below


def _replace_events(draft: Draft, layer: Layer) -> None:
    """Lay the event files of a layer that replace those of the layers below."""
    if layer.file.events is None:
        return
    read = _rows_of(draft, layer.events)
    draft.problems += repeated((f"{where}id", row.id) for where, row in read)
    below, draft.events = draft.events, {row.id: (where, row) for where, row in read}
    draft.recorded = set(draft.events)
    gone = [row.date for key, (_, row) in below.items() if key not in draft.events]
    if gone and read:
        act = "replaces" if len(gone) == len(below) else "leaves out"
        text = f"{act} {_several(gone)} of {layer.file.extends} ({_span(gone)})"
        caution(f"{layer.place}: events", f"{text}; {KEEP_OR_NOT}")
    draft.ever |= set(draft.events)


KEEP_OR_NOT = (
    "write add_events instead to keep them, or events = [] beside add_events if they are to go"
)


def _several(days: Sequence[Day]) -> str:
    return f"the {len(days)} events" if len(days) > 1 else "one event"


def _span(days: Sequence[Day]) -> str:
    first, last = (f"{day.day} {day:%b %Y}" for day in (min(days), max(days)))
    return first if first == last else f"{first} to {last}"


def _add_ledgers(draft: Draft, layer: Layer) -> None:
    """Add the event files of a layer that stand beside those of the layers below."""
    for number, file in enumerate(layer.added, start=1):
        read = _rows_of(draft, [file])
        if read and all(draft.events.get(row.id) == (where, row) for where, row in read):
            text = "all its events stand already; leave it out"
            draft.note(f"{layer.place}: add_events[{number}]", text)
            continue
        draft.problems += repeated((f"{where}id", row.id) for where, row in read)
        for where, row in read:
            if row.id in draft.events:
                text = f"'{row.id}' stands already among the events; drop that or rename this"
                draft.note(f"{where}id", text)
        draft.events |= {row.id: (where, row) for where, row in read}
        draft.recorded |= {row.id for _, row in read}
    draft.ever |= set(draft.events)


def _rows_of(draft: Draft, files: Sequence[EventFile]) -> list[tuple[str, EventRow]]:
    """Return the rows of event files, and note what is wrong with them."""
    read: list[tuple[str, EventRow]] = []
    for rows, problems in files:
        for where, row in rows:
            named, wrong = by_ids(draft.case, where, row)
            read.append((where, named))
            draft.problems += wrong
        draft.problems += problems
        draft.torn |= bool(problems)
    return read


def _add_events(draft: Draft, place: str, file: ScenarioFile) -> None:
    """Add the events that stand in a layer itself."""
    for written in file.add:
        where = f"{place}: add[{written.id}]"
        row, problems = by_ids(draft.case, f"{where}.", written)
        draft.problems += problems
        if row.id in draft.events:
            draft.note(f"{where}.id", "stands already among the events; drop that or rename this")
        draft.problems += event_problems(f"{where}.", row)
        draft.events[row.id] = (f"{where}.", row)
        draft.recorded.discard(row.id)
    draft.ever |= set(draft.events)


def _lay_dated(draft: Draft, place: str, file: ScenarioFile) -> None:
    for condition in file.conditions:
        where = f"{place}: conditions[{condition.id}]"
        _refuse_twin(draft, where, condition.id)
        draft.conditions[condition.id] = (where, condition)
    for intervention in file.interventions:
        where = f"{place}: interventions[{intervention.id}]"
        _refuse_twin(draft, where, intervention.id)
        draft.interventions[intervention.id] = (where, intervention)
    for turn in file.turns:
        where = f"{place}: turns[{turn.id}]"
        _refuse_twin(draft, where, turn.id)
        draft.turns[turn.id] = (where, turn)


def _lay_postures(draft: Draft, place: str, file: ScenarioFile) -> None:
    """Lay a record of postures: it replaces that of the layers below."""
    if file.postures is not None:
        placed = enumerate(file.postures, start=1)
        draft.postures = [(f"{place}: postures[{number}]", entry) for number, entry in placed]
        draft.postures_inherited = False
    elif file.start is not None or file.agents_act_from is not None or file.end is not None:
        draft.postures_inherited = True


def _refuse_twin(draft: Draft, where: str, key: str) -> None:
    if any(key in table for table in (draft.conditions, draft.interventions, draft.turns)):
        draft.note(f"{where}.id", "stands already; drop that one or rename this one")


def _drop(draft: Draft, place: str, keys: Sequence[str]) -> None:
    tables: tuple[dict[str, Any], ...] = (
        draft.events,
        draft.conditions,
        draft.interventions,
        draft.turns,
    )
    for key in keys:
        if not draft.torn and not any(key in table for table in tables):
            known = [known for table in tables for known in table]
            draft.note(f"{place}: drop", f"'{key}' is nothing dated here; {nearest(key, known)}")
        for table in tables:
            table.pop(key, None)
