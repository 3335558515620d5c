"""One run: an ensemble, its paths, its verdicts, and the summary of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from two_chairs.axes import DOMAINS, REGIMES, TWO_CHAIRS, Array
from two_chairs.outcomes import shown_in
from two_chairs.scenario.records import Expectation, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.results.manifest import manifest
from two_chairs_lab.statistics.summaries import first_week, quantiles

from .expectations import Verdict, judge, run_references

FAN_INDICES = shown_in("summary")
"""Indices that a summary gives as quantiles over worlds, week by week."""
DIGITS = 6


@dataclass(frozen=True, slots=True)
class RunResult:
    """An ensemble, its paths, and what came of its expectations and targets."""

    ensemble: Ensemble
    paths: Trajectory
    expectations: Sequence[Verdict]
    targets: Sequence[Verdict]


def run_result(
    ensemble: Ensemble,
    load: Callable[[str], Scenario] | None,
    progress: Callable[[int], None] | None = None,
) -> RunResult:
    """Run an ensemble and judge what was expected of it.

    Parameters
    ----------
    ensemble
        What to run.
    load
        Returns a scenario that expectations compare with, by its name there; with ``None`` the
        expectations that compare are left out.
    progress
        Told of worlds as they are done.
    """
    paths = run_ensemble(ensemble, progress)
    references = {} if load is None else run_references(ensemble, load, progress)

    def verdicts(expected: Sequence[Expectation]) -> list[Verdict]:
        known = [e for e in expected if e.against is None or e.against in references]
        return [judge(expectation, paths, references) for expectation in known]

    scenario = ensemble.scenario
    return RunResult(ensemble, paths, verdicts(scenario.expect), verdicts(scenario.targets))


def summary(result: RunResult, command: Sequence[str], inputs: Sequence[Path]) -> dict[str, Any]:
    """Return the one object that ``run --json`` prints."""
    return {**numbers(result), "manifest": manifest(result.ensemble, command, inputs)}


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


def write_weeks(path: Path, content: dict[str, Any]) -> None:
    """Write the weekly quantiles and regime shares of a summary as a table, one row a week."""
    columns: dict[str, list[Any]] = {"date": content["dates"]}
    for name in FAN_INDICES:
        columns |= {f"{name}_{key}": values for key, values in content[name].items()}
    columns |= {f"share_{regime}": share for regime, share in content["regime_shares"].items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
