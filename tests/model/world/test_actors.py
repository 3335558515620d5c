"""What agents remember."""

from __future__ import annotations

import numpy as np
import pytest

from builders import NO, a, quiet
from two_chairs.rules import (
    pivot,
)
from two_chairs.world.model import TwoChairs
from two_chairs.world.week import scene

pytestmark = pytest.mark.unit


def test_observers_notice_less_of_an_approach_repeated_and_forget_by_silent_quarters():
    model = TwoChairs(quiet(1, acting=True), luck=False)
    model.step()
    mover, now = model.actors[model.roles.pivot], scene(model)
    # the memory takes one more of an approach, one less of a quarter without: 1 2 1 2
    for to_rival, remembered in ((True, 1), (True, 2), (False, 1), (True, 2)):
        step = pivot.Approach(a(3.0), a(1, 0, 0)[:, None], NO, np.array([to_rival]))
        made = pivot.PivotDecision(np.array([0, 0], dtype=np.int8), (step, step))
        before = model.state.memories["ARM"].approaches[1, 0]
        assert mover.act(made, now)[1].noticed[0] == 0.5**before
        assert mover.act(made, now)[1].weight[0] == float(to_rival)
        mover.commit(made, now)
        assert model.state.memories["ARM"].approaches[1, 0] == remembered
