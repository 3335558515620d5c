"""Comparisons: paired by luck, events dropped by a weight of zero, dates exchanged."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from builders import bundled, quiet, scenario_file, week, with_events
from builders import event as made_event
from two_chairs.errors import InputError, InternalError
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import CHUNK
from two_chairs_lab.statistics.summaries import share_interval
from two_chairs_lab.studies.compare.differences import difference
from two_chairs_lab.studies.compare.study import compare, drop_each
from two_chairs_lab.studies.compare.variants import (
    Variant,
    dependents,
    forced,
    outcomes_in,
    swapped,
    without_each,
)

pytestmark = [pytest.mark.unit, pytest.mark.long, pytest.mark.usefixtures("elsewhere")]

CUT_OFF = datetime.date(2023, 12, 4)
WORLDS = 12


@pytest.mark.parametrize("key", ["S03", "S20", "C01", "C11"])
def test_a_weight_of_zero_is_the_event_dropped_bit_for_bit(key):
    scenario = bundled()
    drawn = TwoChairs(scenario, range(WORLDS), vary=True).weights
    wide = np.broadcast_to(drawn[key], (WORLDS,))
    tiled = np.tile(np.arange(WORLDS), 2)
    weights = {key: np.concatenate([wide, 0.0 * wide])}
    both = TwoChairs(scenario, tiled, vary=True, event_weights=weights).run()
    whole = TwoChairs(scenario, range(WORLDS), vary=True).run()
    dropped = TwoChairs(scenario.without(key), range(WORLDS), vary=True).run()
    for name, values in both.arrays.items():
        assert np.array_equal(values[..., :WORLDS], whole.arrays[name]), name
        assert np.array_equal(values[..., WORLDS:], dropped.arrays[name]), name
    assert not np.array_equal(whole.outcome("tilt"), dropped.outcome("tilt"))


def test_weights_for_no_event_are_refused():
    with pytest.raises(InternalError, match="weights are given for no event: S99"):
        TwoChairs(bundled(), event_weights={"S99": np.ones(1)})


@pytest.mark.parametrize("key", ["S01", "S31", "C07"])
def test_an_event_left_out_is_a_scenario_file_that_drops_it(key):
    scenario = load_scenario(scenario_file("less", f'drop = ["{key}"]\n'))
    made = bundled().without(key)
    told = {"name", "title", "question", "note", "expect"}
    assert made.model_dump(exclude=told) == scenario.model_dump(exclude=told)


def test_a_scenario_differs_from_itself_in_nothing():
    ensemble = Ensemble(bundled(), WORLDS)
    made = compare(ensemble, ensemble, labels=["one", "other"])
    found = made.differences(made.others[0])
    assert len(found) == 2 * 20
    for entry in found:
        assert entry.value == entry.above == entry.below == 0.0
        assert entry.reference == entry.other


@pytest.mark.slow
def test_differences_are_those_of_runs_with_the_same_luck():
    one, other = (Ensemble(bundled(name), CHUNK + 8) for name in ("baseline", "no-attacks"))
    made = compare(one, other)
    assert made.dates == (CUT_OFF, bundled().end)
    here, there = run_ensemble(one), run_ensemble(other)
    found = {(d.outcome, d.day): d for d in made.differences(made.others[0])}
    place = here.week_of(CUT_OFF)
    for name in ("tilt", "coercion", "ARM>RUS:security"):
        paired = there.outcome(name)[place] - here.outcome(name)[place]
        entry = found[name, CUT_OFF]
        assert [entry.low, entry.value, entry.high] == np.quantile(
            paired, [0.05, 0.5, 0.95]
        ).tolist()
        assert entry.above == np.mean(paired > 0)
    entry = found["regime:two-chairs", CUT_OFF]
    shares = [paths.regime_share("two-chairs")[place] for paths in (here, there)]
    assert entry.value == pytest.approx(shares[1] - shares[0], abs=1e-12)
    assert entry.low < entry.value < entry.high < 0
    weekly = made.others[0].weekly["tilt"]
    assert np.array_equal(weekly, there.outcome("tilt"))


def test_a_share_interval_by_hand_and_without_a_difference():
    paired = np.array([1.0] * 30 + [-1.0] * 10 + [0.0] * 60)
    middle = 20 / 102
    width = 1.6448536 * np.sqrt(41 - 20**2 / 102) / 102
    assert share_interval(paired) == pytest.approx((middle - width, middle + width))
    low, high = share_interval(np.zeros(100))
    assert -0.02 < low < 0 < high < 0.02
    day = datetime.date(2020, 1, 6)
    assert difference("regime:two-chairs", day, np.zeros(1), np.ones(1)).high == 1.0


def test_runs_of_other_spans_are_compared_where_they_overlap():
    late = scenario_file("late", "start = 2021-01-04\nevents = []\ntargets = []\n")
    made = compare(Ensemble(bundled(), 3), Ensemble(load_scenario(late), 3))
    assert made.weeks[0] == datetime.date(2021, 1, 4)
    assert made.notes() == [
        "late does not start in the reference's week: the same luck falls on other dates"
    ]
    whole = run_ensemble(Ensemble(bundled(), 3))
    first = whole.week_of(datetime.date(2021, 1, 4))
    assert np.array_equal(made.reference.weekly["tilt"], whole.outcome("tilt")[first:])


def test_unequal_worlds_can_not_be_paired():
    with pytest.raises(InputError, match="no-attacks: has other worlds or luck than baseline"):
        compare(Ensemble(bundled(), 3), Ensemble(bundled("no-attacks"), 4))


@pytest.mark.slow
def test_drop_each_is_each_scenario_run_without_its_event(monkeypatch):
    monkeypatch.setattr("two_chairs_lab.studies.compare.variants.ACROSS", 50)
    ensemble = Ensemble(bundled(), 20)
    ranking = drop_each(ensemble)
    assert ranking.day == CUT_OFF
    assert {e.event.id for e in ranking.effects} == {e.id for e in bundled().events}
    sizes = [abs(e.difference.value) for e in ranking.effects]
    assert sizes == sorted(sizes, reverse=True)
    whole = run_ensemble(ensemble)
    place = whole.week_of(CUT_OFF)
    by_id = {effect.event.id: effect for effect in ranking.effects}
    for key in ("S03", "C07", "C12"):
        less = run_ensemble(replace(ensemble, scenario=bundled().without(key)))
        paired = less.outcome("tilt")[place] - whole.outcome("tilt")[place]
        assert by_id[key].difference.value == np.median(paired) != 0.0
    assert by_id["C07"].takes == dependents(bundled(), "C07") == ("stake-2023",)
    assert by_id["S09"].difference.value == 0.0


def test_how_variants_are_cut_changes_no_bit(monkeypatch):
    acts = [made_event(at, goldstein=-5, key=key) for at, key in ((3, "X"), (9, "Y"), (12, "Z"))]
    ensemble = Ensemble(with_events(quiet(30), *acts), 20)
    scenario = ensemble.scenario
    variants = [Variant("held", forced(scenario, "HEDGE", week(5)))]
    variants += without_each(scenario, scenario.events)
    asked = (ensemble, variants, "tilt", week(29))
    whole = outcomes_in(*asked)
    monkeypatch.setattr("two_chairs_lab.studies.compare.variants.ACROSS", 8)
    assert np.array_equal(outcomes_in(*asked), whole)
    for row, variant in zip(whole, variants, strict=True):
        without = scenario.without(*variant.muted) if variant.muted else variant.scenario
        alone = run_ensemble(replace(ensemble, scenario=without))
        assert np.array_equal(row, alone.outcome("tilt")[29])
    assert len(np.unique(whole, axis=0)) == len(variants)


def test_drop_each_leaves_out_what_comes_after_the_date():
    day = datetime.date(2022, 9, 14)
    ranking = drop_each(Ensemble(bundled(), 4), "ARM>RUS:security", day)
    dates = [effect.event.date for effect in ranking.effects]
    assert max(dates) == datetime.date(2022, 9, 13)
    assert ranking.effects[0].event.id == "C03"
    assert ranking.effects[0].difference.value > 0


def test_swapped_events_exchange_dates_and_take_what_depends_on_them():
    scenario = swapped(bundled(), "S03", "C07")
    dates = {event.id: event.date for event in scenario.events}
    assert dates["S03"] == datetime.date(2023, 9, 19)
    assert dates["C07"] == datetime.date(2020, 9, 27)
    stake = next(c for c in scenario.conditions if c.id == "stake-2023")
    assert stake.date == datetime.date(2020, 9, 27)
    untouched = {e.id: e.date for e in bundled().events} | {
        key: dates[key] for key in ("S03", "C07")
    }
    assert dates == untouched


def test_a_swap_of_equal_events_changes_nothing_and_of_unequal_ones_something():
    alike = with_events(quiet(30), *(made_event(at, key=key) for at, key in ((3, "X"), (9, "Y"))))
    unlike = with_events(
        quiet(30), made_event(3, goldstein=5, key="X"), made_event(9, goldstein=-5, key="Y")
    )
    for scenario, same in ((alike, True), (unlike, False)):
        ensemble = Ensemble(scenario, 2, vary=False)
        made = compare(ensemble, replace(ensemble, scenario=swapped(scenario, "X", "Y")))
        found = {d.outcome: d.value for d in made.differences(made.others[0])}
        assert (found["ARM>RUS:security"] == 0.0) is same
    assert dates_of(swapped(unlike, "X", "Y")) == {"X": week(9), "Y": week(3)}


def dates_of(scenario) -> dict[str, datetime.date]:
    return {event.id: event.date for event in scenario.events}


def test_a_case_of_other_numbers_is_told():
    other = bundled()
    pair = next(iter(other.case.baselines))
    cold = other.case.baselines[pair].model_copy(update={"security": 0.11})
    case = other.case.model_copy(update={"baselines": other.case.baselines | {pair: cold}})
    made = compare(
        Ensemble(bundled(), 3), Ensemble(other.model_copy(update={"case": case}), 3), labels="ab"
    )
    assert made.notes() == ["b is of a case with other baselines: a difference is one of these too"]
