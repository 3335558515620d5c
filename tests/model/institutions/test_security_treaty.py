"""The security treaty: frozen, left, restored."""

from __future__ import annotations

import numpy as np
import pytest

from builders import NO, YES, a
from ties import TIES, after, both, changed, regard
from two_chairs.axes import LOYAL

pytestmark = pytest.mark.unit


def test_the_treaty_freezes_after_half_a_year_of_distrust():
    start = TIES["CSTO"].memory_at(1.0, 1)
    assert after("CSTO", start, 25, regard=regard(-0.3)).level[0] == 1.0
    assert after("CSTO", start, 26, regard=regard(-0.3)).level[0] == 0.4
    assert (
        after("CSTO", start, 60, regard=regard(-0.3), belief=both(a(0.6), a(0.1))).level[0] == 1.0
    )
    assert after("CSTO", start, 60, regard=regard(-0.3), acting=False).level[0] == 1.0


def test_the_treaty_is_left_only_from_the_freeze_and_with_other_protection():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 1, regard=regard(-0.6)).level[0] == 0.0
    assert after("CSTO", frozen, 1, regard=regard(-0.5)).level[0] == 0.4
    alone = {"regard": regard(-0.6), "protection_without": lambda seat: a((0.2, 0.9)[seat])}
    assert after("CSTO", frozen, 1, **alone).level[0] == 0.4
    hedging = {"regard": regard(-0.6), "posture": np.array([1], dtype=np.int8)}
    assert after("CSTO", frozen, 1, **hedging).level[0] == 0.4


def test_the_treaty_is_restored_by_a_year_of_goodwill_and_a_kept_promise():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    assert after("CSTO", frozen, 80, regard=regard(0.2)).level[0] == 0.4
    promised = after("CSTO", frozen, 1, regard=regard(0.2), kept_promise=both(YES, NO))
    assert after("CSTO", promised, 50, regard=regard(0.2)).level[0] == 0.4
    assert after("CSTO", promised, 51, regard=regard(0.2)).level[0] == 1.0


def test_a_treaty_of_the_rival_reads_the_rival():
    new = changed("CSTO", seat="rival")
    start, frozen = new.memory_at(1.0, 1), new.memory_at(0.4, 1)
    assert after(new, start, 60, regard=regard(-0.9, 0.3)).level[0] == 1.0
    doubt = both(a(0.9), a(0.4))
    assert after(new, start, 26, regard=regard(0.9, -0.3), belief=doubt).level[0] == 0.4
    hated = {"regard": regard(0.9, -0.6), "protection_without": lambda seat: a((0.0, 0.3)[seat])}
    assert after(new, frozen, 1, **hated).level[0] == 0.4  # PIVOT turns to the rival
    loyal = np.array([LOYAL], dtype=np.int8)
    assert after(new, frozen, 1, posture=loyal, **hated).level[0] == 0.0
    promised = after(new, frozen, 1, regard=regard(0, 0.2), kept_promise=both(YES, NO))
    assert after(new, promised, 60, regard=regard(0, 0.2)).level[0] == 0.4
    promised = after(new, frozen, 1, regard=regard(0, 0.2), kept_promise=both(NO, YES))
    assert after(new, promised, 51, regard=regard(0, 0.2)).level[0] == 1.0


def test_goodwill_of_the_recorded_years_restores_no_treaty():
    frozen = TIES["CSTO"].memory_at(0.4, 1)
    recorded = after(
        "CSTO", frozen, 80, acting=False, regard=regard(0.2), kept_promise=both(YES, NO)
    )
    assert after("CSTO", recorded, 51, regard=regard(0.2)).level[0] == 0.4
    assert after("CSTO", recorded, 52, regard=regard(0.2)).level[0] == 1.0


def test_a_treaty_that_is_never_frozen_is_not():
    start = TIES["CSTO"].memory_at(1.0, 1)
    for key in ("freeze_below", "freeze_weeks", "freeze_belief"):
        assert after(changed("CSTO", **{key: "never"}), start, 60, regard=regard(-0.3)).level == 1.0


def test_a_treaty_at_home_is_not_restored_from_a_freeze():
    """A case may call the same regard distrust and goodwill; then the freeze counts."""
    both_ways = changed("CSTO", freeze_below=0.5, freeze_weeks=1, restore_weeks=1)
    seen = {"regard": regard(0.4), "kept_promise": both(YES, NO)}
    assert after(both_ways, both_ways.memory_at(1.0, 1), 1, **seen).level[0] == 0.4
