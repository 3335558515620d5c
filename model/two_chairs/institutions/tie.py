"""What all kinds of tie have in common: record, memory, and the signals that they respond to.

A kind of tie is a file of this package: a record with its rule, `next_week`, and the memory that
the rule keeps. Entry thresholds lie above exit thresholds, freezing comes before leaving, and
levels move only while agents act; before that they follow recorded history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, TypeVar

import numpy as np

from two_chairs.axes import Array, Codes, Counts, Flags, Patron
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import ByDomain, Frozen, Key, Text, UnitInterval


@dataclass(frozen=True, slots=True)
class Memory:
    """What a tie remembers: its level in [0, 1], and counts of its kind, each (worlds,)."""

    level: Array


@dataclass(frozen=True, slots=True)
class Signals:
    """What the ties respond to in a week; arrays of shape (worlds,) unless said otherwise."""

    acting: bool
    """Whether agents act, so that levels may move."""
    regard: Array
    """The pivot's alignment toward the patrons, (patrons, domains, worlds)."""
    belief: Array
    """ρ of the incumbent."""
    posture: Codes
    protection_alone: Array
    """P without the incumbent."""
    realised_loss: Array
    rival_cap: Array
    """Most of the rival's economic seat that can be had."""
    coercion: Array
    coercions_running: Counts
    """Quarters running in which the incumbent chose to coerce."""
    fatigue: Array
    kept_promise: Flags
    """Whether the guarantor defended the pivot this week."""
    offered: Flags
    """Whether the rival made an offer this week."""
    levels: dict[str, Array] = field(default_factory=dict)
    """Levels of all ties at the start of the week."""
    ties: Sequence[Tie] = ()
    """The records of all ties."""


class Tie(Frozen):
    """One institutional tie of the pivot: common part of all kinds."""

    memory: ClassVar[type[Memory]] = Memory

    id: Key
    name: Text
    seat: Patron
    start: UnitInterval
    weights: ByDomain
    source: Text

    def memory_at(self, level: float, worlds: int) -> Any:
        """Return the memory of the tie at a level in every world, with all counts at zero."""
        zero = np.zeros(worlds, dtype=np.int64)
        counts = {count.name: zero for count in fields(self.memory) if count.name != "level"}
        return self.memory(level=np.full(worlds, level), **counts)

    def next_week(self, memory: Any, s: Signals, p: Parameters) -> Any:
        """Return the memory of the tie after a week; without a rule it stays as it is."""
        del s, p
        return memory

    def notice(self, standing: float, level: float) -> int:
        """Return the weeks between announcing a change of level and its effect: none."""
        del standing, level
        return 0

    def refers_to(self) -> Mapping[str, str]:
        """Return the ids of other ties that the record names, by key."""
        return {}


Kept = TypeVar("Kept", bound=Memory)


def counted(weeks: Counts, condition: Flags) -> Counts:
    """Count weeks running: one more where the condition holds, else zero; shape (worlds,)."""
    return np.where(condition, weeks + 1, 0)


def moved(memory: Kept, level: Array) -> Kept:
    """Return the memory at a new level; where it changed, all counts start again."""
    same = level == memory.level
    if same.all():
        return memory
    counts = {
        count.name: np.where(same, getattr(memory, count.name), 0)
        for count in fields(memory)
        if count.name != "level"
    }
    return replace(memory, level=level, **counts)
