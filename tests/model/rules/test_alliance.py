"""The alliance test: worked examples, the sums done by hand in the comments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, attack, condition, parameters, quiet, run, with_dated, with_events
from two_chairs.rules import (
    alliance,
)

pytestmark = pytest.mark.unit
P = parameters()


@pytest.mark.parametrize(
    ("defended", "coverage", "score"),
    [(True, 1.0, 8.5 * 0.55), (True, 0.0, 8.5), (False, 1.0, -11.65), (False, 0.4, -7.06)],
)
def test_score_of_an_alliance_test(defended, coverage, score):
    # 8.5(1 − .45·cov) if kept; −(4 + 7.65·cov) if broken
    assert alliance.test_score(np.array([defended]), a(coverage), P)[0] == pytest.approx(score)


def test_an_undefended_attack_moves_belief_threat_and_alignments():
    paths = run(with_events(quiet(4), attack(2, 0.6, 1.0, defended=False)))
    # n⁺ = 1.48, n⁻ = .52 + .6
    assert paths.outcome("belief:incumbent")[2, 0] == pytest.approx(1.48 / 2.6)
    assert paths.outcome("threat")[2, 0] == pytest.approx(0.45 + 0.4 * 0.6)
    # toward Azerbaijan: κ_r·1·.8·1.95·(−.6)
    assert paths.outcome("ARM>AZE:security")[2, 0] == pytest.approx(
        np.tanh(np.arctanh(-0.80) - 0.8 * 1.95 * 0.6)
    )
    # toward Russia: weight .6, ω .55, G = −11.65; and as observer of the attack it is the pivot
    # itself that is attacked, so there is nothing else
    assert paths.outcome("ARM>RUS:security")[2, 0] == pytest.approx(
        np.tanh(np.arctanh(0.75) - 0.6 * 0.55 * 1.95 * 1.165)
    )
    # a week later belief and threat are on the way back
    n_minus = 0.52 + 0.6 * 2 ** (-1 / 260)
    assert paths.outcome("belief:incumbent")[3, 0] == pytest.approx(1.48 / (1.48 + n_minus))
    assert paths.outcome("threat")[3, 0] == pytest.approx(0.45 + 0.24 * 2 ** (-1 / 40))


def test_peace_lowers_the_rest_of_threat():
    paths = run(with_dated(quiet(400), condition(1, "peace", 0.9)))
    assert paths.outcome("threat")[-1, 0] == pytest.approx(0.045, abs=1e-3)


def test_defence_is_by_belief_attention_and_goodwill():
    assert alliance.defence_probability(a(0.7), a(0.4), a(0.5))[0] == pytest.approx(0.14)
    assert alliance.defence_probability(a(0.7), a(0.4), a(-0.5))[0] == 0.0
