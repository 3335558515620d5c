"""The adversary's rule: how likely an attack is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import (
    ADVERSARY_ACTS,
    ATTACK,
    INCUMBENT,
    RIVAL,
    SECURITY,
    Array,
    Flags,
    constant,
)
from two_chairs.parameters import Parameters

from .actor import ActTable, Behaviour, Decision, Draw, Scene, Tables
from .alliance import alliance_test, defence_probability, domains_of_test, suffer_attack
from .attitudes import Act
from .protection import protection


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
        The adversary's unmet objective and the progress of peace, in [0, 1].
    engagement, rival_seat
        The rival's engagement g and its security seat, in [0, 1].
    attention
        The incumbent's attention, in [0, 1].
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


ATTACK_DOMAINS: Array = constant([0.80, 0.05, 0.15])
"""Domain weights of an attack as the pivot feels it; assumption, ± .1."""
ATTACK_SCORE = -10.0
"""Score of an attack of severity one (CAMEO 190, use of conventional military force); literature:
CAMEO scale."""
ADVERSARY_TABLE = ActTable(
    constant([0.0, ATTACK_SCORE]),
    constant([[0.0, 0.0, 0.0], ATTACK_DOMAINS]),
    constant([False, True]),
)


@dataclass(frozen=True, slots=True)
class AdversaryView:
    """What the adversary weighs, each of shape (worlds,), in [0, 1]."""

    hazard: Array
    """Chance of an attack."""
    rescue: Array
    """Chance that the guarantor answers it."""


@dataclass(frozen=True, slots=True)
class AdversaryDecision(Decision):
    """Whether the adversary attacks, and whether an attack would be answered."""

    defended: Flags


class Adversary(Behaviour[AdversaryView, AdversaryDecision]):
    """The neighbour with an unmet objective: attacks by chance, at a hazard."""

    options = ADVERSARY_ACTS
    deeds = {"attack": "{actor} attacks", "attack:test": "{incumbent}'s answers to attacks"}

    def __init__(self, key: str, index: int, tables: Tables) -> None:
        super().__init__(key, index, tables)
        self.table = tables.act_table(self.options, ADVERSARY_TABLE)
        self.domains_of_test = domains_of_test(tables)

    def sense(self, now: Scene) -> AdversaryView:
        """Weigh protection, stake, peace, the rival's seat and the incumbent's attention."""
        state, p = now.state, now.p
        hazard = attack_probability(
            protection(state.self_help, *now.shields),
            state.conditions["stake"],
            state.conditions["peace"],
            state.conditions["engagement"],
            state.position.seats[RIVAL, SECURITY],
            now.attention[INCUMBENT],
            p,
        )
        goodwill = state.regard(now.roles.incumbent, now.roles.pivot)[SECURITY]
        belief = state.belief()[INCUMBENT]
        rescue = defence_probability(belief, now.attention[INCUMBENT], goodwill)
        return AdversaryView(hazard, rescue)

    def decide(self, view: AdversaryView, now: Scene, draw: Draw) -> AdversaryDecision:
        """Attack where chance falls below the hazard; never without luck."""
        drawn = draw(2)
        if drawn is None:
            never = np.zeros(now.state.worlds, dtype=np.int8)
            return AdversaryDecision(never, never.astype(bool))
        happens = drawn[0] < view.hazard
        return AdversaryDecision(happens.astype(np.int8), drawn[1] < view.rescue)

    def act(self, made: AdversaryDecision, now: Scene) -> list[Act]:
        """Return the attack and the guarantor's answer to it."""
        p = now.p
        attack = Act(
            id=f"act:{self.key}:attack",
            actor=self.index,
            target=now.roles.pivot,
            score=self.table.scores[ATTACK] * p.attack_severity,
            domains=self.table.domains[ATTACK][:, np.newaxis],
            material=self.table.material[[ATTACK]],
            weight=(made.choice == ATTACK).astype(float),
        )
        answer = alliance_test(
            attack,
            now.roles.incumbent,
            p.attack_severity,
            p.attack_coverage,
            made.defended,
            p,
            self.domains_of_test,
        )
        return [attack, answer]

    def commit(self, made: AdversaryDecision, now: Scene) -> None:
        """Let the attack frighten and its answer be remembered."""
        state, p = now.state, now.p
        state.defended = made.defended
        if now.acting:
            happened = (made.choice == ATTACK).astype(float)
            suffer_attack(state, happened * p.attack_severity, p.attack_coverage, made.defended, p)


BEHAVIOUR = Adversary
