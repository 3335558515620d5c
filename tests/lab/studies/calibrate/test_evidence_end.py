"""Evidence with an end: what comes after it is not fitted, what comes before it not predicted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from commands import PLANS, refused, two_chairs
from two_chairs.errors import Caution
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.studies.calibrate.posterior import (
    PosteriorSample,
    frozen_scenario,
    prior_columns,
)
from two_chairs_lab.studies.calibrate.predictions import (
    attacks_on_record,
    run_predictions,
    statements,
)
from two_chairs_lab.studies.calibrate.study import CalibrationPlan, read_plan, resolve

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]
LATE = (
    "iri-russia-good-2023-12",
    "iri-russia-political-partner-2023-12",
    "iri-russia-security-partner-2023-12",
)


def plan_of(text: str = "", old: str = "", new: str = "") -> Path:
    path = Path("plan.toml")
    plan = (PLANS / "calibration.toml").read_text(encoding="utf-8")
    assert old in plan
    path.write_text(
        plan.replace("seed = 2023\n", f"seed = 2023\n{text}", 1).replace(old, new, 1),
        encoding="utf-8",
    )
    return path


def scenario_of(text: str) -> str:
    head = 'title = "t"\nquestion = "?"\nextends = "armenia/baseline"\n'
    Path("own.toml").write_text(head + text, encoding="utf-8")
    return "own.toml"


def test_answers_after_the_end_are_left_out_and_named():
    path = plan_of("evidence_until = 2023-06-30\n")
    calibration = resolve(read_plan(path), str(path))
    assert calibration.left_out == LATE
    assert not set(LATE) & {seen.id for seen in calibration.observations}
    assert calibration.survey.shares.size == len(calibration.observations) == 14
    said = two_chairs("check", path).stdout
    assert f"14 answers ({', '.join(LATE)} left out: after the evidence ends)" in said


def test_the_scenario_may_say_where_the_evidence_ends():
    scenario_of("evidence_until = 2023-06-30\n")
    path = plan_of("", 'scenario = "baseline"', 'scenario = "own.toml"')
    assert resolve(read_plan(path), str(path)).left_out == LATE
    assert load_scenario("armenia/baseline").evidence_until == date(2023, 12, 31)


def test_a_question_without_an_answer_in_the_evidence_is_refused():
    path = plan_of("evidence_until = 2019-01-31\n")
    assert "has no answer up to 2019-01-31, where the evidence ends; leave" in refused(
        "check", path
    )


@pytest.mark.parametrize("old", ["2024-09-15", "2024-09-01"])
def test_dates_in_the_evidence_are_no_predictions(old):
    path = plan_of("", old, "2023-12-31")
    message = "2023-12-31 is no date to predict: the evidence ends on 2023-12-31; name a later one"
    assert message in refused("predict", path)


@pytest.mark.long
def test_the_draws_and_the_predictions_say_where_the_evidence_ends():
    path = plan_of("evidence_until = 2023-06-30\n")
    calibration = resolve(read_plan(path), str(path))
    drawn = prior_columns(calibration, 10)
    made = frozen_scenario(calibration, PosteriorSample(drawn, np.empty((0, 10)), 10.0, 10, 0.5))
    assert made.posterior.fitted.evidence_until == date(2023, 6, 30)
    assert made.posterior.fitted.case == "armenia"
    plan = read_plan(PLANS / "calibration.toml")
    said = statements(run_predictions(plan, load_scenario(plan.scenario), 2))
    assert said["evidence_until"] == "2023-12-31"


def happened(plan: CalibrationPlan, scenario: str, days: list[date]) -> dict[str, dict[str, float]]:
    wanted = plan.predictions.model_copy(update={"by": tuple(days)})
    asked = plan.model_copy(update={"predictions": wanted})
    return statements(run_predictions(asked, load_scenario(scenario), 8))["by"]


@pytest.mark.long
def test_what_is_on_record_counts_as_happened():
    plan = read_plan(PLANS / "calibration.toml")
    own = scenario_of(
        'agents_act_from = 2025-01-06\n[[interventions]]\nid = "freeze"\ndate = 2024-02-26\n'
        'institution = "CSTO"\nlevel = 0.5\nsource = "made up"\n[[add]]\nid = "strike"\n'
        'date = 2025-03-03\nactor = "AZE"\ntarget = "ARM"\naction = "use-military-force"\n'
        'severity = 0.9\ncoverage = 1.0\ndefended = false\ndocument = "x"\nsays = "An attack."\n'
    )
    found = happened(plan, own, [date(2024, 9, 1), date(2025, 2, 24), date(2025, 3, 31)])
    assert found["2024-09-01"]["csto_frozen"] == 1.0
    assert found["2025-02-24"]["new_attack"] < 1.0
    assert found["2025-03-31"]["new_attack"] == 1.0


def test_an_attack_on_record_is_that_of_its_actor_in_its_weeks():
    scenario = load_scenario("armenia/baseline")
    event = next(event for event in scenario.events if event.is_attack)
    week, outcome = scenario.week_of(event.date), f"chose:{event.actor}:ATTACK"
    assert attacks_on_record(scenario, outcome, week, week)
    assert not attacks_on_record(scenario, outcome, week + 1, week + 1)
    assert not attacks_on_record(scenario, "chose:RUS:ATTACK", week, week)


LEDGER = (
    "id,date,actor,target,action,document,says\n"
    "N1,2024-03-04,RUS,ARM,make-statement,x,said\nN2,2024-05-06,ARM,WST,make-statement,x,said\n"
)


def test_recorded_events_on_top_of_acting_agents_draw_a_warning():
    Path("new.csv").write_text(LEDGER, encoding="utf-8")
    own = scenario_of('add_events = ["new.csv"]\n')
    with pytest.warns(
        Caution, match=r"2 recorded events fall after 2023-12-04, .* act from 2024-05"
    ):
        load_scenario(own)
    later = scenario_of('add_events = ["new.csv"]\nagents_act_from = 2024-05-06\n')
    assert two_chairs("check", later).stderr == ""
    supposed = scenario_of(
        '[[add]]\nid = "N1"\ndate = 2024-03-04\nactor = "RUS"\ntarget = "ARM"\n'
        'action = "make-statement"\ndocument = "x"\nsays = "said"\n'
    )
    assert two_chairs("check", supposed).stderr == ""


@pytest.mark.long
def test_a_result_says_to_which_day_the_record_is_complete_and_how_old_it_is():
    ran = two_chairs("run", "baseline", "--worlds", "2", "--figures", "none")
    text = " ".join(ran.stdout.split())
    assert "The record, complete to 4 Dec 2023" in text
    assert "Armenia and Azerbaijan 30 Nov 2023 4 days" in text
    assert "record complete to 4 Dec 2023;" in text
    found = json.loads(two_chairs("run", "baseline", "--worlds", "2", "--json").stdout)
    assert found["record"]["complete_to"] == "2023-12-04"
    assert found["record"]["last_events"]["Armenia and Russia"] == "2023-11-23"
    Path("bare.toml").write_text(
        'title = "t"\nquestion = "?"\ncase = "armenia"\nstart = 2020-01-06\nend = 2020-03-02\n'
        "events = []\n", encoding="utf-8",
    )  # fmt: skip
    bare = " ".join(
        two_chairs("run", "bare.toml", "--worlds", "2", "--figures", "none").stdout.split()
    )
    assert "The record, never said to be complete, seen from 2 Mar 2020" in bare
    assert "Armenia and Russia none" in bare
    assert "record complete" not in bare
