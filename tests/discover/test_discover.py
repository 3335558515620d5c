"""Discovery: halves, intervals, sentences, the command and its errors."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from two_chairs.errors import InputError
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.cli.main import main
from two_chairs_lab.statistics.drivers import screened
from two_chairs_lab.statistics.resampling import Estimate, draw, mean, ratio, share_between_points
from two_chairs_lab.studies.discover.condition import read_where
from two_chairs_lab.studies.discover.render import interval, sentence
from two_chairs_lab.studies.discover.study import Cases, discover, halves


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def two_chairs(*words: str):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


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
    where = read_where("tilt@end > 0")
    text = sentence(found, where, load_scenario("baseline"))
    assert text.endswith("no region stands out in which it holds more often.")


def test_a_region_that_the_other_half_does_not_confirm_is_none():
    x = np.random.default_rng(2).random((600, 3))
    searched, _ = halves(600, 0)
    chance = np.full(600, 0.3)
    chance[searched] = np.where(x[searched, 0] < 0.5, 0.9, 0.1)
    hits = (np.random.default_rng(3).random((600, 8)) < chance[:, np.newaxis]).astype(float)
    cases = Cases(("fear", "resolve", "wedge"), x, hits)
    assert discover(cases, 0).regions == ()
    asked = discover(cases, 0, step=5).regions
    assert len(asked) == 1  # who asks for a box gets it, with what it is worth
    assert asked[0].searched.density > 0.4 > asked[0].held_out.density


def test_the_tree_finds_the_same_cut(found):
    rules = {leaf.rule: leaf for leaf in found.leaves}
    best = found.leaves[0]
    assert "institution share χ ≤ 0." in best.rule
    assert best.held_out == pytest.approx(0.9, abs=0.08)
    assert sum(leaf.mass for leaf in rules.values()) == pytest.approx(1.0)


def test_the_sentence_of_a_regime_tells_of_survival(found):
    text = sentence(found, read_where("regime:two-chairs@end < 0.5"), load_scenario("baseline"))
    share, density = found.share.value, found.regions[0].density
    assert text.startswith(f"Two chairs survives to 28 Dec 2026 in {1 - share:.0%} (")
    assert "of the space; it falls above all where institution share χ ≤ 0." in text
    assert f"there in {density.value:.0%} (" in text


def test_the_sentence_of_any_other_condition(found):
    text = sentence(found, read_where("tilt@2023-12-04 > -0.14"), load_scenario("baseline"))
    assert text.startswith(f"tilt@2023-12-04 > -0.14 holds in {interval(found.share)} of the space")


def test_a_mean_over_points_and_luck_has_an_interval_of_both():
    values = np.repeat(np.arange(4.0)[np.newaxis], 50, axis=0)
    estimate = mean(values, draw(values, 0))
    assert estimate.value == 1.5
    assert estimate.low < 1.0 < 2.0 < estimate.high  # all points agree: only luck spreads it
    chosen = np.arange(50) < 10
    assert ratio(values, chosen.astype(float), draw(values, 0)).value == 1.5
    assert np.isnan(ratio(values, np.zeros(50), draw(values, 0)).value)


def test_the_share_of_variance_between_points():
    generator = np.random.default_rng(0)
    effect, noise = generator.normal(size=(4000, 1)), generator.normal(size=(4000, 10))
    assert share_between_points(effect + noise) == pytest.approx(0.5, abs=0.03)
    assert share_between_points(noise) == pytest.approx(0.0, abs=0.01)
    assert np.isnan(share_between_points(noise[:, :1]))


def test_screening_finds_effects_that_are_not_monotone():
    x = np.random.default_rng(1).random((800, 20))
    assert screened(x, np.abs(x[:, 7] - 0.5)) == [7]


def test_an_interval_is_written_with_both_ends():
    assert interval(Estimate(0.5, 0.004, 0.6)) == "50% (<1–60%)"


# --- the command ----------------------------------------------------------------------------------

SIZE = ("--points", "160", "--replicates", "2")


def test_the_command_leaves_tables_figures_and_a_manifest(tmp_path):
    result = two_chairs("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE,
                        "--out", "a b/found")  # fmt: skip
    assert result.exit_code == 0, result.output
    folder = tmp_path / "a b" / "found"
    names = {path.name for path in folder.iterdir()}
    assert {"manifest.json", "discovery.json", "points.csv", "bounds.csv", "tree.csv",
            "peeling.png", "peeling.svg", "space.png"} <= names  # fmt: skip
    rows = list(csv.DictReader((folder / "points.csv").read_text().splitlines()))
    content = json.loads((folder / "discovery.json").read_text(encoding="utf-8"))
    assert len(rows) == 160
    shares = [float(row["share"]) for row in rows]
    assert content["share"]["value"] == pytest.approx(np.mean(shares))
    assert content["share"]["p05"] < content["share"]["value"] < content["share"]["p95"]
    assert "not a forecast" in content["conditional_on"]
    again = two_chairs("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE, "--json")
    printed = json.loads(again.stdout)
    assert {key: printed[key] for key in content} == content
    assert printed["manifest"]["kind"] == "discovery"


def test_a_finished_sweep_is_searched_as_it_is(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'title = "t"\nquestion = "?"\nscenarios = ["article", "baseline"]\nreplicates = 2\n'
        'outcomes = ["tilt@2023-12-04"]\n[ranges]\ninstitution_share = { levels = 10 }\n'
        "reception_gain = { levels = 6 }\n",
        encoding="utf-8",
    )
    assert two_chairs("sweep", "plan.toml", "--out", "swept").exit_code == 0
    words = ("--where", "tilt@2023-12-04 > -0.2", "--json")
    one = json.loads(two_chairs("discover", "swept", "--scenario", "baseline", *words).stdout)
    other = json.loads(two_chairs("discover", "plan.toml", "--scenario", "baseline", *words).stdout)
    assert one["share"] == other["share"]
    assert one["regions"] == other["regions"]
    assert one["regions"][0]["bounds"][0]["input"] == "institution_share"
    refused = two_chairs("discover", "swept", *words)
    assert refused.stderr == (
        "error: --scenario: it has 2 scenarios; choose one of article, baseline\n"
    )
    unknown = two_chairs("discover", "swept", "--scenario", "baselin", *words)
    assert "did you mean 'baseline'?" in unknown.stderr
    kept = two_chairs("discover", "swept", "--scenario", "article", "--where", "tilt@end > 0")
    assert kept.stderr == (
        "error: --where tilt@end > 0: this sweep did not keep 'tilt@end'; "
        "choose one of tilt@2023-12-04, or sweep again with it\n"
    )


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("", "--where (empty): is not NAME@DATE SIGN NUMBER; write one such as "
             "'regime:two-chairs@end < 0.5'"),
        ("tilt > 0", "--where tilt > 0: is not NAME@DATE SIGN NUMBER; write one such as "
                     "'regime:two-chairs@end < 0.5'"),
        ("tilt@end = 0", "--where tilt@end = 0: '=' is no sign; choose one of <, <=, >, >=, =="),
        ("tilt@end > much", "--where tilt@end > much: 'much' is not a number; write one such as "
                            "0.5"),
        ("tilt@end > nan", "--where tilt@end > nan: 'nan' is not a number; write one such as 0.5"),
        ("tild@end > 0", "--where tild@end > 0: 'tild' is not an outcome; did you mean 'tilt'?"),
        ("regime:two-chair@end < 0.5", "--where regime:two-chair@end < 0.5: 'two-chair' is not one "
                                       "of the names there; did you mean 'two-chairs'?"),
        ("tilt@2023-12-05 > 0", "--where tilt@2023-12-05 > 0: '2023-12-05' is no Monday of the "
                                "run; write NAME@2026-12-28 or NAME@end"),
        ("tilt@end > 5", "--where tilt@end > 5: never holds in the 320 worlds; change its number, "
                         "or widen the ranges"),
        ("tilt@end > -5", "--where tilt@end > -5: always holds in the 320 worlds; change its "
                          "number, or widen the ranges"),
    ],
)  # fmt: skip
def test_bad_conditions_are_refused_in_one_line(where, message, tmp_path):
    result = two_chairs("discover", "baseline", "--where", where, *SIZE)
    assert result.exit_code == 2
    assert result.stderr == f"error: {message}\n"
    assert list(tmp_path.iterdir()) == []


def test_one_point_shows_nothing():
    words = ("discover", "baseline", "--where", "tilt@end > 0", "--points", "1")
    assert two_chairs(*words, "--replicates", "1").stderr == (
        "error: --where tilt@end > 0: 1 point can not show where it holds; "
        "take at least 40 (--points, or a grid's levels)\n"
    )


def test_a_box_that_is_not_there():
    words = ("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE, "--box", "999")
    assert (
        "error: --box 999: there is no such box; choose one from 1 to " in two_chairs(*words).stderr
    )


def test_conditions_on_alignments_hold_a_sign_in_their_name():
    where = read_where("ARM>RUS:security@end<=-0.2")
    assert (where.outcome, where.sign, where.number) == ("ARM>RUS:security@end", "<=", -0.2)
    with pytest.raises(InputError, match="is not NAME@DATE"):
        read_where("tilt@end >")
