"""Draws of parameters and of event weights, from ranges and from a posterior."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, bundled, with_parameters
from two_chairs.draws import (
    between,
    draw_inputs,
    draw_parameters,
    draw_weights,
    on_simplex,
    posterior_draws,
)
from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.unit


def test_parameters_are_drawn_inside_their_ranges_around_their_values():
    scenario = bundled()
    drawn = draw_parameters(scenario, Luck(0, np.arange(2000)))
    for name, entry in scenario.parameters.items():
        values = getattr(drawn, name)
        if PARAMETERS[name].group:
            continue
        assert entry.low <= values.min() <= values.max() <= entry.high, name
        if entry.low < entry.value < entry.high and PARAMETERS[name].varied:
            assert np.mean(values < entry.value) == pytest.approx(0.5, abs=0.05), name
    utility = [getattr(drawn, name) for name in GROUPS["utility_weights"]]
    assert sum(utility) == pytest.approx(np.ones(2000))
    assert np.min(utility) > 0


def test_how_the_position_is_measured_is_a_convention_and_not_drawn():
    """Neither from ranges nor from a posterior that holds draws of it."""
    ruler = {name for name, info in PARAMETERS.items() if info.measurement}
    caps = {"rival_cap_security", "rival_cap_economy", "rival_cap_politics"}
    assert ruler == {*GROUPS["domain_weights"], *caps, "institution_share", "net_seats"}
    scenario = bundled()
    assert scenario.posterior is not None
    row = scenario.posterior.model_copy(update={"names": ("institution_share",), "rows": ("0.6",)})
    for drawn in (scenario, scenario.model_copy(update={"posterior": row})):
        p, _ = draw_inputs(drawn, Luck(0, np.arange(50)))
        for name in ruler:
            assert getattr(p, name).tolist() == [scenario.parameters[name].value], name


def test_ranges_are_drawn_by_a_spread_sequence_of_which_world_k_is_point_k():
    scenario = bundled().without_posterior()
    whole, _ = draw_inputs(scenario, Luck(5, np.arange(1024)))
    for chosen in ([700, 3, 3, 1023], range(512, 1024)):
        some, _ = draw_inputs(scenario, Luck(5, np.array(chosen)))
        for name in ("reception_gain", "utility_security"):
            assert np.array_equal(getattr(some, name), getattr(whole, name)[..., list(chosen)])
    assert abs(np.corrcoef(whole.reception_gain, whole.negativity)[0, 1]) < 0.1
    # every first power of two halves each range to the world
    low = whole.reception_gain < scenario.parameters["reception_gain"].value
    assert [int(low[:number].sum()) for number in (2, 64, 1024)] == [1, 32, 512]
    other, _ = draw_inputs(scenario, Luck(6, np.arange(1024)))
    assert not np.array_equal(other.reception_gain, whole.reception_gain)


def test_a_parameter_keeps_its_points_when_others_are_fixed():
    scenario, luck = bundled().without_posterior(), Luck(0, np.arange(64))
    fixed = with_parameters(scenario, reception_gain=1.1, weight_security=0.3)
    for name in ("negativity", "utility_security"):
        one, other = (getattr(draw_inputs(s, luck)[0], name) for s in (scenario, fixed))
        assert np.array_equal(one, other)


def test_event_weights_are_drawn_inside_their_coding_ranges():
    scenario = bundled()
    weights = draw_weights(scenario, Luck(0, np.arange(500)))
    ranged = {e.id: e for e in scenario.events if e.weight_low < e.weight_high}
    assert set(weights) == set(ranged)
    for key, values in weights.items():
        assert ranged[key].weight_low <= values.min() <= values.max() <= ranged[key].weight_high


def test_between_and_simplex():
    assert between(a(0.0, 0.25, 0.5, 0.75, 1.0), 0.0, 1.0, 3.0).tolist() == [0, 0.5, 1, 2, 3]
    assert on_simplex(a(0.7, 0.2)[:, None])[:, 0] == pytest.approx([0.2, 0.5, 0.3])


def test_a_fixed_parameter_is_not_drawn():
    scenario = with_parameters(bundled(), reception_gain=1.1)
    assert draw_parameters(scenario, Luck(0, np.arange(5))).reception_gain.tolist() == [1.1]


def test_world_k_reads_row_k_of_the_posterior_whatever_the_seed():
    scenario = load_scenario("baseline")
    assert scenario.posterior is not None
    table = np.array([row.split(",") for row in scenario.posterior.rows], dtype=float)
    names = scenario.posterior.names
    worlds = [0, 7, len(table) - 1, len(table), 2 * len(table) + 7]
    model = TwoChairs(scenario, worlds, seed=3, vary=True)
    rows = table[[0, 7, -1, 0, 7]]
    for name in ("reception_gain", "negativity"):
        assert getattr(model.p, name).tolist() == rows[:, names.index(name)].tolist()
    assert model.weights["S17"].tolist() == rows[:, names.index("weight:S17")].tolist()


@pytest.mark.long
@pytest.mark.parametrize("number", [100, 250])
def test_the_first_rows_of_the_posterior_say_what_all_say(number):
    """Half of the deviation that as many rows drawn by chance would have, or less."""
    scenario = load_scenario("baseline")
    model = TwoChairs(scenario, range(1000), vary=True, luck=False, record=["tilt"])
    paths = model.run().outcome("tilt")
    for day in (scenario.agents_act_from, scenario.end):
        tilt = paths[scenario.week_of(day)]
        by_chance = tilt.std() / number**0.5
        assert abs(tilt[:number].mean() - tilt.mean()) < 0.5 * by_chance


def test_the_shipped_posterior_holds_all_that_ensembles_would_draw_and_nothing_else():
    scenario = load_scenario("baseline")
    drawn, weights = draw_inputs(scenario.without_posterior(), Luck(0, np.arange(64)))
    ranged = {name for name in PARAMETERS if np.ptp(drawn.value(name)) > 0.0}
    followed = {name for name in ranged if getattr(drawn, name) is None}
    held = {name for name in scenario.posterior.names if not name.startswith("link:")}
    assert held == (ranged - followed) | {f"weight:{event}" for event in weights}


def test_what_a_scenario_sets_overrules_the_posterior(tmp_path):
    scenario = load_scenario("baseline", {"κ_r": 1.1})
    assert scenario.posterior is not None
    assert scenario.posterior.overruled == ("reception_gain",)
    model = TwoChairs(scenario, range(5), vary=True)
    assert model.p.reception_gain.tolist() == [1.1]
    own = tmp_path / "own.toml"
    own.write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\n[parameters]\n'
        "utility_security = 0.4\nutility_economy = 0.3\nutility_politics = 0.2\n"
        "utility_autonomy = 0.1\n",
        encoding="utf-8",
    )
    resolved = load_scenario(str(own)).posterior
    assert resolved is not None
    assert len(resolved.overruled) == 4


def test_weights_without_a_posterior_come_from_their_ranges():
    scenario = load_scenario("baseline").model_copy(update={"posterior": None})
    assert posterior_draws(scenario, Luck(0, np.arange(4))) == {}
    weights = draw_weights(scenario, Luck(0, np.arange(300)))
    event = next(e for e in scenario.events if e.id == "S17")
    assert weights["S17"].min() >= event.weight_low
    assert len(set(weights["S17"].tolist())) == 300
