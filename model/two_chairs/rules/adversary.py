"""The adversary's rule: how likely an attack is."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array, constant
from two_chairs.parameters import Parameters


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
    logit = (
        p.hazard_base
        + p.hazard_exposure * (1.0 - protected)
        + p.hazard_stake * stake
        + p.hazard_peace * peace
        + p.hazard_rival * (engagement * rival_seat)
        + p.hazard_inattention * (1.0 - attention)
    )
    return np.where(stake > 0.0, p.attack_rate / (1.0 + np.exp(-logit)), 0.0)


ATTACK_DOMAINS: Array = constant([0.80, 0.05, 0.15])
"""Domain weights of an attack as the pivot feels it; assumption, ± .1."""
ATTACK_SCORE = -10.0
"""Score of an attack of severity one (CAMEO 190, use of conventional military force); literature:
CAMEO scale."""
