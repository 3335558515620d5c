"""The state of all worlds at once: arrays that end in the worlds axis."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import (
    CONDITIONS,
    ECONOMY,
    INCUMBENT,
    PATRONS,
    POLITICS,
    POSTURES,
    RIVAL,
    SECURITY,
    Array,
    Codes,
    Condition,
    Counts,
    Flags,
)
from two_chairs.institutions.tie import Memory
from two_chairs.institutions.ties import membership
from two_chairs.parameters import Parameters
from two_chairs.rules.actor import RoleIndex
from two_chairs.rules.alliance import attention, reliability
from two_chairs.rules.attitudes import Sphere, alignment
from two_chairs.rules.choice import looked_up
from two_chairs.rules.pivot import ENGAGEMENTS
from two_chairs.rules.position import Position, hostility, position
from two_chairs.rules.protection import least_protection, shield
from two_chairs.rules.roles import behaviour_of
from two_chairs.scenario.records import Case, Scenario


@dataclass(slots=True)
class State:
    """All that changes from week to week, and the two tables that it is measured from.

    Attributes
    ----------
    anchor
        atanh b of every actor toward every other, shape (actors, actors, domains, 1 or worlds);
        constant but for turns.
    engagements
        Engagement that each posture wants, shape (postures, patrons, domains); constant.
    fast, slow
        Deviations F and S, shape (actors, actors, domains, worlds); row i belongs to actor i.
    kept, broken
        n⁺ and n⁻ of the pivot's belief in the patrons, shape (patrons, worlds).
    dependence
        Security dependence on the patrons, shape (patrons, worlds), in [0, 1].
    threat, self_help
        θ and σ, shape (worlds,), in [0, 1].
    coercion, fatigue
        c and f of the patrons, shape (patrons, worlds), in [0, 1].
    posture
        Shape (worlds,), codes of ``POSTURES``.
    conditions
        External conditions, each of shape (1 or worlds,).
    institutions
        Memory of every tie by its id; set by `set_ties`.
    membership
        I, what the ties make of both seats, shape (patrons, domains, worlds), in [0, 1].
    memories
        What each actor's role remembers from quarter to quarter, by the actor's id.
    choices
        What each actor chose last, shape (actors, worlds), codes of its own acts; −1 before its
        first choice.
    chosen
        Quarters so far in which each act was chosen, shape (actors, acts, worlds).
    defended
        Whether an attack chosen this quarter was answered by its guarantor, shape (worlds,).
    coercions_running
        Quarters running in which each patron chose to coerce, shape (patrons, worlds).
    offered, kept_promise
        Whether each patron made an offer, and defended the pivot, in the present week, shape
        (patrons, worlds).
    parameters_set
        Parameters that the scenario has set so far during the run, by name.
    position
        Where the pivot sits, as measured last.
    held, regime
        Which seats are held, shape (patrons, worlds), and codes of ``REGIMES``, shape (worlds,);
        ``None`` before the first week.
    """

    anchor: Array
    engagements: Array
    fast: Array
    slow: Array
    kept: Array
    broken: Array
    dependence: Array
    threat: Array
    self_help: Array
    coercion: Array
    fatigue: Array
    posture: Codes
    conditions: dict[Condition, Array]
    institutions: dict[str, Memory]
    membership: Array
    memories: dict[str, Any]
    choices: Codes
    chosen: NDArray[np.int16]
    defended: Flags
    coercions_running: Counts
    offered: Flags
    kept_promise: Flags
    parameters_set: dict[str, Array] = field(default_factory=dict)
    position: Position = field(init=False)
    held: Flags | None = field(default=None)
    regime: Codes | None = None

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.fast.shape[-1]

    @property
    def actors(self) -> int:
        """Number of actors."""
        return self.fast.shape[0]

    def regard(self, holder: int, toward: int) -> Array:
        """Return one actor's alignment toward another, shape (domains, worlds)."""
        z = self.anchor[holder, toward] + self.fast[holder, toward] + self.slow[holder, toward]
        return alignment(z)

    def alignments(self) -> Array:
        """Return all alignments, shape (actors, actors, domains, worlds).

        Toward oneself it is zero, unless the balance drift is switched on.
        """
        return alignment(self.anchor + self.fast + self.slow)

    def levels(self) -> Array:
        """Return the levels of all ties, shape (institutions, worlds)."""
        levels = list(levels_of(self.institutions).values())
        return np.stack(levels) if levels else np.empty((0, self.worlds))

    def belief(self) -> Array:
        """Return ρ of both patrons, shape (patrons, worlds)."""
        return reliability(self.kept, self.broken)

    def engagement(self) -> Array:
        """Return the engagement that the posture wants, shape (patrons, domains, worlds)."""
        return looked_up(self.engagements, self.posture)

    def security_engagement(self) -> Array:
        """Return the security engagement with the incumbent that the posture wants, (worlds,)."""
        return looked_up(self.engagements[:, INCUMBENT, SECURITY], self.posture)


def start_state(scenario: Scenario, worlds: int, p: Parameters) -> State:
    """Return the state before the first week: everybody at the baseline, the pivot loyal."""
    anchor = np.arctanh(baselines(scenario))
    case, roles = scenario.case, roles_of(scenario.case)
    actors = len(case.actors)
    shape = (actors, actors, anchor.shape[2], worlds)
    kept, broken = prior_belief(p, worlds)
    sec_R, sec_W = p.incumbent_security_dependence, p.rival_security_dependence
    start, opening = case.conditions_at_start(), POSTURES.index(case.decisions.opening)
    levels = scenario.institutions
    ties = {tie.id: tie.memory_at(levels[tie.id], worlds) for tie in case.institutions}
    state = State(
        anchor=anchor,
        engagements=case.decisions.engagements(ENGAGEMENTS),
        fast=np.zeros(shape),
        slow=np.zeros(shape),
        kept=kept,
        broken=broken,
        dependence=np.stack([_wide(sec_R, worlds), _wide(sec_W, worlds)]),
        threat=_wide(p.threat_baseline * (1.0 - start["peace"]), worlds),
        self_help=_wide(p.self_help, worlds),
        coercion=np.zeros((2, worlds)),
        fatigue=_fatigue_at_start(roles, p, worlds),
        posture=np.full(worlds, opening, dtype=np.int8),
        conditions={key: np.array([start[key]]) for key in CONDITIONS},
        institutions=ties,
        membership=membership(case, levels_of(ties), worlds),
        memories={
            key: behaviour_of(actor.role, case.part(key), case.decisions).start(worlds)
            for key, actor in case.actors.items()
        },
        choices=np.full((actors, worlds), -1, dtype=np.int8),
        chosen=np.zeros((actors, most_options(case), worlds), dtype=np.int16),
        defended=np.zeros(worlds, dtype=bool),
        coercions_running=np.zeros((2, worlds), dtype=np.int64),
        offered=np.zeros((2, worlds), dtype=bool),
        kept_promise=np.zeros((2, worlds), dtype=bool),
    )
    state.position = pivot_position(state, roles, p)
    return state


def _fatigue_at_start(roles: RoleIndex, p: Parameters, worlds: int) -> Array:
    starts = [p.of(seat).fatigue_start * tires for seat, tires in enumerate(_tiring(roles))]
    return np.stack([_wide(start, worlds) for start in starts])


def roles_of(case: Case) -> RoleIndex:
    """Return where the four roles of a case stand on the actors axis."""
    incumbent, rival = (case.repertoire(patron) for patron in PATRONS)
    bonds = [case.actors[case.with_role(patron)].bonds() for patron in PATRONS]
    return RoleIndex(
        pivot=case.index_of("pivot"),
        incumbent=case.index_of("incumbent"),
        rival=case.index_of("rival"),
        threats=case.threats(),
        bonds=(bonds[0], bonds[1]),
        coercing=("COERCE" in incumbent, "COERCE" in rival),
        offering=("OFFER" in incumbent, "OFFER" in rival),
    )


def most_options(case: Case) -> int:
    """Return the length of the acts axis: the most acts that an actor chooses among."""
    return max(len(case.options(key)) for key in case.actors)


def _tiring(roles: RoleIndex) -> list[float]:
    """Return 1 for each patron whose offers tire its public, else 0."""
    return [float("fatigue" in bonds) for bonds in roles.bonds]


def sphere_of(case: Case) -> Sphere:
    """Return who resents gifts to the pivot, and whose acts count toward a patron."""
    roles, ids = roles_of(case), case.actor_ids()
    shares = {
        ids.index(key): [
            (ids.index(case.with_role(patron)), share)
            for patron, share in (actor.counts_as or {}).items()
        ]
        for key, actor in case.actors.items()
    }
    holders = tuple(ids.index(key) for key, actor in case.actors.items() if actor.has_sphere())
    return Sphere(holders, roles.pivot, shares)


def set_ties(state: State, case: Case, ties: dict[str, Memory]) -> bool:
    """Replace the memories of all ties; say whether a level, and so a seat, has changed.

    A tie that has moved in no world keeps the very array of its level.
    """
    before = state.institutions
    changed = any(ties[key].level is not before[key].level for key in ties)
    state.institutions = ties
    if changed:
        state.membership = membership(case, levels_of(ties), state.worlds)
    return changed


def levels_of(ties: dict[str, Memory]) -> dict[str, Array]:
    """Return the levels of all ties."""
    return {key: memory.level for key, memory in ties.items()}


def baselines(scenario: Scenario) -> Array:
    """Return b of every actor toward every other, shape (actors, actors, domains, 1)."""
    ids = scenario.case.actor_ids()
    table = np.zeros((len(ids), len(ids), 3, 1))
    for pair, baseline in scenario.case.baselines.items():
        holder, toward = pair.split(">")
        table[ids.index(holder), ids.index(toward), :, 0] = baseline.values()
    return table


def _wide(value: Array, worlds: int) -> Array:
    return np.broadcast_to(value, (worlds,)).copy()


def prior_belief(p: Parameters, worlds: int) -> tuple[Array, Array]:
    """Return n⁺ and n⁻ of the prior, each of shape (patrons, worlds)."""
    rho = np.broadcast_to(p.reliability, (2, worlds))
    return p.belief_strength * rho, p.belief_strength * (1.0 - rho)


def patron_attention(state: State, roles: RoleIndex, p: Parameters) -> Array:
    """Return the attention of both patrons, shape (patrons, worlds), in [0, 1]."""
    both = [attention_of(state, roles, patron, p) for patron in (INCUMBENT, RIVAL)]
    return np.stack([_wide(each, state.worlds) for each in both])


def attention_of(state: State, roles: RoleIndex, patron: int, p: Parameters) -> Array:
    """Return the attention of one patron by what binds it, shape (1 or worlds,)."""
    bonds, conditions = roles.bonds[patron], state.conditions
    left = conditions["engagement"] if "attention" in bonds else np.ones(1)
    if "load" not in bonds:
        return left
    free = attention(conditions["war_load"], p.of(patron))
    return free * left if "attention" in bonds else free


def open_caps(state: State, p: Parameters) -> Array:
    """Return the caps of the rival seat, the economic one narrowed by transit, by domain."""
    open_road = np.ones((3, 1)) * state.conditions["transit"]
    open_road[[SECURITY, POLITICS]] = 1.0
    return p.rival_caps * open_road


def economic_caps(caps: Array) -> Array:
    """Return the most of each patron's economic seat that can be had, (patrons, 1 or worlds)."""
    return np.stack([np.ones_like(caps[ECONOMY]), caps[ECONOMY]])


def pivot_position(state: State, roles: RoleIndex, p: Parameters) -> Position:
    """Measure where the pivot sits."""
    return position(
        state.regard(roles.pivot, roles.incumbent),
        state.regard(roles.pivot, roles.rival),
        state.membership,
        open_caps(state, p),
        p,
    )


def pole_hostility(state: State, roles: RoleIndex, p: Parameters) -> Array:
    """Return h between the two poles, shape (worlds,)."""
    return hostility(
        state.regard(roles.incumbent, roles.rival),
        state.regard(roles.rival, roles.incumbent),
        p.domain_weights,
    )


def shields(state: State, roles: RoleIndex, p: Parameters) -> Array:
    """Return what each patron stops of an attack for the seats held, shape (patrons, worlds)."""
    return np.stack([patron_shield(state, roles, patron, p) for patron in (INCUMBENT, RIVAL)])


def protection_without(state: State, roles: RoleIndex, p: Parameters, seat: int) -> Array:
    """Return P for the seats held without the patron of one seat, shape (worlds,)."""
    both = [
        np.zeros(state.worlds) if each == seat else patron_shield(state, roles, each, p)
        for each in (INCUMBENT, RIVAL)
    ]
    return least_protection(state.self_help, both, roles.threat_seats)


def patron_shield(state: State, roles: RoleIndex, patron: int, p: Parameters) -> Array:
    """Return what one patron stops of an attack for the seats held, shape (worlds,)."""
    return shield(
        state.position.seats[patron, SECURITY],
        reliability(state.kept[patron], state.broken[patron]),
        p.local_protection[patron],
        attention_of(state, roles, patron, p),
        p.of(patron).inattentive_protection,
    )


@dataclass(frozen=True)
class WeekEnd:
    """A run at the end of a week, as outcomes are computed from it."""

    state: State
    p: Parameters
    roles: RoleIndex
    deciding: bool
    acting: bool

    @property
    def position(self) -> Position:
        """Where the pivot sits."""
        return self.state.position

    @cached_property
    def hostility(self) -> Array:
        """H between the two poles, shape (worlds,), in [0, 1]."""
        return pole_hostility(self.state, self.roles, self.p)

    @cached_property
    def protection(self) -> Array:
        """P of the seats held, shape (worlds,), in [0, 1]: what a threat gives does not count."""
        held = shields(self.state, self.roles, self.p)
        return least_protection(self.state.self_help, held, self.roles.threat_seats)

    def choices(self) -> Codes:
        """Return what each actor chose this week, (actors, worlds); −1 without a decision."""
        made = self.state.choices
        return made if self.deciding else np.full_like(made, -1)

    def defended(self) -> Codes:
        """Return whether an attack chosen this week was answered: 1, 0, or −1 without an attack."""
        attacked = np.zeros(self.state.worlds, dtype=bool)
        for index, code in self.roles.threats:
            attacked = attacked | (self.state.choices[index] == code)
        attacked = attacked & (self.deciding and self.acting)
        return np.where(attacked, self.state.defended, -1).astype(np.int8)
