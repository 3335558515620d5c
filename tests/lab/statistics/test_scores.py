"""Scores of predictions and weights of samples, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.scores import (
    crps,
    effective_size,
    log_sum,
    normalised,
    pareto_k,
    pinball,
    resampled,
    samples_of,
)

pytestmark = pytest.mark.unit


def test_crps_of_a_number_is_its_error_and_of_a_normal_is_known():
    assert crps(np.array([0.4]), 0.7) == pytest.approx(0.3)
    sample = np.random.default_rng(0).standard_normal(100_000)
    assert crps(sample, 0.0) == pytest.approx((np.sqrt(2.0) - 1.0) / np.sqrt(np.pi), abs=0.003)


def test_weights():
    weights = normalised(np.log(np.array([1.0, 1.0, 2.0])) + 800.0)
    assert weights == pytest.approx([0.25, 0.25, 0.5])
    assert effective_size(weights) == pytest.approx(1.0 / 0.375)
    assert effective_size(np.full(10, 0.1)) == pytest.approx(10.0)
    places = resampled(weights, 1_000, np.random.default_rng(0))
    assert np.bincount(places) == pytest.approx([250, 250, 500], abs=1)
    assert log_sum(np.array([[-1e300, 0.0]]), axis=1) == pytest.approx([0.0])


def test_pinball_loss_by_hand():
    levels = np.array([0.05, 0.5, 0.95])
    assert pinball(levels, np.array([1.0, 2.0, 3.0]), 2.0) == pytest.approx([0.05, 0.0, 0.05])
    assert pinball(levels, np.full(3, 2.0), 4.0) == pytest.approx([0.1, 1.0, 1.9])
    assert pinball(levels, np.full(3, 2.0), 1.0) == pytest.approx([0.95, 0.5, 0.05])


def test_a_sample_between_quantiles_runs_straight_and_stays_inside_its_bounds():
    levels, ticks = np.array([0.25, 0.5, 0.75]), (np.arange(4) + 0.5) / 4
    sample = samples_of(levels, np.array([10.0, 20.0, 30.0]), ticks, 0.0, 100.0)
    assert sample == pytest.approx([5.0, 15.0, 25.0, 35.0])
    assert samples_of(levels, np.array([1.0, 20.0, 39.0]), ticks, 0.0, 40.0)[0] == 0.5


@pytest.mark.parametrize("shape", [0.3, 0.7, 0.9])
def test_the_tail_of_weights_has_the_shape_that_made_it(shape):
    """Weights u^−k of uniforms have a Pareto tail of shape k."""
    found = [
        pareto_k(-shape * np.log(np.random.default_rng(seed).random(100_000))) for seed in range(8)
    ]
    assert np.mean(found) == pytest.approx(shape, abs=0.04)


def test_even_weights_have_no_tail():
    assert pareto_k(np.zeros(1000)) == -np.inf
    assert pareto_k(np.log(np.arange(1.0, 1001.0))) < 0.0
