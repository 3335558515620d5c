"""All kinds of tie together: their union, a week of any of them, and what they add to the seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from two_chairs.axes import PATRONS, Array
from two_chairs.parameters import Parameters

from .association_ladder import AssociationLadder, association_ladder
from .economic_union import EconomicUnion, economic_union
from .memory import Memory, Signals
from .regional_organisation import RegionalOrganisation, regional_organisation
from .security_treaty import SecurityTreaty, security_treaty
from .treaty_membership import TreatyMembership

if TYPE_CHECKING:
    from two_chairs.scenario.records import Case, Intervention, Scenario


def membership(case: Case, levels: dict[str, Array], worlds: int) -> Array:
    """Return I, the institutions' part of both seats, shape (patrons, domains, worlds), in [0, 1].

    Each seat is its base and the sum of its ties' levels times their weights, at most one.
    """
    parts = np.empty((2, 3, worlds))
    for seat, patron in enumerate(PATRONS):
        for domain, base in enumerate(case.seats[patron].base.values()):
            total = np.full(worlds, base)
            for tie in case.institutions:
                weight = tie.weights.values()[domain]
                if tie.seat == patron and weight != 0.0:
                    total = total + weight * levels[tie.id]
            parts[seat, domain] = np.minimum(1.0, total)
    return parts


def next_week(tie: AnyTie, memory: Memory, s: Signals, case: Case, p: Parameters) -> Memory:
    """Return the memory of a tie after a week."""
    match tie:
        case SecurityTreaty():
            return security_treaty(tie, memory, s)
        case EconomicUnion():
            return economic_union(tie, memory, s, case, p)
        case RegionalOrganisation():
            return regional_organisation(tie, memory, s)
        case AssociationLadder():
            return association_ladder(tie, memory, s)
        case _:
            return memory


def notice_weeks(scenario: Scenario, change: Intervention) -> int:
    """Return the weeks between announcing a change of level and its effect.

    A treaty of the kind ``treaty-membership`` is left only after notice; all else is at once.
    """
    tie = next((t for t in scenario.case.institutions if t.id == change.institution), None)
    if not isinstance(tie, TreatyMembership) or change.level is None:
        return 0
    earlier = [
        other
        for other in scenario.interventions
        if other.institution == tie.id and other.date < change.date
    ]
    before = max(earlier, key=lambda other: other.date).level if earlier else None
    standing = scenario.institutions[tie.id] if before is None else before
    return tie.notice_weeks if change.level < standing else 0


AnyTie = Annotated[
    SecurityTreaty | EconomicUnion | RegionalOrganisation | AssociationLadder | TreatyMembership,
    Field(discriminator="kind"),
]
