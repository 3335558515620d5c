"""Threat, protection, self-help and dependence."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from two_chairs.axes import Array
from two_chairs.parameters import Parameters


def threatened(threat: Array, severity: Array | float, p: Parameters) -> Array:
    """Return perceived threat after an attack: θ ← min(1, θ + Δθ s)."""
    return np.minimum(1.0, threat + p.threat_jump * severity)


def shield(
    engagement: Array, belief: Array, local: Array, attention: Array | float, floor: Array
) -> Array:
    """Return the share of an attack that one patron stops: e ρ k (a₀ + (1 − a₀) a)."""
    return engagement * belief * local * (floor + (1.0 - floor) * attention)


def protection(self_help: Array, incumbent_shield: Array, rival_shield: Array) -> Array:
    """Return the protection P = 1 − (1 − σ) Π (1 − shield of each patron), in [0, 1]."""
    return 1.0 - (1.0 - self_help) * (1.0 - incumbent_shield) * (1.0 - rival_shield)


def protection_from(self_help: Array, shields: Sequence[Array] | Array, seat: int | None) -> Array:
    """Return P against one who attacks: nobody protects from himself.

    Parameters
    ----------
    self_help
        σ, shape (worlds,), in [0, 1].
    shields
        What each patron stops of an attack, the incumbent first, each (1 or worlds,), in [0, 1].
    seat
        The seat of the patron that attacks; ``None`` if it is no patron.
    """
    stopped = [np.zeros_like(each) if at == seat else each for at, each in enumerate(shields)]
    return protection(self_help, *stopped)


def least_protection(
    self_help: Array, shields: Sequence[Array] | Array, threats: Collection[int | None]
) -> Array:
    """Return P against the threat that it holds least against, shape (worlds,), in [0, 1].

    ``threats`` are the seats of those who may attack, ``None`` for one that is no patron; with
    nobody to fear both patrons' shields count.
    """
    found = [protection_from(self_help, shields, seat) for seat in threats or (None,)]
    return found[0] if len(found) == 1 else np.minimum.reduce(found)


def self_help_grown(self_help: Array, dependence: Array, p: Parameters) -> Array:
    """Return self-help a week later: it grows as security dependence falls, up to a ceiling."""
    grown = self_help + p.self_help_growth * (1.0 - dependence)
    return np.minimum(grown, np.maximum(self_help, p.self_help_ceiling))


def dependence_moved(dependence: Array, engagement: Array, p: Parameters) -> Array:
    """Return security dependence a week later: it follows the engagement wanted."""
    return dependence + p.dependence_rate * (engagement - dependence)
