"""The week against its writing in C, `benchmarks/weekly.c`: the same worlds, number by number."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest

from commands import ROOT
from two_chairs.draws import draw_inputs
from two_chairs.randomness import Luck
from two_chairs.scenario.resolve import load_scenario

sys.path.insert(0, str(ROOT / "benchmarks"))

import weekly

pytestmark = [
    pytest.mark.reference,
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here"),
]
WORLDS = 256


@pytest.mark.parametrize("name", ["baseline", "csto-exit", "no-attacks"])
def test_a_world_in_c_is_the_world_of_the_package(name, tmp_path):
    scenario = load_scenario(name)
    looped = weekly.compiled(scenario, tmp_path)
    p, _ = draw_inputs(scenario, Luck(0, np.arange(WORLDS)))
    rows = weekly.parameter_rows(p, WORLDS)
    assert weekly.check(looped, rows) <= weekly.TOLERANCE
    assert weekly.check_luck(looped, rows) <= weekly.LUCK_TOLERANCE
