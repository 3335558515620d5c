"""The economic union: suspended, left."""

from __future__ import annotations

import numpy as np
import pytest

from builders import YES, a
from ties import TIES, after, signals

pytestmark = pytest.mark.unit


def test_the_union_is_suspended_by_coercion_and_returns_in_calm():
    member = TIES["EAEU"].memory_at(1.0, 1)
    climbed = {"levels": signals().levels | {"EU": a(0.65)}}
    coerced = {"coercions_running": np.array([3]), **climbed}
    assert after("EAEU", member, 1, **coerced).level[0] == 0.5
    assert after("EAEU", member, 1, coercions_running=np.array([3])).level[0] == 1.0
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    assert after("EAEU", suspended, 51, realised_loss=a(0.1)).level[0] == 0.5
    assert after("EAEU", suspended, 52, realised_loss=a(0.1)).level[0] == 1.0


def test_the_union_is_left_when_an_offer_covers_the_loss():
    suspended = TIES["EAEU"].memory_at(0.5, 1)
    offer = {"offered": YES, "levels": signals().levels | {"EU": a(0.45)}}
    # lost .5·.85·.3·(1 − c) = .1275(1 − c); gained 2·.2·.85·1·(.65 − .45) = .068
    assert after("EAEU", suspended, 1, coercion=a(0.4), **offer).level[0] == 0.5
    assert after("EAEU", suspended, 1, coercion=a(0.5), **offer).level[0] == 0.2
    assert after("EAEU", suspended, 1, coercion=a(0.5), levels=offer["levels"]).level[0] == 0.5
