"""The rival patron's utilities: a worked example."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters, patron_view
from two_chairs.axes import RIVAL_ACTS
from two_chairs.rules import acts

pytestmark = pytest.mark.unit
P = parameters()


def utilities(g, regard, elsewhere, fatigue, p):
    view = patron_view(attention=g, regard=regard, regard_elsewhere=elsewhere, fatigue=fatigue)
    return acts.utilities(RIVAL_ACTS, view, p)


def test_utilities_of_the_rival():
    U = utilities(a(0.8), a(0.6), a(0.1), a(0.2), P)[:, 0]
    # .8(.5·.9·.6 + .4·.4) − .5·.2 − .18
    assert U[0] == 0.0
    assert U[1] == pytest.approx(0.8 * (0.27 + 0.16) - 0.1 - 0.18)
    assert U[2] == -np.inf  # .1 − .8: staying is worth more
    assert utilities(a(0.1), a(0.4), a(0.1), a(0.2), P)[1, 0] == -np.inf


def test_what_is_worth_no_more_than_holding_is_not_open():
    """At g = g_dis leaving would tie with holding."""
    level = float(P.disengagement_level[0])
    assert utilities(a(level), a(0.4), a(0.1), a(0.2), P)[2, 0] == -np.inf
    assert utilities(a(level / 2), a(0.4), a(0.1), a(0.2), P)[2, 0] > 0.0
    assert utilities(a(0.8), a(0.0), a(0.9), a(1.0), P)[1, 0] == -np.inf
