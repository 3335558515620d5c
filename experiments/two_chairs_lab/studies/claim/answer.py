"""The form of every answer: how much of the space a claim holds in, where not, and on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.outcomes import is_yes_no
from two_chairs_lab.render.names import input_name
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table, plain
from two_chairs_lab.statistics.drivers import Driver, drivers
from two_chairs_lab.statistics.resampling import Draws, Estimate, draw, mean, share_between_points
from two_chairs_lab.statistics.summaries import share_interval
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.discover.search import (
    LEAST_DIFFERING,
    LEAST_POINTS,
    Cases,
    Discovery,
    cases_of,
    discover,
)
from two_chairs_lab.studies.discover.tables import (
    conditional_on,
    drivers_table,
    interval,
    record_of,
)

from .space import Space

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ABOUT = (
    "A claim about the model under its coding of events, not about the world: the share says how "
    "much of the space of parameters and luck agrees, not how likely the claim is."
)
BY_POSTERIOR = (
    "The share by the posterior takes the calibrated draws for points, so polls and recorded "
    "decisions weigh in; events are coded as in the space."
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves with bands: label → low, middle and high along the x axis, shape (3, x)."""

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
class ClaimAnswer:
    """The answer to a claim.

    Attributes
    ----------
    space, tested
        The claim in its space, and what the test returned.
    share, mostly
        Share of the space in which it holds, over points and luck; and of the points in which
        it holds in more than half of the luck.
    by_posterior
        Share of worlds in which it holds where points are draws of the posterior; ``None`` without
        one.
    between_points
        Share of the verdict's variance that lies between points.
    cases, counterexample
        Where it fails, and what was discovered about that; ``None`` where too little differs.
    drivers
        What the verdict depends on most.
    """

    kind: ClassVar[str] = "claim"
    name: ClassVar[str] = "claim"

    space: Space
    tested: Tested
    share: Estimate
    mostly: float
    by_posterior: Estimate | None
    between_points: float
    cases: Cases
    counterexample: Discovery | None
    drivers: tuple[Driver, ...]

    def basis(self) -> Basis:
        """Return what the answer rests on."""
        source, sweep = self.space.source, self.space.sweep
        claim = {"claim": source.file.model_dump(mode="json"), "name": source.name}
        return Basis(self.kind, sweep.specification() | claim, conditional_on(sweep))

    def sentences(self) -> list[str]:
        """Return the answer in sentences: verdict, counter-example, dependence, caveat."""
        missing = self.space.file.missing
        return [
            f"Holds in {interval(self.share)} of the space{self._fitted()}. {self.tested.meaning}",
            *([f"Not in the model: {missing}"] if missing else []),
            self.where_not(),
            self.on_what(),
            ABOUT if self.by_posterior is None else f"{ABOUT} {BY_POSTERIOR}",
        ]

    def _fitted(self) -> str:
        if self.by_posterior is None:
            return ""
        return f", and in {interval(self.by_posterior)} of worlds drawn from the posterior"

    def where_not(self) -> str:
        """Say in which region the claim fails."""
        fails = self.cases.share
        if self.counterexample is None:
            some = int((fails > 0.0).sum())
            if some < LEAST_DIFFERING:
                return f"It fails in {some} of {len(fails):,} points: too few for a region."
            if int((fails < 1.0).sum()) < LEAST_DIFFERING:
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
            f"{input_name(driver.input)} ({percent(driver.explained.value)}, "
            f"{'more' if driver.direction > 0 else 'less'} often as it grows)"
            for driver in self.drivers[:3]
        )
        return f"It depends most on {named}; in brackets the share of variance explained.{luck}"

    def tables(self) -> Mapping[str, Table]:
        """Return all tables: those of the test and what it depends on."""
        return {**self.tested.tables, "depends-on": drivers_table(self.drivers)}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the test, what the verdict depends on, and where the claim fails."""
        from .figures import draw

        return draw(self)

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        file, fails = self.space.file, self.counterexample
        return {
            "claim": self.space.source.name,
            "title": file.title,
            "question": file.question,
            "paragraph": file.paragraph,
            "rows": list(file.rows),
            "says": file.says,
            "missing": file.missing,
            "kind": file.test.kind,
            "holds": self.share.as_json(),
            "holds_by_posterior": None
            if self.by_posterior is None
            else self.by_posterior.as_json(),
            "points_mostly": self.mostly,
            "variance_between_points": plain(self.between_points),
            "sentences": self.sentences(),
            "tables": {name: table.records() for name, table in self.tables().items()},
            "counterexample": None if fails is None else record_of(fails),
            "about": ABOUT,
            "conditional_on": conditional_on(self.space.sweep),
        }


def claim_answer(space: Space, tested: Tested, fitted: Flags | None = None) -> ClaimAnswer:
    """Put what a test returned into the form of an answer.

    ``fitted`` says where the claim holds over draws of the posterior, (points, replicates).
    """
    holds = tested.holds.astype(float)
    draws = draw(holds, space.file.seed)
    cases = cases_of(space.sweep.design, 1.0 - holds)
    return ClaimAnswer(
        space=space,
        tested=tested,
        share=mean(holds, draws),
        mostly=float((holds.mean(axis=1) > 0.5).mean()),
        by_posterior=None
        if fitted is None
        else share(fitted, draw(fitted.astype(float), space.file.seed)),
        between_points=share_between_points(holds),
        cases=cases,
        counterexample=_counterexample(cases, space.file.seed),
        drivers=tuple(drivers(cases.names, cases.x, holds.mean(axis=1), draws)),
    )


def _counterexample(cases: Cases, seed: int) -> Discovery | None:
    differing = min(int((cases.share > 0.0).sum()), int((cases.share < 1.0).sum()))
    if len(cases.x) < LEAST_POINTS or differing < LEAST_DIFFERING:
        return None
    return discover(cases, seed, boxes=1)


def spread(values: Array) -> Estimate:
    """Return median and 5th to 95th percentile over all worlds: a spread, not an interval."""
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Estimate(float(middle), float(low), float(high))


def moved_by(outcome: str, moved: Array) -> Estimate:
    """Return what paired worlds differ by: a difference of shares with its interval, or a spread.

    Parameters
    ----------
    outcome
        What is compared; one that is so or not is told as a share.
    moved
        Differences over points and replicates.
    """
    if not is_yes_no(outcome):
        return spread(moved)
    return Estimate(float(np.mean(moved)), *share_interval(moved.ravel()))


def share(holds: Array | Flags, draws: Draws) -> Estimate:
    """Return the share of the space in which something holds; shape (points, replicates)."""
    return mean(holds.astype(float), draws)


def band(estimates: Sequence[Estimate]) -> Array:
    """Return estimates as the curves of `Lines`: low, middle and high, shape (3, estimates)."""
    return np.array([(each.low, each.value, each.high) for each in estimates]).T
