"""A ladder of association: climbed rung by rung on offers and goodwill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import POLITICS, Array, Counts
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import (
    AlignmentOrNever,
    ShareOrNever,
    UnitInterval,
    Weeks,
    WeeksOrNever,
    threshold,
)

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
    needs: ClassVar[tuple[str, ...]] = ("OFFER",)

    kind: Literal["association-ladder"]
    levels: tuple[UnitInterval, ...]
    lower_below: AlignmentOrNever
    lower_weeks: WeeksOrNever
    raise_above: AlignmentOrNever
    offers: Annotated[int, Field(ge=1)]
    fatigue_below: ShareOrNever
    step_weeks: Weeks

    def next_week(self, memory: LadderMemory, s: Signals, p: Parameters) -> LadderMemory:
        """Climb a rung when offers, goodwill and time allow; slip one after long hostility."""
        A = s.regard[self.at, POLITICS]
        hostile = A < threshold(self.lower_below)
        memory = replace(
            memory,
            weeks_of_hostility=counted(memory.weeks_of_hostility, hostile),
            weeks_acting=memory.weeks_acting + int(s.acting),
            offers=memory.offers + s.offered[self.at],
        )
        if not s.acting:
            return memory
        climbs = (
            (memory.offers >= self.offers)
            & (s.fatigue[self.at] < threshold(self.fatigue_below))
            & (A > threshold(self.raise_above))
            & (memory.weeks_acting >= self.step_weeks)
            & ((p.two_keys < 0.5) | ~s.turned_from(self.at))
        )
        slips = memory.weeks_of_hostility >= threshold(self.lower_weeks)
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
