"""Payoffs: worked examples, the sums done by hand in the comments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters
from two_chairs.rules import (
    payoffs,
)

pytestmark = pytest.mark.unit
P = parameters()


def test_payoffs():
    seats = np.array([[[0.8], [0.6], [0.5]], [[0.1], [0.3], [0.4]]])
    # Wel = [.5·.6·.9 + 2·.2·.3] / (.5 + .4)
    assert payoffs.welfare_payoff(seats, np.array([[0.1], [0.0]]), P)[0] == pytest.approx(
        (0.27 + 0.12) / 0.9
    )
    assert payoffs.security_payoff(a(0.45), a(0.6))[0] == pytest.approx(1 - 0.45 * 0.4)
    assert payoffs.autonomy_payoff(seats, a(0.9), a(0.02))[0] == pytest.approx(1 - 0.72)
