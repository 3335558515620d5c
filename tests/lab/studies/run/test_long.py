"""Runs of any length, cases with any number of actors and series: what figures and tables hold."""

from __future__ import annotations

import datetime

import matplotlib as mpl
import numpy as np
import pytest

from builders import bundled, quiet
from two_chairs.outcomes import cast_of
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Actor
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.style import STYLE, new_figure
from two_chairs_lab.render.numbers import year_step
from two_chairs_lab.studies.report.chart import MOST_LABELS, _years
from two_chairs_lab.studies.run.figures import _points, taking_part
from two_chairs_lab.studies.run.summary import MOST_YEARS, regime_table

pytestmark = pytest.mark.unit


def run_of(first: int, last: int):
    """Return a scenario from a year to another, and a path in which all worlds hold one regime."""
    scenario = quiet(2).model_copy(
        update={"start": datetime.date(first, 1, 7), "end": datetime.date(last, 12, 20)}
    )
    regime = np.ones((scenario.weeks, 2), dtype=np.int64)
    return scenario, Trajectory(scenario.mondays(), cast_of(scenario.case), {"regime": regime})


@pytest.mark.parametrize(
    ("first", "last", "columns"),
    [
        (2020, 2023, ("2020", "2021", "2022", "2023")),
        (2000, 2011, tuple(map(str, range(2000, 2012)))),
        (2000, 2012, ("2000–09", "2010–12")),
        (1944, 1990, ("1944–49", "1950–59", "1960–69", "1970–79", "1980–89", "1990")),
    ],
)
def test_shares_stand_by_year_and_in_long_runs_by_decade(first, last, columns):
    table = regime_table(*run_of(first, last))
    assert table.columns[1:] == columns
    assert ("decade" in table.title) == (last - first >= MOST_YEARS)
    assert {cell.split(" %")[0] for row in table.rows for cell in row[1:]} == {"0", "100"}


@pytest.mark.parametrize(("first", "last"), [(2020, 2026), (1944, 1995), (1913, 2012)])
def test_the_chart_of_a_report_names_as_many_years_as_have_room(first, last):
    scenario, _ = run_of(first, last)
    named = [int(mark.words) for mark in _years(scenario)]
    assert 2 <= len(named) <= MOST_LABELS
    assert {year % year_step(first, last, MOST_LABELS) for year in named} == {0}


def test_every_series_is_drawn():
    seen = bundled().observations[0]
    series = [
        seen.model_copy(update={"id": f"O{n}", "question": f"question {n}"}) for n in range(9)
    ]
    with mpl.rc_context(STYLE):
        axes = new_figure(4, 3).subplots()
        labels = _points(axes, series, lambda o: o.question, "black", frozenset())
    assert len(labels) == len(axes.containers) == 9


def test_bystanders_without_a_recorded_act_have_no_panels():
    scenario = bundled()
    case = scenario.case
    more = {
        "GEO": Actor(name="Georgia", role="bystander"),
        "IRN": Actor(name="Iran", role="bystander"),
    }
    event = scenario.events[0].model_copy(update={"actor": "GEO"})
    wide = scenario.model_copy(
        update={"case": case.model_copy(update={"actors": case.actors | more}), "events": (event,)}
    )
    assert list(taking_part(wide)) == [*case.actors, "GEO"]


def test_no_row_of_one_cases_ledger_stands_in_the_programs_own_notes():
    for info in PARAMETERS.values():
        said = f"{info.meaning} {info.reference}"
        assert "ledger row" not in said, info.name
        for actor in bundled().case.actors.values():
            assert actor.name not in said, info.name
