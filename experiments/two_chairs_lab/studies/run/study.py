"""One run: an ensemble, its paths, its verdicts, and the summary of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import DOMAINS, REGIMES, TWO_CHAIRS, Array
from two_chairs.outcomes import shown_in
from two_chairs.scenario.records import Expectation, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import CHUNK, HERE, Runner
from two_chairs_lab.engine.shelf import Shelf
from two_chairs_lab.render.table import Table
from two_chairs_lab.results.manifest import scenario_digest
from two_chairs_lab.statistics.monte_carlo import median_error, share_error
from two_chairs_lab.statistics.summaries import first_week, quantiles
from two_chairs_lab.studies.answer import Basis, ensemble_basis

from .conventions import convention_rows
from .dates import shown_dates
from .expectations import Verdict, judge, run_references
from .rulers import Rulings, rulings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAN_INDICES = shown_in("summary")
"""Indices that a summary gives as quantiles over worlds, week by week."""
DIGITS = 6
MOST = 10_000
"""Worlds to which a run goes on at most until its shares are known."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The scenario that a what-if extends: its title, and the paths of the same worlds."""

    title: str
    paths: Trajectory


@dataclass(frozen=True, slots=True)
class Until:
    """How well shares were to be known, in points, and how well they are (95 %)."""

    asked: float
    reached: float

    def words(self, worlds: int) -> str:
        """Say how many worlds it took, or that the cap was met."""
        known = f"known to ± {100 * self.reached:.1f} points (95 %)"
        if 100 * self.reached <= self.asked:
            return f"It took {worlds:,} worlds until every share is {known}."
        return f"Stopped at {worlds:,} worlds, the most that are run: shares are {known}."


@dataclass(frozen=True)
class RunResult:
    """The answer of a run: an ensemble, its paths, and what came of expectations and targets.

    Attributes
    ----------
    ensemble, paths
        What was run, and the paths of its worlds.
    expectations, targets
        What came of what was expected.
    inputs
        File → SHA-256 of every file that the scenario is made of.
    reference
        Of a what-if the scenario that it extends, run with the same worlds and luck.
    until
        What was asked of the number of worlds, and what came of it.
    """

    kind: ClassVar[str] = "run"
    name: ClassVar[str] = "summary"

    ensemble: Ensemble
    paths: Trajectory
    expectations: Sequence[Verdict]
    targets: Sequence[Verdict]
    inputs: Mapping[str, str] = field(default_factory=dict)
    reference: Reference | None = None
    until: Until | None = None

    @cached_property
    def rulings(self) -> Rulings:
        """What other definitions say of who hedges, at the dates told."""
        return rulings(self.ensemble.scenario, self.paths)

    @cached_property
    def conventions(self) -> list[dict[str, Any]]:
        """What our ruler says under other conventions, at the dates told."""
        scenario, paths = self.ensemble.scenario, self.paths
        return convention_rows(
            scenario, paths, [paths.week_of(day) for day in shown_dates(scenario)]
        )

    @cached_property
    def _percentiles(self) -> dict[str, Array]:
        return {}

    def quantiles(self, outcome: str) -> Array:
        """Return the 5th, 50th and 95th percentile over worlds, (3, weeks); computed once."""
        if outcome not in self._percentiles:
            self._percentiles[outcome] = quantiles(self.paths.outcome(outcome))
        return self._percentiles[outcome]

    def basis(self) -> Basis:
        """Return what the run rests on."""
        return ensemble_basis(self.kind, self.ensemble, self.inputs)

    def sentences(self) -> list[str]:
        """Say where the pivot sits at the key dates, and since when on two chairs."""
        from .summary import answer

        return answer(self)

    def tables(self) -> Mapping[str, Table]:
        """Return the weekly quantiles and regime shares, one row a week."""
        return {"weeks": weeks_table(self.record())}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the figures of the run."""
        from .figures import draw

        return draw(self)

    def record(self) -> dict[str, Any]:
        """Return the summary (`numbers`), made once."""
        return self._numbers

    @cached_property
    def _numbers(self) -> dict[str, Any]:
        return numbers(self)


def run_result(
    ensemble: Ensemble,
    load: Callable[[str], Scenario] | None,
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
    *,
    reference: Scenario | None = None,
    until: float | None = None,
) -> RunResult:
    """Run an ensemble and judge what was expected of it.

    Parameters
    ----------
    ensemble
        What to run.
    load
        Returns a scenario that expectations compare with, by its name there; with ``None`` the
        expectations that compare are left out.
    runner
        Where worlds are run.
    inputs
        File → SHA-256 of every file that the scenario is made of.
    reference
        The scenario that it extends, to be run beside it.
    until
        Go on with whole chunks of worlds until every share of a regime at the dates told is known
        to so many points (95 %), or to `MOST` worlds.
    """
    if until is None:
        paths, reached = run_ensemble(ensemble, runner), None
    else:
        ensemble, paths, reached = _run_on(ensemble, until, runner)
    beside, done = None, {scenario_digest(ensemble.scenario): paths}

    def run(other: Scenario) -> Trajectory:
        key = scenario_digest(other)
        if key not in done:
            done[key] = run_ensemble(replace(ensemble, scenario=other), runner)
        return done[key]

    if reference is not None:
        title = replace(ensemble, scenario=reference).title()
        beside = Reference(title, run(reference))
    references = {} if load is None else run_references(ensemble.scenario, load, run)

    def verdicts(expected: Sequence[Expectation]) -> list[Verdict]:
        known = [e for e in expected if e.against is None or e.against in references]
        return [judge(expectation, paths, references) for expectation in known]

    scenario = ensemble.scenario
    judged = (verdicts(scenario.expect), verdicts(scenario.targets))
    return RunResult(ensemble, paths, *judged, inputs or {}, beside, reached)


def _run_on(ensemble: Ensemble, until: float, runner: Runner) -> tuple[Ensemble, Trajectory, Until]:
    """Add whole chunks of worlds until all shares of regimes are known to some points."""
    shelf = Shelf(ensemble.scenario, max(MOST, ensemble.worlds))
    paths = run_ensemble(ensemble, runner, shelf=shelf)
    while 100 * (reached := worst_error(ensemble.scenario, paths)) > until:
        more = min(CHUNK - paths.worlds % CHUNK, MOST - paths.worlds)
        if more <= 0:
            break
        added = replace(ensemble, worlds=more)
        paths = run_ensemble(added, runner, first=paths.worlds, shelf=shelf)
    return replace(ensemble, worlds=paths.worlds), paths, Until(until, reached)


def worst_error(scenario: Scenario, paths: Trajectory) -> float:
    """Return the largest error of the share of a regime at the cut-off and the end, 0 to 1."""
    weeks = [paths.week_of(day) for day in shown_dates(scenario)]
    held = [paths.outcome(f"regime:{regime}")[weeks] for regime in REGIMES]
    return max(float(share_error(values).max()) for values in held)


def numbers(result: RunResult) -> dict[str, Any]:
    """Return what a summary says apart from how it came about."""
    paths, ensemble = result.paths, result.ensemble
    shares = {regime: paths.regime_share(regime) for regime in REGIMES}
    first = first_week(shares[REGIMES[TWO_CHAIRS]])
    return {
        "scenario": ensemble.scenario.name,
        "worlds": ensemble.worlds,
        "seed": ensemble.seed,
        "conditional_on": ensemble.conditional_on(),
        "record": _record(ensemble.scenario),
        "rulers": result.rulings.record(),
        "dates": [day.isoformat() for day in paths.dates],
        **{name: _fan(result, name) for name in FAN_INDICES},
        "regime_shares": {regime: _rounded(share) for regime, share in shares.items()},
        "monte_carlo_errors": errors(paths),
        "conventions": result.conventions,
        "alignment": _alignment_fans(result),
        "expectations": [
            {"text": v.expectation.text, "held": v.held, "share": v.share, "error": v.error}
            for v in result.expectations
        ],
        "targets": {
            getattr(v.expectation, "id", ""): {
                "expected": v.expectation.text,
                "share": v.share,
                "error": v.error,
            }
            for v in result.targets
        },
        "first_two_chairs": None if first is None else paths.dates[first].isoformat(),
    }


def _record(scenario: Scenario) -> dict[str, Any]:
    """Return to which day the record is complete, and the last event of every pair."""
    from .summary import last_events

    last = last_events(scenario, scenario.end)
    complete = scenario.record_complete_to
    return {
        "complete_to": None if complete is None else complete.isoformat(),
        "last_events": {
            f"{one} and {other}": None if day is None else day.isoformat()
            for (one, other), day in last.items()
        },
    }


def errors(paths: Trajectory) -> dict[str, Any]:
    """Return half of the 95 % interval of every median and share, week by week.

    It is the Monte-Carlo error (`statistics.monte_carlo`); ``None`` of a single world.
    """
    medians = {name: median_error(paths.outcome(name)) for name in FAN_INDICES}
    shares = {regime: share_error(paths.outcome(f"regime:{regime}")) for regime in REGIMES}
    return {name: _or_none(error) for name, error in medians.items()} | {
        "regime_shares": {regime: _or_none(error) for regime, error in shares.items()}
    }


def _or_none(values: Array) -> list[float] | None:
    return None if np.isnan(values).any() else _rounded(values)


def _fan(result: RunResult, outcome: str) -> dict[str, list[float]]:
    low, middle, high = result.quantiles(outcome)
    return {"p05": _rounded(low), "p50": _rounded(middle), "p95": _rounded(high)}


def _alignment_fans(result: RunResult) -> dict[str, dict[str, dict[str, list[float]]]]:
    actors = result.paths.cast.actors
    return {
        f"{holder}>{toward}": {
            domain: _fan(result, f"{holder}>{toward}:{domain}") for domain in DOMAINS
        }
        for holder in actors
        for toward in actors
        if holder != toward
    }


def _rounded(values: Array) -> list[float]:
    return [float(value) for value in np.round(values, DIGITS)]


def weeks_table(content: Mapping[str, Any]) -> Table:
    """Return the weekly quantiles and regime shares of a summary as a table, one row a week."""
    columns: dict[str, list[Any]] = {"date": content["dates"]}
    for name in FAN_INDICES:
        columns |= {f"{name}_{key}": values for key, values in content[name].items()}
    columns |= {f"share_{regime}": share for regime, share in content["regime_shares"].items()}
    blank = [None] * len(content["dates"])
    by_name = content["monte_carlo_errors"]
    columns |= {f"{name}_p50_error": by_name[name] or blank for name in FAN_INDICES}
    columns |= {f"share_{r}_error": by_name["regime_shares"][r] or blank for r in REGIMES}
    return Table("Week by week", tuple(columns), tuple(zip(*columns.values(), strict=True)))
