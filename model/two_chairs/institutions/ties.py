"""All kinds of tie together: the union of their records, and what ties add to the seats."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Union

import numpy as np
from pydantic import Field

from two_chairs.axes import PATRONS, Array

from .tie import Tie

if TYPE_CHECKING:
    from two_chairs.scenario.records import Case, Intervention, Scenario


def _kinds() -> tuple[type[Tie], ...]:
    """Return the kinds of tie in the files of this package, by the names of their files."""
    names = [module.name for module in iter_modules(sys.modules[__package__].__path__)]
    modules = [import_module(f"{__package__}.{name}") for name in names if name != "ties"]
    found = [kind for module in modules for kind in vars(module).values()]
    return tuple(
        dict.fromkeys(
            kind
            for kind in found
            if isinstance(kind, type) and issubclass(kind, Tie) and "kind" in kind.model_fields
        )
    )


KINDS = _kinds()
if TYPE_CHECKING:
    AnyTie = Tie
else:
    AnyTie = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007


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


def notice_weeks(scenario: Scenario, change: Intervention) -> int:
    """Return the weeks between announcing a change of a tie's level and its effect."""
    tie = next((t for t in scenario.case.institutions if t.id == change.institution), None)
    if tie is None or change.level is None:
        return 0
    earlier = [
        other
        for other in scenario.interventions
        if other.institution == tie.id and other.date < change.date
    ]
    before = max(earlier, key=lambda other: other.date).level if earlier else None
    standing = scenario.institutions[tie.id] if before is None else before
    return tie.notice(standing, change.level)
