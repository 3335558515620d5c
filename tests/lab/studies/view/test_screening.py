"""The parameters that the page shows first."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from builders import bundled
from two_chairs.draws import draw_inputs
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.view.screening import leading_parameters

pytestmark = [pytest.mark.unit, pytest.mark.long]


def test_the_leading_parameters_are_those_that_go_most_with_the_tilt():
    scenario = bundled()
    tilt = run_ensemble(Ensemble(scenario, 300)).outcome("tilt")[-1]
    drawn, _ = draw_inputs(scenario, Luck(0, np.arange(300)))
    strength = {
        name: abs(spearmanr(getattr(drawn, name), tilt).statistic)
        for name, info in PARAMETERS.items()
        if info.group is None and name in scenario.parameters and getattr(drawn, name).size == 300
    }
    expected = sorted(strength.values(), reverse=True)[:10]
    names = leading_parameters(scenario)
    assert [strength[name] for name in names] == pytest.approx(expected)
