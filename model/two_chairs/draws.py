"""Draws of parameters and event weights: from ranges, or from a posterior."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import numpy as np

from two_chairs.scenario.drawn import drawn_numbers
from two_chairs.scenario.records import Scenario

from .axes import Array, Counts
from .parameters import GROUPS, PARAMETERS, Parameters, make_parameters
from .randomness import BLOCK, SMALLEST, Luck

SIMPLEX_SPREAD = 0.3
"""Default draws of a simplex lie this share of the way from the default to a uniform point of
the simplex; assumption, range 0 to 1 (1 is the whole simplex)."""


def between(uniform: Array, low: float, value: float, high: float) -> Array:
    """Draw from a range so that half of the draws fall on each side of the value.

    The inverse of a distribution that is uniform from ``low`` to ``value`` and uniform from
    ``value`` to ``high``: its median is the value, and no draw leaves the range.

    Examples
    --------
    >>> between(np.array([0.0, 0.25, 0.5, 1.0]), 0.0, 1.0, 5.0).tolist()
    [0.0, 0.5, 1.0, 5.0]
    """
    below = low + 2.0 * uniform * (value - low)
    above = value + (2.0 * uniform - 1.0) * (high - value)
    return np.where(uniform < 0.5, below, above)


def on_simplex(uniforms: Array) -> Array:
    """Turn n − 1 independent uniforms a world into n shares, uniform on the simplex.

    Parameters
    ----------
    uniforms
        Shape (n − 1, worlds), in [0, 1].

    Returns
    -------
    Array
        Shape (n, worlds), each column sums to one: the gaps between sorted uniforms.
    """
    ends = np.zeros((1, uniforms.shape[-1]))
    edges = np.concatenate([ends, np.sort(uniforms, axis=0), ends + 1.0])
    return edges[1:] - edges[:-1]


class Uniforms(Protocol):
    """Where uniforms of worlds come from."""

    def uniforms(self, stream: str, rows: int) -> Array:
        """Return uniforms of a stream, shape (rows, worlds), inside (0, 1)."""
        ...


class Points:
    """Uniforms of the varied parameters by a scrambled Sobol' sequence: world k is its point k.

    So any first part of the worlds is spread evenly over the ranges, and fewer of them say what
    many drawn by luck would. The seed scrambles. A parameter keeps its coordinate in every
    scenario, whatever else varies there.

    Parameters
    ----------
    seed
        Any whole number from 0 up.
    replicates
        Point of each world, shape (worlds,), below 2³⁰.
    """

    def __init__(self, seed: int, replicates: Counts) -> None:
        self.seed = seed
        self.replicates = replicates

    def uniforms(self, stream: str, rows: int) -> Array:
        """Return the coordinates of a parameter or a simplex, shape (rows, worlds)."""
        blocks, position = np.unique(self.replicates // BLOCK, return_inverse=True)
        places, usual, every = _coordinates()
        first = places[stream]
        sequence = ("points", usual) if first < usual else ("points/own", every)
        points = np.stack([_points(self.seed, int(block), *sequence) for block in blocks])
        chosen = points[position.reshape(-1), self.replicates % BLOCK, first : first + rows]
        return np.ascontiguousarray(chosen.T)


@lru_cache(maxsize=1)
def _coordinates() -> tuple[dict[str, int], int, int]:
    """Return the first coordinate of every parameter and simplex; the number of usual and of all.

    Those of optional parameters follow the usual ones; rules that are switched off have none.
    """
    places, number = {}, 0
    alone = {
        name: info.optional
        for name, info in PARAMETERS.items()
        if info.group is None and not info.is_switched_off
    }
    widths = {name: 1 for name, optional in alone.items() if not optional}
    for name, width in (widths | {group: len(GROUPS[group]) - 1 for group in GROUPS}).items():
        places[f"parameter/{name}"] = number
        number += width
    further = [name for name, optional in alone.items() if optional]
    places |= {f"parameter/{name}": number + place for place, name in enumerate(further)}
    return places, number, number + len(further)


@lru_cache(maxsize=128)
def _points(seed: int, block: int, stream: str, coordinates: int) -> Array:
    """Return a block of points, shape (BLOCK, coordinates)."""
    from scipy.stats import qmc  # noqa: PLC0415, since SciPy's statistics are slow to load

    key = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(stream.encode()),))
    sequence = qmc.Sobol(coordinates, seed=np.random.default_rng(key))
    if block:  # SciPy can not go forward by nothing
        sequence.fast_forward(block * BLOCK)
    points: Array = np.maximum(sequence.random(BLOCK), SMALLEST)
    return points


def draw_inputs(scenario: Scenario, luck: Luck) -> tuple[Parameters, dict[str, Array]]:
    """Draw all that varies between the worlds of an ensemble: parameters and event weights."""
    drawn = posterior_draws(scenario, luck)
    points = Points(luck.seed, luck.replicates)
    return draw_parameters(scenario, points, drawn), draw_weights(scenario, luck, drawn)


def draw_turns(scenario: Scenario, luck: Luck) -> dict[str, Array]:
    """Draw the size of every shift of a turn inside its range, one value a world, by its stream."""
    shifts = [(turn.stream(shift), shift) for turn in scenario.turns for shift in turn.shifts]
    return {
        stream: between(luck.uniforms(stream, 1)[0], shift.span[0], shift.size, shift.span[1])
        for stream, shift in shifts
        if shift.span[0] < shift.span[1]
    }


def draw_parameters(
    scenario: Scenario, source: Uniforms, drawn: Mapping[str, Array] | None = None
) -> Parameters:
    """Draw every varied parameter, one value a world.

    Those in ``drawn``, the draws of the scenario's posterior, are taken from there. The others
    come from their ranges: a parameter falls on each side of its value half of the time
    (`between`); the members of a simplex lie `SIMPLEX_SPREAD` of the way from their values to a
    uniform point of the simplex; a simplex with a fixed member is fixed.
    """
    calibrated = {name: values for name, values in (drawn or {}).items() if name in PARAMETERS}
    values: dict[str, float | Array] = {
        name: entry.value for name, entry in scenario.parameters.items()
    }
    for name, entry in scenario.parameters.items():
        info = PARAMETERS[name]
        ranged = info.varied and info.group is None and entry.low < entry.high
        if ranged and name not in calibrated:
            uniform = source.uniforms(f"parameter/{name}", 1)[0]
            values[name] = between(uniform, entry.low, entry.value, entry.high)
    kept = _fixed_names(scenario) | {n for n, info in PARAMETERS.items() if not info.varied}
    for group, members in GROUPS.items():
        if not (kept & set(members) or set(members) <= set(calibrated)):
            uniforms = source.uniforms(f"parameter/{group}", len(members) - 1)
            values |= simplex_members(scenario, group, uniforms)
    return make_parameters(values | calibrated)


def simplex_members(scenario: Scenario, group: str, uniforms: Array) -> dict[str, Array]:
    """Return the members of a simplex `SIMPLEX_SPREAD` of the way to a uniform point of it.

    Parameters
    ----------
    scenario, group
        Whose values the members lie near, and a name of `GROUPS`.
    uniforms
        Shape (members − 1, worlds), in [0, 1].
    """
    values = {name: scenario.parameters[name].value for name in GROUPS[group]}
    point = on_simplex(uniforms)
    return {
        name: value + SIMPLEX_SPREAD * (share - value)
        for (name, value), share in zip(values.items(), point, strict=True)
    }


def posterior_draws(scenario: Scenario, luck: Luck) -> dict[str, Array]:
    """Return a row of the scenario's posterior a world: column → values, shape (worlds,).

    World k reads row k, whatever the number of worlds and the seed; past the last row it goes
    round again. The rows are stored so that every first part of them represents the whole.
    Columns that the scenario's own parameters overrule are left out, and parameters that it
    fixes, a simplex as a whole, or that ensembles do not vary; empty without a posterior.
    """
    posterior = scenario.posterior
    if posterior is None:
        return {}
    table = drawn_numbers(posterior.rows)
    assert table is not None  # checked when it was read
    chosen = luck.replicates % len(table)
    kept = set(posterior.overruled) | _fixed_names(scenario)
    kept |= {name for name, info in PARAMETERS.items() if not info.varied}
    columns = zip(posterior.names, table[chosen].T, strict=True)
    return {name: values for name, values in columns if name not in kept}


def _fixed_names(scenario: Scenario) -> set[str]:
    """Return the parameters whose range has no width, with the others of their simplexes."""
    fixed = {name for name, entry in scenario.parameters.items() if entry.low == entry.high}
    return fixed | {n for members in GROUPS.values() if fixed & set(members) for n in members}


def draw_weights(
    scenario: Scenario, luck: Luck, drawn: Mapping[str, Array] | None = None
) -> dict[str, Array]:
    """Draw the weight of every event inside its coding range, one value a world.

    Those in ``drawn``, the draws of the scenario's posterior, are taken from there.
    """
    calibrated = {
        event.id: drawn[f"weight:{event.id}"]
        for event in scenario.events
        if drawn and f"weight:{event.id}" in drawn and event.weight_low < event.weight_high
    }
    return calibrated | {
        event.id: between(
            luck.uniforms(f"weight/{event.id}", 1)[0],
            event.weight_low,
            event.weight,
            event.weight_high,
        )
        for event in scenario.events
        if event.weight_low < event.weight_high and event.id not in calibrated
    }
