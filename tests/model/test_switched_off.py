"""Rules that are off unless they are asked for: what each does, and that none moves a number."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, bundled, parameters, quiet
from ties import TIES, regard, signals
from two_chairs.axes import HEDGE, INCUMBENT, LOYAL, SECURITY
from two_chairs.draws import _coordinates
from two_chairs.parameters import PARAMETERS
from two_chairs.world.simulation import Simulation

pytestmark = pytest.mark.unit
OFF = [name for name, info in PARAMETERS.items() if info.is_switched_off]


def test_they_are_off_and_have_no_coordinate_among_the_points():
    assert set(OFF) == {"dependence_on_seat", "refusal_step", "freeze_spread", "two_keys"}
    assert not {f"parameter/{name}" for name in OFF} & set(_coordinates()[0])
    assert all(bundled().parameters[name].value == 0.0 for name in OFF)
    assert not any(PARAMETERS[name].varied for name in OFF)


def model(scenario, worlds=2, **values):
    return Simulation(scenario, range(worlds), record=(), parameters=parameters(**values))


def test_dependence_may_follow_the_seat():
    """D ← D + δ (o − D), o the seat as it was measured last, not the engagement of the posture."""
    held = model(quiet(2), dependence_on_seat=1.0)
    before = held.state.dependence[INCUMBENT].copy()
    seat = held.state.position.seats[INCUMBENT, SECURITY].copy()
    wanted = held.state.security_engagement()
    assert abs(seat - wanted).max() > 0.05
    held.step()
    rate = held.p.dependence_rate
    assert held.state.dependence[INCUMBENT] == pytest.approx(before + rate * (seat - before))
    plain = model(quiet(2))
    plain.step()
    assert plain.state.dependence[INCUMBENT] == pytest.approx(before + rate * (wanted - before))


def test_recorded_refusals_take_from_the_alliance_and_leave_its_counts():
    treaty = TIES["CSTO"]
    memory = treaty.memory_at(1.0, 1)
    memory = treaty.next_week(memory, signals(regard=regard(-0.3)), parameters())
    lower = treaty.refused(memory, a(0.1))
    assert lower.level[0] == pytest.approx(0.9)
    assert lower.weeks_of_distrust[0] == 1
    assert treaty.refused(treaty.memory_at(0.45, 1), a(0.1)).level[0] == 0.4
    assert treaty.refused(treaty.memory_at(0.0, 1), a(0.1)).level[0] == 0.0
    assert TIES["EAEU"].refused(memory, a(0.1)) is memory


@pytest.mark.long
def test_five_refusals_stand_on_record_before_the_cut_off():
    """October and November 2022, January and March 2023, November 2023; none in the default."""
    scenario, levels = bundled(), {}
    for step in (0.0, 0.1):
        run = model(scenario, refusal_step=step)
        while run.week < scenario.week_of(scenario.agents_act_from) - 1:
            run.step()
        levels[step] = run.state.institutions["CSTO"].level[0]
    assert levels[0.0] == 1.0
    assert levels[0.1] == pytest.approx(0.5)


def test_thresholds_of_a_freeze_may_differ_between_worlds():
    treaty = TIES["CSTO"]
    wide = np.array([[1.0, 1.0], [0.5, 1.5], [1.0, 1.0]])
    cold = np.concatenate([regard(-0.3)] * 2, axis=-1)
    memory = treaty.memory_at(1.0, 2)
    for _ in range(13):
        seen = signals(regard=cold, freeze_factors=wide, belief=np.full((2, 2), 0.4))
        memory = treaty.next_week(memory, seen, parameters())
    assert memory.level.tolist() == [0.4, 1.0]
    drawn = model(quiet(1), worlds=400, freeze_spread=0.25).freeze_factors
    assert drawn.shape == (3, 400)
    assert (drawn.min(), drawn.max()) == pytest.approx((0.75, 1.25), abs=0.01)
    assert (model(quiet(1)).freeze_factors == 1.0).all()
    still = Simulation(quiet(1), range(2), luck=False, parameters=parameters(freeze_spread=0.25))
    assert (still.freeze_factors == 1.0).all()


@pytest.mark.parametrize(("posture", "keys", "level"), [
    (HEDGE, 1.0, 0.45), (LOYAL, 1.0, 0.35), (LOYAL, 0.0, 0.45),
])  # fmt: skip
def test_a_rung_may_need_two_keys(posture, keys, level):
    """The rival's offers climb only while the pivot is not turned from it."""
    ladder, memory = TIES["EU"], TIES["EU"].memory_at(0.35, 1)
    offered = np.array([[False], [True]])
    for _ in range(104):
        seen = signals(
            regard=regard(0.0, 0.6), offered=offered, posture=np.array([posture], dtype=np.int8)
        )
        memory = ladder.next_week(memory, seen, parameters(two_keys=keys))
    assert memory.level[0] == level
