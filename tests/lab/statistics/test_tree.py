"""The tree: leaves of a space that is known, and what they hold on both halves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from two_chairs_lab.statistics.tree import grow

pytestmark = pytest.mark.unit


@pytest.mark.long
def test_the_leaves_of_a_space_that_is_known():
    generator = np.random.default_rng(0)
    x = generator.random((400, 3))
    y = (x[:, 1] < 0.3).astype(float)
    first, other = grow(x[:200], y[:200], x[200:], y[200:])
    assert set(first.bounds) == {1}
    low, high = first.bounds[1]
    assert low == -math.inf
    assert high == pytest.approx(0.3, abs=0.02)
    assert other.bounds == {1: (high, math.inf)}
    assert (first.searched, other.searched) == (1.0, 0.0)
    assert first.held_out == pytest.approx(1.0, abs=0.1)
    assert first.mass + other.mass == pytest.approx(1.0)


@pytest.mark.long
def test_a_leaf_without_cases_that_were_held_out_has_no_value_there():
    x = np.linspace(0.0, 1.0, 100)[:, np.newaxis]
    y = (x[:, 0] > 0.5).astype(float)
    leaves = grow(x, y, x[60:], y[60:])
    assert [leaf.searched for leaf in leaves] == [1.0, 0.0]
    assert leaves[0].held_out == 1.0
    assert math.isnan(leaves[1].held_out)


def test_values_that_are_all_alike_make_one_leaf_without_bounds():
    x, y = np.random.default_rng(1).random((50, 2)), np.ones(50)
    (leaf,) = grow(x, y, x, y)
    assert leaf.bounds == {}
    assert (leaf.mass, leaf.searched, leaf.held_out) == (1.0, 1.0, 1.0)
