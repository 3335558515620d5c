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


def test_an_attack_frightens_by_its_severity_up_to_full_threat():
    p = parameters(threat_jump=0.4)
    assert protection.threatened(a(0.2, 0.9), 0.5, p) == pytest.approx(a(0.4, 1.0))


def test_nobody_protects_from_himself_and_the_worst_threat_counts():
    shields = (a(0.5), a(0.4))
    alone = {None: 0.85 * 0.5 * 0.6, 0: 0.85 * 0.6, 1: 0.85 * 0.5}
    for seat, bare in alone.items():
        assert protection.protection_from(a(0.15), shields, seat)[0] == pytest.approx(1 - bare)
        assert protection.least_protection(a(0.15), shields, (seat,))[0] == pytest.approx(1 - bare)
    nobody = protection.least_protection(a(0.15), shields, ())
    assert nobody[0] == pytest.approx(1 - alone[None])
    for threats in ((0, 1), (1, 0), (None, 0, 1)):
        worst = protection.least_protection(a(0.15), shields, threats)
        assert worst[0] == pytest.approx(1 - alone[0])


def test_self_help_stops_at_its_ceiling_and_is_not_taken_back():
    p = parameters(self_help_ceiling=0.30)
    assert protection.self_help_grown(a(0.2999), a(0.0), p)[0] == 0.30
    assert protection.self_help_grown(a(0.2), a(1.0), p)[0] == 0.2
    assert protection.self_help_grown(a(0.5), a(0.0), p)[0] == 0.5
