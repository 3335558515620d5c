"""How well a run knows its shares, and the reference beside a what-if."""

from __future__ import annotations

import json

import pytest

from commands import two_chairs
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.run import study
from two_chairs_lab.studies.run.study import run_result, worst_error

SCENARIO = load_scenario("baseline", {"κ_r": 1.1})


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(study, "CHUNK", 64)
    monkeypatch.setattr(study, "MOST", 256)


@pytest.mark.long
@pytest.mark.usefixtures("small_chunks")
def test_a_run_goes_on_in_whole_chunks_until_its_shares_are_known():
    result = run_result(Ensemble(SCENARIO, 40), None, until=9.0)
    worlds = result.ensemble.worlds
    assert worlds in {64, 128, 192}
    assert 100 * worst_error(SCENARIO, result.paths) <= 9.0
    whole = run_ensemble(Ensemble(SCENARIO, worlds))
    assert (whole.outcome("tilt") == result.paths.outcome("tilt")).all()
    assert result.sentences()[0].startswith(f"It took {worlds} worlds until every share is known")


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.slow
def test_a_run_stops_at_the_cap_and_says_so():
    result = run_result(Ensemble(SCENARIO, 40), None, until=1.0)
    assert result.ensemble.worlds == 256
    assert result.sentences()[0].startswith("Stopped at 256 worlds, the most that are run: shares")


@pytest.mark.long
def test_every_share_and_median_that_is_stored_has_its_error():
    told = json.loads(two_chairs("run", "--worlds", 40, "--json").stdout)
    errors, weeks = told["monte_carlo_errors"], len(told["dates"])
    assert {len(errors[name]) for name in study.FAN_INDICES} == {weeks}
    assert {len(error) for error in errors["regime_shares"].values()} == {weeks}
    assert all(0.0 < entry["error"] < 0.5 for entry in told["expectations"])
    one = json.loads(two_chairs("run", "--worlds", 1, "--json").stdout)
    assert one["monte_carlo_errors"]["tilt"] is None


@pytest.mark.long
def test_a_what_if_shows_what_it_extends_beside(tmp_path):
    shown = two_chairs("run", "no-2020-war", "--worlds", 4, "--json")
    assert shown.exit_code == 0
    scenario = load_scenario("no-2020-war")
    result = run_result(Ensemble(scenario, 4), None, reference=load_scenario("baseline"))
    assert result.reference is not None
    assert "Beside it the reference, Baseline" in " ".join(result.sentences())
    other = run_ensemble(Ensemble(load_scenario("baseline"), 4))
    assert (result.reference.paths.outcome("tilt") == other.outcome("tilt")).all()
