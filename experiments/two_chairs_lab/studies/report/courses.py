"""The course of an ensemble over time, as it is and with one thing changed: numbers for a chart.

All courses come from the same worlds: world k of a change has the luck and the drawn values of
world k as it is, so that differences are taken world by world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from two_chairs.axes import REGIMES, TWO_CHAIRS, Array
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.batch import series_of
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.statistics.monte_carlo import median_error, paired_share_error, share_error
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.compare.differences import Difference, difference
from two_chairs_lab.studies.compare.variants import in_each
from two_chairs_lab.studies.run.dates import key_dates
from two_chairs_lab.studies.run.study import RunResult

from .switches import Switch

FANS = ("incumbent_seat", "rival_seat", "tilt")
"""What is shown as a fan: median and 5–95 % of worlds."""
OUTCOMES = (*FANS, *(f"regime:{regime}" for regime in REGIMES))
CHAIRS = f"regime:{REGIMES[TWO_CHAIRS]}"
POINTS = 90
"""Points of time that a course has, about: every fourth week of seven years."""
AT_ONCE = 16_384
"""Worlds of changes that are kept at once, week by week; changes no number."""
Course = Mapping[str, Array]
"""Series over the points of time, each (points,), by names such as ``tilt:p50``."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What one switch makes.

    Attributes
    ----------
    switch
        What is changed.
    since
        First point of time at which any world differs; the number of points if none ever does.
    course
        The course with the change, and its paired differences from that without.
    differences
        Paired differences of tilt and of the share on two chairs, by outcome, then day.
    """

    switch: Switch
    since: int
    course: Course
    differences: Mapping[str, Mapping[Day, Difference]]

    def of_tilt(self, day: Day) -> Difference:
        """Return the paired difference of the tilt on a day."""
        return self.differences["tilt"][day]

    def of_chairs(self, day: Day) -> Difference:
        """Return the paired difference of the share of worlds on two chairs on a day."""
        return self.differences[CHAIRS][day]


def points_of(scenario: Scenario) -> list[int]:
    """Return the weeks that a course shows: some in equal steps, those of the key dates, the last.

    Weeks are counted from zero.
    """
    step = max(1, round(scenario.weeks / POINTS))
    dated = [scenario.week_of(day) for day in key_dates(scenario).values()]
    return sorted({*range(0, scenario.weeks, step), *dated, scenario.weeks - 1})


def watched(result: RunResult) -> Array:
    """Return what is shown of the worlds as they are, shape (outcomes, points, worlds)."""
    points = points_of(result.ensemble.scenario)
    return np.stack([result.paths.outcome(name)[points] for name in OUTCOMES])


def course_of(values: Array) -> Course:
    """Return the course of worlds, ``values`` of shape (outcomes, points, worlds)."""
    course: dict[str, Array] = {}
    for name, series in zip(OUTCOMES, values, strict=True):
        if name in FANS:
            course |= _fan(name, series)
        else:
            course |= {name: np.mean(series, axis=-1), f"{name}:error": share_error(series)}
    return course


def _fan(name: str, series: Array) -> dict[str, Array]:
    return dict(zip((f"{name}:p05", f"{name}:p50", f"{name}:p95"), quantiles(series), strict=True))


def shifts_of(
    result: RunResult, switches: Sequence[Switch], days: Sequence[Day], runner: Runner = HERE
) -> list[Shift]:
    """Run every switch in the worlds of a run, and return what it makes.

    Parameters
    ----------
    result
        The run as it is.
    switches
        What is changed, one at a time.
    days
        Days at which paired differences are wanted: some of the points of time.
    runner
        Where worlds are run.
    """
    ensemble, reference = result.ensemble, watched(result)
    work = partial(series_of, OUTCOMES, weeks=points_of(ensemble.scenario))
    size = max(1, AT_ONCE // ensemble.worlds)
    groups = [switches[first : first + size] for first in range(0, len(switches), size)]

    def shifts() -> Iterator[Shift]:
        for group in groups:
            found = in_each(ensemble, [switch.variant for switch in group], work, runner)
            for switch, values in zip(group, found, strict=True):
                yield _shift(switch, ensemble.scenario, reference, values, days)

    return list(shifts())


def _shift(
    switch: Switch, scenario: Scenario, reference: Array, values: Array, days: Sequence[Day]
) -> Shift:
    """Return what a switch makes: ``values`` less ``reference``, (outcomes, points, worlds)."""
    differs = np.flatnonzero(np.any(values != reference, axis=(0, 2)))
    since = int(differs[0]) if differs.size else values.shape[1]
    here, there = (
        dict(zip(OUTCOMES, reference, strict=True)),
        dict(zip(OUTCOMES, values, strict=True)),
    )
    paired = there["tilt"] - here["tilt"]
    chairs = there[CHAIRS] - here[CHAIRS]
    course = {
        **course_of(values),
        **_fan("difference", paired),
        "difference:error": median_error(paired),
        "gained": np.mean(chairs, axis=-1),
        "gained:error": paired_share_error(chairs),
    }
    rows = {day: points_of(scenario).index(scenario.week_of(day)) for day in days}

    def at_days(name: str) -> dict[Day, Difference]:
        return {
            day: difference(name, day, here[name][row], there[name][row])
            for day, row in rows.items()
        }

    differences = {name: at_days(name) for name in ("tilt", CHAIRS)}
    return Shift(switch, since, course, differences)
