"""A hint names what was meant; never a word that says something else or the opposite."""

from __future__ import annotations

import pytest

from two_chairs.errors import nearest
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.library import bundled_scenarios

pytestmark = [pytest.mark.unit, pytest.mark.quick]

SCENARIOS = [name.rpartition("/")[2] for name in bundled_scenarios()]
KEYS = ["above", "below", "events", "add_events", "until", "weight", "weight_high", "weight_low"]


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("no-peace-treaty", SCENARIOS), ("attacks", SCENARIOS), ("free-choice", SCENARIOS),
        ("no-forced-choice", SCENARIOS), ("csto-abandons-2022", SCENARIOS),
        ("csto-defends-2020", SCENARIOS), ("csto-stays", SCENARIOS), ("no-2023-war", SCENARIOS),
        ("syunik-offensive-attended", SCENARIOS), ("positivity", PARAMETERS),
        ("reception_loss", PARAMETERS), ("material_slow_share", PARAMETERS),
        ("unfear", PARAMETERS), ("remove_events", KEYS), ("no_events", KEYS), ("weight_min", KEYS),
        ("over", KEYS), ("reward", ["warn", "neglect"]), ("one-chair", ["two-chairs"]),
        ("undefended", ["defended"]), ("import", ["export"]), ("disengage", ["engage"]),
    ],
)  # fmt: skip
def test_a_choice_that_says_something_else_is_not_what_was_meant(word, choices):
    assert nearest(word, choices).startswith("choose one of ")


@pytest.mark.parametrize(
    ("word", "meant", "choices"),
    [
        ("basline", "baseline", SCENARIOS), ("replay", "replay-2013", SCENARIOS),
        ("csto_exit", "csto-exit", SCENARIOS), ("peace-treety", "peace-treaty", SCENARIOS),
        ("negtivity", "negativity", PARAMETERS), ("receptiongain", "reception_gain", PARAMETERS),
        ("Fear", "fear", PARAMETERS), ("slow_half", "slow_half_life", PARAMETERS),
        ("untill", "until", KEYS),
        ("abvoe", "above", KEYS), ("lo", "low", ["low", "high"]),
    ],
)  # fmt: skip
def test_a_slip_is_understood(word, meant, choices):
    assert nearest(word, choices) == f"did you mean '{meant}'?"


def test_what_is_near_in_letters_is_named_first():
    assert nearest("attacks", SCENARIOS).startswith("choose one of no-attacks, ")
