"""The update rules of attitudes, belief, threat, protection and dependence.

Pure functions on arrays whose last axis is ``worlds``. Equations and symbols: ``docs/model.md``.
"""

from __future__ import annotations

import numpy as np

from .actors import Array, Flags
from .parameters import Parameters


def alignment(deviation: Array) -> Array:
    """Turn a deviation z = atanh b + F + S into an alignment A = tanh z in [−1, 1]."""
    return np.tanh(deviation)


def retained(half_life: Array, weeks: float = 1.0) -> Array:
    """Return the share of a deviation that is left after some weeks of decay, in (0, 1)."""
    return np.exp2(-weeks / half_life)


def relaxed(value: Array, rest: Array | float, kept: Array) -> Array:
    """Let a value return toward its rest, keeping a share of the distance."""
    return rest + (value - rest) * kept


def weighted_sum(weights: Array, values: Array) -> Array:
    """Sum over the domains axis in fixed order: Σ_d w_d x_d; shapes (domains, …, worlds)."""
    total = weights[0] * values[0]
    for domain in range(1, len(values)):
        total = total + weights[domain] * values[domain]
    return total


def attention(war_load: Array | float, p: Parameters) -> Array:
    """Return the incumbent's attention att = 1 − θ_att u, in [0, 1]."""
    return 1.0 - p.attention_loss * war_load


# --- the alliance test ----------------------------------------------------------------------------


def test_score(defended: Flags, coverage: Array | float, p: Parameters) -> Array:
    """Return the score G of a guarantor's answer to an attack on its ally.

    A kept promise counts less the more it was expected; a broken one counts more. The result may
    leave [−10, 10] and is not clipped.
    """
    kept = p.defence_score * (1.0 - 0.5 * p.expectation_violation * coverage)
    broken = p.refusal_score - p.defence_score * p.expectation_violation * coverage
    return np.where(defended, kept, broken)


def reliability(kept: Array, broken: Array) -> Array:
    """Return the belief ρ = n⁺ / (n⁺ + n⁻) that a patron defends the pivot, in [0, 1]."""
    return kept / (kept + broken)


def threatened(threat: Array, severity: Array | float, p: Parameters) -> Array:
    """Return perceived threat after an attack: θ ← min(1, θ + Δθ s)."""
    return np.minimum(1.0, threat + p.threat_jump * severity)


def defence_probability(belief: Array, attention: Array, goodwill: Array) -> Array:
    """Return the chance that the guarantor defends when history has not said so, in [0, 1].

    ``goodwill`` is the guarantor's own security alignment toward the pivot.
    """
    return belief * attention * np.maximum(0.0, goodwill)


# --- protection, self-help, dependence ------------------------------------------------------------


def shield(
    engagement: Array, belief: Array, local: Array, attention: Array | float, floor: Array
) -> Array:
    """Return the share of an attack that one patron stops: e ρ k (a₀ + (1 − a₀) a)."""
    return engagement * belief * local * (floor + (1.0 - floor) * attention)


def protection(self_help: Array, incumbent_shield: Array, rival_shield: Array) -> Array:
    """Return the protection P = 1 − (1 − σ) Π (1 − shield of each patron), in [0, 1]."""
    return 1.0 - (1.0 - self_help) * (1.0 - incumbent_shield) * (1.0 - rival_shield)


def self_help_grown(self_help: Array, dependence: Array, p: Parameters) -> Array:
    """Return self-help a week later: it grows as security dependence falls, up to a ceiling."""
    grown = self_help + p.self_help_growth * (1.0 - dependence)
    return np.minimum(grown, np.maximum(self_help, p.self_help_ceiling))


def dependence_moved(dependence: Array, engagement: Array, p: Parameters) -> Array:
    """Return security dependence a week later: it follows the engagement wanted."""
    return dependence + p.dependence_rate * (engagement - dependence)


# --- a rival theory, off by default ---------------------------------------------------------------


def balance_drift(alignments: Array) -> Array:
    """Return the structural-balance drift dX/dt = X², each domain by itself.

    Parameters
    ----------
    alignments
        Shape (actors, actors, domains, worlds), regard for oneself on the diagonal.

    Returns
    -------
    Array
        Same shape: entry (i, j) is Σ_k X_ik X_kj over all k, own regard counted as it stands.
        Source: Kułakowski et al. 2005 IJMPC 16; Marvel et al. 2011 PNAS 108(5).
    """
    drift = np.zeros_like(alignments)
    for k in range(alignments.shape[0]):
        drift = drift + alignments[:, k, np.newaxis] * alignments[np.newaxis, k, :]
    return drift
