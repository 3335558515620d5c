"""The compiled week and NumPy's agree: to rounding in numbers, to the last world in codes."""

import numpy as np
import pytest
from both import assert_agree, run_both, run_by
from hypothesis import given
from hypothesis import strategies as st

import toys
from builders import (
    attack,
    condition,
    event,
    intervention,
    quiet,
    week,
    with_dated,
    with_events,
    with_parameters,
)
from strategies import ledgers
from two_chairs.compiled import library
from two_chairs.compiled.engine import engines_used
from two_chairs.parameters import PARAMETERS, make_parameters
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Shift, Turn
from two_chairs.scenario.resolve import load_scenario

pytestmark = [pytest.mark.reference, pytest.mark.long, pytest.mark.usefixtures("compiler")]

WORLDS = range(250, 270)
"""Luck of two blocks."""
SWITCHES = [
    name
    for name, info in PARAMETERS.items()
    if not info.varied and not info.optional and name != "freeze_spread"
]
"""All but one whose draws stand outside of the week: NumPy runs those worlds."""
CASTS = {
    "an attacking patron": toys.ATTACKING_PATRON,
    "no adversary": toys.NO_ADVERSARY,
    "two adversaries": toys.TWO_ADVERSARIES,
    "the old chair offers": toys.OLD_CHAIR_OF_OFFERS,
}


def turn(at, *shifts):
    return Turn(id=f"turn-{at}", date=week(at), source="test", shifts=shifts)


def full():
    """Return a short scenario in which agents act and everything that can be set is set."""
    scenario = with_events(
        quiet(30, acting=True),
        event(2, key="A1"),
        event(2, "AZE", "ARM", -6.0, material=False, key="A2"),
        attack(4, 0.8, 0.5, defended=False),
    )
    scenario = with_dated(
        scenario,
        condition(3, "war_load", 0.6),
        intervention(5, parameter="negativity", value=1.9),
        intervention(6, coercion=0.4),
        intervention(7, posture="HEDGE", until=week(14)),
        intervention(8, institution="CSTO", level=0.5),
        intervention(9, parameter="fast_half_life", value=9.0),
        intervention(15, parameter="incumbent_reliability", value=0.3),
    )
    turns = (
        turn(10, Shift(what="ARM>WST:politics", by=0.2, low=0.1, high=0.3)),
        turn(16, Shift(what="weight_security", to=0.5), Shift(what="fear", by=0.3)),
    )
    return scenario.model_copy(update={"turns": turns})


def along_worlds(scenario, worlds, **values):
    """Return options of a model in which much is different from world to world."""
    rng = np.random.default_rng(5)
    fixed = {name: entry.value for name, entry in scenario.parameters.items()}
    drawn = {name: rng.uniform(0.8, 1.2, worlds) * fixed[name] for name in ("fear", "act_gain")}
    ids = [entry.id for entry in scenario.conditions]
    return {
        "parameters": make_parameters(fixed | drawn | values),
        "event_weights": {e.id: rng.uniform(0.0, 2.0, worlds) for e in scenario.events[:2]},
        "conditions": {key: rng.random(worlds) for key in ids}
        | {f"severity:{e.id}": rng.random(worlds) for e in scenario.events if e.is_attack},
    }


def test_all_that_a_scenario_can_set_agrees_in_every_array_and_week(monkeypatch):
    scenario = full()
    assert_agree(*run_both(monkeypatch, scenario, WORLDS, vary=True))
    assert engines_used() == ("compiled", "numpy")


@pytest.mark.slow
def test_a_lone_world_and_any_number_of_worlds_have_the_bits_of_the_many(monkeypatch):
    many = run_by("compiled", monkeypatch, full(), WORLDS, vary=True)
    for first, count in ((0, 1), (3, 3), (1, 9), (0, 17)):
        worlds = WORLDS[first : first + count]
        few = run_by("compiled", monkeypatch, full(), worlds, vary=True)
        for name, array in many.arrays.items():
            part = array[..., first : first + count]
            assert np.array_equal(few.arrays[name], part), (name, count)


def test_numbers_that_differ_from_world_to_world_agree(monkeypatch):
    scenario = full()
    switches = {name: np.arange(len(WORLDS)) % 2.0 for name in ("net_seats", "stake_multiplies")}
    options = along_worlds(scenario, len(WORLDS), **switches)
    assert_agree(*run_both(monkeypatch, scenario, WORLDS, record=("tilt", "regime"), **options))


def test_weeks_are_read_one_by_one_and_an_outcome_is_derived(monkeypatch):
    names, weeks = ("tilt", "walk_balance", "choices"), (3, 12, 20)
    ours, theirs = run_both(monkeypatch, full(), WORLDS, record=names, weeks=weeks)
    assert theirs.arrays["walk_balance"].shape == (3, len(WORLDS))
    assert_agree(ours, theirs)


def test_a_threshold_that_is_never_met_is_met_in_no_world(monkeypatch):
    scenario = quiet(14, acting=True)
    never = tuple(
        type(tie).model_validate(tie.model_dump() | {"freeze_weeks": "never"})
        if tie.kind == "security-treaty"
        else tie
        for tie in scenario.case.institutions
    )
    case = scenario.case.model_copy(update={"institutions": never})
    scenario = scenario.model_copy(update={"case": case})
    assert_agree(*run_both(monkeypatch, scenario, WORLDS, record=("tilt", "institutions")))
    assert engines_used() == ("compiled", "numpy")


@pytest.mark.parametrize("options", ["-mno-avx", "-O0"])
@pytest.mark.slow
def test_a_world_has_the_same_bits_whatever_the_lanes_and_the_compiler_does(monkeypatch, options):
    scenario = with_events(quiet(16, acting=True), event(2, key="A1"))
    found = []
    for command in ("cc", f"cc {options}"):
        monkeypatch.setenv("CC", command)
        library._loaded.clear()
        if library.compiler_found() is None:
            pytest.skip("this compiler does not know the option")
        record = ("tilt", "strain")
        found.append(run_by("compiled", monkeypatch, scenario, WORLDS, vary=True, record=record))
    assert all(np.array_equal(found[0].arrays[n], found[1].arrays[n]) for n in found[0].arrays)


# --- everything there is -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
@pytest.mark.parametrize("luck", [True, False], ids=["luck", "no luck"])
def test_every_bundled_scenario_agrees(monkeypatch, name, luck):
    scenario = load_scenario(name)
    assert_agree(*run_both(monkeypatch, scenario, range(300), vary=True, luck=luck))
    assert engines_used() == ("compiled", "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("cast", CASTS)
def test_every_cast_agrees(monkeypatch, tmp_path, cast):
    scenario = toys.toy(tmp_path, *CASTS[cast])
    assert_agree(*run_both(monkeypatch, scenario, range(100), vary=True))
    assert engines_used() == ("compiled", "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("how", ["from the start", "from a date", "in half of the worlds"])
def test_every_switch_agrees(monkeypatch, name, how):
    low, high = PARAMETERS[name].bounds
    now = float(getattr(fixed_parameters(full()), name)[0])
    # a weight of one leaves nothing for a later turn to share out
    value = {"balance_drift": 0.01, "weight_security": 0.6}.get(
        name, high if now < high < 100 else now * 1.1
    )
    scenario, options = full(), {"vary": True}
    if how == "from the start":
        scenario = with_parameters(scenario, **{name: value})
    elif how == "from a date":
        scenario = with_dated(scenario, intervention(11, parameter=name, value=value))
    else:
        halves = np.where(np.arange(len(WORLDS)) % 2, value, now)
        options = along_worlds(scenario, len(WORLDS), **{name: halves})
    assert low <= value
    assert_agree(*run_both(monkeypatch, scenario, WORLDS, **options))
    assert engines_used() == ("compiled", "numpy")


@pytest.mark.slow
@given(ledger=ledgers(), acting=st.booleans(), seed=st.integers(0, 1000))
def test_any_ledger_agrees(ledger, acting, seed):
    with pytest.MonkeyPatch.context() as patch:
        scenario = with_events(quiet(27, acting=acting), *ledger)
        names = ("tilt", "alignment", "regime", "choices")
        assert_agree(*run_both(patch, scenario, WORLDS, vary=True, seed=seed, record=names))
