"""A security treaty: frozen after long distrust, left only from the freeze."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from two_chairs.axes import PATRONS, PIVOT, SECURITY, Counts
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import Alignment, UnitInterval, Weeks

from .tie import Memory, Signals, Tie, counted, moved


@dataclass(frozen=True, slots=True)
class TreatyMemory(Memory):
    """What a security treaty remembers, each of shape (worlds,)."""

    weeks_of_distrust: Counts
    weeks_of_goodwill: Counts
    promises_kept: Counts
    """Since the level last changed."""


class SecurityTreaty(Tie):
    """An alliance that is frozen before it is left and restored by a kept promise."""

    memory: ClassVar[type[Memory]] = TreatyMemory

    kind: Literal["security-treaty"]
    frozen_level: UnitInterval
    freeze_below: Alignment
    freeze_weeks: Weeks
    freeze_belief: UnitInterval
    leave_below: Alignment
    leave_protection: UnitInterval
    restore_above: Alignment
    restore_weeks: Weeks

    def next_week(self, memory: TreatyMemory, s: Signals, p: Parameters) -> TreatyMemory:
        """Freeze after long distrust; leave only from the freeze; restore after a kept promise."""
        del p
        A = s.regard[PATRONS.index(self.seat), SECURITY]
        memory = replace(
            memory,
            weeks_of_distrust=counted(memory.weeks_of_distrust, A < self.freeze_below),
            weeks_of_goodwill=counted(memory.weeks_of_goodwill, A > self.restore_above),
            promises_kept=memory.promises_kept + s.kept_promise,
        )
        if not s.acting:
            return memory
        level = memory.level
        frozen = level == self.frozen_level
        distrusted = memory.weeks_of_distrust >= self.freeze_weeks
        freezes = (level > self.frozen_level) & distrusted & (s.belief < self.freeze_belief)
        leaves = (
            frozen
            & (A < self.leave_below)
            & (s.protection_alone >= self.leave_protection)
            & (s.posture == PIVOT)
        )
        trusted = memory.weeks_of_goodwill >= self.restore_weeks
        restored = (level < 1.0) & trusted & (memory.promises_kept > 0)
        lowered = np.where(leaves, 0.0, np.where(freezes, self.frozen_level, level))
        return moved(memory, np.where(restored, 1.0, lowered))
