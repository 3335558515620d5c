"""The model as Mesa has it: the same bits as the simulation under it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from builders import bundled, quiet
from two_chairs.world.model import TwoChairs
from two_chairs.world.simulation import Simulation

pytestmark = pytest.mark.unit


@pytest.mark.long
def test_the_model_is_a_mesa_model():
    model = TwoChairs(bundled(), [4], seed=1)
    assert len(model.agents) == 4
    model.step()
    assert model.steps == 1
    assert {type(agent).__name__ for agent in model.agents} == {
        "Pivot", "IncumbentPatron", "RivalPatron", "Adversary",
    }  # fmt: skip
    russia = next(agent for agent in model.agents if agent.key == "RUS")
    assert np.shares_memory(russia.fast, model.state.fast)
    assert model.trajectory().worlds == 1
    while model.running:
        model.step()
    assert model.steps == bundled().weeks


def test_mesa_numbers_the_agents_of_every_model_from_one():
    for _ in range(2):
        assert [agent.unique_id for agent in TwoChairs(quiet(2)).agents] == [1, 2, 3, 4]


def test_mesa_changes_no_bit():
    scenario = quiet(40, acting=True)
    plain, under_mesa = (kind(scenario, range(3), seed=2).run() for kind in (Simulation, TwoChairs))
    assert all(np.array_equal(plain.arrays[name], under_mesa.arrays[name]) for name in plain.arrays)


@pytest.mark.long
def test_worlds_are_run_without_loading_mesa():
    code = "import sys, two_chairs_lab.engine.ensemble; print('mesa' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
