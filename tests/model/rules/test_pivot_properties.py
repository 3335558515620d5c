"""Face-validity properties of the pivot's choice (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters, pivot_view
from two_chairs.axes import LOYAL, PIVOT
from two_chairs.rules import (
    choice,
    pivot,
)

pytestmark = pytest.mark.property


def chosen(p, seen):
    return int(choice.choose(pivot.pivot_utilities(seen, p), a(0.0), None)[0])


def test_11_a_reliable_attentive_patron_and_an_inert_west_keep_the_pivot_loyal():
    p = parameters(rival_local_protection=0.0)
    seen = pivot_view(belief=np.array([[1.0], [0.0]]), attention=np.array([[1.0], [0.0]]))
    assert chosen(p, seen) == LOYAL


def test_11_a_broken_promise_and_a_hard_guarantee_make_it_pivot():
    p = parameters(rival_local_protection=1.0, incumbent_economic_dependence=0.1)
    seen = pivot_view(
        belief=np.array([[0.0], [1.0]]),
        attention=np.array([[1.0], [1.0]]),
        dependence=np.array([[0.1], [0.0]]),
    )
    assert chosen(p, seen) == PIVOT
