"""Scenarios written whole, as TOML that reads back."""

from __future__ import annotations

import datetime

import pytest

from builders import bundled, mostly_long
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.write import toml, write_complete

pytestmark = pytest.mark.format

DAY = datetime.date(2024, 6, 3)


@pytest.mark.parametrize("name", mostly_long(bundled_scenarios()))
def test_a_resolved_scenario_is_written_whole(name, tmp_path):
    scenario = bundled(name)
    again = load_scenario(str(write_complete(scenario, tmp_path)))
    left_out = {"expect", "targets"}
    assert again.model_dump(exclude=left_out) == scenario.model_dump(exclude=left_out)


def test_toml_reads_back_what_was_written():
    import tomllib

    table = {
        "text": 'a "b" \\ \n \x7f \x01 é',
        "numbers": [1, 2.5, 1e-9, -0.0],
        "on": True,
        "day": DAY,
        "table": {"χ": 0.1, "in ner": {"x": [1]}},
        "rows": [{"id": "a", "w": {"y": False}}, {"id": "b"}],
    }
    assert tomllib.loads(toml(table)) == table
