"""Agreement of coders beside published values."""

from __future__ import annotations

import math

import pytest

from two_chairs_lab.statistics.agreement import alpha, kappa

pytestmark = pytest.mark.unit


def test_kappa_of_a_table_of_four():
    # 20 both yes, 5 and 10 apart, 15 both no: .7 seen, .5 by chance
    one = "y" * 25 + "n" * 25
    other = "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    assert kappa(one, other) == pytest.approx(0.4)


def test_kappa_at_its_ends():
    assert kappa("abab", "abab") == 1.0
    assert kappa("aabb", "abab") == 0.0
    assert math.isnan(kappa("aaaa", "aaaa"))
    assert kappa(["a", "b", None], ["a", "b", "c"]) == 1.0
    assert math.isnan(kappa([None], ["a"]))


def test_alpha_of_two_coders_as_published():
    # Krippendorff 2011, sections A and B
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha([meg, owen]) == pytest.approx(0.095, abs=5e-4)
    assert alpha(["aabbdcccedda", "babbbcccxddd".replace("x", "e")]) == pytest.approx(
        0.692, abs=5e-4
    )


FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_alpha_of_four_coders_with_blanks_as_published():
    # Krippendorff 2011, section C
    assert alpha(FOUR) == pytest.approx(0.743, abs=5e-4)
    assert alpha(FOUR, interval=True) == pytest.approx(0.849, abs=5e-4)


def test_alpha_without_variation_is_unknown():
    assert math.isnan(alpha(["aaa", "aaa"]))
    assert alpha(["ab", "ab"]) == 1.0
