"""Events, reception, expression, observers: worked examples, the sums by hand in the comments."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from builders import NO, YES, a, event, parameters, quiet, run, with_events
from two_chairs.rules import attitudes
from two_chairs.rules.attitudes import Act, Sphere, impulses

pytestmark = pytest.mark.unit
P = parameters()


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


def test_what_observers_do_not_notice_is_still_received_and_expressed():
    act = Act("x", 0, 2, a(5.0), a(1, 0, 0)[:, None], YES, a(1.0), noticed=a(0.25))
    found = list(impulses(act, 4, lambda *_: a(0.4, 0.4, 0.4)[:, None], Sphere((1,), 0), P))
    size = {i.channel: i.change[0, 0] for i in found}
    assert size["reception"] == pytest.approx(0.5)
    assert size["expression"] == pytest.approx(0.25 * 0.5)
    # κ_o · ¼ · .5 · .4
    assert size["observation"] == pytest.approx(0.15 * 0.25 * 0.5 * 0.4)


# --- rules alone -------------------------------------------------------------------------------


def test_fading_by_hand():
    assert attitudes.alignment(a(0.5))[0] == pytest.approx(np.tanh(0.5))
    assert attitudes.retained(a(4.0))[0] == pytest.approx(2**-0.25)
    assert attitudes.retained(a(4.0), 8.0)[0] == pytest.approx(0.25)
    assert attitudes.relaxed(a(0.9), 0.5, a(0.25))[0] == pytest.approx(0.6)


def test_domains_are_summed_by_their_weights():
    w, x = a(0.5, 0.3, 0.2)[:, None], np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    assert attitudes.weighted_sum(w, x) == pytest.approx(a(23.5, 47.0))


def test_hostile_acts_are_felt_more_and_words_count_less():
    assert attitudes.felt(a(-0.5, 0.0, 0.5), a(2.0)) == pytest.approx(a(-1.0, 0.0, 0.5))
    weighed = attitudes.mass(a(0.5, 0.5), np.array([True, False]), a(0.4))
    assert weighed == pytest.approx(a(0.5, 0.2))


def liking(observer, toward):
    """Give a regard by who looks at whom: ten times the one and the other, in hundredths."""
    sign = -1.0 if (observer, toward) == (1, 2) else 1.0
    return np.full((3, 1), sign * (10 * observer + toward) / 100)


@pytest.mark.parametrize(
    ("observer", "target", "holders", "friendly", "expected"),
    [
        (1, 0, (1,), YES, -0.12),  # a gift to the client by somebody it dislikes
        (1, 0, (1,), NO, 0.10),  # a blow
        (1, 0, (3,), YES, 0.10),  # no sphere of its own
        (1, 3, (1,), YES, 0.13),  # a gift to somebody else
        (3, 0, (3,), YES, 0.30),  # a gift by somebody it likes
    ],
)
def test_how_an_observer_weighs_an_act(observer, target, holders, friendly, expected):
    act = Act("x", 2, target, a(5.0), a(1, 0, 0)[:, None], YES, a(1.0))
    q = attitudes.regard_of_target(observer, act, friendly, liking, Sphere(holders, 0))
    assert q[:, 0] == pytest.approx(expected)


def test_somebody_it_neither_likes_nor_dislikes_gives_no_offence():
    act = Act("x", 2, 0, a(5.0), a(1, 0, 0)[:, None], YES, a(1.0))
    toward = {2: 0.0, 0: 0.6}
    q = attitudes.regard_of_target(
        1, act, YES, lambda _, target: np.full((3, 1), toward[target]), Sphere((1,), 0)
    )
    assert q[:, 0].tolist() == [0.6] * 3


def test_every_impulse_of_an_act_in_order():
    shares = {2: ((3, 0.5),)}
    act = Act("x", 2, 0, a(-5.0), a(0.5, 0.3, 0.2)[:, None], NO, a(0.5), noticed=a(0.5))
    found = list(impulses(act, 4, liking, Sphere((1,), 0, shares), P))
    assert [(i.act, i.channel, i.holder, i.toward) for i in found] == [
        ("x", "reception", 0, 2), ("x", "reception", 0, 3), ("x", "expression", 2, 0),
        ("x", "observation", 1, 2), ("x", "observation", 3, 2),
    ]  # fmt: skip
    # m = .5·.4; received κ_r·m·1.95·(−.5), half of it shared; expressed κ_x·m·(−.5)
    sizes = [-0.195, -0.0975, 0.25 * 0.2 * -0.5]
    # observed κ_o·½m·1.95·(−.5·q), q = .10 and .30
    sizes += [0.15 * 0.1 * 1.95 * -0.05, 0.15 * 0.1 * 1.95 * -0.15]
    for impulse, size in zip(found, sizes, strict=True):
        assert impulse.change[:, 0] == pytest.approx(size * a(0.5, 0.3, 0.2))
        assert impulse.fast_share.tolist() == P.verbal_fast_share.tolist()
    deed = Act("x", 2, 0, a(0.0), a(0.5, 0.3, 0.2)[:, None], YES, a(1.0))
    (first, *_) = impulses(deed, 4, liking, Sphere((1,), 0), P)
    assert first.fast_share.tolist() == P.material_fast_share.tolist()
    elsewhere = Act("x", 2, 1, a(-5.0), a(0.5, 0.3, 0.2)[:, None], NO, a(0.5))
    channels = [i.channel for i in impulses(elsewhere, 4, liking, Sphere((1,), 0, shares), P)]
    assert channels == ["reception", "expression", "observation", "observation"]
    others = [(i.holder, i.toward) for i in impulses(elsewhere, 4, liking, Sphere((1,), 0), P)]
    assert others == [(1, 2), (2, 1), (0, 2), (3, 2)]
