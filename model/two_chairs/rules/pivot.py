"""The pivot's rule: what it senses, what every posture is worth to it, how it approaches a patron.

Utilities have shape (options, worlds); an option that is not open is worth −∞.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import (
    ECONOMY,
    INCUMBENT,
    PATRONS,
    POLITICS,
    POSTURES,
    RIVAL,
    SECURITY,
    Array,
    Counts,
    Flags,
    constant,
)
from two_chairs.parameters import Parameters

from .actor import (
    Behaviour,
    Decision,
    Draw,
    Part,
    Scene,
    Tables,
    approach_name,
    chosen,
    remembered,
)
from .attitudes import Act, weighted_sum
from .choice import HALVING_OF_REPEATS, looked_up
from .position import loss_of
from .protection import least_protection, shield

ENGAGEMENTS: Array = constant(
    [
        [[0.95, 0.95, 0.85], [0.10, 0.35, 0.35]],  # LOYAL
        [[0.45, 0.90, 0.50], [0.45, 0.55, 0.75]],  # HEDGE
        [[0.05, 0.45, 0.10], [0.85, 0.90, 0.95]],  # PIVOT
        [[0.15, 0.65, 0.30], [0.15, 0.50, 0.40]],  # NEUTRAL
    ]
)
"""Engagement e that each posture wants: (postures, patrons, domains), share in [0, 1].

Source: assumption. The postures are the poles of Kuik's (2015) spectrum and a withdrawal from
both; a change of ± .1 in a cell is the uncertainty to keep in mind."""


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
    """In force by each patron, (patrons, worlds)."""
    fatigue: Array
    """Of each patron, (patrons, worlds)."""
    hostility: Array
    """h between the poles."""
    coercing: tuple[bool, bool] = (True, False)
    """Whether each patron may coerce."""
    offering: tuple[bool, bool] = (False, True)
    """Whether each patron may offer, and so open a market."""
    threats: tuple[int | None, ...] = (None,)
    """Seat of everybody who may attack, ``None`` for one that is no patron."""


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
        p.overlap_cost * view.hostility * exacted(view, p) * overlap
        + p.switching_cost * distance(wanted, view.engagement, w)
        + p.distrust_cost * distrust(wanted, view.alignment, w)
    )
    return gains - costs


def exacted(view: PivotView, p: Parameters) -> Array:
    """Return how much of the cost of sitting on both is exacted, by who coerces and attends."""
    exacting = [
        1.0 - p.of(seat).overlap_attention * (1.0 - view.attention[seat])
        for seat in (INCUMBENT, RIVAL)
        if view.coercing[seat]
    ]
    return np.maximum.reduce(exacting) if exacting else 1.0 - p.overlap_attention


def pivot_utilities(view: PivotView, p: Parameters, engagements: Array = ENGAGEMENTS) -> Array:
    """Return the utility of every posture, shape (postures, worlds)."""
    return np.stack([posture_utility(wanted, view, p) for wanted in engagements])


def security_wanted(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return Sec = 1 − θ (1 − P) under the engagement of a posture."""
    shields = [
        shield(
            wanted[patron, SECURITY],
            view.belief[patron],
            p.local_protection[patron],
            view.attention[patron],
            p.of(patron).inattentive_protection,
        )
        for patron in (INCUMBENT, RIVAL)
    ]
    protected = least_protection(view.self_help, shields, view.threats)
    return 1.0 - view.threat * (1.0 - protected)


def economy_wanted(wanted: Array, view: PivotView, p: Parameters) -> Array:
    """Return Eco: trade with both poles, less the coercion that the posture invites.

    A patron that offers opens a market beside the trade there is, by its attention.
    """
    worth, most = [], p.incumbent_economic_dependence + p.rival_economic_dependence
    for seat in (INCUMBENT, RIVAL):
        trade = p.economic_dependence[seat]
        if view.offering[seat]:
            m = p.of(seat).potential_market
            trade = trade + m * view.attention[seat] * (1.0 - view.fatigue[seat])
            most = most + m
        valued = trade * wanted[seat, ECONOMY]
        if view.coercing[seat]:
            valued = valued * (1.0 - feared_coercion(wanted, view, p, seat))
        worth.append(valued)
    return (worth[INCUMBENT] + worth[RIVAL]) / most


def feared_coercion(wanted: Array, view: PivotView, p: Parameters, seat: int = INCUMBENT) -> Array:
    """Return c_x of a patron: coercion in force, and expected for the tilt of the posture."""
    tilt = weighted_sum(p.domain_weights, wanted[RIVAL] - wanted[INCUMBENT])
    own = p.of(seat)
    excess = np.maximum(0.0, loss_of(tilt, p, seat) - own.coercion_threshold)
    reach = own.fear_inattentive + own.fear_attentive * view.attention[seat]
    return np.minimum(1.0, view.coercion[seat] + own.fear * excess * reach)


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


@dataclass(frozen=True, slots=True)
class PivotMemory:
    """What those who watch the pivot remember of it."""

    approaches: Counts
    """Approaches to each patron that are remembered, (patrons, worlds)."""


@dataclass(frozen=True, slots=True)
class PivotDecision(Decision):
    """The posture chosen, and the approach to each patron that follows from it."""

    approaches: tuple[Approach, ...]


class Pivot(Behaviour[PivotView, PivotDecision]):
    """The small state: chooses a posture and acts toward both patrons."""

    options = POSTURES
    deeds = {
        "approach-incumbent": "{actor} approaches {incumbent}",
        "approach-rival": "{actor} approaches {rival}",
    }

    def __init__(self, part: Part, tables: Tables) -> None:
        super().__init__(part, tables)
        self.engagements = tables.engagements(ENGAGEMENTS)

    def start(self, worlds: int) -> PivotMemory:
        """Return an empty memory."""
        return PivotMemory(np.zeros((len(PATRONS), worlds), dtype=np.int64))

    def memory(self, now: Scene) -> PivotMemory:
        """Return what is remembered of it."""
        found: PivotMemory = now.state.memories[self.key]
        return found

    def sense(self, now: Scene) -> PivotView:
        """See both patrons, the threat, and how hostile the poles are."""
        state = now.state
        return PivotView(
            alignment=np.stack([state.regard(self.index, patron) for patron in now.roles.patrons]),
            engagement=state.engagement(),
            belief=state.belief(),
            attention=now.attention,
            threat=state.threat,
            self_help=state.self_help,
            dependence=state.dependence,
            coercion=state.coercion,
            fatigue=state.fatigue,
            hostility=now.hostility,
            coercing=now.roles.coercing,
            offering=now.roles.offering,
            threats=now.roles.threat_seats,
        )

    def decide(self, view: PivotView, now: Scene, draw: Draw) -> PivotDecision:
        """Choose the posture of the highest utility; a forced posture overrules the choice.

        By the new posture it approaches each patron where the engagement wanted exceeds the seat
        held most.
        """
        choice = chosen(pivot_utilities(view, now.p, self.engagements), now.p, draw)
        if now.forced_posture is not None:
            choice = np.full_like(choice, now.forced_posture)
        wanted = looked_up(self.engagements, choice)
        seats = now.state.position.seats
        steps = [approach(wanted[seat], seats[seat], now.p) for seat in (INCUMBENT, RIVAL)]
        return PivotDecision(choice, tuple(steps))

    def act(self, made: PivotDecision, now: Scene) -> list[Act]:
        """Approach both patrons; observers notice less of an approach repeated."""
        approaches = self.memory(now).approaches
        return [
            Act(
                id=approach_name(self.key, seat),
                actor=self.index,
                target=now.roles.patrons[seat],
                score=step.score,
                domains=step.domains,
                material=step.material,
                weight=step.active.astype(float),
                noticed=np.power(HALVING_OF_REPEATS, approaches[seat]),
            )
            for seat, step in enumerate(made.approaches)
        ]

    def commit(self, made: PivotDecision, now: Scene) -> None:
        """Adopt the posture, unless the record knows it; the approaches of acts are remembered."""
        if now.recorded_posture is None or now.forced_posture is not None:
            now.state.posture = made.choice
        if now.acting:
            active = np.stack([step.active for step in made.approaches])
            before = self.memory(now).approaches
            now.state.memories[self.key] = PivotMemory(remembered(before, active))


BEHAVIOUR = Pivot
