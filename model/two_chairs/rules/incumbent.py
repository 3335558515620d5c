"""The incumbent patron's rule: neglect, warn, reward or coerce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import (
    COERCE,
    INCUMBENT,
    INCUMBENT_ACTS,
    NEGLECT,
    WARN,
    Array,
    Codes,
    Counts,
    Flags,
    constant,
)
from two_chairs.parameters import Parameters

from .actor import (
    ActTable,
    Behaviour,
    Decision,
    Draw,
    Scene,
    Tables,
    act_by_choice,
    chosen,
    remembered,
)
from .attitudes import Act, weighted_sum
from .choice import HALVING_OF_REPEATS, worthwhile
from .position import loss

NO_COERCION = 1e-9
"""Coercion below this is none: sums of steps end a rounding error away from zero."""


def incumbent_utilities(
    felt: Array,
    loyalty: Array,
    attention: Array,
    may_warn: Flags,
    may_coerce: Flags,
    coercions: Array,
    p: Parameters,
) -> Array:
    """Return the utility of NEGLECT, WARN, REWARD and COERCE, shape (acts, worlds).

    What is worth no more than neglect, or not allowed, is not open: its utility is −∞.

    Parameters
    ----------
    felt
        The loss as it is felt (`felt_loss`), not below zero.
    loyalty
        A⁺, the pivot's mean alignment toward the incumbent, not below zero.
    attention
        att, in [0, 1].
    may_warn
        Whether there is still something new in a warning.
    may_coerce
        Whether the loss has been above the threshold for two quarters running.
    coercions
        n, coercions so far in this spell.
    p
        Parameters of the run.
    """
    neglect = np.zeros_like(felt)
    warn = p.warning_gain * np.maximum(0.0, felt - p.warning_threshold)
    swayed = 2.0 * np.minimum(felt, 0.5) * (loyalty + p.reward_floor)
    reward = attention * p.reward_gain * swayed - p.reward_cost
    excess = np.maximum(0.0, felt - p.coercion_threshold)
    grip = (p.leverage_floor + p.incumbent_economic_dependence) * (
        p.coercion_inattentive + p.coercion_attentive * attention
    )
    coerce = p.coercion_gain * excess * grip * (1.0 + p.resolve) - p.coercion_cost * (
        1.0 + coercions
    )
    acts = [worthwhile(warn, may_warn), worthwhile(reward), worthwhile(coerce, may_coerce)]
    return np.stack([neglect, *acts])


def felt_loss(realised_loss: Array, fast: Array, p: Parameters) -> Array:
    """Return the loss as the incumbent feels it: acts of late count beside the level of tilt.

    Parameters
    ----------
    realised_loss
        The loss of the pivot's present tilt, in [0, 1].
    fast
        The fast deviation F of the incumbent's alignment toward the pivot, (domains, worlds).
    p
        Parameters of the run; ``grievance_gain`` of zero leaves the realised loss.
    """
    grievance = np.maximum(0.0, -weighted_sum(p.domain_weights, fast))
    return realised_loss + p.grievance_gain * grievance


def coercion_after(coercion: Array, act: Codes, realised_loss: Array, p: Parameters) -> Array:
    """Return the coercion in force after the incumbent's act, in [0, c_max].

    Coercing raises it; neglecting, warning and rewarding lower it, and a loss below the
    threshold lowers it further.
    """
    steps = np.stack(
        np.broadcast_arrays(
            -p.coercion_neglected, -p.coercion_neglected, -p.coercion_rewarded, p.coercion_step
        )
    )
    change = np.choose(act, list(steps))
    eased = np.where(realised_loss < p.coercion_threshold, p.coercion_eased, 0.0)
    left = coercion + change - eased
    ended = left < NO_COERCION
    return np.where(ended, 0.0, np.minimum(left, p.coercion_ceiling))


INCUMBENT_SCORES: Array = constant([0.0, -4.4, 6.4, -8.0])
"""Scores of NEGLECT, WARN (CAMEO 130), REWARD (061), COERCE (163); literature: CAMEO scale."""
INCUMBENT_DOMAINS: Array = constant(
    [[0.3, 0.3, 0.4], [0.3, 0.3, 0.4], [0.3, 0.5, 0.2], [0.0, 0.7, 0.3]]
)
"""Domain weights of the incumbent's acts: (acts, domains), rows sum to 1; assumption, ± .15."""
INCUMBENT_MATERIAL = constant([False, False, True, True])
"""Which of the incumbent's acts are material: by the CAMEO root of each."""
WARNINGS_REMEMBERED = 2
"""Warnings in memory after which a further one is not open; memory fades by one a silent quarter.
Assumption, 1 to 3: see docs/decisions (without it warnings came in three quarters of four)."""
INCUMBENT_TABLE = ActTable(INCUMBENT_SCORES, INCUMBENT_DOMAINS, INCUMBENT_MATERIAL)


@dataclass(frozen=True, slots=True)
class IncumbentMemory:
    """What the incumbent remembers from quarter to quarter, each of shape (worlds,)."""

    quarters_of_loss: Counts
    """Quarters running in which the loss has been above the threshold of coercion."""
    warnings: Counts
    """Warnings that are remembered."""
    coercions: Counts
    """Coercions so far in this spell."""


@dataclass(frozen=True, slots=True)
class IncumbentView:
    """What the incumbent knows when it decides, each of shape (worlds,)."""

    realised_loss: Array
    felt: Array
    """The loss as it is felt: what utilities weigh; thresholds of time go by the realised one."""
    loyalty: Array
    attention: Array
    quarters_of_loss: Counts


@dataclass(frozen=True, slots=True)
class IncumbentDecision(Decision):
    """What the incumbent has decided, and on what grounds."""

    view: IncumbentView
    warning_weight: Array
    """Weight that a warning has after those remembered, in (0, 1]."""


class IncumbentPatron(Behaviour[IncumbentView, IncumbentDecision]):
    """The patron of old: neglects, warns, rewards or coerces by its realised loss."""

    options = INCUMBENT_ACTS
    deeds = {"WARN": "{actor} warns", "REWARD": "{actor} rewards", "COERCE": "{actor} coerces"}

    def __init__(self, key: str, index: int, tables: Tables) -> None:
        super().__init__(key, index, tables)
        self.table = tables.act_table(self.options, INCUMBENT_TABLE)

    def start(self, worlds: int) -> IncumbentMemory:
        """Return an empty memory."""
        zero = np.zeros(worlds, dtype=np.int64)
        return IncumbentMemory(zero, zero, zero)

    def memory(self, now: Scene) -> IncumbentMemory:
        """Return what it remembers."""
        found: IncumbentMemory = now.state.memories[self.key]
        return found

    def sense(self, now: Scene) -> IncumbentView:
        """Measure the loss of the client and its loyalty."""
        state, p = now.state, now.p
        realised_loss = loss(state.position.tilt, p)
        lost = realised_loss > p.coercion_threshold
        regard = state.regard(now.roles.pivot, self.index)
        return IncumbentView(
            realised_loss,
            felt_loss(realised_loss, state.fast[self.index, now.roles.pivot], p),
            np.maximum(0.0, weighted_sum(p.domain_weights, regard)),
            now.attention[INCUMBENT],
            np.where(lost, self.memory(now).quarters_of_loss + 1, 0),
        )

    def decide(self, view: IncumbentView, now: Scene, draw: Draw) -> IncumbentDecision:
        """Choose the act of the highest utility; coercion needs two quarters of loss.

        A warning is remembered, and fades from memory a step a quarter: a repeated one weighs
        less, and after `WARNINGS_REMEMBERED` of them there is nothing new to say for a while.
        """
        memory = self.memory(now)
        utilities = incumbent_utilities(
            view.felt,
            view.loyalty,
            view.attention,
            memory.warnings < WARNINGS_REMEMBERED,
            view.quarters_of_loss >= 2,
            memory.coercions.astype(float),
            now.p,
        )
        warning_weight = np.power(HALVING_OF_REPEATS, memory.warnings)
        return IncumbentDecision(chosen(utilities, now.p, draw), view, warning_weight)

    def act(self, made: IncumbentDecision, now: Scene) -> list[Act]:
        """Warn, reward or coerce; a warning repeated counts for less."""
        habit = np.where(made.choice == WARN, made.warning_weight, 1.0)
        weight = np.where(made.choice == NEGLECT, 0.0, habit)
        return [act_by_choice(self, self.table, made.choice, weight, now, habit)]

    def commit(self, made: IncumbentDecision, now: Scene) -> None:
        """Remember loss and warnings; once it acts, move the coercion in force and its counts."""
        state, before = now.state, self.memory(now)
        warnings = remembered(before.warnings, made.choice == WARN)
        coercions = before.coercions
        if now.acting:
            coerced = made.choice == COERCE
            loss_seen = made.view.realised_loss
            state.coercion = coercion_after(state.coercion, made.choice, loss_seen, now.p)
            state.coercions_running = np.where(coerced, state.coercions_running + 1, 0)
            coercions = np.where(state.coercion > 0.0, coercions + coerced, 0)
        memory = IncumbentMemory(made.view.quarters_of_loss, warnings, coercions)
        state.memories[self.key] = memory


BEHAVIOUR = IncumbentPatron
