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


REFUSALS = ("refuse-to-sign", "reject-military-cooperation", "skip-summit")
"""Actions of the codebook by which a pivot refuses its part in an alliance, where mostly security
is meant; an announcement of one (refuse-to-meet) is none of its own."""


class SecurityTreaty(ReturningTie):
    """An alliance that is frozen before it is left and restored by a kept promise."""

    memory: ClassVar[type[Memory]] = TreatyMemory
    promises_defence: ClassVar[bool] = True

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
        below, weeks, belief = s.freeze_factors
        distrust = A < below * threshold(self.freeze_below)
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
        distrusted = memory.weeks_of_distrust >= weeks * threshold(self.freeze_weeks)
        doubted = s.belief[self.at] < belief * threshold(self.freeze_belief)
        freezes = (level > self.frozen_level) & distrusted & doubted
        trusted = memory.weeks_of_goodwill >= threshold(self.restore_weeks)
        restored = (level < self.home) & trusted & (memory.promises_kept > 0)
        leaves = self._leaves(level, s)
        lowered = np.where(leaves, 0.0, np.where(freezes, self.frozen_level, level))
        return moved(memory, np.where(restored, self.home, lowered))

    def refused(self, memory: TreatyMemory, share: Array) -> TreatyMemory:
        """Take a share from the level, never below that of a freeze; counts go on."""
        lowered = np.maximum(memory.level - share, self.frozen_level)
        level = np.where(memory.level > self.frozen_level, lowered, memory.level)
        return replace(memory, level=level)

    def _leaves(self, level: Array, s: Signals) -> Flags:
        """Say where the frozen treaty is left: hostile, protected by others, and turned away."""
        return (
            (level == self.frozen_level)
            & (s.regard[self.at, SECURITY] < threshold(self.leave_below))
            & (s.protection_without(self.at) >= threshold(self.leave_protection))
            & s.turned_from(self.at)
        )
