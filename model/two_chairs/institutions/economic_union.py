"""An economic union: suspended by the incumbent, left when an offer covers the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Counts, Flags
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import UnitInterval, Weeks

from .association_ladder import AssociationLadder, next_rung
from .tie import Memory, Signals, Tie, counted, moved


@dataclass(frozen=True, slots=True)
class UnionMemory(Memory):
    """What an economic union remembers, each of shape (worlds,)."""

    weeks_of_calm: Counts


class EconomicUnion(Tie):
    """A union that the incumbent can suspend and the pivot leaves when an offer covers the loss."""

    memory: ClassVar[type[Memory]] = UnionMemory

    kind: Literal["economic-union"]
    suspended_level: UnitInterval
    left_level: UnitInterval
    suspend_after: Annotated[int, Field(ge=1)]
    suspend_ladder: UnitInterval
    restore_margin: UnitInterval
    restore_weeks: Weeks

    def next_week(self, memory: UnionMemory, s: Signals, p: Parameters) -> UnionMemory:
        """Be suspended by the incumbent, leave when an offer covers the loss, return when calm."""
        calm = s.realised_loss < p.coercion_threshold - self.restore_margin
        memory = replace(memory, weeks_of_calm=counted(memory.weeks_of_calm, calm))
        if not s.acting:
            return memory
        level = memory.level
        ladder = next((tie for tie in s.ties if isinstance(tie, AssociationLadder)), None)
        if ladder is not None:
            rung = s.levels[ladder.id]
            suspended = (
                (level > self.suspended_level)
                & (s.coercions_running >= self.suspend_after)
                & (rung >= self.suspend_ladder)
            )
            covered = covers_loss(self, level, ladder, rung, s, p)
            leaves = (level > self.left_level) & s.offered & covered
            level = np.where(suspended, self.suspended_level, level)
            level = np.where(leaves, self.left_level, level)
        returns = (level < 1.0) & (memory.weeks_of_calm >= self.restore_weeks)
        return moved(memory, np.where(returns, 1.0, level))


def covers_loss(
    tie: EconomicUnion,
    level: Array,
    ladder: AssociationLadder,
    rung: Array,
    s: Signals,
    p: Parameters,
) -> Flags:
    """Say where one step up the ladder is worth at least what leaving the union costs.

    Both are counted in the welfare payoff: what is left of the union under the coercion in force
    against the next rung's economic weight.
    """
    lost = (
        p.incumbent_economic_dependence
        * tie.weights.economy
        * (level - tie.left_level)
        * (1.0 - s.coercion)
    )
    gained = (
        p.welfare_rival_weight
        * p.rival_economic_dependence
        * s.rival_cap
        * ladder.weights.economy
        * (next_rung(ladder.levels, rung) - rung)
    )
    return gained >= lost
