"""Choice with and without noise: worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a
from two_chairs.randomness import Luck
from two_chairs.rules import (
    choice,
)

pytestmark = pytest.mark.unit


def test_choice_is_argmax_without_noise_and_logit_with_it():
    utilities = np.array([[0.0], [0.02]])
    assert choice.choose(utilities, a(0.01), None)[0] == 1
    luck = Luck(3, np.arange(4000))
    noise = -np.log(-np.log(luck.uniforms("test", 2)))
    chosen = choice.choose(np.repeat(utilities, 4000, axis=1), a(0.01), noise)
    # logit: 1 / (1 + e^−2) = .881, ± 3 standard errors of .005
    assert chosen.mean() == pytest.approx(0.881, abs=0.016)
