"""The rival patron's rule: hold, offer or disengage."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import HOLD, INCUMBENT, OFFER, RIVAL, RIVAL_ACTS, Array, constant
from two_chairs.parameters import Parameters

from .actor import ActTable, Behaviour, Decision, Draw, Scene, Tables, act_by_choice, chosen
from .attitudes import Act, weighted_sum
from .choice import worthwhile


def rival_utilities(
    engagement: Array, regard: Array, regard_for_incumbent: Array, fatigue: Array, p: Parameters
) -> Array:
    """Return the utility of HOLD, OFFER and DISENGAGE, shape (acts, worlds).

    What is worth no more than holding, or not allowed, is not open: its utility is −∞.

    Parameters
    ----------
    engagement
        g, the rival's engagement, in [0, 1].
    regard
        The pivot's mean alignment toward the rival.
    regard_for_incumbent
        The pivot's mean alignment toward the incumbent.
    fatigue
        f, in [0, 1].
    p
        Parameters of the run.
    """
    rift = np.maximum(0.0, p.rift_level - regard_for_incumbent)
    drawn = 0.5 * p.offer_gain * np.maximum(0.0, regard) + p.wedge * rift
    offer = engagement * drawn - p.fatigue_cost * fatigue - p.offer_cost
    hold = np.zeros_like(offer)
    offered = worthwhile(offer, engagement >= p.offer_engagement)
    disengage = np.broadcast_to(worthwhile(p.disengagement_level - engagement), offer.shape)
    return np.stack([hold, offered, disengage])


RIVAL_SCORES: Array = constant([0.0, 5.2, -4.0])
"""Scores of HOLD, OFFER (CAMEO 031), DISENGAGE (160); literature: CAMEO scale."""
RIVAL_DOMAINS: Array = constant([[0.2, 0.4, 0.4], [0.2, 0.4, 0.4], [0.4, 0.3, 0.3]])
"""Domain weights of the rival's acts: (acts, domains), rows sum to 1; assumption, ± .15."""
RIVAL_MATERIAL = constant([False, False, False])
"""The rival's acts are words: intents and their withdrawal."""
RIVAL_TABLE = ActTable(RIVAL_SCORES, RIVAL_DOMAINS, RIVAL_MATERIAL)


class RivalPatron(Behaviour[Array, Decision]):
    """The other pole: holds, offers or disengages. Its view is the utility of each act."""

    options = RIVAL_ACTS
    deeds = {"OFFER": "{actor} offers", "DISENGAGE": "{actor} disengages"}

    def __init__(self, key: str, index: int, tables: Tables) -> None:
        super().__init__(key, index, tables)
        self.table = tables.act_table(self.options, RIVAL_TABLE)

    def sense(self, now: Scene) -> Array:
        """See how the pivot regards both patrons, and the rift; (acts, worlds)."""
        state, p = now.state, now.p
        regards = [
            weighted_sum(p.domain_weights, state.regard(now.roles.pivot, patron))
            for patron in now.roles.patrons
        ]
        engagement = state.conditions["engagement"]
        return rival_utilities(engagement, regards[RIVAL], regards[INCUMBENT], state.fatigue, p)

    def decide(self, view: Array, now: Scene, draw: Draw) -> Decision:
        """Choose the act of the highest utility."""
        return Decision(chosen(view, now.p, draw))

    def act(self, made: Decision, now: Scene) -> list[Act]:
        """Offer or disengage, in words."""
        active = np.where(made.choice == HOLD, 0.0, 1.0)
        return [act_by_choice(self, self.table, made.choice, active, now)]

    def commit(self, made: Decision, now: Scene) -> None:
        """Let an offer tire the public at home."""
        if not now.acting:
            return
        offered = made.choice == OFFER
        tired = now.state.fatigue + np.where(offered, now.p.fatigue_step, 0.0)
        now.state.fatigue = np.minimum(1.0, tired)
        now.state.offered = offered


BEHAVIOUR = RivalPatron
