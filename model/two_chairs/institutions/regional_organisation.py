"""A regional organisation: left only after another tie is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from two_chairs.axes import PATRONS, PIVOT, POLITICS
from two_chairs.vocabulary import Alignment, Text, Weeks

from .memory import Memory, Signals, counted, moved
from .tie import Tie


def regional_organisation(tie: RegionalOrganisation, memory: Memory, s: Signals) -> Memory:
    """Leave only after the tie named in ``after`` is gone, and after long hostility."""
    A = s.regard[PATRONS.index(tie.seat), POLITICS]
    memory = replace(
        memory,
        down_weeks=counted(memory.down_weeks, A < tie.leave_below),
        up_weeks=counted(memory.up_weeks, A > tie.restore_above),
    )
    if not s.acting:
        return memory
    gone = s.levels[tie.after] == 0.0
    leaves = gone & (memory.down_weeks >= tie.leave_weeks) & (s.posture == PIVOT)
    returns = (memory.level < 1.0) & (memory.up_weeks >= tie.restore_weeks)
    return moved(memory, np.where(returns, 1.0, np.where(leaves, 0.0, memory.level)))


class RegionalOrganisation(Tie):
    """A loose organisation that is left last of all."""

    kind: Literal["regional-organisation"]
    after: Text
    leave_below: Alignment
    leave_weeks: Weeks
    restore_above: Alignment
    restore_weeks: Weeks
