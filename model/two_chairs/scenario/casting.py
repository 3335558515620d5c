"""What is wrong with the parts that a case gives its actors: roles, acts, what binds them, ties."""

from __future__ import annotations

from collections.abc import Iterator

from two_chairs.axes import CONDITIONS, NEEDED_ROLES, PATRONS
from two_chairs.errors import Problem

from .records import Actor, Case

NEEDED_FOR = {"load": "war_load", "attention": "engagement"}
"""Condition that a bond needs."""
OPTIONAL = ("war_load", "transit")
"""Conditions that a case may leave out even where something would read them."""


def casting_problems(place: str, case: Case) -> list[Problem]:
    """Return everything that is wrong with roles, acts, bonds and conditions of a case."""
    return [
        *_role_problems(place, case),
        *[
            Problem(f"{place}: actors.{key}.{name}", text)
            for key, actor in case.actors.items()
            for name, text in _actor_problems(key, actor)
        ],
    ]


def _role_problems(place: str, case: Case) -> list[Problem]:
    problems = []
    for role in NEEDED_ROLES:
        holders = [key for key, actor in case.actors.items() if actor.role == role]
        if len(holders) != 1:
            listed = ", ".join(holders) or "nobody"
            text = f"the role '{role}' is held by {listed}; exactly one actor must hold it"
            problems.append(Problem(f"{place}: actors", text))
    return problems


def _actor_problems(key: str, actor: Actor) -> Iterator[tuple[str, str]]:
    patron = actor.role in PATRONS
    if actor.counts_as is not None and actor.role in ("pivot", *PATRONS):
        text = f"{key} is the {actor.role}; only others' acts can count as a patron's: leave it out"
        yield "counts_as", text
    for name in ("acts", "bound_by", "sphere"):
        if getattr(actor, name) is not None and not patron:
            text = f"{key} is no patron but {actor.role}, whose rule knows none; leave it out"
            yield name, text
    if patron and actor.acts is not None:
        silent = [act for act in ("NEGLECT", "HOLD") if act in actor.acts]
        if len(silent) != 1:
            listed = " and ".join(act.lower() for act in silent) or "neither"
            yield "acts", f"of neglect and hold a patron has one, {key} has {listed}; keep one"
        twice = sorted({act.lower() for act in actor.acts if actor.acts.count(act) > 1})
        if twice:
            yield "acts", f"{', '.join(twice)} stands twice; keep one"


def condition_problems(place: str, case: Case) -> list[Problem]:
    """Return conditions that something in the case reads and that are missing."""
    bonds = {bond for patron in PATRONS for bond in case.actors[case.with_role(patron)].bonds()}
    needed = {NEEDED_FOR[bond] for bond in bonds if bond in NEEDED_FOR}
    needed |= {"stake", "peace"} if case.threats() else set()
    return [
        Problem(f"{place}: conditions.{name}", "is missing; add it")
        for name in CONDITIONS
        if name in needed and name not in case.conditions and name not in OPTIONAL
    ]


def kind_problems(place: str, case: Case) -> list[Problem]:
    """Return ties whose rule needs an act that the patron of their seat has not."""
    problems = []
    for tie in case.institutions:
        acts = case.repertoire(tie.seat)
        missing = [act for act in tie.needs if act not in acts]
        if missing:
            kind, act = getattr(tie, "kind", ""), missing[0].lower()
            text = (
                f"'{kind}' knows no seat of a patron that does not {act}; "
                f"{case.with_role(tie.seat)} has {', '.join(act.lower() for act in acts)}: "
                "change the seat or the kind"
            )
            problems.append(Problem(f"{place}: institutions[{tie.id}].seat", text))
    return problems


def act_problems(place: str, case: Case) -> list[Problem]:
    """Return numbers of acts that nobody in the case has."""
    had = {act for key in case.actors for act in case.options(key)} | {"TEST"}
    return [
        Problem(
            f"{place}: decisions.acts.{act}",
            f"nobody in the case has the act {act.lower()}; give it to a patron or leave it out",
        )
        for act in case.decisions.acts
        if act not in had
    ]
