"""The position of the pivot between its patrons: seats, tilt, breadth, split, strain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import INCUMBENT, RIVAL, Array
from two_chairs.parameters import Parameters

from .attitudes import weighted_sum


@dataclass(frozen=True, slots=True)
class Position:
    """Where the pivot sits: both seats by domain and the indices made of them."""

    seats: Array
    """Occupancy o, shape (patrons, domains, worlds), in [0, 1]."""
    incumbent_seat: Array
    """R = Σ w o_R, in [0, 1]."""
    rival_seat: Array
    """W = Σ w o_W, in [0, 1]."""
    tilt: Array
    """T = W − R, in [−1, 1]."""


def occupancy(attitude: Array, membership: Array, p: Parameters) -> Array:
    """Return how far a seat is occupied by attitude and institutions, shape (domains, worlds).

    Hostility counts as no attitude, or with ``net_seats`` takes from what institutions hold.
    """
    χ = p.institution_share
    lowest = np.where(p.net_seats > 0.5, -1.0, 0.0)
    felt = (1.0 - χ) * np.maximum(lowest, attitude)
    return np.maximum(0.0, felt + χ * membership)


def position(
    toward_incumbent: Array, toward_rival: Array, membership: Array, caps: Array, p: Parameters
) -> Position:
    """Measure the pivot's position.

    Parameters
    ----------
    toward_incumbent, toward_rival
        The pivot's alignment toward each patron, shape (domains, worlds).
    membership
        I, the institutions' part of each seat, shape (patrons, domains, worlds), in [0, 1].
    caps
        Most of the rival seat that can be had, shape (domains, 1 or worlds), in [0, 1].
    p
        Parameters of the run.
    """
    held = occupancy(toward_incumbent, membership[INCUMBENT], p)
    offered = caps * occupancy(toward_rival, membership[RIVAL], p)
    R = weighted_sum(p.domain_weights, held)
    W = weighted_sum(p.domain_weights, offered)
    return Position(np.stack([held, offered]), R, W, W - R)


def breadth(R: Array, W: Array) -> Array:
    """Return B = 2 min(R, W) / (R + W): 1 sits equally on both, 0 on one at most."""
    total = R + W
    return np.where(total > 0.0, 2.0 * np.minimum(R, W) / np.where(total > 0.0, total, 1.0), 0.0)


def level(R: Array, W: Array) -> Array:
    """Return L = max(R, W): low where neither chair is held."""
    return np.maximum(R, W)


def split(seats: Array, tilt: Array, weights: Array) -> Array:
    """Return X = Σ w |(o_W − o_R) − T|: how far the domains lean different ways."""
    return weighted_sum(weights, np.abs((seats[RIVAL] - seats[INCUMBENT]) - tilt))


def hostility(incumbent_to_rival: Array, rival_to_incumbent: Array, weights: Array) -> Array:
    """Return h = max(0, −½ Σ w (A_RW + A_WR)): how hostile the poles are, in [0, 1]."""
    mutual = weighted_sum(weights, incumbent_to_rival + rival_to_incumbent)
    return np.maximum(0.0, -0.5 * mutual)


def strain(R: Array, W: Array, h: Array) -> Array:
    """Return Z = (R W h)^⅓: the frustrated triad; 0 if a seat is empty or the poles are friends."""
    return np.cbrt(R * W * h)


def loss_of(tilt: Array, p: Parameters, seat: int) -> Array:
    """Return the loss of one patron, in [0, 1]: the incumbent loses by tilt, the rival against it.

    Each measures from the tilt away from itself that it tolerates: its own T₀ if it has one.
    """
    return loss(tilt if seat == INCUMBENT else -tilt, p.of(seat))


def loss(tilt: Array, p: Parameters) -> Array:
    """Return the loss max(0, (T − T₀) / (1 − T₀)) of a tilt away from a patron, in [0, 1]."""
    return np.maximum(0.0, (tilt - p.tolerated_tilt) / (1.0 - p.tolerated_tilt))
