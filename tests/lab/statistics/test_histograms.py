"""Histograms of every week: quantiles whose error is bounded."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs.outcomes import INDICES
from two_chairs_lab.statistics.histograms import ERROR, PERCENT, Histograms

pytestmark = pytest.mark.unit


def readings(values: dict[str, np.ndarray], worlds: int):
    found = {name: np.zeros(worlds) for name in INDICES}
    found |= {"regime": np.zeros(worlds, dtype=np.int8)} | values
    return {name: (lambda array=array: array) for name, array in found.items()}


@pytest.mark.parametrize("worlds", [1, 2, 19, 20, 21, 1000, 4097])
def test_quantiles_lie_within_the_stated_error(worlds):
    rng = np.random.default_rng(worlds)
    values = {"tilt": rng.uniform(-1, 1, worlds), "strain": rng.beta(0.3, 3.0, worlds)}
    counts = Histograms(1)
    counts.add(0, readings(values, worlds), worlds)
    for name, exact in values.items():
        expected = np.quantile(exact, np.array(PERCENT) / 100, method="inverted_cdf")
        assert np.abs(counts.quantiles(name)[:, 0] - expected).max() <= ERROR
        assert counts.counted(name).tolist() == [worlds]
    assert ERROR < 3e-4


def test_the_ends_of_a_range_are_exact():
    for name, value in (("tilt", -1.0), ("tilt", 0.0), ("tilt", 1.0), ("breadth", 1.0)):
        counts = Histograms(1)
        counts.add(0, readings({name: np.full(5, value)}, 5), 5)
        assert counts.quantiles(name)[:, 0].tolist() == [value] * 5


def test_values_outside_are_left_out_and_the_number_told():
    values = np.array([0.5, np.nan, np.inf, -0.2, 1.2, 0.75])
    counts = Histograms(2)
    counts.add(0, readings({"breadth": values}, 6), 6)
    assert counts.counted("breadth").tolist() == [2, 0]
    assert counts.quantiles("breadth")[:, 0].tolist() == [0.5, 0.5, 0.5, 0.75, 0.75]
    assert np.isnan(counts.quantiles("breadth")[:, 1]).all()
    assert np.isnan(counts.shares()[:, 1]).all()


def test_counts_of_parts_add_up_in_any_order():
    rng = np.random.default_rng(1)
    values, regimes = rng.uniform(-1, 1, 300), rng.integers(0, 4, 300)
    whole, back = Histograms(1), Histograms(1)
    whole.add(0, readings({"tilt": values, "regime": regimes}, 300), 300)
    for cut in (slice(200, 300), slice(0, 50), slice(50, 200)):
        part = Histograms(1)
        number = len(values[cut])
        part.add(0, readings({"tilt": values[cut], "regime": regimes[cut]}, number), number)
        back.merge(part.values, part.regimes)
    assert np.array_equal(whole.values, back.values)
    assert np.array_equal(whole.regimes, back.regimes)
    assert back.shares()[:, 0] * 300 == pytest.approx(np.bincount(regimes))
