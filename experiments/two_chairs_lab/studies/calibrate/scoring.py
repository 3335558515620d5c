"""Who predicts an answer not seen: the model, its rivals, no change and a trend, scored alike.

Scores need the rows that a calibration has run, and no further world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any

import numpy as np

from two_chairs.axes import Array, Counts
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.scores import crps, log_sum, normalised, resampled

from .observation import ObservationModel, Survey, expit, logit
from .simple import (
    STEP_SD,
    Kernel,
    attacks_kernel,
    conditioned,
    no_change,
    reference,
    spread,
    trend,
    walk_kernel,
    yearly_variance,
)
from .study import Calibration, middle_of

MODEL, PERSISTENCE, TREND = "model", "no-change", "linear-trend"
WALK, ATTACKS = "random-walk", "cumulative-attacks"
SIMPLE = {
    PERSISTENCE: "no change", TREND: "a trend", WALK: "a random walk", ATTACKS: "cumulative attacks"
}  # fmt: skip
"""Rules that need no model, and what they are called in a sentence."""
TESTS = {"wave-out": "one wave left out", "forward": "from earlier waves only"}
INTERVALS = (0.5, 0.8, 0.95)
SCORED_DRAWS = 1_000
DIGITS = 4


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
"""Predicts one answer of a calibration, by number, from a survey that it may see; (draws,)."""


def theory_of(calibration: Calibration, predictors: Array, log_prior: Array) -> Theory:
    """Return the prediction of a model by its table of rows, weighted by the survey seen.

    Parameters
    ----------
    calibration
        The plan made definite.
    predictors, log_prior
        What the survey sees in the rows, (answers, rows), and what their prior weighs, (rows,).
    """
    plan, prior = calibration.plan, calibration.survey.prior
    known: dict[tuple[int, ...], Array] = {}

    def weights_of(seen: Survey, inside: Counts) -> Array:
        """Return the weights by a survey, reckoned once for all answers of a wave."""
        key = tuple(inside.tolist())
        if key not in known:
            known[key] = normalised(seen.log_evidence(predictors[inside]) + log_prior)
        return known[key]

    def predict(seen: Survey, answer: int, generator: np.random.Generator) -> Array:
        inside = _answers_of(calibration, seen)
        weights = weights_of(seen, inside)
        chosen = resampled(weights, SCORED_DRAWS, generator)
        model = _models(seen, predictors[inside][:, chosen], len(plan.questions), generator)
        whole = calibration.survey
        own = None if whole.errors is None else float(whole.errors[answer])
        other = whole.house is not None and bool(whole.house[answer] > 0)
        x, question = predictors[answer, chosen], int(whole.question[answer])
        factor = 1.0 if whole.factors is None else float(whole.factors[answer])
        return model.poll(question, x, prior, generator, own=own, other_house=other, factor=factor)

    return predict


def _answers_of(calibration: Calibration, seen: Survey) -> Counts:
    """Return which answers of the whole survey a part of it holds."""
    whole = calibration.survey
    keys = {(q, w) for q, w in zip(seen.question, seen.wave, strict=True)}
    pairs = zip(whole.question, whole.wave, strict=True)
    return np.array([answer for answer, pair in enumerate(pairs) if pair in keys])


def _models(
    seen: Survey, predictors: Array, questions: int, generator: np.random.Generator
) -> ObservationModel:
    """Draw observation models; a question never seen has an intercept from its prior."""
    model = seen.draw_model(predictors, generator)
    missing = questions - len(model.intercepts)
    if missing > 0:
        drawn = seen.prior.intercept_sd * generator.standard_normal((missing, predictors.shape[1]))
        intercepts = np.concatenate([model.intercepts, drawn])
        return ObservationModel(intercepts, model.slope, model.discrepancy)
    return model


def simple_theories(calibration: Calibration) -> dict[str, Theory]:
    """Return the predictions that need no model (`simple`)."""
    prior, years = calibration.survey.prior, _years(calibration)
    since, attacks = years - years.min(), _attacks(calibration)
    return {
        PERSISTENCE: partial(_by_hand, calibration, no_change),
        TREND: partial(_by_hand, calibration, trend),
        WALK: partial(_by_kernel, calibration, walk_kernel(prior), since, STEP_SD),
        ATTACKS: partial(
            _by_kernel, calibration, attacks_kernel(prior), attacks, prior.discrepancy_sd
        ),
    }


def _by_hand(
    calibration: Calibration,
    rule: Callable[[Array, Array, float], tuple[float, float]],
    seen: Survey,
    answer: int,
    generator: np.random.Generator,
) -> Array:
    """Predict an answer as the last one or the line through them says."""
    years, whole = _years(calibration), calibration.survey
    known, same = _same(calibration, seen, answer)
    if len(same) == 0:
        return np.full(SCORED_DRAWS, np.nan)
    middle, away = rule(years[same], whole.logits[same], float(years[answer]))
    last = same[reference(years[same], float(years[answer]))]
    error = float(whole.sampling(expit(np.array(middle)), int(last)))
    answers = [known[whole.question[known] == question] for question in np.unique(whole.question)]
    pairs = [list(zip(years[own], whole.logits[own], strict=True)) for own in answers]
    wide = spread(error, yearly_variance(pairs), away)
    return expit(middle + wide * generator.standard_normal(SCORED_DRAWS))


def _by_kernel(
    calibration: Calibration,
    kernel: Kernel,
    x: Array,
    scale: float,
    seen: Survey,
    answer: int,
    generator: np.random.Generator,
) -> Array:
    """Predict an answer by what its question's level is likely to be at a point x, (answers,)."""
    whole = calibration.survey
    _, same = _same(calibration, seen, answer)
    if len(same) == 0:
        return np.full(SCORED_DRAWS, np.nan)
    errors = np.array([float(whole.sampling(whole.shares[[n]], int(n))[0]) for n in same])
    level = conditioned(
        kernel, x[same], whole.logits[same], errors, float(x[answer]), scale, SCORED_DRAWS,
        generator,
    )  # fmt: skip
    noise = whole.sampling(level, answer) * generator.standard_normal(SCORED_DRAWS)
    return expit(logit(level) + noise)


def _same(calibration: Calibration, seen: Survey, answer: int) -> tuple[Counts, Counts]:
    """Return the answers that a survey holds, and those of them to one answer's question."""
    whole, known = calibration.survey, _answers_of(calibration, seen)
    return known, known[whole.question[known] == whole.question[answer]]


def _attacks(calibration: Calibration) -> Array:
    """Return how many attacks had been recorded when each answer was given, (answers,)."""
    days = [event.date for event in calibration.scenario.events if event.is_attack]
    seen = calibration.observations
    return np.array([float(sum(day < middle_of(each) for day in days)) for each in seen])


def _years(calibration: Calibration) -> Array:
    return np.array([middle_of(seen).toordinal() / 365.25 for seen in calibration.observations])


def evidence(survey: Survey, predictors: Array, log_prior: Array) -> float:
    """Return the log of the mean likelihood of a survey over the rows of a table.

    ``predictors`` has shape (answers, rows), ``log_prior`` (rows,).
    """
    terms = survey.log_evidence(predictors) + log_prior
    return float(log_sum(terms, 0) - np.log(len(terms)))


def score(calibration: Calibration, theories: Mapping[str, Theory]) -> list[Score]:
    """Score every theory on every answer that can be left out.

    ``wave-out``: one wave is left out, all others are seen. ``forward``: an answer is predicted
    from all earlier waves, where its question stands in two of them at least.
    """
    scores = []
    for answer, test, seen in _left_out(calibration.survey):
        for name, predict in theories.items():
            generator = np.random.default_rng([calibration.plan.seed, 4, answer])
            samples = predict(seen, answer, generator)
            scores.append(_scored(calibration, test, name, answer, samples))
    return scores


def _left_out(survey: Survey) -> Iterator[tuple[int, str, Survey]]:
    """Yield every answer left out, wave by wave, with the test and the survey that is seen."""
    for wave in np.unique(survey.wave):
        earlier = survey.before(int(wave))
        for answer in np.flatnonzero(survey.wave == wave):
            yield int(answer), "wave-out", survey.without(int(wave))
            if np.sum(earlier.question == survey.question[answer]) > 1:
                yield int(answer), "forward", earlier


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
    kept = [
        (entry.error, entry.crps)
        for entry in scores
        if entry.theory == theory
        and entry.test == test
        and (question is None or entry.question == question)
    ]
    return np.mean(kept, axis=0) if kept else np.full(2, np.nan)


def coverage(scores: Sequence[Score], theory: str, test: str) -> dict[float, float]:
    """Return the share of answers inside a theory's central intervals."""
    ranks = np.array([s.rank for s in scores if s.theory == theory and s.test == test])
    return {share: float(np.mean(np.abs(ranks - 0.5) <= 0.5 * share)) for share in INTERVALS}


def losses(calibration: Calibration, scores: Sequence[Score], rival: str) -> list[str]:
    """Return where a rival has the smaller CRPS: ``test: question``, and over all."""
    lost = []
    for test in TESTS:
        for question in (None, *(q.id for q in calibration.plan.questions)):
            ours, theirs = (mean_score(scores, t, test, question)[1] for t in (MODEL, rival))
            if theirs < ours:
                lost.append(f"{test}: {question or 'all answers'}")
    return lost


def mean_scores(calibration: Calibration, scores: Sequence[Score]) -> dict[str, Any]:
    """Return mean scores: test → theory → mean absolute error, CRPS, by question, coverage."""
    theories = list(dict.fromkeys(entry.theory for entry in scores))
    return {
        test: {theory: _means_of(calibration, scores, test, theory) for theory in theories}
        for test in TESTS
    }


def _means_of(
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


def score_table(scores: Sequence[Score]) -> Table:
    """Return every score, one row an answer and theory."""
    columns = tuple(entry.name for entry in fields(Score))
    rows = [tuple(_rounded(value) for value in asdict(entry).values()) for entry in scores]
    return Table("Scores on answers left out", columns, tuple(rows))


def _rounded(value: Any) -> Cell:
    return round(value, DIGITS) if isinstance(value, float) else value
