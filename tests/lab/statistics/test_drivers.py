"""Screening of inputs."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.drivers import screened

pytestmark = pytest.mark.unit


def test_screening_finds_effects_that_are_not_monotone():
    x = np.random.default_rng(1).random((800, 20))
    assert screened(x, np.abs(x[:, 7] - 0.5)) == [7]
