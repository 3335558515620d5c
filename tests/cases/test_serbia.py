"""Serbia: no adversary, a ladder of accession, and a policy that is on record."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.simulation import Simulation
from two_chairs_lab.studies.run.conventions import measured

WORLDS = 32


def ran(name, **options):
    return Simulation(load_scenario(name), range(WORLDS), seed=0, vary=True, **options).run()


@pytest.fixture(scope="module")
def baseline():
    return ran("serbia/baseline")


@pytest.mark.property
def test_nobody_threatens_and_the_record_ends_with_2023():
    scenario = load_scenario("serbia/baseline")
    assert scenario.case.threats() == ()
    assert set(scenario.case.conditions) == {"war_load", "engagement"}
    assert 12 <= len(scenario.events) <= 25
    assert all(event.document == "memory" for event in scenario.events)
    assert max(event.date for event in scenario.events) < datetime.date(2024, 1, 1)


@pytest.mark.property
@pytest.mark.long
def test_in_recorded_years_the_posture_on_record_is_in_force(baseline):
    scenario = load_scenario("serbia/baseline")
    cut_off = scenario.week_of(scenario.agents_act_from)
    assert (baseline.outcome("posture:HEDGE")[:cut_off] == 1).all()
    assert (baseline.outcome("posture:HEDGE")[cut_off:] != 1).any()


@pytest.mark.property
@pytest.mark.long
def test_nobody_attacks_and_belief_in_either_patron_stays(baseline):
    assert (baseline.arrays["defended"] == -1).all()
    for patron in ("incumbent", "rival"):
        assert np.allclose(np.ptp(baseline.outcome(f"belief:{patron}"), axis=0), 0.0)


@pytest.mark.property
@pytest.mark.long
def test_talks_are_a_rung_and_only_a_scenario_moves_the_vote(baseline):
    talks = baseline.week_of(datetime.date(2014, 1, 21))
    level = baseline.outcome("institution:EU")[:, 0]
    assert (level[talks - 1], level[talks]) == (0.45, 0.6)
    assert (baseline.outcome("institution:KOSOVO") == 1.0).all()


@pytest.mark.property
@pytest.mark.long
def test_gas_is_cut_at_once_and_the_vote_is_lost_after_its_notice():
    paths = ran("serbia/joins-sanctions")
    cut = paths.week_of(datetime.date(2022, 6, 1))
    gas, vote = (paths.outcome(f"institution:{tie}")[:, 0] for tie in ("ENERGY", "KOSOVO"))
    assert (gas[cut - 1], gas[cut]) == (1.0, 0.4)
    assert (vote[cut + 25], vote[cut + 26]) == (1.0, 0.3)


@pytest.mark.property
@pytest.mark.long
def test_a_case_without_a_road_is_measured_by_every_ruler(baseline):
    scenario = load_scenario("serbia/baseline")
    share = float(fixed_parameters(scenario).institution_share[0])
    own = [ruler for ruler in measured(scenario, baseline) if ruler.share == pytest.approx(share)]
    assert min(np.abs(ruler.tilt - baseline.outcome("tilt")).max() for ruler in own) < 1e-9
