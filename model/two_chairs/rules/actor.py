"""What an actor of any role is: it senses, decides, acts, and only then commits.

A role is a file of this package named as the role in `ROLES`: its rule, its tables, and a subclass
of `Behaviour`. Sensing, deciding and acting change nothing; only committing writes to the state.
Arrays end in the worlds axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np

from two_chairs.axes import PATRONS, Array, Codes, Counts, Flags
from two_chairs.parameters import Parameters
from two_chairs.randomness import gumbel

from .attitudes import Act
from .choice import choose, looked_up

if TYPE_CHECKING:
    from two_chairs.world.state import State


@dataclass(frozen=True, slots=True)
class RoleIndex:
    """Where the roles stand on the actors axis, and what the patrons can do.

    Attributes
    ----------
    pivot, incumbent, rival
        Indices on the actors axis.
    threats
        Index of every actor that may attack, with the code of its attack.
    bonds, coercing, offering
        Of both patrons, the incumbent first: what binds it, whether it may coerce and offer.
    """

    pivot: int
    incumbent: int
    rival: int
    threats: tuple[tuple[int, int], ...]
    bonds: tuple[frozenset[str], frozenset[str]]
    coercing: tuple[bool, bool]
    offering: tuple[bool, bool]

    @property
    def patrons(self) -> tuple[int, int]:
        """Index of both patrons, the incumbent first."""
        return self.incumbent, self.rival

    @property
    def threat_seats(self) -> tuple[int | None, ...]:
        """Seat of everybody who may attack, each once; ``None`` for all that are no patrons."""
        seats = [self.patrons.index(at) if at in self.patrons else None for at, _ in self.threats]
        return tuple(dict.fromkeys(seats))


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to see when a quarter closes, the same for all.

    Attributes
    ----------
    p, roles, state
        Parameters of the run, where the roles stand, and the state: to be read only, until all
        have acted.
    attention
        Attention of the patrons (att, g), shape (patrons, worlds), in [0, 1].
    hostility
        h between the poles, shape (worlds,), in [0, 1].
    shields
        What each patron stops of an attack for the seats held, shape (patrons, worlds).
    promised
        Whether a patron still owes an answer to an attack, by seat, each (1 or worlds,).
    acting
        Whether agents act for themselves; before that only the posture takes effect.
    forced_posture
        Code of the posture that the scenario forces on the pivot.
    recorded_posture
        Code of the posture that the pivot is known to have held this week: it stays in force,
        whatever the model would have chosen.
    """

    p: Parameters
    roles: RoleIndex
    state: State
    attention: Array
    hostility: Array
    shields: Array
    promised: tuple[Flags, ...]
    acting: bool
    forced_posture: int | None
    recorded_posture: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an actor has decided: at least a choice, codes of its options, shape (worlds,)."""

    choice: Codes


@dataclass(frozen=True, slots=True)
class ActTable:
    """The numbers of a role's acts, by code of its options.

    Attributes
    ----------
    scores
        G, shape (acts,), in [−10, 10].
    domains
        ω, shape (acts, domains), rows sum to 1.
    material
        Deed or word, shape (acts,).
    """

    scores: Array
    domains: Array
    material: Flags


class Tables(Protocol):
    """The numbers of decisions that a case may give instead of those of the program."""

    def act_table(self, options: tuple[str, ...], usual: ActTable) -> ActTable:
        """Return the table of some acts."""

    def engagements(self, usual: Array) -> Array:
        """Return the engagement that each posture wants, (postures, patrons, domains)."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part that an actor of a case plays.

    Attributes
    ----------
    key, index
        Its id in the case file, and its index on the actors axis.
    options
        What it chooses among, if the case says so; else what its role has.
    bound_by
        What binds it (`Bond`).
    stream, threat_stream
        Names of the luck of its choice, and of its attacks.
    """

    key: str
    index: int
    options: tuple[str, ...] = ()
    bound_by: frozenset[str] = frozenset()
    stream: str = ""
    threat_stream: str = ""


class Draw(Protocol):
    """Draws uniforms of an actor's own luck, shape (rows, worlds); ``None`` without luck."""

    def __call__(self, rows: int, stream: str = "", /) -> Array | None:
        """Return the next uniforms, of a stream of another name if one is given."""


View = TypeVar("View")
Made = TypeVar("Made", bound=Decision)


class Behaviour(Generic[View, Made]):
    """How one actor behaves by its role; it keeps no state of its own.

    Attributes
    ----------
    options
        What it chooses among; choices are codes, the indices in the tuple.
    deeds
        For readers: what it does by each act that can move an attitude, in the case's names.
    part, key, index
        The part that it plays, its id in the case file, and its index on the actors axis.
    """

    options: tuple[str, ...] = ()
    deeds: Mapping[str, str] = {}

    def __init__(self, part: Part, tables: Tables) -> None:
        del tables
        self.part, self.key, self.index = part, part.key, part.index
        self.options = part.options or type(self).options

    def start(self, worlds: int) -> Any:
        """Return what the role remembers from quarter to quarter, as before the first week."""
        del worlds

    def sense(self, now: Scene) -> View:
        """Look at the scene."""
        raise NotImplementedError

    def decide(self, view: View, now: Scene, draw: Draw) -> Made:
        """Choose."""
        raise NotImplementedError

    def act(self, made: Made, now: Scene) -> list[Act]:
        """Return the acts that follow from the decision."""
        del made, now
        return []

    def commit(self, made: Made, now: Scene) -> None:
        """Let the decision take effect on the actor's own means, once all have acted."""


def chosen(utilities: Array, p: Parameters, draw: Draw) -> Codes:
    """Choose among utilities, shape (options, worlds), with an actor's own luck or by argmax."""
    uniforms = draw(len(utilities))
    noise = None if uniforms is None else gumbel(uniforms)
    return choose(utilities, p.choice_temperature, noise)


def act_by_choice(
    actor: Behaviour[Any, Any],
    table: ActTable,
    choice: Codes,
    weight: Array,
    now: Scene,
    habit: Array | float = 1.0,
) -> Act:
    """Return a patron's act toward the pivot, read from its table by its choice."""
    return Act(
        id=f"act:{actor.key}",
        actor=actor.index,
        target=now.roles.pivot,
        score=looked_up(table.scores, choice),
        domains=looked_up(table.domains, choice),
        material=looked_up(table.material, choice),
        weight=weight,
        choice=choice,
        options=actor.options,
        habit=habit,
    )


def remembered(before: Counts, again: Flags) -> Counts:
    """Return a memory of repeats a quarter later: one more if done again, else one less."""
    return np.where(again, before + 1, np.maximum(0, before - 1))


def approach_name(key: str, seat: int) -> str:
    """Return the name of an actor's approach to a patron."""
    return f"act:{key}:approach-{PATRONS[seat]}"
