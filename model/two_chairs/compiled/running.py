"""Running worlds by a program that has been compiled."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array
from two_chairs.world.simulation import Simulation

from .tracing import Program, arrays_of, parts_of

LANES = 8
"""Worlds that the widest machine runs side by side; fewer worlds than that are run twice."""


def run(lib, program: Program, model: Simulation, recorded: Mapping[int, Collection[str]]) -> dict[str, NDArray[Any]]:
    worlds = max(model.worlds, LANES)
    places, wide, kept = _start(program, model, worlds)
    luck = _uniforms(program, model, worlds)
    steps, found, results = [], {}, []
    rows = {name: [w for w in recorded if name in recorded[w]] for name in program.readings}
    for name, weeks in rows.items():
        if weeks:
            r = program.readings[name]
            found[name] = np.empty((len(weeks), *r.shape, worlds), r.dtype)
    at = {name: 0 for name in found}
    for week, list_ in enumerate(program.weeks):
        steps += list_
        for name in recorded.get(week, ()):
            steps.append(program.readings[name].steps[week])
            row = found[name][at[name]].reshape(-1, worlds)
            results.append(row.ctypes.data + np.arange(len(row), dtype=np.int64) * row.strides[0]); at[name] += 1
    out = np.ascontiguousarray(np.concatenate(results), dtype=np.uintp)
    list_ = np.array(steps, dtype=np.int32)
    P = ctypes.c_void_p
    lib.two_chairs_run.argtypes = [ctypes.c_long, ctypes.c_long, P, P, P, P, P]
    lib.two_chairs_run(worlds, len(list_), list_.ctypes.data, places.ctypes.data, wide.ctypes.data, luck.ctypes.data, out.ctypes.data)
    return {n: a[..., :model.worlds] for n, a in found.items()}


def _start(program, model, worlds):
    count = sum(place.count for place in program.slots.values())
    nothing = np.zeros(1)
    places, wide, kept = np.full(count, nothing.ctypes.data, dtype=np.uintp), np.zeros(count, dtype=np.int8), [nothing]
    for name, array in arrays_of(parts_of(model)):
        if name not in program.slots:
            continue
        place = program.slots[name]
        numbers = np.ascontiguousarray(array, dtype=float)
        if numbers.shape[-1] > 1 and worlds != model.worlds:
            numbers = np.resize(np.moveaxis(numbers, -1, 0), (worlds, *numbers.shape[:-1]))
            numbers = np.ascontiguousarray(np.moveaxis(numbers, 0, -1))
        kept.append(numbers)
        rows = slice(place.first, place.first + place.count)
        places[rows] = numbers.ctypes.data + np.arange(place.count, dtype=np.uintp) * np.uintp(numbers.shape[-1] * 8)
        wide[rows] = numbers.shape[-1] > 1
    return places, wide, kept


def _uniforms(program, model, worlds):
    rows = [model.luck.uniforms(*draw) for week in program.weeks for number in week for draw in program.steps[number].draws]
    luck = np.ascontiguousarray(np.concatenate(rows)) if rows else np.empty((0, model.worlds))
    return luck if worlds == model.worlds else np.resize(luck.T, (worlds, len(luck))).T.copy()
