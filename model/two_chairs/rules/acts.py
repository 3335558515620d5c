"""The acts that patrons have in common: what each is worth to whichever patron has it.

A patron's repertoire is data of the case; the rule of an act is written here once. Utilities have
shape (worlds,) and are measured from doing nothing; an act that is not open is worth −∞.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from two_chairs.axes import Array, Counts, constant
from two_chairs.parameters import Parameters

from .actor import ActTable, Tables
from .choice import worthwhile

WARNINGS_REMEMBERED = 2
"""Warnings in memory after which a further one is not open; memory fades by one a silent quarter.
Assumption, 1 to 3: see docs/decisions (without it warnings came in three quarters of four)."""
QUARTERS_BEFORE_COERCION = 2
"""Quarters running of a loss above the threshold that coercion needs; definition of the ladder."""


class Numbers(NamedTuple):
    """The numbers of an act where a case gives none."""

    score: float
    domains: tuple[float, float, float]
    material: bool


USUAL: Mapping[str, Numbers] = {
    "NEGLECT": Numbers(0.0, (0.3, 0.3, 0.4), False),
    "HOLD": Numbers(0.0, (0.2, 0.4, 0.4), False),
    "WARN": Numbers(-4.4, (0.3, 0.3, 0.4), False),
    "REWARD": Numbers(6.4, (0.3, 0.5, 0.2), True),
    "COERCE": Numbers(-8.0, (0.0, 0.7, 0.3), True),
    "OFFER": Numbers(5.2, (0.2, 0.4, 0.4), False),
    "DISENGAGE": Numbers(-4.0, (0.4, 0.3, 0.3), False),
    "REFRAIN": Numbers(0.0, (0.0, 0.0, 0.0), False),
    "ATTACK": Numbers(-10.0, (0.80, 0.05, 0.15), True),
}
"""Scores by the CAMEO scale: WARN 130, REWARD 061, COERCE 163, OFFER 031, DISENGAGE 160, ATTACK 190
of severity one; domain weights: assumption, ± .15 (ATTACK ± .1); deed or word by the CAMEO root."""
DEEDS: Mapping[str, str] = {
    "WARN": "{actor} warns",
    "REWARD": "{actor} rewards",
    "COERCE": "{actor} coerces",
    "OFFER": "{actor} offers",
    "DISENGAGE": "{actor} disengages",
}
"""For readers: the acts by which a patron can move an attitude."""


def table_of(options: tuple[str, ...], tables: Tables) -> ActTable:
    """Return the numbers of some acts in a case, by code of the options."""
    usual = [USUAL[act] for act in options]
    table = ActTable(
        constant([numbers.score for numbers in usual]),
        constant([numbers.domains for numbers in usual]),
        constant([numbers.material for numbers in usual]),
    )
    return tables.act_table(options, table)


@dataclass(frozen=True, slots=True)
class PatronView:
    """What a patron knows when it decides, each of shape (worlds,) or (1,)."""

    realised_loss: Array
    """The loss of the pivot's present tilt, in [0, 1]."""
    felt: Array
    """The loss as it is felt: what utilities weigh; thresholds of time go by the realised one."""
    regard: Array
    """The pivot's mean alignment toward the patron."""
    regard_elsewhere: Array
    """The pivot's mean alignment toward the other patron."""
    attention: Array
    """In [0, 1], by what binds the patron."""
    fatigue: Array
    """f, in [0, 1]."""
    dependence: Array
    """The pivot's economic dependence on the patron."""
    quarters_of_loss: Counts
    """Quarters running in which the loss has been above the threshold of coercion."""
    warnings: Counts
    """Warnings that are remembered."""
    coercions: Counts
    """Coercions so far in this spell."""


def nothing(view: PatronView, p: Parameters) -> Array:
    """Return what doing nothing is worth: zero, the measure of the others."""
    del p
    return np.zeros_like(view.realised_loss)


def warn(view: PatronView, p: Parameters) -> Array:
    """Return what a warning is worth, while there is something new in it."""
    said = p.warning_gain * np.maximum(0.0, view.felt - p.warning_threshold)
    return worthwhile(said, view.warnings < WARNINGS_REMEMBERED)


def reward(view: PatronView, p: Parameters) -> Array:
    """Return what a reward is worth: it sways a client that is drifting and still loyal."""
    loyalty = np.maximum(0.0, view.regard)
    swayed = 2.0 * np.minimum(view.felt, 0.5) * (loyalty + p.reward_floor)
    return worthwhile(view.attention * p.reward_gain * swayed - p.reward_cost)


def coerce(view: PatronView, p: Parameters) -> Array:
    """Return what coercion is worth, once the loss has lasted; each in a spell costs more."""
    excess = np.maximum(0.0, view.felt - p.coercion_threshold)
    grip = (p.leverage_floor + view.dependence) * (
        p.coercion_inattentive + p.coercion_attentive * view.attention
    )
    cost = p.coercion_cost * (1.0 + view.coercions.astype(float))
    pressed = p.coercion_gain * excess * grip * (1.0 + p.resolve) - cost
    return worthwhile(pressed, view.quarters_of_loss >= QUARTERS_BEFORE_COERCION)


def offer(view: PatronView, p: Parameters) -> Array:
    """Return what an offer is worth: it is drawn by regard and by a rift with the other patron."""
    rift = np.maximum(0.0, p.rift_level - view.regard_elsewhere)
    drawn = 0.5 * p.offer_gain * np.maximum(0.0, view.regard) + p.wedge * rift
    made = view.attention * drawn - p.fatigue_cost * view.fatigue - p.offer_cost
    return worthwhile(made, view.attention >= p.offer_engagement)


def disengage(view: PatronView, p: Parameters) -> Array:
    """Return what turning away is worth to a patron of little attention."""
    left = worthwhile(p.disengagement_level - view.attention)
    return np.broadcast_to(left, view.regard.shape)


UTILITIES: Mapping[str, Callable[[PatronView, Parameters], Array]] = {
    "NEGLECT": nothing,
    "HOLD": nothing,
    "WARN": warn,
    "REWARD": reward,
    "COERCE": coerce,
    "OFFER": offer,
    "DISENGAGE": disengage,
}
"""The acts that a patron chooses among by their worth; an attack comes by chance (`threat`)."""


def utilities(options: tuple[str, ...], view: PatronView, p: Parameters) -> Array:
    """Return the utility of every act of a repertoire that is chosen, shape (acts, worlds)."""
    return np.stack([UTILITIES[act](view, p) for act in options if act in UTILITIES])
