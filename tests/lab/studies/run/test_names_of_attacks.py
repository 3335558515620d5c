"""Names of attacks over the seats: in two or three rows, and none upon another."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.studies.run.figures import _attacks

pytestmark = pytest.mark.unit


def named(name: str) -> list[str]:
    axes = Figure().subplots()
    _attacks(axes, load_scenario(name))
    return [text.get_text().partition("\n")[0] for text in axes.texts]


def test_attacks_of_one_year_are_not_named_upon_one_another():
    """The fifth, of December 2023, has no room in any of three rows."""
    told = ["10 Apr 2012", "16 Nov 2021", "6 Feb 2023", "5 Aug 2023"]
    assert named("philippines/baseline") == told


def test_attacks_with_room_are_all_named():
    assert len(named("armenia/baseline")) == 5
