"""The ladder of association: climbed and come down."""

from __future__ import annotations

import pytest

from builders import NO, YES, a
from ties import TIES, after, both, changed, regard
from two_chairs.institutions.association_ladder import LEVEL_TOLERANCE, lower_rung, next_rung

pytestmark = pytest.mark.unit


def test_the_ladder_is_climbed_by_offers_goodwill_and_time():
    first = TIES["EU"].memory_at(0.35, 1)
    offered = after("EU", first, 2, regard=regard(0, 0.5), offered=both(NO, YES))
    assert after("EU", offered, 101, regard=regard(0, 0.5)).level[0] == 0.35
    assert after("EU", offered, 102, regard=regard(0, 0.5)).level[0] == 0.45
    assert after("EU", offered, 150, regard=regard(0, 0.3)).level[0] == 0.35
    assert (
        after("EU", offered, 150, regard=regard(0, 0.5), fatigue=both(a(0.1), a(0.6))).level[0]
        == 0.35
    )
    once = after("EU", first, 1, regard=regard(0, 0.5), offered=both(NO, YES))
    assert after("EU", once, 150, regard=regard(0, 0.5)).level[0] == 0.35
    before = after("EU", offered, 200, regard=regard(0, 0.5), acting=False)
    assert after("EU", before, 101, regard=regard(0, 0.5)).level[0] == 0.35
    assert after("EU", before, 102, regard=regard(0, 0.5)).level[0] == 0.45
    second = TIES["EU"].memory_at(0.45, 1)
    assert after("EU", second, 52, regard=regard(0, -0.1)).level[0] == 0.35


def test_a_ladder_of_the_incumbent_reads_the_incumbent():
    old = changed("EU", seat="incumbent")
    first = old.memory_at(0.35, 1)
    elsewhere = after(old, first, 150, regard=regard(0.5, -0.9), offered=both(NO, YES))
    assert elsewhere.level[0] == 0.35
    climbed = after(
        old, first, 104, regard=regard(0.5, -0.9), offered=both(YES, NO),
        fatigue=both(a(0.1), a(0.9)),
    )  # fmt: skip
    assert climbed.level[0] == 0.45


def test_a_ladder_that_is_never_lowered_is_not():
    second = TIES["EU"].memory_at(0.45, 1)
    stays = changed("EU", lower_below="never")
    assert after(stays, second, 200, regard=regard(0, -0.9)).level[0] == 0.45
    waits = changed("EU", lower_weeks="never")
    assert after(waits, second, 200, regard=regard(0, -0.9)).level[0] == 0.45


def test_a_rung_within_the_tolerance_is_the_one_stood_on():
    assert next_rung((LEVEL_TOLERANCE, 0.5), a(0.0))[0] == 0.5
    assert next_rung((LEVEL_TOLERANCE,), a(0.0))[0] == 0.0
    assert lower_rung((0.0,), a(LEVEL_TOLERANCE))[0] == LEVEL_TOLERANCE
