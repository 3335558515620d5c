"""Quantiles of weekly indices over any number of worlds, from exact counts.

A value is rounded to the nearest multiple of 1/2048 and counted; counts are whole numbers, so the
order in which worlds, chunks and parts arrive changes nothing. A quantile read from the counts is a
value that occurs, rounded: it lies within ``ERROR`` of the exact one. Shares of regimes are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import REGIMES, Array
from two_chairs.outcomes import INDICES, OUTCOMES

STEPS = 2048
"""Steps of the counting grid in a unit of an index."""
ERROR = 0.5 / STEPS
"""Largest distance of a quantile from the exact one."""
LOWEST: Mapping[str, int] = {name: int(OUTCOMES[name].low) for name in INDICES}
"""Lower end of each index's range; the upper end is 1."""
PERCENT = (5, 25, 50, 75, 95)
"""Percentiles that are kept."""
_SIZES = [(1 - LOWEST[name]) * STEPS + 1 for name in INDICES]
_STARTS = np.concatenate([[0], np.cumsum(_SIZES)])
_BINS = int(_STARTS[-1])
_LOWEST = np.array([LOWEST[name] for name in INDICES])[:, np.newaxis]
_HIGHEST_BIN = np.array(_SIZES)[:, np.newaxis] - 1
Counted = NDArray[np.uint32]
Readings = Mapping[str, Callable[[], NDArray[Any]]]


@dataclass(frozen=True, slots=True)
class Histograms:
    """Counts of the worlds of one scenario, week by week.

    Attributes
    ----------
    values
        Shape (weeks, bins of all indices side by side); a value that is not finite, or outside
        its index's range, is in none.
    regimes
        Shape (weeks, regimes).
    """

    weeks: int
    values: Counted = field(init=False)
    regimes: Counted = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.zeros((self.weeks, _BINS), dtype=np.uint32))
        object.__setattr__(self, "regimes", np.zeros((self.weeks, len(REGIMES)), dtype=np.uint32))

    def add(self, week: int, readings: Readings, worlds: int) -> None:
        """Count the first worlds of what can be read at the end of a week."""
        found = np.stack([readings[name]()[:worlds] for name in INDICES])
        with np.errstate(invalid="ignore"):
            index = np.rint((found - _LOWEST) * STEPS)
            inside = (index >= 0) & (index <= _HIGHEST_BIN)
        bins = (index + _STARTS[:-1, np.newaxis])[inside].astype(np.intp)
        self.values[week] += np.bincount(bins, minlength=_BINS).astype(np.uint32)
        codes = readings["regime"]()[:worlds].astype(np.intp)
        self.regimes[week] += np.bincount(codes, minlength=len(REGIMES)).astype(np.uint32)

    def merge(self, values: Counted, regimes: Counted) -> None:
        """Add the counts of other worlds of the same scenario."""
        np.add(self.values, values, out=self.values)
        np.add(self.regimes, regimes, out=self.regimes)

    def counted(self, name: str) -> NDArray[np.int64]:
        """Return how many worlds have an index's value in its range, shape (weeks,)."""
        return self._of(name).sum(axis=1, dtype=np.int64)

    def quantiles(self, name: str) -> Array:
        """Return the percentiles of an index, shape (percentiles, weeks); NaN without a world.

        Each is the smallest value that at least that share of worlds does not exceed, to ``ERROR``.
        """
        below = np.cumsum(self._of(name), axis=1, dtype=np.int64)
        total = below[:, -1]
        wanted = -(-np.multiply.outer(PERCENT, total) // 100)
        bins = np.stack([(below < row[:, np.newaxis]).sum(axis=1) for row in wanted])
        return np.where(total > 0, LOWEST[name] + bins / STEPS, np.nan)

    def shares(self) -> Array:
        """Return the share of worlds in each regime, (regimes, weeks); NaN without a world."""
        total = self.regimes.sum(axis=1, dtype=np.int64)
        return np.where(total > 0, self.regimes.T / np.maximum(total, 1), np.nan)

    def _of(self, name: str) -> Counted:
        index = INDICES.index(name)
        return self.values[:, _STARTS[index] : _STARTS[index + 1]]
