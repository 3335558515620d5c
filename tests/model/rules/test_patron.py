"""A patron as a whole: what it sees, chooses, does and remembers; the sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, parameters
from scenes import ARM, RUS, WST, Dealt, no_luck, playing, scene
from two_chairs.axes import COERCE, INCUMBENT, INCUMBENT_ACTS, NEGLECT, REWARD, RIVAL, WARN
from two_chairs.rules import patron
from two_chairs.rules.patron import PatronDecision, PatronMemory
from two_chairs.rules.threat import ThreatView

pytestmark = pytest.mark.unit
P = parameters()
HOLD, OFFER, DISENGAGE = 0, 1, 2
ARMED = ("NEGLECT", "WARN", "ATTACK")


def whole(*values):
    return np.array(values, dtype=np.int64)


def flags(*values):
    return np.array(values, dtype=bool)


def remembering(now, key, quarters, warnings, coercions):
    memory = PatronMemory(whole(*quarters), whole(*warnings), whole(*coercions))
    now.state.memories[key] = memory
    return memory


def decision(actor, now, *choice, weight=None, attacks=None, defended=None):
    """Return a decision as if it had been made, on the grounds of what is seen now."""
    view, _ = actor.sense(now)
    never = flags(*[False] * len(choice))
    weight = np.ones(len(choice)) if weight is None else weight
    return PatronDecision(
        np.array(choice, dtype=np.int8), view, weight,
        never if attacks is None else attacks, never if defended is None else defended,
    )  # fmt: skip


def test_coercion_that_is_a_rounding_error_is_none_and_the_smallest_is_kept():
    still = parameters(coercion_neglected=0.0)
    no, lost = flags(False, False, False), a(0.9, 0.9, 0.9)
    left = patron.coercion_after(a(0.9e-9, 1e-9, 1.1e-9), no, no, lost, still)
    assert left.tolist() == [0.0, 1e-9, 1.1e-9]


def test_a_loss_at_the_threshold_eases_nothing():
    p = parameters(coercion_threshold=0.25)
    no = flags(False, False)
    left = patron.coercion_after(a(0.5, 0.5), no, no, a(0.25, 0.2499), p)
    assert left == pytest.approx(np.array([0.45, 0.35]))


def test_it_starts_with_an_empty_memory_of_its_own():
    memory = playing("incumbent", "RUS").start(3)
    for kept in (memory.quarters_of_loss, memory.warnings, memory.coercions):
        assert kept.tolist() == [0, 0, 0]
        assert kept.dtype == np.int64


def test_what_it_does_is_told_by_the_acts_of_its_repertoire():
    assert set(playing("incumbent", "RUS").deeds) == {"WARN", "REWARD", "COERCE"}
    assert playing("rival", "WST").deeds["OFFER"] == "{actor} offers"
    armed = playing("incumbent", "RUS", *ARMED)
    assert armed.deeds == {
        "WARN": "{actor} warns",
        "attack": "{actor} attacks",
        "attack:test": "{guarantor}'s answers to attacks",
    }


def seen_by(role, key, seat):
    """Return what a patron sees of a scene in which all numbers differ."""
    now = scene(3, tolerated_tilt=0.0, coercion_threshold=0.25, grievance_gain=2.0)
    sign = 1.0 if seat == INCUMBENT else -1.0
    now = replace(now, attention=np.array([[0.4, 0.4, 0.4], [0.7, 0.7, 0.7]]))
    now.state.position = replace(now.state.position, tilt=sign * a(0.5, 0.25, -0.1))
    own = RUS if seat == INCUMBENT else WST
    now.state.fast[own, ARM] = a(-0.2, 0.1, -0.4)[:, None]
    now.state.fatigue[:] = np.array([[0.1], [0.2]])
    remembering(now, key, (3, 3, 3), (1, 0, 2), (4, 5, 6))
    actor = playing(role, key)
    return now, *actor.sense(now)


@pytest.mark.parametrize(
    ("role", "key", "seat"), [("incumbent", "RUS", INCUMBENT), ("rival", "WST", RIVAL)]
)
def test_what_it_sees(role, key, seat):
    now, view, danger = seen_by(role, key, seat)
    assert danger is None
    assert view.realised_loss.tolist() == [0.5, 0.25, 0.0]
    # 2·(.45·.2 − .30·.1 + .25·.4) = .32
    assert view.felt == pytest.approx(a(0.82, 0.57, 0.32))
    w = now.p.domain_weights[:, 0]
    pivot_toward = [float(w @ now.state.regard(ARM, each)[:, 0]) for each in (RUS, WST)]
    assert view.regard == pytest.approx(pivot_toward[seat])
    assert view.regard_elsewhere == pytest.approx(pivot_toward[1 - seat])
    assert view.attention[0] == (0.4, 0.7)[seat]
    assert view.fatigue[0] == pytest.approx((0.1, 0.2)[seat])
    assert view.dependence == pytest.approx((0.5, 0.2)[seat])
    # above the threshold a quarter more; at it, and below, none
    assert view.quarters_of_loss.tolist() == [4, 0, 0]
    assert view.warnings.tolist() == [1, 0, 2]
    assert view.coercions.tolist() == [4, 5, 6]


def test_it_chooses_what_is_worth_most_and_a_repeated_warning_weighs_half():
    now = scene(3)
    now = replace(now, attention=np.zeros((2, 3)))
    remembering(now, "RUS", (0, 0, 0), (0, 1, 2), (0, 0, 0))
    now.state.position = replace(now.state.position, tilt=a(-0.9, 0.3, 0.3))
    actor = playing("incumbent", "RUS")
    seen, danger = actor.sense(now)
    made = actor.decide((seen, danger), now, no_luck)
    # no loss: nothing is worth it; with a loss of .46 a warning is, until two are remembered
    assert made.choice.tolist() == [NEGLECT, WARN, NEGLECT]
    assert made.choice.dtype == np.int8
    assert made.warning_weight.tolist() == [1.0, 0.5, 0.25]
    assert made.view is seen
    assert made.attacks.tolist() == made.defended.tolist() == [False] * 3
    assert made.attacks.dtype == made.defended.dtype == bool


def test_luck_shakes_its_choice_at_the_temperature_of_choice():
    now = scene(2, choice_temperature=0.1)
    actor = playing("incumbent", "RUS")
    seen, _ = actor.sense(now)
    seen = replace(seen, felt=a(0.4, 0.4), regard=a(-1.0, -1.0))
    # a warning is worth .25·.28 = .07; neglect is ahead where its noise is .8 larger
    even, ahead = np.exp(-np.exp(0.0)), np.exp(-np.exp(-0.8))
    uniforms = np.full((4, 2), even)
    uniforms[NEGLECT, 1] = ahead
    luck = Dealt(uniforms)
    made = actor.decide((seen, None), now, luck)
    assert made.choice.tolist() == [WARN, NEGLECT]
    assert luck.asked == [(4, "")]


def test_what_it_did_is_by_the_code_of_its_own_repertoire():
    now = scene(2)
    actor = playing("incumbent", "RUS")
    made = decision(actor, now, REWARD, COERCE)
    assert made.did("REWARD", INCUMBENT_ACTS).tolist() == [True, False]
    missing = made.did("OFFER", INCUMBENT_ACTS)
    assert missing.tolist() == [False, False]
    assert missing.dtype == bool


def test_a_warning_weighs_what_repetition_has_left_and_silence_is_no_act():
    now = scene(4)
    actor = playing("incumbent", "RUS")
    weight = a(0.5, 0.25, 0.5, 0.5)
    made = decision(actor, now, NEGLECT, WARN, REWARD, COERCE, weight=weight)
    (act,) = actor.act(made, now)
    assert act.weight.tolist() == [0.0, 0.25, 1.0, 1.0]
    assert act.habit.tolist() == [1.0, 0.25, 1.0, 1.0]
    assert (act.id, act.actor, act.target) == ("act:RUS", RUS, ARM)
    assert act.score.tolist() == [0.0, -4.4, 6.4, -8.0]
    assert act.domains[:, 1].tolist() == [0.3, 0.3, 0.4]
    assert act.domains[:, 3].tolist() == [0.0, 0.7, 0.3]
    assert act.material.tolist() == [False, False, True, True]
    assert act.choice is made.choice
    assert act.options == INCUMBENT_ACTS
    (held,) = playing("rival", "WST").act(decision(playing("rival", "WST"), now, 0, 1, 2, 0), now)
    assert held.weight.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_it_remembers_its_loss_and_warnings_and_presses():
    now = scene(4, coercion_ceiling=0.8)
    remembering(now, "RUS", (1, 1, 1, 1), (0, 1, 2, 0), (3, 3, 0, 2))
    now.state.position = replace(now.state.position, tilt=a(0.5, 0.5, 0.5, -0.9))
    now.state.coercion[:] = np.array([[0.3, 0.3, 0.0, 0.1], [0.6, 0.6, 0.6, 0.6]])
    now.state.coercions_running[:] = np.array([[2, 2, 2, 2], [7, 7, 7, 7]])
    actor = playing("incumbent", "RUS")
    made = decision(actor, now, COERCE, WARN, REWARD, NEGLECT)
    actor.commit(made, now)
    kept = actor.memory(now)
    assert kept.quarters_of_loss.tolist() == [2, 2, 2, 0]
    assert kept.warnings.tolist() == [0, 2, 1, 0]
    # +.15; −.05; −.15 of none; −.05 − .10 (no loss) of .1
    assert now.state.coercion[INCUMBENT] == pytest.approx(a(0.45, 0.25, 0.0, 0.0))
    assert now.state.coercion[RIVAL].tolist() == [0.6] * 4
    # a spell lasts as long as coercion is in force
    assert kept.coercions.tolist() == [4, 3, 0, 0]
    assert now.state.coercions_running.tolist() == [[3, 0, 0, 0], [7, 7, 7, 7]]


def test_a_reward_lowers_coercion_more_than_neglect():
    now = scene(2)
    now.state.position = replace(now.state.position, tilt=a(0.9, 0.9))
    now.state.coercion[INCUMBENT] = 0.5
    actor = playing("incumbent", "RUS")
    actor.commit(decision(actor, now, REWARD, NEGLECT), now)
    assert now.state.coercion[INCUMBENT] == pytest.approx(a(0.35, 0.45))


def test_before_agents_act_its_means_stay_and_warnings_are_remembered_all_the_same():
    now = scene(2, acting=False)
    remembering(now, "RUS", (0, 0), (0, 1), (5, 5))
    now.state.coercion[INCUMBENT] = 0.5
    actor = playing("incumbent", "RUS")
    actor.commit(decision(actor, now, WARN, COERCE), now)
    assert actor.memory(now).warnings.tolist() == [1, 0]
    assert actor.memory(now).coercions.tolist() == [5, 5]
    assert now.state.coercion[INCUMBENT].tolist() == [0.5, 0.5]
    assert now.state.coercions_running[INCUMBENT].tolist() == [0, 0]
    west = playing("rival", "WST", bound_by=("fatigue",))
    now.state.fatigue[RIVAL] = 0.2
    west.commit(decision(west, now, OFFER, HOLD), now)
    assert now.state.fatigue[RIVAL].tolist() == [0.2, 0.2]
    assert now.state.offered.tolist() == [[False, False], [False, False]]


def test_an_offer_is_known_and_tires_whom_fatigue_binds():
    now = scene(3, fatigue_step=0.25)
    now.state.fatigue[:] = np.array([[0.1, 0.1, 0.1], [0.2, 0.9, 0.2]])
    west = playing("rival", "WST", bound_by=("fatigue",))
    west.commit(decision(west, now, OFFER, OFFER, DISENGAGE), now)
    assert now.state.offered.tolist() == [[False] * 3, [True, True, False]]
    assert now.state.fatigue == pytest.approx(np.array([[0.1] * 3, [0.45, 1.0, 0.2]]))
    free = playing("rival", "WST")
    free.commit(decision(free, now, OFFER, OFFER, OFFER), now)
    assert now.state.offered[RIVAL].all()
    assert now.state.fatigue[RIVAL] == pytest.approx(a(0.45, 1.0, 0.2))


def test_what_is_not_in_its_repertoire_moves_nothing():
    now = scene(2)
    now.state.coercion[:], now.state.coercions_running[:] = 0.3, 2
    now.state.offered[:] = True
    west, old = playing("rival", "WST"), playing("incumbent", "RUS")
    remembering(now, "WST", (0, 0), (0, 0), (4, 5))
    west.commit(decision(west, now, HOLD, OFFER), now)
    assert west.memory(now).coercions.tolist() == [4, 5]
    assert now.state.coercion[RIVAL].tolist() == [0.3, 0.3]
    assert now.state.coercions_running[RIVAL].tolist() == [2, 2]
    old.commit(decision(old, now, NEGLECT, WARN), now)
    assert now.state.offered[INCUMBENT].tolist() == [True, True]


# --- a patron that is a threat too -------------------------------------------------------------


def test_where_it_attacks_that_is_its_act_and_stands_for_all_else():
    now = scene(3)
    actor = playing("incumbent", "RUS", *ARMED)
    seen, danger = actor.sense(now)
    assert danger.hazard.shape == (3,)
    luck = Dealt(np.full((2, 3), 0.5))
    made = actor.decide((seen, ThreatView(a(0.6, 0.4, 0.6), a(0.6, 0.6, 0.4))), now, lucky(luck))
    assert made.attacks.tolist() == [True, False, True]
    assert made.defended.tolist() == [True, True, False]
    assert made.choice.tolist() == [2, 0, 2]
    assert made.choice.dtype == np.int8
    assert made.warning_weight.tolist() == [1.0, 1.0, 1.0]
    assert made.view is seen
    assert luck.asked == [(2, "attack/RUS")]
    acts = actor.act(made, now)
    assert [act.id for act in acts] == ["act:RUS", "act:RUS:attack", "act:RUS:attack:test"]
    assert acts[0].weight.tolist() == [0.0, 0.0, 0.0]
    assert acts[1].weight.tolist() == [1.0, 0.0, 1.0]
    assert acts[2].actor == WST
    assert acts[2].score[0] > 0.0 > acts[2].score[2]


def lucky(dealt):
    """Draw no luck for the choice, and for attacks what was laid down."""
    return lambda rows, stream="": dealt(rows, stream) if stream else None


def test_what_it_has_at_stake_is_what_it_loses():
    now = scene(2)
    now.state.conditions["stake"] = a(1.0)
    now.state.position = replace(now.state.position, tilt=a(0.9, -0.9))
    _, danger = playing("incumbent", "RUS", *ARMED).sense(now)
    assert danger.hazard[0] > 0.0 == danger.hazard[1]


def test_its_attack_frightens_once_it_is_committed():
    now = scene(2)
    actor = playing("incumbent", "RUS", *ARMED)
    before, kept = now.state.threat.copy(), now.state.kept.copy()
    made = decision(actor, now, 2, 0, attacks=flags(True, False), defended=flags(True, True))
    actor.commit(made, now)
    assert now.state.threat[0] > before[0]
    assert now.state.threat[1] == before[1]
    assert now.state.defended.tolist() == [True, False]
    assert (now.state.kept > kept).tolist() == [[False, False], [True, False]]
