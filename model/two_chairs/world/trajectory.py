"""What a run leaves: arrays with named axes, week by week, and outcomes read from them."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import REGIMES, Array, Regime
from two_chairs.errors import InputError
from two_chairs.outcomes import OUTCOMES, Cast, read_outcome
from two_chairs.vocabulary import monday

PIECE = 1024
"""Worlds that are looked at together where all of them would be too many for memory."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The recorded paths of an ensemble of worlds.

    Attributes
    ----------
    dates
        Monday of every week recorded.
    cast
        Ids along the actors and institution axes.
    arrays
        Name to array of shape (weeks, axes of ``AXES[name]``, worlds), as at the end of each week.
        Choices are codes of each actor's acts, −1 in weeks without a decision; chosen counts
        the quarters so far in which each act was chosen.
    """

    dates: tuple[date, ...]
    cast: Cast
    arrays: Mapping[str, NDArray[np.generic]]

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return int(next(iter(self.arrays.values())).shape[-1])

    def week_of(self, day: date) -> int:
        """Return the index among the recorded weeks of the week that holds a date."""
        return self.dates.index(monday(day))

    def outcome(self, name: str) -> Array:
        """Return an outcome by its name, shape (weeks, worlds).

        Names: an index (``tilt``), ``A>B:security``, ``seat:incumbent:security``,
        ``belief:incumbent``, ``dependence:rival``, ``institution:ID``, ``regime:two-chairs`` and
        ``posture:HEDGE`` (1 where it is so, else 0), ``chose:A:REWARD`` (quarters so far in
        which the actor chose the act, those before agents act for themselves included).

        Raises
        ------
        InputError
            If it is the name of no outcome, or if its array has not been recorded.
        """
        where = f"outcome {name}"
        found = read_outcome(name, self.cast, where)
        declared = OUTCOMES[found.array]
        if found.array not in self.arrays and declared.derive and declared.source in self.arrays:
            return loaded(self.arrays[declared.source].astype(float, copy=False), declared.derive)
        if found.array not in self.arrays:
            text = f"'{found.array}' has not been recorded; name it in the model's record"
            raise InputError.at(where, text)
        return loaded(self.arrays[found.array], found.of)

    def regime_share(self, regime: Regime) -> Array:
        """Return the share of worlds in a regime, week by week."""
        return np.mean(self.arrays["regime"] == REGIMES.index(regime), axis=-1)

    def pieces(self) -> Iterator[Trajectory]:
        """Yield the worlds in pieces of at most `PIECE`, in their order."""
        for first in range(0, self.worlds, PIECE):
            rows = slice(first, first + PIECE)
            arrays = {name: array[..., rows] for name, array in self.arrays.items()}
            yield Trajectory(self.dates, self.cast, arrays)

    def followed_by(self, later: Trajectory) -> Trajectory:
        """Join the weeks of the same worlds that a resumed run has recorded."""
        arrays = {
            name: np.concatenate([array, later.arrays[name]], axis=0)
            for name, array in self.arrays.items()
        }
        return Trajectory(self.dates + later.dates, self.cast, arrays)


def loaded(array: NDArray[Any], read: Callable[[NDArray[Any]], Array]) -> Array:
    """Return what is read from an array, (weeks, …): week by week if the array lies in a file."""
    if not isinstance(array, np.memmap):
        return read(array)
    values = np.concatenate([np.array(read(array[week : week + 1])) for week in range(len(array))])
    unload(array)
    return values


def unload(array: NDArray[Any]) -> None:
    """Let memory go of an array that lies in a file; its numbers stay there."""
    mapped: Any = getattr(array, "_mmap", None)
    if hasattr(mapped, "madvise"):
        mapped.madvise(mmap.MADV_DONTNEED)


class Recorder:
    """Keeps what a run shows of itself, in arrays made when the first week is recorded.

    Parameters
    ----------
    mondays
        Monday of every week of the run.
    cast
        Names of actors and institutions.
    names
        Arrays to record (``AXES``).
    weeks
        Weeks to record, counted from zero; every week if ``None``.
    """

    def __init__(
        self,
        mondays: Sequence[date],
        cast: Cast,
        names: Collection[str],
        weeks: Collection[int] | None,
    ) -> None:
        self._mondays, self._cast, self._names = tuple(mondays), cast, tuple(names)
        wanted = range(len(self._mondays)) if weeks is None else sorted(set(weeks))
        self._rows = {week: row for row, week in enumerate(wanted)}
        self._arrays: dict[str, NDArray[Any]] = {}
        self._recorded = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays to record."""
        return self._names

    @property
    def weeks(self) -> tuple[int, ...]:
        """The weeks to record, in order."""
        return tuple(self._rows)

    @property
    def last(self) -> int:
        """The last week to record; −1 if there is none."""
        return max(self._rows, default=-1)

    def begin_at(self, week: int) -> None:
        """Leave out the weeks before one: a run that is resumed does not see them."""
        wanted = [each for each in self._rows if each >= week]
        self._rows = {each: row for row, each in enumerate(wanted)}

    def wants(self, week: int) -> bool:
        """Say whether a week is to be recorded."""
        return bool(self._names) and week in self._rows

    def add(self, week: int, values: Mapping[str, Callable[[], NDArray[Any]]]) -> None:
        """Record a week; weeks come in order."""
        row = self._rows[week]
        for name in self._names:
            value = values[name]()
            if name not in self._arrays:
                self._arrays[name] = np.empty((len(self._rows), *value.shape), value.dtype)
            self._arrays[name][row] = value
        self._recorded = row + 1

    def fill(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Record all weeks at once, each array (weeks, …, worlds)."""
        self._arrays, self._recorded = dict(arrays), len(self._rows)

    def trajectory(self, worlds: int) -> Trajectory:
        """Return what was recorded of the first worlds."""
        weeks = list(self._rows)[: self._recorded]
        dates = tuple(self._mondays[week] for week in weeks)
        arrays = {name: array[: len(weeks), ..., :worlds] for name, array in self._arrays.items()}
        return Trajectory(dates, self._cast, arrays)
