"""Which parameters matter most to where a scenario ends: those that the page has sliders for."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array
from two_chairs.draws import draw_inputs
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import evaluate

WORLDS = 300
SLIDERS = 10


def leading_parameters(scenario: Scenario, seed: int = 0, number: int = SLIDERS) -> list[str]:
    """Return the drawn parameters whose ranks go most with those of the last week's tilt.

    Rank correlations (absolute) over `WORLDS` worlds in which all parameters are drawn at once; a
    first look that costs one run, no study of sensitivity. Members of a simplex are left out: one
    cannot be set alone.
    """
    replicates = np.arange(WORLDS)
    drawn, _ = draw_inputs(scenario, Luck(seed, replicates))
    tilt = evaluate([Ensemble(scenario, WORLDS, seed).batch()], [("tilt", scenario.end)])[0]
    strength = {
        name: abs(rank_correlation(values, tilt))
        for name in scenario.parameters
        if PARAMETERS[name].group is None and (values := drawn.value(name)).size == WORLDS
    }
    return sorted(strength, key=lambda name: -strength[name])[:number]


def rank_correlation(one: Array, other: Array) -> float:
    """Return Spearman's correlation of two lists of the same length; 0 if one does not vary.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([3.0, 2.0, 1.0]))
    -1.0
    """
    from scipy.stats import spearmanr  # SciPy is slow to load

    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return 0.0
    return float(np.round(spearmanr(one, other).statistic, 12))
