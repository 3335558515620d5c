"""Names of outcomes for readers: with the names of a case instead of roles and ids."""

from __future__ import annotations

from typing import cast

from two_chairs.actors import PATRONS, Regime
from two_chairs.scenario import Case


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
    for patron in PATRONS:
        if head == f"{patron}_seat":
            return f"{case.actors[case.with_role(patron)].name}'s seat"
    return name.replace("_", " ")


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
