"""Seats, tilt, strain and loss: worked examples, the sums done by hand in the comments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, bundled, condition, parameters, quiet, run, with_dated, with_parameters
from two_chairs.rules import (
    position,
)
from two_chairs.scenario.provenance import fixed_parameters

pytestmark = pytest.mark.unit
P = parameters()


def test_seats_and_tilt_at_the_start():
    paths = run(quiet(1))
    # o_R: .6·(.75, .65, .65) + .4·(1, 1, .7); o_W: cap·(.6·(.15, .35, .45) + .4·(.1375, .35, .35))
    incumbent = np.array([0.85, 0.79, 0.67])
    rival = np.array([0.55 * 0.145, 0.85 * 0.35, 0.41])
    w = np.array([0.45, 0.30, 0.25])
    R, W = w @ incumbent, w @ rival
    assert paths.arrays["seats"][0, :, :, 0] == pytest.approx(np.stack([incumbent, rival]))
    assert paths.outcome("tilt")[0, 0] == pytest.approx(W - R)
    assert paths.outcome("breadth")[0, 0] == pytest.approx(2 * W / (R + W))
    assert paths.outcome("level")[0, 0] == pytest.approx(R)
    assert paths.outcome("split")[0, 0] == pytest.approx(w @ np.abs(rival - incumbent - (W - R)))
    # h = Σ w·(.6, .2, .6) = .48
    assert paths.outcome("hostility")[0, 0] == pytest.approx(0.48)
    assert paths.outcome("strain")[0, 0] == pytest.approx((R * W * 0.48) ** (1 / 3))


def test_net_seats_let_hostility_eat_into_membership():
    net = fixed_parameters(with_parameters(bundled(), net_seats=1.0))
    # apart: .6·0 + .4·1 = .4; net: .6·(−.5) + .4 = .1
    assert position.occupancy(a(-0.5), a(1.0), P)[0] == pytest.approx(0.4)
    assert position.occupancy(a(-0.5), a(1.0), net)[0] == pytest.approx(0.1)
    assert position.occupancy(a(-0.9), a(1.0), net)[0] == 0.0


def test_transit_caps_the_rivals_economic_seat():
    paths = run(with_dated(quiet(3), condition(1, "transit", 0.6)))
    seat = paths.outcome("seat:rival:economy")[:, 0]
    assert seat[1] == pytest.approx(0.6 * seat[0])
    for other in ("security", "politics"):
        assert np.ptp(paths.outcome(f"seat:rival:{other}")) == 0.0


def test_loss_is_measured_from_the_tolerated_tilt():
    assert position.loss(a(-0.30), P)[0] == pytest.approx(0.0, abs=1e-12)
    assert position.loss(a(-0.04), P)[0] == pytest.approx(0.26 / 1.3)


def test_hostility_takes_from_a_seat_only_where_net_seats_are_on():
    half = parameters(net_seats=0.5)
    assert position.occupancy(a(-0.5), a(1.0), half)[0] == pytest.approx(0.4)


def test_breadth_and_level_of_seats_by_hand():
    R, W = a(0.6, 0.2, 0.0, 0.5), a(0.2, 0.6, 0.0, 0.0)
    assert position.breadth(R, W) == pytest.approx(a(0.5, 0.5, 0.0, 0.0))
    assert position.breadth(a(0.001), a(0.003))[0] == pytest.approx(0.5)
    assert position.level(R, W).tolist() == [0.6, 0.6, 0.0, 0.5]


def test_poles_that_are_friends_are_not_hostile_and_strain_nobody():
    w, foe = a(0.45, 0.30, 0.25)[:, None], a(-0.8, -0.4, 0.2)[:, None]
    # −½·[.45·(−.8 − .6) + .30·(−.4 − .6) + .25·(.2 − .6)] = .515
    assert position.hostility(foe, np.full((3, 1), -0.6), w)[0] == pytest.approx(0.515)
    assert position.hostility(-foe, np.full((3, 1), 0.6), w)[0] == 0.0
    assert position.strain(a(0.5), a(0.4), a(0.04))[0] == pytest.approx(0.2)
    assert position.strain(a(0.5), a(0.4), a(0.0))[0] == 0.0


def test_a_patron_loses_by_tilt_away_from_itself():
    p = parameters(tolerated_tilt=0.2)
    for seat, sign in ((0, 1.0), (1, -1.0)):
        assert position.loss_of(a(0.6 * sign), p, seat)[0] == pytest.approx(0.5)
        assert position.loss_of(a(-0.6 * sign), p, seat)[0] == 0.0
