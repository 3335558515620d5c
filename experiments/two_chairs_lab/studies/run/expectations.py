"""Expectations: judged on an ensemble, world by world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs.scenario.records import Expectation, Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.statistics.monte_carlo import share_error


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an expectation: the share of worlds in which it holds."""

    expectation: Expectation
    share: float
    values: Array
    """What was compared with the bounds, shape (worlds,)."""
    error: float | None
    """Half of the 95 % interval of the share (`monte_carlo.share_error`); none of one world."""

    @property
    def held(self) -> bool:
        """Whether it holds in as many worlds as was expected."""
        return self.share >= self.expectation.share


def judge(
    expectation: Expectation, paths: Trajectory, references: Mapping[str, Trajectory]
) -> Verdict:
    """Judge an expectation on an ensemble; ``references`` holds the scenarios compared with."""
    values = _at(paths, expectation.outcome, expectation.at)
    if expectation.since is not None:
        values = values - _at(paths, expectation.outcome, expectation.since)
    if expectation.against is not None:
        other = references[expectation.against]
        values = values - _at(other, expectation.outcome, expectation.at)
    holds = np.ones(values.shape, dtype=bool)
    if expectation.above is not None:
        holds &= values > expectation.above
    if expectation.below is not None:
        holds &= values < expectation.below
    error = float(share_error(holds)) if len(holds) > 1 else None
    return Verdict(expectation, float(np.mean(holds)), values, error)


def _at(paths: Trajectory, outcome: str, day: Day) -> Array:
    if not paths.holds(day):
        raise InputError.at(
            f"expectation on {outcome}",
            f"{day} lies outside the run compared with ({paths.dates[0]} to {paths.dates[-1]}); "
            "choose a date inside both runs",
        )
    return paths.outcome(outcome)[paths.week_of(day)]


def run_references(
    scenario: Scenario, load: Callable[[str], Scenario], run: Callable[[Scenario], Trajectory]
) -> dict[str, Trajectory]:
    """Run every scenario that the expectations of a scenario compare with."""
    expectations = (*scenario.expect, *scenario.targets)
    names = dict.fromkeys(e.against for e in expectations if e.against is not None)
    return {name: run(load(name)) for name in names}
