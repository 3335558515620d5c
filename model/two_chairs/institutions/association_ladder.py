"""A ladder of association: climbed rung by rung on offers and goodwill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import PATRONS, POLITICS, Array, Counts
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import Alignment, UnitInterval, Weeks

from .tie import Memory, Signals, Tie, counted, moved

LEVEL_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class LadderMemory(Memory):
    """What a ladder of association remembers, each of shape (worlds,)."""

    weeks_of_hostility: Counts
    weeks_acting: Counts
    """Weeks in which agents acted, since the last step."""
    offers: Counts
    """Since the last step."""


class AssociationLadder(Tie):
    """A ladder of association that is climbed by offers, a step at a time."""

    memory: ClassVar[type[Memory]] = LadderMemory

    kind: Literal["association-ladder"]
    levels: tuple[UnitInterval, ...]
    lower_below: Alignment
    lower_weeks: Weeks
    raise_above: Alignment
    offers: Annotated[int, Field(ge=1)]
    fatigue_below: UnitInterval
    step_weeks: Weeks

    def next_week(self, memory: LadderMemory, s: Signals, p: Parameters) -> LadderMemory:
        """Climb a rung when offers, goodwill and time allow; slip one after long hostility."""
        del p
        A = s.regard[PATRONS.index(self.seat), POLITICS]
        memory = replace(
            memory,
            weeks_of_hostility=counted(memory.weeks_of_hostility, A < self.lower_below),
            weeks_acting=memory.weeks_acting + int(s.acting),
            offers=memory.offers + s.offered,
        )
        if not s.acting:
            return memory
        climbs = (
            (memory.offers >= self.offers)
            & (s.fatigue < self.fatigue_below)
            & (A > self.raise_above)
            & (memory.weeks_acting >= self.step_weeks)
        )
        slips = memory.weeks_of_hostility >= self.lower_weeks
        level = np.where(slips, lower_rung(self.levels, memory.level), memory.level)
        return moved(memory, np.where(climbs, next_rung(self.levels, memory.level), level))


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
