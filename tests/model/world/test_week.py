"""The stages of a week one by one, on a state that is laid down; the sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    a,
    attack,
    condition,
    event,
    intervention,
    parameters,
    quiet,
    with_dated,
    with_events,
    with_parameters,
)
from scenes import ARM, AZE, RUS, WST
from ties import changed
from toys import OLD_CHAIR_OF_OFFERS, toy
from two_chairs.axes import (
    HEDGE,
    INCUMBENT,
    LOYAL,
    NEUTRAL,
    PIVOT,
    RIVAL,
    RIVAL_CHAIR,
    SECURITY,
    TWO_CHAIRS,
)
from two_chairs.rules import alliance, position, protection
from two_chairs.rules.alliance import TEST_DOMAINS
from two_chairs.rules.attitudes import Impulse
from two_chairs.scenario.records import Decisions
from two_chairs.world import state as states
from two_chairs.world import week as stages
from two_chairs.world.simulation import Simulation
from two_chairs.world.week import WEEK

pytestmark = pytest.mark.unit
FIRST, SECOND, LAST_OF_QUARTER = 1, 2, 13
OTHER_DOMAINS = {"security": 0.2, "economy": 0.3, "politics": 0.5}
"""Steps by which a model stands in the week of that number, counted from one."""


class Heard:
    """Keeps every change that it is told of, within the stages."""

    def __init__(self):
        self.changes = []

    def before(self, change, model):
        if change.kind != "stage":
            self.changes.append(change)

    def after(self, change, model):
        """Hear nothing new."""


def standing(scenario, step=FIRST, worlds=2, **options):
    """Return a simulation that stands in a week in which nothing has happened yet."""
    model = Simulation(scenario, range(worlds), **{"luck": False, **options})
    model.steps = step
    return model


def told(model):
    """Let somebody listen to a simulation."""
    heard = Heard()
    model.listeners = (heard,)
    return heard


# --- what follows from the parameters ------------------------------------------------------------


def test_rates_are_what_a_week_leaves_by_each_half_life():
    lives = {
        "fast_half_life": 2.0, "slow_half_life": 100.0, "belief_half_life": 50.0,
        "threat_half_life": 20.0, "fatigue_half_life": 40.0,
    }  # fmt: skip
    p = parameters(**lives, incumbent_reliability=0.6, rival_reliability=0.3, belief_strength=8.0)
    rates = stages.rates_of(p, 3)
    found = (
        rates.kept_fast, rates.kept_slow, rates.kept_belief, rates.kept_threat, rates.kept_fatigue,
    )  # fmt: skip
    assert [each.tolist() for each in found] == [
        [pytest.approx(0.5 ** (1.0 / weeks))] for weeks in lives.values()
    ]
    kept, broken = rates.prior_belief
    assert kept.tolist() == [pytest.approx([4.8] * 3), pytest.approx([2.4] * 3)]
    assert broken.tolist() == [pytest.approx([3.2] * 3), pytest.approx([5.6] * 3)]


def test_fatigue_fades_by_seat_where_a_patron_has_a_half_life_of_its_own():
    p = parameters(fatigue_half_life=40.0, rival_fatigue_half_life=1.0)
    kept = stages.rates_of(p, 2).kept_fatigue
    assert kept.shape == (2, 1)
    assert kept[:, 0].tolist() == [pytest.approx(0.5 ** (1 / 40)), 0.5]


# --- what is set from outside --------------------------------------------------------------------


def test_a_week_begins_without_offers_and_kept_promises():
    model = standing(quiet(3))
    model.state.offered[:] = model.state.kept_promise[:] = True
    model.state.posture[:] = PIVOT
    stages.external_conditions(model)
    assert not model.state.offered.any()
    assert not model.state.kept_promise.any()
    assert (model.state.posture == PIVOT).all()  # nothing holds it


def test_a_condition_takes_its_value_in_its_week_and_is_told():
    load = condition(1, "war_load", 0.5)
    model = standing(with_dated(quiet(3), load))
    heard, before = told(model), model.state.conditions["war_load"][0]
    stages.external_conditions(model)
    assert model.state.conditions["war_load"].tolist() == [before]
    model.steps = SECOND
    stages.external_conditions(model)
    assert model.state.conditions["war_load"].tolist() == [0.5] != [before]
    (change,) = heard.changes
    assert (change.kind, change.cause, change.setting) == ("setting", load.id, load)
    given = standing(with_dated(quiet(3), load), SECOND, conditions={load.id: a(0.1, 0.2)})
    stages.external_conditions(given)
    assert given.state.conditions["war_load"].tolist() == [0.1, 0.2]


def test_a_posture_that_is_forced_comes_before_one_on_record():
    forced = with_dated(quiet(3), intervention(1, posture="NEUTRAL"))
    record = [{"date": quiet(3).start, "posture": "PIVOT", "source": "test"}]
    both = type(forced).model_validate(forced.model_dump() | {"postures": record})
    model = standing(both, worlds=3)
    stages.external_conditions(model)
    assert model.state.posture.tolist() == [PIVOT] * 3
    model.steps = SECOND
    stages.external_conditions(model)
    assert model.state.posture.tolist() == [NEUTRAL] * 3
    assert model.state.posture.dtype == np.int8


def test_a_level_that_is_set_moves_its_tie_alone_and_the_seat():
    model = standing(with_dated(quiet(3), intervention(0, institution="CSTO", level=0.25)))
    before, seats = dict(model.state.institutions), model.state.membership.copy()
    stages.external_conditions(model)
    now = model.state.institutions
    assert now["CSTO"].level.tolist() == [0.25, 0.25]
    assert list(now) == list(before)
    assert all(now[key] is before[key] for key in now if key != "CSTO")
    assert (model.state.membership[INCUMBENT, SECURITY] < seats[INCUMBENT, SECURITY]).all()


def test_coercion_that_is_set_stays_under_the_ceiling_of_who_coerces(tmp_path):
    ceilings = {"coercion_ceiling": 0.5, "incumbent_coercion_ceiling": 0.3}
    for asked, held in ((0.2, 0.2), (0.9, 0.3)):
        model = standing(with_dated(quiet(3, **ceilings), intervention(0, coercion=asked)))
        stages.external_conditions(model)
        assert model.state.coercion.tolist() == [[held, held], [0.0, 0.0]]
    press = '[[interventions]]\nid = "P"\ndate = 2031-01-06\ncoercion = 0.7\nsource = "t"\n'
    swapped = with_parameters(toy(tmp_path, *OLD_CHAIR_OF_OFFERS, more=press), **ceilings)
    model = standing(swapped)
    stages.external_conditions(model)
    assert model.state.coercion.tolist() == [[0.0, 0.0], [0.5, 0.5]]


def test_a_parameter_that_is_set_holds_from_its_week_on_and_belief_begins_anew():
    steps = (
        intervention(0, parameter="rival_reliability", value=0.8),
        intervention(0, parameter="negativity", value=1.2),
    )
    model = standing(with_dated(quiet(3), *steps))
    model.state.kept += 1.0
    held = model.state.belief()[INCUMBENT]
    stages.external_conditions(model)
    assert model.p.negativity.tolist() == [1.2]
    assert model.state.parameters_set["negativity"].tolist() == [1.2]
    assert model.state.belief()[RIVAL] == pytest.approx(0.8)
    assert np.array_equal(model.state.belief()[INCUMBENT], held)


# --- fading --------------------------------------------------------------------------------------


def test_all_that_moved_returns_toward_rest_by_its_own_rate():
    """One half-life a week, so that half of each way is gone."""
    halves = dict.fromkeys(
        ("fast_half_life", "belief_half_life", "threat_half_life", "fatigue_half_life"), 1.0
    )
    model = standing(quiet(3, **halves, slow_half_life=0.5, threat_baseline=0.4))
    state, heard = model.state, told(model)
    kept, broken = model.rates.prior_belief
    state.fast[:], state.slow[:] = 0.8, 0.4
    state.kept, state.broken = kept + 2.0, broken + 6.0
    state.conditions["peace"], state.threat, state.fatigue = a(0.25), a(0.9, 0.1), state.fatigue + 1
    fatigue = state.fatigue.copy()
    stages.decay(model)
    assert state.fast == pytest.approx(0.4)
    assert state.slow == pytest.approx(0.1)
    assert state.kept == pytest.approx(kept + 1.0)
    assert state.broken == pytest.approx(broken + 3.0)
    assert state.threat.tolist() == pytest.approx([0.6, 0.2])  # halfway to .4·(1 − .25) = .3
    assert state.fatigue == pytest.approx(fatigue / 2.0)
    assert [(each.kind, each.cause) for each in heard.changes] == [("fading", "decay")]


def test_a_mechanism_that_is_on_adds_to_what_is_slow_after_the_fading_and_is_told():
    model = standing(quiet(3, balance_drift=0.01))
    state, heard = model.state, told(model)
    state.fast[ARM, RUS], state.slow[WST, RUS] = 0.5, 0.3
    stages.decay(model)
    drifted = [(each.kind, each.cause) for each in heard.changes]
    assert drifted == [("fading", "decay"), ("mechanism", "balance")]
    faded = 0.3 * model.rates.kept_slow[0]
    slow = np.zeros_like(state.slow)
    slow[WST, RUS] = faded
    still = np.tanh(state.anchor + state.fast + slow)
    assert state.fast[ARM, RUS] == pytest.approx(0.5 * model.rates.kept_fast[0])
    others = sum(still[ARM, k] * still[k, AZE] for k in (ARM, RUS, WST, AZE))
    assert state.slow[ARM, AZE] == pytest.approx(0.01 * others)
    others = sum(still[WST, k] * still[k, RUS] for k in (ARM, RUS, WST, AZE))
    assert state.slow[WST, RUS] == pytest.approx(faded + 0.01 * others)


# --- recorded events -----------------------------------------------------------------------------


def recorded(*events, worlds=2, conditions=None, weights=None, **fixed):
    """Return a model in which recorded events of the first week have acted."""
    model = standing(
        with_events(quiet(3, **fixed), *events), worlds=worlds, conditions=conditions,
        event_weights=weights,
    )  # fmt: skip
    stages.recorded_events(model)
    return model


def test_a_week_without_events_changes_nothing():
    model, still = recorded(event(1)), standing(quiet(3))
    for name in ("fast", "slow", "kept", "broken", "threat"):
        assert np.array_equal(getattr(model.state, name), getattr(still.state, name)), name


def test_an_event_becomes_the_act_that_its_row_says():
    row = event(0, "WST", "ARM", -4.0, domains=(0.2, 0.3, 0.5), material=False, key="X1")
    model = standing(with_events(quiet(3), row), event_weights={"X1": a(0.5, 1.5)})
    heard = told(model)
    stages.recorded_events(model)
    act = heard.changes[0].act
    assert (act.id, act.actor, act.target) == ("X1", WST, ARM)
    assert act.score.tolist() == [-4.0]
    assert act.domains.tolist() == [[0.2], [0.3], [0.5]]
    assert act.material.tolist() == [False]
    assert act.weight.tolist() == [0.5, 1.5]


def test_an_attack_is_two_acts_the_second_its_answer():
    hit = attack(0, 0.5, 0.8, defended=True, weight=0.6)
    model = standing(with_events(quiet(3), hit))
    heard = told(model)
    stages.recorded_events(model)
    acts = {change.act.id: change.act for change in heard.changes}
    assert list(acts) == [hit.id, f"{hit.id}:test"]
    struck, answer = acts.values()
    assert (struck.actor, struck.target) == (AZE, ARM)
    assert struck.score.tolist() == [-5.0]  # −10 by its severity
    assert struck.weight.tolist() == [0.6]
    assert (answer.actor, answer.target) == (RUS, ARM)
    kept = alliance.test_score(np.array([True]), 0.8, model.p)
    assert answer.score.tolist() == pytest.approx([kept[0]] * 2)
    assert answer.weight == pytest.approx([0.3])
    assert answer.domains[:, 0].tolist() == TEST_DOMAINS.tolist()


def test_the_answer_lies_in_the_domains_that_a_case_gives_it():
    hit, scenario = attack(0, defended=True), quiet(3)
    own = OTHER_DOMAINS | {"spread": 0.1, "source": "test"}
    tables = Decisions.model_validate({"acts": {"TEST": own}})
    case = scenario.case.model_copy(update={"decisions": tables})
    model = standing(with_events(scenario.model_copy(update={"case": case}), hit))
    heard = told(model)
    stages.recorded_events(model)
    (answer,) = {id(each.act): each.act for each in heard.changes if each.act.actor == RUS}.values()
    assert answer.domains[:, 0].tolist() == list(OTHER_DOMAINS.values())


@pytest.mark.parametrize("defended", [True, False])
def test_an_attack_frightens_and_its_answer_is_remembered(defended):
    model = recorded(attack(0, 0.5, 0.8, defended=defended), threat_jump=0.4, threat_baseline=0.2)
    before, state = standing(quiet(3, threat_baseline=0.2)).state, model.state
    assert (state.threat - before.threat).tolist() == pytest.approx([0.2, 0.2])
    kept, broken = ((0.4, 0.0), (0.0, 0.4))[not defended]
    assert (state.kept - before.kept)[INCUMBENT] == pytest.approx(kept)
    assert (state.broken - before.broken)[INCUMBENT] == pytest.approx(broken)
    assert np.array_equal(state.kept[RIVAL], before.kept[RIVAL])
    assert np.array_equal(state.broken[RIVAL], before.broken[RIVAL])
    assert state.kept_promise.tolist() == [[defended, defended], [False, False]]


def test_an_attack_of_weight_zero_has_not_happened_and_any_other_has_whole():
    hit = attack(0, 0.5, 0.8, defended=False)
    model = recorded(
        hit, weights={hit.id: a(0.0, 0.25, 3.0)}, worlds=3, threat_jump=0.4, threat_baseline=0.2
    )
    before = standing(quiet(3, threat_baseline=0.2), worlds=3).state
    assert (model.state.threat - before.threat).tolist() == pytest.approx([0.0, 0.2, 0.2])
    assert (model.state.broken - before.broken)[INCUMBENT].tolist() == pytest.approx([0, 0.4, 0.4])


def test_how_an_attack_is_coded_may_differ_by_world():
    hit = attack(0, 0.5, 0.8, defended=False)
    coded = {f"severity:{hit.id}": a(1.0, 0.2), f"coverage:{hit.id}": a(0.1, 1.0)}
    model = recorded(hit, conditions=coded, threat_jump=0.4, threat_baseline=0.2)
    before = standing(quiet(3, threat_baseline=0.2)).state
    assert (model.state.threat - before.threat).tolist() == pytest.approx([0.4, 0.08])
    assert (model.state.broken - before.broken)[INCUMBENT].tolist() == pytest.approx([0.1, 0.2])


def test_an_attack_without_a_coverage_is_wholly_covered():
    bare = attack(0, 0.5, 1.0, defended=False).model_copy(update={"coverage": None})
    state = recorded(bare).state
    whole = recorded(attack(0, 0.5, 1.0, defended=False)).state
    assert np.array_equal(state.broken, whole.broken)


def test_a_treaty_that_a_world_has_left_covers_nothing():
    hit = attack(0, 0.5, 0.8, defended=False)
    model = standing(with_events(quiet(3), hit))
    pact = model.state.institutions["CSTO"]
    model.state.institutions["CSTO"] = replace(pact, level=a(1.0, 0.0))
    before = model.state.broken.copy()
    stages.recorded_events(model)
    assert (model.state.broken - before)[INCUMBENT].tolist() == pytest.approx([0.4, 0.0])


def test_who_answers_an_attack_is_not_who_attacks():
    own = attack(0, 0.5, 0.8, defended=True).model_copy(update={"actor": "RUS"})
    model = standing(with_events(quiet(3), own))
    heard, before = told(model), model.state.kept.copy()
    assert stages.guarantor_seat(model, own) == RIVAL
    assert stages.guarantor_seat(model, attack(0, defended=True)) == INCUMBENT
    stages.recorded_events(model)
    assert {change.act.actor for change in heard.changes} == {RUS, WST}
    assert (model.state.kept - before).tolist() == [[0.0, 0.0], pytest.approx([0.4, 0.4])]


def test_events_of_a_week_act_from_one_snapshot():
    rows = [event(0, "RUS", "ARM", -9.0, key="A"), event(0, "RUS", "ARM", 9.0, key="B")]
    model = standing(with_events(quiet(3), *rows))
    heard = told(model)
    stages.recorded_events(model)
    told_of = [each.impulse for each in heard.changes]
    onto = sum(each.change for each in told_of if (each.holder, each.toward) == (ARM, RUS))
    both = model.state
    assert both.fast[ARM, RUS] + both.slow[ARM, RUS] == pytest.approx(onto + np.zeros((3, 2)))
    start = standing(quiet(3)).state
    alone = [recorded(row).state for row in rows]
    moved = sum(state.fast - start.fast for state in alone)
    assert both.fast == pytest.approx(moved)
    assert both.slow == pytest.approx(sum(state.slow for state in alone))


def refusal(at=0, actor="ARM", target="RUS", *, security=0.6, weight=1.0, key=None):
    """Make a recorded refusal to sign."""
    share = (1.0 - security) / 2.0
    domains = (security, share, share)
    row = event(at, actor, target, -2.0, domains=domains, weight=weight, key=key)
    return row.model_copy(update={"action": "refuse-to-sign"})


def level_after(*rows, **options):
    """Return the level of the treaty after recorded refusals that take a tenth each."""
    options = {"refusal_step": 0.1, **options}
    return recorded(*rows, **options).state.institutions["CSTO"].level.tolist()


def test_a_refusal_takes_its_share_from_a_treaty_of_who_is_refused():
    assert level_after(refusal()) == [0.9, 0.9]
    assert level_after(refusal(), refusal_step=0.0) == [1.0, 1.0]
    assert level_after(refusal(), refusal_step=1.0) == [0.4, 0.4]
    assert level_after(refusal(), event(0), refusal(security=0.5)) == pytest.approx([0.8, 0.8])
    for other in (
        refusal(security=0.49), refusal(actor="AZE"), refusal(target="WST"),
        refusal().model_copy(update={"action": "refuse-to-meet"}),
    ):  # fmt: skip
        assert level_after(other, refusal()) == [0.9, 0.9]


@pytest.mark.parametrize("action", ["refuse-to-sign", "reject-military-cooperation", "skip-summit"])
def test_each_kind_of_refusal_counts(action):
    assert level_after(refusal().model_copy(update={"action": action})) == [0.9, 0.9]


def test_a_refusal_of_weight_zero_has_not_happened_and_any_other_has_whole():
    row = refusal(key="N")
    found = level_after(row, weights={"N": a(0.0, 0.25, 3.0)}, worlds=3)
    assert found == [1.0, 0.9, 0.9]


def test_a_refusal_moves_the_seat_and_leaves_all_other_ties():
    before, model = standing(quiet(3)).state, recorded(refusal(), refusal_step=0.1)
    seat = model.state.membership
    assert (seat[INCUMBENT, SECURITY] < before.membership[INCUMBENT, SECURITY]).all()
    for key, memory in model.state.institutions.items():
        same = np.array_equal(memory.level, before.institutions[key].level)
        assert same is (key != "CSTO")


# --- decisions -----------------------------------------------------------------------------------


def decided(step=LAST_OF_QUARTER, *, acting=True, **fixed):
    """Return a model in which all have decided, and what it heard."""
    model = standing(quiet(16, acting=acting, **fixed), step)
    heard = told(model)
    stages.decisions(model)
    return model, heard


def test_nobody_decides_within_a_quarter():
    model, heard = decided(LAST_OF_QUARTER - 1)
    assert (model.state.choices == -1).all()
    assert not model.state.chosen.any()
    assert not heard.changes


def test_what_is_chosen_is_kept_and_counted():
    model = standing(quiet(16, acting=True), LAST_OF_QUARTER, worlds=3)
    state = model.state
    state.chosen[RUS, :] = 5
    state.defended[:] = True
    stages.decisions(model)
    assert state.choices.shape == (4, 3)
    assert (state.choices >= 0).all()
    assert not state.defended.any()
    for actor in model.actors:
        counts = state.chosen[actor.index, :, 0] - (5 if actor.index == RUS else 0)
        expected = np.zeros(len(counts))
        expected[state.choices[actor.index, 0]] = 1
        assert counts.tolist() == expected.tolist()


def test_all_decide_on_where_the_pivot_sits_now():
    model = standing(quiet(16, acting=True), LAST_OF_QUARTER)
    state = model.state
    state.fast[ARM, WST] = 0.7
    now = states.pivot_position(state, model.roles, model.p)
    assert (now.tilt != state.position.tilt).all()
    seen = []
    for actor in model.actors:
        actor.sense = lambda scene, own=actor.sense: seen.append(scene) or own(scene)
    stages.decisions(model)
    assert np.array_equal(state.position.tilt, now.tilt)
    assert len(seen) == 4
    assert all(each is seen[0] for each in seen)


@pytest.mark.parametrize("acting", [True, False])
def test_before_agents_act_no_act_follows_from_a_decision(acting):
    model, heard = decided(acting=acting, switching_cost=0.0, offer_cost=0.0)
    assert (model.state.choices >= 0).all()
    assert bool(heard.changes) is acting
    assert bool(model.state.fast.any()) is acting
    assert {change.kind for change in heard.changes} <= {"impulse"}


def noting(order, name, own):
    """Return a function that notes its name and does as before."""

    def noted(*words):
        order.append(name)
        return own(*words)

    return noted


def test_all_act_from_one_snapshot_before_any_decision_takes_effect():
    model = standing(quiet(16, acting=True), LAST_OF_QUARTER)
    order = []
    for actor in model.actors:
        for name in ("sense", "decide", "act", "commit"):
            setattr(actor, name, noting(order, name, getattr(actor, name)))
    stages.decisions(model)
    assert order == ["sense"] * 4 + ["decide"] * 4 + ["act"] * 4 + ["commit"] * 4


def test_a_scene_is_what_there_is_to_see():
    forced = with_dated(quiet(16, acting=True), intervention(1, posture="NEUTRAL"))
    record = [{"date": quiet(3).start, "posture": "PIVOT", "source": "test"}]
    later = quiet(16).start.replace(month=3)
    own = forced.model_dump() | {"postures": record, "agents_act_from": later}
    model = standing(type(forced).model_validate(own), SECOND)
    state = model.state
    state.institutions["CSTO"] = replace(state.institutions["CSTO"], level=a(1.0, 0.0))
    state.conditions["war_load"] = a(0.5)
    seen = stages.scene(model)
    assert (seen.p, seen.roles, seen.state) == (model.p, model.roles, state)
    assert np.array_equal(seen.attention, states.patron_attention(state, model.roles, model.p))
    assert np.array_equal(seen.hostility, states.pole_hostility(state, model.roles, model.p))
    assert np.array_equal(seen.shields, states.shields(state, model.roles, model.p))
    assert [each.tolist() for each in seen.promised] == [[True, False], [True]]
    assert (seen.acting, seen.forced_posture, seen.recorded_posture) == (False, NEUTRAL, PIVOT)
    model.steps = LAST_OF_QUARTER
    assert stages.scene(model).acting is True


def test_a_promise_binds_the_seat_that_gave_it():
    model = standing(quiet(3))
    model.ties = (changed("CSTO", seat="rival"),)
    for level, bound in ((0.4, True), (0.0, False)):
        left = model.ties[0].memory_at(level, 2)
        model.state.institutions["CSTO"] = left
        promised = [each.tolist() for each in stages.scene(model).promised]
        assert promised == [[True], [bound, bound]]


def test_an_impulse_is_parted_into_fast_and_slow():
    model = standing(quiet(3))
    model.state.fast[:], model.state.slow[:] = 0.1, 0.2
    change = np.array([[0.4, 0.8], [0.0, 0.0], [-0.4, 0.4]])
    stages._add(model, Impulse("X", "reception", ARM, WST, change, a(0.25)))
    assert model.state.fast[ARM, WST] == pytest.approx(0.1 + 0.25 * change)
    assert model.state.slow[ARM, WST] == pytest.approx(0.2 + 0.75 * change)
    assert model.state.fast[WST, ARM] == pytest.approx(0.1)


# --- dependence ----------------------------------------------------------------------------------


def test_dependence_follows_the_engagement_wanted_and_self_help_what_is_left():
    model = standing(quiet(3, dependence_rate=0.1))
    state, p = model.state, model.p
    state.posture[:] = LOYAL, PIVOT
    before, helped = state.dependence.copy(), state.self_help.copy()
    wanted = state.security_engagement()
    stages.dependence(model)
    moved = protection.dependence_moved(before[INCUMBENT], wanted, p)
    assert moved[0] > moved[1]
    assert state.dependence.tolist() == [moved.tolist(), before[RIVAL].tolist()]
    grown = protection.self_help_grown(helped, moved, p)
    assert state.self_help.tolist() == grown.tolist()


def test_dependence_follows_the_seat_where_it_is_asked_to():
    """Above a half it follows the seat, at a half and below the posture, world by world."""
    seat = 0.3
    for asked, follows in ((a(0.5, 0.5), (False, False)), (a(0.5, 0.6), (False, True))):
        model = standing(quiet(3, dependence_rate=0.1))
        model.p = replace(model.p, dependence_on_seat=asked)
        state = model.state
        seats = state.position.seats.copy()
        seats[INCUMBENT, SECURITY] = seat
        state.position = replace(state.position, seats=seats)
        before, wanted = state.dependence[INCUMBENT].copy(), state.security_engagement()
        assert (wanted != seat).all()
        stages.dependence(model)
        expected = protection.dependence_moved(before, np.where(follows, seat, wanted), model.p)
        assert state.dependence[INCUMBENT].tolist() == expected.tolist()


# --- institutions --------------------------------------------------------------------------------


def test_ties_are_told_the_week_as_it_stands():
    model = standing(quiet(3, acting=True, rival_cap_economy=0.8))
    state, seen = model.state, []
    state.conditions["transit"] = a(0.5)
    state.fast[ARM, WST], state.coercion[:], state.fatigue[:] = 0.6, 0.2, 0.3
    state.coercions_running[:], state.posture[:] = 4, HEDGE
    state.offered[RIVAL], state.kept_promise[INCUMBENT] = True, True
    model.freeze_factors = np.full((3, 1), 1.1)

    def keep(memory, signals, p):
        seen.append((signals, p))
        return memory

    for tie in model.ties:
        object.__setattr__(tie, "next_week", keep)
    try:
        stages.institutions(model)
    finally:
        for tie in model.ties:
            object.__delattr__(tie, "next_week")
    assert len(seen) == len(model.ties)
    (s, p), at = seen[0], state.position
    assert p is model.p
    assert all(each is s for each, _ in seen)
    assert s.acting is True
    regard = [state.regard(ARM, RUS).tolist(), state.regard(ARM, WST).tolist()]
    assert s.regard.tolist() == regard
    assert np.array_equal(s.belief, state.belief())
    for name in ("posture", "coercion", "coercions_running", "fatigue", "kept_promise", "offered"):
        assert getattr(s, name) is getattr(state, name), name
    caps = states.open_caps(state, p)
    assert s.economic_caps.tolist() == [[1.0], [pytest.approx(0.4)]]
    for seat in (INCUMBENT, RIVAL):
        alone = states.protection_without(state, model.roles, p, seat)
        assert np.array_equal(s.protection_without(seat), alone)
        assert np.array_equal(s.loss(seat), position.loss_of(at.tilt, p, seat))
    assert s.levels.keys() == state.institutions.keys()
    assert s.levels["CSTO"].tolist() == [1.0, 1.0]
    assert s.ties is model.ties
    assert s.freeze_factors is model.freeze_factors
    expected = position.position(
        state.regard(ARM, RUS), state.regard(ARM, WST), state.membership, caps, p
    )
    assert np.array_equal(at.tilt, expected.tilt)
    assert np.array_equal(at.seats, expected.seats)


def test_a_tie_that_moves_moves_the_seat_in_the_same_week():
    model = standing(quiet(3, acting=True))
    state = model.state
    left = model.ties[0].memory_at(1.0, 2)
    object.__setattr__(model.ties[0], "next_week", lambda *_: replace(left, level=a(0.0, 0.5)))
    try:
        stages.institutions(model)
    finally:
        object.__delattr__(model.ties[0], "next_week")
    assert state.institutions[model.ties[0].id].level.tolist() == [0.0, 0.5]
    now = states.pivot_position(state, model.roles, model.p)
    assert np.array_equal(state.position.tilt, now.tilt)
    assert np.array_equal(state.position.seats, now.seats)


# --- what is measured ----------------------------------------------------------------------------


def test_the_regime_remembers_and_the_week_is_recorded_if_it_is_wanted():
    model = standing(quiet(3), weeks=(0,))
    state, p = model.state, model.p
    assert (state.held, state.regime) == (None, None)
    seats = a(0.9, 0.0), a(0.9, 0.9)
    state.position = replace(
        state.position, incumbent_seat=seats[0], rival_seat=seats[1], tilt=seats[1] - seats[0]
    )
    stages.measures(model)
    assert state.held.tolist() == [[True, False], [True, True]]
    assert state.regime.tolist() == [TWO_CHAIRS, RIVAL_CHAIR]
    between = float(p.two_chairs_entry[0] + p.two_chairs_limit[0]) / 2.0
    state.position = replace(
        state.position, incumbent_seat=a(0.5, 0.5), rival_seat=a(0.5, 0.5) + between,
        tilt=a(between, between),
    )  # fmt: skip
    model.steps = SECOND
    stages.measures(model)
    assert state.regime.tolist() == [TWO_CHAIRS, RIVAL_CHAIR]  # who comes from one chair stays
    assert model.trajectory().dates == (quiet(3).start,)


def test_a_seat_that_was_held_is_kept_at_less_than_what_takes_it():
    model = standing(quiet(3, seat_taken=0.5, seat_lost=0.3))
    state = model.state
    state.held = np.array([[True, False], [False, True]])
    state.position = replace(state.position, incumbent_seat=a(0.4, 0.4), rival_seat=a(0.4, 0.2))
    stages.measures(model)
    assert state.held.tolist() == [[True, False], [False, False]]


def test_the_week_has_its_order():
    names = ["external_conditions", "decay", "recorded_events", "decisions", "dependence"]
    assert [stage.__name__ for stage in WEEK] == [*names, "institutions", "measures"]
