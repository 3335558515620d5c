"""The week: its order, who acts when, and a model that is Mesa's."""

from __future__ import annotations

import datetime
import gc
import weakref

import numpy as np
import pytest

from builders import (
    START,
    attack,
    bundled,
    condition,
    event,
    intervention,
    quiet,
    run,
    week,
    with_dated,
    with_events,
)
from two_chairs.axes import LOYAL, NEUTRAL, PIVOT
from two_chairs.scenario.records import RecordedPosture
from two_chairs.world.model import TwoChairs
from two_chairs.world.week import WEEK

pytestmark = pytest.mark.unit


def test_the_order_of_the_week_is_one_list():
    assert tuple(stage.__name__ for stage in WEEK) == (
        "external_conditions", "decay", "recorded_events", "decisions",
        "dependence", "institutions", "measures",
    )  # fmt: skip


def test_everybody_decides_in_the_last_week_of_a_quarter():
    paths = run(quiet(40))
    decided = np.flatnonzero(paths.arrays["choices"][:, 0, 0] >= 0)
    assert decided.tolist() == [12, 25, 38]


def test_before_agents_act_only_the_posture_takes_effect():
    silent = quiet(60)
    acting = quiet(60, acting=True)
    hit = [attack(5, 1.0, 1.0, defended=False)]
    one, other = run(with_events(silent, *hit)), run(with_events(acting, *hit))
    assert one.outcome("fatigue")[-1, 0] == pytest.approx(0.2 * 2 ** (-60 / 104))
    assert (one.arrays["choices"][12, :, 0] == other.arrays["choices"][12, :, 0]).all()
    assert np.array_equal(one.arrays["posture"][:26], other.arrays["posture"][:26])
    moved = other.arrays["alignment"][12] - one.arrays["alignment"][12]
    assert np.abs(moved).max() > 0


def test_an_intervention_on_reliability_resets_the_belief():
    change = intervention(2, parameter="rival_reliability", value=0.8)
    belief = run(with_dated(quiet(4), change)).outcome("belief:rival")[:, 0]
    assert belief.tolist() == pytest.approx([0.35, 0.35, 0.8, 0.8])


def recorded(at, posture):
    return RecordedPosture(date=at, posture=posture, source="test")


def with_record(scenario, *postures):
    return scenario.model_copy(update={"postures": postures})


def test_a_recorded_posture_is_in_force_before_agents_act():
    acting = quiet(80, switching_cost=0.0).model_copy(update={"agents_act_from": week(45)})
    # 1 October 2020 is a Thursday of week 38, which closes a quarter
    held = (recorded(START, "NEUTRAL"), recorded(datetime.date(2020, 10, 1), "PIVOT"))
    paths = run(with_record(acting, *held))
    posture, choices = paths.arrays["posture"][:, 0], paths.arrays["choices"][:, 0, 0]
    assert (posture[:39] == NEUTRAL).all()
    assert (posture[39:51] == PIVOT).all()
    # what the model would have chosen is told all the same, and takes effect once agents act
    assert all(choices[w] not in (-1, posture[w]) for w in (12, 25, 38))
    assert posture[51] == choices[51] == LOYAL


def test_a_recorded_posture_ends_where_the_record_says_so():
    ends = recorded(START, "NEUTRAL").model_copy(update={"until": week(26)})
    paths = run(with_record(quiet(60, switching_cost=0.0), ends))
    posture, choices = paths.arrays["posture"][:, 0], paths.arrays["choices"][:, 0, 0]
    assert (posture[:38] == NEUTRAL).all()
    assert posture[38] == choices[38] != NEUTRAL


def test_a_record_leaves_to_the_model_what_it_calls_free():
    free = run(
        with_record(
            quiet(60, switching_cost=0.0), recorded(START, "NEUTRAL"), recorded(week(26), "free")
        )
    )
    posture, choices = free.arrays["posture"][:, 0], free.arrays["choices"][:, 0, 0]
    assert (posture[:38] == NEUTRAL).all()
    assert posture[38] == choices[38] != NEUTRAL


@pytest.mark.long
def test_the_record_makes_the_turn_of_2022_and_the_model_keeps_to_it():
    scenario = bundled()
    posture = run(scenario).outcome("posture:HEDGE")[:, 0]
    turn = scenario.week_of(datetime.date(2022, 10, 3))
    assert not posture[:turn].any()
    assert posture[turn:].all()


def test_a_forced_posture_ends():
    forced = intervention(0, posture="NEUTRAL")
    until = forced.model_copy(update={"until": quiet(20).end})
    stay = run(with_dated(quiet(60, switching_cost=0.0), forced)).arrays["posture"][:, 0]
    back = run(with_dated(quiet(60, switching_cost=0.0), until)).arrays["posture"][:, 0]
    assert (stay == NEUTRAL).all()
    assert (back[:25] == NEUTRAL).all()
    assert back[25] != NEUTRAL


def test_a_bystander_watches_and_decides_nothing():
    scenario = quiet(30, acting=True)
    base = scenario.case.baselines["ARM>RUS"]
    pairs = {}
    for key in scenario.case.actors:
        neutral = base.model_copy(update={"security": 0.3, "economy": 0.3, "politics": 0.3})
        pairs |= {f"{key}>GEO": neutral, f"GEO>{key}": neutral}
    georgia = scenario.case.actors["AZE"].model_copy(
        update={"name": "Georgia", "role": "bystander"}
    )
    case = scenario.case.model_copy(
        update={
            "actors": scenario.case.actors | {"GEO": georgia},
            "baselines": scenario.case.baselines | pairs,
        }
    )
    five = with_events(scenario.model_copy(update={"case": case}), event(3, "RUS", "ARM", -9.0))
    paths = run(five)
    assert paths.outcome("GEO>RUS:security")[3, 0] < paths.outcome("GEO>RUS:security")[2, 0]
    assert (paths.arrays["choices"][:, 4] == -1).all()


@pytest.mark.long
def test_a_model_that_has_run_is_let_go():
    model = TwoChairs(quiet(2), range(3))
    model.run()
    watch = weakref.ref(model)
    del model
    gc.collect()
    assert watch() is None


@pytest.mark.parametrize("defended", [False, True])
def test_a_treaty_that_was_left_covers_no_attack(defended):
    hit = attack(4, 0.5, 1.0, defended=defended)
    bound = with_events(quiet(6), hit)
    gone = with_dated(bound, intervention(3, institution="CSTO", level=0.0))
    alone = with_events(quiet(6), attack(4, 0.5, 0.0, defended=defended))
    paths = [run(scenario) for scenario in (bound, gone, alone)]
    held, left, never = (path.outcome("belief:incumbent")[4, 0] for path in paths)
    assert left == never
    assert (held > left) if defended else (held < left)
    held, left = (path.outcome("threat")[-1, 0] for path in paths[:2])
    assert left == held


def test_a_frozen_treaty_still_covers_an_attack():
    bound = with_events(quiet(6), attack(4, 0.5, 1.0, defended=False))
    frozen = with_dated(bound, intervention(3, institution="CSTO", level=0.4))
    beliefs = [run(each).outcome("belief:incumbent")[4, 0] for each in (bound, frozen)]
    assert beliefs[0] == beliefs[1]


def test_an_attack_that_a_threat_chooses_breaks_no_promise_that_was_left():
    likely = {"attack_rate": 1.0, "hazard_base": 50.0, "attack_coverage": 1.0}
    bound = with_dated(quiet(16, acting=True, **likely), condition(0, "stake", 1.0))
    gone = with_dated(bound, intervention(3, institution="CSTO", level=0.0))
    held, left = (run(each, range(8), luck=True) for each in (bound, gone))
    assert (left.outcome("chose:AZE:ATTACK")[12] == 1).all()
    before, after = (left.outcome("belief:incumbent")[at] for at in (11, 12))
    assert after.tolist() == pytest.approx(before.tolist())
    assert (np.abs(held.outcome("belief:incumbent")[12] - before) > 0.02).all()
