"""Scenario and event files as an analyst writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator

from two_chairs.vocabulary import Day, Frozen, Score, Text, UnitInterval, Weight

from .codebook import Scale
from .records import DatedCondition, Expectation, Intervention, Target


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


class PosteriorEntry(Frozen):
    """Which draws a calibration has left, since when they stand, and what they were fitted to."""

    file: Text
    frozen: Day
    source: Text


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
    posterior: PosteriorEntry | None = None
    institutions: dict[str, UnitInterval] = {}
    conditions: tuple[DatedCondition, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    expect: tuple[Expectation, ...] = ()
    targets: tuple[Target, ...] | None = None
