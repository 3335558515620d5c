"""The commands list, check and show as a user meets them."""

from __future__ import annotations

import json

import pytest

from commands import two_chairs
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.records import Scenario

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]


def test_list_names_every_scenario_and_its_question():
    listed = json.loads(two_chairs("list", "--json").stdout)
    assert set(listed) == set(bundled_scenarios())
    assert listed["armenia/article"]["question"].endswith("?")
    assert "syunik-offensive-defended" in two_chairs("list").stdout


def test_check_says_what_is_good():
    path = bundled_scenarios()["armenia/baseline"]
    result = two_chairs("check", str(path), str(path.parent / "events" / "article.csv"))
    assert result.exit_code == 0
    assert result.stdout.count("good") == 2


@pytest.mark.parametrize("name", ["baseline", "armenia/baseline"])
def test_check_takes_a_name_as_other_commands_do(name):
    result = two_chairs("check", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{name}: scenario of 365 weeks")


@pytest.mark.long
def test_show_gives_the_resolved_scenario_and_differences():
    shown = two_chairs("show", "no-attacks").stdout
    assert "S01" in shown
    assert "C03" not in shown
    assert Scenario.model_validate_json(two_chairs("show", "baseline", "--json").stdout)
    difference = json.loads(
        two_chairs("show", "no-2020-war", "--against", "baseline", "--json").stdout
    )
    dropped = {"events[S03]", "events[S09]", "events[C01]"}
    assert set(difference) == {*dropped, "postures[2020-09-27]", "postures[2022-10-01]"}
    assert "same scenario" in two_chairs("show", "baseline", "--against", "baseline").stdout
