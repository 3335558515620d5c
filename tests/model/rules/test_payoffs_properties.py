"""Face-validity properties of payoffs (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a, parameters
from strategies import inner
from two_chairs.rules import (
    payoffs,
)

pytestmark = pytest.mark.property


@given(st.floats(0.01, 0.8), inner, inner)
def test_28_coercion_costs_welfare_only_through_dependence(coercion, seat_R, seat_W):
    seats = np.array([[[0.5], [seat_R], [0.5]], [[0.5], [seat_W], [0.5]]])

    def cost(dependence):
        p = parameters(incumbent_economic_dependence=dependence)
        return float(
            (
                payoffs.welfare_payoff(seats, np.zeros((2, 1)), p)
                - payoffs.welfare_payoff(seats, np.stack([a(coercion), a(0.0)]), p)
            )[0]
        )

    assert cost(0.5) > 0
    assert cost(0.0) == 0.0
