"""Variants of a scenario: one thing changed, the same luck, and the paired differences.

World k of a variant has the luck of world k of the scenario itself, so a difference between the
two is the difference of the one thing, in that world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from two_chairs.axes import POSTURES, Array
from two_chairs.scenario.records import Event, Intervention, Scenario
from two_chairs.vocabulary import Day, monday
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.statistics.summaries import quantiles

MOST_WORLDS = 200
"""Worlds in which variants are run: enough for a median and a 5–95 % interval."""
MOST_EVENTS = 60
"""Events that are left out one by one: the heaviest, if there are more."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario with one thing changed, told in words."""

    words: str
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Difference:
    """A variant's outcome less the scenario's, world by world.

    Attributes
    ----------
    words
        What was changed.
    values
        Differences at one date, shape (worlds,).
    """

    words: str
    values: Array

    def interval(self) -> tuple[float, float, float]:
        """Return the 5th, 50th and 95th percentile over worlds."""
        low, middle, high = quantiles(self.values)
        return float(low), float(middle), float(high)


def without_each_event(scenario: Scenario) -> list[Variant]:
    """Return the scenario without each of its events in turn; what moves nothing is passed by."""
    moving = [event for event in scenario.events if event.weight_high > 0.0]
    heaviest = sorted(moving, key=lambda e: -abs(e.goldstein * e.weight))[:MOST_EVENTS]
    return [Variant(f"{event.id}: {event.says}", scenario.without(event.id)) for event in heaviest]


def without_kinds(scenario: Scenario) -> list[Variant]:
    """Return the scenario without all attacks, and without all that each actor did."""
    kinds: list[tuple[str, list[Event]]] = [
        ("no recorded attack", [e for e in scenario.events if e.is_attack])
    ]
    kinds += [
        (f"no recorded act of {actor.name}", [e for e in scenario.events if e.actor == key])
        for key, actor in scenario.case.actors.items()
    ]
    return [
        Variant(words, scenario.without(*(e.id for e in events)))
        for words, events in kinds
        if events
    ]


def with_each_posture(scenario: Scenario) -> list[Variant]:
    """Return the scenario with each posture forced on the pivot from when agents act."""
    start = scenario.agents_act_from
    if start is None or any(entry.posture for entry in scenario.interventions):
        return []
    pivot = scenario.case.actors[scenario.case.with_role("pivot")].name
    return [
        Variant(
            f"{pivot} held to {posture} from {start}",
            scenario.model_copy(
                update={
                    "interventions": (
                        *scenario.interventions,
                        Intervention(
                            id=f"forced-{posture}", date=start, posture=posture, source="variant"
                        ),
                    )
                }
            ),
        )
        for posture in POSTURES
    ]


def differences(
    ensemble: Ensemble,
    variants: Sequence[Variant],
    outcome: str,
    day: Day,
    progress: Callable[[int], None] | None = None,
) -> list[Difference]:
    """Run variants until a day and return the paired differences of an outcome in its week.

    At most `MOST_WORLDS` worlds are run, the first of the ensemble.
    """
    few = replace(ensemble, worlds=min(ensemble.worlds, MOST_WORLDS))

    def measured(scenario: Scenario) -> Array:
        short = scenario.model_copy(update={"end": max(day, scenario.start)})
        return run_ensemble(replace(few, scenario=short), progress).outcome(outcome)[-1]

    base = measured(ensemble.scenario) if variants else np.empty(0)
    return [Difference(v.words, measured(v.scenario) - base) for v in variants]


def largest(found: Iterable[Difference], number: int = 10) -> list[Difference]:
    """Return the differences of the largest medians, the largest first."""
    return sorted(found, key=lambda difference: -abs(difference.interval()[1]))[:number]


def paired(one: Trajectory, other: Trajectory, outcome: str) -> tuple[tuple[Day, ...], Array]:
    """Return the weeks that two runs share, and the first's outcome less the other's there.

    The array has shape (weeks shared, worlds); both runs must have the same worlds.
    """
    shared = tuple(day for day in one.dates if other.dates[0] <= day <= other.dates[-1])
    if not shared:
        return (), np.empty((0, one.worlds))
    rows = [one.dates.index(day) for day in shared]
    others = [other.dates.index(monday(day)) for day in shared]
    return shared, one.outcome(outcome)[rows] - other.outcome(outcome)[others]
