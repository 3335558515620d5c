"""A ladder of association: climbed rung by rung on offers and goodwill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import PATRONS, POLITICS, Array
from two_chairs.vocabulary import Alignment, UnitInterval, Weeks

from .memory import Memory, Signals, counted, moved
from .tie import Tie

LEVEL_TOLERANCE = 1e-9


def association_ladder(tie: AssociationLadder, memory: Memory, s: Signals) -> Memory:
    """Climb a rung when offers, goodwill and time allow; slip one after long hostility."""
    A = s.regard[PATRONS.index(tie.seat), POLITICS]
    memory = replace(
        memory,
        down_weeks=counted(memory.down_weeks, A < tie.lower_below),
        up_weeks=memory.up_weeks + int(s.acting),
        earned=memory.earned + s.offered,
    )
    if not s.acting:
        return memory
    climbs = (
        (memory.earned >= tie.offers)
        & (s.fatigue < tie.fatigue_below)
        & (A > tie.raise_above)
        & (memory.up_weeks >= tie.step_weeks)
    )
    slips = memory.down_weeks >= tie.lower_weeks
    level = np.where(slips, lower_rung(tie.levels, memory.level), memory.level)
    return moved(memory, np.where(climbs, next_rung(tie.levels, memory.level), level))


def next_rung(rungs: Sequence[float], level: Array) -> Array:
    """Return the lowest rung above a level, or the level itself at the top."""
    above = level
    for rung in sorted(rungs, reverse=True):
        above = np.where(rung > level + LEVEL_TOLERANCE, rung, above)
    return above


def lower_rung(rungs: Sequence[float], level: Array) -> Array:
    """Return the highest rung below a level, or the level itself at the bottom."""
    below = level
    for rung in sorted(rungs):
        below = np.where(rung < level - LEVEL_TOLERANCE, rung, below)
    return below


class AssociationLadder(Tie):
    """A ladder of association that is climbed by offers, a step at a time."""

    kind: Literal["association-ladder"]
    levels: tuple[UnitInterval, ...]
    lower_below: Alignment
    lower_weeks: Weeks
    raise_above: Alignment
    offers: Annotated[int, Field(ge=1)]
    fatigue_below: UnitInterval
    step_weeks: Weeks
