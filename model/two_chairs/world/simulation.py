"""The model: a Mesa model of one scenario in many worlds, a week a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import (
    ATTACK,
    ECONOMY,
    INCUMBENT,
    PATRONS,
    POSTURES,
    RIVAL,
    Array,
    Codes,
    Counts,
    Flags,
    Role,
)
from two_chairs.draws import draw_inputs, draw_weights, fixed_parameters
from two_chairs.errors import InternalError
from two_chairs.institutions import memory, ties
from two_chairs.mechanisms import balance
from two_chairs.outcomes import AXES, OUTCOMES, cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.randomness import Luck
from two_chairs.rules import attitudes, position, protection, regimes
from two_chairs.rules.alliance import alliance_test
from two_chairs.rules.attitudes import Act, Impulse, Sphere, impulses
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.rules.position import Position
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Scenario

from .agents import ROLE_CLASSES, Actor, Adversary, IncumbentPatron
from .state import (
    Places,
    State,
    levels_of,
    open_caps,
    patron_shield,
    pivot_position,
    pole_hostility,
    prior_belief,
    set_ties,
    shields,
    start_state,
)
from .trajectory import Recorder, Trajectory

WEEK = (
    "external_conditions",
    "decay",
    "recorded_events",
    "decisions",
    "dependence",
    "institutions",
    "measures",
)
"""The order of a week; each name is a method of `TwoChairs`."""


class TwoChairs(mesa.Model):  # type: ignore[misc]
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
        Names of the arrays to record (``AXES``); everything by default.
    weeks
        Weeks to record, counted from zero; every week by default.
    parameters
        Parameters along the worlds axis, instead of what ``vary`` would draw or keep.
    vary_weights
        Draw event weights alone, whatever ``vary`` says.
    conditions
        Values along the worlds axis for dated conditions, by their ids.
    event_weights
        Weights along the worlds axis, shape (1 or worlds,), for events by their ids, instead of
        those drawn or kept; a weight of zero is as if the event had not been recorded.

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
        record: Collection[str] = tuple(AXES),
        weeks: Collection[int] | None = None,
        parameters: Parameters | None = None,
        vary_weights: bool = False,
        conditions: Mapping[str, Array] | None = None,
        event_weights: Mapping[str, Array] | None = None,
    ) -> None:
        super().__init__(rng=seed)
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
        self.p = own if parameters is None else parameters
        self.weights = {event.id: np.array([event.weight]) for event in scenario.events}
        self.weights |= weights
        self.weights |= self._known(event_weights or {})
        self._condition_values = dict(conditions or {})
        self._set_up_actors(scenario)
        self._schedule(scenario)
        self._remember_rates()
        self.state = start_state(scenario, self.worlds, self.p)
        self.position = pivot_position(self.state, self.places, self.p)
        self.offered: Flags = np.zeros(self.worlds, dtype=bool)
        self.kept_promise: Flags = np.zeros(self.worlds, dtype=bool)
        self.held: Flags | None = None
        self.regime: NDArray[np.int8] | None = None
        self.chosen = np.zeros((len(self.actors), len(POSTURES), self.worlds), dtype=np.int16)
        self.recorder = Recorder(scenario.mondays(), cast_of(scenario.case), record, weeks)

    # --- setting up -------------------------------------------------------------------------------

    def _known(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        unknown = sorted(set(weights) - set(self.weights))
        if unknown:
            raise InternalError(f"weights are given for no event: {', '.join(unknown)}")
        return weights

    def _set_up_actors(self, scenario: Scenario) -> None:
        case = scenario.case
        self.places = Places(
            pivot=case.index_of("pivot"),
            incumbent=case.index_of("incumbent"),
            rival=case.index_of("rival"),
            adversary=case.index_of("adversary"),
        )
        self.patrons = (self.places.incumbent, self.places.rival)
        self.sphere = Sphere(self.places.incumbent, self.places.pivot)
        self.actors: list[Actor] = [
            ROLE_CLASSES[actor.role](self, key, place)
            for place, (key, actor) in enumerate(case.actors.items())
        ]
        # Mesa 3.3 numbers agents in a table that keeps every model, and its arrays, alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def role_of(self, actor: Actor) -> Role:
        """Return the role of an actor: the name of its stream of luck."""
        return self.resolved.case.actors[actor.key].role

    def _schedule(self, scenario: Scenario) -> None:
        self._events: dict[int, list[Event]] = defaultdict(list)
        for event in sorted(scenario.events, key=lambda event: event.id):
            self._events[scenario.week_of(event.date)].append(event)
        self._changes: dict[int, list[DatedCondition | Intervention]] = defaultdict(list)
        changes: list[DatedCondition | Intervention] = [
            *scenario.conditions,
            *scenario.interventions,
        ]
        for change in sorted(changes, key=lambda change: (change.date, change.id)):
            notice = 0
            if isinstance(change, Intervention):
                notice = ties.notice_weeks(scenario, change)
            self._changes[scenario.week_of(change.date) + notice].append(change)
        self._forced = [
            (
                scenario.week_of(change.date),
                scenario.weeks if change.until is None else scenario.week_of(change.until),
                POSTURES.index(change.posture),
            )
            for change in sorted(scenario.interventions, key=lambda change: change.date)
            if change.posture is not None
        ]
        act_from = scenario.agents_act_from
        self._acting_week = None if act_from is None else scenario.week_of(act_from)

    def _remember_rates(self) -> None:
        p = self.p
        self._prior_belief = prior_belief(p, self.worlds)
        self._kept_fast = attitudes.retained(p.fast_half_life)
        self._kept_slow = attitudes.retained(p.slow_half_life)
        self._kept_belief = attitudes.retained(p.belief_half_life)
        self._kept_threat = attitudes.retained(p.threat_half_life)
        self._kept_fatigue = attitudes.retained(p.fatigue_half_life)

    # --- the week ---------------------------------------------------------------------------------

    @property
    def week(self) -> int:
        """The week of the last or present step, counted from zero."""
        return int(self.steps) - 1

    @property
    def acting(self) -> bool:
        """Whether agents act for themselves in the present week."""
        return self._acting_week is not None and self.week >= self._acting_week

    @property
    def deciding(self) -> bool:
        """Whether the present week closes a quarter, so that all decide."""
        return (self.week + 1) % DECISION_INTERVAL == 0

    def step(self) -> None:
        """Run one week in the order of ``WEEK``."""
        self.offered = np.zeros(self.worlds, dtype=bool)
        self.kept_promise = np.zeros(self.worlds, dtype=bool)
        for stage in WEEK:
            getattr(self, stage)()
        if self.week + 1 >= self.resolved.weeks:
            self.running = False

    def external_conditions(self) -> None:
        """Set what changes from outside this week."""
        for change in self._changes.get(self.week, ()):
            self.take_effect(change)
        if self.forced_posture is not None:
            self.state.posture = np.full(self.worlds, self.forced_posture, dtype=np.int8)

    def take_effect(self, change: DatedCondition | Intervention) -> None:
        """Let one dated condition or intervention take effect."""
        if isinstance(change, DatedCondition):
            value = self._condition_values.get(change.id, np.array([change.value]))
            self.state.conditions[change.condition] = value
        else:
            self._intervene(change)

    @property
    def forced_posture(self) -> int | None:
        """The posture forced on the pivot this week, the one forced last if several are."""
        forced = [posture for start, stop, posture in self._forced if start <= self.week < stop]
        return forced[-1] if forced else None

    def _intervene(self, change: Intervention) -> None:
        state = self.state
        if change.institution is not None and change.level is not None:
            before = state.institutions[change.institution]
            set_memory = memory.set_level(before, change.level)
            set_ties(
                state, self.resolved.case, state.institutions | {change.institution: set_memory}
            )
        elif change.coercion is not None:
            set_from_outside = np.full(self.worlds, change.coercion)
            state.coercion = np.minimum(set_from_outside, self.p.coercion_ceiling)
        elif change.parameter is not None:
            self._set_parameter(change.parameter, np.array([change.value]))

    def _set_parameter(self, name: str, value: Array) -> None:
        self.p = replace(self.p, **{name: value})
        self._remember_rates()
        for seat, patron in enumerate(PATRONS):
            if name == f"{patron}_reliability":
                kept, broken = self._prior_belief
                self.state.kept[seat], self.state.broken[seat] = kept[seat], broken[seat]

    def decay(self) -> None:
        """Let deviations, belief, threat and fatigue return toward rest."""
        self.fade()
        self.drift()
        state, p = self.state, self.p
        kept, broken = self._prior_belief
        state.kept = attitudes.relaxed(state.kept, kept, self._kept_belief)
        state.broken = attitudes.relaxed(state.broken, broken, self._kept_belief)
        rest = p.threat_baseline * (1.0 - state.conditions["peace"])
        state.threat = attitudes.relaxed(state.threat, rest, self._kept_threat)
        state.fatigue = state.fatigue * self._kept_fatigue

    def fade(self) -> None:
        """Let all deviations of alignment fade for a week."""
        self.state.fast *= self._kept_fast
        self.state.slow *= self._kept_slow

    def drift(self) -> None:
        """Let alignments drift toward structural balance, where that is switched on."""
        state, η = self.state, self.p.balance_drift
        if np.any(η != 0.0):
            state.slow += η * balance.balance_drift(state.alignments())

    def recorded_events(self) -> None:
        """Let the week's recorded events act, all from one snapshot, in the order of their ids."""
        events = self._events.get(self.week)
        if not events:
            return
        self._apply([act for event in events for act in self._acts_of(event)])
        for event in events:
            if event.is_attack:
                weight = (self.weights[event.id] > 0.0).astype(float)
                defended = np.full(self.worlds, bool(event.defended))
                self.suffer_attack(weight * event.severity, np.array([event.coverage]), defended)

    def _acts_of(self, event: Event) -> list[Act]:
        ids = self.resolved.case.actor_ids()
        severity = 1.0 if event.severity is None else event.severity
        act = Act(
            id=event.id,
            actor=ids.index(event.actor),
            target=ids.index(event.target),
            score=np.array([event.goldstein * severity]),
            domains=np.array(event.domains())[:, np.newaxis],
            material=np.array([event.material]),
            weight=self.weights[event.id],
        )
        if not event.is_attack:
            return [act]
        defended = np.array([bool(event.defended)])
        covered = np.array([event.coverage], dtype=float)
        severe = np.array([severity])
        answer = alliance_test(act, self.places.incumbent, severe, covered, defended, self.p)
        return [act, answer]

    def suffer_attack(self, severity: Array, coverage: Array, defended: Flags) -> None:
        """Let an attack frighten the pivot and its answer be remembered; severity 0 is none."""
        state = self.state
        tested = severity * coverage
        state.kept[INCUMBENT] += np.where(defended, tested, 0.0)
        state.broken[INCUMBENT] += np.where(defended, 0.0, tested)
        state.threat = protection.threatened(state.threat, severity, self.p)
        self.kept_promise = self.kept_promise | (defended & (tested > 0.0))

    def decisions(self) -> None:
        """Once a quarter all sense, all decide, and once agents act, all act from one snapshot."""
        if not self.deciding:
            return
        self.position = pivot_position(self.state, self.places, self.p)
        for actor in self.actors:
            actor.sense()
        for actor in self.actors:
            actor.decide()
            for code in range(len(actor.options)):
                self.chosen[actor.place, code] += actor.choice == code
        if not self.acting:
            self.actors[self.places.pivot].commit()
            return
        acts = [act for actor in self.actors for act in actor.act()]
        self._apply(acts)
        for actor in self.actors:
            actor.commit()

    def _apply(self, acts: list[Act]) -> None:
        """Compute all impulses from one snapshot, then add them in order."""
        state = self.state
        found = [
            impulse
            for act in acts
            for impulse in impulses(act, state.actors, state.regard, self.sphere, self.p)
        ]
        for impulse in found:
            self.add(impulse)

    def add(self, impulse: Impulse) -> None:
        """Add one impulse to the fast and the slow deviation."""
        state, fast = self.state, impulse.fast_share * impulse.change
        state.fast[impulse.holder, impulse.toward] += fast
        state.slow[impulse.holder, impulse.toward] += impulse.change - fast

    def dependence(self) -> None:
        """Let security dependence follow the engagement wanted, and self-help grow."""
        state, p = self.state, self.p
        wanted = state.security_engagement()
        moved = protection.dependence_moved(state.dependence[INCUMBENT], wanted, p)
        state.dependence[INCUMBENT] = moved
        state.self_help = protection.self_help_grown(state.self_help, moved, p)

    def institutions(self) -> None:
        """Let every tie respond to the same week."""
        state, p, case = self.state, self.p, self.resolved.case
        regard = np.stack([state.regard(self.places.pivot, patron) for patron in self.patrons])
        caps = open_caps(state, p)
        self.position = position.position(
            regard[INCUMBENT], regard[RIVAL], state.membership, caps, p
        )
        incumbent = self.actors[self.places.incumbent]
        if not isinstance(incumbent, IncumbentPatron):
            raise InternalError("the incumbent's place is not held by an IncumbentPatron")
        rival_shield = patron_shield(state, self.position.seats, RIVAL, p)
        signals = memory.Signals(
            acting=self.acting,
            regard=regard,
            belief=state.belief()[INCUMBENT],
            posture=state.posture,
            protection_alone=protection.protection(
                state.self_help, np.zeros(self.worlds), rival_shield
            ),
            realised_loss=position.loss(self.position.tilt, p),
            rival_cap=caps[ECONOMY],
            coercion=state.coercion,
            coercions_running=incumbent.coercions_running,
            fatigue=state.fatigue,
            kept_promise=self.kept_promise,
            offered=self.offered,
            levels=levels_of(state.institutions),
        )
        memories = state.institutions
        moved = {
            tie.id: ties.next_week(tie, memories[tie.id], signals, case, p)
            for tie in case.institutions
        }
        if set_ties(state, case, moved):
            self.position = position.position(
                regard[INCUMBENT], regard[RIVAL], state.membership, caps, p
            )

    def measures(self) -> None:
        """Measure the regime and the payoffs of the week's last position, and record the week."""
        p, at = self.p, self.position
        occupied = np.stack([at.incumbent_seat, at.rival_seat])
        self.held = regimes.seats_held(self.held, occupied, p)
        self.regime = regimes.regime(self.regime, self.held, at.tilt, p)
        if self.recorder.wants(self.week):
            self.recorder.add(self.week, self.readings())

    def readings(self) -> dict[str, Callable[[], NDArray[Any]]]:
        """Return what can be read at the end of a week, each computed only on request.

        The names are those of ``AXES``; a lone world stands in both of two places.
        """
        now = WeekEnd(self)
        return {name: partial(outcome.compute, now) for name, outcome in OUTCOMES.items()}

    def choices(self) -> Codes:
        """Return what each actor chose this week, shape (actors, worlds); −1 without a decision."""
        quiet = np.full(self.worlds, -1, dtype=np.int8)
        return np.stack([actor.choice if self.deciding else quiet for actor in self.actors])

    def defended(self) -> Codes:
        """Return whether an attack chosen this week was answered: 1, 0, or −1 without an attack."""
        adversary = self.actors[self.places.adversary]
        if not isinstance(adversary, Adversary):
            raise InternalError("the adversary's place is not held by an Adversary")
        attacked = (adversary.choice == ATTACK) & (self.deciding and self.acting)
        return np.where(attacked, adversary.defended, -1).astype(np.int8)

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
        if self.regime is None:
            raise InternalError(f"'{name}' has no value before the first step")
        week = self.readings()[found.array]()[np.newaxis]
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
        """Free all arrays at once; the model is of no use afterwards.

        Mesa ties a model and its agents in circles, which the garbage collector would untie only
        after some dozens of models.
        """
        self.__dict__.clear()


class WeekEnd:
    """A model at the end of a week, as outcomes are computed from it."""

    def __init__(self, model: TwoChairs) -> None:
        self._model = model
        self.state: State = model.state
        self.p: Parameters = model.p
        self.position: Position = model.position
        self.regime: Codes | None = model.regime
        self.chosen: NDArray[np.int16] = model.chosen

    def choices(self) -> Codes:
        """Return what each actor chose this week, shape (actors, worlds)."""
        return self._model.choices()

    def defended(self) -> Codes:
        """Return whether an attack chosen this week was answered, shape (worlds,)."""
        return self._model.defended()

    @cached_property
    def hostility(self) -> Array:
        """H between the two poles, shape (worlds,), in [0, 1]."""
        return pole_hostility(self.state, self._model.places, self.p)

    @cached_property
    def protection(self) -> Array:
        """P of the seats held, shape (worlds,), in [0, 1]."""
        guarded = shields(self.state, self.position.seats, self.p)
        return protection.protection(self.state.self_help, *guarded)
