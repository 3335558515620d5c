"""The regime of two seats, with its hysteresis: worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters
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
