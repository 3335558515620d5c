"""The sums are exact, the path is untouched, and each cause gets what it did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    EXACT,
    attack,
    bundled,
    condition,
    event,
    intervention,
    quiet,
    week,
    with_dated,
    with_events,
    with_parameters,
)
from two_chairs.axes import ADVERSARY_ACTS, INCUMBENT_ACTS
from two_chairs.errors import InputError
from two_chairs.rules.acts import USUAL
from two_chairs.rules.attitudes import retained
from two_chairs.rules.position import occupancy
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.world.model import TwoChairs
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import CHUNK
from two_chairs_lab.studies.explain.attribution import Watched, mean_slope, share_above_zero
from two_chairs_lab.studies.explain.causes import Window, causes_of
from two_chairs_lab.studies.explain.study import bars, explain, fixed_world
from two_chairs_lab.studies.explain.targets import target_of

pytestmark = pytest.mark.property

SEATS = ("tilt", "incumbent_seat", "rival_seat", "seat:incumbent:security", "seat:rival:economy")
ALIGNMENTS = ("ARM>RUS:security", "RUS>ARM:politics", "WST>RUS:security", "AZE>WST:economy")
TARGETS = (*SEATS, *ALIGNMENTS)


def alone(scenario, target="tilt", window=":", **options):
    """Explain the one world without draws and luck."""
    return explain(fixed_world(Ensemble(scenario, 1)), target, window, **options)


def part(explanation, name):
    return explanation.values[explanation.names.index(name)]


def residual(explanation):
    return np.max(np.abs(explanation.values.sum(axis=0) - explanation.change))


def span(first, last):
    return f"{'' if first is None else week(first)}:{week(last)}"


# --- exactness ------------------------------------------------------------------------------------


@given(
    st.sampled_from(TARGETS),
    st.integers(-1, 362),
    st.integers(1, 364),
    st.integers(0, 2**32),
    st.booleans(),
    st.sampled_from(["apart", "own"]),
    st.sampled_from([0.0, 0.0, 0.002]),
)
@pytest.mark.slow
def test_the_causes_sum_to_the_change(target, first, length, seed, net, fading, drift):
    scenario = with_parameters(bundled(), net_seats=float(net), balance_drift=drift)
    window = span(None if first < 0 else first, min(364, max(first, 0) + length))
    found = explain(Ensemble(scenario, 3, seed), target, window, fading=fading)
    assert residual(found) < EXACT


@pytest.mark.long
@pytest.mark.parametrize("name", ["trade-coercion", "georgia-turns-away", "western-guarantee"])
@pytest.mark.parametrize("target", ["tilt", "seat:rival:economy", "ARM>WST:politics"])
def test_the_causes_sum_where_a_scenario_sets_levels_and_parameters(name, target):
    found = explain(Ensemble(bundled(name), 20), target)
    assert residual(found) < EXACT


@pytest.mark.long
@pytest.mark.parametrize("target", ["tilt", "RUS>ARM:politics"])
def test_the_path_of_the_watched_model_is_the_models_own(target):
    scenario, worlds = bundled(), range(250, 270)
    span_ = Window(None, week(364))
    names = [cause.name for cause in causes_of(scenario, span_)]
    plain = TwoChairs(scenario, worlds, vary=True).run().arrays
    for fading in ("apart", "own"):
        watched = Watched(
            target_of(target, scenario), names, span_.weeks(scenario), scenario, worlds,
            vary=True, fading=fading,
        )  # fmt: skip
        watched.account()
        for name, array in watched.trajectory().arrays.items():
            assert np.array_equal(array, plain[name]), name


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_start_and_end_are_the_models_values_at_the_end_of_those_weeks(target):
    ensemble = Ensemble(bundled(), 30)
    path = run_ensemble(ensemble).outcome(target)
    found = explain(ensemble, target, "2020-09-21:2023-12-04")
    start, end = (path[bundled().week_of(day)] for day in (found.window.after, found.window.to))
    if ">" in target:
        assert np.tanh(found.start) == pytest.approx(start, abs=1e-15)
        assert np.tanh(found.end) == pytest.approx(end, abs=1e-15)
    else:
        assert np.array_equal(found.start, start)
        assert np.array_equal(found.end, end)


@pytest.mark.long
def test_without_a_first_date_the_start_is_where_the_run_begins():
    baseline = bundled().case.baselines["ARM>RUS"].security
    assert alone(bundled(), "ARM>RUS:security").start == pytest.approx(np.arctanh(baseline))
    loud = with_events(quiet(4), event(0, goldstein=-8.0))
    assert alone(loud, window=":").change[0] > 0.01
    assert alone(loud, window=span(0, 3)).change[0] < 0.0


@settings(max_examples=6)
@given(st.lists(st.integers(0, 364), min_size=3, max_size=3, unique=True), st.sampled_from(TARGETS))
@pytest.mark.slow
def test_adjacent_windows_add_up_cause_by_cause(weeks, target):
    first, middle, last = sorted(weeks)
    ensemble = Ensemble(bundled(), 3)
    whole = explain(ensemble, target, span(first, last))
    parts = [
        explain(ensemble, target, window) for window in (span(first, middle), span(middle, last))
    ]
    for cause in whole.names:
        added = sum(part(p, cause) for p in parts if cause in p.names)
        assert part(whole, cause) == pytest.approx(added, abs=EXACT), cause
    assert {n for p in parts for n in p.names} == set(whole.names)


@pytest.mark.slow
def test_chunks_and_company_change_no_bit():
    window = ":2024-06-24"
    many, few, one = (
        explain(Ensemble(bundled(), worlds), "tilt", window, fading="own")
        for worlds in (CHUNK + 3, 5, 1)
    )
    assert many.values.shape[1] == CHUNK + 3
    assert np.array_equal(many.values[:, :5], few.values)
    assert np.array_equal(many.values[:, :1], one.values)
    assert np.array_equal(many.start[:1], one.start)
    last = Watched(
        target_of("tilt", bundled()), many.names, many.window.weeks(bundled()), bundled(),
        [CHUNK + 2], vary=True, fading="own",
    )  # fmt: skip
    last.account()
    assert np.array_equal(many.values[:, -1], last.ledger[:, 0])


# --- the mean slope -------------------------------------------------------------------------------

numbers = st.floats(-4.0, 4.0)


@pytest.mark.long
@given(numbers, numbers, st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.booleans())
def test_the_mean_slope_is_the_mean_of_the_slope_along_the_line(a, b, held, share, net):
    scenario = with_parameters(quiet(1), institution_share=share, net_seats=float(net))
    p = fixed_parameters(scenario)
    line = np.linspace(a, b, 20_001)
    middle = 0.5 * (line[1:] + line[:-1])
    inside = (1.0 - share) * np.tanh(middle) + share * held if net else np.tanh(middle)
    slopes = (1.0 - share) * (1.0 - np.tanh(middle) ** 2) * (inside > 0.0)
    a, b, held = np.array([[a]]), np.array([[b]]), np.array([[held]])
    slope = mean_slope(a, b, held, p)
    if abs(b - a) > 1e-3:
        assert slope == pytest.approx(np.mean(slopes), abs=1e-4)
    grown = occupancy(np.tanh(b), held, p) - occupancy(np.tanh(a), held, p)
    assert slope * (b - a) == pytest.approx(grown, abs=1e-15)


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e-17, 1e-12, 1e-6])
def test_the_mean_slope_holds_for_changes_of_any_size(size):
    p = fixed_parameters(with_parameters(quiet(1), institution_share=0.4))
    z, held = np.array([[0.5]]), np.array([[0.3]])
    slope = mean_slope(z, z + size, held, p)
    assert slope == pytest.approx(0.6 * (1.0 - np.tanh(0.5) ** 2), abs=1e-6)
    far = np.array([[400.0]])
    assert mean_slope(-far, far, held, p) == pytest.approx(0.6 / 800.0)


def test_a_seat_left_empty_has_no_price_and_one_half_left_has_half():
    zero, up, down = np.array([0.0]), np.array([0.2]), np.array([-0.2])
    assert share_above_zero(down, -up) == 0.0
    assert share_above_zero(up, up) == 1.0
    assert share_above_zero(down, up) == 0.5
    assert share_above_zero(up, down) == 0.5
    assert share_above_zero(zero, zero) == 1.0


def test_causes_that_cancel_keep_their_sizes_and_sum_to_nothing():
    blow, gift = event(3, goldstein=-5.0, weight=1.0), event(3, goldstein=5.0, weight=1.95)
    scenario = with_parameters(with_events(quiet(5), blow, gift), negativity=1.95)
    found = alone(scenario, "incumbent_seat")
    assert part(found, blow.id)[0] < -0.05
    assert part(found, gift.id) == pytest.approx(-part(found, blow.id), abs=EXACT)
    assert residual(found) < EXACT


# --- each cause by hand ---------------------------------------------------------------------------


@pytest.mark.long
def test_an_event_counts_what_it_was_felt_and_decay_the_rest():
    blow = event(2, goldstein=-5.0, domains=(0.5, 0.3, 0.2), material=False, weight=0.8)
    scenario = with_events(quiet(20), blow)
    p = fixed_parameters(scenario)
    size = p.reception_gain * 0.8 * p.verbal_weight * 0.5 * p.negativity * -0.5
    fast = p.verbal_fast_share * size
    left = fast * retained(p.fast_half_life, 17) + (size - fast) * retained(p.slow_half_life, 17)
    apart = alone(scenario, "ARM>RUS:security")
    assert part(apart, blow.id) == pytest.approx(size, abs=EXACT)
    assert part(apart, "decay") == pytest.approx(left - size, abs=EXACT)
    assert apart.channels == {blow.id: "reception"}
    own = alone(scenario, "ARM>RUS:security", fading="own")
    assert part(own, blow.id) == pytest.approx(left, abs=EXACT)
    assert part(own, "decay") == pytest.approx(0.0, abs=EXACT)
    later = alone(scenario, "ARM>RUS:security", span(5, 19), fading="own")
    assert blow.id not in later.names
    assert part(later, "decay") == pytest.approx(later.change, abs=EXACT)


@pytest.mark.parametrize(
    ("target", "channel"),
    [
        ("ARM>RUS:security", "reception"),
        ("RUS>ARM:security", "expression"),
        ("WST>RUS:security", "observation"),
        ("tilt", "reception"),
    ],
)
def test_an_act_moves_a_target_through_one_channel(target, channel):
    blow = event(2, "RUS", "ARM", -5.0)
    found = alone(with_events(quiet(6), blow), target)
    assert found.channels == {blow.id: channel}
    assert part(found, blow.id)[0] != 0.0


def test_an_attack_and_the_answer_to_it_are_two_causes():
    blow = attack(3, severity=0.5, coverage=1.0, defended=False)
    found = alone(with_events(quiet(6), blow), "ARM>RUS:security")
    p = fixed_parameters(quiet(6))
    score = (p.refusal_score - p.defence_score * p.expectation_violation) / 10.0
    assert part(found, f"{blow.id}:test") == pytest.approx(
        p.reception_gain * 0.5 * 0.55 * p.negativity * score, abs=EXACT
    )
    assert part(found, blow.id) == 0.0
    assert blow.id not in found.channels
    kinds = {cause.name: cause.kind for cause in found.causes}
    assert (kinds[blow.id], kinds[f"{blow.id}:test"]) == ("event", "test")


def test_ties_are_booked_by_their_own_change():
    scenario = with_dated(
        quiet(8),
        intervention(3, institution="CSTO", level=0.0),
        intervention(3, institution="EU", level=1.0),
    )
    p, weights = fixed_parameters(scenario), {t.id: t.weights for t in scenario.case.institutions}
    found = alone(scenario)
    w, χ = p.domain_weights[:, 0], p.institution_share[0]
    fallen = χ * np.sum(w * weights["CSTO"].values())
    assert part(found, "institution:CSTO") == pytest.approx(fallen, abs=EXACT)
    grown = χ * np.sum(w * p.rival_caps[:, 0] * np.array(weights["EU"].values())) * (1.0 - 0.35)
    assert part(found, "institution:EU") == pytest.approx(grown, abs=EXACT)
    assert found.change == pytest.approx(fallen + grown, abs=EXACT)
    assert alone(scenario, "ARM>RUS:security").change == 0.0


@pytest.mark.long
def test_ties_that_move_by_rule_are_booked_too():
    found = explain(Ensemble(bundled(), 40, vary=False), "incumbent_seat")
    paths = run_ensemble(found.ensemble)
    frozen = paths.outcome("institution:CSTO")[-1] < 1.0
    assert frozen.any()
    booked = part(found, "institution:CSTO")
    p = fixed_parameters(bundled())
    unit = p.institution_share * p.weight_security * 0.65
    level = paths.outcome("institution:CSTO")[-1]
    assert booked == pytest.approx(-unit * (1.0 - level), abs=EXACT)


@pytest.mark.long
def test_two_ties_that_move_in_one_week_are_told_apart():
    levels = quiet(1).institutions | {"EAEU": 0.5, "CIS": 0.0}
    scenario = quiet(60, acting=True)
    ties = tuple(
        tie.model_copy(update={"restore_weeks": 52}) if tie.id in ("EAEU", "CIS") else tie
        for tie in scenario.case.institutions
    )
    case = scenario.case.model_copy(update={"institutions": ties})
    scenario = scenario.model_copy(update={"institutions": levels, "case": case})
    moved = run_ensemble(fixed_world(Ensemble(scenario, 1))).arrays["institutions"][:, :, 0]
    weeks = [set(np.flatnonzero(np.diff(moved[:, tie]))) for tie in (1, 2)]
    assert weeks[0] == weeks[1] != set()
    found = alone(scenario, "incumbent_seat")
    p, (_, union, loose, *_) = fixed_parameters(scenario), scenario.case.institutions
    restored = 0.5 * p.institution_share * p.weight_economy * union.weights.economy
    assert part(found, "institution:EAEU") == pytest.approx(restored, abs=EXACT)
    returned = 1.0 * p.institution_share * p.weight_politics * loose.weights.politics
    assert part(found, "institution:CIS") == pytest.approx(returned, abs=EXACT)


def test_a_condition_is_booked_by_its_id():
    closed = condition(3, "transit", 0.5)
    scenario = with_dated(quiet(8), closed)
    seat = TwoChairs(quiet(8), luck=False).run().outcome("seat:rival:economy")[-1]
    found = alone(scenario, "seat:rival:economy")
    assert part(found, f"condition:{closed.id}") == pytest.approx(-0.5 * seat, abs=EXACT)
    assert found.change == pytest.approx(-0.5 * seat, abs=EXACT)


def test_a_parameter_set_on_a_date_is_booked_by_the_intervention():
    change = intervention(3, parameter="institution_share", value=0.1)
    scenario = with_dated(with_events(quiet(8), event(1, goldstein=6.0)), change)
    found = alone(scenario)
    assert abs(part(found, f"intervention:{change.id}")[0]) > 0.01
    assert residual(found) < EXACT


@pytest.mark.long
def test_agents_acts_are_booked_to_the_act_chosen_in_each_world():
    ensemble = Ensemble(bundled(), 60)
    found = explain(ensemble, "ARM>RUS:politics", "2023-12-04:2026-12-28")
    paths = run_ensemble(ensemble)
    acting = paths.week_of(bundled().agents_act_from)

    def chose(actor, act):
        counts = paths.outcome(f"chose:{actor}:{act}")
        return counts[-1] - counts[acting]

    for act in INCUMBENT_ACTS[1:]:
        booked = part(found, f"act:RUS:{act}")
        assert np.array_equal(booked != 0.0, chose("RUS", act) > 0), act
    assert (part(found, "act:RUS:WARN") <= 0.0).all()
    assert (part(found, "act:RUS:REWARD") >= 0.0).all()
    attacked = chose("AZE", ADVERSARY_ACTS[1]) > 0
    assert np.array_equal(part(found, "act:AZE:attack:test") != 0.0, attacked)
    assert attacked.any()
    assert not attacked.all()


@pytest.mark.long
def test_a_warning_counts_in_full_and_habituation_takes_back_what_repeats_lack():
    ensemble = Ensemble(bundled(), 60, vary=False)
    found = explain(ensemble, "ARM>RUS:security", "2023-12-04:2026-12-28")
    p = fixed_parameters(bundled())
    warning = p.reception_gain * p.verbal_weight * USUAL["WARN"].domains[0] * p.negativity * -0.44
    counts = run_ensemble(ensemble).outcome("chose:RUS:WARN")
    given_ = counts[-1] - counts[bundled().week_of(bundled().agents_act_from)]
    assert part(found, "act:RUS:WARN") == pytest.approx(given_ * warning, abs=EXACT)
    halves = part(found, "habituation") / (-0.5 * warning)
    assert halves == pytest.approx(np.round(halves), abs=1e-9)
    assert (halves > 0.0).any()
    assert (np.round(halves) <= given_).all()


@pytest.mark.long
def test_agents_acts_are_no_causes_before_agents_act():
    before = explain(Ensemble(bundled(), 2), "tilt", ":2023-11-27")
    assert not [name for name in before.names if name.startswith("act:")]


def test_balance_is_booked_apart_from_decay():
    scenario = with_parameters(quiet(6), balance_drift=0.01)
    found = alone(scenario, "ARM>RUS:security", ":2020-01-06")
    A = np.zeros((4, 4))
    ids = scenario.case.actor_ids()
    for pair, baseline in scenario.case.baselines.items():
        holder, toward = (ids.index(key) for key in pair.split(">"))
        A[holder, toward] = baseline.security
    drift = 0.01 * (A @ A)[ids.index("ARM"), ids.index("RUS")]
    assert part(found, "balance") == pytest.approx(drift, abs=EXACT)
    assert part(found, "decay") == 0.0


# --- names and rows -------------------------------------------------------------------------------


@pytest.mark.long
def test_what_is_dated_in_the_window_is_listed_and_nothing_else():
    found = explain(Ensemble(bundled(), 2), "tilt", "2020-09-14:2021-05-09")
    dated = [cause.name for cause in found.causes if cause.date is not None]
    assert dated == ["S03", "S03:test", "C26", "C01", "S09", "C14"]


@pytest.mark.parametrize("key", ["decay", "act:RUS:WARN", "institution:CSTO"])
def test_an_event_named_like_a_mechanism_is_refused(key):
    scenario = with_events(quiet(20, acting=True), event(3, key=key))
    with pytest.raises(InputError, match=r"names two things to explain; rename the event") as error:
        alone(scenario)
    assert str(error.value) == (
        f"baseline: events[{key}].id: '{key}' names two things to explain; "
        "rename the event of that id"
    )


def test_an_event_may_bear_the_name_of_a_patrons_act():
    odd = event(12, goldstein=-5.0, key="act:RUS")
    found = alone(with_events(quiet(20, acting=True), odd), "ARM>RUS:security")
    assert part(found, "act:RUS")[0] < 0.0
    assert residual(found) < EXACT


@pytest.mark.long
def test_small_causes_share_one_row_and_no_world_is_lost():
    found = explain(Ensemble(bundled(), 20), "tilt")
    rows = bars(found, 6, alone(bundled()))
    assert len(rows) == 6
    assert rows[-1].label == f"other ({len(found.by_size()) - 5})"
    assert sum(row.values for row in rows) == pytest.approx(found.change, abs=EXACT)
    assert sum(row.fixed for row in rows) == pytest.approx(alone(bundled()).change[0], abs=EXACT)
    sizes = [abs(np.mean(row.values)) for row in rows[:-1]]
    assert sizes == sorted(sizes, reverse=True)
