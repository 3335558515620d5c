"""Worked examples of each rule, the sums done by hand in the comments."""

from __future__ import annotations

import datetime
import gc
import weakref
from typing import get_args

import numpy as np
import pytest

from builders import (
    attack,
    bundled,
    condition,
    event,
    intervention,
    quiet,
    run,
    with_dated,
    with_events,
    with_parameters,
)
from two_chairs.axes import COERCE, NEGLECT, NEUTRAL, PIVOT, REWARD, WARN
from two_chairs.draws import between, draw_parameters, draw_weights, fixed_parameters, on_simplex
from two_chairs.errors import InputError
from two_chairs.institutions.tie import Signals
from two_chairs.institutions.ties import KINDS
from two_chairs.mechanisms import balance
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.rules import (
    adversary,
    alliance,
    choice,
    incumbent,
    payoffs,
    pivot,
    position,
    protection,
    regimes,
    rival,
)
from two_chairs.rules.attitudes import Act, Sphere, impulses
from two_chairs.rules.pivot import ENGAGEMENTS
from two_chairs.vocabulary import monday
from two_chairs.world.simulation import TwoChairs
from two_chairs.world.state import start_state
from two_chairs.world.week import WEEK, scene

P = fixed_parameters(bundled())
YES, NO = np.array([True]), np.array([False])


def a(*values):
    return np.array(values, dtype=float)


# --- events -------------------------------------------------------------------------------------


def test_reception_expression_and_observers_of_a_deed():
    paths = run(with_events(quiet(3), event(1, "RUS", "ARM", 5.0, domains=(1, 0, 0))))
    z = np.arctanh
    # reception: κ_r·1·1·.5 = .5 on atanh .75
    assert paths.outcome("ARM>RUS:security")[1, 0] == pytest.approx(np.tanh(z(0.75) + 0.5))
    # expression: κ_x·.5 = .125 on atanh .60
    assert paths.outcome("RUS>ARM:security")[1, 0] == pytest.approx(np.tanh(z(0.60) + 0.125))
    # the West watches: q = A_WST,ARM = .10, κ_o·.5·.10 = .0075 on atanh −.60
    assert paths.outcome("WST>RUS:security")[1, 0] == pytest.approx(np.tanh(z(-0.60) + 0.0075))
    # Azerbaijan watches: q = −.80, so .5·(−.80) = −.4 is hostile: κ_o·1.95·(−.4) = −.117
    assert paths.outcome("AZE>RUS:security")[1, 0] == pytest.approx(np.tanh(z(0.20) - 0.117))


def test_a_hostile_word_counts_by_negativity_and_discount():
    word = event(1, "RUS", "ARM", -2.0, domains=(0, 0, 1), material=False, weight=0.7)
    paths = run(with_events(quiet(3), word))
    # κ_r·(.7·.4)·1.95·(−.2) = −.1092
    assert paths.outcome("ARM>RUS:politics")[1, 0] == pytest.approx(
        np.tanh(np.arctanh(0.65) - 0.1092)
    )


def test_sphere_rule_a_gift_to_the_client_is_hostile():
    paths = run(with_events(quiet(3), event(1, "WST", "ARM", 5.0, domains=(1, 0, 0))))
    # Russia: A_RUS,WST = −.60 < 0 and x > 0 toward the pivot: q = −.60, x·q = −.3, ·1.95·.15
    assert paths.outcome("RUS>WST:security")[1, 0] == pytest.approx(
        np.tanh(np.arctanh(-0.60) - 0.15 * 1.95 * 0.3)
    )


def test_without_the_sphere_rule_a_blow_is_weighed_by_regard_for_the_victim():
    paths = run(with_events(quiet(3), event(1, "WST", "ARM", -5.0, domains=(1, 0, 0))))
    # x < 0: q = A_RUS,ARM = .60, x·q = −.3
    assert paths.outcome("RUS>WST:security")[1, 0] == pytest.approx(
        np.tanh(np.arctanh(-0.60) - 0.15 * 1.95 * 0.3)
    )


def test_a_gift_by_somebody_the_incumbent_likes_is_no_offence():
    paths = run(with_events(quiet(3), event(1, "AZE", "ARM", 5.0, domains=(1, 0, 0))))
    # A_RUS,AZE = .20 > 0: the ordinary rule, q = A_RUS,ARM = .60, κ_o·.5·.6 = .045
    assert paths.outcome("RUS>AZE:security")[1, 0] == pytest.approx(
        np.tanh(np.arctanh(0.20) + 0.045)
    )


def test_a_hostile_act_commits_the_actor_without_negativity():
    paths = run(with_events(quiet(3), event(1, "RUS", "ARM", -4.0, domains=(1, 0, 0))))
    # expression: κ_x·(−.4) = −.1 on atanh .60, not times λ
    assert paths.outcome("RUS>ARM:security")[1, 0] == pytest.approx(np.tanh(np.arctanh(0.6) - 0.1))


def test_an_event_acts_in_the_week_that_holds_its_date():
    sunday = event(1).model_copy(update={"date": datetime.date(2020, 1, 19)})
    paths = run(with_events(quiet(4), sunday))
    moved = np.flatnonzero(np.diff(paths.outcome("ARM>RUS:security")[:, 0]))
    assert moved[0] + 1 == 1
    assert paths.dates[1] == datetime.date(2020, 1, 13)


def test_the_fast_and_the_slow_part_decay_apart():
    paths = run(with_events(quiet(20), event(1, "RUS", "ARM", 4.0, domains=(1, 0, 0))))
    # Δz = .4, fast .45·.4 = .18 (13 weeks), slow .22 (208 weeks); ten weeks later:
    left = 0.18 * 2 ** (-10 / 13) + 0.22 * 2 ** (-10 / 208)
    assert paths.outcome("ARM>RUS:security")[11, 0] == pytest.approx(
        np.tanh(np.arctanh(0.75) + left)
    )


# --- the alliance test ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("defended", "coverage", "score"),
    [(True, 1.0, 8.5 * 0.55), (True, 0.0, 8.5), (False, 1.0, -11.65), (False, 0.4, -7.06)],
)
def test_score_of_an_alliance_test(defended, coverage, score):
    # 8.5(1 − .45·cov) if kept; −(4 + 7.65·cov) if broken
    assert alliance.test_score(np.array([defended]), a(coverage), P)[0] == pytest.approx(score)


def test_an_undefended_attack_moves_belief_threat_and_alignments():
    paths = run(with_events(quiet(4), attack(2, 0.6, 1.0, defended=False)))
    # n⁺ = 1.48, n⁻ = .52 + .6
    assert paths.outcome("belief:incumbent")[2, 0] == pytest.approx(1.48 / 2.6)
    assert paths.outcome("threat")[2, 0] == pytest.approx(0.45 + 0.4 * 0.6)
    # toward Azerbaijan: κ_r·1·.8·1.95·(−.6)
    assert paths.outcome("ARM>AZE:security")[2, 0] == pytest.approx(
        np.tanh(np.arctanh(-0.80) - 0.8 * 1.95 * 0.6)
    )
    # toward Russia: weight .6, ω .55, G = −11.65; and as observer of the attack it is the pivot
    # itself that is attacked, so there is nothing else
    assert paths.outcome("ARM>RUS:security")[2, 0] == pytest.approx(
        np.tanh(np.arctanh(0.75) - 0.6 * 0.55 * 1.95 * 1.165)
    )
    # a week later belief and threat are on the way back
    n_minus = 0.52 + 0.6 * 2 ** (-1 / 260)
    assert paths.outcome("belief:incumbent")[3, 0] == pytest.approx(1.48 / (1.48 + n_minus))
    assert paths.outcome("threat")[3, 0] == pytest.approx(0.45 + 0.24 * 2 ** (-1 / 40))


def test_peace_lowers_the_rest_of_threat():
    paths = run(with_dated(quiet(400), condition(1, "peace", 0.9)))
    assert paths.outcome("threat")[-1, 0] == pytest.approx(0.045, abs=1e-3)


# --- protection, seats, measures --------------------------------------------------------------


def test_protection_of_the_loyal_seat():
    # .95·.74·.85·1 = .59755; .10·.35·.30·(.4 + .6·.8) = .00924
    one = protection.shield(a(0.95), a(0.74), a(0.85), a(1.0), a(0.4))
    two = protection.shield(a(0.10), a(0.35), a(0.30), a(0.8), a(0.4))
    assert one[0] == pytest.approx(0.59755)
    assert two[0] == pytest.approx(0.00924)
    assert protection.protection(a(0.15), one, two)[0] == pytest.approx(
        1 - 0.85 * 0.40245 * 0.99076
    )


def test_seats_and_tilt_at_the_start():
    paths = run(quiet(1))
    # o_R: .6·(.75, .65, .65) + .4·(1, 1, .7); o_W: cap·(.6·(.15, .35, .45) + .4·(.1375, .35, .35))
    incumbent = np.array([0.85, 0.79, 0.67])
    rival = np.array([0.55 * 0.145, 0.85 * 0.35, 0.41])
    w = np.array([0.45, 0.30, 0.25])
    R, W = w @ incumbent, w @ rival
    assert paths.arrays["seats"][0, :, :, 0] == pytest.approx(np.stack([incumbent, rival]))
    assert paths.outcome("tilt")[0, 0] == pytest.approx(W - R)
    assert paths.outcome("breadth")[0, 0] == pytest.approx(2 * W / (R + W))
    assert paths.outcome("level")[0, 0] == pytest.approx(R)
    assert paths.outcome("split")[0, 0] == pytest.approx(w @ np.abs(rival - incumbent - (W - R)))
    # h = Σ w·(.6, .2, .6) = .48
    assert paths.outcome("hostility")[0, 0] == pytest.approx(0.48)
    assert paths.outcome("strain")[0, 0] == pytest.approx((R * W * 0.48) ** (1 / 3))


def test_net_seats_let_hostility_eat_into_membership():
    net = fixed_parameters(with_parameters(bundled(), net_seats=1.0))
    # apart: .6·0 + .4·1 = .4; net: .6·(−.5) + .4 = .1
    assert position.occupancy(a(-0.5), a(1.0), P)[0] == pytest.approx(0.4)
    assert position.occupancy(a(-0.5), a(1.0), net)[0] == pytest.approx(0.1)
    assert position.occupancy(a(-0.9), a(1.0), net)[0] == 0.0


def test_transit_caps_the_rivals_economic_seat():
    paths = run(with_dated(quiet(3), condition(1, "transit", 0.6)))
    seat = paths.outcome("seat:rival:economy")[:, 0]
    assert seat[1] == pytest.approx(0.6 * seat[0])
    for other in ("security", "politics"):
        assert np.ptp(paths.outcome(f"seat:rival:{other}")) == 0.0


@pytest.mark.parametrize(
    ("R", "W", "before", "expected"),
    [
        (0.50, 0.20, None, "incumbent-chair"),
        (0.50, 0.31, None, "two-chairs"),
        (0.60, 0.31, None, "incumbent-chair"),
        (0.31, 0.60, None, "rival-chair"),
        (0.20, 0.20, None, "between-chairs"),
        (0.20, 0.40, None, "rival-chair"),
        (0.48, 0.31, "incumbent-chair", "incumbent-chair"),
        (0.44, 0.31, "incumbent-chair", "two-chairs"),
        (0.48, 0.31, "two-chairs", "two-chairs"),
        (0.48, 0.31, "between-chairs", "two-chairs"),
        (0.52, 0.31, "two-chairs", "incumbent-chair"),
    ],
)
def test_regimes(R, W, before, expected):
    names = ["incumbent-chair", "two-chairs", "rival-chair", "between-chairs"]
    earlier = None if before is None else np.array([names.index(before)], dtype=np.int8)
    held = regimes.seats_held(None, np.stack([a(R), a(W)]), P)
    assert names[regimes.regime(earlier, held, a(W - R), P)[0]] == expected


def test_payoffs():
    seats = np.array([[[0.8], [0.6], [0.5]], [[0.1], [0.3], [0.4]]])
    # Wel = [.5·.6·.9 + 2·.2·.3] / (.5 + .4)
    assert payoffs.welfare_payoff(seats, a(0.1), P)[0] == pytest.approx((0.27 + 0.12) / 0.9)
    assert payoffs.security_payoff(a(0.45), a(0.6))[0] == pytest.approx(1 - 0.45 * 0.4)
    assert payoffs.autonomy_payoff(seats, a(0.9), a(0.02))[0] == pytest.approx(1 - 0.72)


def test_loss_is_measured_from_the_tolerated_tilt():
    assert position.loss(a(-0.30), P)[0] == pytest.approx(0.0, abs=1e-12)
    assert position.loss(a(-0.04), P)[0] == pytest.approx(0.26 / 1.3)


# --- choices ----------------------------------------------------------------------------------


def loyal_view(**changes):
    fields = {
        "alignment": np.array([[[0.75], [0.65], [0.65]], [[0.15], [0.35], [0.45]]]),
        "engagement": ENGAGEMENTS[0][..., None],
        "belief": np.array([[0.74], [0.35]]),
        "attention": np.array([[1.0], [0.8]]),
        "threat": a(0.45),
        "self_help": a(0.15),
        "dependence": np.array([[0.96], [0.02]]),
        "coercion": a(0.0),
        "fatigue": a(0.2),
        "hostility": a(0.48),
    }
    return pivot.PivotView(**(fields | changes))


def test_the_utility_of_staying_loyal():
    seen = loyal_view()
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


def test_the_utility_of_pivoting_counts_fear_distance_and_distrust():
    hostile = np.array([[[-0.4], [0.65], [-0.2]], [[0.15], [0.35], [0.45]]])
    seen = loyal_view(alignment=hostile, coercion=a(0.1))
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


def test_choice_is_argmax_without_noise_and_logit_with_it():
    utilities = np.array([[0.0], [0.02]])
    assert choice.choose(utilities, a(0.01), None)[0] == 1
    luck = Luck(3, np.arange(4000))
    noise = -np.log(-np.log(luck.uniforms("test", 2)))
    chosen = choice.choose(np.repeat(utilities, 4000, axis=1), a(0.01), noise)
    # logit: 1 / (1 + e^−2) = .881, ± 3 standard errors of .005
    assert chosen.mean() == pytest.approx(0.881, abs=0.016)


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


def test_observers_notice_less_of_an_approach_repeated_and_forget_by_silent_quarters():
    model = TwoChairs(quiet(1, acting=True), luck=False)
    model.step()
    mover, now = model.actors[model.roles.pivot], scene(model)
    # the memory takes one more of an approach, one less of a quarter without: 1 2 1 2
    for to_rival, remembered in ((True, 1), (True, 2), (False, 1), (True, 2)):
        step = pivot.Approach(a(3.0), a(1, 0, 0)[:, None], NO, np.array([to_rival]))
        made = pivot.PivotDecision(np.array([0, 0], dtype=np.int8), (step, step))
        before = model.state.memories["ARM"].approaches[1, 0]
        assert mover.act(made, now)[1].noticed[0] == 0.5**before
        assert mover.act(made, now)[1].weight[0] == float(to_rival)
        mover.commit(made, now)
        assert model.state.memories["ARM"].approaches[1, 0] == remembered


def test_what_observers_do_not_notice_is_still_received_and_expressed():
    act = Act("x", 0, 2, a(5.0), a(1, 0, 0)[:, None], YES, a(1.0), noticed=a(0.25))
    found = list(impulses(act, 4, lambda *_: a(0.4, 0.4, 0.4)[:, None], Sphere(1, 0), P))
    size = {i.channel: i.change[0, 0] for i in found}
    assert size["reception"] == pytest.approx(0.5)
    assert size["expression"] == pytest.approx(0.25 * 0.5)
    # κ_o · ¼ · .5 · .4
    assert size["observation"] == pytest.approx(0.15 * 0.25 * 0.5 * 0.4)


def utilities(lost, loyalty=0.5, att=1.0, warn=YES, coerce=YES, n=0.0):
    return incumbent.incumbent_utilities(a(lost), a(loyalty), a(att), warn, coerce, a(n), P)[:, 0]


def test_utilities_of_the_incumbent():
    U = utilities(0.40, att=0.4)
    assert U[NEGLECT] == 0.0
    assert U[WARN] == pytest.approx(0.25 * 0.28)
    assert U[REWARD] == pytest.approx(0.4 * 0.9 * 2 * 0.40 * 0.7 - 0.08)
    assert U[COERCE] == pytest.approx(2.5 * 0.18 * 1.0 * (0.35 + 0.65 * 0.4) * 1.3 - 0.12)
    # the cost grows with every coercion of the spell; the reward is capped at a loss of .5
    assert utilities(0.40, n=2.0)[COERCE] == pytest.approx(utilities(0.40)[COERCE] - 0.24)
    assert utilities(0.9)[REWARD] == pytest.approx(utilities(0.5)[REWARD])
    assert utilities(0.9, warn=NO, coerce=NO)[[WARN, COERCE]].tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize(
    ("act", "lost", "before", "after"),
    [
        (COERCE, 0.4, 0.0, 0.15),
        (COERCE, 0.4, 0.75, 0.8),
        (NEGLECT, 0.4, 0.3, 0.25),
        (WARN, 0.4, 0.3, 0.25),
        (REWARD, 0.4, 0.3, 0.15),
        (NEGLECT, 0.1, 0.3, 0.15),
        (REWARD, 0.1, 0.2, 0.0),
    ],
)
def test_coercion_in_force(act, lost, before, after):
    codes = np.array([act], dtype=np.int8)
    assert incumbent.coercion_after(a(before), codes, a(lost), P)[0] == pytest.approx(after)


def test_utilities_of_the_rival():
    U = rival.rival_utilities(a(0.8), a(0.4), a(0.1), a(0.2), P)[:, 0]
    # .8(.5·.9·.4 + .4·.4) − .5·.2 − .18
    assert U[0] == 0.0
    assert U[1] == pytest.approx(0.8 * (0.18 + 0.16) - 0.1 - 0.18)
    assert U[2] == pytest.approx(0.1 - 0.8)
    assert rival.rival_utilities(a(0.1), a(0.4), a(0.1), a(0.2), P)[1, 0] == -np.inf


def test_hazard_of_an_attack():
    # −2.6 + 2.2·.6 + 1.6·.35 − 4·.1 − 1.5·.8·.2 + .8·.6 = −.88
    p = adversary.attack_probability(a(0.4), a(0.35), a(0.1), a(0.8), a(0.2), a(0.4), P)
    assert p[0] == pytest.approx(0.35 / (1 + np.exp(0.88)))


def test_defence_is_by_belief_attention_and_goodwill():
    assert alliance.defence_probability(a(0.7), a(0.4), a(0.5))[0] == pytest.approx(0.14)
    assert alliance.defence_probability(a(0.7), a(0.4), a(-0.5))[0] == 0.0


def test_dependence_follows_and_self_help_grows():
    assert protection.dependence_moved(a(0.96), a(0.45), P)[0] == pytest.approx(0.96 - 0.006 * 0.51)
    assert protection.self_help_grown(a(0.15), a(0.5), P)[0] == pytest.approx(0.1503)
    assert protection.self_help_grown(a(0.40), a(0.5), P)[0] == pytest.approx(0.40)


# --- institutions -----------------------------------------------------------------------------

CASE = bundled().case
TIES = {tie.id: tie for tie in CASE.institutions}


def signals(**changes):
    fields = {
        "acting": True,
        "regard": np.zeros((2, 3, 1)),
        "belief": a(0.4),
        "posture": np.array([PIVOT], dtype=np.int8),
        "protection_alone": a(0.3),
        "realised_loss": a(0.3),
        "rival_cap": P.rival_cap_economy,
        "coercion": a(0.0),
        "coercions_running": np.array([0]),
        "fatigue": a(0.1),
        "kept_promise": NO,
        "offered": NO,
        "levels": {"CSTO": a(1.0), "EAEU": a(1.0), "CIS": a(1.0), "EU": a(0.35), "ICC": a(0.0)},
        "ties": CASE.institutions,
    }
    return Signals(**(fields | changes))


def regard(incumbent=0.0, rival=0.0):
    return np.stack([np.full((3, 1), incumbent), np.full((3, 1), rival)])


def after(tie, memory, weeks, **changes):
    for _ in range(weeks):
        memory = TIES[tie].next_week(memory, signals(**changes), P)
    return memory


def test_the_treaty_freezes_after_half_a_year_of_distrust():
    start = TIES["CSTO"].memory_at(1.0, 1)
    assert after("CSTO", start, 25, regard=regard(-0.3)).level[0] == 1.0
    assert after("CSTO", start, 26, regard=regard(-0.3)).level[0] == 0.4
    assert after("CSTO", start, 60, regard=regard(-0.3), belief=a(0.6)).level[0] == 1.0
    assert after("CSTO", start, 60, regard=regard(-0.3), acting=False).level[0] == 1.0


def test_the_treaty_is_left_only_from_the_freeze_and_with_other_protection():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 1, regard=regard(-0.6)).level[0] == 0.0
    assert after("CSTO", frozen, 1, regard=regard(-0.5)).level[0] == 0.4
    alone = {"regard": regard(-0.6), "protection_alone": a(0.2)}
    assert after("CSTO", frozen, 1, **alone).level[0] == 0.4
    hedging = {"regard": regard(-0.6), "posture": np.array([1], dtype=np.int8)}
    assert after("CSTO", frozen, 1, **hedging).level[0] == 0.4


def test_the_treaty_is_restored_by_a_year_of_goodwill_and_a_kept_promise():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 80, regard=regard(0.2)).level[0] == 0.4
    promised = after("CSTO", frozen, 1, regard=regard(0.2), kept_promise=YES)
    assert after("CSTO", promised, 50, regard=regard(0.2)).level[0] == 0.4
    assert after("CSTO", promised, 51, regard=regard(0.2)).level[0] == 1.0


def test_the_union_is_suspended_by_coercion_and_returns_in_calm():
    member = TIES["EAEU"].memory_at(1.0, 1)
    climbed = {"levels": signals().levels | {"EU": a(0.65)}}
    coerced = {"coercions_running": np.array([3]), **climbed}
    assert after("EAEU", member, 1, **coerced).level[0] == 0.5
    assert after("EAEU", member, 1, coercions_running=np.array([3])).level[0] == 1.0
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    assert after("EAEU", suspended, 51, realised_loss=a(0.1)).level[0] == 0.5
    assert after("EAEU", suspended, 52, realised_loss=a(0.1)).level[0] == 1.0


def test_the_union_is_left_when_an_offer_covers_the_loss():
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    offer = {"offered": YES, "levels": signals().levels | {"EU": a(0.45)}}
    # lost .5·.85·.3·(1 − c) = .1275(1 − c); gained 2·.2·.85·1·(.65 − .45) = .068
    assert after("EAEU", suspended, 1, coercion=a(0.4), **offer).level[0] == 0.5
    assert after("EAEU", suspended, 1, coercion=a(0.5), **offer).level[0] == 0.2
    assert after("EAEU", suspended, 1, coercion=a(0.5), levels=offer["levels"]).level[0] == 0.5


def test_the_loose_organisation_is_left_last():
    member = TIES["CIS"].memory_at(1.0, 1)
    out = {"levels": signals().levels | {"CSTO": a(0.0)}, "regard": regard(-0.6)}
    assert after("CIS", member, 51, **out).level[0] == 1.0
    assert after("CIS", member, 52, **out).level[0] == 0.0
    assert after("CIS", member, 80, regard=regard(-0.6)).level[0] == 1.0


def test_the_ladder_is_climbed_by_offers_goodwill_and_time():
    first = TIES["EU"].memory_at(0.35, 1)
    offered = after("EU", first, 2, regard=regard(0, 0.5), offered=YES)
    assert after("EU", offered, 101, regard=regard(0, 0.5)).level[0] == 0.35
    assert after("EU", offered, 102, regard=regard(0, 0.5)).level[0] == 0.45
    assert after("EU", offered, 150, regard=regard(0, 0.3)).level[0] == 0.35
    assert after("EU", offered, 150, regard=regard(0, 0.5), fatigue=a(0.6)).level[0] == 0.35
    once = after("EU", first, 1, regard=regard(0, 0.5), offered=YES)
    assert after("EU", once, 150, regard=regard(0, 0.5)).level[0] == 0.35
    before = after("EU", offered, 200, regard=regard(0, 0.5), acting=False)
    assert after("EU", before, 101, regard=regard(0, 0.5)).level[0] == 0.35
    assert after("EU", before, 102, regard=regard(0, 0.5)).level[0] == 0.45
    second = TIES["EU"].memory_at(0.45, 1)
    assert after("EU", second, 52, regard=regard(0, -0.1)).level[0] == 0.35


def test_a_kind_of_tie_is_a_file_of_its_name():
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS]
    assert len(set(kinds)) == len(kinds) == 5
    assert all(kind.__module__.endswith(f".{name.replace('-', '_')}")
               for kind, name in zip(KINDS, kinds, strict=True))  # fmt: skip
    assert all(type(tie) in KINDS for tie in CASE.institutions)


def test_a_court_is_left_only_after_notice():
    steps = (
        intervention(2, institution="ICC", level=1.0),
        intervention(10, institution="ICC", level=0.0),
    )
    level = run(with_dated(quiet(80), *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 61]


# --- the week, luck, drawing --------------------------------------------------------------------


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


def test_a_forced_posture_ends():
    forced = intervention(0, posture="NEUTRAL")
    until = forced.model_copy(update={"until": quiet(20).end})
    stay = run(with_dated(quiet(60, switching_cost=0.0), forced)).arrays["posture"][:, 0]
    back = run(with_dated(quiet(60, switching_cost=0.0), until)).arrays["posture"][:, 0]
    assert (stay == NEUTRAL).all()
    assert (back[:25] == NEUTRAL).all()
    assert back[25] != NEUTRAL


def test_parameters_are_drawn_inside_their_ranges_around_their_values():
    scenario = bundled()
    drawn = draw_parameters(scenario, Luck(0, np.arange(2000)))
    for name, entry in scenario.parameters.items():
        values = getattr(drawn, name)
        if PARAMETERS[name].group:
            continue
        assert entry.low <= values.min() <= values.max() <= entry.high, name
        if entry.low < entry.value < entry.high and PARAMETERS[name].varied:
            assert np.mean(values < entry.value) == pytest.approx(0.5, abs=0.05), name
    assert drawn.domain_weights.sum(axis=0) == pytest.approx(np.ones(2000))
    assert drawn.domain_weights.min() > 0


def test_event_weights_are_drawn_inside_their_coding_ranges():
    scenario = bundled()
    weights = draw_weights(scenario, Luck(0, np.arange(500)))
    ranged = {e.id: e for e in scenario.events if e.weight_low < e.weight_high}
    assert set(weights) == set(ranged)
    for key, values in weights.items():
        assert ranged[key].weight_low <= values.min() <= values.max() <= ranged[key].weight_high


def test_between_and_simplex():
    assert between(a(0.0, 0.25, 0.5, 0.75, 1.0), 0.0, 1.0, 3.0).tolist() == [0, 0.5, 1, 2, 3]
    assert on_simplex(a(0.7, 0.2)[:, None])[:, 0] == pytest.approx([0.2, 0.5, 0.3])


def test_a_fixed_parameter_is_not_drawn():
    scenario = with_parameters(bundled(), reception_gain=1.1)
    assert draw_parameters(scenario, Luck(0, np.arange(5))).reception_gain.tolist() == [1.1]


def test_every_assumption_has_a_range_and_every_number_a_source():
    for info in PARAMETERS.values():
        assert info.unit, info.name
        assert info.meaning, info.name
        assert info.reference, info.name
        if info.default is None:
            assert info.source == "given"
            continue
        assert info.low <= info.default <= info.high, info.name
        if info.source == "assumption" and info.name != "balance_drift":
            assert info.low < info.high, info.name


def test_balance_drift_is_the_square_of_the_matrix():
    X = np.array([[0.2, -0.5], [0.3, 0.1]])
    drift = balance.balance_drift(X[:, :, None, None])
    assert drift[:, :, 0, 0] == pytest.approx(X @ X)
    still, drifting = quiet(30), quiet(30, balance_drift=0.01)
    assert not np.array_equal(run(still).outcome("tilt"), run(drifting).outcome("tilt"))


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


def test_the_model_is_a_mesa_model():
    model = TwoChairs(bundled(), [4], seed=1)
    assert len(model.agents) == 4
    model.step()
    assert model.steps == 1
    assert {type(agent).__name__ for agent in model.agents} == {
        "Pivot", "IncumbentPatron", "RivalPatron", "Adversary",
    }  # fmt: skip
    russia = next(agent for agent in model.agents if agent.key == "RUS")
    assert np.shares_memory(russia.fast, model.state.fast)
    assert model.trajectory().worlds == 1
    while model.running:
        model.step()
    assert model.steps == bundled().weeks


def test_a_model_that_has_run_is_let_go():
    model = TwoChairs(quiet(2), range(3))
    model.run()
    watch = weakref.ref(model)
    del model
    gc.collect()
    assert watch() is None


def test_outcome_names_are_explained():
    paths = run(quiet(2))
    for name, message in (
        ("tlit", "did you mean 'tilt'"),
        ("ARM>RUS:securty", "did you mean 'security'"),
        ("chose:RUS:REWRAD", "did you mean 'REWARD'"),
        ("seat:incumbent", "'seat:incumbent' is not an outcome; did you mean"),
    ):
        with pytest.raises(InputError, match=message.replace("(", r"\(")):
            paths.outcome(name)


def test_mondays_and_weeks():
    assert monday(datetime.date(2020, 9, 27)) == datetime.date(2020, 9, 21)
    scenario = bundled()
    assert scenario.weeks == 365
    assert scenario.mondays()[-1] == datetime.date(2026, 12, 28)
    assert scenario.week_of(datetime.date(2023, 12, 10)) == 204
    state = start_state(scenario, 2, P)
    assert state.posture.tolist() == [0, 0]
