"""How sure: the variance of outcomes, split among theory, coding of events and luck.

Every uncertain thing is an axis from 0 to 1: a parameter, a coordinate of a simplex, the weight
of an event (``weight:ID``), the scale that scores events (``scale``), the replicate that gives a
world its luck (``luck``). A point of that cube is one world. Axes become values as in ``run``
(`parameters.between`), so what is split is the spread that ``run`` shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import Field

import two_chairs
from two_chairs.axes import Array, Counts
from two_chairs.draws import between, simplex_members
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.outcomes import cast_of, outcome_problems, read_outcome
from two_chairs.parameters import GROUPS, PARAMETERS, Parameters, make_parameters
from two_chairs.scenario.files import raise_all, read_codebook
from two_chairs.scenario.layers import canonical
from two_chairs.scenario.records import Event, ParameterRange, Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import check_table, read_toml, shown
from two_chairs.vocabulary import Day, Frozen, Text, monday
from two_chairs.world.simulation import TwoChairs
from two_chairs_lab.designs.design import (
    MORRIS_LEVELS,
    Axis,
    Design,
    axis_of,
    default_axes,
    make_design,
    problem,
)
from two_chairs_lab.engine.executors import local
from two_chairs_lab.results.manifest import hashes, made_by
from two_chairs_lab.statistics.sobol import (
    Apportionment,
    Effect,
    apportion,
    refuse_unfinite,
    screen,
)
from two_chairs_lab.studies.run.dates import default_dates
from two_chairs_lab.studies.run.study import DIGITS

Family = Literal["theory", "coding", "luck"]
FAMILIES: tuple[Family, ...] = get_args(Family)
LUCK, SCALE, WEIGHT = "luck", "scale", "weight:"
OUTCOMES = ("tilt", "incumbent_seat", "rival_seat", "regime:two-chairs")
LEAST_POINTS = 64
POINTS = 4096
SINGLE_PART, MORRIS_PART = 16, 128
"""The base sample of single axes, and the trajectories of Morris, are this part of the points."""
LEAST_SINGLE, LEAST_TRAJECTORIES = 16, 10
REPLICATES = 1024
"""Replicates among which the axis of luck chooses."""
CHUNK = 2048
"""Worlds that run side by side; changes no result."""
EVERY = 26
"""Weeks between the dates of the shares over time."""


class RangeEnds(Frozen):
    """A range of a plan; ends that are left out are those of the scenario."""

    low: float | None = None
    high: float | None = None


class SensitivityPlan(Frozen):
    """What to ask: of which scenario, which outcomes, when, over which axes."""

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


def read_sensitivity_plan(path: Path) -> SensitivityPlan:
    """Read a plan; raises `InputError` with every problem."""
    plan, problems = check_table(SensitivityPlan, read_toml(path), shown(path))
    if plan is None or problems:
        raise InputError(problems)
    if plan.scenario.endswith(".toml"):
        return plan.model_copy(update={"scenario": str(path.parent / plan.scenario)})
    return plan


@dataclass(frozen=True, slots=True)
class Space:
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
    """

    scenario: Scenario
    other_scale: Scenario | None
    axes: tuple[Axis, ...]
    seed: int
    replicates: int
    luck: bool

    def groups(self, family: Family) -> tuple[str, ...]:
        """Return the names of what varies in one family."""
        names = dict.fromkeys(axis.group for axis in self.axes)
        return tuple(name for name in names if family_of(name) == family)

    def by_family(self) -> tuple[Axis, ...]:
        """Return the axes grouped by family alone."""
        return tuple(replace(axis, group=family_of(axis.group)) for axis in self.axes)

    def column(self, table: Array, name: str) -> Array | None:
        """Return the column of a table of points that belongs to an axis, if it is one."""
        names = [axis.name for axis in self.axes]
        return table[:, names.index(name)] if name in names else None

    def parameters(self, table: Array) -> Parameters:
        """Return the parameters at points, shape (points, axes)."""
        known = self.scenario.parameters
        values: dict[str, float | Array] = {name: entry.value for name, entry in known.items()}
        for group in self.groups("theory"):
            places = [n for n, axis in enumerate(self.axes) if axis.group == group]
            if group in GROUPS:
                values |= simplex_members(self.scenario, group, table[:, places].T)
            else:
                entry = known[group]
                values[group] = between(table[:, places[0]], entry.low, entry.value, entry.high)
        return make_parameters(values)

    def event_weights(self, table: Array) -> dict[str, Array]:
        """Return the weights of the events that have an axis, at points."""
        found = {}
        for event in self.scenario.events:
            uniform = self.column(table, f"{WEIGHT}{event.id}")
            if uniform is not None:
                low, high = event.weight_low, event.weight_high
                found[event.id] = between(uniform, low, event.weight, high)
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
    return "coding" if group == SCALE or group.startswith(WEIGHT) else "theory"


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


def make_space(plan: SensitivityPlan, scenario: Scenario) -> Space:
    """Return the space of a plan.

    Raises
    ------
    InputError
        With every range that names nothing, has no width, or lies outside what makes sense.
    """
    scenario = _with_ranges(plan, scenario)
    axes: list[Axis] = []
    other = None
    if "theory" in plan.vary:
        axes += _parameter_axes(plan, scenario)
    if "coding" in plan.vary:
        axes += [
            Axis(f"{WEIGHT}{event.id}", 0.0, 1.0, f"{WEIGHT}{event.id}")
            for event in scenario.events
            if event.weight_low < event.weight_high
        ]
        other = on_plover(scenario) if scenario.scale == "goldstein" else None
        if other is not None and other.events != scenario.events:
            axes.append(Axis(SCALE, 0.0, 1.0, SCALE))
    if "luck" in plan.vary:
        axes.append(Axis(LUCK, 0.0, 1.0, LUCK))
    if not axes:
        text = f"nothing of {', '.join(plan.vary)} varies in {scenario.name}"
        raise InputError.at("vary", f"{text}; name other families or give ranges")
    luck = "luck" in plan.vary
    return Space(scenario, other, tuple(axes), plan.seed, plan.replicates, luck)


def _parameter_axes(plan: SensitivityPlan, scenario: Scenario) -> list[Axis]:
    """Return the axes of the parameters that the plan names, or of all that ``run`` draws."""
    named = [canonical(name) for name in plan.ranges if not name.startswith(WEIGHT)]
    if not named:
        found = default_axes(scenario)
    else:
        found = [axis for name in named for axis in axis_of(name, None, None, None, scenario)]
    wide = {name for name, entry in scenario.parameters.items() if entry.low < entry.high}
    drawn = [a for a in found if a.group not in GROUPS or wide.issuperset(GROUPS[a.group])]
    return [Axis(axis.name, 0.0, 1.0, axis.group) for axis in drawn]


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
    value = scenario.parameters[first.group].value
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


@dataclass(frozen=True, slots=True)
class Study:
    """A plan made definite.

    Attributes
    ----------
    plan, space
        What was asked, and the cube of what is uncertain.
    dates
        Dates of all indices.
    timeline
        Those and the dates of the shares over time, in order.
    """

    plan: SensitivityPlan
    space: Space
    dates: tuple[Day, ...]
    timeline: tuple[Day, ...]

    @property
    def asked(self) -> tuple[tuple[str, Day], ...]:
        """Every outcome at every date of the timeline."""
        return tuple((name, day) for name in self.plan.outcomes for day in self.timeline)

    @property
    def worlds(self) -> int:
        """Number of worlds: blocks of a world a group, and one or two more."""
        families = sum(1 for family in FAMILIES if self.space.groups(family))
        groups = len({axis.group for axis in self.space.axes})
        base, single, trajectories = self._sizes()
        return base * (families + 2) + single * (groups + 2) + trajectories * (groups + 1)

    def _sizes(self) -> tuple[int, int, int]:
        points = self.plan.points
        single = max(LEAST_SINGLE, points // SINGLE_PART)
        return points, single, max(LEAST_TRAJECTORIES, points // MORRIS_PART)

    def designs(self) -> dict[str, Design]:
        """Return the points: by family, by single axis, and Morris's trajectories."""
        axes, seed = self.space.axes, self.plan.seed
        base, single, trajectories = self._sizes()
        return {
            "families": _sobol(self.space.by_family(), base, seed),
            "axes": _sobol(axes, single, seed),
            "morris": make_design("morris", axes, trajectories, seed),
        }


def _sobol(axes: Sequence[Axis], base: int, seed: int) -> Design:
    """Return a Sobol' design; of one group, which SALib takes for none, a plain sample as large."""
    if len({axis.group for axis in axes}) > 1:
        return make_design("sobol", axes, base, seed)
    return make_design("lhs", axes, 3 * base, seed)


def settle_study(plan: SensitivityPlan, overrides: Mapping[str, float] | None = None) -> Study:
    """Resolve a plan's scenario and check what it asks; raises `InputError` with every problem."""
    plan = plan.model_copy(update={"outcomes": tuple(dict.fromkeys(plan.outcomes))})
    scenario = load_scenario(plan.scenario, overrides).without_posterior()
    raise_all([*_point_problems(plan.points), *_asked_problems(plan, scenario)])
    space = make_space(plan, scenario)
    dates = plan.dates or default_dates(scenario, scenario.start, scenario.end)
    weeks = range(plan.every, scenario.weeks, plan.every) if plan.every else ()
    mondays = scenario.mondays()
    timeline = {monday(day) for day in dates} | {mondays[week] for week in weeks}
    asked = tuple(dict.fromkeys(monday(day) for day in dates))
    return Study(plan, space, asked, tuple(sorted(timeline)))


def _point_problems(points: int) -> list[Problem]:
    if points < LEAST_POINTS:
        text = f"{points} is too few to split a variance; give a power of two from {LEAST_POINTS}"
        return [Problem("points", f"{text} up, such as {POINTS}")]
    if points & (points - 1):
        lower = 1 << (points.bit_length() - 1)
        text = f"{points} is no power of two; give one such as {lower} or {2 * lower}"
        return [Problem("points", text)]
    return []


def _asked_problems(plan: SensitivityPlan, scenario: Scenario) -> list[Problem]:
    problems = []
    for name in plan.outcomes:
        problems += outcome_problems(name, cast_of(scenario.case), f"outcomes: {name}")
    for day in plan.dates:
        if not scenario.start <= day <= scenario.end:
            text = f"lies outside the run of {scenario.name}, {scenario.start} to {scenario.end}"
            problems.append(Problem(f"dates: {day}", f"{text}; choose a date inside it"))
    return problems


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What came of a study; all by outcome and Monday.

    Attributes
    ----------
    study
        What was asked.
    families
        Split among theory, coding and luck, at every date of the timeline.
    singles
        Split among single axes, a simplex being one, at the dates.
    effects
        Morris's measures of single axes, at the dates.
    """

    study: Study
    families: Mapping[tuple[str, Day], Apportionment]
    singles: Mapping[tuple[str, Day], Apportionment]
    effects: Mapping[tuple[str, Day], tuple[Effect, ...]]

    def conditional_on(self) -> str:
        """Say what the indices are conditional on."""
        plan, scenario = self.study.plan, self.study.space.scenario
        changed = ", ".join(f"{name} = {v:g}" for name, v in scenario.overrides.items())
        return (
            f"Conditional on the model, on the coding of {len(scenario.events)} ledger rows"
            f"{', on ' + changed if changed else ''}, and on the ranges: a share is as large as "
            f"the range it was given. {self.study.worlds:,} worlds, base sample {plan.points}, "
            f"seed {plan.seed}; ± is half of a 90 % interval (bootstrap). An exploration of "
            "mechanisms, not a forecast."
        )


def run_study(
    study: Study, *, workers: int = 1, progress: Callable[[int], None] | None = None
) -> Sensitivity:
    """Run the worlds of a study and analyse them.

    Parameters
    ----------
    study
        What to run.
    workers
        Local processes; the result is the same, bit for bit, whatever their number.
    progress
        Told the number of worlds of each chunk that is done.
    """
    designs = study.designs()
    values = {
        name: evaluate(study, name, design, workers=workers, progress=progress)
        for name, design in designs.items()
    }
    seed = study.plan.seed

    def each(name: str, analyse: Callable[..., Any], days: Sequence[Day]) -> dict[Any, Any]:
        described = problem(designs[name].axes)
        return {
            asked: analyse(described, designs[name].table, column, seed)
            for asked, column in zip(study.asked, values[name], strict=True)
            if asked[1] in days
        }

    return Sensitivity(
        study,
        each("families", apportion, study.timeline),
        each("axes", apportion, study.dates),
        each("morris", screen, study.dates),
    )


def replicates_of(design: Design, number: int) -> Counts:
    """Return the replicate of each point, from the axis of luck; zero without one.

    Along a trajectory of Morris luck changes once, to another of ``MORRIS_LEVELS`` replicates;
    each trajectory has replicates of its own, so that all together see many.
    """
    places = [n for n, axis in enumerate(design.axes) if axis.name == LUCK]
    if not places:
        return np.zeros(design.points, dtype=np.int64)
    uniform = design.table[:, places[0]]
    if design.kind != "morris":
        return np.minimum((uniform * number).astype(np.int64), number - 1)
    groups = len({axis.group for axis in design.axes})
    trajectory = np.arange(design.points) // (groups + 1)
    level = np.rint(uniform * (MORRIS_LEVELS - 1)).astype(np.int64)
    return (trajectory * MORRIS_LEVELS + level) % number


def evaluate(
    study: Study,
    name: str,
    design: Design,
    *,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Array:
    """Run the points of a design and return what is asked at each, shape (asked, points).

    Raises
    ------
    InputError
        If a single value is not finite; names the point and the replicate.
    """
    replicates = replicates_of(design, study.space.replicates)
    starts = range(0, design.points, CHUNK)
    tasks = [
        (design.table[first : first + CHUNK], replicates[first : first + CHUNK]) for first in starts
    ]
    work = partial(_outcomes, study.space, study.asked)
    found = []
    for values in _mapped(work, tasks, workers):
        found.append(values)
        if progress is not None:
            progress(values.shape[1])
    values = np.concatenate(found, axis=1)
    _refuse(study, name, values, replicates)
    return values


def _mapped(
    work: Callable[[tuple[Array, Counts]], Array],
    tasks: Sequence[tuple[Array, Counts]],
    workers: int,
) -> Iterable[Array]:
    if workers == 1 or len(tasks) == 1:
        yield from map(work, tasks)
        return
    with local(workers)() as pool:
        yield from pool.map(work, tasks)


def _refuse(study: Study, name: str, values: Array, replicates: Counts) -> None:
    for (outcome, day), column in zip(study.asked, values, strict=True):
        places = [f"{name}: point {n}, replicate {r}" for n, r in enumerate(replicates.tolist())]
        refuse_unfinite(column, places, f"{outcome} on {day}")


def _outcomes(space: Space, asked: Sequence[tuple[str, Day]], task: tuple[Array, Counts]) -> Array:
    """Return what is asked at some points, shape (asked, points); runs in any process."""
    table, replicates = task
    values = np.empty((len(asked), len(table)))
    switch = space.column(table, SCALE)
    elsewhere = np.zeros(len(table), dtype=bool) if switch is None else switch >= 0.5
    for scenario, chosen in ((space.scenario, ~elsewhere), (space.other_scale, elsewhere)):
        if scenario is not None and chosen.any():
            values[:, chosen] = _worlds(space, scenario, asked, table[chosen], replicates[chosen])
    return values


def _worlds(
    space: Space,
    scenario: Scenario,
    asked: Sequence[tuple[str, Day]],
    table: Array,
    replicates: Counts,
) -> Array:
    cast = cast_of(scenario.case)
    weeks = {scenario.week_of(day) for _, day in asked}
    model = TwoChairs(
        scenario,
        replicates,
        seed=space.seed,
        luck=space.luck,
        record={"tilt", *(read_outcome(name, cast, "outcomes").array for name, _ in asked)},
        weeks=weeks,
        parameters=space.parameters(table),
        event_weights=space.event_weights(table),
    )
    while model.week < max(weeks):
        model.step()
    paths = model.trajectory()
    return np.stack([paths.outcome(name)[paths.week_of(day)] for name, day in asked])


def sensitivity_record(found: Sensitivity) -> dict[str, Any]:
    """Return a study's result as plain data: what ``sensitivity --json`` prints."""
    study = found.study
    return {
        "title": study.plan.title,
        "question": study.plan.question,
        "scenario": study.space.scenario.name,
        "conditional_on": found.conditional_on(),
        "notes": study.space.notes(),
        "worlds": found.study.worlds,
        "points": study.plan.points,
        "seed": study.plan.seed,
        "outcomes": list(study.plan.outcomes),
        "dates": [day.isoformat() for day in study.dates],
        "varied": {family: len(study.space.groups(family)) for family in FAMILIES},
        "families": _nested(found.families, _split_record),
        "axes": _nested(found.singles, _ranked_record),
        "morris": _nested(found.effects, _effect_records),
    }


def _nested(table: Mapping[tuple[str, Day], Any], told: Callable[[Any], Any]) -> dict[str, Any]:
    nested: dict[str, dict[str, Any]] = {}
    for (outcome, day), entry in table.items():
        nested.setdefault(outcome, {})[day.isoformat()] = told(entry)
    return nested


def _rounded(**numbers: float) -> dict[str, float]:
    return {name: round(value, DIGITS) + 0.0 for name, value in numbers.items()}


def _index_records(split: Apportionment) -> list[dict[str, Any]]:
    return [
        {"name": index.name}
        | _rounded(
            first=index.first,
            first_error=index.first_error,
            total=index.total,
            total_error=index.total_error,
        )
        for index in split.indices
    ]


def _split_record(split: Apportionment) -> dict[str, Any] | None:
    """Return a split by family; nothing where the outcome does not vary."""
    if not split.indices:
        return None
    numbers = _rounded(
        deviation=split.deviation,
        interaction=split.interaction,
        interaction_error=split.interaction_error,
    )
    return numbers | {entry.pop("name"): entry for entry in _index_records(split)}


def _ranked_record(split: Apportionment) -> list[dict[str, Any]]:
    ranked = sorted(_index_records(split), key=lambda entry: (-entry["total"], entry["name"]))
    return [{"family": family_of(entry["name"])} | entry for entry in ranked]


def _effect_records(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    ranked = sorted(effects, key=lambda effect: (-effect.mu_star, effect.name))
    return [
        {"family": family_of(effect.name), "name": effect.name}
        | _rounded(mu_star=effect.mu_star, mu_star_error=effect.mu_star_error)
        | {"sigma": None if effect.sigma is None else round(effect.sigma, DIGITS)}
        for effect in ranked
    ]


MEASURES = (
    "first", "first_error", "total", "total_error", "mu_star", "mu_star_error", "sigma",
)  # fmt: skip


def index_rows(found: Sensitivity) -> list[dict[str, Any]]:
    """Return all indices as rows of one table; what a method does not give is blank."""
    record = sensitivity_record(found)
    rows = []
    for method in ("families", "axes", "morris"):
        for outcome, days in record[method].items():
            for day, entries in days.items():
                for entry in _as_list(entries):
                    place = {"method": method, "outcome": outcome, "date": day}
                    named = {"name": entry["name"], "family": entry["family"]}
                    rows.append(place | named | {key: entry.get(key) for key in MEASURES})
    return rows


def _as_list(entries: Any) -> list[dict[str, Any]]:
    if isinstance(entries, list):
        return entries
    split = entries or {}
    rows = [
        {"name": family, "family": family} | split[family] for family in FAMILIES if family in split
    ]
    if split:
        rest = {"first": split["interaction"], "first_error": split["interaction_error"]}
        rows.append({"name": "interaction", "family": ""} | rest)
    return rows


def sensitivity_manifest(
    found: Sensitivity, command: Sequence[str], inputs: Sequence[Path]
) -> dict[str, Any]:
    """Return what is needed to make a study again: data only, the resolved scenario included."""
    study = found.study
    return {
        "program": "two-chairs",
        "kind": "sensitivity",
        "version": two_chairs.__version__,
        "plan": study.plan.model_dump(mode="json"),
        "worlds": found.study.worlds,
        "made": made_by(command),
        "inputs": hashes(inputs),
        "scenario": study.space.scenario.model_dump(mode="json"),
    }
