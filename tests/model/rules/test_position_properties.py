"""Face-validity properties of seats and tilt (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import EXACT, a, event, intervention, quiet, run, symmetric, with_dated, with_events
from strategies import shares
from two_chairs.rules import (
    position,
)

pytestmark = pytest.mark.property


@pytest.mark.long
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.booleans(), st.booleans(), st.floats(-9, 9)),
        min_size=1,
        max_size=6,
    )
)
def test_10_swapping_the_poles_mirrors_the_tilt(entries):
    def path(poles):
        ledger = []
        for number, (at, outward, first, g) in enumerate(entries):
            pole = poles[0] if first else poles[1]
            pair = ("ARM", pole) if outward else (pole, "ARM")
            ledger.append(event(at, *pair, g, key=f"M{number}"))
        return run(with_events(symmetric(30), *ledger)).outcome("tilt")

    tilt, mirrored = path(("RUS", "WST")), path(("WST", "RUS"))
    assert np.abs(tilt).max() > 0 or all(abs(g) < 1e-6 for *_, g in entries)
    assert np.abs(tilt + mirrored).max() < EXACT


def test_12_between_friendly_poles_there_is_no_strain():
    kind = [event(1, x, y, 10.0, weight=3.0, key=f"F{x}{i}")
            for x, y in (("RUS", "WST"), ("WST", "RUS")) for i in range(3)]  # fmt: skip
    paths = run(with_events(quiet(6), *kind))
    assert paths.outcome("strain")[0, 0] > 0
    assert paths.outcome("strain")[3, 0] == 0.0
    assert paths.outcome("hostility")[3, 0] == 0.0


@given(shares, shares)
def test_13_breadth_is_symmetric_and_full_only_on_equal_seats(R, W):
    B = float(position.breadth(a(R), a(W))[0])
    assert B == float(position.breadth(a(W), a(R))[0])
    assert 0.0 <= B <= 1.0
    if R == W > 0:
        assert B == 1.0
    elif min(R, W) == 0.0:
        assert B == 0.0
    elif abs(R - W) > 1e-9:
        assert B < 1.0


def test_30_leaving_the_alliance_lowers_only_its_seat_in_security():
    stay = run(quiet(4)).arrays["seats"][3, :, :, 0]
    leave = run(with_dated(quiet(4), intervention(2, institution="CSTO", level=0.0)))
    change = leave.arrays["seats"][3, :, :, 0] - stay
    assert change[0, 0] < -0.1
    assert np.count_nonzero(change) == 1


def test_strain_does_not_vanish_when_an_average_turns_negative():
    blow = [
        event(2, "RUS", "ARM", -10.0, domains=(1, 0, 0), weight=3.0, key=f"B{i}") for i in range(3)
    ]
    paths = run(with_events(quiet(5), *blow))
    assert paths.outcome("ARM>RUS:security")[2, 0] < -0.9
    assert paths.outcome("strain")[2, 0] > 0.1
