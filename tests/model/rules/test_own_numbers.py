"""Numbers of a patron's own: what follows them, and what stays with the shared ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, bundled, parameters, patron_view, pivot_view, run, with_parameters
from toys import OLD_CHAIR_OF_OFFERS, toy
from two_chairs.axes import INCUMBENT, RIVAL
from two_chairs.draws import draw_inputs
from two_chairs.errors import InputError
from two_chairs.parameters import BY_PATRON, PARAMETERS, own_name
from two_chairs.randomness import Luck
from two_chairs.rules import acts, payoffs, pivot, protection
from two_chairs.rules.position import loss_of
from two_chairs.scenario.resolve import load_scenario

pytestmark = pytest.mark.unit


def test_a_patron_measures_its_loss_from_what_it_tolerates_itself():
    p = parameters(rival_tolerated_tilt=0.45)
    # the rival: (.60 − .45) / .55; the incumbent still from −.30: (−.60 + .30) / 1.30 < 0
    assert loss_of(a(-0.6), p, RIVAL)[0] == pytest.approx(0.15 / 0.55)
    assert loss_of(a(-0.4), p, RIVAL)[0] == 0.0
    assert loss_of(a(-0.1), p, INCUMBENT)[0] == pytest.approx(0.2 / 1.3)


def test_until_it_has_its_own_a_patron_follows_the_shared_number_wherever_that_goes():
    p = parameters()
    assert p.of(RIVAL) is p is p.of(INCUMBENT)
    moved = replace(p, tolerated_tilt=a(0.1))
    assert moved.of(RIVAL).tolerated_tilt[0] == 0.1 == moved.value("rival_tolerated_tilt")[0]


@pytest.mark.parametrize("name", BY_PATRON)
def test_every_number_of_a_patron_can_be_its_own(name):
    info = PARAMETERS[own_name("rival", name)]
    assert (info.follows, info.bounds, info.varied) == (
        name,
        PARAMETERS[name].bounds,
        PARAMETERS[name].varied,
    )
    p = parameters(**{info.name: info.bounds[1]})
    assert getattr(p.of(RIVAL), name)[0] == info.bounds[1]
    assert getattr(p.of(INCUMBENT), name)[0] == getattr(p, name)[0]


def test_what_is_feared_of_a_patron_goes_by_its_own_threshold():
    wanted = np.array([[0.1, 0.1, 0.1], [0.9, 0.9, 0.9]])
    seen = pivot_view(attention=np.ones((2, 1)))
    usual, mild = parameters(), parameters(incumbent_coercion_threshold=1.0)
    assert pivot.feared_coercion(wanted, seen, usual)[0] > 0.0
    assert pivot.feared_coercion(wanted, seen, mild)[0] == seen.coercion[INCUMBENT][0]


def test_the_attention_that_exacts_the_price_of_two_chairs_is_that_of_who_coerces():
    seen = replace(pivot_view(attention=np.array([[0.2], [0.9]])), coercing=(False, True))
    p = parameters(rival_overlap_attention=0.5, overlap_attention=1.0)
    assert pivot.exacted(seen, p)[0] == pytest.approx(1 - 0.5 * 0.1)
    assert pivot.exacted(replace(seen, coercing=(True, False)), p)[0] == pytest.approx(0.2)


def test_the_market_of_the_old_patron_can_be_the_one_that_is_worth_more():
    seats = np.array([[[0.8], [0.6], [0.5]], [[0.1], [0.3], [0.4]]])
    p = parameters(welfare_incumbent_weight=2.0, welfare_rival_weight=1.0)
    # Wel = [2·.5·.6·.9 + .2·.3] / (2·.5 + .2)
    found = payoffs.welfare_payoff(seats, np.array([[0.1], [0.0]]), p)
    assert found[0] == pytest.approx((0.54 + 0.06) / 1.2)


def test_a_patron_weighs_its_acts_by_numbers_of_its_own():
    p = parameters(incumbent_warning_gain=1.0)
    seen = patron_view(0.4)
    usual, own = (acts.warn(seen, p.of(seat))[0] for seat in (RIVAL, INCUMBENT))
    assert own == pytest.approx(usual / p.warning_gain[0])


def test_a_threat_protects_from_others_and_not_from_itself():
    shields = (a(0.5), a(0.4))
    with_both = 1 - 0.85 * 0.5 * 0.6
    assert protection.least_protection(a(0.15), shields, ())[0] == pytest.approx(with_both)
    assert protection.least_protection(a(0.15), shields, (None,))[0] == pytest.approx(with_both)
    alone = protection.least_protection(a(0.15), shields, (RIVAL,))
    assert alone[0] == pytest.approx(1 - 0.85 * 0.5)
    worst = protection.least_protection(a(0.15), shields, (None, INCUMBENT))
    assert worst[0] == pytest.approx(1 - 0.85 * 0.6)


@pytest.mark.long
def test_the_security_of_a_pivot_counts_no_shield_of_its_only_threat():
    paths = run(with_parameters(bundled("georgia/baseline"), rival_local_protection=1.0))
    bare = run(with_parameters(bundled("georgia/baseline"), rival_local_protection=0.0))
    assert np.array_equal(paths.outcome("security"), bare.outcome("security"))


def test_a_posture_is_worth_no_protection_by_the_threat():
    seen = replace(pivot_view(), threats=(INCUMBENT,))
    near, far = (np.array([[e, 0.5, 0.5], [0.2, 0.5, 0.5]]) for e in (1.0, 0.0))
    p = parameters()
    assert pivot.security_wanted(near, seen, p) == pivot.security_wanted(far, seen, p)


@pytest.mark.long
def test_in_a_run_each_patron_goes_by_its_own(tmp_path):
    scenario = toy(tmp_path, *OLD_CHAIR_OF_OFFERS)
    at_ease, pressed, other = (
        run(each).outcome("VES>KRN:economy")[-1, 0]
        for each in (
            scenario,
            with_parameters(scenario, rival_tolerated_tilt=-0.9),
            with_parameters(scenario, incumbent_tolerated_tilt=-0.9),
        )
    )
    assert at_ease == other != pressed


@pytest.mark.long
def test_fatigue_fades_by_the_half_life_of_whose_it_is():
    scenario = with_parameters(bundled(), rival_fatigue_start=0.4, rival_fatigue_half_life=1.0)
    fatigue = run(scenario).arrays["fatigue"]
    assert fatigue[0, 0] == pytest.approx(0.2)


@pytest.mark.long
def test_what_is_drawn_for_one_patron_leaves_all_other_draws_as_they_are():
    own = {"rival_tolerated_tilt": {"value": 0.4, "low": 0.2, "high": 0.6}}
    text = load_scenario("baseline").without_posterior().model_dump()
    changed = type(load_scenario("baseline")).model_validate(
        text | {"parameters": text["parameters"] | own}
    )
    luck = Luck(3, np.arange(1024))
    before, after = (
        draw_inputs(each, luck)[0]
        for each in (load_scenario("baseline").without_posterior(), changed)
    )
    shared = [name for name, info in PARAMETERS.items() if not info.optional]
    assert all(np.array_equal(getattr(before, n), getattr(after, n)) for n in shared)
    drawn = after.of(RIVAL).tolerated_tilt
    assert 0.2 < drawn.min() < 0.4 < drawn.max() < 0.6
    others = [v for n in shared if (v := getattr(after, n)).size == 1024 and np.ptp(v) > 0]
    assert max(abs(np.corrcoef(drawn, other)[0, 1]) for other in others) < 0.1


def test_an_unknown_number_of_a_patron_is_refused_by_name():
    with pytest.raises(InputError, match="rival_tolerated_tilt"):
        load_scenario("baseline", {"rival_tolerated_tild": 0.1})
