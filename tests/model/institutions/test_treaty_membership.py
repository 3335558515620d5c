"""Membership of a court ends after notice."""

from __future__ import annotations

import numpy as np
import pytest

from builders import intervention, quiet, run, with_dated

pytestmark = pytest.mark.unit


def test_a_court_is_left_only_after_notice():
    steps = (
        intervention(2, institution="ICC", level=1.0),
        intervention(10, institution="ICC", level=0.0),
    )
    level = run(with_dated(quiet(80), *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 61]
