"""Plans of a study of sensitivity: what to ask, and over which ranges."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from two_chairs.errors import Problem
from two_chairs.outcomes import cast_of, outcome_problems
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day, Frozen, Text
from two_chairs_lab.designs.plans import RangeEnds

Family = Literal["measurement", "behaviour", "coding", "luck"]
FAMILIES: tuple[Family, ...] = get_args(Family)
OUTCOMES = ("tilt", "incumbent_seat", "rival_seat", "regime:two-chairs")
LEAST_POINTS = 64
POINTS = 4096
REPLICATES = 1024
"""Replicates among which the axis of luck chooses."""
EVERY = 26
"""Weeks between the dates of the shares over time."""


class SensitivityPlan(Frozen):
    """What to ask: of which scenario, which outcomes, when, over which axes.

    A recorded event that no paragraph of the source tells of stands with a chance ``presence``; 1
    has no such axes. Severity and coverage of recorded attacks lie within ``attacks`` of their
    values, as a share of them; 0 keeps them.
    """

    kind: Literal["sensitivity"] = "sensitivity"
    title: Text
    question: Text
    scenario: Text = "baseline"
    outcomes: Annotated[tuple[Text, ...], Field(min_length=1)] = OUTCOMES
    dates: tuple[Day, ...] = ()
    every: Annotated[int, Field(ge=0)] = EVERY
    points: int = POINTS
    replicates: Annotated[int, Field(ge=2, le=65536)] = REPLICATES
    seed: Annotated[int, Field(ge=0)] = 0
    vary: Annotated[tuple[Family, ...], Field(min_length=1)] = FAMILIES
    ranges: dict[str, RangeEnds] = {}
    presence: Annotated[float, Field(gt=0.0, le=1.0)] = 0.8
    attacks: Annotated[float, Field(ge=0.0, le=1.0)] = 0.25


def problems_of(plan: SensitivityPlan, scenario: Scenario) -> list[Problem]:
    """Return what is wrong with the points, outcomes and dates of a plan for a scenario."""
    problems = _point_problems(plan.points)
    for name in plan.outcomes:
        problems += outcome_problems(name, cast_of(scenario.case), f"outcomes: {name}")
    for day in plan.dates:
        if not scenario.start <= day <= scenario.end:
            text = f"lies outside the run of {scenario.name}, {scenario.start} to {scenario.end}"
            problems.append(Problem(f"dates: {day}", f"{text}; choose a date inside it"))
    return problems


def _point_problems(points: int) -> list[Problem]:
    if points < LEAST_POINTS:
        text = f"{points} is too few to split a variance; give a power of two from {LEAST_POINTS}"
        return [Problem("points", f"{text} up, such as {POINTS}")]
    if points & (points - 1):
        lower = 1 << (points.bit_length() - 1)
        text = f"{points} is no power of two; give one such as {lower} or {2 * lower}"
        return [Problem("points", text)]
    return []
