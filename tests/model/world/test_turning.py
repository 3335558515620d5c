"""Turns: a change of leader shifts baselines and parameters from a day on."""

from __future__ import annotations

import numpy as np
import pytest

from builders import EXACT, a, bundled, quiet, run, toward, week
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Shift, Turn
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.write import write_complete
from two_chairs.world.simulation import Simulation
from two_chairs.world.week import external_conditions

pytestmark = pytest.mark.unit


def turn(at, *shifts, **more):
    return Turn(id="leader", date=week(at), shifts=shifts, source="test", **more)


def turned(at, *shifts, weeks=30, **parameters):
    return quiet(weeks, **parameters).model_copy(update={"turns": (turn(at, *shifts),)})


def test_a_turn_shifts_a_baseline_from_its_week_on():
    paths = run(turned(10, Shift(what="ARM>RUS:politics", by=-0.4)))
    politics = toward(paths, "ARM>RUS")[:, 2, 0]
    assert np.allclose(politics[:10], 0.65, rtol=0, atol=EXACT)
    assert np.allclose(politics[10:], 0.25, rtol=0, atol=EXACT)
    assert np.ptp(toward(paths, "ARM>RUS")[:, :2], axis=0).max() < EXACT
    to = run(turned(10, Shift(what="ARM>RUS:politics", to=-0.1)))
    assert toward(to, "ARM>RUS")[-1, 2, 0] == pytest.approx(-0.1, abs=EXACT)


def test_a_baseline_stops_before_the_end_of_the_scale():
    paths = run(turned(10, Shift(what="ARM>RUS:politics", by=1.5)))
    assert toward(paths, "ARM>RUS")[-1, 2, 0] == pytest.approx(0.99, abs=EXACT)


@pytest.mark.parametrize("end", [-1.0, 1.0])
def test_what_a_turn_shifts_stops_at_the_ends_of_its_scale(end):
    shifts = (
        Shift(what="ARM>RUS:politics", by=5.0 * end),
        Shift(what="rival_security_dependence", by=5.0 * end),
        Shift(what="fear", by=500.0 * end),
    )
    model = Simulation(turned(0, *shifts), luck=False)
    model.steps = 1
    external_conditions(model)
    assert np.tanh(model.state.anchor[0, 1, 2]) == pytest.approx(0.99 * end, abs=EXACT)
    assert model.state.dependence[1].tolist() == [max(0.0, end)] * 2
    assert model.p.fear.tolist() == [PARAMETERS["fear"].bounds[end > 0.0]]


def test_a_turn_shifts_dependence_and_reliability():
    shifts = (
        Shift(what="incumbent_security_dependence", by=-0.3),
        Shift(what="incumbent_reliability", to=0.5),
    )
    paths = run(turned(10, *shifts, dependence_rate=0.0))
    assert np.allclose(paths.outcome("dependence:incumbent")[:10], 0.96, rtol=0, atol=EXACT)
    assert np.allclose(paths.outcome("dependence:incumbent")[10:], 0.66, rtol=0, atol=EXACT)
    belief = paths.outcome("belief:incumbent")[:, 0]
    assert np.allclose(belief[:10], 0.74, rtol=0, atol=EXACT)
    assert np.allclose(belief[10:], 0.5, rtol=0, atol=EXACT)


def test_the_others_of_a_sum_give_way_in_proportion():
    model = Simulation(turned(3, Shift(what="utility_economy", by=0.2)), luck=False)
    names = [f"utility_{word}" for word in ("security", "economy", "politics", "autonomy")]
    before = np.array([float(getattr(model.p, name)[0]) for name in names])
    model.run()
    after = np.array([float(getattr(model.p, name)[0]) for name in names])
    assert after[1] == pytest.approx(before[1] + 0.2)
    others = [0, 2, 3]
    assert np.allclose(after[others], before[others] * 0.5 / 0.7)
    assert after.sum() == pytest.approx(1.0)


def test_the_size_is_drawn_from_its_range():
    shift = Shift(what="ARM>RUS:politics", by=-0.4, low=-0.6, high=-0.1)
    scenario = turned(10, shift)
    drawn = Simulation(scenario, range(200), vary=True, luck=False).run()
    fall = toward(drawn, "ARM>RUS")[-1, 2] - toward(drawn, "ARM>RUS")[9, 2]
    assert -0.6 <= fall.min() < -0.55
    assert -0.15 < fall.max() <= -0.1
    assert np.median(fall) == pytest.approx(-0.4, abs=0.05)
    alone = Simulation(scenario, (7,), vary=True, luck=False).run()
    for name, array in alone.arrays.items():
        assert np.array_equal(array[..., 0], drawn.arrays[name][..., 7]), name
    kept = run(scenario)
    assert toward(kept, "ARM>RUS")[-1, 2, 0] == pytest.approx(0.25, abs=EXACT)


def test_a_run_goes_on_after_a_turn_from_where_it_was():
    shift = Shift(what="ARM>RUS:politics", by=-0.4, low=-0.6, high=-0.1)
    scenario = turned(10, shift, Shift(what="fear", by=0.5))
    whole = Simulation(scenario, range(5), vary=True).run()
    model = Simulation(scenario, range(5), vary=True)
    for _ in range(15):
        model.step()
    rest = Simulation.resume(model.checkpoint(), scenario, range(5), vary=True).run()
    assert np.array_equal(rest.arrays["alignment"], whole.arrays["alignment"][15:])


def test_a_turn_that_stands_because_of_an_event_falls_with_it():
    base = bundled()
    bound = turn(20, Shift(what="fear", by=0.1), because="S03")
    scenario = base.model_copy(update={"turns": (bound,)})
    assert scenario.without("S03").turns == ()
    assert scenario.without("S01").turns == (bound,)
    assert "turns" not in base.model_dump()
    assert scenario.model_dump()["turns"][0]["id"] == "leader"


def test_a_value_of_a_turn_is_a_number_by_itself():
    assert Shift(what="fear", by=0.0).size == 0.0
    assert Shift(what="A>B:economy", to=0.3).words() == ("A", "B", "economy")
    assert a(0.3)[0] == Shift(what="fear", to=0.3).span[0]


def test_a_turn_is_written_and_read_again(tmp_path):
    shifts = (
        Shift(what="ARM>RUS:politics", by=-0.4, low=-0.6, high=-0.1),
        Shift(what="negativity", to=1.0),
    )
    scenario = bundled().model_copy(update={"turns": (turn(20, *shifts),)})
    again = load_scenario(str(write_complete(scenario, tmp_path)))
    assert again.turns == scenario.turns
