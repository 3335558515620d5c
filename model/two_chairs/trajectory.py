"""What a run leaves: arrays with named axes, week by week, and outcomes read from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .actors import (
    ADVERSARY_ACTS,
    DOMAINS,
    INCUMBENT_ACTS,
    PATRONS,
    POSTURES,
    REGIMES,
    RIVAL_ACTS,
    Array,
    Regime,
    Role,
)
from .errors import nearest
from .scenario import Case, monday

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


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The recorded paths of an ensemble of worlds.

    Attributes
    ----------
    dates
        Monday of every week recorded.
    cast
        Ids along the actors and institution axes.
    arrays
        Name to array of shape (weeks, axes of ``AXES[name]``, worlds), as at the end of each week.
        Choices are codes of each actor's acts, −1 in weeks without a decision; chosen counts
        the quarters so far in which each act was chosen.
    """

    dates: tuple[date, ...]
    cast: Cast
    arrays: Mapping[str, NDArray[np.generic]]

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return int(self.arrays["tilt"].shape[-1])

    def week_of(self, day: date) -> int:
        """Return the place among the recorded weeks of the week that holds a date."""
        return self.dates.index(monday(day))

    def outcome(self, name: str) -> Array:
        """Return an outcome by its name, shape (weeks, worlds).

        Names: an index (``tilt``), ``A>B:security``, ``seat:incumbent:security``,
        ``belief:incumbent``, ``dependence:rival``, ``institution:ID``, ``regime:two-chairs`` and
        ``posture:HEDGE`` (1 where it is so, else 0), ``chose:A:REWARD`` (quarters so far in
        which the actor chose the act, those before agents act for themselves included).

        Raises
        ------
        KeyError
            Says what is wrong with the name and what would be right.
        """
        place = outcome_place(name, self.cast)
        return place.of(self.arrays[place.array])

    def regime_share(self, regime: Regime) -> Array:
        """Return the share of worlds in a regime, week by week."""
        return np.mean(self.arrays["regime"] == REGIMES.index(regime), axis=-1)

    @staticmethod
    def joined(parts: list[Trajectory]) -> Trajectory:
        """Join ensembles of the same scenario side by side along the worlds axis."""
        first = parts[0]
        arrays = {
            name: np.concatenate([part.arrays[name] for part in parts], axis=-1)
            for name in first.arrays
        }
        return Trajectory(first.dates, first.cast, arrays)


class Recorder:
    """Keeps what a run shows of itself, in arrays made when the first week is recorded.

    Parameters
    ----------
    mondays
        Monday of every week of the run.
    cast
        Names of actors and institutions.
    names
        Arrays to record (``AXES``).
    weeks
        Weeks to record, counted from zero; every week if ``None``.
    """

    def __init__(
        self,
        mondays: Sequence[date],
        cast: Cast,
        names: Collection[str],
        weeks: Collection[int] | None,
    ) -> None:
        self._mondays, self._cast, self._names = tuple(mondays), cast, tuple(names)
        wanted = range(len(self._mondays)) if weeks is None else sorted(set(weeks))
        self._places = {week: place for place, week in enumerate(wanted)}
        self._arrays: dict[str, NDArray[Any]] = {}
        self._recorded = 0

    def wants(self, week: int) -> bool:
        """Say whether a week is to be recorded."""
        return bool(self._names) and week in self._places

    def add(self, week: int, readings: Mapping[str, Callable[[], NDArray[Any]]]) -> None:
        """Record a week; weeks come in order."""
        place = self._places[week]
        for name in self._names:
            value = readings[name]()
            if name not in self._arrays:
                self._arrays[name] = np.empty((len(self._places), *value.shape), value.dtype)
            self._arrays[name][place] = value
        self._recorded = place + 1

    def trajectory(self, worlds: int) -> Trajectory:
        """Return what was recorded of the first worlds."""
        weeks = list(self._places)[: self._recorded]
        dates = tuple(self._mondays[week] for week in weeks)
        arrays = {name: array[: len(weeks), ..., :worlds] for name, array in self._arrays.items()}
        return Trajectory(dates, self._cast, arrays)


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
