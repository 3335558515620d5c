"""Intervals over points and luck."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.resampling import draw, mean, ratio, share_between_points

pytestmark = pytest.mark.unit


def test_a_mean_over_points_and_luck_has_an_interval_of_both():
    values = np.repeat(np.arange(4.0)[np.newaxis], 50, axis=0)
    estimate = mean(values, draw(values, 0))
    assert estimate.value == 1.5
    assert estimate.low < 1.0 < 2.0 < estimate.high  # all points agree: only luck spreads it
    chosen = np.arange(50) < 10
    assert ratio(values, chosen.astype(float), draw(values, 0)).value == 1.5
    assert np.isnan(ratio(values, np.zeros(50), draw(values, 0)).value)


def test_the_share_of_variance_between_points():
    generator = np.random.default_rng(0)
    effect, noise = generator.normal(size=(4000, 1)), generator.normal(size=(4000, 10))
    assert share_between_points(effect + noise) == pytest.approx(0.5, abs=0.03)
    assert share_between_points(noise) == pytest.approx(0.0, abs=0.01)
    assert np.isnan(share_between_points(noise[:, :1]))
