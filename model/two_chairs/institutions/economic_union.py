"""An economic union: suspended by its patron, left when the other's offer covers the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import ShareOrNever, UnitInterval, WeeksOrNever, threshold

from .association_ladder import AssociationLadder, next_rung
from .tie import Memory, ReturningTie, Signals, counted, moved


@dataclass(frozen=True, slots=True)
class UnionMemory(Memory):
    """What an economic union remembers, each of shape (worlds,)."""

    weeks_of_calm: Counts


class EconomicUnion(ReturningTie):
    """A union that its patron can suspend and the pivot leaves when an offer covers the loss."""

    memory: ClassVar[type[Memory]] = UnionMemory
    needs: ClassVar[tuple[str, ...]] = ("COERCE",)

    kind: Literal["economic-union"]
    suspended_level: UnitInterval
    left_level: UnitInterval
    suspend_after: WeeksOrNever
    suspend_ladder: ShareOrNever
    restore_margin: UnitInterval
    restore_weeks: WeeksOrNever

    def next_week(self, memory: UnionMemory, s: Signals, p: Parameters) -> UnionMemory:
        """Be suspended by its patron, leave when an offer covers the loss, return when calm."""
        calm = s.loss(self.at) < p.of(self.at).coercion_threshold - self.restore_margin
        memory = replace(memory, weeks_of_calm=counted(memory.weeks_of_calm, s.acting & calm))
        if not s.acting:
            return memory
        level = self._lowered(memory.level, s, p)
        rested = memory.weeks_of_calm >= threshold(self.restore_weeks)
        return moved(memory, np.where((level < self.home) & rested, self.home, level))

    def _lowered(self, level: Array, s: Signals, p: Parameters) -> Array:
        """Return the level after suspension and leaving, by the first ladder of another seat."""
        ladders = [tie for tie in s.ties if isinstance(tie, AssociationLadder)]
        ladder = next((tie for tie in ladders if tie.seat != self.seat), None)
        if ladder is None:
            return level
        rung = s.levels[ladder.id]
        suspended = (
            (level > self.suspended_level)
            & (s.coercions_running[self.at] >= threshold(self.suspend_after))
            & (rung >= threshold(self.suspend_ladder))
        )
        covered = covers_loss(self, level, ladder, rung, s, p)
        leaves = (level > self.left_level) & s.offered[ladder.at] & covered
        level = np.where(suspended, self.suspended_level, level)
        return np.where(leaves, self.left_level, level)


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
        worth_of_seat(tie.at, p)
        * s.economic_caps[tie.at]
        * tie.weights.economy
        * (level - tie.left_level)
        * (1.0 - s.coercion[tie.at])
    )
    gained = (
        worth_of_seat(ladder.at, p)
        * s.economic_caps[ladder.at]
        * ladder.weights.economy
        * (next_rung(ladder.levels, rung) - rung)
        * (1.0 - s.coercion[ladder.at])
    )
    return gained >= lost


def worth_of_seat(seat: int, p: Parameters) -> Array:
    """Return what a whole economic seat counts in the welfare payoff, shape (1 or worlds,)."""
    return p.welfare_weights[seat] * p.economic_dependence[seat]
