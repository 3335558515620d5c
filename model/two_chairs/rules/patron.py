"""A patron's rule: it chooses among the acts of its repertoire, bound by what binds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from two_chairs.axes import SILENT_ACTS, Array, Codes, Counts, Flags
from two_chairs.parameters import Parameters

from .actor import Behaviour, Decision, Draw, Part, Scene, Tables, act_by_choice, chosen, remembered
from .acts import DEEDS, PatronView, table_of, utilities
from .attitudes import Act, weighted_sum
from .choice import HALVING_OF_REPEATS
from .position import loss_of
from .threat import THREAT_DEEDS, Threat, ThreatView

NO_COERCION = 1e-9
"""Coercion below this is none: sums of steps end a rounding error away from zero."""


def felt_loss(realised_loss: Array, fast: Array, p: Parameters) -> Array:
    """Return the loss as a patron feels it: acts of late count beside the level of tilt.

    Parameters
    ----------
    realised_loss
        The loss of the pivot's present tilt, in [0, 1].
    fast
        The fast deviation F of the patron's alignment toward the pivot, (domains, worlds).
    p
        Parameters of the run; ``grievance_gain`` of zero leaves the realised loss.
    """
    grievance = np.maximum(0.0, -weighted_sum(p.domain_weights, fast))
    return realised_loss + p.grievance_gain * grievance


def coercion_after(
    coercion: Array, coerced: Flags, rewarded: Flags, realised_loss: Array, p: Parameters
) -> Array:
    """Return the coercion in force after a patron's act, in [0, c_max].

    Coercing raises it; rewarding and all other acts lower it, and a loss below the threshold
    lowers it further.
    """
    lowered = np.where(rewarded, -p.coercion_rewarded, -p.coercion_neglected)
    change = np.where(coerced, p.coercion_step, lowered)
    eased = np.where(realised_loss < p.coercion_threshold, p.coercion_eased, 0.0)
    left = coercion + change - eased
    ended = left < NO_COERCION
    return np.where(ended, 0.0, np.minimum(left, p.coercion_ceiling))


@dataclass(frozen=True, slots=True)
class PatronMemory:
    """What a patron remembers from quarter to quarter, each of shape (worlds,)."""

    quarters_of_loss: Counts
    """Quarters running in which the loss has been above the threshold of coercion."""
    warnings: Counts
    """Warnings that are remembered."""
    coercions: Counts
    """Coercions so far in this spell."""


@dataclass(frozen=True, slots=True)
class PatronDecision(Decision):
    """What a patron has decided, and on what grounds."""

    view: PatronView
    warning_weight: Array
    """Weight that a warning has after those remembered, in (0, 1]."""
    attacks: Flags
    """Whether it attacks, shape (worlds,)."""
    defended: Flags
    """Whether an attack would be answered, shape (worlds,)."""

    def did(self, act: str, options: tuple[str, ...]) -> Flags:
        """Say where an act was chosen, shape (worlds,); nowhere if it is not in the repertoire."""
        if act not in options:
            return np.zeros(self.choice.shape, dtype=bool)
        return self.choice == options.index(act)


View = tuple[PatronView, ThreatView | None]


class Patron(Behaviour[View, PatronDecision]):
    """A pole: chooses the act of its repertoire that is worth most.

    Where its repertoire holds an attack, that comes by chance, and in its quarter stands for all
    else that it would have done.
    """

    seat: ClassVar[int]

    def __init__(self, part: Part, tables: Tables) -> None:
        super().__init__(part, tables)
        self.table = table_of(self.options, tables)
        self.threat = Threat(part, tables, self.seat) if "ATTACK" in self.options else None
        self.deeds = {act: DEEDS[act] for act in self.options if act in DEEDS}
        self.deeds |= THREAT_DEEDS if self.threat else {}

    def start(self, worlds: int) -> PatronMemory:
        """Return an empty memory."""
        zero = np.zeros(worlds, dtype=np.int64)
        return PatronMemory(zero, zero, zero)

    def memory(self, now: Scene) -> PatronMemory:
        """Return what it remembers."""
        found: PatronMemory = now.state.memories[self.key]
        return found

    def sense(self, now: Scene) -> View:
        """Measure the loss of the pivot and its regard, and weigh an attack if it can."""
        state, p, memory = now.state, now.p.of(self.seat), self.memory(now)
        realised_loss = loss_of(state.position.tilt, p, self.seat)
        lost = realised_loss > p.coercion_threshold
        regards = [
            weighted_sum(p.domain_weights, state.regard(now.roles.pivot, patron))
            for patron in now.roles.patrons
        ]
        view = PatronView(
            realised_loss,
            felt_loss(realised_loss, state.fast[self.index, now.roles.pivot], p),
            regards[self.seat],
            regards[1 - self.seat],
            now.attention[self.seat],
            state.fatigue[self.seat],
            p.economic_dependence[self.seat],
            np.where(lost, memory.quarters_of_loss + 1, 0),
            memory.warnings,
            memory.coercions,
        )
        return view, self.threat.weigh(now, realised_loss) if self.threat else None

    def decide(self, view: View, now: Scene, draw: Draw) -> PatronDecision:
        """Choose the act of the highest utility; where it attacks by chance, that is its act.

        A warning is remembered, and fades from memory a step a quarter: a repeated one weighs less.
        """
        own, danger = view
        choice = chosen(utilities(self.options, own, now.p.of(self.seat)), now.p, draw)
        warning_weight = np.power(HALVING_OF_REPEATS, own.warnings)
        never = np.zeros(now.state.worlds, dtype=bool)
        if self.threat is None or danger is None:
            return PatronDecision(choice, own, warning_weight, never, never)
        attacks, defended = self.threat.cast(danger, draw)
        code = self.options.index("ATTACK")
        choice = np.where(attacks, code, choice).astype(np.int8)
        return PatronDecision(choice, own, warning_weight, attacks, defended)

    def act(self, made: PatronDecision, now: Scene) -> list[Act]:
        """Act toward the pivot; a warning repeated counts for less."""
        silent = self._silent(made.choice)
        habit = np.where(made.did("WARN", self.options), made.warning_weight, 1.0)
        weight = np.where(silent, 0.0, habit)
        acts = [act_by_choice(self, self.table, made.choice, weight, now, habit)]
        if self.threat is not None:
            acts += self.threat.acts(made.attacks, made.defended, now)
        return acts

    def _silent(self, choice: Codes) -> Flags:
        """Say where the choice is no act toward the pivot's attitude by itself."""
        silent = np.zeros(choice.shape, dtype=bool)
        for code, act in enumerate(self.options):
            if act in SILENT_ACTS:
                silent = silent | (choice == code)
        return silent

    def commit(self, made: PatronDecision, now: Scene) -> None:
        """Remember loss and warnings; once it acts, let its means and the pivot's world change."""
        before = self.memory(now)
        warnings = remembered(before.warnings, made.did("WARN", self.options))
        coercions = before.coercions
        if self.threat is not None:
            self.threat.strike(made.attacks, made.defended, now)
        if now.acting and "COERCE" in self.options:
            coercions = self._press(made, now, coercions)
        if now.acting and "OFFER" in self.options:
            self._tire(made.did("OFFER", self.options), now)
        memory = PatronMemory(made.view.quarters_of_loss, warnings, coercions)
        now.state.memories[self.key] = memory

    def _press(self, made: PatronDecision, now: Scene, coercions: Counts) -> Counts:
        """Move the coercion in force; return the coercions so far in this spell."""
        state, seat, coerced = now.state, self.seat, made.did("COERCE", self.options)
        rewarded, seen = made.did("REWARD", self.options), made.view.realised_loss
        p = now.p.of(seat)
        in_force = coercion_after(state.coercion[seat], coerced, rewarded, seen, p)
        state.coercion[seat] = in_force
        state.coercions_running[seat] = np.where(coerced, state.coercions_running[seat] + 1, 0)
        return np.where(in_force > 0.0, coercions + coerced, 0)

    def _tire(self, offered: Flags, now: Scene) -> None:
        """Let an offer be known to the ties, and tire the public at home where that binds."""
        state, seat = now.state, self.seat
        state.offered[seat] = offered
        if "fatigue" in self.part.bound_by:
            tired = state.fatigue[seat] + np.where(offered, now.p.of(seat).fatigue_step, 0.0)
            state.fatigue[seat] = np.minimum(1.0, tired)
