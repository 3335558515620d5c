"""Attitudes: how they fade, and what acts do to them (reception, expression, observation).

An act is directed: an actor does something to a target. It moves the target's alignment toward
the actor (reception), the actor's toward the target (expression) and everybody else's toward the
actor (observation). Pure functions on arrays whose last axis is ``worlds``. Equations and symbols:
``docs/model.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from two_chairs.axes import Array, Codes, Flags
from two_chairs.parameters import Parameters


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


Channel = Literal["reception", "expression", "observation"]
Regard = Callable[[int, int], Array]


@dataclass(frozen=True, slots=True)
class Act:
    """One directed act, recorded or chosen, in every world at once.

    Attributes
    ----------
    id
        Of the event or of the agent's kind of act; acts of a week are added in the order given.
    actor, target
        Indices on the actors axis.
    score
        G, shape (1 or worlds,); alliance tests may leave [−10, 10].
    domains
        ω, shape (domains, 1 or worlds), sums to one over domains.
    material
        Deed or word, shape (1 or worlds,).
    weight
        w ≥ 0, shape (1 or worlds,); zero where the act does not happen.
    noticed
        Share of the weight that observers still take notice of, in [0, 1], shape (1 or worlds,);
        below one for a routine that repeats itself.
    choice, options
        Of an act that an agent chose among its options: the choice, shape (worlds,), and their
        names in the order of its codes.
    habit
        Share that repetition has left of the weight, in (0, 1], shape (1 or worlds,).
    """

    id: str
    actor: int
    target: int
    score: Array
    domains: Array
    material: Flags
    weight: Array
    noticed: Array | float = 1.0
    choice: Codes | None = None
    options: tuple[str, ...] = ()
    habit: Array | float = 1.0


@dataclass(frozen=True, slots=True)
class Impulse:
    """A change Δz of one actor's deviation toward another, shape (domains, worlds)."""

    act: str
    channel: Channel
    holder: int
    toward: int
    change: Array
    fast_share: Array


@dataclass(frozen=True, slots=True)
class Sphere:
    """Who resents gifts to whom: those who hold a sphere watch acts toward the pivot.

    Attributes
    ----------
    holders, pivot
        Indices on the actors axis: who has a sphere, and who lies in it.
    shares
        By actor: the patrons that its acts toward the pivot count toward, each with its share.
    """

    holders: tuple[int, ...]
    pivot: int
    shares: Mapping[int, Sequence[tuple[int, float]]] = field(default_factory=dict)


def felt(score: Array, negativity: Array) -> Array:
    """Return the felt value v(x): x if friendly, λ x if hostile."""
    return np.where(score < 0.0, negativity * score, score)


def mass(weight: Array, material: Flags, verbal_weight: Array) -> Array:
    """Return the effective weight m: words count μ_v of a deed."""
    return weight * np.where(material, 1.0, verbal_weight)


def regard_of_target(
    observer: int, act: Act, friendly: Flags, regard: Regard, sphere: Sphere
) -> Array:
    """Return q, how the observer weighs the act: its alignment toward the target, by domain.

    Sphere rule: to who holds a sphere, a gift by somebody it dislikes to the pivot is hostile in
    proportion to that dislike.
    """
    toward_target = regard(observer, act.target)
    if observer not in sphere.holders or act.target != sphere.pivot:
        return toward_target
    toward_actor = regard(observer, act.actor)
    return np.where((toward_actor < 0.0) & friendly, toward_actor, toward_target)


def impulses(
    act: Act, actors: int, regard: Regard, sphere: Sphere, p: Parameters
) -> Iterator[Impulse]:
    """Yield every impulse of one act, computed from the snapshot that ``regard`` reads.

    Parameters
    ----------
    act
        The act.
    actors
        Number of actors.
    regard
        Gives the alignment (domains, worlds) of one actor toward another in the snapshot.
    sphere
        The client relation of the sphere rule.
    p
        Parameters of the run.
    """
    x = act.score / 10.0
    m = mass(act.weight, act.material, p.verbal_weight)
    fast = np.where(act.material, p.material_fast_share, p.verbal_fast_share)
    reception = p.reception_gain * m * act.domains * felt(x, p.negativity)
    yield Impulse(act.id, "reception", act.target, act.actor, reception, fast)
    if act.target == sphere.pivot:
        for patron, share in sphere.shares.get(act.actor, ()):
            yield Impulse(act.id, "reception", act.target, patron, share * reception, fast)
    expression = p.expression_gain * m * act.domains * x
    yield Impulse(act.id, "expression", act.actor, act.target, expression, fast)
    for observer in range(actors):
        if observer not in (act.actor, act.target):
            q = regard_of_target(observer, act, x > 0.0, regard, sphere)
            seen = p.observer_gain * (m * act.noticed)
            observed = seen * act.domains * felt(x * q, p.negativity)
            yield Impulse(act.id, "observation", observer, act.actor, observed, fast)
