"""Mondays and weeks."""

from __future__ import annotations

import datetime

import pytest

from builders import bundled, parameters
from two_chairs.vocabulary import monday
from two_chairs.world.state import start_state

pytestmark = pytest.mark.unit
P = parameters()


def test_mondays_and_weeks():
    assert monday(datetime.date(2020, 9, 27)) == datetime.date(2020, 9, 21)
    scenario = bundled()
    assert scenario.weeks == 365
    assert scenario.mondays()[-1] == datetime.date(2026, 12, 28)
    assert scenario.week_of(datetime.date(2023, 12, 10)) == 204
    state = start_state(scenario, 2, P)
    assert state.posture.tolist() == [0, 0]
