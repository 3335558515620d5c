"""Scenario files as an analyst writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator

from two_chairs.vocabulary import Day, Frozen, Text, UnitInterval

from .codebook import Scale
from .records import (
    DatedCondition,
    EventRow,
    Expectation,
    Fitted,
    Intervention,
    RecordedPosture,
    Target,
    Turn,
)


def _as_entry(value: object) -> object:
    return value if isinstance(value, Mapping) else {"value": value}


class ParameterEntry(Frozen):
    """A parameter of a scenario: a fixed value, or a value with a range."""

    value: float
    low: float | None = None
    high: float | None = None


class Synonym(Frozen):
    """A word that is no name, and the act or the actor's name that it means."""

    word: Text
    means: Text


class PosteriorEntry(Frozen):
    """Which draws a calibration has left, since when they stand, and what they were fitted to."""

    file: Text
    frozen: Day
    source: Text
    answers: tuple[Text, ...] = ()


class PosteriorRecord(Frozen):
    """The record of a posterior, beside its draws: their fingerprint, and what they rest on."""

    draws: Text
    frozen: Day
    source: Text
    answers: tuple[Text, ...] = ()
    fitted: Fitted


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
    evidence_until: Day | None = None
    record_complete_to: Day | None = None
    scale: Scale | None = None
    events: tuple[str, ...] | None = None
    add_events: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    add: tuple[EventRow, ...] = ()
    parameters: dict[str, Annotated[ParameterEntry, BeforeValidator(_as_entry)]] = {}
    posterior: PosteriorEntry | None = None
    institutions: dict[str, UnitInterval] = {}
    conditions: tuple[DatedCondition, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    turns: tuple[Turn, ...] = ()
    postures: tuple[RecordedPosture, ...] | None = None
    expect: tuple[Expectation, ...] = ()
    targets: tuple[Target, ...] | None = None
