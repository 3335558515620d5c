"""The Philippines: the other pole is the threat, two turns, and a notice that is taken back."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.simulation import Simulation

WORLDS = 64


def ran(name):
    return Simulation(load_scenario(name), range(WORLDS), seed=0, vary=True).run()


@pytest.fixture(scope="module")
def baseline():
    return ran("philippines/baseline")


@pytest.mark.property
def test_the_other_pole_is_the_only_threat_and_the_record_ends_with_2023():
    scenario = load_scenario("philippines/baseline")
    case = scenario.case
    assert case.with_role("rival") == "CHN"
    assert [case.actor_ids()[index] for index, _ in case.threats()] == ["CHN"]
    assert {"OFFER", "COERCE", "ATTACK"} < set(case.options("CHN"))
    assert 12 <= len(scenario.events) <= 25
    assert all(event.document == "memory" for event in scenario.events)
    assert max(event.date for event in scenario.events) < datetime.date(2024, 1, 1)


@pytest.mark.property
@pytest.mark.long
@pytest.mark.parametrize(("day", "toward"), [((2016, 6, 30), "CHN"), ((2022, 6, 30), "USA")])
def test_a_turn_of_leader_shifts_regard_in_its_week(baseline, day, toward):
    week = baseline.week_of(datetime.date(*day))
    for patron in ("USA", "CHN"):
        regard = baseline.outcome(f"PHL>{patron}:politics")
        moved = regard[week] - regard[week - 1]
        assert (moved > 0.05).all() if patron == toward else (moved < -0.05).all()


@pytest.mark.property
@pytest.mark.long
def test_in_recorded_years_the_posture_on_record_is_in_force(baseline):
    scenario = load_scenario("philippines/baseline")
    cut_off = scenario.week_of(scenario.agents_act_from)
    begins = {"LOYAL": (2012, 1, 2), "HEDGE": (2016, 7, 4), "again": (2023, 2, 6)}
    first, then, last = (baseline.week_of(datetime.date(*day)) for day in begins.values())
    assert (baseline.outcome("posture:LOYAL")[first:then] == 1).all()
    assert (baseline.outcome("posture:HEDGE")[then:last] == 1).all()
    assert (baseline.outcome("posture:LOYAL")[last:cut_off] == 1).all()


@pytest.mark.property
@pytest.mark.long
def test_a_notice_that_is_taken_back_ends_nothing(baseline):
    assert (baseline.outcome("institution:VFA") == 1.0).all()
    paths = ran("philippines/forces-leave")
    given = paths.week_of(datetime.date(2020, 2, 11))
    level = paths.outcome("institution:VFA")[:, 0]
    assert (level[given + 25], level[given + 26]) == (1.0, 0.0)


@pytest.mark.property
@pytest.mark.long
def test_an_attack_by_china_tests_america_and_not_china(baseline):
    scenario = load_scenario("philippines/baseline")
    before = scenario.week_of(scenario.agents_act_from) - 1
    attacks = baseline.outcome("chose:CHN:ATTACK")
    attacked = attacks[-1] > attacks[before]
    assert 0.1 < attacked.mean() < 0.9
    assert np.allclose(np.ptp(baseline.outcome("belief:rival"), axis=0), 0.0)
    standoff = baseline.week_of(datetime.date(2012, 4, 10))
    belief = baseline.outcome("belief:incumbent")
    assert (belief[standoff] < belief[standoff - 1]).all()


@pytest.mark.property
@pytest.mark.long
def test_a_share_of_what_japan_gives_counts_toward_america(baseline):
    week = baseline.week_of(datetime.date(2023, 11, 3))
    regard = baseline.outcome("PHL>USA:security")
    assert (regard[week] > regard[week - 1]).all()
