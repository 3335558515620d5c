"""The incumbent patron's rule: neglect, warn, reward or coerce."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array, Codes, Flags, constant
from two_chairs.parameters import Parameters

NO_COERCION = 1e-9
"""Coercion below this is none: sums of steps end a rounding error away from zero."""


def incumbent_utilities(
    realised_loss: Array,
    loyalty: Array,
    attention: Array,
    may_warn: Flags,
    may_coerce: Flags,
    coercions: Array,
    p: Parameters,
) -> Array:
    """Return the utility of NEGLECT, WARN, REWARD and COERCE, shape (acts, worlds).

    Parameters
    ----------
    realised_loss
        The loss of the pivot's present tilt, in [0, 1].
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
    neglect = np.zeros_like(realised_loss)
    warn = p.warning_gain * np.maximum(0.0, realised_loss - p.warning_threshold)
    swayed = 2.0 * np.minimum(realised_loss, 0.5) * (loyalty + p.reward_floor)
    reward = attention * p.reward_gain * swayed - p.reward_cost
    excess = np.maximum(0.0, realised_loss - p.coercion_threshold)
    grip = (p.leverage_floor + p.incumbent_economic_dependence) * (
        p.coercion_inattentive + p.coercion_attentive * attention
    )
    coerce = p.coercion_gain * excess * grip * (1.0 + p.resolve) - p.coercion_cost * (
        1.0 + coercions
    )
    open_warn, open_coerce = (
        np.where(may_warn, warn, -np.inf),
        np.where(may_coerce, coerce, -np.inf),
    )
    return np.stack([neglect, open_warn, reward, open_coerce])


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
