"""Outcomes: the names of what is read off a run, and where each stands in its arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from .axes import (
    ADVERSARY_ACTS,
    DOMAINS,
    INCUMBENT_ACTS,
    PATRONS,
    POSTURES,
    REGIMES,
    RIVAL_ACTS,
    Array,
    Role,
)
from .errors import nearest

if TYPE_CHECKING:
    from two_chairs.scenario.records import Case

INDICES = (
    "tilt", "breadth", "level", "split", "strain", "incumbent_seat", "rival_seat",
    "security", "welfare", "autonomy", "loss", "coercion", "threat", "fatigue",
    "self_help", "protection", "hostility",
)  # fmt: skip
"""Outcomes that are one number a week and world."""
AXES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(INDICES, ()),
    "alignment": ("holder", "toward", "domain"),
    "seats": ("patron", "domain"),
    "belief": ("patron",),
    "dependence": ("patron",),
    "institutions": ("institution",),
    "regime": (),
    "posture": (),
    "choices": ("actor",),
    "chosen": ("actor", "act"),
    "defended": (),
}
"""Axes of every recorded array between the first, weeks, and the last, worlds."""
CHOICES: Mapping[Role, tuple[str, ...]] = {
    "pivot": POSTURES,
    "incumbent": INCUMBENT_ACTS,
    "rival": RIVAL_ACTS,
    "adversary": ADVERSARY_ACTS,
    "bystander": (),
}
"""What each role chooses among; its codes are the places in the tuple."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The names that outcomes are made of: actors with their roles, and institutions."""

    roles: Mapping[str, Role]
    institutions: tuple[str, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids along the actors axis."""
        return tuple(self.roles)


def cast_of(case: Case) -> Cast:
    """Return the names of a case."""
    roles = {key: actor.role for key, actor in case.actors.items()}
    return Cast(roles, tuple(tie.id for tie in case.institutions))


OUTCOME_SHAPES = (
    *INDICES, "A>B:security", "seat:incumbent:security", "belief:incumbent",
    "dependence:incumbent", "institution:ID", "regime:two-chairs", "posture:HEDGE", "chose:ID:ACT",
)  # fmt: skip
"""The names that outcomes can have, an example for each family."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an outcome stands: an array, an index into its middle axes, a code to compare with."""

    array: str
    index: tuple[int, ...] = ()
    code: int | None = None

    def of(self, recorded: NDArray[Any]) -> Array:
        """Return the outcome, shape (weeks, worlds), from the array in which it stands."""
        for part in self.index:
            recorded = recorded[:, part]
        if self.code is not None:
            recorded = recorded == self.code
        return recorded.astype(float, copy=False)


def outcome_place(name: str, cast: Cast) -> Place:
    """Find an outcome by its name; raises `KeyError` with a remedy in its text."""
    head, *rest = name.split(":")
    if head in INDICES and not rest:
        return Place(head)
    if ">" in head and len(rest) == 1:
        holder, toward = (_index(part, cast.actors) for part in head.split(">", 1))
        return Place("alignment", (holder, toward, _index(rest[0], DOMAINS)))
    length, find = _FAMILIES.get(head, (-1, None))
    if find is not None and len(rest) == length:
        return find(cast, *rest)
    shapes = [shape for shape in OUTCOME_SHAPES if shape.split(":")[0] == head]
    raise KeyError(f"'{name}' is not an outcome; {nearest(name, shapes or OUTCOME_SHAPES)}")


def _choice_place(cast: Cast, actor: str, act: str) -> Place:
    place = _index(actor, cast.actors)
    return Place("chosen", (place, _index(act, CHOICES[cast.roles[actor]])))


_FAMILIES: Mapping[str, tuple[int, Callable[..., Place]]] = {
    "seat": (2, lambda _, p, d: Place("seats", (_index(p, PATRONS), _index(d, DOMAINS)))),
    "belief": (1, lambda _, p: Place("belief", (_index(p, PATRONS),))),
    "dependence": (1, lambda _, p: Place("dependence", (_index(p, PATRONS),))),
    "institution": (1, lambda cast, t: Place("institutions", (_index(t, cast.institutions),))),
    "regime": (1, lambda _, r: Place("regime", (), _index(r, REGIMES))),
    "posture": (1, lambda _, p: Place("posture", (), _index(p, POSTURES))),
    "chose": (2, _choice_place),
}
"""Families of outcomes: how many parts follow the head, and where they stand."""


def _index(part: str, names: tuple[str, ...]) -> int:
    if part not in names:
        raise KeyError(f"'{part}' is not one of the names there; {nearest(part, names)}")
    return names.index(part)
