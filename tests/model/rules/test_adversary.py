"""The hazard of an attack: a worked example."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters
from two_chairs.rules import (
    threat,
)

pytestmark = pytest.mark.unit
P = parameters()


ADDS = parameters(stake_multiplies=0.0)


def hazard(stake, p):
    seen = (a(0.4), a(stake), a(0.1), a(0.8), a(0.2), a(0.4))
    return threat.attack_probability(*seen, p)[0]


def test_hazard_of_an_attack():
    # −2.6 + 2.2·.6 + 1.6 − 4·.1 − 1.5·.8·.2 + .8·.6 = .16
    assert hazard(0.35, P) == pytest.approx(0.35 * 0.35 / (1 + np.exp(-0.16)))
    # −2.6 + 2.2·.6 + 1.6·.35 − 4·.1 − 1.5·.8·.2 + .8·.6 = −.88
    assert hazard(0.35, ADDS) == pytest.approx(0.35 / (1 + np.exp(0.88)))


def test_both_forms_of_the_hazard_agree_at_a_stake_of_one_and_of_none():
    assert hazard(1.0, P) == hazard(1.0, ADDS)
    assert hazard(0.0, P) == hazard(0.0, ADDS) == 0.0
