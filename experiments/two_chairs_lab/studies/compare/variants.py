"""Variants of a scenario: one thing changed, the same luck.

World k of a variant has the luck of world k of the scenario itself, so a difference between the
two is the difference of the one thing, in that world.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from two_chairs.axes import POSTURES, Array, Posture
from two_chairs.draws import draw_inputs
from two_chairs.errors import InputError, nearest
from two_chairs.randomness import Luck
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario, Turn
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.engine.batch import Batch, values_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.names import role_name

from .differences import Effect, difference

ACROSS = 2048
"""Worlds of variants that run side by side."""
Dependent = TypeVar("Dependent", DatedCondition, Intervention, Turn)


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario with one thing changed.

    Attributes
    ----------
    words
        What is changed.
    scenario
        The scenario, with what is changed in it.
    muted
        Ids of events whose weight is zero in every world.
    """

    words: str
    scenario: Scenario
    muted: tuple[str, ...] = ()


def left_out(words: str, scenario: Scenario, events: Sequence[str]) -> Variant:
    """Return a scenario without some events, and without what stands because of them.

    It runs as `Scenario.without` does, bit for bit. Events on which nothing else depends keep
    their place with a weight of zero, so that such variants can run side by side.
    """
    if any(dependents(scenario, key) for key in events):
        return Variant(words, scenario.without(*events))
    return Variant(words, scenario, tuple(events))


def dependents(scenario: Scenario, key: str) -> tuple[str, ...]:
    """Return the ids of conditions, interventions and turns that stand because of an event."""
    dated: tuple[DatedCondition | Intervention | Turn, ...] = (
        *scenario.conditions,
        *scenario.interventions,
        *scenario.turns,
    )
    return tuple(entry.id for entry in dated if entry.because == key)


def without_each(scenario: Scenario, events: Sequence[Event]) -> list[Variant]:
    """Return the scenario without each of some events in turn."""
    return [left_out(f"{event.id}: {event.says}", scenario, [event.id]) for event in events]


def without_kinds(scenario: Scenario) -> list[Variant]:
    """Return the scenario without all attacks, and without all that each actor did."""
    kinds = {"no recorded attack": [event.id for event in scenario.events if event.is_attack]}
    for key, actor in scenario.case.actors.items():
        acts = [event.id for event in scenario.events if event.actor == key]
        kinds[f"no recorded act of {actor.name}"] = acts
    return [left_out(words, scenario, events) for words, events in kinds.items() if events]


def with_each_posture(scenario: Scenario) -> list[Variant]:
    """Return the scenario with each posture forced on the pivot from when agents act."""
    start = scenario.agents_act_from
    if start is None or any(entry.posture for entry in scenario.interventions):
        return []
    pivot = role_name("pivot", scenario.case)
    return [
        Variant(f"{pivot} held to {posture} from {start}", forced(scenario, posture, start))
        for posture in POSTURES
    ]


def forced(scenario: Scenario, posture: Posture, since: Day) -> Scenario:
    """Return a scenario in which the pivot is held to a posture from a date to the end."""
    entry = Intervention(id=f"forced-{posture}", date=since, posture=posture, source="variant")
    return scenario.model_copy(update={"interventions": (*scenario.interventions, entry)})


def swapped(scenario: Scenario, one: str, other: str) -> Scenario:
    """Return a scenario in which two events have exchanged their dates.

    Conditions and interventions that stand because of one of them move by as many days.

    Raises
    ------
    InputError
        If an event is unknown or named twice, if both act in one week, or if what stands because
        of one of them would leave the run.
    """
    where = f"--swap {one} {other}"
    first, second = event_of(scenario, one, where), event_of(scenario, other, where)
    if one == other:
        raise InputError.at(where, f"'{one}' is named twice; name two events")
    if monday(first.date) == monday(second.date):
        text = f"both act in the week of {monday(first.date)}; choose events of different weeks"
        raise InputError.at(where, text)
    shift = second.date - first.date
    dates = {one: second.date, other: first.date}
    shifts = {one: shift, other: -shift}
    events = tuple(
        event.model_copy(update={"date": dates.get(event.id, event.date)})
        for event in scenario.events
    )

    def moved(entry: Dependent) -> Dependent:
        if entry.because not in shifts:
            return entry
        days = {
            key: day + shifts[entry.because]
            for key in ("date", "until")
            if (day := getattr(entry, key, None)) is not None
        }
        if not scenario.start <= min(days.values()) <= max(days.values()) <= scenario.end:
            text = f"'{entry.id}', which depends on {entry.because}, would leave the run"
            raise InputError.at(where, f"{text}; choose other events")
        return entry.model_copy(update=days)

    return scenario.model_copy(
        update={
            "name": f"{scenario.name}-{one}-{other}-swapped",
            "title": f"{scenario.title}, {one} and {other} exchanged",
            "events": events,
            "conditions": tuple(moved(entry) for entry in scenario.conditions),
            "interventions": tuple(moved(entry) for entry in scenario.interventions),
            "turns": tuple(moved(entry) for entry in scenario.turns),
        }
    )


def event_of(scenario: Scenario, key: str, where: str) -> Event:
    """Return an event by its id; raises `InputError` that says which was probably meant."""
    events = {event.id: event for event in scenario.events}
    if key not in events:
        remedy = nearest(key, events)
        raise InputError.at(where, f"'{key}' is not an event of {scenario.name}; {remedy}")
    return events[key]


# --- running them ---------------------------------------------------------------------------------


def effects_of(
    ensemble: Ensemble,
    variants: Sequence[Variant],
    outcome: str,
    day: Day,
    reference: Array,
    runner: Runner = HERE,
) -> list[Effect]:
    """Run variants and return what each makes of an outcome: the variant less the reference.

    Parameters
    ----------
    ensemble
        Whose worlds and luck every variant has.
    variants
        What is changed in turn.
    outcome, day
        What is read, and the day in whose week it is; no variant runs longer.
    reference
        The outcome in the worlds without a change, shape (worlds,).
    runner
        Where worlds are run.
    """
    values = outcomes_in(ensemble, variants, outcome, day, runner)
    return [
        Effect(variant.words, difference(outcome, day, reference, row))
        for variant, row in zip(variants, values, strict=True)
    ]


def outcomes_in(
    ensemble: Ensemble,
    variants: Sequence[Variant],
    outcome: str,
    day: Day,
    runner: Runner = HERE,
) -> Array:
    """Return an outcome in the worlds of every variant, shape (variants, worlds)."""
    found = in_each(ensemble, variants, partial(values_of, ((outcome, day),)), runner)
    return np.concatenate(found) if found else np.empty((0, ensemble.worlds))


def in_each(
    ensemble: Ensemble,
    variants: Sequence[Variant],
    work: Callable[[Batch], Array],
    runner: Runner = HERE,
) -> list[Array]:
    """Return what some work reads off the worlds of every variant, each of shape (…, worlds).

    Variants of the ensemble's own scenario run side by side along the worlds axis.

    Parameters
    ----------
    ensemble
        Whose worlds and luck every variant has.
    variants
        What is changed in turn.
    work
        Runs a batch and returns what is read of it, the worlds last.
    runner
        Where worlds are run.
    """
    size = max(1, ACROSS // ensemble.worlds)
    alike = [n for n, variant in enumerate(variants) if variant.scenario is ensemble.scenario]
    groups = [alike[first : first + size] for first in range(0, len(alike), size)]
    groups += [[n] for n in range(len(variants)) if n not in alike]
    batches = [_side_by_side(ensemble, [variants[n] for n in group]) for group in groups]
    parts = iter(gather(batches, work, runner, ACROSS))
    found: dict[int, Array] = {}
    for group, batch in zip(groups, batches, strict=True):
        pieces = [next(parts) for _ in batch.pieces(ACROSS)]
        each = np.split(np.concatenate(pieces, axis=-1), len(group), axis=-1)
        found |= dict(zip(group, each, strict=True))
    return [found[n] for n in range(len(variants))]


def _side_by_side(ensemble: Ensemble, variants: Sequence[Variant]) -> Batch:
    """Return variants of one scenario as one batch, a block of worlds each."""
    batch = replace(ensemble, scenario=variants[0].scenario).batch()
    muted = {key for variant in variants for key in variant.muted}
    own = _weights(batch, muted)
    weights = {
        key: np.concatenate([own[key] * (key not in variant.muted) for variant in variants])
        for key in sorted(muted)
    }
    replicates = np.tile(batch.replicates, len(variants))
    return replace(batch, replicates=replicates, event_weights=weights)


def _weights(batch: Batch, keys: set[str]) -> dict[str, Array]:
    """Return the weights of some events as the batch would have them, each (worlds,)."""
    luck = Luck(batch.seed, batch.replicates)
    drawn = draw_inputs(batch.scenario, luck)[1] if keys and batch.draw.parameters else {}
    return {
        event.id: np.broadcast_to(drawn.get(event.id, np.array(event.weight)), batch.worlds)
        for event in batch.scenario.events
        if event.id in keys
    }
