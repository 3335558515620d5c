"""Cases as names, through every entrance: what is named, what is run, where results go."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commands import refused, two_chairs
from two_chairs.scenario.library import bundled_case
from two_chairs_lab.connectors.notebook import run
from two_chairs_lab.designs.plans import find_plan, open_plan
from two_chairs_lab.studies.claim.files import read_claim
from two_chairs_lab.studies.sweep.study import Plan

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("own")]

SCENARIO = """
title = "Mine"
question = "Where?"
start = 2020-01-06
end = 2020-03-30
events = []
"""
CLAIM = """
title = "t"
question = "?"
says = "It never leaves."
points = 2
replicates = 2
[test]
kind = "never"
claimed = "left"
since = 2020-01-06
until = 2020-03-30
states = { left = "institution:CSTO <= 0" }
"""
PLAN = 'title = "t"\nquestion = "?"\nreplicates = 2\npoints = 2\ndesign = "lhs"\n'


@pytest.fixture
def own(elsewhere, monkeypatch):
    """Stand in a case folder of one's own."""
    folder = elsewhere / "mine"
    for name in ("plans", "claims"):
        (folder / name).mkdir(parents=True)
    text = bundled_case().read_text(encoding="utf-8")
    text = re.sub("title = .*", 'title = "Mine"', text, count=1)
    for path, content in {
        "case.toml": text, "baseline.toml": SCENARIO, "other.toml": SCENARIO,
        "claims/stays.toml": CLAIM, "plans/small.toml": PLAN,
    }.items():  # fmt: skip
        (folder / path).write_text(content, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def left(*words):
    """Give a command and return the folders of results that it leaves."""
    assert two_chairs(*words).exit_code == 0
    return sorted(str(path.parent) for path in Path().rglob("results/**/manifest.json"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "folder"),
    [
        ("run --worlds 2 --figures none", "baseline"),
        ("run mine/other --worlds 2 --figures none", "other"),
        ("compare baseline other --worlds 2 --figures none", "compare-baseline-other"),
        ("claim stays --figures none", "claim-stays"),
        ("sweep small", "sweep-small"),
        ("sweep baseline --param fear --replicates 2", "sweep-baseline"),
        ("sensitivity --points 64 --outcome tilt --figures none", "sensitivity-baseline"),
    ],
)
def test_bare_names_mean_the_case_at_hand_and_results_lie_below_its_name(words, folder):
    assert left(*words.split()) == [f"results/mine/{folder}"]
    manifest = json.loads(Path(f"results/mine/{folder}/manifest.json").read_text("utf-8"))
    assert "Armenia between" not in json.dumps(manifest)


@pytest.mark.long
def test_another_case_is_run_by_its_full_name_beside_ones_own():
    left("run", "--worlds", "2", "--figures", "none")
    folders = left("run", "armenia/baseline", "--worlds", "2", "--figures", "none")
    assert folders == ["results/armenia/baseline", "results/mine/baseline"]


def test_plans_and_claims_that_name_no_scenario_take_that_of_their_own_folder(own, monkeypatch):
    monkeypatch.chdir(own.parent.parent)
    claim, plan = own / "claims" / "stays.toml", own / "plans" / "small.toml"
    assert read_claim(str(claim)).file.scenario == str(own / "baseline.toml")
    assert open_plan(plan).as_record(Plan).scenarios == (str(own / "baseline.toml"),)
    assert read_claim("first-breaking-point").file.scenario == "armenia/baseline"


def test_a_plan_in_no_case_that_names_no_scenario_is_told_what_it_is_read_as(elsewhere):
    (elsewhere / "none").mkdir()
    path = elsewhere / "none" / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    with pytest.warns(UserWarning, match="in no case; read as armenia/baseline$"):
        assert open_plan(path).as_record(Plan).scenarios == ("armenia/baseline",)


def test_a_plan_finds_no_scenario_outside_its_case(own):
    (own / "plans" / "small.toml").write_text(PLAN + 'scenarios = ["article"]\n', encoding="utf-8")
    message = refused("sweep", "small")
    assert message == (
        "error: plans/small.toml: scenarios: article: no scenario of this name stands in mine; "
        "choose one of baseline, other"
    )


def test_a_scenario_at_hand_goes_before_a_plan_of_the_default_case(own):
    assert find_plan("weights").path.parts[-3] == "armenia"
    (own / "weights.toml").write_text(SCENARIO, encoding="utf-8")
    assert find_plan("weights") is None


@pytest.mark.slow
def test_a_result_of_ones_own_case_is_reported_and_opened_again():
    left("run", "--worlds", "2", "--figures", "none")
    reported = two_chairs("report", "results/mine/baseline")
    assert reported.exit_code == 0
    assert Path("results/mine/baseline-report/report.md").is_file()


def test_the_list_has_ones_own_case_and_every_bundled_one():
    listed = json.loads(two_chairs("list", "--json").stdout)
    assert {"mine/baseline", "mine/other", "armenia/baseline"} <= set(listed)
    assert "mine: Mine" in two_chairs("list").stdout
    assert {"mine/stays", "armenia/first-breaking-point"} <= set(
        json.loads(two_chairs("claim", "--json").stdout)
    )


@pytest.mark.long
def test_python_takes_the_same_names():
    assert run(worlds=2).result.ensemble.scenario.full_name == "mine/baseline"
    assert run("armenia/article", worlds=1).result.ensemble.scenario.case.name == "armenia"
