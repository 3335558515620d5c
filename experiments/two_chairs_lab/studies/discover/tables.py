"""What was discovered, in a sentence, as tables and as one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from two_chairs.parameters import GROUPS
from two_chairs.scenario.records import Scenario
from two_chairs_lab.render.names import bounded, input_name, unit_of
from two_chairs_lab.render.numbers import date_words, number, percent
from two_chairs_lab.render.table import Table, plain
from two_chairs_lab.statistics.drivers import Driver
from two_chairs_lab.statistics.prim import Measures
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.statistics.tree import Bounds
from two_chairs_lab.studies.sweep.study import Sweep, week_of_outcome

from .condition import Condition
from .search import Cases, Discovery


def interval(estimate: Estimate) -> str:
    """Write a share with its interval.

    Examples
    --------
    >>> interval(Estimate(0.5, 0.41, 0.6))
    '50 % (41–60 %)'
    """
    low, high = percent(estimate.low), percent(estimate.high)
    return f"{percent(estimate.value)} ({low.removesuffix(' %')}–{high})"


def sentence(found: Discovery, condition: Condition, scenario: Scenario) -> str:
    """Say what was found: how often, and where above all."""
    lead, verb = _subject(found.share, condition, scenario)
    if not found.regions:
        return f"{lead}; no region stands out in which it {verb} more often."
    first = found.regions[0]
    text = (
        f"{lead}; it {verb} above all where {first}: there in {interval(first.density)} of worlds"
    )
    return f"{text}, which is {percent(first.coverage.value)} of all such worlds."


def _subject(share: Estimate, condition: Condition, scenario: Scenario) -> tuple[str, str]:
    """Return how often something holds, and the verb for where the condition is met."""
    name, _, at = condition.outcome.partition("@")
    day = scenario.mondays()[week_of_outcome(at, scenario)]
    head, _, regime = name.partition(":")
    if head == "regime" and condition.sign in {"<", "<="} and 0.0 < condition.number < 1.0:
        rest = Estimate(1.0 - share.value, 1.0 - share.high, 1.0 - share.low)
        label = scenario.case.regimes[regime]  # type: ignore[index]
        lead = f"{label[:1].upper()}{label[1:]} survives to {date_words(day)}"
        return f"{lead} in {interval(rest)} of the space", "falls"
    return f"{condition} holds in {interval(share)} of the space", "holds"


def tables(found: Discovery) -> dict[str, Table]:
    """Return what was found as tables, by file name."""
    return {
        "bounds": bounds_table(found),
        "regions": regions_table(found),
        "peeling": peeling_table(found),
        "tree": tree_table(found),
        "depends-on": drivers_table(found.drivers),
    }


def bounds_table(found: Discovery) -> Table:
    """Return the bounds of every region, and how surely each matters."""
    columns = (
        "bound", "region", "input", "low", "high", "of", "unit", "found again", "quasi-p",
        "without it",
    )  # fmt: skip
    rows = tuple(
        (
            str(bound), index, bound.input, bound.low, bound.high,
            f"{number(bound.smallest)} to {number(bound.largest)}", unit_of(bound.input),
            bound.found_again, bound.quasi_p, bound.without.density,
        )
        for index, region in enumerate(found.regions, start=1)
        for bound in region.bounds
    )  # fmt: skip
    return Table("Bounds, and how surely each matters", columns, rows)


def regions_table(found: Discovery) -> Table:
    """Return the measures of every region on both halves."""
    columns = (
        "region", "where", "mass", "density", "coverage", "density searched", "coverage searched",
    )  # fmt: skip
    rows = tuple(
        (
            index, str(region), region.held_out.mass, region.density, region.coverage,
            region.searched.density, region.searched.coverage,
        )
        for index, region in enumerate(found.regions, start=1)
    )  # fmt: skip
    kept = ("density", "coverage")
    return Table("Regions, measured on the half held out", columns, rows, intervals=kept)


def peeling_table(found: Discovery) -> Table:
    """Return every box of the first search on both halves."""
    columns = (
        "box", "inputs", "mass searched", "density searched", "coverage searched", "mass",
        "density", "coverage",
    )  # fmt: skip
    rows = tuple(
        (index, inputs, one.mass, one.density, one.coverage, two.mass, two.density, two.coverage)
        for index, (inputs, one, two) in enumerate(found.peeling)
    )
    return Table("Peeling: density against coverage, box by box", columns, rows)


def tree_table(found: Discovery) -> Table:
    """Return the leaves of the tree."""
    columns = ("where", "mass", "searched", "held out")
    rows = tuple(
        (rule(leaf.bounds, found.names), leaf.mass, leaf.searched, leaf.held_out)
        for leaf in found.leaves
    )
    return Table("Tree: where it holds, leaf by leaf", columns, rows)


def rule(bounds: Bounds, names: Sequence[str]) -> str:
    """Return the bounds of a leaf in one line."""
    return " and ".join(bounded(names[n], *ends) for n, ends in bounds.items()) or "everywhere"


def drivers_table(found: Sequence[Driver]) -> Table:
    """Return what the result depends on most."""
    columns = ("input", "name", "explains", "rank correlation")
    rows = tuple(
        (input_name(driver.input), driver.input, driver.explained, driver.direction)
        for driver in found
    )
    title = "What it depends on: share of the variance explained"
    return Table(title, columns, rows, intervals=("explains",))


def points_table(cases: Cases) -> Table:
    """Return every point: its inputs, and the share of its worlds in which the condition holds."""
    columns = ("point", *cases.names, "share")
    points = zip(cases.x.tolist(), cases.share.tolist(), strict=True)
    rows = tuple((index, *values, share) for index, (values, share) in enumerate(points))
    return Table("Points", columns, rows)


def conditional_on(sweep: Sweep) -> str:
    """Say what findings on a sweep are conditional on."""
    plan, axes = sweep.plan, sweep.design.axes
    inputs = len({axis.group for axis in axes})
    coding = "event weights drawn, " if plan.coding else ""
    simplex = " and weights over the whole simplex" if any(a.group in GROUPS for a in axes) else ""
    return (
        f"Conditional on the model, on its coding of events and on the ranges of {inputs} inputs, "
        f"all values in them alike{simplex}; {sweep.design.points:,} "
        f"points × {plan.replicates:,} replicates, {coding}seed {plan.seed}. Brackets: 90 % of "
        "resamples of points and luck. An exploration of mechanisms, not a forecast."
    )


def record_of(found: Discovery) -> dict[str, Any]:
    """Return what was found as plain data."""
    return {
        "share": found.share.as_json(),
        "points_mostly": found.mostly,
        "variance_between_points": plain(found.between_points),
        "screened": list(found.screened),
        "regions": [
            {
                "where": str(region),
                "bounds": [
                    {
                        "input": bound.input,
                        "low": plain(bound.low),
                        "high": plain(bound.high),
                        "quasi_p": bound.quasi_p,
                        "found_again": bound.found_again,
                        "without": _measures(bound.without),
                    }
                    for bound in region.bounds
                ],
                "mass": region.held_out.mass,
                "density": region.density.as_json(),
                "coverage": region.coverage.as_json(),
                "searched": _measures(region.searched),
            }
            for region in found.regions
        ],
        "peeling": peeling_table(found).records(),
        "tree": tree_table(found).records(),
        "depends_on": drivers_table(found.drivers).records(),
    }


def _measures(measures: Measures) -> dict[str, Any]:
    return {key: plain(value) for key, value in asdict(measures).items()}
