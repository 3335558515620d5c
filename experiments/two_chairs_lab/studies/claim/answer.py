"""The form of every answer: how much of the space a claim holds in, where not, and on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table, plain
from two_chairs_lab.statistics.drivers import Driver, drivers
from two_chairs_lab.statistics.resampling import Estimate, draw, mean, share_between_points
from two_chairs_lab.studies.discover.render import conditional_on, content, drivers_table, interval
from two_chairs_lab.studies.discover.study import (
    LEAST_HITS,
    LEAST_POINTS,
    Cases,
    Discovery,
    cases_of,
    discover,
)

from .space import Space

ABOUT = (
    "A claim about the model under its coding of events, not about the world: the share says how "
    "much of the space of parameters and luck agrees, not how likely the claim is."
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves with bands: label → (low, middle, high) of each place on the x axis."""

    title: str
    x_label: str
    y_label: str
    x: Sequence[Any]
    series: Mapping[str, Array]
    marks: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dots:
    """Numbers with intervals, a row each: (label, group, estimate)."""

    title: str
    x_label: str
    rows: Sequence[tuple[str, str, Estimate]]
    zero: float = 0.0


@dataclass(frozen=True, slots=True)
class Heat:
    """A share over two inputs: edges of the cells and values (y, x)."""

    title: str
    x: str
    y: str
    x_edges: Array
    y_edges: Array
    cells: Array


@dataclass(frozen=True, slots=True)
class Simplex:
    """A share over three weights that sum to one: weights (points, 3) and values (points,)."""

    title: str
    corners: Sequence[str]
    weights: Array
    values: Array


Drawing = Lines | Dots | Heat | Simplex


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test returns: where the claim holds, and its tables and figures.

    Attributes
    ----------
    holds
        Whether it holds, shape (points, replicates).
    meaning
        What exactly holds in a world, in one sentence.
    tables, drawings
        Tables and figures of the test, by name.
    """

    holds: Flags
    meaning: str
    tables: Mapping[str, Table]
    drawings: Mapping[str, Drawing]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a claim.

    Attributes
    ----------
    space, tested
        The claim in its space, and what the test returned.
    share, mostly
        Share of the space in which it holds, over points and luck; and of the points in which
        it holds in more than half of the luck.
    between_points
        Share of the verdict's variance that lies between points.
    cases, counterexample
        Where it fails, and what was discovered about that; ``None`` where too little differs.
    drivers
        What the verdict depends on most.
    """

    space: Space
    tested: Tested
    share: Estimate
    mostly: float
    between_points: float
    cases: Cases
    counterexample: Discovery | None
    drivers: tuple[Driver, ...]

    def sentences(self) -> list[str]:
        """Return the answer in sentences: verdict, counter-example, dependence, caveat."""
        return [
            f"Holds in {interval(self.share)} of the space. {self.tested.meaning}",
            self.where_not(),
            self.on_what(),
            ABOUT,
        ]

    def where_not(self) -> str:
        """Say in which region the claim fails."""
        fails = self.cases.y
        if self.counterexample is None:
            some = int((fails > 0.0).sum())
            if some < LEAST_HITS:
                return f"It fails in {some} of {len(fails):,} points: too few for a region."
            if int((fails < 1.0).sum()) < LEAST_HITS:
                return "It fails nearly everywhere: the whole space is the counter-example."
            return f"Too few points ({len(fails):,}) to look for a region in which it fails."
        regions = self.counterexample.regions
        if not regions:
            return "No region stands out in which it fails more often."
        text = f"It fails above all where {regions[0]}: there in {interval(regions[0].density)}"
        return f"{text} of worlds, which is {percent(regions[0].coverage.value)} of all failures."

    def on_what(self) -> str:
        """Say what the verdict depends on most."""
        luck = ""
        if np.isfinite(self.between_points):
            between = percent(self.between_points)
            luck = f" {between} of its variance lies between points, the rest is luck and coding."
        if not self.drivers:
            return f"No input moves the verdict by itself.{luck}"
        named = ", ".join(
            f"{row['input']} ({percent(driver.explained.value)}, "
            f"{'more' if driver.direction > 0 else 'less'} often as it grows)"
            for row, driver in zip(
                drivers_table(self.drivers[:3]).records(), self.drivers[:3], strict=True
            )
        )
        return f"It depends most on {named}; in brackets the share of variance explained.{luck}"

    def conditional_on(self) -> str:
        """Say what the answer is conditional on."""
        return conditional_on(self.space.sweep)

    def tables(self) -> dict[str, Table]:
        """Return all tables: those of the test and what it depends on."""
        return {**self.tested.tables, "depends-on": drivers_table(self.drivers)}

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        file = self.space.file
        return {
            "claim": self.space.source.name,
            "title": file.title,
            "question": file.question,
            "paragraph": file.paragraph,
            "rows": list(file.rows),
            "says": file.says,
            "kind": file.test.kind,
            "holds": self.share.as_json(),
            "points_mostly": self.mostly,
            "variance_between_points": plain(self.between_points),
            "sentences": self.sentences(),
            "tables": {name: table.records() for name, table in self.tables().items()},
            "counterexample": None if self.counterexample is None else content(self.counterexample),
            "about": ABOUT,
            "conditional_on": self.conditional_on(),
        }


def answered(space: Space, tested: Tested) -> Answer:
    """Put what a test returned into the form of an answer."""
    holds = tested.holds.astype(float)
    draws = draw(holds, space.file.seed)
    cases = cases_of(space.sweep, 1.0 - holds)
    names, x = cases.names, cases.x
    return Answer(
        space=space,
        tested=tested,
        share=mean(holds, draws),
        mostly=float((holds.mean(axis=1) > 0.5).mean()),
        between_points=share_between_points(holds),
        cases=cases,
        counterexample=_counterexample(cases, space.file.seed),
        drivers=tuple(drivers(names, x, holds.mean(axis=1), draws)),
    )


def _counterexample(cases: Cases, seed: int) -> Discovery | None:
    differing = min(int((cases.y > 0.0).sum()), int((cases.y < 1.0).sum()))
    if len(cases.x) < LEAST_POINTS or differing < LEAST_HITS:
        return None
    return discover(cases, seed, boxes=1)


def spread(values: Array) -> Estimate:
    """Return median and 5th to 95th percentile over all worlds: a spread, not an interval."""
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Estimate(float(middle), float(low), float(high))


def cells(estimate: Estimate) -> tuple[float, float, float]:
    """Return a number and its ends, as three cells of a table."""
    return estimate.value, estimate.low, estimate.high
