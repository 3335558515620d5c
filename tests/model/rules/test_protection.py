"""Protection, dependence and self-help: worked examples, the sums done by hand in the comments."""

from __future__ import annotations

import pytest

from builders import a, parameters
from two_chairs.rules import (
    protection,
)

pytestmark = pytest.mark.unit
P = parameters()


def test_protection_of_the_loyal_seat():
    # .95·.74·.85·1 = .59755; .10·.35·.30·(.4 + .6·.8) = .00924
    one = protection.shield(a(0.95), a(0.74), a(0.85), a(1.0), a(0.4))
    two = protection.shield(a(0.10), a(0.35), a(0.30), a(0.8), a(0.4))
    assert one[0] == pytest.approx(0.59755)
    assert two[0] == pytest.approx(0.00924)
    assert protection.protection(a(0.15), one, two)[0] == pytest.approx(
        1 - 0.85 * 0.40245 * 0.99076
    )


def test_dependence_follows_and_self_help_grows():
    assert protection.dependence_moved(a(0.96), a(0.45), P)[0] == pytest.approx(0.96 - 0.006 * 0.51)
    assert protection.self_help_grown(a(0.15), a(0.5), P)[0] == pytest.approx(0.1503)
    assert protection.self_help_grown(a(0.40), a(0.5), P)[0] == pytest.approx(0.40)
