"""Whether ranks are uniform: the band holds as many samples as it says, and sees what leans."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.uniformity import band, chance_if_uniform, departure

pytestmark = pytest.mark.unit


@pytest.mark.long
def test_the_band_holds_nineteen_samples_of_twenty_all_along():
    generator = np.random.default_rng(3)
    samples = generator.random((2000, 60))
    points, low, high = band(60)
    gone = np.array([departure(ranks) for ranks in samples])
    inside = ((gone >= low - 1e-12) & (gone <= high + 1e-12)).all(axis=1)
    assert len(points) == 20
    assert inside.mean() == pytest.approx(0.95, abs=0.02)
    chances = np.array([chance_if_uniform(ranks) for ranks in samples])
    assert (chances < 0.05).mean() == pytest.approx(0.05, abs=0.02)
    assert ((chances >= 0.05) == inside).mean() > 0.99


def test_ranks_that_lean_or_crowd_are_seen():
    even = (np.arange(100) + 0.5) / 100
    assert chance_if_uniform(even) > 0.99
    assert chance_if_uniform(even**2) < 0.01  # too low
    assert chance_if_uniform(0.5 + 0.5 * (even - 0.5)) < 0.01  # all in the middle
    assert departure(even**2).max() == pytest.approx(0.25, abs=0.02)  # √z − z at z = ¼
