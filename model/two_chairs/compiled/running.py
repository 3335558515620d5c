"""Running a model by its compiled program: the same worlds, the same luck, the same arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array
from two_chairs.world.simulation import Simulation

from .library import Library
from .tracing import arrays_of, parts_of

LANES = 8
"""Worlds that the widest machine runs side by side; fewer than that are filled up."""


def run_compiled(
    library: Library, model: Simulation, names: Collection[str], weeks: Sequence[int]
) -> dict[str, NDArray[Any]]:
    """Run a model that has just been made; return arrays of it, each (weeks, …, worlds).

    Parameters
    ----------
    library
        The program of the model, which reads at least the arrays named.
    model
        The model: its luck is drawn, its state stays as at the start.
    names
        Arrays to return.
    weeks
        Weeks at whose end they are read, counted from zero, in order.
    """
    plan, worlds = library.plan, max(model.worlds, LANES)
    places, wide, held = _start(plan, model, worlds)
    luck = _luck(plan, model, weeks[-1] + 1, worlds)
    found = {}
    for name in names:
        _, shape, dtype = plan["readings"][name]
        found[name] = np.empty((len(weeks), *shape, worlds), dtype)
    steps, results = _course(plan, found, weeks)
    library.run(
        worlds, len(steps), steps.ctypes.data, places.ctypes.data, wide.ctypes.data,
        luck.ctypes.data, results.ctypes.data,
    )  # fmt: skip
    del held  # what `places` points to must last until here
    return {name: array[..., : model.worlds] for name, array in found.items()}


def _course(
    plan: Mapping[str, Any], found: Mapping[str, NDArray[Any]], weeks: Sequence[int]
) -> tuple[NDArray[np.int32], NDArray[np.uintp]]:
    """Return the steps of all weeks in order, and where each leaves its results."""
    steps: list[int] = []
    results: list[NDArray[np.uintp]] = []
    rows = {week: row for row, week in enumerate(weeks)}
    places = {name: _addresses(array).reshape(len(weeks), -1) for name, array in found.items()}
    for week in range(weeks[-1] + 1):
        steps += plan["weeks"][week]
        for name, place in places.items() if week in rows else ():
            steps.append(plan["readings"][name][0][week])
            results.append(place[rows[week]])
    return np.array(steps, dtype=np.int32), np.concatenate(results)


def _addresses(array: NDArray[Any]) -> NDArray[np.uintp]:
    """Return where each row of an array along the worlds axis begins."""
    rows = array.size // array.shape[-1]
    step = array.shape[-1] * array.itemsize
    return (array.ctypes.data + step * np.arange(rows)).astype(np.uintp)


def _start(
    plan: Mapping[str, Any], model: Simulation, worlds: int
) -> tuple[NDArray[np.uintp], NDArray[np.int8], list[Array]]:
    """Return where each slot finds its first numbers, whether every world has its own, and these.

    A slot that nothing has written yet at the start of the first week finds a zero.
    """
    held = [np.zeros(1)]
    places = np.full(plan["count"], held[0].ctypes.data, dtype=np.uintp)
    wide = np.zeros(plan["count"], dtype=np.int8)
    for name, array in arrays_of(parts_of(model)):
        pairs = plan["slots"].get(name)
        if pairs:
            numbers = np.ascontiguousarray(_filled_up(np.asarray(array, dtype=float), worlds))
            rows, slots = np.array(pairs).T
            places[slots] = _addresses(numbers)[rows]
            wide[slots] = numbers.shape[-1] > 1
            held.append(numbers)
    return places, wide, held


def _luck(plan: Mapping[str, Any], model: Simulation, weeks: int, worlds: int) -> Array:
    """Return all uniforms in the order in which they are used, shape (uniforms, worlds)."""
    rows = [
        model.luck.uniforms(stream, count)
        for week in plan["weeks"][:weeks]
        for number in week
        for stream, count in plan["draws"][number]
    ]
    luck = np.concatenate(rows) if rows else np.empty((0, worlds))
    return np.ascontiguousarray(_filled_up(luck, worlds))


def _filled_up(array: Array, worlds: int) -> Array:
    """Return an array over at least some number of worlds, the first ones again after the last."""
    own = array.shape[-1]
    return array if own in (1, worlds) else np.take(array, np.arange(worlds) % own, axis=-1)
