"""Each actor's rule: what it senses, what every option is worth to it, what it does.

Pure functions on arrays whose last axis is ``worlds``. Utilities have shape (options, worlds); an
option that is not open is worth −∞. Equations and symbols: ``docs/model.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .actors import (
    ECONOMY,
    INCUMBENT,
    POLITICS,
    RIVAL,
    SECURITY,
    Array,
    Codes,
    Flags,
)
from .dynamics import protection, shield, weighted_sum
from .measures import loss
from .parameters import ENGAGEMENTS, Parameters

NO_COERCION = 1e-9
"""Coercion below this is none: sums of steps end a rounding error away from zero."""


def choose(utilities: Array, temperature: Array, noise: Array | None) -> Codes:
    """Choose an option in each world: logit at a temperature, argmax without noise.

    Parameters
    ----------
    utilities
        Shape (options, worlds).
    temperature
        τ ≥ 0 in units of utility, shape (1 or worlds,).
    noise
        Standard Gumbel draws, shape (options, worlds), or ``None``.
    """
    shaken = utilities if noise is None else utilities + temperature * noise
    return np.argmax(shaken, axis=0).astype(np.int8)


# --- the pivot ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PivotView:
    """What the pivot knows when it chooses a posture; arrays end in the worlds axis."""

    alignment: Array
    """Its own alignment toward the patrons, (patrons, domains, worlds)."""
    engagement: Array
    """Engagement of its present posture, (patrons, domains, worlds)."""
    belief: Array
    """ρ, (patrons, worlds)."""
    attention: Array
    """Attention of the patrons (att, g), (patrons, worlds)."""
    threat: Array
    self_help: Array
    dependence: Array
    """Present security dependence on the patrons, (patrons, worlds)."""
    coercion: Array
    fatigue: Array
    hostility: Array
    """h between the poles."""


def posture_utility(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return the utility of one posture, shape (worlds,).

    Parameters
    ----------
    wanted
        Engagement of the posture, shape (patrons, domains).
    view
        What the pivot knows.
    p
        Parameters of the run.
    """
    e_R, e_W = wanted[INCUMBENT], wanted[RIVAL]
    gains = (
        p.utility_security * security_wanted(wanted, view, p)
        + p.utility_economy * economy_wanted(wanted, view, p)
        + p.utility_politics * politics_wanted(wanted, view)
        + p.utility_autonomy * autonomy_wanted(wanted, view)
    )
    w = p.domain_weights
    overlap = sum(w[d] * (e_R[d] * e_W[d]) for d in range(len(w)))
    costs = (
        p.overlap_cost * view.hostility * overlap
        + p.switching_cost * distance(wanted, view.engagement, w)
        + p.distrust_cost * distrust(wanted, view.alignment, w)
    )
    return gains - costs


def pivot_utilities(view: PivotView, p: Parameters) -> Array:
    """Return the utility of every posture, shape (postures, worlds)."""
    return np.stack([posture_utility(wanted, view, p) for wanted in ENGAGEMENTS])


def security_wanted(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return Sec = 1 − θ (1 − P) under the engagement of a posture."""
    shields = [
        shield(
            wanted[patron, SECURITY],
            view.belief[patron],
            p.local_protection[patron],
            view.attention[patron],
            p.inattentive_protection,
        )
        for patron in (INCUMBENT, RIVAL)
    ]
    return 1.0 - view.threat * (1.0 - protection(view.self_help, *shields))


def economy_wanted(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return Eco: trade with both poles, less the coercion that the posture invites."""
    D_R, D_W, m = p.incumbent_economic_dependence, p.rival_economic_dependence, p.potential_market
    opened = m * view.attention[RIVAL] * (1.0 - view.fatigue)
    kept = D_R * wanted[INCUMBENT, ECONOMY] * (1.0 - feared_coercion(wanted, view, p))
    return (kept + (D_W + opened) * wanted[RIVAL, ECONOMY]) / (D_R + D_W + m)


def feared_coercion(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return c_x: coercion in force and coercion expected for the tilt of the posture itself."""
    tilt = weighted_sum(p.domain_weights, wanted[RIVAL] - wanted[INCUMBENT])
    excess = np.maximum(0.0, loss(tilt, p) - p.coercion_threshold)
    reach = p.fear_inattentive + p.fear_attentive * view.attention[INCUMBENT]
    return np.minimum(1.0, view.coercion + p.fear * excess * reach)


def politics_wanted(wanted: Array, view: PivotView) -> Array:
    """Return Pol = ½ + ¼ Σ_p A_p^pol e_p^pol."""
    felt_R = view.alignment[INCUMBENT, POLITICS] * wanted[INCUMBENT, POLITICS]
    felt_W = view.alignment[RIVAL, POLITICS] * wanted[RIVAL, POLITICS]
    return 0.5 + 0.25 * (felt_R + felt_W)


def autonomy_wanted(wanted: Array, view: PivotView) -> Array:
    """Return Aut = 1 − max_p e_p^sec D_p^sec."""
    tied_R = wanted[INCUMBENT, SECURITY] * view.dependence[INCUMBENT]
    tied_W = wanted[RIVAL, SECURITY] * view.dependence[RIVAL]
    return 1.0 - np.maximum(tied_R, tied_W)


def distance(wanted: Array, engagement: Array, weights: Array) -> Array:
    """Return how far a posture lies from the present engagement: Σ_p Σ_d w_d |Δe|."""
    moved = [
        np.abs(wanted[patron][:, np.newaxis] - engagement[patron]) for patron in (INCUMBENT, RIVAL)
    ]
    return weighted_sum(weights, moved[INCUMBENT]) + weighted_sum(weights, moved[RIVAL])


def distrust(wanted: Array, alignment: Array, weights: Array) -> Array:
    """Return Σ_p Σ_d w_d e_p^d max(0, −A_p^d): engaging a patron one is hostile to."""
    hostile = [
        wanted[patron][:, np.newaxis] * np.maximum(0.0, -alignment[patron])
        for patron in (INCUMBENT, RIVAL)
    ]
    return weighted_sum(weights, hostile[INCUMBENT]) + weighted_sum(weights, hostile[RIVAL])


@dataclass(frozen=True, slots=True)
class Approach:
    """The pivot's act toward one patron; arrays end in the worlds axis."""

    score: Array
    domains: Array
    """One-hot in the domain of the largest gap, (domains, worlds)."""
    material: Flags
    active: Flags


def approach(wanted: Array, held: Array, p: Parameters) -> Approach:
    """Act toward a patron in the domain where the engagement wanted exceeds the seat held most.

    Parameters
    ----------
    wanted, held
        Engagement and occupancy of one patron's seat, shape (domains, worlds).
    p
        Parameters of the run.
    """
    gaps = wanted - held
    widest = np.argmax(gaps, axis=0)
    gap = np.max(gaps, axis=0)
    domains = np.stack([(widest == domain).astype(float) for domain in range(len(gaps))])
    score = np.maximum(0.0, np.minimum(10.0 * p.act_gain * gap, p.act_ceiling))
    return Approach(score, domains, gap > p.act_material_gap, gap > p.act_threshold)


# --- the incumbent patron -------------------------------------------------------------------------


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


# --- the rival patron -----------------------------------------------------------------------------


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


# --- the adversary --------------------------------------------------------------------------------


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
