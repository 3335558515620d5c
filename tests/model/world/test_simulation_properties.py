"""Face-validity properties of whole runs (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    EXACT,
    bundled,
    condition,
    event,
    intervention,
    quiet,
    run,
    with_dated,
    with_events,
    with_parameters,
)
from strategies import PAIRS, ledgers
from two_chairs.axes import LOYAL, POSTURES

pytestmark = [pytest.mark.property, pytest.mark.long]


def test_14_bounds_hold_under_thousands_of_extreme_events():
    extremes = [
        event(at, *PAIRS[(at * 7 + i) % 12], (-1) ** (at + i // 3) * 10.0, weight=2.0)
        for at in range(120)
        for i in range(25)
    ] + [event(at, "RUS", "ARM", 10.0, weight=5.0) for at in range(60, 100) for _ in range(10)]
    paths = run(with_events(quiet(130), *extremes))
    alignment = paths.arrays["alignment"]
    assert np.isfinite(alignment).all()
    assert np.abs(alignment).max() <= 1.0
    for name in (
        "incumbent_seat",
        "rival_seat",
        "breadth",
        "strain",
        "security",
        "welfare",
        "autonomy",
    ):
        values = paths.outcome(name)
        assert values.min() >= 0.0
        assert values.max() <= 1.0 + EXACT
    assert np.abs(paths.outcome("tilt")).max() <= 1.0


@given(ledgers(weeks=20), st.integers(1, 19))
def test_21_what_comes_later_does_not_change_what_was(ledger, cut):
    earlier = [e for e in ledger if (e.date - quiet(1).start).days // 7 < cut]
    options = {"replicates": range(3), "vary": True, "luck": True}
    whole = run(with_events(quiet(25), *ledger), **options)
    part = run(with_events(quiet(25), *earlier), **options)
    for name, array in whole.arrays.items():
        assert np.array_equal(array[:cut], part.arrays[name][:cut]), name


def test_21_holds_on_the_real_ledger_with_luck_and_acting_agents():
    scenario = bundled()
    cut = scenario.week_of(scenario.agents_act_from) - 3
    kept = [e for e in scenario.events if scenario.week_of(e.date) < cut]
    part = run(scenario.model_copy(update={"events": tuple(kept)}), range(4), vary=True, luck=True)
    whole = run(scenario, range(4), vary=True, luck=True)
    assert np.array_equal(whole.arrays["alignment"][:cut], part.arrays["alignment"][:cut])
    assert not np.array_equal(whole.arrays["alignment"][-1], part.arrays["alignment"][-1])


def test_ablation_switches_reach_the_model():
    fixed = with_parameters(bundled(), observer_gain=0.0, institution_share=0.0)
    assert not np.array_equal(run(fixed).outcome("tilt"), run(bundled()).outcome("tilt"))


def ever_hostile(posture, load, *, vary=False, **values):
    """Return in which of 200 lucky worlds five years of a posture turn a patron hostile."""
    years = with_dated(
        quiet(262, acting=True, **values),
        intervention(0, posture=posture),
        condition(0, "war_load", load),
    )
    paths = run(years, range(200), luck=True, vary=vary, record=("alignment",))
    turned = np.zeros(200, dtype=bool)
    for pair in ("RUS>ARM", "WST>ARM"):
        for domain in ("security", "economy", "politics"):
            values = paths.outcome(f"{pair}:{domain}")
            assert values[0].min() > 0
            turned |= values.min(axis=0) <= 0
    return turned


@pytest.mark.parametrize("posture", POSTURES)
@pytest.mark.parametrize("load", [0.0, 1.0])
def test_38_five_years_of_any_posture_make_no_enemy_of_a_friendly_patron(posture, load):
    """At the defaults, also when the adversary attacks and the promise is broken."""
    assert not ever_hostile(posture, load).any()


@pytest.mark.parametrize("posture", POSTURES)
@pytest.mark.parametrize("load", [0.0, 1.0])
def test_38_nor_do_they_with_drawn_parameters_where_nobody_attacks(posture, load):
    """Attacks and broken promises are events. Drawn extremes turn some world in a thousand."""
    assert ever_hostile(posture, load, vary=True, attack_rate=0.0).mean() <= 0.005


def test_39_with_no_shocks_the_pivot_is_loyal_and_seldom_changes():
    paths = run(quiet(365, acting=True, attack_rate=0.0), range(200), luck=True)
    posture = paths.arrays["posture"]
    assert (posture[:52] == LOYAL).mean() >= 0.95
    switches = (np.diff(posture, axis=0) != 0).sum(axis=0)
    assert switches.mean() < 365 / 104


def test_39_postures_do_not_flicker_under_the_record_either():
    paths = run(bundled(), range(200), luck=True)
    switches = (np.diff(paths.arrays["posture"], axis=0) != 0).sum(axis=0)
    assert switches.mean() < paths.arrays["posture"].shape[0] / 104
