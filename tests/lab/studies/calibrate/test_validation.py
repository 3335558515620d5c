"""Profiles of the evidence."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.statistics.scores import log_sum
from two_chairs_lab.studies.calibrate.validation import profile

pytestmark = pytest.mark.unit


def test_a_profile_is_flat_where_data_are_silent():
    generator = np.random.default_rng(0)
    values, silent = generator.random(2000), np.zeros(2000)
    assert profile(values, silent).depth == pytest.approx(0.0, abs=1e-9)
    loud = profile(values, -8.0 * (values - 0.5) ** 2)
    assert loud.depth > 1.0
    assert abs(loud.middles[np.argmax(loud.evidence)] - 0.5) < 0.1
    assert log_sum(np.zeros(4), 0) == pytest.approx(np.log(4.0))
