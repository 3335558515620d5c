"""The alliance test: what an answer to an attack is worth, and what is believed after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from two_chairs.axes import INCUMBENT, Array, Flags, constant
from two_chairs.parameters import Parameters

from .actor import ActTable, Tables
from .attitudes import Act
from .protection import threatened

if TYPE_CHECKING:
    from two_chairs.world.state import State


def attention(war_load: Array | float, p: Parameters) -> Array:
    """Return the attention that a war elsewhere leaves, att = 1 − θ_att u, in [0, 1]."""
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
    domains: Array | None = None,
) -> Act:
    """Return the guarantor's answer to an attack as its act toward the ally attacked.

    Keeping or breaking the promise is a deed of weight s, graded by what was expected of it.
    Its domain weights are `TEST_DOMAINS`, unless others are given, shape (domains,).
    """
    return Act(
        id=f"{attack.id}:test",
        actor=guarantor,
        target=attack.target,
        score=test_score(defended, coverage, p),
        domains=(TEST_DOMAINS if domains is None else domains)[:, np.newaxis],
        material=np.array([True]),
        weight=attack.weight * severity,
    )


TEST_DOMAINS: Array = constant([0.55, 0.10, 0.35])
"""Domain weights of an alliance test; assumption, ± .1."""


def domains_of_test(tables: Tables) -> Array:
    """Return the domain weights of an alliance test in a case, shape (domains,)."""
    usual = ActTable(constant([0.0]), constant([TEST_DOMAINS]), constant([True]))
    return tables.act_table(("TEST",), usual).domains[0]


def suffer_attack(
    state: State,
    severity: Array,
    coverage: Array,
    defended: Flags,
    p: Parameters,
    guarantor: int = INCUMBENT,
) -> None:
    """Let an attack frighten the pivot and its answer be remembered.

    Parameters
    ----------
    state
        Belief in the guarantor, threat and kept promises of it are written.
    severity, coverage
        Of the attack, shape (1 or worlds,), in [0, 1]; severity 0 is no attack.
    defended
        Whether the guarantor answered it, shape (worlds,).
    p
        Parameters of the run.
    guarantor
        Seat of the patron that was to answer it.
    """
    tested = severity * coverage
    state.kept[guarantor] += np.where(defended, tested, 0.0)
    state.broken[guarantor] += np.where(defended, 0.0, tested)
    state.threat = threatened(state.threat, severity, p)
    state.kept_promise[guarantor] |= defended & (tested > 0.0)
