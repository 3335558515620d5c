"""How sure: the variance of outcomes, split among ruler, behaviour, coding and luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import Array, Counts
from two_chairs.scenario.files import raise_all
from two_chairs.scenario.resolve import load_scenario
from two_chairs.vocabulary import Day, monday
from two_chairs_lab.designs.design import Axis, Design, make_design, problem
from two_chairs_lab.engine.batch import Asked
from two_chairs_lab.engine.runner import HERE, Runner, evaluate
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.sobol import (
    ElementaryEffect,
    VarianceDecomposition,
    elementary_effects,
    refuse_unfinite,
    variance_decomposition,
)
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.run.dates import default_dates

from .plan import FAMILIES, SensitivityPlan, problems_of
from .space import UncertaintySpace, make_space, replicates_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SINGLE_PART, MORRIS_PART = 16, 128
"""The base sample of single axes, and the trajectories of Morris, are this part of the points."""
LEAST_SINGLE, LEAST_TRAJECTORIES = 16, 10
CHUNK = 2048
"""Worlds that run side by side: each chunk draws the luck of many replicates; changes no bit."""


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
    space: UncertaintySpace
    dates: tuple[Day, ...]
    timeline: tuple[Day, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
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


def resolve_study(plan: SensitivityPlan, overrides: Mapping[str, float] | None = None) -> Study:
    """Resolve a plan's scenario and check what it asks; raises `InputError` with every problem."""
    plan = plan.model_copy(update={"outcomes": tuple(dict.fromkeys(plan.outcomes))})
    scenario = load_scenario(plan.scenario, overrides).without_posterior()
    raise_all(problems_of(plan, scenario))
    space = make_space(plan, scenario)
    dates = plan.dates or default_dates(scenario, scenario.start, scenario.end)
    weeks = range(plan.every, scenario.weeks, plan.every) if plan.every else ()
    mondays = scenario.mondays()
    timeline = {monday(day) for day in dates} | {mondays[week] for week in weeks}
    asked = tuple(dict.fromkeys(monday(day) for day in dates))
    return Study(plan, space, asked, tuple(sorted(timeline)))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The answer of a study; all by outcome and Monday.

    Attributes
    ----------
    study
        What was asked.
    families
        Split among ruler, behaviour, coding and luck, at every date of the timeline.
    singles
        Split among single axes, a simplex being one, at the dates.
    effects
        Morris's measures of single axes, at the dates.
    inputs
        File → SHA-256 of every file that the scenario is made of.
    """

    kind: ClassVar[str] = "sensitivity"
    name: ClassVar[str] = "indices"

    study: Study
    families: Mapping[Asked, VarianceDecomposition]
    singles: Mapping[Asked, VarianceDecomposition]
    effects: Mapping[Asked, tuple[ElementaryEffect, ...]]
    inputs: Mapping[str, str] = field(default_factory=dict)

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

    def notes(self) -> list[str]:
        """Return what a reader must know of the scales, as sentences."""
        return [f"Note: {note}." for note in self.study.space.notes()]

    def basis(self) -> Basis:
        """Return what the indices rest on."""
        specification = {
            "plan": self.study.plan.model_dump(mode="json"),
            "worlds": self.study.worlds,
            "scenario": self.study.space.scenario.model_dump(mode="json"),
        }
        return Basis(self.kind, specification, self.conditional_on(), self.inputs)

    def sentences(self) -> list[str]:
        """Say what varied together, and what a reader must know of the scales."""
        from .render import sentences

        return sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return all indices as one table."""
        from .record import indices_table

        return {"indices": indices_table(self.record())}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the figures of the study."""
        from .figures import draw_sensitivity

        return draw_sensitivity(self)

    def record(self) -> dict[str, Any]:
        """Return all indices as plain data, by outcome and date."""
        from .record import sensitivity_record

        return sensitivity_record(self)


def run_study(
    study: Study, runner: Runner = HERE, inputs: Mapping[str, str] | None = None
) -> Sensitivity:
    """Run the worlds of a study and analyse them.

    Parameters
    ----------
    study
        What to run.
    runner
        Where worlds are run.
    inputs
        File → SHA-256 of every file that the scenario is made of.

    Raises
    ------
    InputError
        If a single value is not finite; names the point and the replicate.
    """
    designs = study.designs()
    values = {
        name: values_of_design(study, name, design, runner) for name, design in designs.items()
    }
    seed = study.plan.seed

    def each(name: str, analyse: Callable[..., Any], days: Sequence[Day]) -> dict[Asked, Any]:
        described = problem(designs[name].axes)
        return {
            asked: analyse(described, designs[name].table, column, seed)
            for asked, column in zip(study.asked, values[name], strict=True)
            if asked[1] in days
        }

    return Sensitivity(
        study,
        each("families", variance_decomposition, study.timeline),
        each("axes", variance_decomposition, study.dates),
        each("morris", elementary_effects, study.dates),
        inputs or {},
    )


def values_of_design(study: Study, name: str, design: Design, runner: Runner = HERE) -> Array:
    """Run the points of a design and return what is asked at each, shape (asked, points).

    Raises
    ------
    InputError
        If a single value is not finite; names the point and the replicate.
    """
    replicates = replicates_of(design, study.space.replicates)
    values = values_at(study.space, study.asked, design.table[:], replicates, runner)
    names = [f"{name}: point {n}, replicate {r}" for n, r in enumerate(replicates.tolist())]
    for (outcome, day), column in zip(study.asked, values, strict=True):
        refuse_unfinite(column, names, f"{outcome} on {day}")
    return values


def values_at(
    space: UncertaintySpace,
    asked: Sequence[Asked],
    table: Array,
    replicates: Counts,
    runner: Runner = HERE,
) -> Array:
    """Return what is asked at points, shape (asked, points).

    Parameters
    ----------
    space, asked
        What the points mean, and what is read of their worlds.
    table
        Points, shape (points, axes), each number from 0 to 1.
    replicates
        Which luck each has, shape (points,).
    runner
        Where worlds are run.
    """
    batches = space.batches(table, replicates)
    values = np.empty((len(asked), len(table)))
    rows = np.concatenate([rows for rows, _ in batches])
    values[:, rows] = evaluate([batch for _, batch in batches], asked, runner, CHUNK)
    return values
