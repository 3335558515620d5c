"""Where a scenario stands once new rows are on record, and what moved since, as an exact sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import REGIMES, Array
from two_chairs.errors import InputError, Problem
from two_chairs.scenario.doubles import warn_of_doubts
from two_chairs.scenario.records import Event, Scenario
from two_chairs.scenario.resolve import read_ledger
from two_chairs.vocabulary import Day, monday
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.answer import Basis, ensemble_basis
from two_chairs_lab.studies.explain.causes import Cause
from two_chairs_lab.studies.explain.study import Explanation, explain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = ("new row", "earlier row", "decay", "tie", "other")
"""Kinds of part of the sum, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Update:
    """The answer of ``update``.

    Attributes
    ----------
    new
        Ids of the new rows.
    last, now
        Days of the last event on record before, and of the last one after.
    explanation
        What moved the target from then to now, in worlds in which the new rows are on record.
    paths
        The same worlds, week by week.
    inputs
        File → SHA-256.
    """

    kind: ClassVar[str] = "update"
    name: ClassVar[str] = "update"

    new: tuple[str, ...]
    last: Day
    now: Day
    explanation: Explanation
    paths: Trajectory
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def ensemble(self) -> Ensemble:
        """What was run."""
        return self.explanation.ensemble

    def part_of(self, cause: Cause) -> str:
        """Return which kind of part a cause is."""
        event = cause.name.removesuffix(":test")
        if cause.kind in ("event", "test"):
            return "new row" if event in self.new else "earlier row"
        if cause.kind == "institution":
            return "tie"
        return "decay" if cause.name == "decay" else "other"

    def sums(self) -> dict[str, Array]:
        """Return the sum of each kind of part, shape (worlds,); they sum to the change."""
        found = {part: np.zeros_like(self.explanation.change) for part in PARTS}
        for cause, values in zip(self.explanation.causes, self.explanation.values, strict=True):
            found[self.part_of(cause)] += values
        return found

    def basis(self) -> Basis:
        """Return what the answer rests on."""
        return ensemble_basis(
            self.kind, self.ensemble, self.inputs, new=list(self.new), **self.explanation.asked()
        )

    def sentences(self) -> list[str]:
        """Say where it stands now, and what moved since the last record."""
        from .render import sentences

        return sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return the sum, a row a part, and the causes one by one."""
        return {"update": self._sum_table(), "causes": self._causes_table()}

    def _sum_table(self) -> Table:
        rows = [(part, spread(values)) for part, values in self.sums().items()]
        rows += [("change", spread(self.explanation.change))]
        title = f"What moved {self.explanation.target}: mean (5–95 % of worlds)"
        return Table(title, ("part", "mean"), tuple(rows))

    def _causes_table(self) -> Table:
        causes, values = self.explanation.causes, self.explanation.values
        rows: list[tuple[Cell, ...]] = [
            (cause.name, self.part_of(cause), _iso(cause.date),
             spread(values[row]), cause.says)
            for row, cause in ((row, causes[row]) for row in self.explanation.by_size())
        ]  # fmt: skip
        # every new row stands here, also one that moved nothing
        shown = {row[0] for row in rows}
        rows += [
            (cause.name, "new row", _iso(cause.date), spread(one), cause.says)
            for cause, one in zip(causes, values, strict=True)
            if cause.kind == "event" and cause.name in self.new and cause.name not in shown
        ]
        columns = ("cause", "part", "date", "mean", "says")
        title = "Cause by cause: mean (5–95 % of worlds)"
        return Table(title, columns, tuple(rows), intervals=("mean",))

    def figures(self) -> Mapping[str, Figure]:
        """Draw the waterfall from the last record to now."""
        from two_chairs_lab.plotting.style import Figures
        from two_chairs_lab.studies.explain.figures import waterfall

        return Figures({"waterfall": lambda: waterfall(self.explanation)})

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        week = self.paths.week_of(self.now)
        shares = {
            regime: float(np.mean(self.paths.outcome(f"regime:{regime}")[week]))
            for regime in REGIMES
        }
        start, end = self.explanation.start, self.explanation.end
        return {
            "last_record": self.last.isoformat(),
            "now": self.now.isoformat(),
            "new": list(self.new),
            **self.explanation.asked(),
            "regime_shares": shares,
            "start": float(np.mean(start)),
            "end": float(np.mean(end)),
            "sum": {part: float(np.mean(values)) for part, values in self.sums().items()},
            "conditional_on": self.ensemble.conditional_on(),
            "causes": self._causes_table().records(),
        }


def _iso(day: Day | None) -> str | None:
    return None if day is None else day.isoformat()


def spread(values: Array) -> Estimate:
    """Return the mean over worlds with their 5th and 95th percentile."""
    low, _, high = map(float, quantiles(values))
    return Estimate(float(np.mean(values)), low, high)


def update(
    ensemble: Ensemble,
    ledgers: Sequence[Path],
    target: str = "tilt",
    *,
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
) -> Update:
    """Add new rows to the record of a scenario and explain what moved since the last one.

    History is scripted until the week of the last row: the agents choose from the week after it.

    Parameters
    ----------
    ensemble
        Worlds of the scenario as it stood.
    ledgers
        Files of new rows.
    target
        What is explained, as in `explain`.
    runner
        Where worlds are run.
    inputs
        File → SHA-256.

    Raises
    ------
    InputError
        If the rows can not be read, stand already, or lie outside the run.
    """
    scenario = ensemble.scenario
    placed = [pair for path in ledgers for pair in read_ledger(path, scenario.case)]
    _check(scenario, placed)
    new = [event for _, event in placed]
    last = max((event.date for event in scenario.events), default=scenario.start)
    now = max(last, *(event.date for event in new))
    warn_of_doubts([*((scenario.name, event) for event in scenario.events), *placed])
    updated = replace(ensemble, scenario=_updated(scenario, new, now))
    first = min(monday(last), *(monday(event.date) - timedelta(weeks=1) for event in new))
    begin = "" if first < monday(scenario.start) else first.isoformat()
    explanation = explain(updated, target, f"{begin}:{now.isoformat()}", runner=runner)
    paths = run_ensemble(updated, runner)
    ids = tuple(event.id for event in new)
    return Update(ids, last, now, explanation, paths, inputs or {})


def _updated(scenario: Scenario, new: Sequence[Event], now: Day) -> Scenario:
    acting = scenario.agents_act_from
    after = monday(now) + timedelta(weeks=1)
    return scenario.model_copy(
        update={
            "events": (*scenario.events, *new),
            "agents_act_from": None if acting is None else max(acting, after),
            "record_complete_to": max(scenario.record_complete_to or now, now),
        }
    )


def _check(scenario: Scenario, placed: Sequence[tuple[str, Event]]) -> None:
    """Raise for rows that stand already, stand twice, or lie outside the run."""
    seen = {event.id for event in scenario.events}
    problems = []
    for place, event in placed:
        if event.id in seen:
            text = f"'{event.id}' stands already; give new rows ids of their own"
            problems.append(Problem(f"{place}id", text))
        seen.add(event.id)
        if not scenario.start <= event.date <= scenario.end:
            text = f"{event.date} lies outside the run of {scenario.name}"
            remedy = f"{scenario.start} to {scenario.end}; change the date, or the scenario's end"
            problems.append(Problem(f"{place}date", f"{text}, {remedy}"))
    if problems:
        raise InputError(problems)
