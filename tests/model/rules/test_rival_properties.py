"""Face-validity properties of offers (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest

from builders import bundled, quiet, run

pytestmark = pytest.mark.property


@pytest.mark.long
def test_29_each_offer_tires_and_fatigue_fades_without_offers():
    with_offers = run(bundled())
    acting = bundled().week_of(bundled().agents_act_from)
    offers = np.diff(with_offers.outcome("chose:WST:OFFER")[acting:, 0])
    rises = np.diff(with_offers.outcome("fatigue")[acting:, 0])
    assert offers.sum() > 0
    assert (rises[offers > 0] > 0).all()
    assert (rises[offers == 0] <= 0).all()
    none = run(quiet(1500, acting=True, offer_cost=10.0, disengagement_level=0.0))
    assert none.outcome("chose:WST:OFFER")[-1, 0] == 0
    assert none.outcome("fatigue")[-1, 0] == pytest.approx(0.0, abs=2e-5)
