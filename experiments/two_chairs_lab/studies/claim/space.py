"""The space a claim is put to the test in: variants × points × replicates, all of the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from two_chairs import outcomes
from two_chairs.axes import Array
from two_chairs.draws import draw_inputs
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.layers import canonical
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.designs.design import Axis, Design
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.studies.sweep.study import Plan, Sweep, resolve, run_in_memory

if TYPE_CHECKING:
    from .files import ClaimFile, Source

Values = dict[str, Array]
"""Outcome at a date → values, shape (variants, points, replicates)."""


@dataclass(frozen=True, slots=True)
class Space:
    """A claim made definite: its scenario resolved, the points of its design.

    Attributes
    ----------
    source
        The claim and its file.
    sweep
        The scenario of the claim over the design, without outcomes.
    """

    source: Source
    sweep: Sweep

    @property
    def scenario(self) -> Scenario:
        """The scenario that the claim is about."""
        return self.sweep.scenarios[0]

    @property
    def file(self) -> ClaimFile:
        """What the file of the claim says."""
        return self.source.file

    @property
    def worlds(self) -> int:
        """Number of worlds that the test of the claim runs."""
        return self.file.test.worlds(self)

    def run(
        self,
        variants: Sequence[Scenario],
        outcomes: Sequence[str],
        runner: Runner = HERE,
        design: Design | None = None,
    ) -> Values:
        """Run variants of the scenario with the same points and luck.

        Parameters
        ----------
        variants
            Resolved scenarios; their order is that of the first axis of what is returned.
        outcomes
            NAME@DATE, each once.
        runner
            Where worlds are run.
        design
            Other points than those of the claim.

        Raises
        ------
        InputError
            If a world has a value that is not finite.
        """
        plan = self.sweep.plan.model_copy(update={"outcomes": tuple(outcomes)})
        sweep = Sweep(plan, tuple(variants), self.sweep.design if design is None else design)
        return run_in_memory(sweep, runner)


def open_space(source: Source) -> Space:
    """Resolve the scenario of a claim and choose the points; raises `InputError`."""
    file = source.file
    plan = Plan(
        title=file.title,
        question=file.question,
        scenarios=(file.scenario,),
        design="lhs",
        points=file.points,
        replicates=file.replicates,
        seed=file.seed,
        coding=file.coding,
        ranges=file.ranges,
        outcomes=(),
    )
    return Space(source, resolve(plan))


def by_posterior(space: Space) -> Space | None:
    """Return the space with draws of the scenario's posterior for its points.

    Points are as many as the claim's; event weights are drawn as in the space. ``None`` where the
    scenario has no posterior, or where the claim has ranges of its own.
    """
    scenario = load_scenario(space.file.scenario)
    if scenario.posterior is None or space.file.ranges:
        return None
    points = space.sweep.design.points
    drawn, _ = draw_inputs(scenario, Luck(space.file.seed, np.arange(points)))
    columns = {name: getattr(drawn, name) for name in PARAMETERS if name in scenario.parameters}
    columns = {name: values for name, values in columns.items() if np.ptp(values) > 0.0}
    axes = tuple(Axis(n, float(v.min()), float(v.max()), n) for n, v in columns.items())
    design = replace(space.sweep.design, axes=axes, table=np.stack([*columns.values()], axis=1))
    return Space(space.source, replace(space.sweep, design=design))


def at_levels(design: Design, parameter: str, levels: Sequence[float]) -> Design:
    """Return the points of a design once for each level of one parameter, level by level."""
    names = [axis.name for axis in design.axes]
    axis = Axis(parameter, min(levels), max(levels), parameter, len(levels))
    axes = design.axes if parameter in names else (*design.axes, axis)
    width = len(axes) - len(names)
    wide = np.concatenate([design.table, np.zeros((design.points, width))], axis=1)
    column = [each.name for each in axes].index(parameter)
    blocks = []
    for level in levels:
        block = wide.copy()
        block[:, column] = level
        blocks.append(block)
    return replace(design, axes=axes, table=np.concatenate(blocks))


def every(since: Day, until: Day, weeks: int) -> list[Day]:
    """Return Mondays from one date to another, some weeks apart, the last one included."""
    first, last = monday(since), monday(until)
    number = (last - first).days // 7
    return [first + timedelta(weeks=n) for n in sorted({*range(0, number, weeks), number})]


def named(outcome: str, day: Day) -> str:
    """Return the name of an outcome at a date."""
    return f"{outcome}@{monday(day)}"


def outcome_problems(space: Space, key: str, outcome: str) -> list[Problem]:
    """Return what is wrong with the name of an outcome."""
    cast = outcomes.cast_of(space.scenario.case)
    return outcomes.outcome_problems(outcome, cast, space.source.where(key))


def day_problems(space: Space, days: Mapping[str, Day]) -> list[Problem]:
    """Return dates that lie outside the run."""
    scenario = space.scenario
    return [
        Problem(
            space.source.where(key),
            f"{day} lies outside the run, {scenario.start} to {scenario.end}; change it",
        )
        for key, day in days.items()
        if not scenario.start <= day <= scenario.end
    ]


def order_problems(space: Space, first: tuple[str, Day], last: tuple[str, Day]) -> list[Problem]:
    """Return a problem if one date does not come before another, by a week at least."""
    if monday(first[1]) < monday(last[1]):
        return []
    text = f"{last[1]} lies not after {first[0].rpartition('.')[2]}, {first[1]}; change one"
    return [Problem(space.source.where(last[0]), text)]


def event_problems(space: Space, key: str, groups: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Return groups of events that are empty or name what is no event."""
    known = [event.id for event in space.scenario.events]
    problems = []
    for name, events in groups.items():
        where = space.source.where(f"{key}.{name}")
        if not events:
            problems.append(Problem(where, "names no event; name one or drop the line"))
        problems += [
            Problem(where, f"'{event}' is no event of the scenario; {nearest(event, known)}")
            for event in events
            if event not in known
        ]
    return problems


def member_problems(space: Space, key: str, name: str, names: Sequence[str]) -> list[Problem]:
    """Return a problem if a name is not one of those that stand beside it."""
    if name in names:
        return []
    return [Problem(space.source.where(key), f"'{name}' is not there; {nearest(name, names)}")]


def parameter_of(space: Space, key: str, name: str) -> str:
    """Return the full name of a parameter that can be given any level; raises `InputError`."""
    full = canonical(name)
    where = space.source.where(key)
    if full not in PARAMETERS:
        raise InputError.at(where, f"'{name}' is no parameter; {nearest(name, PARAMETERS)}")
    if PARAMETERS[full].group is not None:
        raise InputError.at(where, f"'{name}' is one of a sum; choose a parameter by itself")
    return full
