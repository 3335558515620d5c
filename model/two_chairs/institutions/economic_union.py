"""An economic union: suspended by the incumbent, left when an offer covers the loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Flags
from two_chairs.parameters import Parameters
from two_chairs.vocabulary import UnitInterval, Weeks

from .association_ladder import AssociationLadder, next_rung
from .memory import Memory, Signals, counted, moved
from .tie import Tie

if TYPE_CHECKING:
    from two_chairs.scenario.records import Case


def economic_union(
    tie: EconomicUnion, memory: Memory, s: Signals, case: Case, p: Parameters
) -> Memory:
    """Be suspended by the incumbent, leave when an offer covers the loss, return when calm."""
    calm = s.realised_loss < p.coercion_threshold - tie.restore_margin
    memory = replace(memory, up_weeks=counted(memory.up_weeks, calm))
    if not s.acting:
        return memory
    level = memory.level
    ladder = next((t for t in case.institutions if isinstance(t, AssociationLadder)), None)
    if ladder is not None:
        rung = s.levels[ladder.id]
        suspended = (
            (level > tie.suspended_level)
            & (s.coercions_running >= tie.suspend_after)
            & (rung >= tie.suspend_ladder)
        )
        leaves = (level > tie.left_level) & s.offered & covers_loss(tie, level, ladder, rung, s, p)
        level = np.where(suspended, tie.suspended_level, level)
        level = np.where(leaves, tie.left_level, level)
    returns = (level < 1.0) & (memory.up_weeks >= tie.restore_weeks)
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


class EconomicUnion(Tie):
    """A union that the incumbent can suspend and the pivot leaves when an offer covers the loss."""

    kind: Literal["economic-union"]
    suspended_level: UnitInterval
    left_level: UnitInterval
    suspend_after: Annotated[int, Field(ge=1)]
    suspend_ladder: UnitInterval
    restore_margin: UnitInterval
    restore_weeks: Weeks
