"""Simple rules for polls, against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs_lab.studies.calibrate.observation import LinkPrior, logit
from two_chairs_lab.studies.calibrate.simple import (
    attacks_kernel,
    conditioned,
    no_change,
    spread,
    trend,
    walk_kernel,
    yearly_variance,
)

pytestmark = pytest.mark.unit
EXACT = np.array([0.001, 0.001])


def test_changes_of_one_month_count_as_a_month():
    """(.3² / 1.5 + .2² / (1/12)) / 2, the second pair a week apart."""
    pairs = [[(2020.0, 0.0), (2021.5, 0.3)], [(2020.0, 1.0), (2020.02, 1.2)]]
    assert yearly_variance(pairs) == pytest.approx((0.06 + 0.48) / 2.0)
    assert yearly_variance([[(2020.0, 0.0)]]) == 0.0


def test_no_change_and_trend():
    years, logits = np.array([2020.0, 2021.0, 2022.0]), np.array([0.0, 0.4, 0.8])
    assert no_change(years, logits, 2023.5) == pytest.approx((0.8, 1.5))
    assert no_change(years, logits, 2020.5) == pytest.approx((0.0, 0.5))
    assert no_change(years, logits, 2019.0) == pytest.approx((0.0, 1.0))
    assert trend(years, logits, 2024.0) == pytest.approx((1.6, 2.0))
    assert trend(years[:1], logits[:1], 2022.0) == pytest.approx((0.0, 2.0))
    assert spread(0.1, 0.04, 2.0) == pytest.approx(np.sqrt(0.02 + 0.08))


def draws(kernel, x, logits, at, scale, errors=EXACT):
    generator = np.random.default_rng(1)
    return logit(conditioned(kernel, x, logits, errors, at, scale, 20_000, generator))


def test_a_walk_stays_where_it_was_and_spreads_with_the_years():
    kernel = walk_kernel(LinkPrior())
    x, told = np.array([0.0, 1.0]), np.array([0.2, 0.2])
    near, far = (draws(kernel, x, told, at, 0.5) for at in (1.1, 3.0))
    assert near.mean() == pytest.approx(0.2, abs=0.02)
    assert far.mean() == pytest.approx(0.2, abs=0.06)
    assert far.std() > 3.0 * near.std()
    rising = draws(kernel, np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.2, 0.4]), 3.0, 0.01,
                   np.full(3, 0.001))  # fmt: skip
    assert rising.mean() == pytest.approx(0.6, abs=0.05)  # the drift goes on


def test_attacks_pull_along_a_line():
    """Level 1 before any attack, 0 after two: −1 after four, drawn to nought by the prior."""
    kernel = attacks_kernel(LinkPrior())
    found = draws(kernel, np.array([0.0, 2.0]), np.array([1.0, 0.0]), 4.0, 1e-9)
    # two answers, prior N(0, 1.5²) of the level and N(0, .5²) of the slope, no error: exact
    assert found.mean() == pytest.approx(-1.0, abs=0.01)
    assert found.std() < 0.01
    same = draws(kernel, np.array([0.0, 2.0]), np.array([1.0, 0.0]), 2.0, 1e-9)
    assert same.mean() == pytest.approx(0.0, abs=0.01)
