"""What each act is worth to whichever patron has it: worked examples, and where each opens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, bundled, parameters, patron_view
from two_chairs.axes import DOMAINS
from two_chairs.rules import acts, choice
from two_chairs.scenario.records import Decisions

pytestmark = pytest.mark.unit
P = parameters()


def test_an_option_is_open_only_where_it_is_allowed_and_worth_more_than_nothing():
    found = choice.worthwhile(a(0.5, 0.0, -0.5))
    assert found.tolist() == [0.5, -np.inf, -np.inf]
    allowed = np.array([False, True])
    assert choice.worthwhile(a(0.5, 0.5), allowed).tolist() == [-np.inf, 0.5]


def test_nothing_is_worth_nothing_in_every_world():
    assert acts.nothing(patron_view(realised_loss=a(0.3, 0.4)), P).tolist() == [0.0, 0.0]


def test_a_warning_is_open_until_two_are_remembered():
    seen = patron_view(felt=a(0.5, 0.5, 0.5), warnings=np.array([1, 2, 3]))
    gain = 0.25 * (0.5 - 0.12)
    assert acts.warn(seen, P) == pytest.approx(a(gain, -np.inf, -np.inf))


def test_a_reward_sways_by_loyalty_and_by_no_more_than_half_a_loss():
    seen = patron_view(felt=a(0.3, 0.9, 0.3), regard=a(0.4, 0.4, -0.4), attention=a(0.5))
    # .5·.9·2·min(felt, .5)·(max(0, regard) + .2) − .08; to who is disloyal −.026
    worth = a(0.45 * 0.6 * 0.6 - 0.08, 0.45 * 0.6 - 0.08, -np.inf)
    assert acts.reward(seen, P) == pytest.approx(worth)


def test_coercion_needs_two_quarters_of_loss_and_costs_more_each_time():
    numbers = {
        "coercion_threshold": 0.2, "leverage_floor": 0.1, "coercion_inattentive": 0.3,
        "coercion_attentive": 0.6, "coercion_cost": 0.05, "coercion_gain": 4.0, "resolve": 0.5,
    }  # fmt: skip
    p = replace(P, **{name: a(value) for name, value in numbers.items()})
    seen = patron_view(
        felt=a(0.6, 0.6, 0.6), attention=a(0.5), dependence=a(0.4),
        quarters_of_loss=np.array([1, 2, 3]), coercions=np.array([0, 0, 2]),
    )  # fmt: skip
    # 4·.4·(.1 + .4)·(.3 + .6·.5)·1.5 = .72
    assert acts.coerce(seen, p) == pytest.approx(a(-np.inf, 0.67, 0.57))
    at_ease = replace(seen, felt=a(0.1, 0.1, 0.1))
    free = replace(p, coercion_cost=a(-0.1))
    assert acts.coerce(at_ease, free) == pytest.approx(a(-np.inf, 0.1, 0.3))


def test_an_offer_is_drawn_by_regard_and_by_a_rift():
    numbers = {
        "rift_level": 0.5, "offer_gain": 0.8, "wedge": 0.3, "fatigue_cost": 0.2,
        "offer_cost": 0.1, "offer_engagement": 0.5,
    }  # fmt: skip
    p = replace(P, **{name: a(value) for name, value in numbers.items()})
    seen = patron_view(
        regard=a(0.6, -0.6, 0.6, 0.6), regard_elsewhere=a(-0.5, -0.5, 0.9, -0.5),
        attention=a(0.5, 0.9, 0.9, 0.4), fatigue=a(0.2),
    )  # fmt: skip
    # drawn .5·.8·.6 + .3·1 = .54, by a rift alone .30, by regard alone .24
    worth = a(0.5 * 0.54 - 0.14, 0.9 * 0.30 - 0.14, 0.9 * 0.24 - 0.14, -np.inf)
    assert acts.offer(seen, p) == pytest.approx(worth)


def test_who_pays_no_attention_turns_away_in_every_world():
    p = parameters(disengagement_level=0.2)
    left = acts.disengage(patron_view(attention=a(0.05), regard=a(0.1, 0.2)), p)
    assert left == pytest.approx(a(0.15, 0.15))


def test_a_table_has_the_usual_numbers_in_the_order_of_the_repertoire():
    table = acts.table_of(("COERCE", "NEGLECT"), Decisions())
    assert table.scores.tolist() == [-8.0, 0.0]
    assert table.domains.tolist() == [[0.0, 0.7, 0.3], [0.3, 0.3, 0.4]]
    assert table.material.tolist() == [True, False]
    own = acts.table_of(("COERCE", "NEGLECT"), bundled().case.decisions)
    assert own.domains.shape == (2, len(DOMAINS))


def test_utilities_are_of_what_is_chosen_and_not_of_what_comes_by_chance():
    U = acts.utilities(("NEGLECT", "ATTACK", "WARN"), patron_view(0.5), P)
    assert U == pytest.approx(np.array([[0.0], [0.25 * 0.38]]))
