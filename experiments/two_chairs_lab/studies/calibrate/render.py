"""What a calibration found, as one object and as a page that says first where the model loses."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from two_chairs.axes import Array
from two_chairs.parameters import PARAMETERS
from two_chairs_lab.render.numbers import band
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import laid_out

from .posterior import Posterior
from .predictions import Future
from .study import Calibration
from .validation import INTERVALS, Profile, Recovery, Score, coverage, mean_score

MODEL, NO_CHANGE, TREND = "model", "no-change", "linear-trend"
TESTS = {"wave-out": "one wave left out", "forward": "from earlier waves only"}
BAND = (0.05, 0.5, 0.95)
DIGITS = 4


@dataclass(frozen=True)
class Findings:
    """All that a calibration found.

    Attributes
    ----------
    calibration, prior, posterior
        What was fitted, columns of the prior, and the draws.
    scores, evidence
        Scores on answers left out; log evidence of each theory.
    recovery, misled
        Tests on made data, by the model itself and by another model.
    profiles
        How the evidence varies along single quantities.
    future
        Worlds run from the posterior.
    """

    calibration: Calibration
    prior: Mapping[str, Array]
    posterior: Posterior
    scores: Sequence[Score]
    evidence: Mapping[str, float]
    recovery: Recovery
    misled: Recovery | None
    profiles: Mapping[str, Profile]
    future: Future


def content(found: Findings) -> dict[str, Any]:
    """Return the findings as plain data."""
    plan = found.calibration.plan
    return {
        "kind": "calibration",
        "title": plan.title,
        "conditional_on": conditional_on(found),
        "answers": len(found.calibration.observations),
        "rows": found.posterior.rows,
        "effective_rows": round(found.posterior.effective, 1),
        "loses_to_no_change": losses(found.calibration, found.scores, NO_CHANGE),
        "loses_to_linear_trend": losses(found.calibration, found.scores, TREND),
        "posterior": {name: _told(values) for name, values in _main_columns(found).items()},
        "prior": {name: _told(found.prior[name]) for name in _main_columns(found, links=False)},
        "correlations": strongest_correlations(found),
        "profile_depth": {name: round(p.depth, 2) for name, p in found.profiles.items()},
        "evidence": {name: round(value, 2) for name, value in found.evidence.items()},
        "scores": score_table(found.calibration, found.scores),
        "recovery": _recovery(found),
        "misled": _misled(found),
        "null_checks": null_checks(found),
    }


def conditional_on(found: Findings) -> str:
    """Say what the findings are conditional on."""
    calibration = found.calibration
    return (
        "Conditional on the model, on its coding of the events and on the link from alignments to "
        f"poll shares; {len(calibration.observations)} answers to one pollster, "
        f"{found.posterior.rows:,} rows (effective {found.posterior.effective:,.0f}), seed "
        f"{calibration.plan.seed}."
    )


def losses(calibration: Calibration, scores: Sequence[Score], rival: str) -> list[str]:
    """Return where a simple rival has the smaller CRPS: ``test: question``, and over all."""
    lost = []
    for test in TESTS:
        for question in (None, *(q.id for q in calibration.plan.questions)):
            ours, theirs = (mean_score(scores, t, test, question)[1] for t in (MODEL, rival))
            if theirs < ours:
                lost.append(f"{test}: {question or 'all answers'}")
    return lost


def _main_columns(found: Findings, *, links: bool = True) -> dict[str, Array]:
    """Return the fitted parameters, those that the answers moved most, and the link."""
    columns = found.posterior.columns
    moved = sorted(
        (name for name in found.prior if name not in found.calibration.plan.fitted),
        key=lambda name: -abs(shift(found, name)),
    )[:6]
    names = [*found.calibration.plan.fitted, *moved]
    linked = [name for name in columns if name.startswith("link:")] if links else []
    return {name: columns[name] for name in [*names, *linked]}


def shift(found: Findings, name: str) -> float:
    """Return how far the posterior's mean lies from the prior's, in the prior's deviations."""
    before, after = found.prior[name], found.posterior.columns[name]
    spread = float(np.std(before))
    return float(np.mean(after) - np.mean(before)) / spread if spread > 0.0 else 0.0


def _told(values: Array) -> dict[str, float]:
    low, middle, high = np.quantile(values, BAND)
    return {
        "p05": round(float(low), DIGITS),
        "p50": round(float(middle), DIGITS),
        "p95": round(float(high), DIGITS),
    }


def strongest_correlations(found: Findings, number: int = 8) -> list[dict[str, Any]]:
    """Return the strongest posterior correlations between parameters or with the slope."""
    names = [name for name in found.posterior.columns if name in PARAMETERS or name == "link:slope"]
    groups = {name: PARAMETERS[name].group for name in names if name in PARAMETERS}
    table: Array = np.asarray(
        np.corrcoef(np.stack([found.posterior.columns[name] for name in names]))
    )
    pairs = [
        (abs(table[a, b]), names[a], names[b], table[a, b])
        for a in range(len(names))
        for b in range(a)
        if groups.get(names[a]) is None or groups.get(names[a]) != groups.get(names[b])
    ]
    return [
        {"of": one, "and": other, "correlation": round(float(value), 2)}
        for _, one, other, value in sorted(pairs, reverse=True)[:number]
    ]


def score_table(calibration: Calibration, scores: Sequence[Score]) -> dict[str, Any]:
    """Return mean scores: test → theory → mean absolute error, CRPS, by question, coverage."""
    theories = list(dict.fromkeys(entry.theory for entry in scores))
    return {
        test: {theory: _scores_of(calibration, scores, test, theory) for theory in theories}
        for test in TESTS
    }


def _scores_of(
    calibration: Calibration, scores: Sequence[Score], test: str, theory: str
) -> dict[str, Any]:
    error, score = mean_score(scores, theory, test)
    by_question = {
        question.id: round(float(mean_score(scores, theory, test, question.id)[1]), DIGITS)
        for question in calibration.plan.questions
    }
    inside = coverage(scores, theory, test)
    return {
        "mean_absolute_error": round(float(error), DIGITS),
        "crps": round(float(score), DIGITS),
        "crps_by_question": by_question,
        "coverage": {f"{100 * share:.0f} %": round(c, 2) for share, c in inside.items()},
    }


def _recovery(found: Findings) -> dict[str, Any]:
    return {
        name: {
            "coverage": {
                f"{100 * share:.0f} %": round(found.recovery.coverage(name, share), 3)
                for share in INTERVALS
            },
            "correlation": round(found.recovery.correlation(name), 2),
        }
        for name in found.recovery.ranks
    }


def _misled(found: Findings) -> dict[str, Any]:
    if found.misled is None:
        return {}
    return {
        "data_made_by": found.calibration.plan.wrong_model,
        "posterior_mean_in_unit_coordinates": {
            name: round(float(values.mean()), 3) for name, values in found.misled.means.items()
        },
        "own_data": {
            name: round(float(found.recovery.means[name].mean()), 3) for name in found.misled.means
        },
    }


def null_checks(found: Findings) -> dict[str, Any]:
    """Return how series that stance must not move went, beside the tilt of the same years."""
    scenario, tilt = found.future.scenario, np.median(found.future.paths["tilt"], axis=1)
    years = np.array([day.year for day in scenario.mondays()])
    checks = {}
    for series in found.calibration.plan.null_series:
        seen = {
            entry.start.year: entry.value
            for entry in scenario.observations
            if entry.series == series and entry.start.year in years
        }
        leaning = [float(tilt[years == year].mean()) for year in seen]
        both = len(seen) > 2 and np.ptp(list(seen.values())) > 0.0
        checks[series] = {
            "years": list(seen),
            "observed": list(seen.values()),
            "tilt": [round(value, 3) for value in leaning],
            "correlation": round(float(np.corrcoef(list(seen.values()), leaning)[0, 1]), 2)
            if both
            else None,
        }
    return checks


def page(found: Findings) -> str:
    """Return the findings as a Markdown page; where the model loses stands first."""
    told = content(found)
    lines = [f"# {told['title']}", "", *_verdict(told), "", told["conditional_on"], ""]
    for test, title in TESTS.items():
        lines += [f"## Answers left out: {title}", "", *_score_lines(found, told, test), ""]
    lines += ["## Posterior", "", "| | before | after (median, 5–95 %) |", "| --- | --- | --- |"]
    for name, after in told["posterior"].items():
        before = told["prior"].get(name)
        lines.append(f"| {name} | {band(before) if before else ''} | {band(after)} |")
    lines += ["", "Strongest posterior correlations:", ""]
    lines += [f"* {e['of']} and {e['and']}: {e['correlation']:+.2f}" for e in told["correlations"]]
    lines += ["", "Depth of the evidence profile, log units (below 1 the answers say little):", ""]
    lines += [f"* {name}: {depth:.2f}" for name, depth in told["profile_depth"].items()]
    lines += ["", "## Recovery of made data", "", "| | 50 % | 80 % | 95 % | correlation |"]
    lines += ["| --- | --- | --- | --- | --- |"]
    for name, entry in told["recovery"].items():
        inside = " | ".join(f"{100 * value:.0f} %" for value in entry["coverage"].values())
        lines.append(f"| {name} | {inside} | {entry['correlation']:.2f} |")
    lines += ["", "## Series that stance must not move", ""]
    for series, check in told["null_checks"].items():
        lines.append(f"* {series}: {check['observed']} in {check['years']}; tilt {check['tilt']}")
    return "\n".join([*lines, ""])


def _verdict(told: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, rival in (("loses_to_no_change", "no change"), ("loses_to_linear_trend", "a trend")):
        lost = told[key]
        if lost:
            lines.append(f"**The model loses to {rival}** (larger CRPS) on: {'; '.join(lost)}.")
        else:
            lines.append(f"The model has the smaller CRPS than {rival} on every series.")
    return lines


def _score_lines(found: Findings, told: Mapping[str, Any], test: str) -> list[str]:
    ids = [question.id for question in found.calibration.plan.questions]
    head = "| theory | MAE | CRPS | " + " | ".join(ids) + " | in 95 % |"
    lines = [head, "| --- |" + " --- |" * (len(ids) + 3)]
    for theory, entry in told["scores"][test].items():
        each = " | ".join(f"{entry['crps_by_question'][name]:.3f}" for name in ids)
        lines.append(
            f"| {theory} | {entry['mean_absolute_error']:.3f} | {entry['crps']:.3f} | {each} | "
            f"{100 * entry['coverage']['95 %']:.0f} % |"
        )
    return lines


def write_scores(path: Path, scores: Sequence[Score]) -> None:
    """Write one row an answer and theory."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([entry.name for entry in fields(Score)])
        for entry in scores:
            writer.writerow(
                [round(v, DIGITS) if isinstance(v, float) else v for v in asdict(entry).values()]
            )


def print_calibration(told: Mapping[str, Any], title: str, console: Console) -> None:
    """Print what a calibration found: first where it loses, then scores and the posterior."""
    console.print(f"[bold]{escape(title)}[/bold]")
    for key, rival in (("loses_to_no_change", "no change"), ("loses_to_linear_trend", "a trend")):
        lost = "; ".join(told[key])
        beats = f"The model beats {rival} on every series."
        text = f"The model loses to {rival} on: {lost}." if lost else beats
        console.print(Padding(escape(text), (0, 0, 0, 2)))
    for test, theories in told["scores"].items():
        rows = tuple(
            (
                theory,
                f"{100 * entry['mean_absolute_error']:.1f} pts",
                f"{100 * entry['crps']:.1f} pts",
                f"{100 * entry['coverage']['95 %']:.0f} %",
            )
            for theory, entry in theories.items()
        )
        columns = ("theory", "mean abs. error", "CRPS", "inside 95 %")
        console.print(laid_out(Table(f"Answers left out, {test}", columns, rows), console.width))
    prior = told["prior"]
    moved = tuple(
        (name, band(prior[name]) if name in prior else "", band(after))
        for name, after in told["posterior"].items()
    )
    table = Table("Before and after, median (5–95 %)", ("parameter", "before", "after"), moved)
    console.print(laid_out(table, console.width))
    console.print(f"[dim]{escape(told['conditional_on'])}[/dim]")
