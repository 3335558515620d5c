"""Luck: one seed enters, named streams of uniforms leave.

A stream is known by its name, so that one more draw for one actor shifts no other. Within a
stream, luck comes in fixed blocks of 256 replicates, whatever the number of worlds, chunks or
processes: replicate k has the same luck in every ensemble, and can be run alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from .actors import Array, Counts
from .parameters import (
    GROUPS,
    PARAMETERS,
    SIMPLEX_SPREAD,
    Parameters,
    between,
    make_parameters,
    on_simplex,
)
from .scenario import Scenario

BLOCK = 256
"""Replicates in a block of luck (a block is not a chunk)."""
_SMALLEST = 2.0**-54


class Luck:
    """The luck of some replicates, drawn by named streams.

    Parameters
    ----------
    seed
        Any whole number from 0 up.
    replicates
        Replicate of each world, shape (worlds,); equal numbers have equal luck.
    """

    def __init__(self, seed: int, replicates: Counts) -> None:
        self.seed = seed
        self.replicates = np.asarray(replicates, dtype=np.int64)
        self._blocks, position = np.unique(self.replicates // BLOCK, return_inverse=True)
        self._columns = position.reshape(-1) * BLOCK + self.replicates % BLOCK
        self._streams: dict[str, list[np.random.Generator]] = {}

    def uniforms(self, stream: str, rows: int) -> Array:
        """Draw the next uniforms of a stream, shape (rows, worlds), inside (0, 1).

        A stream goes on from call to call, so its callers must draw in a fixed rhythm: the same
        number of rows at each decision, whether or not they are needed.
        """
        generators = self._streams.setdefault(stream, [])
        if not generators:
            generators.extend(self._generator(stream, int(block)) for block in self._blocks)
        drawn = [generator.random((rows, BLOCK)) for generator in generators]
        uniforms: Array = np.concatenate(drawn, axis=1)[:, self._columns]
        return np.maximum(uniforms, _SMALLEST)

    def _generator(self, stream: str, block: int) -> np.random.Generator:
        key = (zlib.crc32(stream.encode()), block)
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        )


def gumbel(uniforms: Array) -> Array:
    """Turn uniforms inside (0, 1) into standard Gumbel draws, elementwise."""
    return -np.log(-np.log(uniforms))


# --- drawing what is uncertain ------------------------------------------------------------------


def draw_inputs(scenario: Scenario, luck: Luck) -> tuple[Parameters, dict[str, Array]]:
    """Draw all that varies between the worlds of an ensemble: parameters and event weights."""
    drawn = posterior_draws(scenario, luck)
    return draw_parameters(scenario, luck, drawn), draw_weights(scenario, luck, drawn)


def fixed_parameters(scenario: Scenario) -> Parameters:
    """Return the parameters of a scenario at their values, each of shape (1,)."""
    return make_parameters({name: entry.value for name, entry in scenario.parameters.items()})


def draw_parameters(
    scenario: Scenario, luck: Luck, drawn: Mapping[str, Array] | None = None
) -> Parameters:
    """Draw every varied parameter, one value a world.

    Those in ``drawn``, the draws of the scenario's posterior, are taken from there. The others
    come from their ranges: a parameter falls on each side of its value half of the time
    (`between`); the members of a simplex lie `SIMPLEX_SPREAD` of the way from their values to a
    uniform point of the simplex; a simplex with a fixed member is fixed.
    """
    values: dict[str, float | Array] = {
        name: entry.value for name, entry in scenario.parameters.items()
    }
    for name, entry in scenario.parameters.items():
        info = PARAMETERS[name]
        if info.varied and info.group is None and entry.low < entry.high:
            uniform = luck.uniforms(f"parameter/{name}", 1)[0]
            values[name] = between(uniform, entry.low, entry.value, entry.high)
    fixed = _fixed_names(scenario)
    for group, members in GROUPS.items():
        if fixed & set(members):
            continue
        uniforms = luck.uniforms(f"parameter/{group}", len(members) - 1)
        values |= simplex_members(scenario, group, uniforms)
    calibrated = {n: column for n, column in (drawn or {}).items() if n in PARAMETERS}
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
    """Return one draw of the scenario's posterior a world: column → values, shape (worlds,).

    Columns that the scenario's own parameters overrule are left out, and parameters that it
    fixes, a simplex as a whole; empty without a posterior.
    """
    posterior = scenario.posterior
    if posterior is None:
        return {}
    table = _table(posterior.rows)
    chosen = (luck.uniforms("posterior", 1)[0] * len(table)).astype(np.int64)
    kept = set(posterior.overruled) | _fixed_names(scenario)
    columns = zip(posterior.names, table[chosen].T, strict=True)
    return {name: values for name, values in columns if name not in kept}


def _fixed_names(scenario: Scenario) -> set[str]:
    """Return the parameters whose range has no width, with the others of their simplexes."""
    fixed = {name for name, entry in scenario.parameters.items() if entry.low == entry.high}
    return fixed | {n for members in GROUPS.values() if fixed & set(members) for n in members}


@lru_cache(maxsize=4)
def _table(rows: tuple[str, ...]) -> Array:
    return np.array([row.split(",") for row in rows], dtype=float)


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
