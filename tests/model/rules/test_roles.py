"""Every role is played by the behaviour of the file of its name."""

from __future__ import annotations

import pytest

from scenes import playing
from two_chairs.axes import (
    ADVERSARY_ACTS,
    INCUMBENT,
    INCUMBENT_ACTS,
    POSTURES,
    RIVAL,
    RIVAL_ACTS,
    ROLES,
)
from two_chairs.rules.roles import BEHAVIOURS

pytestmark = pytest.mark.unit


def test_there_is_a_behaviour_for_every_role():
    assert tuple(BEHAVIOURS) == ROLES
    files = [behaviour.__module__.rpartition(".")[2] for behaviour in BEHAVIOURS.values()]
    assert files == list(ROLES)


@pytest.mark.parametrize(
    ("role", "options"),
    [
        ("pivot", POSTURES),
        ("incumbent", INCUMBENT_ACTS),
        ("rival", RIVAL_ACTS),
        ("adversary", ADVERSARY_ACTS),
        ("bystander", ()),
    ],
)
def test_a_role_has_its_usual_acts_unless_its_case_gives_others(role, options):
    assert playing(role, "RUS").options == options
    assert playing(role, "RUS", *options[-1:]).options == options[-1:]


def test_each_patron_sits_on_its_own_chair():
    assert [playing(role, "RUS").seat for role in ("incumbent", "rival")] == [INCUMBENT, RIVAL]
