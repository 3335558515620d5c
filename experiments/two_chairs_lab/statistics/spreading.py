"""Putting points in an order of which every first part represents the whole."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array, Counts


def spread_out(points: Array, seed: int = 0) -> Counts:
    """Return the places of points in an order of which every first part represents the whole.

    The points are halved again and again, each time along the coordinate in which they still
    differ most, and the halves are taken in turn: of any points that follow each other in the
    order, every half has its share to within one, and so has every half of a half.

    Parameters
    ----------
    points
        Coordinates in units that can be compared, shape (points, coordinates).
    seed
        Of the coins that say which half goes first.

    Examples
    --------
    >>> half = spread_out(np.arange(8.0)[:, np.newaxis])[:4]
    >>> sorted((half // 2).tolist())
    [0, 1, 2, 3]
    """
    coins = np.random.default_rng(seed)

    def ordered(places: Counts) -> Counts:
        if len(places) < 2:
            return places
        widest = points[places].std(axis=0).argmax()
        along = places[np.argsort(points[places, widest], kind="stable")]
        upper_first = int(coins.integers(2))
        cut = (len(places) + 1 - upper_first) // 2
        lower, upper = ordered(along[:cut]), ordered(along[cut:])
        turns = np.empty_like(places)
        turns[upper_first::2], turns[1 - upper_first :: 2] = lower, upper
        return turns

    return ordered(np.arange(len(points)))
