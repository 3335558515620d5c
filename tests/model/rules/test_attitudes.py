"""Events, reception, expression, observers: worked examples, the sums by hand in the comments."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from builders import YES, a, event, parameters, quiet, run, with_events
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
