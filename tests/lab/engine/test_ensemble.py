"""Worlds in chunks."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble

pytestmark = pytest.mark.unit


@pytest.mark.long
def test_worlds_in_chunks_are_worlds_at_once():
    scenario = load_scenario("baseline")
    paths = run_ensemble(Ensemble(scenario, 514))
    tail = TwoChairs(scenario, [512, 513], vary=True).run()
    assert np.array_equal(paths.outcome("tilt")[:, 512:], tail.outcome("tilt"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("baseline", "; postures before the cut-off as recorded;"),
        ("no-2020-war", "; postures as recorded to 27 Sep 2020, then the model's own;"),
    ],
)
def test_a_result_says_whose_the_postures_are(name, told):
    assert told in Ensemble(load_scenario(name), 1).conditional_on()


def test_a_record_that_was_set_aside_is_told_however_it_was():
    told = "; the model chooses postures from the start;"
    scenario = load_scenario("baseline")
    assert told in Ensemble(scenario.without_record(), 1).conditional_on()
    assert told in Ensemble(scenario.without_record(), 1, free=True).conditional_on()
    nobody = scenario.without_record().model_copy(update={"agents_act_from": None})
    assert "postures" not in Ensemble(nobody, 1).conditional_on()
