"""A bystander decides nothing."""

from __future__ import annotations

import numpy as np
import pytest

from scenes import no_luck, playing, scene

pytestmark = pytest.mark.unit


def test_a_bystander_sees_and_chooses_nothing():
    watching, now = playing("bystander", "AZE"), scene(3)
    assert watching.sense(now) is None
    made = watching.decide(None, now, no_luck)
    assert made.choice.tolist() == [-1, -1, -1]
    assert made.choice.dtype == np.int8
    assert watching.act(made, now) == []
