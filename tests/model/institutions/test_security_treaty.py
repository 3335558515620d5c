"""The security treaty: frozen, left, restored."""

from __future__ import annotations

import numpy as np
import pytest

from builders import YES, a
from ties import TIES, after, regard

pytestmark = pytest.mark.unit


def test_the_treaty_freezes_after_half_a_year_of_distrust():
    start = TIES["CSTO"].memory_at(1.0, 1)
    assert after("CSTO", start, 25, regard=regard(-0.3)).level[0] == 1.0
    assert after("CSTO", start, 26, regard=regard(-0.3)).level[0] == 0.4
    assert after("CSTO", start, 60, regard=regard(-0.3), belief=a(0.6)).level[0] == 1.0
    assert after("CSTO", start, 60, regard=regard(-0.3), acting=False).level[0] == 1.0


def test_the_treaty_is_left_only_from_the_freeze_and_with_other_protection():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 1, regard=regard(-0.6)).level[0] == 0.0
    assert after("CSTO", frozen, 1, regard=regard(-0.5)).level[0] == 0.4
    alone = {"regard": regard(-0.6), "protection_alone": a(0.2)}
    assert after("CSTO", frozen, 1, **alone).level[0] == 0.4
    hedging = {"regard": regard(-0.6), "posture": np.array([1], dtype=np.int8)}
    assert after("CSTO", frozen, 1, **hedging).level[0] == 0.4


def test_the_treaty_is_restored_by_a_year_of_goodwill_and_a_kept_promise():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 80, regard=regard(0.2)).level[0] == 0.4
    promised = after("CSTO", frozen, 1, regard=regard(0.2), kept_promise=YES)
    assert after("CSTO", promised, 50, regard=regard(0.2)).level[0] == 0.4
    assert after("CSTO", promised, 51, regard=regard(0.2)).level[0] == 1.0
