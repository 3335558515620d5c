"""The loose regional organisation is left last."""

from __future__ import annotations

import pytest

from builders import a
from ties import TIES, after, changed, regard, signals

pytestmark = pytest.mark.unit


def test_the_loose_organisation_is_left_last():
    member = TIES["CIS"].memory_at(1.0, 1)
    out = {"levels": signals().levels | {"CSTO": a(0.0)}, "regard": regard(-0.6)}
    assert after("CIS", member, 51, **out).level[0] == 1.0
    assert after("CIS", member, 52, **out).level[0] == 0.0
    assert after("CIS", member, 80, regard=regard(-0.6)).level[0] == 1.0


def test_an_organisation_that_waits_for_no_other_tie_is_left_by_itself():
    alone = changed("CIS", after=None)
    assert alone.refers_to() == {}
    member = alone.memory_at(1.0, 1)
    assert after(alone, member, 51, regard=regard(-0.6)).level[0] == 1.0
    assert after(alone, member, 52, regard=regard(-0.6)).level[0] == 0.0
    assert (
        after(
            changed("CIS", after=None, leave_weeks="never"), member, 99, regard=regard(-0.6)
        ).level[0]
        == 1.0
    )


def test_an_organisation_returns_to_its_level_on_record():
    out = TIES["CIS"].memory_at(0.0, 1)
    assert after("CIS", out, 1, regard=regard(0.5)).level[0] == 1.0
    assert after(changed("CIS", returns_to=0.4), out, 1, regard=regard(0.5)).level[0] == 0.4
    before = after("CIS", out, 90, regard=regard(0.5), acting=False)
    waits = changed("CIS", restore_weeks=9)
    assert after(waits, before, 8, regard=regard(0.5)).level[0] == 0.0


def test_who_is_at_home_is_not_brought_back_from_leaving():
    """A case may call the same regard hostile and good; then leaving counts, as it is told."""
    both = changed("CIS", after=None, leave_below=0.5, leave_weeks=1, restore_weeks=1)
    member = both.memory_at(1.0, 1)
    assert after(both, member, 1, regard=regard(0.4)).level[0] == 0.0
