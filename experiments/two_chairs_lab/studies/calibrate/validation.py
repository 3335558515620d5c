"""Whether a calibration may be believed: tests on made data, and profiles of the evidence.

All work on the rows that the calibration has run: no further world is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from two_chairs.axes import Array
from two_chairs.draws import between
from two_chairs_lab.statistics.scores import effective_size, log_sum, normalised

from .observation import Survey, draw_answers, draw_prior_models
from .posterior import prior_products
from .sample import ImportanceSample
from .study import Calibration

MOST_ROWS = 8_192
"""Rows of the first table that the tests use."""
MOST_MISSPECIFIED = 100
"""Data sets that the test of a wrong model uses at most."""
EXCLUDED = -1e300
"""Log weight of a row that may not explain its own data."""
SLOPE = "slope"


@dataclass(frozen=True)
class Recovery:
    """What came of fitting made data.

    Attributes
    ----------
    ranks
        Quantity → rank of the truth in its posterior, uniform on [0, 1] if the inference is
        right, shape (tests,); empty where the truth is no value of the model's.
    truths, means
        Quantity → true value and posterior mean, shape (tests,); unit coordinates for
        parameters, the log for the slope.
    effective
        Effective number of rows of each test, shape (tests,).
    exact
        Ranks of the truth among all rows, its own among them, which no lack of rows can move;
        empty where they were not asked for.
    """

    ranks: Mapping[str, Array]
    truths: Mapping[str, Array]
    means: Mapping[str, Array]
    effective: Array
    exact: Mapping[str, Array] = field(default_factory=dict)

    def coverage(self, quantity: str, interval: float) -> float:
        """Return the share of tests whose central interval holds the truth."""
        inside = np.abs(self.ranks[quantity] - 0.5) <= 0.5 * interval
        return float(np.mean(inside))

    def correlation(self, quantity: str) -> float:
        """Return the correlation of truth and posterior mean; 0 if data say nothing."""
        if np.ptp(self.means[quantity]) == 0.0:
            return 0.0
        return float(np.corrcoef(self.truths[quantity], self.means[quantity])[0, 1])


def simulation_based_calibration(
    calibration: Calibration, sample: ImportanceSample, progress: Callable[[int], None]
) -> Recovery:
    """Fit data that the model has made and see whether the truth is found (Talts et al. 2018).

    Each test takes a row of the prior and an observation model from its prior, draws answers, and
    weights the other rows by them.

    Parameters
    ----------
    calibration, sample
        What is fitted, and its rows.
    progress
        Told 1 after every test.
    """
    plan, survey = calibration.plan, calibration.survey
    number = min(MOST_ROWS, sample.sizes[0])
    generator = np.random.default_rng([plan.seed, 2])
    truths = generator.choice(number, plan.tests, replace=plan.tests > number)
    models = draw_prior_models(survey.prior, len(plan.questions), plan.tests, generator)
    answers = draw_answers(survey, sample.predictors[:, truths], models, generator)
    ties = generator.random(plan.tests)
    predictors = sample.predictors[:, :number]
    units = {name: sample.units[name][:number] for name in plan.fitted}
    tests = []
    for test, truth in enumerate(truths):
        slope = int(np.searchsorted(survey.prior.slopes, models.slope[test]))
        made = survey.with_shares(answers[:, test])
        tests.append(_test(made, predictors, units, int(truth), slope, float(ties[test])))
        progress(1)
    ranks, means, effective = zip(*tests, strict=True)
    return Recovery(
        {name: np.array([test[name] for test in ranks]) for name in (*units, SLOPE)},
        {name: values[truths] for name, values in units.items()} | {SLOPE: np.log(models.slope)},
        {name: np.array([test[name] for test in means]) for name in (*units, SLOPE)},
        np.array(effective),
    )


def _test(
    made: Survey,
    predictors: Array,
    units: Mapping[str, Array],
    truth: int,
    slope: int,
    tie: float,
) -> tuple[dict[str, float], dict[str, float], float]:
    """Fit one made survey: rank of the truth, posterior mean, and effective number of rows.

    ``truth`` is the row that made it, ``slope`` the index of the true slope on its grid, whose
    share ``tie`` in (0, 1) counts as below the truth.
    """
    joint = made.log_likelihood(predictors) + made.prior.log_grid[..., None]
    joint[:, :, truth] = EXCLUDED
    chances = np.exp(joint - joint.max())
    weights = chances.sum(axis=(0, 1))
    weights /= weights.sum()
    ranks = {name: float(np.sum(weights[values < values[truth]])) for name, values in units.items()}
    means = {name: float(np.sum(weights * values)) for name, values in units.items()}
    by_slope = chances.sum(axis=(1, 2))
    by_slope /= by_slope.sum()
    ranks[SLOPE] = float(by_slope[:slope].sum() + tie * by_slope[slope])
    means[SLOPE] = float(np.sum(by_slope * np.log(made.prior.slopes)))
    return ranks, means, effective_size(weights)


def misspecification_test(
    calibration: Calibration, sample: ImportanceSample, truth: Array
) -> Recovery:
    """Fit data that another model has made: where the posterior goes if the model is wrong.

    Parameters
    ----------
    calibration, sample
        The model fitted, and its rows.
    truth
        Predictors of the model that makes the data, shape (answers, rows).
    """
    plan, survey = calibration.plan, calibration.survey
    generator = np.random.default_rng([plan.seed, 3])
    number, tests = min(MOST_ROWS, sample.sizes[0]), min(plan.tests, MOST_MISSPECIFIED)
    chosen = generator.choice(truth.shape[1], tests)
    models = draw_prior_models(survey.prior, len(plan.questions), tests, generator)
    answers = draw_answers(survey, truth[:, chosen], models, generator)
    weights = [
        normalised(survey.with_shares(made).log_evidence(sample.predictors[:, :number]))
        for made in answers.T
    ]
    means = {
        name: np.array([float(np.sum(each * sample.units[name][:number])) for each in weights])
        for name in plan.fitted
    }
    return Recovery({}, {}, means, np.array([effective_size(each) for each in weights]))


@dataclass(frozen=True, slots=True)
class Profile:
    """How the evidence for the answers varies along one quantity, all else averaged.

    Attributes
    ----------
    middles, evidence
        Middle of each bin, and log mean likelihood there less the largest, shape (bins,).
    """

    middles: Array
    evidence: Array

    @property
    def depth(self) -> float:
        """Log evidence between the best and the worst bin: below 1 the answers say little."""
        return float(-self.evidence.min())


def profile(values: Array, log_evidence: Array, bins: int = 10) -> Profile:
    """Return the profile of evidence along a quantity, in bins of equal numbers of rows.

    ``values`` and ``log_evidence`` have shape (rows,).
    """
    edges = np.quantile(values, np.linspace(0.0, 1.0, bins + 1))
    index = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)
    inside = [index == one for one in range(bins)]
    means = [float(log_sum(log_evidence[b], 0)) - float(np.log(np.sum(b))) for b in inside]
    middles = [float(np.median(values[b])) for b in inside]
    return Profile(np.array(middles), np.array(means) - max(means))


def profiles(calibration: Calibration, sample: ImportanceSample) -> dict[str, Profile]:
    """Return the profiles of the fitted parameters, and of two that answers may not tell apart."""
    number, ranges = sample.sizes[0], calibration.scenario.parameters
    log_evidence = calibration.survey.log_evidence(sample.predictors[:, :number])
    quantities = {
        name: between(
            sample.units[name][:number], ranges[name].low, ranges[name].value, ranges[name].high
        )
        for name in calibration.plan.fitted
    }
    if calibration.plan.not_separable is not None:
        one, other = calibration.plan.not_separable
        product = prior_products(calibration, sample, (one, other))
        quantities[other] = product / quantities[one] if one in quantities else product
        quantities[f"{one} × {other}"] = product
    return {name: profile(values, log_evidence) for name, values in quantities.items()}
