"""The Monte-Carlo error of shares and medians."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.engine import WORLDS
from two_chairs_lab.statistics.monte_carlo import median_error, share_error

pytestmark = pytest.mark.unit


def samples(spread: bool) -> np.ndarray:
    """Return 400 samples of a thousand uniforms each: by chance, or spread out."""
    generator = np.random.default_rng(0)
    if not spread:
        return generator.random((400, WORLDS))
    corput = np.array([int(f"{n:010b}"[::-1], 2) / 1024 for n in range(WORLDS)])
    return (corput + generator.random((400, 1))) % 1.0


@pytest.mark.parametrize("spread", [False, True])
def test_the_truth_lies_inside_the_error_nineteen_times_of_twenty(spread):
    values = samples(spread)
    held = values < 0.4
    inside = np.abs(held.mean(axis=-1) - 0.4) <= share_error(held)
    middle = np.abs(np.median(values, axis=-1) - 0.5) <= median_error(values)
    for found in (inside.mean(), middle.mean()):
        assert found >= 0.92
        assert spread or found <= 0.975


def test_spread_out_worlds_have_a_smaller_error_than_chance_gives():
    by_chance, spread = (share_error(samples(s) < 0.4).mean() for s in (False, True))
    assert by_chance == pytest.approx(0.030, abs=0.002)
    assert spread < 0.5 * by_chance


def test_none_and_all_are_no_certainty():
    assert share_error(np.zeros(1000)) == pytest.approx(0.0028, abs=0.0002)
    assert share_error(np.ones(1000)) == pytest.approx(share_error(np.zeros(1000)))


def test_few_worlds_have_the_error_of_independent_ones_and_a_single_one_has_none():
    assert share_error(np.arange(10) % 2) == pytest.approx(1.96 * 0.5 / 14**0.5)
    assert median_error(np.arange(10.0)) == pytest.approx(2.79, abs=0.01)
    assert np.isnan(share_error(np.ones((3, 1)))).tolist() == [True] * 3
    assert np.isnan(median_error(np.ones(1)))
