"""The adversary: a neighbour with an unmet objective and no chair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import ADVERSARY_ACTS, ATTACK, Flags

from .actor import Behaviour, Decision, Draw, Part, Scene, Tables
from .attitudes import Act
from .threat import THREAT_DEEDS, Threat, ThreatView


@dataclass(frozen=True, slots=True)
class AdversaryDecision(Decision):
    """Whether the adversary attacks, and whether an attack would be answered."""

    defended: Flags

    @property
    def attacks(self) -> Flags:
        """Where it attacks, shape (worlds,)."""
        return self.choice == ATTACK


class Adversary(Behaviour[ThreatView, AdversaryDecision]):
    """The neighbour with an unmet objective: attacks by chance, at a hazard."""

    options = ADVERSARY_ACTS
    deeds = THREAT_DEEDS

    def __init__(self, part: Part, tables: Tables) -> None:
        super().__init__(part, tables)
        self.threat = Threat(part, tables)

    def sense(self, now: Scene) -> ThreatView:
        """Weigh protection, stake, peace, the rival's seat and the incumbent's attention."""
        return self.threat.weigh(now)

    def decide(self, view: ThreatView, now: Scene, draw: Draw) -> AdversaryDecision:
        """Attack where chance falls below the hazard; never without luck."""
        attacks, defended = self.threat.cast(view, draw)
        never = np.zeros(now.state.worlds, dtype=np.int8)
        return AdversaryDecision(never + attacks.astype(np.int8), defended)

    def act(self, made: AdversaryDecision, now: Scene) -> list[Act]:
        """Return the attack and the guarantor's answer to it."""
        return self.threat.acts(made.attacks, made.defended, now)

    def commit(self, made: AdversaryDecision, now: Scene) -> None:
        """Let the attack frighten and its answer be remembered."""
        self.threat.strike(made.attacks, made.defended, now)


BEHAVIOUR = Adversary
