"""The hazard of an attack: a worked example."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters
from two_chairs.rules import (
    adversary,
)

pytestmark = pytest.mark.unit
P = parameters()


def test_hazard_of_an_attack():
    # −2.6 + 2.2·.6 + 1.6·.35 − 4·.1 − 1.5·.8·.2 + .8·.6 = −.88
    p = adversary.attack_probability(a(0.4), a(0.35), a(0.1), a(0.8), a(0.2), a(0.4), P)
    assert p[0] == pytest.approx(0.35 / (1 + np.exp(0.88)))
