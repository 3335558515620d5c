"""One run: an ensemble, its paths, its verdicts, and the summary of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import DOMAINS, REGIMES, TWO_CHAIRS, Array
from two_chairs.outcomes import shown_in
from two_chairs.scenario.records import Expectation, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.summaries import first_week, quantiles
from two_chairs_lab.studies.answer import Basis, ensemble_basis

from .expectations import Verdict, judge, run_references

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAN_INDICES = shown_in("summary")
"""Indices that a summary gives as quantiles over worlds, week by week."""
DIGITS = 6


@dataclass(frozen=True, slots=True)
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
    """

    kind: ClassVar[str] = "run"
    name: ClassVar[str] = "summary"

    ensemble: Ensemble
    paths: Trajectory
    expectations: Sequence[Verdict]
    targets: Sequence[Verdict]
    inputs: Mapping[str, str] = field(default_factory=dict)

    def basis(self) -> Basis:
        """Return what the run rests on."""
        return ensemble_basis(self.kind, self.ensemble, self.inputs)

    def sentences(self) -> list[str]:
        """Say where the pivot sits at the key dates, and since when on two chairs."""
        from .summary import answer

        return answer(self)

    def tables(self) -> Mapping[str, Table]:
        """Return the weekly quantiles and regime shares, one row a week."""
        return {"weeks": weeks_table(numbers(self))}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the figures of the run."""
        from .figures import draw

        return draw(self)

    def record(self) -> dict[str, Any]:
        """Return the summary (`numbers`)."""
        return numbers(self)


def run_result(
    ensemble: Ensemble,
    load: Callable[[str], Scenario] | None,
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
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
    """
    paths = run_ensemble(ensemble, runner)
    references = {} if load is None else run_references(ensemble, load, runner)

    def verdicts(expected: Sequence[Expectation]) -> list[Verdict]:
        known = [e for e in expected if e.against is None or e.against in references]
        return [judge(expectation, paths, references) for expectation in known]

    scenario = ensemble.scenario
    judged = (verdicts(scenario.expect), verdicts(scenario.targets))
    return RunResult(ensemble, paths, *judged, inputs or {})


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
        "dates": [day.isoformat() for day in paths.dates],
        **{name: fan(paths.outcome(name)) for name in FAN_INDICES},
        "regime_shares": {regime: _rounded(share) for regime, share in shares.items()},
        "alignment": _alignment_fans(paths),
        "expectations": [
            {"text": v.expectation.text, "held": v.held, "share": v.share}
            for v in result.expectations
        ],
        "targets": {
            getattr(v.expectation, "id", ""): {"expected": v.expectation.text, "share": v.share}
            for v in result.targets
        },
        "first_two_chairs": None if first is None else paths.dates[first].isoformat(),
    }


def fan(values: Array) -> dict[str, list[float]]:
    """Return the 5th, 50th and 95th percentile over worlds of a weekly series."""
    low, middle, high = quantiles(values)
    return {"p05": _rounded(low), "p50": _rounded(middle), "p95": _rounded(high)}


def _alignment_fans(paths: Trajectory) -> dict[str, dict[str, dict[str, list[float]]]]:
    actors = paths.cast.actors
    return {
        f"{holder}>{toward}": {
            domain: fan(paths.outcome(f"{holder}>{toward}:{domain}")) for domain in DOMAINS
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
    return Table("Week by week", tuple(columns), tuple(zip(*columns.values(), strict=True)))
