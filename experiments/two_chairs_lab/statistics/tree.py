"""A classification tree: cases split by their inputs, where shares differ most.

Pure functions on tables, as in `prim`: a case is a row of inputs with a value in [0, 1].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from two_chairs.axes import Array
from two_chairs.extras import needed

DEPTH = 3
"""Levels of the tree."""
LEAST_LEAF = 0.05
"""Share of the cases in a leaf of the tree at least."""
Bounds = Mapping[int, tuple[float, float]]
"""Input → its bounds, infinite on a free side."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the tree: its bounds, its share of the cases, and the mean values on both halves.

    The mean on the half held out is NaN where none of its cases fall into the leaf.
    """

    bounds: Bounds
    mass: float
    searched: float
    held_out: float


def grow(x: Array, y: Array, x_held_out: Array, y_held_out: Array) -> tuple[Leaf, ...]:
    """Grow a tree on some cases and read it on others too; the leaf of the highest value first.

    Parameters
    ----------
    x, y
        Inputs (cases, inputs) and values (cases,) in [0, 1] of the half that is searched.
    x_held_out, y_held_out
        The same of the half held out.

    Raises
    ------
    InputError
        If scikit-learn is not installed.
    """
    classifier = needed("sklearn.tree", "discover", "discover").DecisionTreeClassifier
    tree = classifier(max_depth=DEPTH, min_weight_fraction_leaf=LEAST_LEAF, random_state=0)
    tree.fit(
        np.concatenate([x, x]),
        np.repeat([1, 0], len(y)),
        sample_weight=np.concatenate([y, 1.0 - y]),
    )
    leaf_of, leaf_of_held_out = tree.apply(x), tree.apply(x_held_out)
    leaves = []
    for node, bounds in _leaves(tree.tree_):
        here, there = leaf_of == node, leaf_of_held_out == node
        value = float(y_held_out[there].mean()) if there.any() else math.nan
        leaves.append(Leaf(bounds, float(here.mean()), float(y[here].mean()), value))
    return tuple(sorted(leaves, key=lambda leaf: -leaf.searched))


def _leaves(tree: Any) -> list[tuple[int, Bounds]]:
    """Return the leaves of a tree, each with the bounds that lead there."""
    leaves: list[tuple[int, Bounds]] = []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, bounds = waiting.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            leaves.append((node, bounds))
            continue
        column, cut = int(tree.feature[node]), float(tree.threshold[node])
        low, high = bounds.get(column, (-math.inf, math.inf))
        waiting.append((left, bounds | {column: (low, min(high, cut))}))
        waiting.append((right, bounds | {column: (max(low, cut), high)}))
    return leaves
