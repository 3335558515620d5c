"""Moldova: Russia is a patron of the state that it threatens."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.simulation import Simulation

WORLDS = 64


def ran(name):
    return Simulation(load_scenario(name), range(WORLDS), seed=0, vary=True).run()


@pytest.mark.property
def test_the_patron_of_old_is_the_only_threat():
    scenario = load_scenario("moldova/baseline")
    case = scenario.case
    assert case.with_role("incumbent") == "RUS"
    assert [case.actor_ids()[index] for index, _ in case.threats()] == ["RUS"]
    assert not any(actor.role == "adversary" for actor in case.actors.values())
    assert 12 <= len(scenario.events) <= 25
    assert all(event.document == "from memory" for event in scenario.events)


@pytest.mark.property
@pytest.mark.long
def test_russia_attacks_the_state_that_it_is_a_patron_of_and_the_west_is_tested():
    scenario = load_scenario("moldova/baseline")
    cut_off = scenario.week_of(scenario.agents_act_from)
    paths = ran("moldova/baseline")
    attacks = paths.outcome("chose:RUS:ATTACK")
    attacked = attacks[-1] > attacks[cut_off - 1]
    assert 0.05 < attacked.mean() < 0.5
    own, other = (paths.outcome(f"belief:{patron}") for patron in ("incumbent", "rival"))
    assert np.allclose(own, own[0])
    tested = np.ptp(other[cut_off - 1 :], axis=0) > 1e-9
    assert (tested == attacked).all()


@pytest.mark.property
@pytest.mark.long
def test_russia_attacks_more_once_the_war_elsewhere_is_over():
    during, after = (
        ran(name).outcome("chose:RUS:ATTACK")[-1].sum()
        for name in ("moldova/baseline", "moldova/war-ends")
    )
    assert after > during
