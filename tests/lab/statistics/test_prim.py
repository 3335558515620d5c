"""PRIM on cases whose box is known, and against EMA Workbench's."""

from __future__ import annotations

import inspect
import warnings
from itertools import pairwise

import numpy as np
import pytest

from two_chairs_lab.statistics.prim import (
    LEAST_MASS,
    Box,
    choose,
    find_box,
    measure,
    paste,
    peel,
    pruned,
    quasi_p,
    same_side,
)

pytestmark = pytest.mark.unit


def known(cases=2000, inputs=5, seed=0):
    """Return cases that are of interest exactly where input 0 > .6 and input 2 < .5."""
    x = np.random.default_rng(seed).random((cases, inputs))
    return x, ((x[:, 0] > 0.6) & (x[:, 2] < 0.5)).astype(float)


def test_a_known_box_is_found_again():
    x, y = known()
    _, box = find_box(x, y)
    assert box.restricted() == [0, 2]
    assert box.low[0] == pytest.approx(0.6, abs=0.03)
    assert box.high[2] == pytest.approx(0.5, abs=0.03)
    assert np.isinf([box.high[0], box.low[2]]).all()
    found = measure(box.holds(x), y)
    assert found.density > 0.95
    assert found.coverage > 0.95
    assert found.mass == pytest.approx(0.2, abs=0.03)


def test_measures_by_hand():
    y = np.array([1.0, 0.5, 0.0, 0.5])
    found = measure(np.array([True, True, False, False]), y)
    assert (found.mass, found.density, found.coverage) == (0.5, 0.75, 0.75)
    assert found.excess == 0.25
    assert np.isnan(measure(np.zeros(4, dtype=bool), y).density)


def test_boxes_of_the_trajectory_lie_in_one_another_and_keep_enough():
    x, y = known()
    boxes = peel(x, y)
    inside = [box.holds(x) for box in boxes]
    assert inside[0].all()
    for outer, inner in pairwise(inside):
        assert (outer | ~inner).all()
        assert inner.sum() < outer.sum()
    assert inside[-1].mean() >= LEAST_MASS
    assert choose(boxes, x, y) > 5


def test_peeling_takes_whole_levels_of_a_grid():
    x = np.repeat(np.arange(5.0), 40)[:, np.newaxis]
    boxes = peel(x, (x[:, 0] >= 3).astype(float))
    assert [box.low[0] for box in boxes[1:4]] == [0.5, 1.5, 2.5]


def test_a_bound_on_an_input_without_effect_is_dropped():
    x, y = known()
    box = Box.free(5).bounded(0, 0.6, np.inf).bounded(4, 0.3, np.inf)
    assert quasi_p(box, 0, x, y) < 1e-6
    assert quasi_p(box, 4, x, y) > 0.05
    assert pruned(box, x, y).restricted() == [0]


def test_pasting_widens_a_box_that_is_too_narrow_and_no_other():
    x, y = known()
    narrow = Box.free(5).bounded(0, 0.8, np.inf).bounded(2, -np.inf, 0.5)
    assert paste(narrow, x, y).low[0] == pytest.approx(0.6, abs=0.03)
    right = Box.free(5).bounded(0, 0.6, np.inf).bounded(2, -np.inf, 0.5)
    assert paste(right, x, y).low[0] == 0.6


def test_pasting_frees_a_bound_that_holds_nothing_back():
    x, y = known()
    box = Box.free(5).bounded(0, 0.6, np.inf).bounded(2, -np.inf, 0.5).bounded(3, 0.02, np.inf)
    assert np.isinf(paste(box, x, y).low[3])


def test_same_side_tells_low_from_high():
    low, high = Box.free(2).bounded(0, 0.5, np.inf), Box.free(2).bounded(0, -np.inf, 0.5)
    assert same_side(low, low, 0)
    assert not same_side(low, high, 0)
    assert not same_side(low, Box.free(2), 0)


def test_constant_inputs_and_values_leave_the_free_box():
    assert len(peel(np.ones((100, 2)), np.arange(100) % 2)) == 1
    x = np.random.default_rng(0).random((200, 3))
    assert find_box(x, np.ones(200))[1].restricted() == []


@pytest.mark.slow
def test_the_same_box_as_ema_workbench():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prim = pytest.importorskip("ema_workbench.analysis.prim")
        import pandas

        x, y = known(1000, 4)
        asked = inspect.signature(prim.Prim.__init__).parameters
        threshold = {"threshold": 0.8} if "threshold" in asked else {}  # version 2 demands one
        frame = pandas.DataFrame(x, columns=list("abcd"))
        theirs = prim.Prim(frame, y.astype(bool), **threshold).find_box()
    best = (theirs.peeling_trajectory.coverage - theirs.peeling_trajectory.mass).idxmax()
    boxes = peel(x, y)
    mine = boxes[choose(boxes, x, y)]
    limits = theirs.box_lims[best]
    row = theirs.peeling_trajectory.loc[best]
    ours = measure(mine.holds(x), y)
    assert ours.density == pytest.approx(row.density, abs=0.05)
    assert ours.coverage == pytest.approx(row.coverage, abs=0.05)
    assert mine.low[0] == pytest.approx(limits["a"].iloc[0], abs=0.03)
    assert mine.high[2] == pytest.approx(limits["c"].iloc[1], abs=0.03)
