"""The rival patron's rule: hold, offer or disengage."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array, constant
from two_chairs.parameters import Parameters


def rival_utilities(
    engagement: Array, regard: Array, regard_for_incumbent: Array, fatigue: Array, p: Parameters
) -> Array:
    """Return the utility of HOLD, OFFER and DISENGAGE, shape (acts, worlds).

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
    disengage = np.broadcast_to(p.disengagement_level - engagement, offer.shape)
    return np.stack([hold, np.where(engagement >= p.offer_engagement, offer, -np.inf), disengage])


RIVAL_SCORES: Array = constant([0.0, 5.2, -4.0])
"""Scores of HOLD, OFFER (CAMEO 031), DISENGAGE (160); literature: CAMEO scale."""
RIVAL_DOMAINS: Array = constant([[0.2, 0.4, 0.4], [0.2, 0.4, 0.4], [0.4, 0.3, 0.3]])
"""Domain weights of the rival's acts: (acts, domains), rows sum to 1; assumption, ± .15."""
RIVAL_MATERIAL = constant([False, False, False])
"""The rival's acts are words: intents and their withdrawal."""
