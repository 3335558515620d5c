"""Face-validity properties of the hazard (numbers of the specification, section 10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a, parameters
from strategies import inner, shares
from two_chairs.rules import (
    threat,
)

pytestmark = pytest.mark.property


@given(inner, shares, shares, shares, shares, shares, st.floats(0.01, 0.05))
def test_26_the_hazard_falls_in_protection_and_peace(P, stake, peace, g, seat, attention, more):
    p = parameters()

    def hazard(protected, peaceful, at_stake=stake):
        args = (protected, at_stake, peaceful, g, seat, attention)
        return float(threat.attack_probability(*map(a, args), p)[0])

    assert hazard(P, peace, 0.0) == 0.0
    if stake > 1e-9:  # less is lost in rounding
        assert 0.0 < hazard(P, peace) < p.attack_rate[0]
        assert hazard(P + more, peace) < hazard(P, peace)
        assert hazard(P, peace + more) < hazard(P, peace)
