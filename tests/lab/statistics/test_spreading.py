"""An order of which every first part represents the whole."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.spreading import spread_out

pytestmark = pytest.mark.unit


def test_every_place_comes_once():
    points = np.random.default_rng(0).normal(size=(101, 3))
    assert sorted(spread_out(points).tolist()) == list(range(101))


@pytest.mark.parametrize("number", [8, 10, 25, 50, 77])
def test_any_points_in_a_row_hold_as_many_of_each_quarter(number):
    points = np.random.default_rng(1).normal(size=(200, 1))
    ranks = points[:, 0].argsort().argsort()[spread_out(points)]
    for first in range(200 - number):
        counts = np.bincount(ranks[first : first + number] // 50, minlength=4)
        assert np.ptp(counts) <= 2


def test_which_half_goes_first_is_a_coin():
    points = np.arange(2.0)[:, np.newaxis]
    assert {tuple(spread_out(points, seed).tolist()) for seed in range(9)} == {(0, 1), (1, 0)}


def test_a_tenth_of_the_points_has_their_mean():
    points = np.random.default_rng(2).normal(size=(1000, 4))
    part = points[spread_out(points)[:100]]
    assert np.abs(part.mean(axis=0) - points.mean(axis=0)).max() < 0.08
