"""A security treaty: frozen after long distrust, left only from the freeze."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from two_chairs.axes import PATRONS, PIVOT, SECURITY
from two_chairs.vocabulary import Alignment, UnitInterval, Weeks

from .memory import Memory, Signals, counted, moved
from .tie import Tie


def security_treaty(tie: SecurityTreaty, memory: Memory, s: Signals) -> Memory:
    """Freeze after long distrust; leave only from the freeze; restore after a kept promise."""
    A = s.regard[PATRONS.index(tie.seat), SECURITY]
    memory = replace(
        memory,
        down_weeks=counted(memory.down_weeks, A < tie.freeze_below),
        up_weeks=counted(memory.up_weeks, A > tie.restore_above),
        earned=memory.earned + s.kept_promise,
    )
    if not s.acting:
        return memory
    level = memory.level
    frozen = level == tie.frozen_level
    freezes = (level > tie.frozen_level) & (memory.down_weeks >= tie.freeze_weeks)
    leaves = (
        frozen
        & (A < tie.leave_below)
        & (s.protection_alone >= tie.leave_protection)
        & (s.posture == PIVOT)
    )
    restored = (level < 1.0) & (memory.up_weeks >= tie.restore_weeks) & (memory.earned > 0)
    lowered = np.where(freezes & (s.belief < tie.freeze_belief), tie.frozen_level, level)
    lowered = np.where(leaves, 0.0, lowered)
    return moved(memory, np.where(restored, 1.0, lowered))


class SecurityTreaty(Tie):
    """An alliance that is frozen before it is left and restored by a kept promise."""

    kind: Literal["security-treaty"]
    frozen_level: UnitInterval
    freeze_below: Alignment
    freeze_weeks: Weeks
    freeze_belief: UnitInterval
    leave_below: Alignment
    leave_protection: UnitInterval
    restore_above: Alignment
    restore_weeks: Weeks
