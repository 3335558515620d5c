"""The pivot's utilities and acts: worked examples, the sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, parameters, pivot_view
from scenes import ARM, RUS, WST, Dealt, no_luck, playing, scene
from two_chairs.axes import HEDGE, LOYAL, NEUTRAL, PIVOT, RIVAL
from two_chairs.rules import (
    pivot,
)
from two_chairs.rules.pivot import ENGAGEMENTS

pytestmark = pytest.mark.unit
P = parameters()


def test_the_utility_of_staying_loyal():
    seen = pivot_view()
    protected = 1 - 0.85 * 0.40245 * 0.99076
    security = 1 - 0.45 * (1 - protected)
    economy = (0.5 * 0.95 + (0.2 + 0.25 * 0.8 * 0.8) * 0.35) / 0.95
    politics = 0.5 + 0.25 * (0.65 * 0.85 + 0.45 * 0.35)
    autonomy = 1 - 0.95 * 0.96
    overlap = 0.45 * 0.95 * 0.10 + 0.30 * 0.95 * 0.35 + 0.25 * 0.85 * 0.35
    expected = (
        0.38 * security + 0.30 * economy + 0.20 * politics + 0.12 * autonomy - 0.3 * 0.48 * overlap
    )
    assert pivot.pivot_utilities(seen, P)[0, 0] == pytest.approx(expected)


def test_overlap_costs_what_the_incumbent_can_attend_to():
    apart = {0: (0.95, 0.10), 1: (0.45, 0.45)}  # LOYAL, HEDGE: security alone has weight here
    only = {"weight_security": 1.0, "weight_economy": 0.0, "weight_politics": 0.0}
    busy = pivot_view(attention=np.array([[0.4], [0.8]]))
    free, priced = (parameters(overlap_cost=cost, **only) for cost in (0.0, 0.3))
    older = parameters(overlap_cost=0.3, overlap_attention=0.0, **only)
    for posture, (e_R, e_W) in apart.items():
        without = pivot.pivot_utilities(busy, free)[posture, 0]
        cost = 0.3 * 0.48 * e_R * e_W
        assert without - pivot.pivot_utilities(busy, older)[posture, 0] == pytest.approx(cost)
        assert without - pivot.pivot_utilities(busy, priced)[posture, 0] == pytest.approx(
            0.4 * cost
        )


def test_the_utility_of_pivoting_counts_fear_distance_and_distrust():
    hostile = np.array([[[-0.4], [0.65], [-0.2]], [[0.15], [0.35], [0.45]]])
    seen = pivot_view(alignment=hostile, coercion=np.array([[0.1], [0.0]]))
    tilt = 0.45 * 0.80 + 0.30 * 0.45 + 0.25 * 0.85
    lost = (tilt + 0.3) / 1.3
    feared = min(1.0, 0.1 + 1.4 * (lost - 0.22) * 1.0)
    economy = (0.5 * 0.45 * (1 - feared) + (0.2 + 0.25 * 0.8 * 0.8) * 0.90) / 0.95
    assert pivot.economy_wanted(ENGAGEMENTS[PIVOT], seen, P)[0] == pytest.approx(economy)
    away = 0.45 * (0.90 + 0.75) + 0.30 * (0.50 + 0.55) + 0.25 * (0.75 + 0.60)
    w = P.domain_weights
    assert pivot.distance(ENGAGEMENTS[PIVOT], seen.engagement, w)[0] == pytest.approx(away)
    distrust = 0.45 * 0.05 * 0.4 + 0.25 * 0.10 * 0.2
    assert pivot.distrust(ENGAGEMENTS[PIVOT], hostile, w)[0] == pytest.approx(distrust)


def test_the_pivot_acts_in_the_domain_of_the_largest_gap():
    step = pivot.approach(a(0.45, 0.55, 0.75)[:, None], a(0.40, 0.35, 0.60)[:, None], P)
    # gaps .05 .20 .15: economy, G = 10·.55·.20 = 1.1, words
    assert step.score[0] == pytest.approx(1.1)
    assert step.domains[:, 0].tolist() == [0.0, 1.0, 0.0]
    assert not step.material[0]
    assert step.active[0]
    small = pivot.approach(a(0.45, 0.55, 0.75)[:, None], a(0.40, 0.50, 0.70)[:, None], P)
    assert not small.active[0]
    big = pivot.approach(a(0.85, 0.9, 0.95)[:, None], a(0.1, 0.3, 0.4)[:, None], P)
    assert big.material[0]
    assert big.score[0] == pytest.approx(10 * 0.55 * 0.75)


def test_the_cost_of_both_seats_is_exacted_by_who_coerces():
    seen = pivot_view(attention=np.array([[0.4], [0.8]]))
    full = parameters(overlap_attention=1.0)
    for coercing, expected in (
        ((True, False), 0.4), ((False, True), 0.8), ((True, True), 0.8), ((False, False), 0.0)
    ):  # fmt: skip
        assert pivot.exacted(replace(seen, coercing=coercing), full)[0] == pytest.approx(expected)


def test_trade_is_opened_by_who_offers_and_cut_by_who_coerces():
    table = ENGAGEMENTS[PIVOT]
    seen = pivot_view(fatigue=np.array([[0.5], [0.2]]), attention=np.array([[0.4], [0.8]]))
    turned = replace(seen, coercing=(False, True), offering=(True, False))
    gained = (0.5 + 0.25 * 0.4 * 0.5) * 0.45
    feared = float(pivot.feared_coercion(table, turned, P, 1)[0])
    assert feared == 0.0  # a posture toward the rival gives the rival nothing to punish
    assert pivot.economy_wanted(table, turned, P)[0] == pytest.approx((gained + 0.2 * 0.9) / 0.95)
    loyal = ENGAGEMENTS[LOYAL]
    assert float(pivot.feared_coercion(loyal, turned, P, 1)[0]) > 0.2


def test_security_counts_what_each_patron_stops_and_its_own_floor():
    seen = pivot_view(attention=np.array([[0.6], [0.8]]))
    p = parameters(incumbent_inattentive_protection=0.5, rival_inattentive_protection=0.2)
    k_R, k_W = (float(each[0]) for each in p.local_protection)
    stopped = (0.95 * 0.74 * k_R * (0.5 + 0.5 * 0.6), 0.10 * 0.35 * k_W * (0.2 + 0.8 * 0.8))
    bare = 0.85 * (1 - stopped[0]) * (1 - stopped[1])
    found = pivot.security_wanted(ENGAGEMENTS[LOYAL], seen, p)
    assert found[0] == pytest.approx(1 - 0.45 * bare)


def test_fear_grows_with_attention_from_a_floor_and_ends_at_one():
    seen = pivot_view(coercion=np.array([[0.1], [0.0]]), attention=np.array([[0.5], [0.8]]))
    own = {"fear": 2.0, "fear_inattentive": 0.3, "fear_attentive": 0.6}
    p = replace(P, **{name: a(value) for name, value in own.items()})
    tilt = 0.45 * 0.80 + 0.30 * 0.45 + 0.25 * 0.85
    excess = (tilt + 0.3) / 1.3 - 0.22
    feared = pivot.feared_coercion(ENGAGEMENTS[PIVOT], seen, p)[0]
    assert feared == pytest.approx(0.1 + 2.0 * excess * (0.3 + 0.6 * 0.5))
    dire = replace(seen, coercion=np.array([[0.9], [0.0]]))
    assert pivot.feared_coercion(ENGAGEMENTS[PIVOT], dire, p)[0] == 1.0


def test_the_price_of_both_chairs_where_nobody_coerces_is_that_of_no_attention():
    seen = replace(pivot_view(), coercing=(False, False))
    assert pivot.exacted(seen, parameters(overlap_attention=0.7))[0] == pytest.approx(0.3)


def test_all_costs_are_taken_from_all_gains():
    hostile = np.array([[[-0.4], [0.65], [-0.2]], [[0.15], [0.35], [0.45]]])
    seen, table = pivot_view(alignment=hostile), ENGAGEMENTS[HEDGE]
    own = {"overlap_cost": 0.3, "switching_cost": 0.2, "distrust_cost": 0.5}
    free = parameters(**dict.fromkeys(own, 0.0))
    gained = pivot.posture_utility(table, seen, free)[0]
    both = 0.45 * 0.45**2 + 0.30 * 0.90 * 0.55 + 0.25 * 0.50 * 0.75
    away = 0.45 * (0.50 + 0.35) + 0.30 * (0.05 + 0.20) + 0.25 * (0.35 + 0.40)
    hated = 0.45 * 0.45 * 0.4 + 0.25 * 0.50 * 0.2
    costs = {"overlap_cost": 0.3 * 0.48 * both, "switching_cost": 0.2 * away,
             "distrust_cost": 0.5 * hated}  # fmt: skip
    for name, cost in costs.items():
        p = parameters(**(dict.fromkeys(own, 0.0) | {name: own[name]}))
        assert gained - pivot.posture_utility(table, seen, p)[0] == pytest.approx(cost)
    assert gained - pivot.posture_utility(table, seen, parameters(**own))[0] == pytest.approx(
        sum(costs.values())
    )


def test_hostility_to_either_patron_is_distrust():
    hostile = np.array([[[-0.4], [0.65], [-0.2]], [[-0.5], [0.35], [0.45]]])
    found = pivot.distrust(ENGAGEMENTS[PIVOT], hostile, P.domain_weights)
    assert found[0] == pytest.approx(0.45 * 0.05 * 0.4 + 0.25 * 0.10 * 0.2 + 0.45 * 0.85 * 0.5)


def test_an_approach_ends_at_its_ceiling_and_below_its_thresholds_is_none():
    p = replace(P, act_gain=a(0.5), act_ceiling=a(2.0), act_threshold=a(0.25))
    p = replace(p, act_material_gap=a(0.5))
    wanted = np.array([[0.75, 0.5, 0.25, 0.0, 1.0]] + [[0.0] * 5] * 2)
    step = pivot.approach(wanted, np.array([[0.0, 0.0, 0.0, 0.5, 0.0], [0.1] * 5, [0.2] * 5]), p)
    assert step.score == pytest.approx(a(2.0, 2.0, 1.25, 0.0, 2.0))
    assert step.active.tolist() == [True, True, False, False, True]  # at the threshold not yet
    assert step.material.tolist() == [True, False, False, False, True]
    assert step.domains[:, 3].tolist() == [0.0, 1.0, 0.0]
    assert step.domains.dtype == float


# --- the pivot as a whole ----------------------------------------------------------------------


def test_it_starts_with_no_approach_remembered():
    memory = playing("pivot", "ARM").start(3)
    assert memory.approaches.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert memory.approaches.dtype == np.int64


def test_what_it_sees_of_both_patrons():
    now = scene(2)
    now = replace(
        now,
        attention=np.array([[0.4, 0.4], [0.7, 0.7]]),
        hostility=a(0.3, 0.3),
        roles=replace(
            now.roles, coercing=(False, True), offering=(True, False), threats=((RUS, 3),)
        ),
    )
    state, actor = now.state, playing("pivot", "ARM")
    state.coercion[:], state.fatigue[:] = [[0.1, 0.1], [0.2, 0.2]], [[0.3, 0.3], [0.4, 0.4]]
    state.posture[:] = HEDGE, PIVOT
    seen = actor.sense(now)
    assert seen.alignment[0].tolist() == state.regard(ARM, RUS).tolist()
    assert seen.alignment[1].tolist() == state.regard(ARM, WST).tolist()
    assert seen.engagement[..., 0].tolist() == ENGAGEMENTS[HEDGE].tolist()
    assert seen.engagement[..., 1].tolist() == ENGAGEMENTS[PIVOT].tolist()
    assert seen.belief.tolist() == state.belief().tolist()
    assert seen.attention[:, 0].tolist() == [0.4, 0.7]
    assert seen.hostility.tolist() == [0.3, 0.3]
    for name in ("threat", "self_help", "dependence", "coercion", "fatigue"):
        assert getattr(seen, name) is getattr(state, name), name
    assert (seen.coercing, seen.offering, seen.threats) == ((False, True), (True, False), (0,))


def test_it_chooses_the_posture_worth_most_and_approaches_by_it():
    now = scene(2)
    now.state.position.seats[:] = 0.3
    actor = playing("pivot", "ARM")
    seen = actor.sense(now)
    U = pivot.pivot_utilities(seen, now.p, ENGAGEMENTS)
    made = actor.decide(seen, now, no_luck)
    assert made.choice.tolist() == np.argmax(U, axis=0).tolist()
    assert made.choice.dtype == np.int8
    ahead = np.full((4, 2), np.exp(-1.0))
    ahead[PIVOT, 0], ahead[NEUTRAL, 1] = 1 - 1e-12, 1 - 1e-12
    luck = Dealt(ahead)
    made = actor.decide(seen, replace(now, p=parameters(choice_temperature=0.1)), luck)
    assert made.choice.tolist() == [PIVOT, NEUTRAL]
    assert luck.asked == [(4, "")]
    # gaps from .3: PIVOT wants .05 .45 .10 of the incumbent and .85 .90 .95 of the rival
    old, new = made.approaches
    assert old.score == pytest.approx(5.5 * a(0.15, 0.35))
    assert new.score == pytest.approx(5.5 * a(0.65, 0.20))
    assert new.domains.tolist() == [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]


def test_it_chooses_by_the_engagements_of_its_case():
    now, actor = scene(1), playing("pivot", "ARM")
    seen = actor.sense(now)
    usual = actor.decide(seen, now, no_luck).choice[0]
    assert usual == LOYAL
    actor.engagements = ENGAGEMENTS[[HEDGE, PIVOT, LOYAL, NEUTRAL]]
    made = actor.decide(seen, now, no_luck)
    assert made.choice[0] == 2  # where LOYAL stands now


def test_a_forced_posture_overrules_its_choice():
    now = scene(2, forced=NEUTRAL)
    actor = playing("pivot", "ARM")
    made = actor.decide(actor.sense(now), now, no_luck)
    assert made.choice.tolist() == [NEUTRAL, NEUTRAL]
    assert made.choice.dtype == np.int8


def test_its_acts_and_what_observers_still_notice_of_them():
    now = scene(2)
    now.state.position.seats[:] = 0.3
    now.state.memories["ARM"] = pivot.PivotMemory(np.array([[0, 1], [2, 0]]))
    actor = playing("pivot", "ARM")
    made = actor.decide(actor.sense(now), replace(now, forced_posture=PIVOT), no_luck)
    old, new = actor.act(made, now)
    assert (old.id, new.id) == ("act:ARM:approach-incumbent", "act:ARM:approach-rival")
    assert (old.actor, old.target, new.actor, new.target) == (ARM, RUS, ARM, WST)
    for act, step in zip((old, new), made.approaches, strict=True):
        assert act.score is step.score
        assert act.domains is step.domains
        assert act.material is step.material
        assert act.weight.tolist() == step.active.astype(float).tolist()
        assert act.weight.dtype == float
    assert old.noticed.tolist() == [1.0, 0.5]
    assert new.noticed.tolist() == [0.25, 1.0]


def committed(**scenes):
    """Return the scene after a pivot has turned to the rival alone, who is all it approaches."""
    now = scene(1, **scenes)
    now.state.position.seats[:] = np.array([1.0, 0.0])[:, None, None]
    actor = playing("pivot", "ARM")
    made = actor.decide(actor.sense(now), now, no_luck)
    made = replace(made, choice=np.array([PIVOT], dtype=np.int8))
    actor.commit(made, now)
    return actor, made, now


def test_it_adopts_its_posture_and_its_approaches_are_remembered():
    actor, made, now = committed()
    assert now.state.posture is made.choice
    assert actor.memory(now).approaches.tolist() == [[0], [1]]
    actor.commit(made, now)
    assert actor.memory(now).approaches[RIVAL, 0] == 2


def test_a_posture_on_record_stays_unless_another_is_forced():
    assert committed(recorded=HEDGE)[2].state.posture[0] == LOYAL
    assert committed(recorded=HEDGE, forced=PIVOT)[2].state.posture[0] == PIVOT
    assert committed(forced=PIVOT)[2].state.posture[0] == PIVOT


def test_before_agents_act_no_approach_is_remembered():
    actor, _, now = committed(acting=False)
    assert actor.memory(now).approaches.tolist() == [[0], [0]]
    assert now.state.posture[0] == PIVOT
