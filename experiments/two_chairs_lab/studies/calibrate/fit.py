"""Fitting and judging: all that a calibration finds, as one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import Array
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.provenance import record_text
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.table import Table
from two_chairs_lab.results.folder import json_text
from two_chairs_lab.statistics.summaries import QUANTILES
from two_chairs_lab.statistics.uniformity import chance_if_uniform, departure
from two_chairs_lab.studies.answer import Basis

from .made import Chances, chances_in, recover_decisions
from .posterior import (
    ENTRY,
    POSTERIOR,
    RECORD,
    PosteriorSample,
    draw_posterior,
    frozen_scenario,
    posterior_entry,
    posterior_text,
    prior_columns,
    refuse_unreliable,
    spread_posterior,
)
from .predictions import Predictions, run_predictions
from .proof import proof
from .sample import ImportanceSample, read_table, run_tables
from .scoring import (
    DIGITS,
    INTERVALS,
    MODEL,
    SIMPLE,
    Score,
    evidence,
    losses,
    mean_scores,
    score,
    score_table,
    simple_theories,
    theory_of,
)
from .study import Calibration
from .validation import (
    Profile,
    Recovery,
    misspecification_test,
    profiles,
    simulation_based_calibration,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_MOVED = 6
"""Quantities not fitted that are listed, those that the answers moved most."""
MOST_CORRELATIONS = 8
MOST_SCORED = 65_536
"""Rows on which polls left out are scored, spread over all of them."""


@dataclass(frozen=True)
class Fit:
    """A calibration's rows, its posterior, and the worlds run from it."""

    calibration: Calibration
    folder: Path
    sample: ImportanceSample
    posterior: PosteriorSample
    predictions: Predictions
    proof: Mapping[str, Any]
    chances: Chances | None = None


def fit(
    calibration: Calibration, folder: Path, runner: Runner = HERE, *, resume: bool = False
) -> Fit:
    """Run what is not done of the tables in a folder, draw from the posterior, and run worlds.

    Raises
    ------
    InputError
        If the folder holds something else, or this calibration and ``resume`` is not given.
    """
    sample = run_tables(calibration, folder, runner, resume=resume)
    drawn = draw_posterior(calibration, sample)
    refuse_unreliable(calibration, drawn, str(folder))
    posterior = spread_posterior(calibration, drawn, runner)
    scenario = frozen_scenario(calibration, posterior)
    predictions = run_predictions(calibration.plan, scenario, runner=runner)
    chances = chances_in(calibration, sample, folder)
    proven = proof(calibration, sample, chances, scenario, runner)
    return Fit(calibration, folder, sample, posterior, predictions, proven, chances)


def judge(fitted: Fit, progress: Callable[[int], None] = lambda _: None) -> CalibrationResult:
    """Test a fit on made data and score it on answers left out; ``progress`` is told 1 a test."""
    calibration, sample = fitted.calibration, fitted.sample
    plan, survey = calibration.plan, calibration.survey
    some = slice(None, None, max(1, sum(sample.sizes) // MOST_SCORED))
    predictors, log_prior = sample.predictors[:, some], sample.log_prior[some]
    theories = {MODEL: theory_of(calibration, predictors, log_prior)}
    theories |= simple_theories(calibration)
    log_evidence = {MODEL: evidence(survey, predictors, log_prior)}
    rivals = {rival: read_table(calibration, fitted.folder, rival) for rival in plan.rivals}
    for rival, predictors in rivals.items():
        even = np.zeros(predictors.shape[1])
        theories[rival] = theory_of(calibration, predictors, even)
        log_evidence[rival] = evidence(survey, predictors, even)
    wrong = None if plan.wrong_model is None else rivals[plan.wrong_model]
    return CalibrationResult(
        calibration=calibration,
        prior=prior_columns(calibration, min(plan.draws, sample.sizes[0])),
        posterior=fitted.posterior,
        scores=score(calibration, theories),
        evidence=log_evidence,
        recovery=simulation_based_calibration(calibration, sample, progress),
        misspecified=None if wrong is None else misspecification_test(calibration, sample, wrong),
        profiles=profiles(calibration, sample),
        predictions=fitted.predictions,
        proof=fitted.proof,
        recovered_decisions=None
        if fitted.chances is None
        else recover_decisions(calibration, sample, fitted.chances),
    )


@dataclass(frozen=True)
class CalibrationResult:
    """The answer of a calibration.

    Attributes
    ----------
    calibration, prior, posterior
        What was fitted, columns of the prior, each (draws,), and the draws.
    scores, evidence
        Scores on answers left out; log evidence of each theory.
    recovery, misspecified
        Tests on made data, by the model itself and by another model.
    profiles
        How the evidence varies along single quantities.
    predictions
        Worlds run from the posterior.
    proof
        What recorded decisions teach and how well they are foreseen (`proof.proof`).
    recovered_decisions
        The test on made records of decisions; ``None`` where none are fitted.
    """

    kind: ClassVar[str] = "calibration"
    name: ClassVar[str] = "summary"

    calibration: Calibration
    prior: Mapping[str, Array]
    posterior: PosteriorSample
    scores: Sequence[Score]
    evidence: Mapping[str, float]
    recovery: Recovery
    misspecified: Recovery | None
    profiles: Mapping[str, Profile]
    predictions: Predictions
    proof: Mapping[str, Any] = field(default_factory=dict)
    recovered_decisions: Recovery | None = None

    def conditional_on(self) -> str:
        """Say what the result is conditional on."""
        calibration = self.calibration
        return (
            "Conditional on the model, on its coding of the events and on the link from alignments "
            f"to poll shares; {len(calibration.observations)} answers to one pollster"
            f"{self._decisions()}, {self.posterior.rows:,} rows (effective "
            f"{self.posterior.effective:,.0f}, Pareto k {self.posterior.tail:.2f}), seed "
            f"{calibration.plan.seed}."
        )

    def _decisions(self) -> str:
        number = len(self.calibration.recorded)
        return f" and {number} decisions as one coder reads them" if number else ""

    def _recovered(self) -> dict[str, Any]:
        if self.recovered_decisions is None:
            return {}
        found = self.recovered_decisions
        return {
            "recovery_of_decisions": _recovery_record(found),
            "recovery_effective_rows": {
                "least": round(float(found.effective.min())),
                "median": round(float(np.median(found.effective))),
            },
        }

    def basis(self) -> Basis:
        """Return what the calibration rests on."""
        return Basis(self.kind, self.calibration.specification(), self.conditional_on())

    def sentences(self) -> list[str]:
        """Say where the model loses, or that it does not."""
        from .render import verdict

        return verdict(self.record())

    def tables(self) -> Mapping[str, Table]:
        """Return the scores, one row an answer and theory."""
        return {"scores": score_table(self.scores)}

    def figures(self) -> Mapping[str, Figure]:
        """Draw the figures, which have a folder of their own."""
        from .figures import draw

        return draw(self).under("figures/")

    def texts(self) -> Mapping[str, str]:
        """Return the draws, the page, and what follows from the draws, by file."""
        from .render import calibration_page

        frozen = frozen_scenario(self.calibration, self.posterior).posterior
        return {
            POSTERIOR: posterior_text(self.posterior.columns),
            ENTRY: "" if frozen is None else posterior_entry(frozen),
            RECORD: "" if frozen is None else record_text(frozen),
            "calibration.md": calibration_page(self),
            f"{self.predictions.name}.json": json_text(self.predictions.record()),
            **self.predictions.texts(),
        }

    def record(self) -> dict[str, Any]:
        """Return the result as plain data; the keys are those of ``summary.json``."""
        plan, scores = self.calibration.plan, self.scores
        fitted_and_moved = [*plan.fitted, *most_moved(self, MOST_MOVED)]
        linked = [name for name in self.posterior.columns if name.startswith("link:")]
        after = {name: self.posterior.columns[name] for name in (*fitted_and_moved, *linked)}
        return {
            "kind": self.kind,
            "title": plan.title,
            "conditional_on": self.conditional_on(),
            "answers": len(self.calibration.observations),
            "rows": self.posterior.rows,
            "effective_rows": round(self.posterior.effective, 1),
            "pareto_k": round(self.posterior.tail, 2),
            **({"decisions": dict(self.proof)} if self.proof else {}),
            **{
                f"loses_to_{name.replace('-', '_')}": losses(self.calibration, scores, name)
                for name in SIMPLE
            },
            "posterior": {name: _band(values) for name, values in after.items()},
            "prior": {name: _band(self.prior[name]) for name in fitted_and_moved},
            "correlations": strongest_correlations(self.posterior.columns),
            "profile_depth": {name: round(p.depth, 2) for name, p in self.profiles.items()},
            "evidence": {name: round(value, 2) for name, value in self.evidence.items()},
            "scores": mean_scores(self.calibration, scores),
            "recovery": _recovery_record(self.recovery),
            **self._recovered(),
            "misled": _misspecification_record(self),
            "null_checks": null_checks(self.predictions),
        }


def most_moved(result: CalibrationResult, number: int) -> list[str]:
    """Return the quantities not fitted whose mean the answers moved most, as many as asked for."""
    others = (name for name in result.prior if name not in result.calibration.plan.fitted)
    return sorted(others, key=lambda name: -abs(shift(result, name)))[:number]


def shift(result: CalibrationResult, name: str) -> float:
    """Return how far the posterior's mean lies from the prior's, in the prior's deviations."""
    before, after = result.prior[name], result.posterior.columns[name]
    spread = float(np.std(before))
    return float(np.mean(after) - np.mean(before)) / spread if spread > 0.0 else 0.0


def _band(values: Array) -> dict[str, float]:
    low, middle, high = (round(float(end), DIGITS) for end in np.quantile(values, QUANTILES))
    return {"p05": low, "p50": middle, "p95": high}


def strongest_correlations(columns: Mapping[str, Array]) -> list[dict[str, Any]]:
    """Return the strongest correlations of draws between parameters or with the slope.

    Members of one simplex are not set against each other.
    """
    names = [name for name in columns if name in PARAMETERS or name == "link:slope"]
    groups = {name: PARAMETERS[name].group for name in names if name in PARAMETERS}
    table: Array = np.asarray(np.corrcoef(np.stack([columns[name] for name in names])))
    pairs = [
        (abs(table[a, b]), names[a], names[b], table[a, b])
        for a in range(len(names))
        for b in range(a)
        if groups.get(names[a]) is None or groups.get(names[a]) != groups.get(names[b])
    ]
    return [
        {"of": one, "and": other, "correlation": round(float(value), 2)}
        for _, one, other, value in sorted(pairs, reverse=True)[:MOST_CORRELATIONS]
    ]


def _recovery_record(recovery: Recovery) -> dict[str, Any]:
    return {
        name: {
            "coverage": {
                f"{100 * share:.0f} %": round(recovery.coverage(name, share), 3)
                for share in INTERVALS
            },
            "correlation": round(recovery.correlation(name), 2),
            "departure": round(float(np.abs(departure(recovery.ranks[name])).max()), 3),
            "chance_if_uniform": round(chance_if_uniform(recovery.ranks[name]), 3),
            **_among_all(recovery, name),
        }
        for name in recovery.ranks
    }


def _among_all(recovery: Recovery, name: str) -> dict[str, float]:
    """Return the same of ranks in which the truth stands among the rows, if they were asked for."""
    if name not in recovery.exact:
        return {}
    return {"chance_among_all_rows": round(chance_if_uniform(recovery.exact[name]), 3)}


def _misspecification_record(result: CalibrationResult) -> dict[str, Any]:
    if result.misspecified is None:
        return {}
    means = result.misspecified.means
    return {
        "data_made_by": result.calibration.plan.wrong_model,
        "posterior_mean_in_unit_coordinates": {
            name: round(float(values.mean()), 3) for name, values in means.items()
        },
        "own_data": {name: round(float(result.recovery.means[name].mean()), 3) for name in means},
    }


def null_checks(predictions: Predictions) -> dict[str, Any]:
    """Return how series that stance must not move went, beside the tilt of the same years."""
    scenario, tilt = predictions.scenario, np.median(predictions.paths["tilt"], axis=1)
    years = np.array([day.year for day in scenario.mondays()])
    checks = {}
    for series in predictions.plan.null_series:
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
