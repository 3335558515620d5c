"""The stages of a week, in their order: functions that change the state of a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from two_chairs.axes import INCUMBENT, RIVAL, SECURITY, Array, Flags, everywhere
from two_chairs.institutions.security_treaty import REFUSALS
from two_chairs.institutions.tie import Signals
from two_chairs.institutions.ties import promised
from two_chairs.mechanisms import MECHANISMS
from two_chairs.mechanisms.mechanism import Mechanism
from two_chairs.parameters import Parameters
from two_chairs.rules import attitudes, position, protection, regimes
from two_chairs.rules.actor import Scene
from two_chairs.rules.alliance import alliance_test, domains_of_test, suffer_attack
from two_chairs.rules.attitudes import Act, Impulse, impulses
from two_chairs.scenario.records import DatedCondition, Event, Intervention, Turn

from .listener import Change
from .state import (
    economic_caps,
    levels_of,
    open_caps,
    patron_attention,
    pivot_position,
    pole_hostility,
    prior_belief,
    protection_without,
    set_ties,
    shields,
)
from .turning import forget_belief, take_turn

if TYPE_CHECKING:
    from .calendar import Setting
    from .simulation import Simulation


@dataclass(frozen=True, slots=True)
class Rates:
    """What follows from the parameters for every week, so that it is computed once.

    Attributes
    ----------
    prior_belief
        n⁺ and n⁻ of the prior, each of shape (patrons, worlds).
    kept_fast, kept_slow, kept_belief, kept_threat, kept_fatigue
        Shares that a week leaves of deviations, in (0, 1), shape (1 or worlds,).
    """

    prior_belief: tuple[Array, Array]
    kept_fast: Array
    kept_slow: Array
    kept_belief: Array
    kept_threat: Array
    kept_fatigue: Array


def rates_of(p: Parameters, worlds: int) -> Rates:
    """Return the rates that follow from some parameters."""
    return Rates(
        prior_belief(p, worlds),
        attitudes.retained(p.fast_half_life),
        attitudes.retained(p.slow_half_life),
        attitudes.retained(p.belief_half_life),
        attitudes.retained(p.threat_half_life),
        _by_seat(p, lambda own: attitudes.retained(own.fatigue_half_life)),
    )


def _by_seat(p: Parameters, of: Callable[[Parameters], Array]) -> Array:
    """Return a number of both patrons, by seat where they differ: shape (… 1 or worlds,)."""
    incumbent, rival = (p.of(seat) for seat in (INCUMBENT, RIVAL))
    if incumbent is rival:
        return of(p)
    return np.stack(np.broadcast_arrays(of(incumbent), of(rival)))


def external_conditions(model: Simulation) -> None:
    """Set what changes from outside this week."""
    state = model.state
    state.offered[:] = False
    state.kept_promise[:] = False
    for setting in model.calendar.settings.get(model.week, ()):
        change = Change("setting", setting.id, setting)
        model.happen(change, partial(_take_effect, model, setting))
    held = model.recorded_posture if model.forced_posture is None else model.forced_posture
    if held is not None:
        state.posture = np.full(model.worlds, held, dtype=np.int8)


def _take_effect(model: Simulation, setting: Setting) -> None:
    """Let one dated condition, intervention or turn take effect."""
    if isinstance(setting, DatedCondition):
        value = model.condition_values.get(setting.id, np.array([setting.value]))
        model.state.conditions[setting.condition] = value
    elif isinstance(setting, Turn):
        take_turn(model, setting)
    else:
        _intervene(model, setting)


def _intervene(model: Simulation, change: Intervention) -> None:
    state = model.state
    if change.institution is not None and change.level is not None:
        case = model.resolved.case
        tie = next(tie for tie in case.institutions if tie.id == change.institution)
        set_level = {tie.id: tie.memory_at(change.level, model.worlds)}
        set_ties(state, case, state.institutions | set_level)
    elif change.coercion is not None:
        set_from_outside = np.full(model.worlds, change.coercion)
        coercer = model.roles.coercing.index(True)
        ceiling = model.p.of(coercer).coercion_ceiling
        state.coercion[coercer] = np.minimum(set_from_outside, ceiling)
    elif change.parameter is not None:
        model.set_parameters({change.parameter: np.array([change.value])})
        forget_belief(model, change.parameter)


def decay(model: Simulation) -> None:
    """Let deviations, belief, threat and fatigue return toward rest."""
    model.happen(Change("fading", "decay"), partial(_fade, model))
    for mechanism in MECHANISMS:
        if mechanism.is_on(model.p):
            change = Change("mechanism", mechanism.name)
            model.happen(change, partial(_drift, model, mechanism))
    state, p, rates = model.state, model.p, model.rates
    kept, broken = rates.prior_belief
    state.kept = attitudes.relaxed(state.kept, kept, rates.kept_belief)
    state.broken = attitudes.relaxed(state.broken, broken, rates.kept_belief)
    rest = p.threat_baseline * (1.0 - state.conditions["peace"])
    state.threat = attitudes.relaxed(state.threat, rest, rates.kept_threat)
    state.fatigue = state.fatigue * rates.kept_fatigue


def _fade(model: Simulation) -> None:
    """Let all deviations of alignment fade for a week."""
    model.state.fast *= model.rates.kept_fast
    model.state.slow *= model.rates.kept_slow


def _drift(model: Simulation, mechanism: Mechanism) -> None:
    """Let alignments drift by a mechanism."""
    model.state.slow += mechanism.step(model.state.alignments(), model.p)


def recorded_events(model: Simulation) -> None:
    """Let the week's recorded events act, all from one snapshot, in the order of their ids."""
    events = model.calendar.events.get(model.week)
    if not events:
        return
    _apply(model, [act for event in events for act in _acts_of(model, event)])
    for event in events:
        if event.is_attack:
            weight = (model.weights[event.id] > 0.0).astype(float)
            defended = np.full(model.worlds, bool(event.defended))
            severity, covered = _attack_of(model, event)
            seat = guarantor_seat(model, event)
            suffer_attack(model.state, weight * severity, covered, defended, model.p, seat)
    if not everywhere(model.p.refusal_step <= 0.0):
        _refuse(model, [event for event in events if event.action in REFUSALS])


def _refuse(model: Simulation, events: Sequence[Event]) -> None:
    """Let recorded refusals of the pivot, mostly about security, lower the ties they refuse."""
    case, roles, ids = model.resolved.case, model.roles, model.resolved.case.actor_ids()
    for event in events:
        target = ids.index(event.target)
        if ids.index(event.actor) != roles.pivot or event.security < 0.5:
            continue
        share = model.p.refusal_step * (model.weights[event.id] > 0.0)
        memories = dict(model.state.institutions)
        for tie in model.ties:
            if roles.patrons[tie.at] == target:
                memories[tie.id] = tie.refused(memories[tie.id], share)
        set_ties(model.state, case, memories)


def _attack_of(model: Simulation, event: Event) -> tuple[Array, Array]:
    """Return severity and coverage of an event, each (1 or worlds,); 1 of what is no attack.

    A treaty that a world has left covers nothing, whatever the row says of it.
    """
    severity, coverage = (
        model.condition_values.get(f"{name}:{event.id}", np.array([1.0 if own is None else own]))
        for name, own in (("severity", event.severity), ("coverage", event.coverage))
    )
    if not event.is_attack:
        return severity, coverage
    return severity, np.where(_promised(model, guarantor_seat(model, event)), coverage, 0.0)


def _promised(model: Simulation, seat: int) -> Flags:
    """Say where the patron of a seat still owes an answer to an attack, (1 or worlds,)."""
    return promised(model.ties, model.state.institutions, seat)


def _acts_of(model: Simulation, event: Event) -> list[Act]:
    case = model.resolved.case
    ids = case.actor_ids()
    severe, covered = _attack_of(model, event)
    act = Act(
        id=event.id,
        actor=ids.index(event.actor),
        target=ids.index(event.target),
        score=event.goldstein * severe,
        domains=np.array(event.domains())[:, np.newaxis],
        material=np.array([event.material]),
        weight=model.weights[event.id],
    )
    if not event.is_attack:
        return [act]
    defended = np.array([bool(event.defended)])
    weights = domains_of_test(case.decisions)
    guarantor = model.roles.patrons[guarantor_seat(model, event)]
    return [act, alliance_test(act, guarantor, severe, covered, defended, model.p, weights)]


def guarantor_seat(model: Simulation, attack: Event) -> int:
    """Return the seat of the patron that is to answer an attack: not the one that attacks."""
    return RIVAL if attack.actor == model.resolved.case.with_role("incumbent") else INCUMBENT


def decisions(model: Simulation) -> None:
    """Once a quarter all sense, all decide, and once agents act, all act from one snapshot."""
    if not model.deciding:
        return
    state = model.state
    state.position = pivot_position(state, model.roles, model.p)
    now = scene(model)
    views = [actor.sense(now) for actor in model.actors]
    state.defended = np.zeros(model.worlds, dtype=bool)
    seen = zip(model.actors, views, strict=True)
    made = [(actor, actor.decide(view, now)) for actor, view in seen]
    for actor, decision in made:
        state.choices[actor.index] = decision.choice
        for code in range(len(actor.options)):
            state.chosen[actor.index, code] += decision.choice == code
    if now.acting:
        _apply(model, [act for actor, decision in made for act in actor.act(decision, now)])
    for actor, decision in made:
        actor.commit(decision, now)


def scene(model: Simulation) -> Scene:
    """Return what there is to see in the present week."""
    state, p = model.state, model.p
    return Scene(
        p,
        model.roles,
        state,
        patron_attention(state, model.roles, p),
        pole_hostility(state, model.roles, p),
        shields(state, model.roles, p),
        (_promised(model, INCUMBENT), _promised(model, RIVAL)),
        model.acting,
        model.forced_posture,
        model.recorded_posture,
    )


def _apply(model: Simulation, acts: list[Act]) -> None:
    """Compute all impulses from one snapshot, then add them in order."""
    state = model.state
    found = [
        (act, impulse)
        for act in acts
        for impulse in impulses(act, state.actors, state.regard, model.sphere, model.p)
    ]
    for act, impulse in found:
        change = Change("impulse", act.id, None, act, impulse)
        model.happen(change, partial(_add, model, impulse))


def _add(model: Simulation, impulse: Impulse) -> None:
    """Add one impulse to the fast and the slow deviation."""
    state, fast = model.state, impulse.fast_share * impulse.change
    state.fast[impulse.holder, impulse.toward] += fast
    state.slow[impulse.holder, impulse.toward] += impulse.change - fast


def dependence(model: Simulation) -> None:
    """Let security dependence follow the engagement wanted, and self-help grow."""
    state, p = model.state, model.p
    wanted = state.security_engagement()
    if not everywhere(p.dependence_on_seat <= 0.5):
        held = state.position.seats[INCUMBENT, SECURITY]
        wanted = np.where(p.dependence_on_seat > 0.5, held, wanted)
    moved = protection.dependence_moved(state.dependence[INCUMBENT], wanted, p)
    state.dependence[INCUMBENT] = moved
    state.self_help = protection.self_help_grown(state.self_help, moved, p)


def institutions(model: Simulation) -> None:
    """Let every tie respond to the same week."""
    state, p, case = model.state, model.p, model.resolved.case
    regard = np.stack([state.regard(model.roles.pivot, each) for each in model.roles.patrons])
    caps = open_caps(state, p)
    sides = regard[INCUMBENT], regard[RIVAL]
    state.position = position.position(*sides, state.membership, caps, p)
    signals = _signals(model, regard, caps)
    memories = state.institutions
    moved = {tie.id: tie.next_week(memories[tie.id], signals, p) for tie in model.ties}
    if set_ties(state, case, moved):
        state.position = position.position(*sides, state.membership, caps, p)


def _signals(model: Simulation, regard: Array, caps: Array) -> Signals:
    """Return what ties respond to in the present week."""
    state, p = model.state, model.p
    return Signals(
        acting=model.acting,
        regard=regard,
        belief=state.belief(),
        posture=state.posture,
        protection_without=partial(protection_without, state, model.roles, p),
        loss=partial(position.loss_of, state.position.tilt, p),
        economic_caps=economic_caps(caps),
        coercion=state.coercion,
        coercions_running=state.coercions_running,
        fatigue=state.fatigue,
        kept_promise=state.kept_promise,
        offered=state.offered,
        levels=levels_of(state.institutions),
        ties=model.ties,
        freeze_factors=model.freeze_factors,
    )


def measures(model: Simulation) -> None:
    """Measure the regime of the week's last position, and record the week."""
    state, at = model.state, model.state.position
    occupied = np.stack([at.incumbent_seat, at.rival_seat])
    state.held = regimes.seats_held(state.held, occupied, model.p)
    state.regime = regimes.regime(state.regime, state.held, at.tilt, model.p)
    if model.recorder.wants(model.week):
        model.recorder.add(model.week, model.current_values())


WEEK: tuple[Callable[[Simulation], None], ...] = (
    external_conditions,
    decay,
    recorded_events,
    decisions,
    dependence,
    institutions,
    measures,
)
"""The order of a week."""
