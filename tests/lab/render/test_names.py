"""Names of regimes and outcomes: what they say is so by the rules."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, bundled, parameters
from two_chairs.axes import INCUMBENT_CHAIR, REGIMES, RIVAL_CHAIR
from two_chairs.rules.regimes import regime, seats_held
from two_chairs_lab.render.names import regime_words, so_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("seats", "chair", "patron"),
    [((0.55, 0.28), INCUMBENT_CHAIR, "Russia"), ((0.28, 0.55), RIVAL_CHAIR, "US/EU")],
)
def test_a_chair_beside_a_seat_that_is_held_is_not_told_as_alone(seats, chair, patron):
    p = parameters()
    occupied = np.array(seats)[:, np.newaxis]
    before = np.ones((2, 1), dtype=bool)
    held = seats_held(before, occupied, p)
    assert held.all()
    assert regime(None, held, a(seats[1] - seats[0]), p)[0] == chair
    words = regime_words(REGIMES[chair], bundled().case)
    assert words == f"leans mostly on {patron}"
    assert so_words(f"regime:{REGIMES[chair]}", bundled().case) == f"Armenia {words}"
