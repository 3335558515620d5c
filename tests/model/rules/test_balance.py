"""The walk balance of signed graphs whose eigenvalues are known, and of a run."""

from __future__ import annotations

from math import cosh, exp

import numpy as np
import pytest

from builders import quiet, run
from two_chairs.outcomes import INDICES
from two_chairs.rules.balance import mutual, walk_balance
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.unit


def balance_of(matrix) -> float:
    return float(walk_balance(np.asarray(matrix, dtype=float)[..., np.newaxis])[0])


def complete(actors: int) -> np.ndarray:
    return np.ones((actors, actors)) - np.eye(actors)


@pytest.mark.parametrize("split", [(1, 1, -1), (1, -1, -1, 1), (1, 1, 1, 1, 1)])
def test_two_camps_or_one_are_in_balance(split):
    """S = D|S|D with D = ±1 has the eigenvalues of |S|: the ratio is 1, whatever the strengths."""
    size = np.random.default_rng(2).uniform(0.1, 0.9, (len(split), len(split)))
    size = (size + size.T) * complete(len(split)) / 2.0
    assert balance_of(np.outer(split, split) * size) == pytest.approx(1.0, abs=1e-12)


def test_a_frustrated_triangle():
    """One bad tie among three: eigenvalues −2, 1, 1, in size 2, −1, −1."""
    bad = complete(3)
    bad[0, 1] = bad[1, 0] = -1.0
    assert balance_of(bad) == pytest.approx((exp(-2) + 2 * exp(1)) / (exp(2) + 2 * exp(-1)))
    assert balance_of(-complete(3)) == pytest.approx(balance_of(bad))


def test_four_enemies_and_a_frustrated_square():
    """All hostile: −3, 1, 1, 1 against 3, −1, −1, −1. A square with one bad tie: ±√2 twice."""
    enemies = (exp(-3) + 3 * exp(1)) / (exp(3) + 3 * exp(-1))
    assert balance_of(-complete(4)) == pytest.approx(enemies)
    square = np.roll(np.eye(4), 1, axis=1) + np.roll(np.eye(4), -1, axis=1)
    bad = square.copy()
    bad[0, 1] = bad[1, 0] = -1.0
    assert balance_of(square) == pytest.approx(1.0)
    assert balance_of(bad) == pytest.approx(4 * cosh(2**0.5) / (2 + 2 * cosh(2)))


def test_mutual_regard_is_the_mean_of_directions_and_domains():
    A = np.zeros((2, 2, 3, 1))
    A[0, 1, :, 0], A[1, 0, :, 0], A[0, 0] = (0.3, 0.6, 0.9), (-0.3, 0.0, 0.0), 1.0
    # ½(.6 − .1) = .25; nobody regards oneself
    assert mutual(A)[..., 0] == pytest.approx(np.array([[0.0, 0.25], [0.25, 0.0]]))


def test_a_run_gives_it_on_request_whether_recorded_or_not():
    usual, scenario = run(quiet(3)), quiet(3)
    asked = TwoChairs(scenario, (0,), record=("walk_balance",)).run()
    assert "walk_balance" not in usual.arrays
    assert "walk_balance" not in INDICES
    found = usual.outcome("walk_balance")
    assert np.array_equal(found[:, :1], asked.outcome("walk_balance"))
    assert ((found > 0.0) & (found < 1.0)).all()
    A = usual.arrays["alignment"][-1, ..., 0].mean(axis=-1)
    S = (A + A.T) / 2 * complete(len(A))
    values, sizes = np.linalg.eigvalsh(S), np.linalg.eigvalsh(np.abs(S))
    assert found[-1, 0] == pytest.approx(np.exp(values).sum() / np.exp(sizes).sum())
