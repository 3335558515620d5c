"""Default dates of a comparison follow the first difference between the scenarios."""

from __future__ import annotations

from datetime import date

import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.studies.compare.study import dates_of, first_difference

pytestmark = pytest.mark.unit
BASE = load_scenario("baseline")


def dates(*others: str) -> tuple[date, ...]:
    scenarios = [BASE, *(load_scenario(name) for name in others)]
    return dates_of(scenarios, BASE.start, BASE.end)


@pytest.mark.long
def test_scenarios_that_part_before_the_cut_off_are_compared_there():
    assert first_difference(BASE, load_scenario("no-2020-war")) == date(2020, 9, 27)
    assert dates("no-2020-war") == (BASE.agents_act_from, BASE.end)


@pytest.mark.long
def test_scenarios_that_part_later_are_compared_half_a_year_after():
    parted = first_difference(BASE, load_scenario("peace-treaty"))
    assert parted > BASE.agents_act_from
    first, last = dates("peace-treaty")
    assert 175 <= (first - parted).days <= 182
    assert last == BASE.end
    assert dates("peace-treaty", "no-2020-war")[0] == BASE.agents_act_from


def test_another_parameter_is_a_difference_from_the_start():
    assert first_difference(BASE, load_scenario("baseline", {"κ_r": 1.1})) == BASE.start
