"""The alliance test: worked examples, the sums done by hand in the comments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import (
    YES,
    a,
    attack,
    bundled,
    condition,
    parameters,
    quiet,
    run,
    with_dated,
    with_events,
)
from two_chairs.rules import alliance
from two_chairs.rules.attitudes import Act
from two_chairs.world.state import start_state

pytestmark = pytest.mark.unit
P = parameters()


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


@pytest.mark.long
def test_peace_lowers_the_rest_of_threat():
    paths = run(with_dated(quiet(400), condition(1, "peace", 0.9)))
    assert paths.outcome("threat")[-1, 0] == pytest.approx(0.045, abs=1e-3)


def test_defence_is_by_belief_attention_and_goodwill():
    assert alliance.defence_probability(a(0.7), a(0.4), a(0.5))[0] == pytest.approx(0.14)
    assert alliance.defence_probability(a(0.7), a(0.4), a(-0.5))[0] == 0.0


def test_a_war_elsewhere_takes_attention():
    p = parameters(attention_loss=0.6)
    assert alliance.attention(a(0.5), p)[0] == pytest.approx(0.7)


def test_belief_is_the_share_of_promises_kept():
    assert alliance.reliability(a(1.5), a(0.5))[0] == 0.75


def struck(test_domains=None):
    attack_on_it = Act("raid", 3, 0, a(-10.0), a(0.8, 0.1, 0.1)[:, None], YES, a(0.5, 1.0))
    defended = np.array([True, False])
    return alliance.alliance_test(attack_on_it, 2, a(0.6), a(0.4), defended, P, test_domains)


def test_the_answer_to_an_attack_is_an_act_of_the_guarantor_toward_the_ally():
    answer = struck()
    assert (answer.id, answer.actor, answer.target) == ("raid:test", 2, 0)
    assert answer.score == pytest.approx(a(8.5 * (1 - 0.45 * 0.4), -7.06))
    assert answer.domains.tolist() == [[0.55], [0.10], [0.35]]
    assert answer.material.tolist() == [True]
    assert answer.weight == pytest.approx(a(0.3, 0.6))
    assert struck(a(0.6, 0.1, 0.3)).domains.tolist() == [[0.6], [0.1], [0.3]]


def test_what_is_believed_after_an_attack_that_was_answered_and_one_that_was_not():
    state = start_state(bundled(), 3, P)
    state.kept[:], state.broken[:], state.threat[:] = 1.0, 2.0, 0.1
    defended, p = np.array([True, False, True]), parameters(threat_jump=0.5)
    alliance.suffer_attack(state, a(0.8, 0.8, 0.0), a(0.5), defended, p)
    assert state.kept == pytest.approx(np.array([[1.4, 1.0, 1.0], [1.0] * 3]))
    assert state.broken == pytest.approx(np.array([[2.0, 2.4, 2.0], [2.0] * 3]))
    assert state.threat == pytest.approx(a(0.5, 0.5, 0.1))
    assert state.kept_promise.tolist() == [[True, False, False], [False] * 3]
    alliance.suffer_attack(state, a(0.2), a(1.0), np.array([False, True, False]), p, 1)
    assert state.kept[1] == pytest.approx(a(1.0, 1.2, 1.0))
    assert state.broken[1] == pytest.approx(a(2.2, 2.0, 2.2))
    # promises kept this week stay kept
    assert state.kept_promise.tolist() == [[True, False, False], [False, True, False]]
    alliance.suffer_attack(state, a(0.2), a(1.0), np.array([True, False, False]), p, 1)
    assert state.kept_promise[1].tolist() == [True, True, False]
