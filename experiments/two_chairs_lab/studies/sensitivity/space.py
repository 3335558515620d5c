"""The space of all that is uncertain in a scenario, as a cube whose points are worlds.

Every uncertain thing is an axis from 0 to 1: a parameter, a coordinate of a simplex, the weight
of an event (``weight:ID``), whether it belongs to the record (``presence:ID``), how grave and how
covered an attack was (``severity:ID``, ``coverage:ID``), the scale that scores events (``scale``),
the replicate that gives a world its luck (``luck``). A point of that cube is one world. Axes
become values as in ``run`` (`draws.between`), so what is split is the spread that ``run`` shows,
and that of the ruler.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from two_chairs.axes import Array, Counts
from two_chairs.draws import between, simplex_members
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.parameters import GROUPS, PARAMETERS, Parameters, make_parameters
from two_chairs.scenario.files import raise_all, read_codebook
from two_chairs.scenario.layers import canonical
from two_chairs.scenario.provenance import range_of
from two_chairs.scenario.records import Event, ParameterRange, Scenario
from two_chairs_lab.designs.design import (
    MORRIS_LEVELS,
    Axis,
    Design,
    axis_of,
    default_axes,
    measurement_axes,
    refuse_repeated,
)
from two_chairs_lab.designs.plans import RangeEnds
from two_chairs_lab.engine.batch import Batch, Draw

from .plan import Family, SensitivityPlan

LUCK, SCALE, WEIGHT = "luck", "scale", "weight:"
PRESENCE, SEVERITY, COVERAGE = "presence:", "severity:", "coverage:"
CODED = (WEIGHT, PRESENCE, SEVERITY, COVERAGE)
"""What axes of coding begin with, each followed by the id of an event."""


@dataclass(frozen=True, slots=True)
class UncertaintySpace:
    """The cube of all that is uncertain, and what its points mean.

    Attributes
    ----------
    scenario
        The scenario, with the ranges of the plan.
    other_scale
        The same scenario scored on the other scale, if the scale is an axis.
    axes
        Columns of the cube, each from 0 to 1, reported under ``Axis.group``.
    seed, replicates
        Of all luck; how many replicates the axis of luck chooses among.
    luck
        Whether there is chance at all.
    presence, attacks
        Those of the plan: chance of presence, and share that severity and coverage vary by.
    """

    scenario: Scenario
    other_scale: Scenario | None
    axes: tuple[Axis, ...]
    seed: int
    replicates: int
    luck: bool
    presence: float = 1.0
    attacks: float = 0.0

    def groups(self, family: Family) -> tuple[str, ...]:
        """Return the names of what varies in one family."""
        names = dict.fromkeys(axis.group for axis in self.axes)
        return tuple(name for name in names if family_of(name) == family)

    def by_family(self) -> tuple[Axis, ...]:
        """Return the axes grouped by family alone."""
        return tuple(replace(axis, group=family_of(axis.group)) for axis in self.axes)

    def column(self, table: Array, name: str) -> Array | None:
        """Return the column of an axis in a table of points, shape (points,), if there is one."""
        names = [axis.name for axis in self.axes]
        return table[:, names.index(name)] if name in names else None

    def parameters(self, table: Array) -> Parameters:
        """Return the parameters at points, each (1 or points,); ``table`` is (points, axes)."""
        known = self.scenario.parameters
        values: dict[str, float | Array] = {name: entry.value for name, entry in known.items()}
        for group in (*self.groups("measurement"), *self.groups("behaviour")):
            columns = [n for n, axis in enumerate(self.axes) if axis.group == group]
            if group in GROUPS:
                values |= simplex_members(self.scenario, group, table[:, columns].T)
            else:
                entry, uniform = known[group], table[:, columns[0]]
                switch = PARAMETERS[group].unit == "switch"  # half of the points on each side
                drawn = between(uniform, entry.low, entry.value, entry.high)
                values[group] = uniform if switch else drawn
        return make_parameters(values)

    def event_weights(self, table: Array) -> dict[str, Array]:
        """Return the weights of the events that have an axis, by id; each of shape (points,)."""
        weights = {}
        for event in self.scenario.events:
            uniform = self.column(table, f"{WEIGHT}{event.id}")
            if uniform is not None:
                low, high = event.weight_low, event.weight_high
                weights[event.id] = between(uniform, low, event.weight, high)
            present = self.column(table, f"{PRESENCE}{event.id}")
            if present is not None:
                weight = weights.get(event.id, np.full(len(table), event.weight))
                weights[event.id] = np.where(present < self.presence, weight, 0.0)
        return weights

    def attack_codes(self, table: Array) -> dict[str, Array]:
        """Return severities and coverages that have an axis, by name; each of shape (points,)."""
        codes = {}
        for event in self.scenario.events:
            for name, value in ((SEVERITY, event.severity), (COVERAGE, event.coverage)):
                uniform = self.column(table, f"{name}{event.id}")
                if uniform is not None and value is not None:
                    low, high = value * (1.0 - self.attacks), value * (1.0 + self.attacks)
                    codes[f"{name}{event.id}"] = between(uniform, low, value, min(1.0, high))
        return codes

    def batches(self, table: Array, replicates: Counts) -> list[tuple[Counts, Batch]]:
        """Return the worlds at points, a batch for each scale in use, with the points of each.

        Parameters
        ----------
        table
            Points, shape (points, axes).
        replicates
            Which luck each has, shape (points,).
        """
        switch = self.column(table, SCALE)
        switched = np.zeros(len(table), dtype=bool) if switch is None else switch >= 0.5
        found = []
        for scenario, chosen in ((self.scenario, ~switched), (self.other_scale, switched)):
            rows = np.flatnonzero(chosen)
            if scenario is not None and rows.size:
                draw = Draw(parameters=False, luck=self.luck)
                at = table[rows]
                drawn = self.parameters(at), self.event_weights(at), self.attack_codes(at)
                found.append((rows, Batch(scenario, replicates[rows], self.seed, draw, *drawn)))
        return found

    def notes(self) -> list[str]:
        """Say what a reader must know of the scales."""
        if SCALE in self.groups("coding"):
            kept = [event for event in self.scenario.events if plover_score(event) is None]
            return [
                f"{event.id} ({event.action}) has no PLOVER score in the codebook and keeps "
                f"its Goldstein score, {event.goldstein:g}, under both scales"
                for event in kept
            ]
        if self.scenario.scale == "plover":
            return ["the scenario is scored on the PLOVER scale by its file; it does not vary"]
        return []


def family_of(group: str) -> Family:
    """Return the family that an axis belongs to."""
    if group == LUCK:
        return "luck"
    if group == SCALE or group.startswith(CODED):
        return "coding"
    first = GROUPS[group][0] if group in GROUPS else group
    return "measurement" if PARAMETERS[first].measurement else "behaviour"


def plover_score(event: Event) -> float | None:
    """Return the score of an event's action on the PLOVER scale, if the codebook has one."""
    action = read_codebook().get(event.action)
    return None if action is None else action.plover_score


def on_plover(scenario: Scenario) -> Scenario:
    """Return a scenario scored on the PLOVER scale; an event without such a score keeps its own."""
    scores = {event.id: plover_score(event) for event in scenario.events}
    events = tuple(
        event
        if scores[event.id] is None
        else event.model_copy(update={"goldstein": scores[event.id]})
        for event in scenario.events
    )
    return scenario.model_copy(update={"scale": "plover", "events": events})


def make_space(plan: SensitivityPlan, scenario: Scenario) -> UncertaintySpace:
    """Return the space of a plan.

    Raises
    ------
    InputError
        With every range that names nothing, has no width, or lies outside what makes sense.
    """
    refuse_repeated(plan.ranges, "ranges")
    scenario = _with_ranges(plan, scenario)
    other = _other_scale(scenario) if "coding" in plan.vary else None
    axes: list[Axis] = []
    axes += [axis for axis in _parameter_axes(plan, scenario) if family_of(axis.group) in plan.vary]
    if "coding" in plan.vary:
        axes += _coding_axes(plan, scenario)
    if other is not None:
        axes.append(_unit_axis(SCALE))
    luck = "luck" in plan.vary
    if luck:
        axes.append(_unit_axis(LUCK))
    if not axes:
        text = f"nothing of {', '.join(plan.vary)} varies in {scenario.name}"
        raise InputError.at("vary", f"{text}; name other families or give ranges")
    coded = plan.presence, plan.attacks
    return UncertaintySpace(scenario, other, tuple(axes), plan.seed, plan.replicates, luck, *coded)


def _coding_axes(plan: SensitivityPlan, scenario: Scenario) -> list[Axis]:
    """Return the axes of how events are coded; ranges of weights in the plan leave no others."""
    ranged = [event for event in scenario.events if event.weight_low < event.weight_high]
    axes = [_unit_axis(f"{WEIGHT}{event.id}") for event in ranged]
    if any(name.startswith(WEIGHT) for name in plan.ranges):
        return axes
    for event in scenario.events:
        if plan.presence < 1.0 and event.paragraph is None and event.weight > 0.0:
            axes.append(_unit_axis(f"{PRESENCE}{event.id}"))
        if plan.attacks > 0.0 and event.is_attack:
            axes += [_unit_axis(f"{SEVERITY}{event.id}"), _unit_axis(f"{COVERAGE}{event.id}")]
    return axes


def _unit_axis(name: str, group: str | None = None) -> Axis:
    return Axis(name, 0.0, 1.0, name if group is None else group)


def _other_scale(scenario: Scenario) -> Scenario | None:
    """Return a scenario on the PLOVER scale, if it is not yet and that makes a difference."""
    if scenario.scale != "goldstein":
        return None
    other = on_plover(scenario)
    return None if other.events == scenario.events else other


def _parameter_axes(plan: SensitivityPlan, scenario: Scenario) -> list[Axis]:
    """Return the axes of the parameters that the plan names, or of all that ``run`` draws."""
    named = [canonical(name) for name in plan.ranges if not name.startswith(WEIGHT)]
    if not named:
        found = [*measurement_axes(scenario), *default_axes(scenario)]
    else:
        found = [axis for name in named for axis in axis_of(name, None, None, None, scenario)]
    wide = {name for name, entry in scenario.parameters.items() if entry.low < entry.high}
    drawn = [a for a in found if a.group not in GROUPS or wide.issuperset(GROUPS[a.group])]
    return [_unit_axis(axis.name, axis.group) for axis in drawn]


def _with_ranges(plan: SensitivityPlan, scenario: Scenario) -> Scenario:
    """Return the scenario with the plan's ranges; of events, others are kept at their weights."""
    problems: list[Problem] = []
    parameters = dict(scenario.parameters)
    weights: dict[str, Event] = {}
    for name, ends in plan.ranges.items():
        try:
            if name.startswith(WEIGHT):
                event = _ranged_event(name, ends, scenario)
                weights[event.id] = event
            else:
                parameters |= _ranged_parameter(name, ends, scenario)
        except InputError as error:
            problems += [Problem(f"ranges.{name}", p.message) for p in error.problems]
    raise_all(problems)
    events = scenario.events
    if weights:
        events = tuple(weights.get(event.id, _kept(event)) for event in events)
    return scenario.model_copy(update={"parameters": parameters, "events": events})


def _kept(event: Event) -> Event:
    return event.model_copy(update={"weight_low": event.weight, "weight_high": event.weight})


def _ranged_parameter(name: str, ends: RangeEnds, scenario: Scenario) -> dict[str, ParameterRange]:
    first, *_ = axis_of(name, ends.low, ends.high, None, scenario)
    if first.group in GROUPS:
        if ends != RangeEnds():
            text = "weights that sum to one have no range of their own; leave out low and high"
            raise InputError.at(name, text)
        return {}
    if first.group not in PARAMETERS:
        text = "is a dated condition; of these, sweep the value with 'two-chairs sweep'"
        raise InputError.at(name, text)
    value = range_of(scenario, first.group).value
    middle = value if first.low <= value <= first.high else 0.5 * (first.low + first.high)
    return {first.group: ParameterRange(value=middle, low=first.low, high=first.high)}


def _ranged_event(name: str, ends: RangeEnds, scenario: Scenario) -> Event:
    key = name.removeprefix(WEIGHT)
    events = {event.id: event for event in scenario.events}
    if key not in events:
        raise InputError.at(name, f"'{key}' is not an event; {nearest(key, events)}")
    event = events[key]
    low = event.weight_low if ends.low is None else ends.low
    high = event.weight_high if ends.high is None else ends.high
    if not 0.0 <= low < high <= 100.0:
        text = f"the range {low:g} to {high:g} must rise and lie in 0 to 100"
        raise InputError.at(name, f"{text}; change its ends")
    value = event.weight if low <= event.weight <= high else 0.5 * (low + high)
    return event.model_copy(update={"weight": value, "weight_low": low, "weight_high": high})


def replicates_of(design: Design, number: int) -> Counts:
    """Return the replicate of each point, from the axis of luck; zero without one.

    Shape (points,), each below ``number``. Along a trajectory of Morris luck changes once, to
    another of ``MORRIS_LEVELS`` replicates; each trajectory has replicates of its own, so that
    all together see many.
    """
    columns = [n for n, axis in enumerate(design.axes) if axis.name == LUCK]
    if not columns:
        return np.zeros(design.points, dtype=np.int64)
    uniform = design.table[:][:, columns[0]]
    if design.kind != "morris":
        return np.minimum((uniform * number).astype(np.int64), number - 1)
    groups = len({axis.group for axis in design.axes})
    trajectory = np.arange(design.points) // (groups + 1)
    level = np.rint(uniform * (MORRIS_LEVELS - 1)).astype(np.int64)
    return (trajectory * MORRIS_LEVELS + level) % number
