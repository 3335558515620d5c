"""A dated turn: a change of leader or line that shifts baselines and parameters from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from two_chairs.axes import DOMAINS, PATRONS, Array
from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.scenario.records import Shift, Turn

from .state import State

if TYPE_CHECKING:
    from .simulation import Simulation

FURTHEST = 0.99
"""Size of an alignment that a shifted baseline can not pass: atanh has an end there."""
DEPENDENCES = {f"{patron}_security_dependence": seat for seat, patron in enumerate(PATRONS)}
"""Parameters that set the start of a state, which a turn shifts itself: name to seat."""


def take_turn(model: Simulation, turn: Turn) -> None:
    """Let every shift of a turn take effect, in the order of its file."""
    for shift in turn.shifts:
        size = model.turns.get(turn.stream(shift), np.array([shift.size]))
        if shift.pair is not None:
            _shift_baseline(model.state, model.resolved.case.actor_ids(), shift, size)
        elif shift.what in DEPENDENCES:
            held = model.state.dependence[DEPENDENCES[shift.what]]
            model.state.dependence[DEPENDENCES[shift.what]] = _shifted(held, shift, size, 0.0, 1.0)
        else:
            _shift_parameter(model, shift, size)


def _shifted(value: Array, shift: Shift, size: Array, low: float, high: float) -> Array:
    """Return a value after a shift: by a size or to it, kept between its bounds."""
    moved = size + np.zeros_like(value) if shift.by is None else value + size
    return np.clip(moved, low, high)


def _shift_baseline(state: State, ids: tuple[str, ...], shift: Shift, size: Array) -> None:
    """Shift b of one pair in one domain; the deviations from it stay as they are."""
    holder, toward, name = shift.words()
    at = ids.index(holder), ids.index(toward), DOMAINS.index(name)
    baseline = _shifted(np.tanh(state.anchor[at]), shift, size, -FURTHEST, FURTHEST)
    if len(baseline) > state.anchor.shape[-1]:
        state.anchor = np.broadcast_to(state.anchor, state.fast.shape)
    state.anchor = state.anchor.copy()
    state.anchor[at] = np.arctanh(baseline)


def _shift_parameter(model: Simulation, shift: Shift, size: Array) -> None:
    """Shift a parameter; the others of its sum give or take what it does, in proportion."""
    info = PARAMETERS[shift.what]
    before = model.p.value(shift.what)
    after = _shifted(before, shift, size, *info.bounds)
    values = {shift.what: after}
    for other in GROUPS.get(info.group or "", ()):
        if other != shift.what:
            left = (1.0 - after) / np.maximum(1.0 - before, 1e-12)
            values[other] = getattr(model.p, other) * left
    model.set_parameters(values)
    forget_belief(model, shift.what)


def forget_belief(model: Simulation, name: str) -> None:
    """Let belief in a patron begin anew at its prior, where its reliability has been set."""
    state = model.state
    for seat, patron in enumerate(PATRONS):
        if name == f"{patron}_reliability":
            kept, broken = model.rates.prior_belief
            state.kept[seat], state.broken[seat] = kept[seat], broken[seat]
