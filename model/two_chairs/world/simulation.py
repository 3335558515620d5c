"""The simulation: one scenario in many worlds, a week a step; Mesa has no part in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array, Counts, Role
from two_chairs.draws import draw_inputs, draw_turns, draw_weights
from two_chairs.errors import InternalError
from two_chairs.institutions.ties import ties_of
from two_chairs.outcomes import OUTCOMES, USUAL, cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.randomness import Luck
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Scenario

from .actors import Actor
from .calendar import calendar_of
from .checkpoint import Checkpoint, flat, restored
from .listener import Change, Listener
from .state import WeekEnd, roles_of, sphere_of, start_state
from .trajectory import Recorder, Trajectory
from .week import WEEK, rates_of


class Simulation:
    """One scenario in many worlds.

    Parameters
    ----------
    scenario
        A resolved scenario.
    replicates
        Replicate of each world, shape (worlds,): which luck it has. One number is one world.
    seed
        Whole number from which all luck comes.
    vary
        Draw parameters and event weights, from the scenario's posterior if it has one, else from
        their ranges; else keep their values.
    luck
        Choices with logit noise and random attacks; else argmax and none.
    record
        Names of the arrays to record (``AXES``); by default ``USUAL``, from which the rest follows.
    weeks
        Weeks to record, counted from zero; every week by default.
    parameters
        Parameters along the worlds axis, instead of what ``vary`` would draw or keep.
    vary_weights
        Draw event weights alone, whatever ``vary`` says.
    conditions
        Values along the worlds axis for dated conditions, by their ids, and for how recorded
        attacks are coded, as ``severity:ID`` and ``coverage:ID``.
    event_weights
        Weights along the worlds axis, shape (1 or worlds,), for events by their ids, instead of
        those drawn or kept; a weight of zero is as if the event had not been recorded.
    listeners
        Told of every change to the state, before and after it happens.

    Attributes
    ----------
    state
        All that changes from week to week.
    actors
        Who decides, in the order of the case file.
    steps
        Weeks that have been run.
    running
        Whether there are weeks left.

    Notes
    -----
    A lone world runs at width two and is sliced: the promise that world k of an ensemble equals
    world k alone holds bit for bit because all arithmetic along the worlds axis is elementwise.
    """

    def __init__(
        self,
        scenario: Scenario,
        replicates: Sequence[int] | Counts = (0,),
        *,
        seed: int = 0,
        vary: bool = False,
        luck: bool = True,
        record: Collection[str] = USUAL,
        weeks: Collection[int] | None = None,
        parameters: Parameters | None = None,
        vary_weights: bool = False,
        conditions: Mapping[str, Array] | None = None,
        event_weights: Mapping[str, Array] | None = None,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self.steps, self.running = 0, True
        asked = np.atleast_1d(np.asarray(replicates, dtype=np.int64))
        if asked.size == 0:
            raise InternalError("an ensemble needs at least one world")
        self.asked_worlds = int(asked.size)
        lucky = np.repeat(asked, 2) if asked.size == 1 else asked
        self.resolved = scenario
        self.worlds = int(lucky.size)
        self.luck_varies = luck
        self.luck = Luck(seed, lucky)
        own = fixed_parameters(scenario)
        weights: dict[str, Array] = {}
        if vary:
            own, weights = draw_inputs(scenario, self.luck)
        elif vary_weights:
            weights = draw_weights(scenario, self.luck)
        self.turns = draw_turns(scenario, self.luck) if vary else {}
        self.p = own if parameters is None else parameters
        self.weights = {event.id: np.array([event.weight]) for event in scenario.events}
        self.weights |= weights
        self.weights |= self._known(event_weights or {})
        self.condition_values = dict(conditions or {})
        self.listeners = tuple(listeners)
        self.roles = roles_of(scenario.case)
        self.sphere = sphere_of(scenario.case)
        self.actors = [
            self.actor(actor.role, key, index)
            for index, (key, actor) in enumerate(scenario.case.actors.items())
        ]
        self.ties = ties_of(scenario)
        self.calendar = calendar_of(scenario)
        self.rates = rates_of(self.p, self.worlds)
        self.state = start_state(scenario, self.worlds, self.p)
        self.freeze_factors = self._freeze_factors()
        self.recorder = Recorder(scenario.mondays(), cast_of(scenario.case), record, weeks)

    def _known(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        unknown = sorted(set(weights) - set(self.weights))
        if unknown:
            raise InternalError(f"weights are given for no event: {', '.join(unknown)}")
        return weights

    def _freeze_factors(self) -> Array:
        """Return what thresholds of a freeze are multiplied by: one, unless they are drawn."""
        spread = self.p.freeze_spread
        if not self.luck_varies or not (spread > 0.0).any():
            return np.ones((3, 1))
        uniforms = Luck(self.luck.seed, self.luck.replicates).uniforms("thresholds", 3)
        return np.asarray(1.0 + spread * (2.0 * uniforms - 1.0))

    def actor(self, role: Role, key: str, index: int) -> Actor:
        """Return an actor of this simulation by its role, its id and its index."""
        return Actor(self, role, key, index)

    @property
    def week(self) -> int:
        """The week of the last or present step, counted from zero."""
        return self.steps - 1

    @property
    def acting(self) -> bool:
        """Whether agents act for themselves in the present week."""
        return self.calendar.acting(self.week)

    @property
    def deciding(self) -> bool:
        """Whether the present week closes a quarter, so that all decide."""
        return self.calendar.deciding(self.week)

    @property
    def forced_posture(self) -> int | None:
        """The posture forced on the pivot this week, the one forced last if several are."""
        return self.calendar.forced_posture(self.week)

    @property
    def recorded_posture(self) -> int | None:
        """The posture that the pivot is known to have held this week, if history says."""
        return self.calendar.recorded_posture(self.week)

    def step(self) -> None:
        """Run one week."""
        self.steps += 1
        self.pass_week()

    def pass_week(self) -> None:
        """Let all that makes a week happen, in the order of ``WEEK``."""
        for stage in WEEK:
            self.happen(Change("stage", stage.__name__), partial(stage, self))
        if self.week + 1 >= self.calendar.weeks:
            self.running = False

    def happen(self, change: Change, do: Callable[[], None]) -> None:
        """Let a change happen, between telling those who listen before and after."""
        for listener in self.listeners:
            listener.before(change, self)
        do()
        for listener in self.listeners:
            listener.after(change, self)

    def set_parameters(self, values: Mapping[str, Array]) -> None:
        """Set parameters from the present week on, each of shape (1 or worlds,)."""
        self.p = replace(self.p, **values)
        self.rates = rates_of(self.p, self.worlds)
        self.state.parameters_set |= values

    def checkpoint(self) -> Checkpoint:
        """Return all that the rest of the run depends on, as plain arrays by name.

        `resume` goes on from it. What was recorded so far is not in it: it stays in `trajectory`.
        """
        luck = {stream: np.array(rows) for stream, rows in self.luck.drawn.items()}
        return {
            "weeks": np.array(self.steps),
            **flat(self.state, "state"),
            **{f"luck:{stream}": rows for stream, rows in luck.items()},
        }

    @classmethod
    def resume(cls, checkpoint: Checkpoint, *arguments: Any, **options: Any) -> Self:
        """Return a model that goes on where another was, and records from there on.

        Parameters
        ----------
        checkpoint
            What `checkpoint` returned.
        arguments, options
            Those with which the other model was made.
        """
        model = cls(*arguments, **options)
        model.steps = int(checkpoint["weeks"])
        model.running = model.steps < model.calendar.weeks
        model.state = restored(model.state, checkpoint, "state")
        model.set_parameters(dict(model.state.parameters_set))
        luck = {key: rows for key, rows in checkpoint.items() if key.startswith("luck:")}
        model.luck.go_to({key.removeprefix("luck:"): int(rows) for key, rows in luck.items()})
        model.recorder.begin_at(model.steps)
        return model

    def current_values(self) -> dict[str, Callable[[], NDArray[Any]]]:
        """Return what can be read at the end of a week, each computed only on request.

        The names are those of ``AXES``; a lone world stands twice, side by side.
        """
        now = WeekEnd(self.state, self.p, self.roles, self.deciding, self.acting)
        return {name: partial(outcome.compute, now) for name, outcome in OUTCOMES.items()}

    def outcome(self, name: str) -> Array:
        """Return an outcome as it stands after the last step, shape (worlds asked for,).

        Names are those of `Trajectory.outcome`; a model that has not taken a step has none.

        Raises
        ------
        InputError
            If it is the name of no outcome.
        InternalError
            Before the first step.
        """
        found = read_outcome(name, cast_of(self.resolved.case), f"outcome {name}")
        if self.state.regime is None:
            raise InternalError(f"'{name}' has no value before the first step")
        week = self.current_values()[found.array]()[np.newaxis]
        return found.of(week)[0, : self.asked_worlds]

    def trajectory(self) -> Trajectory:
        """Return what has been recorded so far, the worlds that were asked for."""
        return self.recorder.trajectory(self.asked_worlds)

    def run(self) -> Trajectory:
        """Run to the end of the scenario and return the paths."""
        while self.running:
            self.step()
        return self.trajectory()

    def let_go(self) -> None:
        """Free all arrays at once; the simulation is of no use afterwards.

        It and its actors are tied in circles, which the garbage collector would untie only after
        some dozens of simulations.
        """
        self.__dict__.clear()
