"""What all roles have in common: where they stand, how they choose, what they remember."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import a, bundled, parameters
from scenes import AZE, RUS, WST, Dealt, no_luck, playing, scene
from two_chairs.rules import actor
from two_chairs.rules.actor import ActTable, Behaviour, Part

pytestmark = pytest.mark.unit


class Watcher(Behaviour):
    """A role that does nothing by itself."""

    options = ("STAY", "GO")


def watcher(*options):
    return Watcher(Part("AZE", AZE, options), bundled().case.decisions)


def test_each_seat_that_threatens_is_named_once_and_none_for_who_has_no_seat():
    roles = scene().roles
    assert roles.patrons == (RUS, WST)
    for threats, seats in (
        ((), ()),
        (((AZE, 1),), (None,)),
        (((WST, 3), (AZE, 1)), (1, None)),
        (((AZE, 1), (RUS, 2), (AZE, 1)), (None, 0)),
    ):
        assert replace(roles, threats=threats).threat_seats == seats


def test_a_role_has_its_own_options_unless_the_case_gives_others():
    assert watcher().options == ("STAY", "GO")
    assert watcher(
        "GO",
    ).options == ("GO",)
    one = watcher()
    assert (one.key, one.index) == ("AZE", AZE)
    assert one.part.key == "AZE"


@pytest.mark.parametrize(
    ("role", "key"),
    [("pivot", "ARM"), ("incumbent", "RUS"), ("rival", "WST"), ("adversary", "AZE")],
)
def test_every_role_keeps_its_part(role, key):
    case = bundled().case
    one = playing(role, key)
    assert (one.key, one.index, one.part.key) == (key, case.actor_ids().index(key), key)


def test_a_role_that_says_nothing_does_nothing():
    one, now = watcher(), scene()
    assert one.start(3) is None
    assert one.act(None, now) == []
    assert one.commit(None, now) is None
    with pytest.raises(NotImplementedError):
        one.sense(now)
    with pytest.raises(NotImplementedError):
        one.decide(None, now, no_luck)


def test_it_chooses_by_its_own_luck_or_by_what_is_worth_most():
    p, U = parameters(choice_temperature=0.5), np.array([[0.0, 0.0], [0.3, 0.3]])
    assert actor.chosen(U, p, no_luck).tolist() == [1, 1]
    # a Gumbel draw of 1 is the uniform exp(−e⁻¹): .5·1 is more than .3; of ½ it is less
    luck = Dealt(np.exp(-np.exp(-np.array([[1.0, 0.5], [0.0, 0.0]]))))
    assert actor.chosen(U, p, luck).tolist() == [0, 1]
    assert luck.asked == [(2, "")]


def test_an_act_is_read_from_its_table_by_choice():
    table = ActTable(a(0.0, -4.0), np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]), np.array([0, 1]))
    choice, weight, now = np.array([1, 0, 1], dtype=np.int8), a(1.0, 0.0, 0.5), scene()
    act = actor.act_by_choice(watcher(), table, choice, weight, now, a(1.0, 1.0, 0.5))
    assert (act.id, act.actor, act.target) == ("act:AZE", AZE, now.roles.pivot)
    assert act.score.tolist() == [-4.0, 0.0, -4.0]
    assert act.domains.tolist() == [[1.0, 0.2, 1.0], [0.0, 0.3, 0.0], [0.0, 0.5, 0.0]]
    assert act.material.tolist() == [1, 0, 1]
    assert act.weight is weight
    assert act.choice is choice
    assert act.options == ("STAY", "GO")
    assert act.habit.tolist() == [1.0, 1.0, 0.5]
    assert actor.act_by_choice(watcher(), table, choice, weight, now).habit == 1.0


def test_a_memory_of_repeats_grows_by_one_and_fades_by_one():
    before, again = np.array([0, 0, 1, 3, 3]), np.array([True, False, False, True, False])
    assert actor.remembered(before, again).tolist() == [1, 0, 0, 4, 2]


def test_an_approach_is_named_by_who_and_toward_which_seat():
    assert actor.approach_name("ARM", 0) == "act:ARM:approach-incumbent"
    assert actor.approach_name("GEO", 1) == "act:GEO:approach-rival"
