"""The incumbent patron's utilities and coercion: worked examples, the sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from builders import a, parameters, patron_view
from two_chairs.axes import COERCE, INCUMBENT_ACTS, NEGLECT, REWARD, WARN
from two_chairs.rules import acts, choice, patron

pytestmark = pytest.mark.unit
P = parameters()


def utilities(lost, loyalty=0.5, att=1.0, warnings=0, quarters=2, n=0):
    view = patron_view(
        lost,
        regard=a(loyalty),
        attention=a(att),
        warnings=np.array([warnings]),
        quarters_of_loss=np.array([quarters]),
        coercions=np.array([n]),
    )
    return acts.utilities(INCUMBENT_ACTS, view, P)[:, 0]


def test_a_warning_below_its_threshold_is_not_a_choice():
    """At 0 it would tie with neglect, and luck would warn at the toss of a coin."""
    threshold = float(P.warning_threshold[0])
    assert utilities(threshold)[WARN] == -np.inf
    assert utilities(threshold + 1e-6)[WARN] > 0.0
    U = np.repeat(utilities(0.0)[:, None], 500, axis=1)
    noise = -np.log(-np.log(np.random.default_rng(0).random(U.shape)))
    assert set(choice.choose(U, a(0.04), noise).tolist()) == {NEGLECT}


@pytest.mark.parametrize("act", [REWARD, COERCE])
def test_what_is_worth_no_more_than_neglect_is_not_open(act):
    assert utilities(0.0)[act] == -np.inf
    assert utilities(0.9)[act] > 0.0


def test_acts_of_late_add_to_the_loss_that_is_felt():
    fast = np.array([[-0.2], [0.1], [-0.4]])
    # .45·.2 − .30·.1 + .25·.4 = .16
    assert patron.felt_loss(a(0.05), fast, P)[0] == pytest.approx(0.05 + 0.16)
    assert patron.felt_loss(a(0.05), -fast, P)[0] == 0.05
    assert patron.felt_loss(a(0.05), fast, parameters(grievance_gain=0.0))[0] == 0.05
    assert patron.felt_loss(a(0.05), fast, parameters(grievance_gain=3.0))[0] == pytest.approx(
        0.05 + 0.48
    )


def test_utilities_of_the_incumbent():
    U = utilities(0.40, att=0.4)
    assert U[NEGLECT] == 0.0
    assert U[WARN] == pytest.approx(0.25 * 0.28)
    assert U[REWARD] == pytest.approx(0.4 * 0.9 * 2 * 0.40 * 0.7 - 0.08)
    assert U[COERCE] == pytest.approx(2.5 * 0.18 * 1.0 * (0.35 + 0.65 * 0.4) * 1.3 - 0.12)
    # the cost grows with every coercion of the spell; the reward is capped at a loss of .5
    assert utilities(0.40, n=2)[COERCE] == pytest.approx(utilities(0.40)[COERCE] - 0.24)
    assert utilities(0.9)[REWARD] == pytest.approx(utilities(0.5)[REWARD])
    assert utilities(0.9, warnings=2, quarters=1)[[WARN, COERCE]].tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize(
    ("act", "lost", "before", "after"),
    [
        (COERCE, 0.4, 0.0, 0.15),
        (COERCE, 0.4, 0.75, 0.8),
        (NEGLECT, 0.4, 0.3, 0.25),
        (WARN, 0.4, 0.3, 0.25),
        (REWARD, 0.4, 0.3, 0.15),
        (NEGLECT, 0.1, 0.3, 0.15),
        (REWARD, 0.1, 0.2, 0.0),
    ],
)
def test_coercion_in_force(act, lost, before, after):
    did = np.array([act == COERCE]), np.array([act == REWARD])
    assert patron.coercion_after(a(before), *did, a(lost), P)[0] == pytest.approx(after)
