"""The incumbent patron's utilities and coercion: worked examples, the sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from builders import NO, YES, a, parameters
from two_chairs.axes import COERCE, NEGLECT, REWARD, WARN
from two_chairs.rules import (
    incumbent,
)

pytestmark = pytest.mark.unit
P = parameters()


def utilities(lost, loyalty=0.5, att=1.0, warn=YES, coerce=YES, n=0.0):
    return incumbent.incumbent_utilities(a(lost), a(loyalty), a(att), warn, coerce, a(n), P)[:, 0]


def test_utilities_of_the_incumbent():
    U = utilities(0.40, att=0.4)
    assert U[NEGLECT] == 0.0
    assert U[WARN] == pytest.approx(0.25 * 0.28)
    assert U[REWARD] == pytest.approx(0.4 * 0.9 * 2 * 0.40 * 0.7 - 0.08)
    assert U[COERCE] == pytest.approx(2.5 * 0.18 * 1.0 * (0.35 + 0.65 * 0.4) * 1.3 - 0.12)
    # the cost grows with every coercion of the spell; the reward is capped at a loss of .5
    assert utilities(0.40, n=2.0)[COERCE] == pytest.approx(utilities(0.40)[COERCE] - 0.24)
    assert utilities(0.9)[REWARD] == pytest.approx(utilities(0.5)[REWARD])
    assert utilities(0.9, warn=NO, coerce=NO)[[WARN, COERCE]].tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize(
    ("act", "lost", "before", "after"),
    [
        (COERCE, 0.4, 0.0, 0.15),
        (COERCE, 0.4, 0.75, 0.8),
        (NEGLECT, 0.4, 0.3, 0.25),
        (WARN, 0.4, 0.3, 0.25),
        (REWARD, 0.4, 0.3, 0.15),
        (NEGLECT, 0.1, 0.3, 0.15),
        (REWARD, 0.1, 0.2, 0.0),
    ],
)
def test_coercion_in_force(act, lost, before, after):
    codes = np.array([act], dtype=np.int8)
    assert incumbent.coercion_after(a(before), codes, a(lost), P)[0] == pytest.approx(after)
