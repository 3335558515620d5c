"""The alliance test: what an answer to an attack is worth, and what is believed after."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array, Flags, constant
from two_chairs.parameters import Parameters

from .attitudes import Act


def attention(war_load: Array | float, p: Parameters) -> Array:
    """Return the incumbent's attention att = 1 − θ_att u, in [0, 1]."""
    return 1.0 - p.attention_loss * war_load


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


def defence_probability(belief: Array, attention: Array, goodwill: Array) -> Array:
    """Return the chance that the guarantor defends when history has not said so, in [0, 1].

    ``goodwill`` is the guarantor's own security alignment toward the pivot.
    """
    return belief * attention * np.maximum(0.0, goodwill)


def alliance_test(
    attack: Act,
    guarantor: int,
    severity: Array,
    coverage: Array,
    defended: Flags,
    p: Parameters,
) -> Act:
    """Return the guarantor's answer to an attack as its act toward the ally attacked.

    Keeping or breaking the promise is a deed of weight s, graded by what was expected of it.
    """
    return Act(
        id=f"{attack.id}:test",
        actor=guarantor,
        target=attack.target,
        score=test_score(defended, coverage, p),
        domains=TEST_DOMAINS[:, np.newaxis],
        material=np.array([True]),
        weight=attack.weight * severity,
    )


TEST_DOMAINS: Array = constant([0.55, 0.10, 0.35])
"""Domain weights of an alliance test; assumption, ± .1."""
