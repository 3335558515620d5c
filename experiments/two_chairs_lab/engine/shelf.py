"""Paths of many worlds, put together piece by piece: in memory, or in a file where they are large.

Week by week a world of the usual case leaves a quarter of a megabyte. What is more than `LARGE`
lies in a file without a name, in the folder for temporary files (``TMPDIR``), and goes with the
process. It holds the same numbers; outcomes are read from it one at a time.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.errors import InputError
from two_chairs.outcomes import MOST_ACTS, OUTCOMES, USUAL, cast_of
from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory, unload

from .size import BYTES, MOST_AT_ONCE

LARGE = 400 * 10**6
"""Bytes up to which paths are kept in memory."""


class Shelf:
    """The paths of worlds of a scenario, as they come in.

    Parameters
    ----------
    scenario
        Of all worlds.
    worlds
        Worlds that there is room for.
    copies
        How often all of it is to stand on disk: twice where a run keeps its parts as well.

    Raises
    ------
    InputError
        If the disk has no room for them, with the room that they would take.
    """

    def __init__(self, scenario: Scenario, worlds: int, copies: int = 1) -> None:
        self._scenario, self._worlds = scenario, worlds
        self._arrays: dict[str, NDArray[Any]] = {}
        size = worlds * world_bytes(scenario)
        self._filed = size > LARGE
        if self._filed:
            _check_room(worlds, size * copies)

    def put(self, first: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Put worlds in their places, from ``first`` on."""
        for name, array in arrays.items():
            if array.shape[-1] == self._worlds and not self._filed:
                self._arrays[name] = array
                continue
            if name not in self._arrays:
                self._arrays[name] = self._empty((*array.shape[:-1], self._worlds), array.dtype)
            self._arrays[name][..., first : first + array.shape[-1]] = array
            unload(self._arrays[name])

    def _empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        if not self._filed or 0 in shape:
            return np.empty(shape, dtype)
        with tempfile.TemporaryFile() as file:
            return np.memmap(file, dtype, "w+", shape=shape)

    def paths(self, worlds: int) -> Trajectory:
        """Return the paths of the first worlds; others may still be put beside them."""
        arrays = {name: array[..., :worlds] for name, array in self._arrays.items()}
        return Trajectory(self._scenario.mondays(), cast_of(self._scenario.case), arrays)


def world_bytes(scenario: Scenario) -> int:
    """Return how many bytes the usual arrays of a world take in all weeks, at most."""
    cast = cast_of(scenario.case)
    numbers = sum(
        math.prod(MOST_ACTS if axis == "act" else len(cast.along(axis)) for axis in outcome.axes)
        for outcome in map(OUTCOMES.__getitem__, USUAL)
    )
    return numbers * BYTES * len(scenario.mondays())


def piece_worlds(scenario: Scenario, usual: int) -> int:
    """Return how many worlds run side by side: fewer than usual where a world leaves very much."""
    return max(1, min(usual, MOST_AT_ONCE // world_bytes(scenario)))


def _check_room(worlds: int, size: int) -> None:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if size > free:
        text = f"{worlds:,} worlds leave up to {size / 1e9:,.1f} GB week by week, and {folder} has"
        remedy = "lower --worlds, or let TMPDIR name a folder with more room"
        raise InputError.at("worlds", f"{text} {free / 1e9:,.1f} GB free; {remedy}")
