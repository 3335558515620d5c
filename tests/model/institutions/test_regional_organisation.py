"""The loose regional organisation is left last."""

from __future__ import annotations

import pytest

from builders import a
from ties import TIES, after, regard, signals

pytestmark = pytest.mark.unit


def test_the_loose_organisation_is_left_last():
    member = TIES["CIS"].memory_at(1.0, 1)
    out = {"levels": signals().levels | {"CSTO": a(0.0)}, "regard": regard(-0.6)}
    assert after("CIS", member, 51, **out).level[0] == 1.0
    assert after("CIS", member, 52, **out).level[0] == 0.0
    assert after("CIS", member, 80, regard=regard(-0.6)).level[0] == 1.0
