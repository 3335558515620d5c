"""Institutional ties: thresholds with hysteresis, a rule for each kind of tie.

Every tie remembers, in each world, its level and for how many weeks the conditions of a change
have held. Entry thresholds lie above exit thresholds, freezing comes before leaving, and levels
move only while agents act; before that they follow recorded history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .actors import (
    PATRONS,
    PIVOT,
    POLITICS,
    SECURITY,
    Array,
    Codes,
    Counts,
    Flags,
)
from .parameters import Parameters
from .scenario import (
    AnyTie,
    AssociationLadder,
    Case,
    EconomicUnion,
    Intervention,
    RegionalOrganisation,
    Scenario,
    SecurityTreaty,
    TreatyMembership,
)

LEVEL_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Memory:
    """What one tie remembers, each of shape (worlds,)."""

    level: Array
    down_weeks: Counts
    """Weeks running in which the condition for a step down has held."""
    up_weeks: Counts
    """Weeks running in which the condition for a step up has held (ladder: since a step)."""
    earned: Counts
    """Kept promises since the last change (treaty) or offers since the last step (ladder)."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the ties respond to in a week; arrays of shape (worlds,) unless said otherwise."""

    acting: bool
    """Whether agents act, so that levels may move."""
    regard: Array
    """The pivot's alignment toward the patrons, (patrons, domains, worlds)."""
    belief: Array
    """ρ of the incumbent."""
    posture: Codes
    protection_alone: Array
    """P without the incumbent."""
    realised_loss: Array
    rival_cap: Array
    """Most of the rival's economic seat that can be had."""
    coercion: Array
    coercions_running: Counts
    """Quarters running in which the incumbent chose to coerce."""
    fatigue: Array
    kept_promise: Flags
    """Whether the guarantor defended the pivot this week."""
    offered: Flags
    """Whether the rival made an offer this week."""
    levels: dict[str, Array] = field(default_factory=dict)
    """Levels of all ties at the start of the week."""


def start_memory(level: float, worlds: int) -> Memory:
    """Return the memory of a tie that stands at a level in every world."""
    zero = np.zeros(worlds, dtype=np.int64)
    return Memory(np.full(worlds, level), zero, zero, zero)


def set_level(memory: Memory, level: float) -> Memory:
    """Return the memory after a level was set from outside: all counts start again."""
    return start_memory(level, len(memory.level))


def membership(case: Case, levels: dict[str, Array], worlds: int) -> Array:
    """Return I, the institutions' part of both seats, shape (patrons, domains, worlds), in [0, 1].

    Each seat is its base and the sum of its ties' levels times their weights, at most one.
    """
    parts = np.empty((2, 3, worlds))
    for seat, patron in enumerate(PATRONS):
        for domain, base in enumerate(case.seats[patron].base.values()):
            total = np.full(worlds, base)
            for tie in case.institutions:
                weight = tie.weights.values()[domain]
                if tie.seat == patron and weight != 0.0:
                    total = total + weight * levels[tie.id]
            parts[seat, domain] = np.minimum(1.0, total)
    return parts


def next_week(tie: AnyTie, memory: Memory, s: Signals, case: Case, p: Parameters) -> Memory:
    """Return the memory of a tie after a week."""
    match tie:
        case SecurityTreaty():
            return security_treaty(tie, memory, s)
        case EconomicUnion():
            return economic_union(tie, memory, s, case, p)
        case RegionalOrganisation():
            return regional_organisation(tie, memory, s)
        case AssociationLadder():
            return association_ladder(tie, memory, s)
        case _:
            return memory


def counted(weeks: Counts, condition: Flags) -> Counts:
    """Count weeks running: one more where the condition holds, else zero."""
    return np.where(condition, weeks + 1, 0)


def moved(memory: Memory, level: Array) -> Memory:
    """Return the memory at a new level; where it changed, all counts start again."""
    same = level == memory.level
    if same.all():
        return memory
    return Memory(
        level,
        np.where(same, memory.down_weeks, 0),
        np.where(same, memory.up_weeks, 0),
        np.where(same, memory.earned, 0),
    )


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


def notice_weeks(scenario: Scenario, change: Intervention) -> int:
    """Return the weeks between announcing a change of level and its effect.

    A treaty of the kind ``treaty-membership`` is left only after notice; all else is at once.
    """
    tie = next((t for t in scenario.case.institutions if t.id == change.institution), None)
    if not isinstance(tie, TreatyMembership) or change.level is None:
        return 0
    earlier = [
        other
        for other in scenario.interventions
        if other.institution == tie.id and other.date < change.date
    ]
    before = max(earlier, key=lambda other: other.date).level if earlier else None
    standing = scenario.institutions[tie.id] if before is None else before
    return tie.notice_weeks if change.level < standing else 0
