"""Face-validity properties of events and decay (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import DOMAINS, EXACT, bundled, deviation, event, quiet, run, toward, with_events
from strategies import PAIRS, SPREAD, ledgers, pairs, scores, weights
from two_chairs.rules import attitudes as dynamics
from two_chairs.rules import attitudes as events
from two_chairs.scenario.provenance import fixed_parameters

pytestmark = pytest.mark.property


def test_01_nothing_happens_at_the_baseline():
    paths = run(quiet(60))
    for a, b in PAIRS:
        assert np.array_equal(toward(paths, f"{a}>{b}"), toward(paths, f"{a}>{b}")[[0] * 60])
    assert np.ptp(paths.outcome("tilt")) == 0.0


@pytest.mark.long
@given(ledgers())
@pytest.mark.slow
def test_02_without_input_everybody_returns_to_the_baseline(ledger):
    scenario = with_events(quiet(500, fast_half_life=4.0, slow_half_life=12.0), *ledger)
    paths = run(scenario, record=("alignment", "tilt"))
    for a, b in PAIRS:
        baseline = np.array(bundled().case.baselines[f"{a}>{b}"].values())
        assert toward(paths, f"{a}>{b}")[-1, :, 0] == pytest.approx(baseline, abs=1e-9)


def test_03_the_fast_part_of_one_verbal_event_halves_in_one_half_life():
    word = event(2, material=False)
    paths = run(with_events(quiet(40, verbal_fast_share=1.0), word))
    z = deviation(paths, "ARM>RUS")[:, :, 0]
    assert np.abs(z[2 + 13] - z[2] / 2).max() < EXACT


@given(st.floats(4, 500), st.floats(-2, 2))
def test_04_half_the_step_changes_less_than_a_hundredth(half_life, impulse):
    whole = half = 0.0
    for number in range(52):
        whole = whole * float(dynamics.retained(np.array(half_life)))
        for _ in range(2):
            half = half * float(dynamics.retained(np.array(half_life), 0.5))
        if number % 9 == 0:
            whole, half = whole + impulse, half + impulse
    assert half == pytest.approx(whole, rel=0.01, abs=1e-9)


def deviation_after(act_weeks, p, material, steps):
    """Return F + S a quarter after weekly acts, each cut into as many as a week has steps."""
    sphere = events.Sphere((1,), 0)
    regard = lambda holder, of: np.full((3, 1), 0.3)  # noqa: E731
    act = events.Act(
        "x", 1, 0, np.array([6.0]), np.array(SPREAD)[:, None], np.array([material]),
        np.array([1.0 / steps]),
    )  # fmt: skip
    impulse = next(events.impulses(act, 4, regard, sphere, p))
    fast = slow = np.zeros((3, 1))
    for week in range(act_weeks + 13):
        for _ in range(steps):
            fast = fast * dynamics.retained(p.fast_half_life, 1.0 / steps)
            slow = slow * dynamics.retained(p.slow_half_life, 1.0 / steps)
            if week < act_weeks:
                fast = fast + impulse.fast_share * impulse.change
                slow = slow + (1.0 - impulse.fast_share) * impulse.change
    return fast, slow


@pytest.mark.parametrize("material", [True, False])
@pytest.mark.parametrize("act_weeks", [1, 13, 52])
def test_04_acts_in_steps_of_half_the_length_change_less_than_a_hundredth(material, act_weeks):
    """Of F + S, a quarter after the acts; the limit of it is the next test."""
    p = fixed_parameters(bundled())
    whole, half = (sum(deviation_after(act_weeks, p, material, steps)) for steps in (1, 2))
    assert half == pytest.approx(whole, rel=0.01)
    assert half != pytest.approx(whole, rel=0.0005)


def test_04_the_fast_part_alone_changes_by_a_little_more():
    """Half of the act comes half a week earlier: (1 − 2^(−1/26))/2 = 1.3 % of the fast part."""
    p = fixed_parameters(bundled())
    whole, half = (deviation_after(1, p, True, steps)[0] for steps in (1, 2))
    assert half / whole == pytest.approx(1.0 - (1.0 - 2.0 ** (-1.0 / 26.0)) / 2.0)


@given(pairs, scores, weights)
def test_15_no_weight_or_no_score_is_nothing(pair, score, weight):
    nothing = run(quiet(6)).arrays["alignment"]
    for blank in (event(3, *pair, score, weight=0.0), event(3, *pair, 0.0, weight=weight)):
        assert np.array_equal(run(with_events(quiet(6), blank)).arrays["alignment"], nothing)


@given(pairs, scores.filter(lambda g: abs(g) > 0.1), st.integers(0, 2))
def test_16_an_event_in_one_domain_leaves_the_others(pair, score, domain):
    only = tuple(float(d == domain) for d in range(3))
    paths = run(with_events(quiet(5), event(3, *pair, score, domains=only)))
    moved = np.abs(paths.arrays["alignment"][3] - paths.arrays["alignment"][2]).max(axis=(0, 1, 3))
    assert moved[domain] > 0
    assert np.delete(moved, domain).max() == 0.0


@given(pairs, scores.filter(lambda g: abs(g) > 0.1))
def test_17_deeds_beat_words(pair, score):
    def size(material):
        paths = run(with_events(quiet(5), event(3, *pair, score, material=material)))
        return np.abs(deviation(paths, f"{pair[1]}>{pair[0]}")[3, :, 0])

    assert (size(True) > size(False)).all()


@given(st.floats(0.1, 10), st.floats(1.01, 2.5))
def test_18_good_then_bad_nets_below_zero_only_with_negativity(score, negativity):
    def net(ratio):
        x = np.array([score, -score]) / 10
        return float(events.felt(x, np.array(ratio)).sum())

    assert net(negativity) < 0
    assert net(1.0) == 0.0


@pytest.mark.long
@given(pairs, scores, weights)
def test_19_an_event_in_two_halves_is_the_same(pair, score, weight):
    whole = with_events(quiet(8), event(3, *pair, score, weight=weight))
    half = {"weight": weight / 2}
    halves = with_events(quiet(8), event(3, *pair, score, **half), event(3, *pair, score, **half))
    difference = run(whole).arrays["alignment"] - run(halves).arrays["alignment"]
    assert np.abs(difference).max() < EXACT


@given(ledgers(weeks=2), st.randoms(use_true_random=False))
def test_20_the_order_of_the_file_does_not_matter(ledger, random):
    shuffled = list(ledger)
    random.shuffle(shuffled)
    one, other = (run(with_events(quiet(6), *order)) for order in (ledger, shuffled))
    assert np.array_equal(one.arrays["alignment"], other.arrays["alignment"])


@pytest.mark.long
@given(ledgers(weeks=6))
def test_22_duplicates_of_no_weight_change_nothing(ledger):
    copies = [e.model_copy(update={"id": e.id + "-copy", "weight": 0.0}) for e in ledger]
    plain = run(with_events(quiet(10), *ledger)).arrays["alignment"]
    doubled = run(with_events(quiet(10), *ledger, *copies)).arrays["alignment"]
    assert np.array_equal(plain, doubled)


def _regard_of_poles(value):
    scenario = quiet(5)
    pair = scenario.case.baselines["RUS>WST"].model_copy(update=dict.fromkeys(DOMAINS, value))
    case = scenario.case.model_copy(
        update={"baselines": scenario.case.baselines | {"RUS>WST": pair}}
    )
    return scenario.model_copy(update={"case": case})


@given(st.floats(0.05, 0.9), st.floats(0.01, 0.09))
def test_23_a_drill_with_the_rival_costs_the_incumbents_regard(hostility, more):
    drill = [event(3, "ARM", "WST", 7.4, domains=(0.9, 0, 0.1), key="D1"),
             event(3, "WST", "ARM", 7.4, domains=(0.9, 0, 0.1), key="D2")]  # fmt: skip

    def fall(value):
        paths = run(with_events(_regard_of_poles(value), *drill))
        return paths.outcome("RUS>ARM:security")[2, 0] - paths.outcome("RUS>ARM:security")[3, 0]

    assert fall(-hostility - more) > fall(-hostility) > 0
    assert fall(0.0) == 0.0


@given(ledgers(weeks=4))
def test_24_without_observers_bystanders_are_unmoved(ledger):
    between = [e for e in ledger if {e.actor, e.target} == {"ARM", "RUS"}]
    paths = run(with_events(quiet(8, observer_gain=0.0), *between))
    for a, b in PAIRS:
        if {a, b} != {"ARM", "RUS"}:
            assert np.ptp(toward(paths, f"{a}>{b}"), axis=0).max() == 0.0


def test_24_with_observers_they_move():
    paths = run(with_events(quiet(8), event(3, "RUS", "ARM", 8.0)))
    assert np.ptp(toward(paths, "WST>RUS"), axis=0).max() > 0


@pytest.mark.long
@given(st.lists(st.tuples(st.integers(0, 60), scores, weights), min_size=1, max_size=6))
def test_34_with_all_switches_off_the_sum_is_in_closed_form(entries):
    h = 26.0
    bare = quiet(
        80, observer_gain=0.0, expression_gain=0.0, negativity=1.0, verbal_fast_share=0.0,
        material_fast_share=0.0, slow_half_life=h, reception_gain=0.7,
    )  # fmt: skip
    ledger = [event(at, "RUS", "ARM", g, weight=w) for at, g, w in entries]
    paths = run(with_events(bare, *ledger))
    weeks = np.arange(80)
    expected = np.zeros((80, 3)) + np.arctanh(bundled().case.baselines["ARM>RUS"].values())
    for at, g, w in entries:
        left = np.where(weeks >= at, 2.0 ** (-(weeks - at) / h), 0.0)
        expected += 0.7 * w * (g / 10) * left[:, None] * np.array(SPREAD)
    assert np.abs(toward(paths, "ARM>RUS")[:, :, 0] - np.tanh(expected)).max() < EXACT
