"""What all kinds of tie have in common: record, memory, and the signals that they respond to.

A kind of tie is a file of this package: a record with its rule, `next_week`, and the memory that
the rule keeps. A rule reads the patron of its own seat. Entry thresholds lie above exit
thresholds, freezing comes before leaving, and levels move only while agents act; before that they
follow recorded history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, TypeVar

import numpy as np

from two_chairs.axes import (
    LOYAL,
    PATRONS,
    PIVOT,
    Array,
    Codes,
    Counts,
    Flags,
    Patron,
    everywhere,
)
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import ByDomain, Key, Sparse, Text, UnitInterval

TURNED_FROM = (PIVOT, LOYAL)
"""The posture by which the pivot turns from each patron, in the order of the patrons axis."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a tie remembers: its level in [0, 1], and counts of its kind, each (worlds,)."""

    level: Array


@dataclass(frozen=True, slots=True)
class Signals:
    """What the ties respond to in a week; arrays of shape (patrons, worlds) unless said otherwise.

    What costs arithmetic is a function of the seat, and is computed for the ties that ask.
    """

    acting: bool
    """Whether agents act, so that levels may move."""
    regard: Array
    """The pivot's alignment toward the patrons, (patrons, domains, worlds)."""
    belief: Array
    """ρ that the patron defends the pivot."""
    posture: Codes
    """Shape (worlds,)."""
    protection_without: Callable[[int], Array]
    """P without the patron of a seat, (worlds,)."""
    loss: Callable[[int], Array]
    """The realised loss of the patron of a seat by the pivot's tilt, (worlds,)."""
    economic_caps: Array
    """Most of each patron's economic seat that can be had, (patrons, 1 or worlds)."""
    coercion: Array
    """Coercion in force by the patron."""
    coercions_running: Counts
    """Quarters running in which the patron chose to coerce."""
    fatigue: Array
    kept_promise: Flags
    """Whether the patron defended the pivot this week."""
    offered: Flags
    """Whether the patron made an offer this week."""
    levels: dict[str, Array] = field(default_factory=dict)
    """Levels of all ties at the start of the week, each (worlds,)."""
    ties: Sequence[Tie] = ()
    """The records of all ties."""
    freeze_factors: Array = field(default_factory=lambda: np.ones((3, 1)))
    """What thresholds of a freeze are multiplied by, (thresholds, 1 or worlds)."""

    def turned_from(self, seat: int) -> Flags:
        """Say where the posture turns from the patron of a seat, shape (worlds,)."""
        return self.posture == TURNED_FROM[seat]


class Tie(Sparse):
    """One institutional tie of the pivot: common part of all kinds.

    Attributes
    ----------
    needs
        Acts that the patron of the seat must have in its repertoire for the rule to have a sense.
    promises_defence
        Whether it binds the patron of the seat to answer an attack.
    """

    memory: ClassVar[type[Memory]] = Memory
    needs: ClassVar[tuple[str, ...]] = ()
    promises_defence: ClassVar[bool] = False

    id: Key
    name: Text
    seat: Patron
    start: UnitInterval
    weights: ByDomain
    source: Text

    @property
    def at(self) -> int:
        """Index of its seat on the patrons axis."""
        return PATRONS.index(self.seat)

    def memory_at(self, level: float, worlds: int) -> Any:
        """Return the memory of the tie at a level in every world, with all counts at zero."""
        zero = np.zeros(worlds, dtype=np.int64)
        counts = {count.name: zero for count in fields(self.memory) if count.name != "level"}
        return self.memory(level=np.full(worlds, level), **counts)

    def next_week(self, memory: Any, s: Signals, p: Parameters) -> Any:
        """Return the memory of the tie after a week; without a rule it stays as it is."""
        del s, p
        return memory

    def refused(self, memory: Any, share: Array) -> Any:
        """Return the memory after a recorded refusal of the pivot that takes a share: as it was."""
        del share
        return memory

    def with_record(self, level: float) -> Tie:
        """Return the tie that knows its level on record when agents begin to act."""
        del level
        return self

    def notice(self, standing: float, level: float) -> int:
        """Return the weeks between announcing a change of level and its effect: none."""
        del standing, level
        return 0

    def refers_to(self) -> Mapping[str, str]:
        """Return the ids of other ties that the record names, by key."""
        return {}


class ReturningTie(Tie):
    """A tie that returns to a level by its own rule: never above what the record knows of it."""

    returns_to: UnitInterval | None = None

    def with_record(self, level: float) -> Tie:
        """Return the tie with the level that it returns to, if the case gives none."""
        if self.returns_to is not None:
            return self
        return self.model_copy(update={"returns_to": level})

    @property
    def home(self) -> float:
        """The level that it returns to."""
        return self.start if self.returns_to is None else self.returns_to


Kept = TypeVar("Kept", bound=Memory)


def counted(weeks: Counts, condition: Flags) -> Counts:
    """Count weeks running: one more where the condition holds, else zero; shape (worlds,)."""
    return np.where(condition, weeks + 1, 0)


def moved(memory: Kept, level: Array) -> Kept:
    """Return the memory at a new level; where it changed, all counts start again."""
    same = level == memory.level
    if everywhere(same):
        return memory
    counts = {
        count.name: np.where(same, getattr(memory, count.name), 0)
        for count in fields(memory)
        if count.name != "level"
    }
    return replace(memory, level=level, **counts)
