"""From alignments to poll shares: the measurement model, its likelihood and its predictions.

A share y of respondents is read through one logistic link: logit y = α_q + β x + error. The
predictor x of a question is 2 atanh A, so that α = 0, β = 1 would give y = (1 + A) / 2; a question
on a security partner also sees the belief ρ that the patron defends: x = (1 − ω) 2 atanh A +
ω logit ρ. There is one slope β for all questions and one intercept α_q a question, the same in all
waves. Errors are normal on the logit scale: sampling error of each poll, a discrepancy τ part
of which is common to the answers of one wave about one patron, and where several houses asked,
what a house other than the first adds to all its answers. The intercepts are integrated out
exactly, slope and discrepancy over a grid. Equations: ``docs/calibration.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array, Counts
from two_chairs_lab.statistics.scores import log_sum

LARGEST = 1.0 - 1e-12
AT_ONCE = 4_096
"""Worlds whose grid is in memory at a time; changes no result."""


def logit(share: Array) -> Array:
    """Return log(y / (1 − y)) of shares inside (0, 1)."""
    return np.log(share) - np.log1p(-share)


def expit(value: Array) -> Array:
    """Return the share whose logit is a value, in (0, 1)."""
    return 0.5 * (1.0 + np.tanh(0.5 * value))


def predictor(alignment: Array, belief: Array | None = None, belief_share: float = 0.0) -> Array:
    """Return x, what a question sees of a world, on the logit scale; shapes (…, worlds).

    Parameters
    ----------
    alignment
        A, in [−1, 1].
    belief
        ρ that the patron defends, in [0, 1]; ``None`` for a question that does not see it.
    belief_share
        ω, the weight of the belief, in [0, 1].
    """
    liking = 2.0 * np.arctanh(np.clip(alignment, -LARGEST, LARGEST))
    if belief is None:
        return liking
    trust = logit(np.clip(belief, 1.0 - LARGEST, LARGEST))
    return (1.0 - belief_share) * liking + belief_share * trust


@dataclass(frozen=True, slots=True)
class LinkPrior:
    """What is assumed of the link before the data; every number is an assumption.

    Attributes
    ----------
    intercept_sd
        Standard deviation of α_q around 0, logits.
    slope
        Range of β, log-uniform.
    discrepancy_sd
        Scale of the half-normal prior of τ, logits.
    wave_share
        Share of τ² common to the answers of a wave about one patron, in [0, 1].
    sampling_sd
        Standard deviation of a poll's sampling error, share, where the answer has none of its own.
    house_sd
        Standard deviation of what another house than the first adds to all its answers, logits.
    rival_discrepancy
        τ of questions about the rival patron over that of the incumbent; 1 makes no difference.
    discrepancy_growth
        By how much τ² grows in a year after the first answer, as a share of it; 0 lets it stay.
    """

    intercept_sd: float = 1.5
    slope: tuple[float, float] = (0.1, 2.5)
    discrepancy_sd: float = 0.25
    wave_share: float = 0.5
    sampling_sd: float = 0.025
    house_sd: float = 0.2
    rival_discrepancy: float = 1.0
    discrepancy_growth: float = 0.0

    def factor(self, about_rival: bool, years: float) -> float:
        """Return what τ is multiplied by in a question about a patron, years after the first."""
        ratio = self.rival_discrepancy if about_rival else 1.0
        return float(ratio * np.sqrt(1.0 + self.discrepancy_growth * max(years, 0.0)))

    @property
    def slopes(self) -> Array:
        """Grid of β."""
        return np.geomspace(*self.slope, 33)

    @property
    def discrepancies(self) -> Array:
        """Grid of τ, from none to three scales."""
        return np.linspace(0.0, 3.0, 10) * self.discrepancy_sd

    @property
    def log_grid(self) -> Array:
        """Log prior of the grid, shape (slopes, discrepancies), summing to one."""
        scaled = self.discrepancies / self.discrepancy_sd
        weight = np.exp(-0.5 * scaled**2)
        weight[0] *= 0.5
        return np.broadcast_to(
            np.log(weight / weight.sum()) - np.log(len(self.slopes)),
            (len(self.slopes), len(weight)),
        )

    def sampling_logit(self, share: Array, own: Array | float | None = None) -> Array:
        """Return the sampling error of shares on the logit scale; ``own`` ones in shares."""
        spread = self.sampling_sd if own is None else own
        return spread / np.maximum(share * (1.0 - share), 0.02)


@dataclass(frozen=True)
class Survey:
    """Poll shares to be explained.

    Attributes
    ----------
    shares
        Observed shares, shape (answers,), inside (0, 1).
    question
        Number of each answer's question, shape (answers,).
    wave
        Number of each answer's wave, shape (answers,), rising in time.
    patron
        Number of the patron asked about, shape (answers,).
    prior
        What is assumed of the link.
    house
        Number of each answer's house, shape (answers,); 0 is the first, whose effect is in the
        intercepts. ``None``: all are of one house.
    errors
        Standard deviation of each answer's sampling error, share, shape (answers,); ``None``: all
        have that of the prior.
    factors
        What the discrepancy of each answer is multiplied by, shape (answers,); ``None``: by one.
    """

    shares: Array
    question: Counts
    wave: Counts
    patron: Counts
    prior: LinkPrior
    house: Counts | None = None
    errors: Array | None = None
    factors: Array | None = None

    def without(self, wave: int) -> Survey:
        """Return the survey without one wave."""
        return self.part(self.wave != wave)

    def before(self, wave: int) -> Survey:
        """Return the survey as it stood before a wave."""
        return self.part(self.wave < wave)

    def part(self, kept: NDArray[np.bool_]) -> Survey:
        """Return some of the answers."""
        return Survey(
            self.shares[kept],
            self.question[kept],
            self.wave[kept],
            self.patron[kept],
            self.prior,
            None if self.house is None else self.house[kept],
            None if self.errors is None else self.errors[kept],
            None if self.factors is None else self.factors[kept],
        )

    def with_shares(self, shares: Array) -> Survey:
        """Return the same questions in the same waves with other answers."""
        return replace(self, shares=shares)

    @cached_property
    def logits(self) -> Array:
        """The answers on the logit scale."""
        return logit(self.shares)

    def sampling(self, shares: Array, answer: int) -> Array:
        """Return the sampling error that one answer would have at some shares, logits."""
        own = None if self.errors is None else float(self.errors[answer])
        return self.prior.sampling_logit(shares, own)

    def error(self, discrepancy: float) -> Array:
        """Return the covariance of the errors at a discrepancy, shape (answers, answers)."""
        common = (self.wave[:, None] == self.wave) & (self.patron[:, None] == self.patron)
        share = self.prior.wave_share
        sampling = np.diag(self.prior.sampling_logit(self.shares, self.errors) ** 2)
        apart = (1.0 - share) * np.eye(len(self.shares))
        apart = apart + share * common
        if self.factors is not None:
            apart = apart * np.outer(self.factors, self.factors)
        whole = np.asarray(sampling + discrepancy**2 * apart)
        return whole if self.house is None else whole + self._house_effects(self.house)

    def _house_effects(self, house: Counts) -> Array:
        """Return the covariance of what other houses than the first add to their answers."""
        same = (house[:, None] == house) & (house > 0)
        return np.asarray(self.prior.house_sd**2 * same)

    @cached_property
    def _asked(self) -> Array:
        """Z: which question each answer answers, shape (answers, questions ever)."""
        return np.eye(int(self.question.max(initial=0)) + 1)[self.question]

    def log_likelihood(self, predictors: Array) -> Array:
        """Return log p(answers | path, β, τ), intercepts integrated out.

        Parameters
        ----------
        predictors
            x of each answer in each world, shape (answers, worlds).

        Returns
        -------
        Array
            Shape (slopes, discrepancies, worlds).
        """
        y, slopes = self.logits, self.prior.slopes[:, None]
        grid = np.empty((len(slopes), len(self.prior.discrepancies), predictors.shape[1]))
        for index, discrepancy in enumerate(self.prior.discrepancies):
            spread = self.prior.intercept_sd**2 * (self._asked @ self._asked.T)
            covariance = self.error(discrepancy) + spread
            precision = np.linalg.inv(covariance)
            size = np.linalg.slogdet(covariance)[1] + len(y) * np.log(2.0 * np.pi)
            crossed = (precision @ y) @ predictors
            squared = np.sum(predictors * (precision @ predictors), axis=0)
            quadratic = y @ precision @ y - 2.0 * slopes * crossed + slopes**2 * squared
            grid[:, index] = -0.5 * (quadratic + size)
        return grid

    def log_evidence(self, predictors: Array) -> Array:
        """Return log p(answers | path), the whole link integrated out, shape (worlds,)."""
        grid = self.prior.log_grid[..., None]
        pieces = [
            log_sum(self.log_likelihood(predictors[:, first : first + AT_ONCE]) + grid, axis=(0, 1))
            for first in range(0, predictors.shape[1], AT_ONCE)
        ]
        return np.concatenate(pieces)

    def draw_model(self, predictors: Array, generator: np.random.Generator) -> ObservationModel:
        """Draw the observation model of each world from its posterior given the world's path.

        Parameters
        ----------
        predictors
            x of each answer in each world, shape (answers, worlds).
        generator
            Source of chance.
        """
        worlds = predictors.shape[1]
        log_posterior = self.log_likelihood(predictors) + self.prior.log_grid[..., None]
        flat = log_posterior.reshape(-1, worlds)
        chances = np.exp(flat - log_sum(flat, axis=0))
        cell = (np.cumsum(chances, axis=0) < generator.random(worlds)).sum(axis=0)
        cell = np.minimum(cell, len(flat) - 1)
        number = len(self.prior.discrepancies)
        slope = self.prior.slopes[cell // number]
        discrepancy = self.prior.discrepancies[cell % number]
        left = self.logits[:, None] - slope * predictors
        noise = generator.standard_normal((self._asked.shape[1], worlds))
        intercepts = np.empty_like(noise)
        for value in np.unique(discrepancy):
            chosen = discrepancy == value
            weighted = self._asked.T @ np.linalg.inv(self.error(float(value)))
            prior = np.eye(self._asked.shape[1]) / self.prior.intercept_sd**2
            variance = np.linalg.inv(weighted @ self._asked + prior)
            mean = variance @ (weighted @ left[:, chosen])
            intercepts[:, chosen] = mean + np.linalg.cholesky(variance) @ noise[:, chosen]
        return ObservationModel(intercepts, slope, discrepancy)


@dataclass(frozen=True, slots=True)
class ObservationModel:
    """The observation model, drawn once a world.

    Attributes
    ----------
    intercepts
        α_q, logits, shape (questions, worlds).
    slope, discrepancy
        β and τ, shape (worlds,).
    """

    intercepts: Array
    slope: Array
    discrepancy: Array

    def level(self, question: int, predictors: Array) -> Array:
        """Return the share expected of a question without any error, shape (…, worlds)."""
        return expit(self.intercepts[question] + self.slope * predictors)

    def poll(
        self,
        question: int,
        predictors: Array,
        prior: LinkPrior,
        generator: np.random.Generator,
        *,
        own: float | None = None,
        other_house: bool = False,
        factor: float = 1.0,
    ) -> Array:
        """Return the shares that a poll might show, its errors included, shape (worlds,).

        ``own`` is the poll's sampling error, share; ``other_house`` says that not the first house
        asks; ``factor`` is what the discrepancy is multiplied by.
        """
        level = self.level(question, predictors)
        spread = np.hypot(prior.sampling_logit(level, own), factor * self.discrepancy)
        spread = np.hypot(spread, prior.house_sd) if other_house else spread
        return expit(logit(level) + spread * generator.standard_normal(level.shape))


def draw_prior_models(
    prior: LinkPrior, questions: int, worlds: int, generator: np.random.Generator
) -> ObservationModel:
    """Draw the observation model of some worlds from its prior."""
    chance = np.exp(prior.log_grid[0]) * len(prior.slopes)
    discrepancy = generator.choice(prior.discrepancies, worlds, p=chance / chance.sum())
    slope = generator.choice(prior.slopes, worlds)
    intercepts = prior.intercept_sd * generator.standard_normal((questions, worlds))
    return ObservationModel(intercepts, slope, discrepancy)


def draw_answers(
    survey: Survey, predictors: Array, model: ObservationModel, generator: np.random.Generator
) -> Array:
    """Draw the answers that each world would have given, shape (answers, worlds)."""
    answers = np.empty_like(predictors)
    for world in range(predictors.shape[1]):
        mean = model.intercepts[survey.question, world] + model.slope[world] * predictors[:, world]
        level = np.clip(expit(mean), 0.01, 0.99)
        error = survey.with_shares(level).error(float(model.discrepancy[world]))
        noise = np.linalg.cholesky(error) @ generator.standard_normal(len(mean))
        answers[:, world] = np.clip(expit(mean + noise), 0.005, 0.995)
    return answers
