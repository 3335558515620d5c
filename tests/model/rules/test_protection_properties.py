"""Face-validity properties of protection (numbers of the specification, section 10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a, parameters
from strategies import inner
from two_chairs.rules import (
    protection,
)

pytestmark = pytest.mark.property


@given(inner, inner, inner, inner, inner, st.floats(0.01, 0.05))
def test_25_protection_rises_in_everything_and_stays_in_bounds(e, rho, k, attention, sigma, more):
    p = parameters()
    floor = p.inattentive_protection

    def protected(*args):
        one, two = (
            protection.shield(*map(a, args), floor),
            protection.shield(*map(a, (0.3, 0.3, 0.3, 0.3)), floor),
        )
        return float(protection.protection(a(sigma), one, two)[0])

    base = protected(e, rho, k, attention)
    assert 0.0 <= base <= 1.0
    for place in range(4):
        args = [e, rho, k, attention]
        args[place] += more
        assert protected(*args) > base
