"""A security treaty: frozen after long distrust, left only from the freeze."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from two_chairs.axes import SECURITY, Array, Counts, Flags
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import (
    AlignmentOrNever,
    ShareOrNever,
    UnitInterval,
    WeeksOrNever,
    threshold,
)

from .tie import Memory, ReturningTie, Signals, counted, moved


@dataclass(frozen=True, slots=True)
class TreatyMemory(Memory):
    """What a security treaty remembers, each of shape (worlds,)."""

    weeks_of_distrust: Counts
    weeks_of_goodwill: Counts
    promises_kept: Counts
    """Since the level last changed."""


class SecurityTreaty(ReturningTie):
    """An alliance that is frozen before it is left and restored by a kept promise."""

    memory: ClassVar[type[Memory]] = TreatyMemory

    kind: Literal["security-treaty"]
    frozen_level: UnitInterval
    freeze_below: AlignmentOrNever
    freeze_weeks: WeeksOrNever
    freeze_belief: ShareOrNever
    leave_below: AlignmentOrNever
    leave_protection: ShareOrNever
    restore_above: AlignmentOrNever
    restore_weeks: WeeksOrNever

    def next_week(self, memory: TreatyMemory, s: Signals, p: Parameters) -> TreatyMemory:
        """Freeze after long distrust; leave only from the freeze; restore after a kept promise."""
        del p
        A = s.regard[self.at, SECURITY]
        distrust = A < threshold(self.freeze_below)
        good = s.acting & (A > threshold(self.restore_above))
        memory = replace(
            memory,
            weeks_of_distrust=counted(memory.weeks_of_distrust, distrust),
            weeks_of_goodwill=counted(memory.weeks_of_goodwill, good),
            promises_kept=memory.promises_kept + s.kept_promise[self.at],
        )
        if not s.acting:
            return memory
        level = memory.level
        distrusted = memory.weeks_of_distrust >= threshold(self.freeze_weeks)
        doubted = s.belief[self.at] < threshold(self.freeze_belief)
        freezes = (level > self.frozen_level) & distrusted & doubted
        trusted = memory.weeks_of_goodwill >= threshold(self.restore_weeks)
        restored = (level < self.home) & trusted & (memory.promises_kept > 0)
        leaves = self._leaves(level, s)
        lowered = np.where(leaves, 0.0, np.where(freezes, self.frozen_level, level))
        return moved(memory, np.where(restored, self.home, lowered))

    def _leaves(self, level: Array, s: Signals) -> Flags:
        """Say where the frozen treaty is left: hostile, protected by others, and turned away."""
        return (
            (level == self.frozen_level)
            & (s.regard[self.at, SECURITY] < threshold(self.leave_below))
            & (s.protection_without(self.at) >= threshold(self.leave_protection))
            & s.turned_from(self.at)
        )
