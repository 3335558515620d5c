"""Luck: one seed enters, named streams of uniforms leave.

A stream is known by its name, so that one more draw for one actor shifts no other. Within a
stream, luck comes in fixed blocks of 256 replicates, whatever the number of worlds, chunks or
processes: replicate k has the same luck in every ensemble, and can be run alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from .axes import Array, Counts

BLOCK = 256
"""Replicates in a block of luck (a block is not a chunk)."""
SMALLEST = 2.0**-54
"""No uniform is smaller."""


class Luck:
    """The luck of some replicates, drawn by named streams.

    Parameters
    ----------
    seed
        Any whole number from 0 up.
    replicates
        Replicate of each world, shape (worlds,); equal numbers have equal luck.

    Attributes
    ----------
    drawn
        Rows of uniforms drawn so far from each stream.
    """

    def __init__(self, seed: int, replicates: Counts) -> None:
        self.seed = seed
        self.replicates = np.asarray(replicates, dtype=np.int64)
        self._blocks, position = np.unique(self.replicates // BLOCK, return_inverse=True)
        self._columns = position.reshape(-1) * BLOCK + self.replicates % BLOCK
        self._streams: dict[str, list[np.random.Generator]] = {}
        self.drawn: dict[str, int] = {}

    def uniforms(self, stream: str, rows: int) -> Array:
        """Draw the next uniforms of a stream, shape (rows, worlds), inside (0, 1).

        A stream goes on from call to call, so its callers must draw in a fixed rhythm: the same
        number of rows at each decision, whether or not they are needed.
        """
        generators = self._streams.setdefault(stream, [])
        if not generators:
            generators.extend(self._generator(stream, int(block)) for block in self._blocks)
        self.drawn[stream] = self.drawn.get(stream, 0) + rows
        drawn = [generator.random((rows, BLOCK)) for generator in generators]
        uniforms: Array = np.concatenate(drawn, axis=1)[:, self._columns]
        return np.maximum(uniforms, SMALLEST)

    def go_to(self, drawn: Mapping[str, int]) -> None:
        """Go to where so many rows have been drawn from each stream."""
        self._streams, self.drawn = {}, dict(drawn)

    def _generator(self, stream: str, block: int) -> np.random.Generator:
        key = (zlib.crc32(stream.encode()), block)
        source = np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        source.advance(self.drawn.get(stream, 0) * BLOCK)
        return np.random.Generator(source)


def gumbel(uniforms: Array) -> Array:
    """Turn uniforms inside (0, 1) into standard Gumbel draws, elementwise."""
    return -np.log(-np.log(uniforms))
