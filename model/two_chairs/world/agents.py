"""The actors as Mesa agents: each senses, decides, and only then acts and commits.

An agent is one actor in many worlds at once: its arrays end in the worlds axis. The rules stand
in ``decisions``; here they are given what an actor knows, and their results are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from two_chairs.axes import (
    ADVERSARY_ACTS,
    ATTACK,
    COERCE,
    HOLD,
    INCUMBENT,
    INCUMBENT_ACTS,
    NEGLECT,
    OFFER,
    PATRONS,
    POSTURES,
    RIVAL,
    RIVAL_ACTS,
    SECURITY,
    WARN,
    Array,
    Codes,
    Counts,
    Flags,
)
from two_chairs.randomness import gumbel
from two_chairs.rules import adversary, choice, incumbent, pivot, rival
from two_chairs.rules.adversary import ATTACK_DOMAINS, ATTACK_SCORE
from two_chairs.rules.alliance import alliance_test, defence_probability
from two_chairs.rules.attitudes import Act, weighted_sum
from two_chairs.rules.choice import HALVING_OF_REPEATS
from two_chairs.rules.incumbent import (
    INCUMBENT_DOMAINS,
    INCUMBENT_MATERIAL,
    INCUMBENT_SCORES,
    WARNINGS_REMEMBERED,
)
from two_chairs.rules.pivot import ENGAGEMENTS
from two_chairs.rules.position import loss
from two_chairs.rules.protection import protection
from two_chairs.rules.rival import RIVAL_DOMAINS, RIVAL_MATERIAL, RIVAL_SCORES

from .state import patron_attention, pole_hostility, shields

if TYPE_CHECKING:
    from .simulation import TwoChairs

DEEDS = np.array([True])


class Actor(mesa.Agent):  # type: ignore[misc]
    """An actor in all worlds.

    Attributes
    ----------
    key
        Its id in the case file.
    place
        Its place on the actors axis.
    choice
        What it chose last, shape (worlds,), codes of its own acts; −1 before its first choice.
    """

    model: TwoChairs
    options: tuple[str, ...] = ()

    def __init__(self, model: TwoChairs, key: str, place: int) -> None:
        super().__init__(model)
        self.key = key
        self.place = place
        self.choice: Codes = np.full(model.worlds, -1, dtype=np.int8)

    @property
    def fast(self) -> Array:
        """Fast deviations toward the others, shape (actors, domains, worlds)."""
        return self.model.state.fast[self.place]

    @property
    def slow(self) -> Array:
        """Slow deviations toward the others, shape (actors, domains, worlds)."""
        return self.model.state.slow[self.place]

    def sense(self) -> None:
        """Look at the state; nobody has acted yet."""

    def decide(self) -> None:
        """Choose; nothing changes yet."""

    def act(self) -> list[Act]:
        """Return the acts that follow from the choice; nothing changes yet."""
        return []

    def commit(self) -> None:
        """Let the choice take effect on the actor's own means, once all acts are known."""

    def choose(self, utilities: Array) -> Codes:
        """Choose among utilities with this actor's own luck, or by argmax without luck."""
        noise = None
        if self.model.luck_varies:
            uniforms = self.model.luck.uniforms(
                f"choice/{self.model.role_of(self)}", len(utilities)
            )
            noise = gumbel(uniforms)
        return choice.choose(utilities, self.model.p.choice_temperature, noise)


class Pivot(Actor):
    """The small state: chooses a posture and acts toward both patrons."""

    options = POSTURES

    def __init__(self, model: TwoChairs, key: str, place: int) -> None:
        super().__init__(model, key, place)
        self.approaches_remembered = np.zeros((len(PATRONS), model.worlds), dtype=np.int64)

    def sense(self) -> None:
        """See both patrons, the threat, and how hostile the poles are."""
        model, state = self.model, self.model.state
        self.seats = model.position.seats
        self.view = pivot.PivotView(
            alignment=np.stack([state.regard(self.place, patron) for patron in model.patrons]),
            engagement=state.engagement(),
            belief=state.belief(),
            attention=patron_attention(state, model.p),
            threat=state.threat,
            self_help=state.self_help,
            dependence=state.dependence,
            coercion=state.coercion,
            fatigue=state.fatigue,
            hostility=pole_hostility(state, model.places, model.p),
        )

    def decide(self) -> None:
        """Choose the posture of the highest utility; a forced posture overrules the choice.

        By the new posture it approaches each patron where the engagement wanted exceeds the seat
        held most.
        """
        chosen = self.choose(pivot.pivot_utilities(self.view, self.model.p))
        forced = self.model.forced_posture
        self.choice = chosen if forced is None else np.full_like(chosen, forced)
        wanted = np.moveaxis(ENGAGEMENTS[self.choice], 0, -1)
        self.steps = [
            pivot.approach(wanted[seat], self.seats[seat], self.model.p)
            for seat in (INCUMBENT, RIVAL)
        ]

    def commit(self) -> None:
        """Adopt the posture; the approaches made are remembered by those who watched them."""
        self.model.state.posture = self.choice
        if self.model.acting:
            made = np.stack([step.active for step in self.steps])
            self.approaches_remembered = _remembered(self.approaches_remembered, made)

    def act(self) -> list[Act]:
        """Approach both patrons; observers notice less of an approach repeated."""
        return [self._approach(seat, step) for seat, step in enumerate(self.steps)]

    def _approach(self, seat: int, step: pivot.Approach) -> Act:
        return Act(
            id=f"act:{self.key}:approach-{PATRONS[seat]}",
            actor=self.place,
            target=self.model.patrons[seat],
            score=step.score,
            domains=step.domains,
            material=step.material,
            weight=step.active.astype(float),
            noticed=np.power(HALVING_OF_REPEATS, self.approaches_remembered[seat]),
        )


class IncumbentPatron(Actor):
    """The patron of old: neglects, warns, rewards or coerces by its realised loss."""

    options = INCUMBENT_ACTS

    def __init__(self, model: TwoChairs, key: str, place: int) -> None:
        super().__init__(model, key, place)
        zero = np.zeros(model.worlds, dtype=np.int64)
        self.quarters_of_loss = zero
        self.warnings_remembered = zero
        self.warning_weight: Array = np.ones(model.worlds)
        self.coercions_running = zero
        self.coercions = zero

    def sense(self) -> None:
        """Measure the loss of the client and its loyalty."""
        model, state, p = self.model, self.model.state, self.model.p
        self.realised_loss = loss(model.position.tilt, p)
        lost = self.realised_loss > p.coercion_threshold
        self.quarters_of_loss = np.where(lost, self.quarters_of_loss + 1, 0)
        regard = state.regard(model.places.pivot, self.place)
        self.loyalty = np.maximum(0.0, weighted_sum(p.domain_weights, regard))

    def decide(self) -> None:
        """Choose the act of the highest utility; coercion needs two quarters of loss.

        A warning is remembered, and fades from memory a step a quarter: a repeated one weighs
        less, and after `WARNINGS_REMEMBERED` of them there is nothing new to say for a while.
        """
        remembered = self.warnings_remembered
        utilities = incumbent.incumbent_utilities(
            self.realised_loss,
            self.loyalty,
            patron_attention(self.model.state, self.model.p)[INCUMBENT],
            remembered < WARNINGS_REMEMBERED,
            self.quarters_of_loss >= 2,
            self.coercions.astype(float),
            self.model.p,
        )
        self.choice = self.choose(utilities)
        self.warning_weight = np.power(HALVING_OF_REPEATS, remembered)
        self.warnings_remembered = _remembered(remembered, self.choice == WARN)

    def act(self) -> list[Act]:
        """Warn, reward or coerce; a warning repeated counts for less."""
        weight = np.where(self.choice == WARN, self.warning_weight, 1.0)
        return [
            _act_by_choice(
                self,
                INCUMBENT_SCORES,
                INCUMBENT_DOMAINS,
                INCUMBENT_MATERIAL,
                np.where(self.choice == NEGLECT, 0.0, weight),
            )
        ]

    def commit(self) -> None:
        """Move the coercion in force and the counts of the ladder."""
        state, p = self.model.state, self.model.p
        coerced = self.choice == COERCE
        state.coercion = incumbent.coercion_after(
            state.coercion, self.choice, self.realised_loss, p
        )
        self.coercions_running = np.where(coerced, self.coercions_running + 1, 0)
        self.coercions = np.where(state.coercion > 0.0, self.coercions + coerced, 0)


class RivalPatron(Actor):
    """The other pole: holds, offers or disengages."""

    options = RIVAL_ACTS

    def sense(self) -> None:
        """See how the pivot regards both patrons, and the rift."""
        model, state, p = self.model, self.model.state, self.model.p
        regards = [
            weighted_sum(p.domain_weights, state.regard(model.places.pivot, patron))
            for patron in model.patrons
        ]
        self.utilities = rival.rival_utilities(
            state.conditions["engagement"], regards[RIVAL], regards[INCUMBENT], state.fatigue, p
        )

    def decide(self) -> None:
        """Choose the act of the highest utility."""
        self.choice = self.choose(self.utilities)

    def act(self) -> list[Act]:
        """Offer or disengage, in words."""
        active = np.where(self.choice == HOLD, 0.0, 1.0)
        return [_act_by_choice(self, RIVAL_SCORES, RIVAL_DOMAINS, RIVAL_MATERIAL, active)]

    def commit(self) -> None:
        """Let an offer tire the public at home."""
        state = self.model.state
        offered = self.choice == OFFER
        tired = state.fatigue + np.where(offered, self.model.p.fatigue_step, 0.0)
        state.fatigue = np.minimum(1.0, tired)
        self.model.offered = offered


class Adversary(Actor):
    """The neighbour with an unmet objective: attacks by chance, at a hazard."""

    options = ADVERSARY_ACTS

    def __init__(self, model: TwoChairs, key: str, place: int) -> None:
        super().__init__(model, key, place)
        self.defended: Flags = np.zeros(model.worlds, dtype=bool)

    def sense(self) -> None:
        """Weigh protection, stake, peace, the rival's seat and the incumbent's attention."""
        model, state, p = self.model, self.model.state, self.model.p
        seats = model.position.seats
        attentive = patron_attention(state, p)
        self.hazard = adversary.attack_probability(
            protection(state.self_help, *shields(state, seats, p)),
            state.conditions["stake"],
            state.conditions["peace"],
            state.conditions["engagement"],
            seats[RIVAL, SECURITY],
            attentive[INCUMBENT],
            p,
        )
        goodwill = state.regard(model.places.incumbent, model.places.pivot)[SECURITY]
        self.rescue = defence_probability(state.belief()[INCUMBENT], attentive[INCUMBENT], goodwill)

    def decide(self) -> None:
        """Attack where chance falls below the hazard; never without luck."""
        drawn = self.model.luck.uniforms(f"choice/{self.model.role_of(self)}", 2)
        happens = (drawn[0] < self.hazard) & self.model.luck_varies
        self.choice = happens.astype(np.int8)
        self.defended = drawn[1] < self.rescue

    def act(self) -> list[Act]:
        """Return the attack and the guarantor's answer to it."""
        p, places = self.model.p, self.model.places
        attack = Act(
            id=f"act:{self.key}:attack",
            actor=self.place,
            target=places.pivot,
            score=ATTACK_SCORE * p.attack_severity,
            domains=ATTACK_DOMAINS[:, np.newaxis],
            material=DEEDS,
            weight=(self.choice == ATTACK).astype(float),
        )
        answer = alliance_test(
            attack, places.incumbent, p.attack_severity, p.attack_coverage, self.defended, p
        )
        return [attack, answer]

    def commit(self) -> None:
        """Let the attack frighten and its answer be remembered."""
        p = self.model.p
        happened = (self.choice == ATTACK).astype(float)
        self.model.suffer_attack(happened * p.attack_severity, p.attack_coverage, self.defended)


class Bystander(Actor):
    """An actor that watches and is moved, but decides nothing in the model."""


def _remembered(before: Counts, again: Flags) -> Counts:
    """Return a memory of repeats a quarter later: one more if done again, else one less."""
    return np.where(again, before + 1, np.maximum(0, before - 1))


def _act_by_choice(
    actor: IncumbentPatron | RivalPatron,
    scores: Array,
    domains: Array,
    material: Any,
    weight: Array,
) -> Act:
    """Return a patron's act toward the pivot, read from the tables by its choice."""
    return Act(
        id=f"act:{actor.key}",
        actor=actor.place,
        target=actor.model.places.pivot,
        score=scores[actor.choice],
        domains=np.moveaxis(domains[actor.choice], 0, -1),
        material=material[actor.choice],
        weight=weight,
    )


ROLE_CLASSES: dict[str, type[Actor]] = {
    "pivot": Pivot,
    "incumbent": IncumbentPatron,
    "rival": RivalPatron,
    "adversary": Adversary,
    "bystander": Bystander,
}
