"""All kinds of tie together: the union of their records, and what ties add to the seats."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Union

import numpy as np
from pydantic import Field

from two_chairs.axes import PATRONS, Array, Flags

from .tie import Memory, Tie

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
    parts = []
    for patron in PATRONS:
        for domain, base in enumerate(case.seats[patron].base.values()):
            total = np.full(worlds, base)
            for tie in case.institutions:
                weight = tie.weights.values()[domain]
                if tie.seat == patron and weight != 0.0:
                    total = total + weight * levels[tie.id]
            parts.append(np.minimum(1.0, total))
    return np.stack(parts).reshape(2, 3, worlds)


def promised(ties: Sequence[Tie], memories: Mapping[str, Memory], seat: int) -> Flags:
    """Say where the patron of a seat still owes an answer to an attack, shape (1 or worlds,).

    A treaty that was left binds nobody. Where no tie of the seat is a promise of defence, what an
    attack is coded to be covered by holds.
    """
    standing = [
        memories[tie.id].level > 0.0 for tie in ties if tie.promises_defence and tie.at == seat
    ]
    return reduce(np.logical_or, standing) if standing else np.array([True])


@dataclass(slots=True)
class _Course:
    """How one tie stands in the course of what a scenario sets."""

    standing: float
    announced: Intervention | None = None
    effect: int = 0


def weeks_of_changes(scenario: Scenario) -> dict[str, int]:
    """Return the week in which each change of a tie's level takes effect, by the change's id.

    A change waits for the notice of its kind. A later one on the same tie withdraws what is
    announced and not yet in effect; one that only repeats it is nothing. Neither is in the table.
    """
    ties = {tie.id: tie for tie in scenario.case.institutions}
    courses = {key: _Course(level) for key, level in scenario.institutions.items()}
    found: dict[str, int] = {}
    for change in sorted(scenario.interventions, key=lambda change: (change.date, change.id)):
        if change.institution is None or change.level is None:
            continue
        course, week = courses[change.institution], scenario.week_of(change.date)
        pending = course.announced
        if pending is not None and pending.level is not None:
            if course.effect <= week:
                course.standing = pending.level
            elif pending.level == change.level:
                continue
            else:
                found.pop(pending.id)
        notice = ties[change.institution].notice(course.standing, change.level)
        course.announced, course.effect = change, week + notice
        found[change.id] = course.effect
    return found


def ties_of(scenario: Scenario) -> tuple[Tie, ...]:
    """Return the ties of a scenario, each with its level on record when agents begin to act."""
    act_from = scenario.agents_act_from
    if act_from is None:
        return scenario.case.institutions
    effects = weeks_of_changes(scenario)
    levels = dict(scenario.institutions)
    for change in sorted(scenario.interventions, key=lambda each: effects.get(each.id, 0)):
        known = effects.get(change.id, scenario.weeks) < scenario.week_of(act_from)
        if known and change.institution is not None and change.level is not None:
            levels[change.institution] = change.level
    return tuple(tie.with_record(levels[tie.id]) for tie in scenario.case.institutions)
