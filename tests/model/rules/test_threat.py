"""A threat alone: its chance of an attack, what it does and what follows; the sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, bundled, parameters
from scenes import ARM, AZE, RUS, WST, Dealt, no_luck, playing, scene
from two_chairs.axes import INCUMBENT, RIVAL, SECURITY
from two_chairs.rules.adversary import AdversaryDecision
from two_chairs.rules.alliance import domains_of_test
from two_chairs.rules.threat import Threat, ThreatView, attack_probability
from two_chairs.scenario.records import Decisions

pytestmark = pytest.mark.unit
HAZARD = {
    "hazard_base": -1.0,
    "hazard_exposure": 2.0,
    "hazard_stake": 0.5,
    "hazard_peace": -3.0,
    "hazard_rival": -1.5,
    "hazard_inattention": 0.8,
    "attack_rate": 0.4,
}
SEEN = {
    "protected": a(0.7),
    "stake": a(0.6),
    "peace": a(0.2),
    "engagement": a(0.5),
    "rival_seat": a(0.4),
    "attention": a(0.3),
}


def chance(p, **seen):
    return float(attack_probability(*(SEEN | seen).values(), p)[0])


def numbers(**values):
    """Return parameters of a threat, set past the ranges of the bundled case."""
    return replace(parameters(), **{name: a(value) for name, value in (HAZARD | values).items()})


def test_the_stake_multiplies_the_chance_of_an_attack():
    # −1 + 2·.3 + .5 − 3·.2 − 1.5·.5·.4 + .8·.7 = −.24
    full = 0.4 / (1 + np.exp(0.24))
    p = numbers(stake_multiplies=1.0)
    assert chance(p) == pytest.approx(0.6 * full)
    assert chance(p, stake=a(1.0)) == pytest.approx(full)
    assert chance(p, stake=a(0.0)) == 0.0


def test_or_only_adds_to_its_logit():
    # −1 + 2·.3 + .5·.6 − 3·.2 − 1.5·.5·.4 + .8·.7 = −.44
    for off in (0.0, 0.5):
        p = numbers(stake_multiplies=off)
        assert chance(p) == pytest.approx(0.4 / (1 + np.exp(0.44)))
        assert chance(p, stake=a(0.0)) == 0.0


def weighed(seat, **changes):
    """Return what a threat weighs in a scene in which all numbers differ, and that scene."""
    now = scene(2, **changes)
    now = replace(
        now,
        attention=np.array([[0.4, 0.4], [0.7, 0.7]]),
        shields=np.array([[0.5, 0.5], [0.2, 0.2]]),
    )
    state = now.state
    state.conditions |= {"stake": a(0.8), "peace": a(0.1)}
    state.position.seats[:, SECURITY] = np.array([[0.6, 0.6], [0.3, 0.3]])
    part = bundled().case.part("AZE")
    return Threat(part, bundled().case.decisions, seat), now


@pytest.mark.parametrize(
    ("seat", "protected", "deterrent", "guarantor", "busy"),
    [
        (None, 1 - 0.85 * 0.5 * 0.8, RIVAL, INCUMBENT, 1.0),
        (INCUMBENT, 1 - 0.85 * 0.8, RIVAL, RIVAL, 0.4),
        (RIVAL, 1 - 0.85 * 0.5, INCUMBENT, INCUMBENT, 0.7),
    ],
)
def test_what_it_weighs(seat, protected, deterrent, guarantor, busy):
    threat, now = weighed(seat)
    assert (threat.seat, threat.guarantor, threat.deterrent) == (seat, guarantor, deterrent)
    attention, chairs, belief = (0.4, 0.7), (0.6, 0.3), now.state.belief()[:, 0]
    for lost in (1.0, 0.5):
        view = threat.weigh(now, lost)
        hazard = attack_probability(
            a(protected), a(0.8 * lost), a(0.1), a(attention[deterrent]), a(chairs[deterrent]),
            a(attention[guarantor]), now.p,
        )  # fmt: skip
        assert view.hazard == pytest.approx(busy * hazard[0])
        goodwill = now.state.regard((RUS, WST)[guarantor], ARM)[SECURITY, 0]
        assert view.rescue == pytest.approx(belief[guarantor] * attention[guarantor] * goodwill)
    assert threat.weigh(now).hazard == pytest.approx(threat.weigh(now, 1.0).hazard)


def test_a_patron_threatens_by_numbers_of_its_own():
    (usual, now), (_, own) = weighed(RIVAL), weighed(RIVAL, rival_attack_rate=0.05)
    share = 0.05 / float(now.p.attack_rate[0])
    assert usual.weigh(own).hazard == pytest.approx(share * usual.weigh(now).hazard)
    assert weighed(None)[0].weigh(own).hazard == pytest.approx(weighed(None)[0].weigh(now).hazard)


def test_it_attacks_where_luck_falls_below_the_hazard_and_never_without():
    threat, _ = weighed(None)
    view = ThreatView(a(0.5, 0.5, 0.5), a(0.2, 0.2, 0.2))
    luck = Dealt(np.array([[0.4, 0.5, 0.6], [0.1, 0.2, 0.1]]))
    attacks, defended = threat.cast(view, luck)
    assert attacks.tolist() == [True, False, False]
    assert defended.tolist() == [True, False, True]
    assert luck.asked == [(2, threat.part.threat_stream)]
    for never in threat.cast(view, no_luck):
        assert never.tolist() == [False] * 3
        assert never.dtype == bool


def test_its_attack_and_the_answer_to_it():
    threat, now = weighed(None, attack_severity=0.5, attack_coverage=0.8)
    attack, answer = threat.acts(np.array([True, False]), np.array([True, False]), now)
    assert (attack.id, attack.actor, attack.target) == ("act:AZE:attack", AZE, ARM)
    assert attack.score.tolist() == [-5.0]
    assert attack.domains[:, 0].tolist() == [0.8, 0.05, 0.15]
    assert attack.material.tolist() == [True]
    assert attack.weight.tolist() == [1.0, 0.0]
    assert (answer.id, answer.actor, answer.target) == ("act:AZE:attack:test", RUS, ARM)
    assert answer.domains[:, 0].tolist() == [0.55, 0.10, 0.35]
    # kept: 8.5(1 − .45·.8); broken: −(4 + 7.65·.8); weight 1·.5
    assert answer.score == pytest.approx(a(8.5 * 0.64, -10.12))
    assert answer.weight.tolist() == [0.5, 0.0]
    assert answer.material.tolist() == [True]


def test_the_answer_lies_in_the_domains_that_a_case_gives_it():
    spread = {"security": 0.6, "economy": 0.1, "politics": 0.3, "spread": 0.1, "source": "test"}
    own = Decisions.model_validate({"acts": {"TEST": spread}})
    assert domains_of_test(own).tolist() == [0.6, 0.1, 0.3]
    now, struck = scene(2), np.array([True, True])
    _, answer = Threat(bundled().case.part("AZE"), own).acts(struck, struck, now)
    assert answer.domains[:, 0].tolist() == [0.6, 0.1, 0.3]


def test_a_promise_that_was_left_covers_nothing_of_an_attack():
    threat, now = weighed(None, attack_severity=0.5, attack_coverage=0.8)
    now = replace(now, promised=(np.array([True, False]), np.array([False, False])))
    struck, unanswered = np.array([True, True]), np.array([False, False])
    _, answer = threat.acts(struck, unanswered, now)
    # broken: −(4 + 7.65·cov)
    assert answer.score == pytest.approx(a(-10.12, -4.0))
    broken = now.state.broken.copy()
    threat.strike(struck, unanswered, now)
    assert now.state.broken[INCUMBENT] - broken[INCUMBENT] == pytest.approx(a(0.4, 0.0))


def test_a_patron_that_attacks_is_answered_by_the_other():
    threat, now = weighed(INCUMBENT)
    _, answer = threat.acts(np.array([True, True]), np.array([True, True]), now)
    assert answer.actor == WST


def test_what_an_attack_leaves_behind():
    threat, now = weighed(None, attack_severity=0.5, attack_coverage=0.8, threat_jump=0.4)
    state, attacks, defended = now.state, np.array([True, False]), np.array([True, True])
    kept, broken, fear = state.kept.copy(), state.broken.copy(), state.threat.copy()
    threat.strike(attacks, defended, now)
    assert state.defended.tolist() == [True, False]
    assert state.kept - kept == pytest.approx(np.array([[0.4, 0.0], [0.0, 0.0]]))
    assert np.array_equal(state.broken, broken)
    assert state.threat - fear == pytest.approx(a(0.2, 0.0))
    assert state.kept_promise.tolist() == [[True, False], [False, False]]
    threat.strike(np.array([False, True]), np.array([False, False]), now)
    assert state.defended.tolist() == [True, False]  # what was answered this quarter stays so
    assert state.broken - broken == pytest.approx(np.array([[0.0, 0.4], [0.0, 0.0]]))


def test_it_tests_the_patron_that_is_to_answer_and_before_agents_act_nobody():
    threat, now = weighed(INCUMBENT)
    struck = np.array([True, True])
    kept = now.state.kept.copy()
    threat.strike(struck, struck, now)
    assert (now.state.kept > kept).tolist() == [[False, False], [True, True]]
    threat, now = weighed(None)
    now = replace(now, acting=False)
    kept, fear = now.state.kept.copy(), now.state.threat.copy()
    threat.strike(struck, struck, now)
    assert np.array_equal(now.state.kept, kept)
    assert np.array_equal(now.state.threat, fear)
    assert now.state.defended.tolist() == [True, True]


def test_an_adversary_is_such_a_threat():
    neighbour, (threat, now) = playing("adversary", "AZE"), weighed(None)
    view = neighbour.sense(now)
    assert view.hazard.tolist() == threat.weigh(now).hazard.tolist()
    luck = Dealt(np.array([[0.4, 0.6], [0.1, 0.9]]))
    made = neighbour.decide(ThreatView(a(0.5, 0.5), a(0.5, 0.5)), now, luck)
    assert made.choice.tolist() == [1, 0]
    assert made.choice.dtype == np.int8
    assert made.attacks.tolist() == made.defended.tolist() == [True, False]
    attack, answer = neighbour.act(made, now)
    assert (attack.weight.tolist(), answer.actor) == ([1.0, 0.0], RUS)
    assert answer.score[0] > 0.0 > answer.score[1]
    fear = now.state.threat.copy()
    neighbour.commit(AdversaryDecision(made.choice, made.defended), now)
    assert (now.state.threat > fear).tolist() == [True, False]
    assert now.state.defended.tolist() == [True, False]
