"""Georgia: the old chair is the Western one, and the pivot can turn East."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.simulation import Simulation


def ran(name, worlds=48):
    return Simulation(load_scenario(name), range(worlds), seed=0, vary=True).run()


@pytest.mark.property
def test_the_west_is_the_old_patron_and_russia_both_rival_and_threat():
    scenario = load_scenario("georgia/baseline")
    case = scenario.case
    assert (case.with_role("incumbent"), case.with_role("rival")) == ("WST", "RUS")
    assert [case.actor_ids()[index] for index, _ in case.threats()] == ["RUS"]
    assert "COERCE" not in case.repertoire("incumbent")
    assert 12 <= len(scenario.events) <= 25
    assert all(event.document == "from memory" for event in scenario.events)
    assert scenario.events[-1].date.year == 2023


@pytest.mark.property
@pytest.mark.long
@pytest.mark.slow
def test_georgia_turns_east_where_the_west_looks_away_and_russia_does_not_press():
    turned = [
        ran(name).outcome("posture:PIVOT")[-1].mean()
        for name in ("georgia/baseline", "georgia/east-opens")
    ]
    assert turned[0] < turned[1]
    assert 0.1 < turned[1] < 1.0


@pytest.mark.property
@pytest.mark.long
def test_the_war_of_2008_tests_the_west_and_not_the_attacker():
    scenario = load_scenario("georgia/baseline")
    war = next(event for event in scenario.events if event.is_attack)
    week = scenario.week_of(war.date)
    paths = ran("georgia/baseline", 4)
    west, russia = (paths.outcome(f"belief:{patron}") for patron in ("incumbent", "rival"))
    assert (west[week] < west[week - 1]).all()
    assert np.allclose(russia[week], russia[week - 1])
