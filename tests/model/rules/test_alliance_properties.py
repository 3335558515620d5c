"""Face-validity properties of the alliance test (numbers of the specification, section 10)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a, attack, bundled, parameters, patron_view, quiet, run, toward, with_events
from strategies import inner, ledgers
from two_chairs.axes import HEDGE
from two_chairs.rules import (
    acts,
    alliance,
    protection,
)

pytestmark = pytest.mark.property


@given(st.floats(0.05, 1), st.floats(0.05, 1))
def test_05_a_failure_to_defend_lowers_alignment_and_belief(severity, coverage):
    paths = run(with_events(quiet(6), attack(3, severity, coverage, defended=False)))
    assert np.diff(paths.outcome("ARM>RUS:security")[2:4, 0]) < 0
    assert np.diff(paths.outcome("belief:incumbent")[2:4, 0]) < 0


@given(st.floats(0.05, 1), st.floats(0.05, 1))
def test_06_a_defended_test_raises_both(severity, coverage):
    paths = run(with_events(quiet(6), attack(3, severity, coverage, defended=True)))
    assert np.diff(paths.outcome("ARM>RUS:security")[2:4, 0]) > 0
    assert np.diff(paths.outcome("belief:incumbent")[2:4, 0]) > 0


@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.floats(0.01, 0.1), st.floats(0.01, 0.1))
def test_07_a_worse_failure_lowers_more(severity, coverage, harder, closer):
    def after(s, c):
        paths = run(with_events(quiet(6), attack(3, s, c, defended=False)))
        return [paths.outcome(n)[3, 0] for n in ("ARM>RUS:security", "belief:incumbent")]

    mild = after(severity, coverage)
    for worse in (after(severity + harder, coverage), after(severity, coverage + closer)):
        assert worse[0] < mild[0]
        assert worse[1] < mild[1]


@given(ledgers(weeks=30), st.integers(0, 29), st.floats(0.1, 1), st.floats(0.1, 1))
@pytest.mark.slow
def test_08_one_more_failure_never_tilts_east(ledger, at, severity, coverage):
    without = run(with_events(quiet(50), *ledger)).outcome("tilt")
    more = attack(at, severity, coverage, defended=False)
    with_it = run(with_events(quiet(50), *ledger, more)).outcome("tilt")
    assert (with_it - without).min() > -1e-12


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_09_without_violated_expectations_coverage_does_not_matter(one, other, defended):
    def path(coverage):
        scenario = quiet(8, expectation_violation=0.0)
        return toward(
            run(with_events(scenario, attack(3, 0.7, coverage, defended=defended))), "ARM>RUS"
        )

    assert np.array_equal(path(one), path(other))


def test_09_with_them_it_does():
    def path(coverage):
        return toward(
            run(with_events(quiet(8), attack(3, 0.7, coverage, defended=False))), "ARM>RUS"
        )

    assert not np.array_equal(path(0.2), path(0.9))


@given(inner, st.floats(0.01, 0.05), inner)
def test_27_more_war_load_means_less_attention_protection_and_reward(load, more, lost):
    p = parameters()
    light, heavy = alliance.attention(a(load), p), alliance.attention(a(load + more), p)
    assert heavy < light
    shields = [
        protection.shield(a(0.9), a(0.7), a(0.8), att, p.inattentive_protection)
        for att in (light, heavy)
    ]
    assert shields[1] < shields[0]
    value = [acts.reward(patron_view(lost, attention=att), p)[0] for att in (light, heavy)]
    assert value[1] < value[0] or value[0] == -np.inf  # a reward may be closed to both


def test_one_attack_is_one_test():
    twice = run(with_events(quiet(6), attack(3, 0.5, 1.0, defended=False))).outcome(
        "belief:incumbent"
    )
    n = bundled().parameters["belief_strength"].value
    rho = bundled().parameters["incumbent_reliability"].value
    assert twice[3, 0] == pytest.approx(rho * n / (n + 0.5))
    assert HEDGE == 1
