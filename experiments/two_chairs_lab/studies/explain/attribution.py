"""The model watched: what each cause adds to one target, week by week, with no remainder.

A `Watched` model is the model itself; its path is the same bit for bit. While it runs, it books
every change of the target to the cause that made it, in the model's own order of the week. Why
these shares and no others: ``docs/decisions/0007-attribution.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from two_chairs.axes import (
    INCUMBENT,
    RIVAL,
    SILENT_ACTS,
    Array,
)
from two_chairs.institutions.ties import membership
from two_chairs.parameters import Parameters
from two_chairs.rules.attitudes import Act, Channel, Impulse, alignment, weighted_sum
from two_chairs.rules.position import Position, position
from two_chairs.rules.roles import behaviour_of
from two_chairs.scenario.records import Case, DatedCondition, Intervention, Turn
from two_chairs.world.listener import Change
from two_chairs.world.simulation import Simulation
from two_chairs.world.state import levels_of, open_caps
from two_chairs.world.trajectory import Trajectory

Fading = Literal["apart", "own"]
DECAY, HABITUATION = "decay", "habituation"


def answer_to(event: str) -> str:
    """Return the name of the answer to an attack."""
    return f"{event}:test"


def institution_name(tie: str) -> str:
    """Return the name under which the changes of a tie are booked."""
    return f"institution:{tie}"


def change_name(change: DatedCondition | Intervention | Turn) -> str:
    """Return the name under which a dated change is booked; a tie's level goes to the tie."""
    if isinstance(change, DatedCondition):
        return f"condition:{change.id}"
    if isinstance(change, Turn):
        return f"turn:{change.id}"
    if change.institution is not None:
        return institution_name(change.institution)
    return f"intervention:{change.id}"


def acts_of(case: Case, actor: str) -> dict[str, str]:
    """Return what an actor can do in the model: names of acts, with words for each."""
    behaviour = behaviour_of(case.actors[actor].role, case.part(actor), case.decisions)
    return {f"act:{actor}:{act}": words for act, words in behaviour.deeds.items()}


def mean_slope(before: Array, after: Array, held: Array, p: Parameters) -> Array:
    """Return the mean slope of the occupancy of a seat between two deviations.

    This is the Aumann–Shapley price of a unit of z: the derivative do/dz averaged over the
    straight line from the first z to the last. Times z's change it gives the change of o; there
    is no division by a difference, so it holds at any size of the change, none included.

    Parameters
    ----------
    before, after
        z of the pivot toward the patron, shape (domains, worlds).
    held
        I, the institutions' part of the seat, shape (domains, worlds), in [0, 1].
    p
        Parameters of the run: χ and the rule of occupancy.

    Returns
    -------
    Array
        Shape (domains, worlds), in [0, 1 − χ].
    """
    χ = p.institution_share
    A, B = alignment(before), alignment(after)
    net = p.net_seats > 0.5
    floor = np.where(net, χ * held, 0.0)
    gain = np.where(net, 1.0 - χ, 1.0)
    above = share_above_zero(gain * A + floor, gain * B + floor)
    return (1.0 - χ) * above * mean_slope_of_alignment(before, after)


def mean_slope_of_alignment(before: Array, after: Array) -> Array:
    """Return (tanh b − tanh a)/(b − a) as tanh(b − a)/(b − a)·(1 − tanh a tanh b), in [0, 1]."""
    Δ = after - before
    still = Δ == 0.0
    ratio = np.where(still, 1.0, alignment(Δ) / np.where(still, 1.0, Δ))
    return ratio * (1.0 - alignment(before) * alignment(after))


def share_above_zero(a: Array, b: Array) -> Array:
    """Return the share of the way from a to b above zero: [max(0, b) − max(0, a)]/(b − a).

    Where both are equal it is the slope of max(0, ·) there, that to the right at zero.
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    crossing = (low < 0.0) & (high > 0.0)
    share = np.maximum(0.0, high) / np.where(crossing, high - low, 1.0)
    return np.where(crossing, share, low >= 0.0)


@dataclass(frozen=True, slots=True)
class AlignmentTarget:
    """One alignment in one domain, measured as z = atanh A: there all changes add up."""

    holder: int
    toward: int
    domain: int

    def pairs(self, _model: Simulation) -> tuple[tuple[int, int], ...]:
        """Return the pairs of actors whose deviations the target reads."""
        return ((self.holder, self.toward),)

    def value(self, model: Simulation, _held: Array | None = None) -> Array:
        """Return z, shape (worlds,)."""
        return deviation(model, self.holder, self.toward)[self.domain]

    def prices(self, _model: Simulation, _before: Sequence[Array], after: Sequence[Array]) -> Array:
        """Return what a unit of each z counts, shape (pairs, domains, worlds)."""
        prices = np.zeros((1, *after[0].shape))
        prices[0, self.domain] = 1.0
        return prices


@dataclass(frozen=True, slots=True)
class SeatTarget:
    """A sum of the pivot's seats by domain: the tilt, a whole seat, or a seat in one domain."""

    read: Callable[[Position], Array]
    """Reads the target off a position."""
    weights: Callable[[Parameters], Array]
    """What each seat counts, shape (patrons, domains, 1 or worlds)."""

    def pairs(self, model: Simulation) -> tuple[tuple[int, int], ...]:
        """Return the pairs of actors whose deviations the target reads."""
        return tuple((model.roles.pivot, patron) for patron in model.roles.patrons)

    def value(self, model: Simulation, held: Array | None = None) -> Array:
        """Return the target, shape (worlds,), for the memberships held now or for others."""
        state, pivot = model.state, model.roles.pivot
        at = position(
            state.regard(pivot, model.roles.incumbent),
            state.regard(pivot, model.roles.rival),
            state.membership if held is None else held,
            open_caps(state, model.p),
            model.p,
        )
        return self.read(at)

    def prices(self, model: Simulation, before: Sequence[Array], after: Sequence[Array]) -> Array:
        """Return what a unit of each z counts, shape (pairs, domains, worlds)."""
        slopes = np.stack(
            [
                mean_slope(before[seat], after[seat], model.state.membership[seat], model.p)
                for seat in (INCUMBENT, RIVAL)
            ]
        )
        slopes[RIVAL] *= open_caps(model.state, model.p)
        return self.weights(model.p) * slopes


def deviation(model: Simulation, holder: int, toward: int) -> Array:
    """Return z = atanh b + F + S of one actor toward another, shape (domains, worlds)."""
    state = model.state
    return state.anchor[holder, toward] + state.fast[holder, toward] + state.slow[holder, toward]


@dataclass(frozen=True, slots=True)
class _Move:
    """A change of one of the target's deviations by one cause, shape (domains, worlds)."""

    cause: str
    pair: int
    change: Array


@dataclass(slots=True)
class _Left:
    """What is left of all that one cause has added to one deviation, fast and slow."""

    fast: Array | float = 0.0
    slow: Array | float = 0.0


class Watched:
    """A model with a ledger of what moves one target in some weeks: it listens to the model.

    Parameters
    ----------
    target
        What is explained.
    causes
        Names under which changes are booked; a change by any other cause is our fault.
    weeks
        Weeks to book, counted from zero.
    fading
        ``apart``: all fading is booked as decay. ``own``: what fades of a cause is booked to that
        cause, and decay keeps the fading of what had gathered before the weeks to book.
    arguments, options
        Those of `Simulation`.

    Attributes
    ----------
    model
        The model that is watched.
    ledger
        What each cause added so far, shape (causes, worlds).
    channels
        Channel through which each act moved the target. For one target an act has one: whose
        attitude it is settles whether it received, did or watched the act.
    """

    def __init__(
        self,
        target: AlignmentTarget | SeatTarget,
        causes: Sequence[str],
        weeks: range,
        *arguments: Any,
        fading: Fading = "apart",
        **options: Any,
    ) -> None:
        self.model = Simulation(*arguments, listeners=(self,), **options)
        self.asked_worlds = self.model.asked_worlds
        self.target = target
        self.fading = fading
        self._left: defaultdict[tuple[str, int], _Left] = defaultdict(_Left)
        self.booked_weeks = weeks
        self.rows = {cause: row for row, cause in enumerate(causes)}
        self.ledger = np.zeros((len(causes), self.model.worlds))
        self.channels: dict[str, Channel] = {}
        self._pairs = target.pairs(self.model)
        self._week_began = self._deviations()
        self._moves: list[_Move] = []

    @property
    def booking(self) -> bool:
        """Whether the present week is booked."""
        return self.model.week in self.booked_weeks

    def trajectory(self) -> Trajectory:
        """Return what the model has recorded so far."""
        return self.model.trajectory()

    def account(self) -> tuple[Array, Array]:
        """Run through the weeks to book; return the target before them and after, (worlds,)."""
        while self.model.steps < self.booked_weeks.start:
            self.model.step()
        start = self.target.value(self.model)
        while self.model.steps < self.booked_weeks.stop:
            self.model.step()
        return start, self.target.value(self.model)

    def before(self, change: Change, model: Simulation) -> None:
        """Note how things stand before a change."""
        match change.kind, change.cause:
            case "setting", _:
                self._value = self.target.value(model)
            case (("fading" | "mechanism"), _):
                self._then = self._deviations()
            case "stage", "decay":
                self._week_began = self._deviations()
            case "stage", "institutions":
                self._levels = levels_of(model.state.institutions)

    def after(self, change: Change, model: Simulation) -> None:
        """Book a change, or note it until the week's attitudes are closed."""
        match change:
            case Change("setting", setting=setting) if setting is not None and self.booking:
                self._book(change_name(setting), self.target.value(model) - self._value)
            case Change("fading"):
                self._note_all(DECAY)
                self._let_causes_fade()
            case Change("mechanism", cause):
                self._note_all(cause)
            case Change("impulse", act=act, impulse=impulse) if act and impulse:
                self._note_impulse(act, impulse)
            case Change("stage", "decisions"):
                self._close()
            case Change("stage", "institutions") if self.booking:
                self._book_ties()

    def _deviations(self) -> list[Array]:
        return [deviation(self.model, *pair) for pair in self._pairs]

    def _book(self, cause: str, amount: Array) -> None:
        self.ledger[self.rows[cause]] += amount

    def _let_causes_fade(self) -> None:
        """Note whose the fading is, if that is asked."""
        rates = self.model.rates
        for (cause, pair), left in self._left.items():
            fast, slow = left.fast * rates.kept_fast, left.slow * rates.kept_slow
            faded = (fast - left.fast) + (slow - left.slow)
            left.fast, left.slow = fast, slow
            self._moves += [_Move(cause, pair, faded), _Move(DECAY, pair, -faded)]

    def _note_all(self, cause: str) -> None:
        for pair, (now, then) in enumerate(zip(self._deviations(), self._then, strict=True)):
            self._note(cause, pair, now - then, 0.0)

    def _note(self, cause: str, pair: int, change: Array, fast_share: Array | float) -> None:
        if not self.booking:
            return
        self._moves.append(_Move(cause, pair, change))
        if self.fading == "own" and cause != DECAY:
            left, fast = self._left[cause, pair], fast_share * change
            left.fast, left.slow = left.fast + fast, left.slow + (change - fast)

    def _note_impulse(self, act: Act, impulse: Impulse) -> None:
        """Note an impulse, if it moves a deviation of the target."""
        pair = (impulse.holder, impulse.toward)
        if not self.booking or pair not in self._pairs:
            return
        for cause, change in _caused(act, impulse):
            self._note(cause, self._pairs.index(pair), change, impulse.fast_share)
            if cause != HABITUATION:
                self.channels[cause] = impulse.channel

    def _close(self) -> None:
        """Close the week's attitudes: price every move by the mean slope of its seat."""
        if not self.booking:
            return
        prices = self.target.prices(self.model, self._week_began, self._deviations())
        for move in self._moves:
            self._book(move.cause, weighted_sum(prices[move.pair], move.change))
        self._moves = []

    def _book_ties(self) -> None:
        """Book what each tie's change of level does, tie by tie in the order of the case."""
        model = self.model
        case, levels = model.resolved.case, self._levels
        after = levels_of(model.state.institutions)
        for tie in case.institutions:
            if np.array_equal(levels[tie.id], after[tie.id]):
                continue
            then = self.target.value(model, membership(case, levels, model.worlds))
            levels = levels | {tie.id: after[tie.id]}
            now = self.target.value(model, membership(case, levels, model.worlds))
            self._book(institution_name(tie.id), now - then)


def _caused(act: Act, impulse: Impulse) -> Iterator[tuple[str, Array]]:
    """Yield the causes of an impulse: a chosen act goes to what was chosen, world by world."""
    if act.choice is None:
        yield impulse.act, impulse.change
        return
    for code, option in enumerate(act.options):
        if option in SILENT_ACTS:
            continue
        change = np.where(act.choice == code, impulse.change, 0.0)
        if option == "WARN":
            full = change / act.habit
            yield HABITUATION, change - full
            change = full
        yield f"{impulse.act}:{option}", change
