"""The regime of two seats, with its hysteresis: worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters
from two_chairs.axes import BETWEEN_CHAIRS, INCUMBENT_CHAIR, RIVAL_CHAIR, TWO_CHAIRS
from two_chairs.rules import (
    regimes,
)

pytestmark = pytest.mark.unit
P = parameters()


@pytest.mark.parametrize(
    ("R", "W", "before", "expected"),
    [
        (0.50, 0.20, None, "incumbent-chair"),
        (0.50, 0.31, None, "two-chairs"),
        (0.60, 0.31, None, "incumbent-chair"),
        (0.31, 0.60, None, "rival-chair"),
        (0.20, 0.20, None, "between-chairs"),
        (0.20, 0.40, None, "rival-chair"),
        (0.48, 0.31, "incumbent-chair", "incumbent-chair"),
        (0.44, 0.31, "incumbent-chair", "two-chairs"),
        (0.48, 0.31, "two-chairs", "two-chairs"),
        (0.48, 0.31, "between-chairs", "two-chairs"),
        (0.52, 0.31, "two-chairs", "incumbent-chair"),
    ],
)
def test_regimes(R, W, before, expected):
    names = ["incumbent-chair", "two-chairs", "rival-chair", "between-chairs"]
    earlier = None if before is None else np.array([names.index(before)], dtype=np.int8)
    held = regimes.seats_held(None, np.stack([a(R), a(W)]), P)
    assert names[regimes.regime(earlier, held, a(W - R), P)[0]] == expected


def test_a_seat_is_taken_at_one_threshold_and_lost_below_a_lower_one():
    p = parameters(seat_taken=0.5, seat_lost=0.25)
    occupied = np.stack([a(0.5, 0.25, 0.24, 0.49), a(0.49, 0.51, 0.25, 0.1)])
    none, both = np.zeros((2, 4), dtype=bool), np.ones((2, 4), dtype=bool)
    fresh = [[True, False, False, False], [False, True, False, False]]
    assert regimes.seats_held(None, occupied, p).tolist() == fresh
    assert regimes.seats_held(none, occupied, p).tolist() == fresh
    kept = [[True, True, False, True], [True, True, True, False]]
    assert regimes.seats_held(both, occupied, p).tolist() == kept


def test_both_seats_are_two_chairs_below_a_limit_and_entered_below_a_smaller_one():
    p = parameters(two_chairs_limit=0.5, two_chairs_entry=0.25)
    tilt, held = a(0.5, 0.49, 0.25, 0.24, -0.25, -0.24, -0.5, -0.49), np.ones((2, 8), dtype=bool)
    one, two, other = INCUMBENT_CHAIR, TWO_CHAIRS, RIVAL_CHAIR
    wide = [other, two, two, two, two, two, one, two]
    narrow = [other, other, other, two, one, two, one, one]
    for before, expected in (
        (None, wide), (two, wide), (BETWEEN_CHAIRS, wide), (one, narrow), (other, narrow)
    ):  # fmt: skip
        codes = None if before is None else np.full(8, before, dtype=np.int8)
        found = regimes.regime(codes, held, tilt, p)
        assert found.tolist() == expected
        assert found.dtype == np.int8


def test_one_seat_is_a_chair_whatever_the_tilt_and_none_is_between_them():
    held = np.array([[True, False, False], [False, True, False]])
    found = regimes.regime(None, held, a(0.9, -0.9, 0.0), P)
    assert found.tolist() == [INCUMBENT_CHAIR, RIVAL_CHAIR, BETWEEN_CHAIRS]


def test_a_course_remembers_the_week_before():
    p = parameters(seat_taken=0.5, seat_lost=0.25, two_chairs_limit=0.5, two_chairs_entry=0.25)
    R = a(0.9, 0.8, 0.8, 0.4, 0.3, 0.2)
    W = a(0.1, 0.5, 0.6, 0.6, 0.2, 0.2)
    occupied = np.stack([R, W])[:, :, None]
    # alone; both, tilt −.30 from a chair; −.20; held still at .40; the rival seat lost; none
    expected = [INCUMBENT_CHAIR] * 2 + [TWO_CHAIRS] * 2 + [INCUMBENT_CHAIR, BETWEEN_CHAIRS]
    found = regimes.course(occupied, p)
    assert found[:, 0].tolist() == expected
    assert found.dtype == np.int8


def test_with_no_room_for_two_chairs_a_tilt_of_none_leans_to_the_incumbent():
    p = parameters(two_chairs_limit=0.0)
    found = regimes.regime(None, np.ones((2, 3), dtype=bool), a(-0.1, 0.0, 0.1), p)
    assert found.tolist() == [INCUMBENT_CHAIR, INCUMBENT_CHAIR, RIVAL_CHAIR]
