"""What the pivot gets: security, welfare, autonomy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from two_chairs.axes import ECONOMY, INCUMBENT, RIVAL, SECURITY, Array
from two_chairs.parameters import Parameters

PAYOFFS = ("security", "welfare", "autonomy")
COMPOSITES: Mapping[str, tuple[float, float, float]] = {
    "equal weights": (1 / 3, 1 / 3, 1 / 3),
    "security first": (0.6, 0.2, 0.2),
    "welfare first": (0.2, 0.6, 0.2),
    "autonomy first": (0.2, 0.2, 0.6),
}
"""Weights of security, welfare and autonomy in the composite payoffs; assumption, shown apart."""


def security_payoff(threat: Array, protected: Array) -> Array:
    """Return Sec = 1 − θ (1 − P), in [0, 1]."""
    return 1.0 - threat * (1.0 - protected)


def welfare_payoff(seats: Array, coercion: Array, p: Parameters) -> Array:
    """Return Wel, the value of both economic seats by dependence, less coercion, in [0, 1].

    ``coercion`` is that in force by each patron, shape (patrons, worlds).
    """
    worth_R, worth_W = (
        m * D for m, D in zip(p.welfare_weights, p.economic_dependence, strict=True)
    )
    taken = worth_R * seats[INCUMBENT, ECONOMY] * (1.0 - coercion[INCUMBENT])
    other = worth_W * seats[RIVAL, ECONOMY] * (1.0 - coercion[RIVAL])
    return (taken + other) / (worth_R + worth_W)


def autonomy_payoff(seats: Array, incumbent_dependence: Array, rival_dependence: Array) -> Array:
    """Return Aut = 1 − max_p o_p^sec D_p^sec, in [0, 1]."""
    tied = np.maximum(
        seats[INCUMBENT, SECURITY] * incumbent_dependence,
        seats[RIVAL, SECURITY] * rival_dependence,
    )
    return 1.0 - tied
