"""Face-validity properties of regimes (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a, bundled, parameters
from two_chairs.axes import REGIMES
from two_chairs.rules import (
    regimes,
)
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.property


@given(st.floats(0.46, 0.6))
def test_31_tilt_swept_up_and_down_switches_at_different_points(mean):
    p = parameters()
    sweep = np.linspace(-0.3, 0.3, 241)
    up, down = [], []
    for path, log in ((sweep, up), (sweep[::-1], down)):
        held = before = None
        for tilt in path:
            R, W = a(mean - tilt / 2), a(mean + tilt / 2)
            held = regimes.seats_held(held, np.stack([R, W]), p)
            before = regimes.regime(before, held, W - R, p)
            log.append(int(before[0]))
    assert set(up) == {0, 1, 2}
    enter = sweep[up.index(1)]
    leave = sweep[::-1][down.index(0)]
    assert enter == pytest.approx(-0.14, abs=0.006)
    assert leave == pytest.approx(-0.20, abs=0.006)


def test_38_a_seat_is_lost_later_than_it_is_taken():
    p = parameters()
    held, seen = None, []
    for W in (0.20, 0.29, 0.31, 0.27, 0.25, 0.23, 0.29):
        held = regimes.seats_held(held, np.stack([a(0.5), a(W)]), p)
        seen.append(bool(held[1, 0]))
    assert seen == [False, False, True, True, True, False, False]


@pytest.mark.long
def test_a_headline_is_a_share_of_worlds_not_a_label():
    model = TwoChairs(bundled(), range(50), vary=True)
    paths = model.run()
    total = sum(paths.regime_share(regime) for regime in REGIMES)
    assert total == pytest.approx(np.ones(len(paths.dates)))
    at = bundled().week_of(bundled().agents_act_from)
    assert 0 < paths.regime_share("two-chairs")[at] < 1
