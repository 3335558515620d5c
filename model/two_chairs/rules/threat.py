"""What it is to threaten the pivot: how likely an attack is, and what follows from it.

It serves an adversary and a patron alike. The guarantor is the incumbent, or the other patron where
a patron attacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import INCUMBENT, RIVAL, SECURITY, Array, Flags
from two_chairs.parameters import Parameters

from .actor import Draw, Part, Scene, Tables
from .acts import table_of
from .alliance import alliance_test, defence_probability, domains_of_test, suffer_attack
from .attitudes import Act
from .protection import protection_from

THREAT_DEEDS: Mapping[str, str] = {
    "attack": "{actor} attacks",
    "attack:test": "{guarantor}'s answers to attacks",
}


def attack_probability(
    protected: Array,
    stake: Array,
    peace: Array,
    engagement: Array,
    rival_seat: Array,
    attention: Array,
    p: Parameters,
) -> Array:
    """Return the chance of an attack in a quarter, in [0, 1]; zero with nothing at stake.

    The stake multiplies the chance: war aims that are met leave little to fight for. Without
    ``stake_multiplies`` it only adds to the logit. Both say the same of a stake of one.

    Parameters
    ----------
    protected
        P of the seats the pivot holds, in [0, 1].
    stake, peace
        The attacker's unmet objective and the progress of peace, in [0, 1].
    engagement, rival_seat
        Attention and security seat of the patron whose presence deters, in [0, 1].
    attention
        The guarantor's attention, in [0, 1].
    p
        Parameters of the run.
    """
    multiplies = p.stake_multiplies > 0.5
    logit = (
        p.hazard_base
        + p.hazard_exposure * (1.0 - protected)
        + p.hazard_stake * np.where(multiplies, 1.0, stake)
        + p.hazard_peace * peace
        + p.hazard_rival * (engagement * rival_seat)
        + p.hazard_inattention * (1.0 - attention)
    )
    rate = p.attack_rate * np.where(multiplies, stake, 1.0)
    return np.where(stake > 0.0, rate / (1.0 + np.exp(-logit)), 0.0)


@dataclass(frozen=True, slots=True)
class ThreatView:
    """What an attacker weighs, each of shape (worlds,), in [0, 1]."""

    hazard: Array
    """Chance of an attack."""
    rescue: Array
    """Chance that the guarantor answers it."""


class Threat:
    """An actor as a threat to the pivot.

    Parameters
    ----------
    part, tables
        Those of its behaviour.
    seat
        The patron's seat, if it is one: it does not protect from itself, has at stake what it
        loses, and attacks the less the more it is busy elsewhere.
    """

    def __init__(self, part: Part, tables: Tables, seat: int | None = None) -> None:
        self.part, self.seat = part, seat
        self.guarantor = RIVAL if seat == INCUMBENT else INCUMBENT
        self.deterrent = RIVAL if seat is None else self.guarantor
        self.table = table_of(("ATTACK",), tables)
        self.domains_of_test = domains_of_test(tables)

    def weigh(self, now: Scene, lost: Array | float = 1.0) -> ThreatView:
        """Weigh protection, what is at stake, peace, presence and attention."""
        state, guarantor = now.state, self.guarantor
        hazard = attack_probability(
            protection_from(state.self_help, now.shields, self.seat),
            state.conditions["stake"] * lost,
            state.conditions["peace"],
            now.attention[self.deterrent],
            state.position.seats[self.deterrent, SECURITY],
            now.attention[guarantor],
            self._own(now.p),
        )
        if self.seat is not None:
            hazard = hazard * now.attention[self.seat]
        goodwill = state.regard(now.roles.patrons[guarantor], now.roles.pivot)[SECURITY]
        belief, attention = state.belief()[guarantor], now.attention[guarantor]
        return ThreatView(hazard, defence_probability(belief, attention, goodwill))

    def _own(self, p: Parameters) -> Parameters:
        """Return the parameters as they hold for it: those of a patron may be its own."""
        return p if self.seat is None else p.of(self.seat)

    def cast(self, view: ThreatView, draw: Draw) -> tuple[Flags, Flags]:
        """Return where it attacks and where that would be answered; never without luck."""
        drawn = draw(2, self.part.threat_stream)
        if drawn is None:
            never = np.zeros(view.hazard.shape, dtype=bool)
            return never, never
        return drawn[0] < view.hazard, drawn[1] < view.rescue

    def acts(self, attacks: Flags, defended: Flags, now: Scene) -> list[Act]:
        """Return the attack and the guarantor's answer to it."""
        p = self._own(now.p)
        attack = Act(
            id=f"act:{self.part.key}:attack",
            actor=self.part.index,
            target=now.roles.pivot,
            score=self.table.scores[0] * p.attack_severity,
            domains=self.table.domains[0][:, np.newaxis],
            material=self.table.material[[0]],
            weight=attacks.astype(float),
        )
        guarantor, test = now.roles.patrons[self.guarantor], self.domains_of_test
        covered = self._covered(now, p)
        answer = alliance_test(attack, guarantor, p.attack_severity, covered, defended, p, test)
        return [attack, answer]

    def strike(self, attacks: Flags, defended: Flags, now: Scene) -> None:
        """Let the attack frighten and its answer be remembered."""
        state, p = now.state, self._own(now.p)
        state.defended = state.defended | (attacks & defended)
        if now.acting:
            severity = attacks.astype(float) * p.attack_severity
            suffer_attack(state, severity, self._covered(now, p), defended, p, self.guarantor)

    def _covered(self, now: Scene, p: Parameters) -> Array:
        """Return what a promise covers of an attack: nothing where it was left, (1 or worlds,)."""
        return np.where(now.promised[self.guarantor], p.attack_coverage, 0.0)
