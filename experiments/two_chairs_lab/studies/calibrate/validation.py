"""Whether a calibration may be believed: recovery on made data, and scores on answers left out.

All tests work on the rows that the calibration has run: no further world is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, Counts
from two_chairs_lab.statistics.scores import crps, effective_size, log_sum, normalised, resampled

from .observation import Links, Survey, draw_answers, draw_prior_links, expit
from .sample import Rows
from .study import Calibration

MOST_ROWS = 8_192
"""Rows of the first table that the tests use."""
INTERVALS = (0.5, 0.8, 0.95)
SCORED_DRAWS = 1_000
EXCLUDED = -1e300
"""Log weight of a row that may not explain its own data."""


@dataclass(frozen=True)
class Recovery:
    """What came of simulation-based calibration (Talts et al. 2018).

    Attributes
    ----------
    ranks
        Quantity → place of the truth in its posterior, uniform on [0, 1] if the inference is
        right, shape (tests,).
    truths, means
        Quantity → true value and posterior mean, shape (tests,); unit coordinates for
        parameters, the log for the slope.
    effective
        Effective number of rows of each test.
    """

    ranks: Mapping[str, Array]
    truths: Mapping[str, Array]
    means: Mapping[str, Array]
    effective: Array

    def coverage(self, quantity: str, interval: float) -> float:
        """Return the share of tests whose central interval holds the truth."""
        inside = np.abs(self.ranks[quantity] - 0.5) <= 0.5 * interval
        return float(np.mean(inside))

    def correlation(self, quantity: str) -> float:
        """Return the correlation of truth and posterior mean; 0 if data say nothing."""
        if np.ptp(self.means[quantity]) == 0.0:
            return 0.0
        return float(np.corrcoef(self.truths[quantity], self.means[quantity])[0, 1])


def recover(calibration: Calibration, rows: Rows, progress: Callable[[int], None]) -> Recovery:
    """Fit data that the model has made and see whether the truth is found.

    Each test takes a row of the prior and a link from its prior, draws answers, and weights the
    other rows by them.
    """
    plan, survey = calibration.plan, calibration.survey
    number = min(MOST_ROWS, rows.sizes[0])
    generator = np.random.default_rng([plan.seed, 2])
    truths = generator.choice(number, plan.tests, replace=plan.tests > number)
    links = draw_prior_links(survey.prior, len(plan.questions), plan.tests, generator)
    answers = draw_answers(survey, rows.readings[:, truths], links, generator)
    readings = rows.readings[:, :number]
    units = {name: values[:number] for name, values in rows.units.items()}
    slopes = np.log(survey.prior.slopes)
    quantities = (*plan.fitted, "slope")
    ranks: dict[str, list[float]] = {name: [] for name in quantities}
    means: dict[str, list[float]] = {name: [] for name in quantities}
    effective = []
    for test, truth in enumerate(truths):
        made = survey.with_shares(answers[:, test])
        joint = made.log_likelihood(readings) + survey.prior.log_grid[..., None]
        joint[:, :, truth] = EXCLUDED
        log_weights = log_sum(joint, axis=(0, 1))
        weights = normalised(log_weights)
        effective.append(effective_size(weights))
        for name, values in units.items():
            ranks[name].append(float(np.sum(weights[values < values[truth]])))
            means[name].append(float(np.sum(weights * values)))
        by_slope = normalised(log_sum(joint, axis=(1, 2)))
        at = int(np.searchsorted(survey.prior.slopes, links.slope[test]))
        ranks["slope"].append(float(by_slope[:at].sum() + generator.random() * by_slope[at]))
        means["slope"].append(float(np.sum(by_slope * slopes)))
        progress(1)
    told = {name: values[truths] for name, values in units.items()} | {"slope": np.log(links.slope)}
    return Recovery(
        {name: np.array(found) for name, found in ranks.items()},
        told,
        {name: np.array(found) for name, found in means.items()},
        np.array(effective),
    )


def misled(calibration: Calibration, rows: Rows, truth: Array) -> Recovery:
    """Fit data that another model has made: where the posterior goes if the model is wrong.

    Parameters
    ----------
    calibration, rows
        The model fitted.
    truth
        Readings of the model that makes the data, shape (answers, rows).
    """
    plan, survey = calibration.plan, calibration.survey
    generator = np.random.default_rng([plan.seed, 3])
    number = min(MOST_ROWS, rows.sizes[0])
    tests = min(plan.tests, 100)
    chosen = generator.choice(truth.shape[1], tests)
    links = draw_prior_links(survey.prior, len(plan.questions), tests, generator)
    answers = draw_answers(survey, truth[:, chosen], links, generator)
    readings = rows.readings[:, :number]
    means: dict[str, list[float]] = {name: [] for name in plan.fitted}
    effective = []
    for test in range(tests):
        made = survey.with_shares(answers[:, test])
        weights = normalised(made.log_evidence(readings))
        effective.append(effective_size(weights))
        for name in plan.fitted:
            means[name].append(float(np.sum(weights * rows.units[name][:number])))
    found = {name: np.array(values) for name, values in means.items()}
    return Recovery({}, {}, found, np.array(effective))


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
    """Return the profile of evidence along a quantity, in bins of equal numbers of rows."""
    edges = np.quantile(values, np.linspace(0.0, 1.0, bins + 1))
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)
    means = [
        float(log_sum(log_evidence[place == one], 0)) - float(np.log(np.sum(place == one)))
        for one in range(bins)
    ]
    middles = [float(np.median(values[place == one])) for one in range(bins)]
    return Profile(np.array(middles), np.array(means) - max(means))


@dataclass(frozen=True, slots=True)
class Score:
    """How one theory predicted one answer that it had not seen.

    Attributes
    ----------
    test
        ``wave-out`` (all other waves were seen) or ``forward`` (earlier waves only).
    theory, question, observation, last
        Who predicted what; whether it is the question's last wave.
    observed, median, low, high
        Share observed, and the prediction's median and 5–95 % interval.
    error, crps
        Absolute error of the median, and CRPS, in shares; smaller is better.
    rank
        Share of the prediction below the answer.
    """

    test: str
    theory: str
    question: str
    observation: str
    last: bool
    observed: float
    median: float
    low: float
    high: float
    error: float
    crps: float
    rank: float


Theory = Callable[[Survey, int, np.random.Generator], Array]
"""Predicts one answer of a calibration, by number, from a survey that it may see."""


def theory_of(calibration: Calibration, readings: Array, log_prior: Array) -> Theory:
    """Return the prediction of a model by its table of rows, weighted by the survey seen."""
    plan, prior = calibration.plan, calibration.survey.prior

    def predict(seen: Survey, answer: int, generator: np.random.Generator) -> Array:
        inside = _places(calibration, seen)
        weights = normalised(seen.log_evidence(readings[inside]) + log_prior)
        chosen = resampled(weights, SCORED_DRAWS, generator)
        links = _links(seen, readings[inside][:, chosen], len(plan.questions), generator)
        question = int(calibration.survey.question[answer])
        return links.poll(question, readings[answer, chosen], prior, generator)

    return predict


def _places(calibration: Calibration, seen: Survey) -> Counts:
    """Return which answers of the whole survey a part of it holds."""
    whole = calibration.survey
    keys = {(q, w) for q, w in zip(seen.question, seen.wave, strict=True)}
    pairs = zip(whole.question, whole.wave, strict=True)
    return np.array([place for place, pair in enumerate(pairs) if pair in keys])


def _links(seen: Survey, readings: Array, questions: int, generator: np.random.Generator) -> Links:
    """Draw links; a question that was never seen has an intercept from its prior."""
    links = seen.draw_link(readings, generator)
    missing = questions - len(links.intercepts)
    if missing > 0:
        drawn = seen.prior.intercept_sd * generator.standard_normal((missing, readings.shape[1]))
        intercepts = np.concatenate([links.intercepts, drawn])
        return Links(intercepts, links.slope, links.discrepancy)
    return links


def no_change(calibration: Calibration) -> Theory:
    """Return the prediction that a question's share stays at the last one seen.

    Its spread is that of two polls' sampling errors and of the mean yearly change among the
    answers seen, as in a random walk on the logit scale.
    """
    return lambda seen, answer, generator: _by_hand(calibration, seen, answer, generator, False)


def linear_trend(calibration: Calibration) -> Theory:
    """Return the prediction that a question's logit goes on along a line through those seen."""
    return lambda seen, answer, generator: _by_hand(calibration, seen, answer, generator, True)


def _by_hand(
    calibration: Calibration, seen: Survey, answer: int, generator: np.random.Generator, trend: bool
) -> Array:
    years, whole = _years(calibration), calibration.survey
    places = _places(calibration, seen)
    same = places[whole.question[places] == whole.question[answer]]
    if len(same) == 0:
        return np.full(SCORED_DRAWS, np.nan)
    if trend and len(same) > 1:
        slope, level = np.polyfit(years[same], whole.logits[same], 1)
        middle = level + slope * years[answer]
        away = float(np.min(np.abs(years[same] - years[answer])))
    else:
        nearest = _reference(years, same, answer)
        middle = whole.logits[nearest]
        away = abs(float(years[nearest] - years[answer]))
    share = float(expit(np.array(middle)))
    sampling = float(whole.prior.sampling_logit(np.array(share)))
    spread = np.sqrt(2.0 * sampling**2 + _yearly_variance(years, whole, places) * away)
    return expit(middle + spread * generator.standard_normal(SCORED_DRAWS))


def _reference(years: Array, same: Counts, answer: int) -> int:
    """Return the answer that no change refers to: the last one before, else the next."""
    earlier = same[years[same] < years[answer]]
    return int(earlier[-1] if len(earlier) else same[0])


def _yearly_variance(years: Array, whole: Survey, places: Counts) -> float:
    """Return the mean squared yearly change of logits among the answers seen, in any question."""
    changes = [
        (whole.logits[b] - whole.logits[a]) ** 2 / (years[b] - years[a])
        for question in np.unique(whole.question[places])
        for a, b in _pairs(places[whole.question[places] == question])
    ]
    return float(np.mean(changes)) if changes else 0.0


def _pairs(places: Counts) -> list[tuple[int, int]]:
    return list(zip(places[:-1].tolist(), places[1:].tolist(), strict=True))


def _years(calibration: Calibration) -> Array:
    return np.array(
        [
            (seen.start + (seen.end - seen.start) / 2).toordinal() / 365.25
            for seen in calibration.observations
        ]
    )


def evidence(survey: Survey, readings: Array, log_prior: Array) -> float:
    """Return the log of the mean likelihood of a survey over the rows of a table."""
    found = survey.log_evidence(readings) + log_prior
    return float(log_sum(found, 0) - np.log(len(found)))


def score(calibration: Calibration, theories: Mapping[str, Theory]) -> list[Score]:
    """Score every theory on every answer that can be left out.

    ``wave-out``: one wave is left out, all others are seen. ``forward``: an answer is predicted
    from all earlier waves, where its question stands in two of them at least.
    """
    survey = calibration.survey
    scores = []
    for wave in np.unique(survey.wave):
        for answer in np.flatnonzero(survey.wave == wave):
            tests = [("wave-out", survey.without(int(wave)))]
            earlier = survey.before(int(wave))
            if np.sum(earlier.question == survey.question[answer]) > 1:
                tests.append(("forward", earlier))
            for test, seen in tests:
                for name, predict in theories.items():
                    generator = np.random.default_rng([calibration.plan.seed, 4, int(answer)])
                    samples = predict(seen, int(answer), generator)
                    scores.append(_scored(calibration, test, name, int(answer), samples))
    return scores


def _scored(calibration: Calibration, test: str, theory: str, answer: int, samples: Array) -> Score:
    survey = calibration.survey
    observed = float(survey.shares[answer])
    low, median, high = (float(value) for value in np.quantile(samples, (0.05, 0.5, 0.95)))
    waves = survey.wave[survey.question == survey.question[answer]]
    return Score(
        test=test,
        theory=theory,
        question=calibration.plan.questions[int(survey.question[answer])].id,
        observation=calibration.observations[answer].id,
        last=bool(survey.wave[answer] == waves.max()),
        observed=observed,
        median=median,
        low=low,
        high=high,
        error=abs(median - observed),
        crps=crps(samples, observed),
        rank=float(np.mean(samples < observed)),
    )


def mean_score(
    scores: Sequence[Score], theory: str, test: str, question: str | None = None
) -> Array:
    """Return mean absolute error and mean CRPS of a theory, shape (2,); NaN without answers."""
    found = [
        (entry.error, entry.crps)
        for entry in scores
        if entry.theory == theory
        and entry.test == test
        and (question is None or entry.question == question)
    ]
    return np.mean(found, axis=0) if found else np.full(2, np.nan)


def coverage(scores: Sequence[Score], theory: str, test: str) -> dict[float, float]:
    """Return the share of answers inside a theory's central intervals."""
    ranks = np.array([s.rank for s in scores if s.theory == theory and s.test == test])
    return {share: float(np.mean(np.abs(ranks - 0.5) <= 0.5 * share)) for share in INTERVALS}
