"""Discovery: halves, boxes, sentences."""

from __future__ import annotations

import numpy as np
import pytest

from two_chairs.errors import InputError
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.studies.discover.condition import read_condition
from two_chairs_lab.studies.discover.search import Cases, discover, halves
from two_chairs_lab.studies.discover.tables import interval, rule, sentence

pytestmark = [pytest.mark.unit, pytest.mark.needs("sklearn")]


def known_cases(points=1200, replicates=8, seed=0) -> Cases:
    """Return cases that hold in 9 of 10 worlds where χ < .4 and in 1 of 10 elsewhere."""
    generator = np.random.default_rng(seed)
    x = generator.random((points, 6))
    chance = np.where(x[:, 1] < 0.4, 0.9, 0.1)[:, np.newaxis]
    names = ("fear", "institution_share", "resolve", "wedge", "negativity", "offer_gain")
    return Cases(names, x, (generator.random((points, replicates)) < chance).astype(float))


@pytest.fixture(scope="module")
def found():
    return discover(known_cases(), 0)


@pytest.mark.long
def test_the_region_is_found_and_told_on_points_it_never_saw(found):
    (region,) = found.regions
    (bound,) = region.bounds
    assert bound.input == "institution_share"
    assert bound.high == pytest.approx(0.4, abs=0.02)
    assert region.density.low < 0.9 < region.density.high + 0.02
    assert region.density.value == pytest.approx(0.9, abs=0.03)
    assert region.coverage.value == pytest.approx(0.36 / 0.42, abs=0.05)
    assert bound.found_again == pytest.approx(1.0)
    assert bound.without.density == pytest.approx(0.42, abs=0.06)
    assert found.screened == ("institution_share",)
    assert found.drivers[0].input == "institution_share"
    assert found.drivers[0].direction < -0.5


def test_the_halves_share_no_point():
    searched, held_out = halves(101, 3)
    assert sorted([*searched, *held_out]) == list(range(101))
    assert len(searched) == 50


def test_pure_luck_yields_no_region():
    generator = np.random.default_rng(5)
    cases = Cases(tuple("abcdefgh"), generator.random((400, 8)),
                  (generator.random((400, 4)) < 0.3).astype(float))  # fmt: skip
    found = discover(cases, 0)
    assert found.regions == ()
    where = read_condition("tilt@end > 0")
    text = sentence(found, where, load_scenario("baseline"))
    assert text.endswith("no region stands out in which it holds more often.")


@pytest.mark.long
def test_a_region_that_the_other_half_does_not_confirm_is_none():
    x = np.random.default_rng(2).random((600, 3))
    searched, _ = halves(600, 0)
    chance = np.full(600, 0.3)
    chance[searched] = np.where(x[searched, 0] < 0.5, 0.9, 0.1)
    holds = (np.random.default_rng(3).random((600, 8)) < chance[:, np.newaxis]).astype(float)
    cases = Cases(("fear", "resolve", "wedge"), x, holds)
    assert discover(cases, 0).regions == ()
    asked = discover(cases, 0, step=5).regions
    assert len(asked) == 1  # who asks for a box gets it, with what it is worth
    assert asked[0].searched.density > 0.4 > asked[0].held_out.density


@pytest.mark.long
def test_the_tree_finds_the_same_cut(found):
    best = found.leaves[0]
    assert "institution share ≤ 0." in rule(best.bounds, found.names)
    assert best.held_out == pytest.approx(0.9, abs=0.08)
    assert sum(leaf.mass for leaf in found.leaves) == pytest.approx(1.0)


def test_the_sentence_of_a_regime_tells_of_survival(found):
    text = sentence(found, read_condition("regime:two-chairs@end < 0.5"), load_scenario("baseline"))
    share, density = found.share.value, found.regions[0].density
    assert text.startswith(f"Two chairs survives to 28 Dec 2026 in {100 * (1 - share):.0f} % (")
    assert "of the space; it falls above all where institution share ≤ 0." in text
    assert f"there in {100 * density.value:.0f} % (" in text


def test_the_sentence_of_any_other_condition(found):
    text = sentence(found, read_condition("tilt@2023-12-04 > -0.14"), load_scenario("baseline"))
    assert text.startswith(f"tilt@2023-12-04 > -0.14 holds in {interval(found.share)} of the space")


def test_an_interval_is_written_with_both_ends():
    assert interval(Estimate(0.5, 0.004, 0.6)) == "50 % (<1–60 %)"


def test_conditions_on_alignments_hold_a_sign_in_their_name():
    where = read_condition("ARM>RUS:security@end<=-0.2")
    assert (where.outcome, where.sign, where.number) == ("ARM>RUS:security@end", "<=", -0.2)
    with pytest.raises(InputError, match="is not NAME@DATE"):
        read_condition("tilt@end >")
