"""The names of outcomes and inputs for readers."""

from __future__ import annotations

import math
from typing import cast

from two_chairs.axes import PATRONS, Regime
from two_chairs.outcomes import OUTCOMES
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Case

from .numbers import number


def outcome_label(name: str, case: Case) -> str:
    """Return an outcome's name as a reader would say it; an unknown kind keeps its own name."""
    head, *rest = name.split(":")
    if ">" in head:
        holder, toward = (case.actors[key].name for key in head.split(">"))
        return f"{holder} → {toward}, {rest[0]}"
    if head == "regime":
        return f"{case.regimes[cast(Regime, rest[0])]} (share)"
    if head == "posture":
        return f"posture {rest[0]} (share)"
    words = OUTCOMES[name].words if name in OUTCOMES else name.replace("_", " ")
    for patron in PATRONS:
        words = words.replace(patron, case.actors[case.with_role(patron)].name)
    return words


FAMILY_LABELS = {
    "theory": "theory parameters",
    "coding": "coding of events",
    "luck": "luck",
}
"""Names of the families of what varies in a study of sensitivity."""


def axis_label(name: str) -> str:
    """Return the name of an axis of a study of sensitivity as a reader would say it."""
    head, _, key = name.partition(":")
    if head == "weight":
        return f"weight of {key}"
    if name == "scale":
        return "scale: Goldstein or PLOVER"
    return name.replace("_", " ")


def input_name(name: str) -> str:
    """Return an input's name with its symbol, as in ``institution share χ``."""
    if name not in PARAMETERS:
        return name
    symbol = PARAMETERS[name].symbol
    words = name.replace("_", " ")
    return words if symbol in {words, name} else f"{words} {symbol}"


def input_label(name: str) -> str:
    """Return an input's name with its symbol and unit, as on an axis."""
    return f"{input_name(name)} ({unit_of(name)})" if name in PARAMETERS else name


def unit_of(name: str) -> str:
    """Return the unit of an input; a dated condition is a share."""
    return PARAMETERS[name].unit if name in PARAMETERS else "share"


def bounded(name: str, low: float, high: float) -> str:
    """Say how an input is bounded; an infinite end is free.

    Examples
    --------
    >>> bounded("fear", -math.inf, 1.25)
    'fear ≤ 1.25'
    """
    words = input_name(name)
    if not math.isfinite(low):
        return f"{words} ≤ {number(high)}"
    if not math.isfinite(high):
        return f"{words} ≥ {number(low)}"
    return f"{number(low)} ≤ {words} ≤ {number(high)}"
