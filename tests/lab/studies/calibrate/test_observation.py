"""The link from alignments to answers, by hand."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from commands import PLANS
from two_chairs_lab.studies.calibrate import study
from two_chairs_lab.studies.calibrate.observation import (
    LinkPrior,
    ObservationModel,
    Survey,
    draw_answers,
    expit,
    logit,
    predictor,
)

pytestmark = pytest.mark.unit

PRIOR = LinkPrior()


def survey(shares=(0.8, 0.6, 0.4, 0.7), question=(0, 0, 1, 1), wave=(0, 1, 0, 1), prior=PRIOR):
    number = len(shares)
    return Survey(
        np.array(shares), np.array(question), np.array(wave), np.zeros(number, int), prior
    )


def test_an_alignment_reads_as_its_share_when_the_link_is_plain():
    alignment = np.array([-0.9, 0.0, 0.65])
    assert expit(predictor(alignment)) == pytest.approx((1.0 + alignment) / 2.0)
    assert expit(logit(np.array([0.31]))) == pytest.approx([0.31])


def test_belief_takes_its_share_of_a_predictor():
    both = predictor(np.array([0.5]), np.array([0.8]), 0.25)
    assert both == pytest.approx(0.75 * 2 * np.arctanh(0.5) + 0.25 * np.log(4.0))
    assert predictor(np.array([0.5]), np.array([0.8]), 0.0) == pytest.approx(2 * np.arctanh(0.5))


def test_the_grid_of_the_link_is_a_distribution():
    assert np.exp(PRIOR.log_grid).sum() == pytest.approx(1.0)


def test_the_likelihood_is_the_normal_density_of_the_answers():
    asked = survey()
    x = np.array([[1.5], [0.5], [-0.5], [0.2]])
    found = asked.log_likelihood(x)
    slope, place = PRIOR.slopes[7], 3
    discrepancy = PRIOR.discrepancies[place]
    covariance = np.zeros((4, 4))
    for a in range(4):
        for b in range(4):
            same = asked.wave[a] == asked.wave[b]
            covariance[a, b] += 1.5**2 * (asked.question[a] == asked.question[b])
            covariance[a, b] += discrepancy**2 * 0.5 * same
            if a == b:
                sampling = 0.025 / (asked.shares[a] * (1 - asked.shares[a]))
                covariance[a, b] += sampling**2 + discrepancy**2 * 0.5
    left = asked.logits - slope * x[:, 0]
    quadratic = left @ np.linalg.solve(covariance, left)
    expected = -0.5 * (quadratic + np.log(np.linalg.det(2 * np.pi * covariance)))
    assert found[7, place, 0] == pytest.approx(expected, abs=1e-9)


def test_a_path_that_fits_has_more_evidence():
    asked = survey(shares=(0.8, 0.6, 0.75, 0.5))
    falling = np.array([1.4, 0.4, 1.1, 0.0])
    rising = -falling
    evidence = asked.log_evidence(np.stack([falling, rising], axis=1))
    assert evidence[0] > evidence[1] + 1.0


@pytest.mark.long
def test_drawn_links_follow_their_posterior():
    """With one answer a question and no discrepancy the intercept's posterior is a textbook one."""
    prior = LinkPrior(slope=(1.0, 1.0000001), discrepancy_sd=1e-9)
    asked = survey(shares=(0.7,), question=(0,), wave=(0,), prior=prior)
    x = np.full((1, 40_000), 0.3)
    links = asked.draw_model(x, np.random.default_rng(0))
    sampling = 0.025 / (0.7 * 0.3)
    shrink = 1.5**2 / (1.5**2 + sampling**2)
    mean = shrink * (logit(np.array(0.7)) - 0.3)
    assert links.intercepts[0].mean() == pytest.approx(mean, abs=0.005)
    assert links.intercepts[0].std() == pytest.approx(sampling * np.sqrt(shrink), rel=0.02)


@pytest.mark.long
def test_answers_drawn_scatter_by_the_error_they_are_told():
    prior = LinkPrior(sampling_sd=1e-6)
    asked = survey(prior=prior)
    worlds = 4_000
    links = ObservationModel(np.zeros((2, worlds)), np.ones(worlds), np.full(worlds, 0.4))
    drawn = logit(draw_answers(asked, np.zeros((4, worlds)), links, np.random.default_rng(1)))
    assert drawn.std(axis=1) == pytest.approx(0.4, rel=0.05)
    correlation = np.corrcoef(drawn)
    assert correlation[0, 2] == pytest.approx(0.5, abs=0.05)  # one wave, one patron
    assert correlation[0, 1] == pytest.approx(0.0, abs=0.05)  # another wave


def test_a_poll_adds_its_error_to_the_level():
    worlds = 20_000
    links = ObservationModel(np.full((1, worlds), 0.2), np.full(worlds, 0.9), np.full(worlds, 0.3))
    level = links.level(0, np.full(worlds, 0.5))
    assert level == pytest.approx(expit(np.array(0.65)))
    polled = logit(links.poll(0, np.full(worlds, 0.5), PRIOR, np.random.default_rng(2)))
    sampling = 0.025 / float(level[0] * (1 - level[0]))
    assert polled.std() == pytest.approx(np.hypot(sampling, 0.3), rel=0.03)


def test_parts_of_a_survey():
    asked = survey()
    assert asked.without(0).shares.tolist() == [0.6, 0.7]
    assert asked.before(1).shares.tolist() == [0.8, 0.4]


def test_each_answer_has_its_own_error():
    shares = np.array([0.8, 0.5])
    usual = survey(shares, (0, 0), (0, 1))
    own = replace(usual, errors=np.array([0.01, 0.05]))
    assert np.diag(own.error(0.0)) == pytest.approx([(0.01 / 0.16) ** 2, (0.05 / 0.25) ** 2])
    assert np.diag(own.part(np.array([False, True])).error(0.0)) == pytest.approx([0.04])
    same = replace(usual, errors=np.full(2, 0.025))
    assert np.array_equal(same.error(0.1), usual.error(0.1))


@pytest.mark.slow
def test_a_house_adds_the_same_to_all_its_answers():
    usual = survey((0.8, 0.5, 0.6, 0.4), (0, 0, 0, 0), (0, 1, 2, 3))
    houses = replace(usual, house=np.array([0, 1, 1, 2]))
    added = houses.error(0.1) - usual.error(0.1)
    effect = PRIOR.house_sd**2
    assert added == pytest.approx(
        np.array([[0, 0, 0, 0], [0, effect, effect, 0], [0, effect, effect, 0], [0, 0, 0, effect]])
    )
    assert houses.part(houses.wave < 2).house.tolist() == [0, 1]
    worlds = 60_000
    links = ObservationModel(np.zeros((1, worlds)), np.ones(worlds), np.zeros(worlds))
    drawn = logit(draw_answers(houses, np.zeros((4, worlds)), links, np.random.default_rng(1)))
    assert np.cov(drawn)[1, 2] == pytest.approx(effect, rel=0.1)
    assert np.cov(drawn)[0, 1] == pytest.approx(0.0, abs=0.003)


def test_a_poll_of_another_house_is_less_sure():
    worlds = 20_000
    links = ObservationModel(np.zeros((1, worlds)), np.ones(worlds), np.zeros(worlds))
    polls = [
        logit(links.poll(0, np.zeros(worlds), PRIOR, np.random.default_rng(2), **how)).std()
        for how in ({}, {"own": 0.05}, {"own": 0.05, "other_house": True})
    ]
    assert polls == pytest.approx([0.1, 0.2, np.hypot(0.2, 0.2)], rel=0.02)


def test_the_house_with_most_answers_is_the_first():
    seen = [Mock(house=house) for house in ("B", "A", "A", "C", "B", "A")]
    assert study._houses(seen).tolist() == [1, 0, 0, 2, 1, 0]
    assert study._houses(seen[1:3]) is None


def test_discrepancy_may_differ_by_patron_and_grow_with_time():
    """τ_i = τ f_i: f is 2 for the rival, and √(1 + ½ years); off, the matrix is the very same."""
    prior = LinkPrior(rival_discrepancy=2.0, discrepancy_growth=0.5)
    assert prior.factor(False, 0.0) == 1.0
    assert prior.factor(True, 2.0) == pytest.approx(2.0 * np.sqrt(2.0))
    assert prior.factor(False, -1.0) == 1.0
    shares, two = np.array([0.5, 0.5]), np.array([0, 1])
    plain = Survey(shares, two, two, two, prior)
    wide = Survey(shares, two, two, two, prior, factors=np.array([1.0, 2.0]))
    sampling = np.diag(plain.error(0.0))
    assert np.diag(plain.error(0.3)) - sampling == pytest.approx([0.09, 0.09])
    assert np.diag(wide.error(0.3)) - sampling == pytest.approx([0.09, 0.36])
    assert wide.part(np.array([False, True])).factors.tolist() == [2.0]


def test_a_plan_says_how_discrepancy_differs():
    plan = study.read_plan(PLANS / "calibration.toml")
    plain = study.resolve(plan)
    assert plain.survey.factors is None
    link = plan.link.model_copy(update={"rival_discrepancy": 2.0, "discrepancy_growth": 0.5})
    grown = study.resolve(plan.model_copy(update={"link": link})).survey.factors
    by_id = dict(zip((seen.id for seen in plain.observations), grown, strict=True))
    russia = [f for name, f in by_id.items() if "russia-good" in name]
    west = [f for name, f in by_id.items() if "eu-good" in name]
    assert russia[0] == pytest.approx(1.0)  # the first of all answers
    assert russia == sorted(russia)
    assert 2.0 <= min(west) < max(west) < 4.0


def test_a_poll_spreads_by_its_factor():
    model = ObservationModel(np.zeros((1, 20_000)), np.ones(20_000), np.full(20_000, 0.5))
    spreads = [
        logit(
            model.poll(0, np.zeros(20_000), LinkPrior(), np.random.default_rng(0), factor=factor)
        ).std()
        for factor in (1.0, 2.0)
    ]
    assert spreads == pytest.approx([np.hypot(0.1, 0.5), np.hypot(0.1, 1.0)], rel=0.03)
