"""What was discovered, in a sentence, as tables and as one object."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as Grid

from two_chairs.parameters import GROUPS
from two_chairs.scenario.records import Scenario
from two_chairs_lab.render.names import input_name, unit_of
from two_chairs_lab.render.numbers import number, percent
from two_chairs_lab.render.table import Table, plain
from two_chairs_lab.render.terminal import shown
from two_chairs_lab.statistics.drivers import Driver
from two_chairs_lab.statistics.prim import Measures
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.studies.sweep.study import Sweep, week_of_outcome

from .condition import Where
from .study import Cases, Discovery

EXPLAINED = {"explains"}
"""Columns that are shares of the variance."""


def interval(estimate: Estimate) -> str:
    """Write a share with its interval.

    Examples
    --------
    >>> interval(Estimate(0.5, 0.41, 0.6))
    '50% (41–60%)'
    """
    low, high = percent(estimate.low), percent(estimate.high)
    return f"{percent(estimate.value)} ({low.rstrip('%')}–{high})"


def sentence(found: Discovery, where: Where, scenario: Scenario) -> str:
    """Say what was found: how often, and where above all."""
    lead, verb = _subject(found.share, where, scenario)
    if not found.regions:
        return f"{lead}; no region stands out in which it {verb} more often."
    first = found.regions[0]
    text = (
        f"{lead}; it {verb} above all where {first}: there in {interval(first.density)} of worlds"
    )
    return f"{text}, which is {percent(first.coverage.value)} of all such worlds."


def _subject(share: Estimate, where: Where, scenario: Scenario) -> tuple[str, str]:
    """Return how often something holds, and the verb for where the condition is met."""
    name, _, at = where.outcome.partition("@")
    day = scenario.mondays()[week_of_outcome(at, scenario)]
    head, _, regime = name.partition(":")
    if head == "regime" and where.sign in {"<", "<="} and 0.0 < where.number < 1.0:
        rest = Estimate(1.0 - share.value, 1.0 - share.high, 1.0 - share.low)
        label = scenario.case.regimes[regime]  # type: ignore[index]
        lead = f"{label[:1].upper()}{label[1:]} survives to {day:%d %b %Y}"
        return f"{lead} in {interval(rest)} of the space", "falls"
    return f"{where} holds in {interval(share)} of the space", "holds"


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
            str(bound), place, bound.input, bound.low, bound.high,
            f"{number(bound.smallest)} to {number(bound.largest)}", unit_of(bound.input),
            bound.found_again, bound.quasi_p, bound.without.density,
        )
        for place, region in enumerate(found.regions, start=1)
        for bound in region.bounds
    )  # fmt: skip
    return Table("Bounds, and how surely each matters", columns, rows)


def regions_table(found: Discovery) -> Table:
    """Return the measures of every region on both halves."""
    columns = (
        "region", "where", "mass", "density", "density p05", "density p95", "coverage",
        "coverage p05", "coverage p95", "density searched", "coverage searched",
    )  # fmt: skip
    rows = tuple(
        (
            place, str(region), region.held_out.mass,
            region.density.value, region.density.low, region.density.high,
            region.coverage.value, region.coverage.low, region.coverage.high,
            region.searched.density, region.searched.coverage,
        )
        for place, region in enumerate(found.regions, start=1)
    )  # fmt: skip
    return Table("Regions, measured on the half held out", columns, rows)


def peeling_table(found: Discovery) -> Table:
    """Return every box of the first search on both halves."""
    columns = (
        "box", "inputs", "mass searched", "density searched", "coverage searched", "mass",
        "density", "coverage",
    )  # fmt: skip
    rows = tuple(
        (place, inputs, one.mass, one.density, one.coverage, two.mass, two.density, two.coverage)
        for place, (inputs, one, two) in enumerate(found.peeling)
    )
    return Table("Peeling: density against coverage, box by box", columns, rows)


def tree_table(found: Discovery) -> Table:
    """Return the leaves of the tree."""
    rows = tuple((leaf.rule, leaf.mass, leaf.searched, leaf.held_out) for leaf in found.leaves)
    return Table("Tree: where it holds, leaf by leaf", ("where", "mass", "searched", "held out"),
                 rows)  # fmt: skip


def drivers_table(found: Sequence[Driver]) -> Table:
    """Return what the result depends on most."""
    columns = ("input", "name", "explains", "p05", "p95", "rank correlation")
    rows = tuple(
        (
            input_name(driver.input), driver.input, driver.explained.value, driver.explained.low,
            driver.explained.high, driver.direction,
        )
        for driver in found
    )  # fmt: skip
    return Table("What it depends on: share of the variance explained", columns, rows)


def points_table(cases: Cases) -> Table:
    """Return every point: its inputs, and the share of its worlds in which the condition holds."""
    columns = ("point", *cases.names, "share")
    rows = tuple(
        (place, *values, share)
        for place, (values, share) in enumerate(
            zip(cases.x.tolist(), cases.y.tolist(), strict=True)
        )
    )
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


def content(found: Discovery) -> dict[str, Any]:
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


def print_discovery(title: str, told: str, found: Discovery, note: str, console: Console) -> None:
    """Print where something holds: the sentence, the regions, the tree, what it depends on."""
    console.print(f"[bold]{escape(title)}[/bold]\n", soft_wrap=False)
    console.print(Padding(escape(told), (0, 0, 1, 2)))
    for place in range(len(found.regions)):
        print_region(found, place, console)
    console.print(shown(tree_table(found), {"mass", "searched", "held out"}))
    print_drivers(found, console)
    console.print(f"[dim]{escape(note)}[/dim]")


def print_region(found: Discovery, place: int, console: Console) -> None:
    """Print one region: its bounds with how surely each matters, and its measures."""
    region = found.regions[place]
    table = Grid(
        title=f"Region {place + 1}: {percent(region.held_out.mass)} of the space; holds there in "
        f"{interval(region.density)}, which is {interval(region.coverage)} of all",
        title_justify="left", title_style="bold", box=None, pad_edge=False,
    )  # fmt: skip
    table.add_column("bound")
    for name in ("range swept", "found again", "quasi-p", "density without it"):
        table.add_column(name, justify="right")
    for bound in region.bounds:
        table.add_row(
            escape(str(bound)),
            f"{number(bound.smallest)} to {number(bound.largest)}",
            percent(bound.found_again),
            "<.001" if bound.quasi_p < 0.001 else f"{bound.quasi_p:.3f}",
            percent(bound.without.density),
        )
    console.print(table)
    console.print(
        f"[dim]On the half that was searched: {percent(region.searched.density)}, which is "
        f"{percent(region.searched.coverage)} of all.[/dim]\n"
    )


def print_drivers(found: Discovery, console: Console) -> None:
    """Print what the result depends on most, and how much of it is luck."""
    if found.drivers:
        console.print(shown(drivers_table(found.drivers), EXPLAINED, {"name"}))
    if not math.isnan(found.between_points):
        console.print(
            f"{percent(found.between_points)} of the variance lies between points; the rest is "
            "luck within a point (and coding, where it is drawn).\n"
        )
