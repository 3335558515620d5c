"""What agents remember."""

from __future__ import annotations

import numpy as np
import pytest

from builders import NO, a, quiet
from two_chairs.rules import (
    pivot,
)
from two_chairs.world.simulation import TwoChairs

pytestmark = pytest.mark.unit


def test_observers_notice_less_of_an_approach_repeated_and_forget_by_silent_quarters():
    model = TwoChairs(quiet(1, acting=True), luck=False)
    model.step()
    agent = model.actors[model.places.pivot]
    # the memory takes one more of an approach, one less of a quarter without: 1 2 1 2
    for to_rival, remembered in ((True, 1), (True, 2), (False, 1), (True, 2)):
        step = pivot.Approach(a(3.0), a(1, 0, 0)[:, None], NO, np.array([to_rival]))
        agent.steps, agent.choice = [step, step], np.array([0, 0], dtype=np.int8)
        before = agent.approaches_remembered[1, 0]
        assert agent.act()[1].noticed[0] == 0.5**before
        assert agent.act()[1].weight[0] == float(to_rival)
        agent.commit()
        assert agent.approaches_remembered[1, 0] == remembered
