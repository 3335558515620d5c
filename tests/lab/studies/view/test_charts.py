"""The charts of the page say what the worlds say, and load nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest

from builders import bundled
from two_chairs.axes import REGIMES
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.style import PATRON_COLOURS, REGIME_COLOURS
from two_chairs_lab.studies.view import charts, details, events, first_look, marks, why
from two_chairs_lab.studies.view.runs import MAIN

pytestmark = [pytest.mark.unit, pytest.mark.long]


@pytest.fixture(scope="module")
def scenario():
    return bundled()


@pytest.fixture(scope="module")
def paths(scenario):
    return Ensemble(scenario, 20).batch().model(MAIN).run()


@pytest.fixture(scope="module")
def changed(scenario):
    return Ensemble(scenario.without("C07"), 20).batch().model(MAIN).run()


def walked(value):
    """Yield every mapping in a specification, however deep."""
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from walked(entry)


def test_the_first_look_tells_the_quantiles_of_each_week(scenario, paths, changed):
    spec = first_look.main_chart(scenario, changed, paths)
    rows = spec["data"]["values"]
    assert [row["date"] for row in rows] == [day.isoformat() for day in paths.dates]
    seats = changed.outcome("incumbent_seat"), paths.outcome("incumbent_seat")
    for row, now, was in zip(rows, *seats, strict=True):
        assert row["mid0"] == pytest.approx(np.median(now), abs=1e-4)
        assert row["low0"] == pytest.approx(np.quantile(now, 0.05), abs=1e-4)
        assert row["was0"] == pytest.approx(np.median(was), abs=1e-4)
    shares = [sum(v for key, v in row.items() if key.startswith("share")) for row in rows]
    assert max(shares) <= 1.0 + 1e-3


def test_the_first_look_names_every_event_with_its_words(scenario, paths):
    spec = first_look.main_chart(scenario, paths)
    told = {m["id"]: m["what"] for m in walked(spec) if "what" in m and "lane" in m}
    acting = {event.id: event.says for event in scenario.events if event.weight_high > 0.0}
    assert told == acting


def test_one_palette_by_role(scenario, paths):
    text = json.dumps(first_look.main_chart(scenario, paths))
    seen = [regime for regime in REGIMES if np.any(paths.regime_share(regime) > 0.0)]
    for colour in (*PATRON_COLOURS.values(), *(REGIME_COLOURS[regime] for regime in seen)):
        assert colour in text


def test_a_chart_is_plain_data_and_names_no_address(scenario, paths, changed):
    series = first_look.seats_of(scenario, changed, paths)
    tilt = changed.outcome("tilt")[-1], paths.outcome("tilt")[-1]
    for spec in (
        first_look.main_chart(scenario, changed, paths),
        charts.fan_chart(scenario, paths.dates, series, "t", None),
        charts.histogram(*tilt, "t", "#123456"),
        charts.plane_chart(scenario, changed, 100, paths),
    ):
        assert "http" not in json.dumps(spec, allow_nan=False)
        assert spec["usermeta"]["embedOptions"]["actions"]["export"]
        assert not spec["usermeta"]["embedOptions"]["actions"]["editor"]


def test_a_lone_week_is_drawn_to_its_sunday(scenario, paths):
    rows = marks.rows_of(paths.dates[:1], {"v": np.array([0.5])})
    assert [row["date"] for row in rows] == ["2020-01-06", "2020-01-12"]
    assert [row["v"] for row in rows] == [0.5, 0.5]


def test_bars_of_causes_go_from_start_to_end(scenario):
    from two_chairs_lab.studies.explain.study import explain

    found = explain(Ensemble(scenario, 4), "tilt", "2020-01-06:2021-12-27")
    first, *causes, last = why.cause_rows(found)
    at = first["end"]
    for row in causes:
        assert row["begin"] == pytest.approx(at)
        at = row["end"]
    assert at == pytest.approx(last["end"])
    days = [row["label"].split(":")[0] for row in causes]
    assert days.index("27 Sep 2020") < days.index("12 May 2021")


def test_levels_are_shares_of_worlds():
    levels = details.level_shares(np.array([[0.0, 0.34, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]]))
    assert {name: share.tolist() for name, share in levels.items()} == {
        "0.0": [0.25, 0.0], "0.3": [0.25, 0.0], "1.0": [0.5, 1.0],
    }  # fmt: skip
    assert len(set(details.level_colours(3))) == 3


def test_events_are_grouped_by_attack_and_by_who_acts(scenario):
    groups = events.groups_of(scenario)
    assert set(groups[events.EVERY]) == {event.id for event in scenario.events}
    assert set(groups["acts of US/EU"]) == {e.id for e in scenario.events if e.actor == "WST"}
    assert {"C02", "C03", "C07"} <= set(groups[events.ATTACKS])


def test_events_are_found_by_every_word(scenario):
    every = [event.id for event in scenario.events]
    found = events.found_events(scenario, every, "attack 2022 azerbaijan")
    assert [event.id for event in found] == ["C03"]
    assert events.found_events(scenario, every, "no-such-word") == []
