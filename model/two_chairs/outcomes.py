"""Outcomes: what is read off a run, each declared once.

A declaration says what an array of a run holds, how it is computed at the end of a week, how the
outcomes in it are named, and where they are shown by default. To add an outcome, write its rule
and add its declaration to `DECLARED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .axes import ACTS, DOMAINS, INCUMBENT, PATRONS, POSTURES, REGIMES, Array, Role
from .errors import InputError, Problem, nearest
from .rules import balance, payoffs, position

if TYPE_CHECKING:
    from two_chairs.scenario.records import Case
    from two_chairs.world.state import WeekEnd

View = Literal["summary", "compare", "where", "weekly"]
"""Where an outcome is shown by default: the summary of a run and its file of weeks; comparisons
and sweeps; the table of where the pivot sits; the figure of a sweep's weeks."""

MOST_ACTS = max(len(POSTURES), len(ACTS))
"""Acts that an actor can choose among at most: a case may give it those of several roles."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An array of a run, and the outcomes that are read from it.

    Attributes
    ----------
    name
        Of the array; also of the outcome, if the array is one number a week and world.
    words, meaning
        Name for readers, in which a role stands for the actor that has it; what it is.
    compute
        Returns it at the end of a week, shape (axes, worlds).
    unit, low, high
        Unit and range of its values.
    axes
        Its axes between the first, weeks, and the last, worlds.
    codes
        What its values are codes of; an outcome in it is then 1 where the code is met, else 0.
    example
        How an outcome in it is named; empty where none is.
    shown
        Where it is shown by default, and which place it has there.
    source
        The array from which ``derive`` makes it on request; such an outcome is not recorded
        by default.
    derive
        Returns it from ``source``, with or without an axis of weeks before all others.
    """

    name: str
    words: str
    meaning: str
    compute: Callable[[WeekEnd], NDArray[Any]]
    unit: str = "share"
    low: float = 0.0
    high: float = 1.0
    axes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    example: str = ""
    shown: Mapping[str, int] = field(default_factory=dict)
    source: str = ""
    derive: Callable[[Array], Array] | None = None

    @property
    def is_yes_no(self) -> bool:
        """Whether an outcome in it is so or not in each world, and is told as a share of worlds."""
        return bool(self.codes)


def index(
    name: str,
    words: str,
    meaning: str,
    compute: Callable[[WeekEnd], Array],
    low: float = 0.0,
    **shown: int,
) -> Outcome:
    """Declare an outcome that is one number a week and world, at most 1."""
    return Outcome(name, words, meaning, compute, low=low, example=name, shown=shown)


def walk_balance_of(alignments: Array) -> Array:
    """Return the walk balance of alignments, shape (…, worlds)."""
    return balance.walk_balance(balance.mutual(alignments))


DECLARED: tuple[Outcome, ...] = (
    index("tilt", "tilt", "rival's seat less incumbent's seat", lambda now: now.position.tilt,
          -1.0, summary=1, compare=1, where=1, weekly=1),
    index("breadth", "breadth", "1 if both seats are held alike, 0 if one at most is held",
          lambda now: position.breadth(now.position.incumbent_seat, now.position.rival_seat),
          summary=2, compare=2, where=4, weekly=4),
    index("level", "level", "the seat held more",
          lambda now: position.level(now.position.incumbent_seat, now.position.rival_seat),
          summary=3),
    index("split", "split", "how far the domains lean different ways",
          lambda now: position.split(now.position.seats, now.position.tilt, now.p.domain_weights),
          summary=4, compare=3, where=5, weekly=5),
    index("strain", "strain", "tension of two seats between hostile poles",
          lambda now: position.strain(
              now.position.incumbent_seat, now.position.rival_seat, now.hostility),
          summary=5, compare=4, where=6, weekly=6),
    index("incumbent_seat", "incumbent's seat", "occupancy of the incumbent's chair",
          lambda now: now.position.incumbent_seat, summary=7, compare=5, where=2, weekly=2),
    index("rival_seat", "rival's seat", "occupancy of the rival's chair",
          lambda now: now.position.rival_seat, summary=8, compare=6, where=3, weekly=3),
    index("security", "security", "payoff to the pivot: safety from attack",
          lambda now: payoffs.security_payoff(now.state.threat, now.protection),
          summary=9, compare=7),
    index("welfare", "welfare", "payoff to the pivot: value of both economic seats",
          lambda now: payoffs.welfare_payoff(now.position.seats, now.state.coercion, now.p),
          summary=10, compare=8),
    index("autonomy", "autonomy", "payoff to the pivot: room from its protectors",
          lambda now: payoffs.autonomy_payoff(now.position.seats, *now.state.dependence),
          summary=11, compare=9),
    index("loss", "loss", "the incumbent's loss by the pivot's tilt",
          lambda now: position.loss_of(now.position.tilt, now.p, INCUMBENT)),
    index("coercion", "coercion", "coercion in force",
          lambda now: now.state.coercion.max(axis=0),
          summary=12, compare=10, weekly=7),
    index("threat", "threat", "threat that the pivot perceives", lambda now: now.state.threat,
          summary=13),
    index("fatigue", "fatigue", "the rival's fatigue of enlargement",
          lambda now: now.state.fatigue.max(axis=0)),
    index("self_help", "self help", "share of attacks that the pivot stops by itself",
          lambda now: now.state.self_help),
    index("protection", "protection", "share of attacks that are stopped by all together",
          lambda now: now.protection),
    index("hostility", "hostility", "between the two poles", lambda now: now.hostility,
          summary=6),
    Outcome("alignment", "alignment", "of an actor toward another, by domain",
            lambda now: now.state.alignments(), "alignment", -1.0,
            axes=("holder", "toward", "domain"), example="A>B:security"),
    Outcome("seats", "seats", "occupancy of a patron's seat, by domain",
            lambda now: now.position.seats, axes=("patron", "domain"),
            example="seat:incumbent:security"),
    Outcome("belief", "belief", "that the patron defends the pivot",
            lambda now: now.state.belief(), axes=("patron",), example="belief:incumbent"),
    Outcome("dependence", "dependence", "security dependence on the patron",
            lambda now: now.state.dependence, axes=("patron",), example="dependence:incumbent"),
    Outcome("institutions", "institutions", "level of a tie",
            lambda now: now.state.levels(), axes=("institution",), example="institution:ID"),
    Outcome("regime", "regime", "which chairs are held", lambda now: np.asarray(now.state.regime),
            "code", 0, len(REGIMES) - 1, codes=REGIMES, example="regime:two-chairs"),
    Outcome("posture", "posture", "of the pivot", lambda now: now.state.posture,
            "code", 0, len(POSTURES) - 1, codes=POSTURES, example="posture:HEDGE"),
    Outcome("choices", "choices", "act chosen this week, −1 without a decision",
            lambda now: now.choices(), "code", -1, MOST_ACTS - 1, axes=("actor",)),
    Outcome("chosen", "chosen", "quarters so far in which an actor chose an act",
            lambda now: now.state.chosen, "quarters", 0, np.inf, axes=("actor", "act"),
            example="chose:ID:ACT"),
    Outcome("defended", "defended", "1 where an attack chosen this week was answered, 0 where it "
            "was not, −1 without one", lambda now: now.defended(), "code", -1, 1),
    Outcome("walk_balance", "walk balance", "balance of regard among all actors, 1 without strain",
            lambda now: walk_balance_of(now.state.alignments()), example="walk_balance",
            source="alignment", derive=walk_balance_of),
)  # fmt: skip
OUTCOMES: Mapping[str, Outcome] = {outcome.name: outcome for outcome in DECLARED}
INDICES = tuple(o.name for o in DECLARED if o.example == o.name and o.derive is None)
"""Outcomes that are one number a week and world, and are recorded by default."""
AXES: Mapping[str, tuple[str, ...]] = {outcome.name: outcome.axes for outcome in DECLARED}
"""Axes of every recorded array between the first, weeks, and the last, worlds."""
USUAL = tuple(outcome.name for outcome in DECLARED if outcome.derive is None)
"""Arrays that are recorded by default; the others follow from them on request."""
OUTCOME_SHAPES = tuple(outcome.example for outcome in DECLARED if outcome.example)
"""The names that outcomes can have, an example for each family."""
_FAMILIES = {outcome.example.split(":")[0]: outcome for outcome in DECLARED if outcome.example}


def shown_in(view: View) -> tuple[str, ...]:
    """Return the indices that a view shows by default, in its order."""
    shown = [outcome for outcome in DECLARED if view in outcome.shown]
    return tuple(outcome.name for outcome in sorted(shown, key=lambda one: one.shown[view]))


@dataclass(frozen=True, slots=True)
class Cast:
    """The names that outcomes are made of: actors with their roles, and institutions."""

    roles: Mapping[str, Role]
    institutions: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    """What each actor chooses among, by its id; its codes are the indices in the tuple."""

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids along the actors axis."""
        return tuple(self.roles)

    def along(self, axis: str) -> tuple[str, ...]:
        """Return the names along an axis; acts have none of their own, but those of an actor."""
        if axis in ("holder", "toward", "actor"):
            return self.actors
        named = {"domain": DOMAINS, "patron": PATRONS, "institution": self.institutions}
        return named[axis]


def cast_of(case: Case) -> Cast:
    """Return the names of a case."""
    roles = {key: actor.role for key, actor in case.actors.items()}
    options = {key: case.options(key) for key in case.actors}
    return Cast(roles, tuple(tie.id for tie in case.institutions), options)


@dataclass(frozen=True, slots=True)
class Selection:
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


def read_outcome(name: str, cast: Cast, where: str) -> Selection:
    """Find an outcome by its name.

    Parameters
    ----------
    name
        As in ``tilt``, ``A>B:security``, ``seat:incumbent:security`` (`OUTCOME_SHAPES`).
    cast
        The actors and institutions that the name may hold.
    where
        Place of the name for the reader of an error: a file and key, an option, an argument.

    Raises
    ------
    InputError
        If it is the name of no outcome, with what would be right.
    """
    head, *parts = name.split(":")
    if ">" in head:
        family, parts = _FAMILIES["A>B"], [*head.split(">", 1), *parts]
    elif head in _FAMILIES:
        family = _FAMILIES[head]
    else:
        raise _no_outcome(name, where, OUTCOME_SHAPES)
    if len(parts) != len(family.axes or family.codes[:1]):
        raise _no_outcome(name, where, () if ">" in head else (family.example,))
    if family.codes:
        return Selection(family.name, (), _index(parts[0], family.codes, where))
    found: list[int] = []
    for axis, part in zip(family.axes, parts, strict=True):
        names = cast.options[parts[0]] if axis == "act" else cast.along(axis)
        found.append(_index(part, names, where))
    return Selection(family.name, tuple(found))


def is_yes_no(name: str) -> bool:
    """Say whether an outcome is so or not in each world, and so is told as a share of worlds.

    Parameters
    ----------
    name
        Name of an outcome, with or without ``@DATE``.

    Examples
    --------
    >>> is_yes_no("regime:two-chairs@end"), is_yes_no("tilt")
    (True, False)
    """
    head = name.partition("@")[0].partition(":")[0]
    return head in _FAMILIES and _FAMILIES[head].is_yes_no


def outcome_problems(name: str, cast: Cast, where: str) -> list[Problem]:
    """Return what is wrong with the name of an outcome: nothing, or one problem."""
    try:
        read_outcome(name, cast, where)
    except InputError as error:
        return list(error.problems)
    return []


def _no_outcome(name: str, where: str, shapes: Sequence[str]) -> InputError:
    remedy = nearest(name, shapes or OUTCOME_SHAPES)
    return InputError.at(where, f"'{name}' is not an outcome; {remedy}")


def _index(part: str, names: Sequence[str], where: str) -> int:
    if part not in names:
        text = f"'{part}' is not one of the names there; {nearest(part, names)}"
        raise InputError.at(where, text)
    return names.index(part)
