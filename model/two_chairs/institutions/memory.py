"""What every tie remembers, and the signals that it responds to.

Entry thresholds lie above exit thresholds, freezing comes before leaving, and levels move only
while agents act; before that they follow recorded history.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from two_chairs.axes import Array, Codes, Counts, Flags


@dataclass(frozen=True, slots=True)
class Memory:
    """What one tie remembers, each of shape (worlds,)."""

    level: Array
    down_weeks: Counts
    """Weeks running in which the condition for a step down has held."""
    up_weeks: Counts
    """Weeks running in which the condition for a step up has held (ladder: since a step)."""
    earned: Counts
    """Kept promises since the last change (treaty) or offers since the last step (ladder)."""


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


def start_memory(level: float, worlds: int) -> Memory:
    """Return the memory of a tie that stands at a level in every world."""
    zero = np.zeros(worlds, dtype=np.int64)
    return Memory(np.full(worlds, level), zero, zero, zero)


def set_level(memory: Memory, level: float) -> Memory:
    """Return the memory after a level was set from outside: all counts start again."""
    return start_memory(level, len(memory.level))


def counted(weeks: Counts, condition: Flags) -> Counts:
    """Count weeks running: one more where the condition holds, else zero."""
    return np.where(condition, weeks + 1, 0)


def moved(memory: Memory, level: Array) -> Memory:
    """Return the memory at a new level; where it changed, all counts start again."""
    same = level == memory.level
    if same.all():
        return memory
    return Memory(
        level,
        np.where(same, memory.down_weeks, 0),
        np.where(same, memory.up_weeks, 0),
        np.where(same, memory.earned, 0),
    )
