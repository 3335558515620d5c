"""Curves of two versions: how far they moved, whether chance could do it, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import refused, two_chairs
from two_chairs_lab.studies.changes.study import compare_versions

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

WEEKS = ["2023-01-02", "2023-04-03", "2023-07-03"]


def run_of(folder: str, scenario: str = "baseline", **curves: list[float]) -> Path:
    """Write what `run` leaves, cut down to curves; a curve has an error of .1 in every week."""
    shares = {name[7:]: values for name, values in curves.items() if name.startswith("regime_")}
    medians = {name: values for name, values in curves.items() if not name.startswith("regime_")}
    error = [0.1] * len(WEEKS)
    where = Path(folder)
    where.mkdir(parents=True)
    manifest = {"kind": "run", "scenario": {"name": scenario, "case": {"name": "armenia"}}}
    (where / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    summary = {
        "scenario": scenario, "dates": WEEKS, "regime_shares": shares,
        **{name: {"p50": values} for name, values in medians.items()},
        "monte_carlo_errors": {**dict.fromkeys(medians, error),
                               "regime_shares": dict.fromkeys(shares, error)},
    }  # fmt: skip
    (where / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return where


def test_curves_are_sorted_by_how_far_they_moved_for_their_range():
    run_of("old", tilt=[0.0, 0.1, 0.2], level=[0.5, 0.5, 0.5], regime_two=[0.0, 0.5, 1.0])
    run_of("new", tilt=[0.0, 0.4, 0.2], level=[0.5, 0.3, 0.5], regime_two=[0.0, 0.5, 1.0])
    found = compare_versions(Path("old"), Path("new"))
    level, tilt, share = found.changes
    assert (level.outcome, tilt.outcome, share.outcome) == ("level", "tilt", "regime:two")
    assert (level.moved, level.part) == pytest.approx((-0.2, 0.2))
    assert (tilt.moved, tilt.part) == pytest.approx((0.3, 0.15))  # tilt runs from −1 to 1
    assert [tilt.dates[tilt.at].isoformat(), share.moved] == ["2023-04-03", 0.0]
    assert tilt.error == pytest.approx([0.02**0.5] * 3)
    assert (level.beyond_chance, tilt.beyond_chance) == (True, True)
    assert found.sentences()[:2] == [
        "Of 3 curves that old and new share, 2 moved; 2 of them by more than chance parts two "
        "samples of worlds.",
        "Furthest: armenia/baseline, level, 0.50 to 0.30 on 3 Apr 2023.",
    ]


def test_a_small_move_is_told_as_within_chance_and_none_as_none():
    run_of("old", tilt=[0.0, 0.1, 0.2])
    run_of("new", tilt=[0.0, 0.1, 0.3])
    assert "1 moved; 0 of them" in compare_versions(Path("old"), Path("new")).sentences()[0]
    same = compare_versions(Path("old"), Path("old"))
    assert same.sentences() == ["Nothing moved: all 1 curve that old and old share are the same."]
    assert (same.moved, same.figures()) == ([], {})


def test_runs_are_matched_below_folders_and_what_stands_alone_is_named():
    run_of("old/armenia/baseline", tilt=[0.0] * 3, level=[0.0] * 3)
    run_of("old/armenia/calm", "calm", tilt=[0.0] * 3)
    run_of("new/a", tilt=[0.1] * 3)
    found = compare_versions(Path("old"), Path("new"))
    assert [(c.scenario, c.outcome) for c in found.changes] == [("armenia/baseline", "tilt")]
    assert found.only == (("armenia/baseline: level", "armenia/calm"), ())
    assert found.sentences()[-1] == "In old alone: armenia/baseline: level, armenia/calm."


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("nowhere", "error: nowhere: there is no such folder; name one with results of run"),
        ("empty", "error: empty: holds no result of 'two-chairs run', and no golden curves "
         "(tests/goldens/curves); name a folder that 'run' has left"),
        ("twice", "error: twice: holds armenia/baseline twice; name the folder of one of the two "
         "runs"),
        ("cut", "error: cut/summary.json: is damaged or of another version; make the result again "
         "with 'two-chairs run'"),
        ("other", "error: fine: has no scenario and outcome on the same days as other; name the "
         "same runs"),
    ],
)  # fmt: skip
def test_what_can_not_be_compared_is_refused_in_one_line(old, told):
    Path("empty").mkdir()
    run_of("fine", tilt=[0.0] * 3)
    run_of("twice/a", tilt=[0.0] * 3)
    run_of("twice/b", tilt=[0.0] * 3)
    run_of("cut", tilt=[0.0] * 2)
    run_of("other", "calm", tilt=[0.0] * 3)
    assert refused("changes", old, "fine") == told
    assert not Path("results").exists()


@pytest.mark.long
def test_runs_as_they_are_left_are_read_and_drawn():
    for folder, value in (("one", 2.0), ("other", 1.5)):
        words = ("--worlds", 4, "--figures", "none", "--set", f"negativity={value}")
        assert two_chairs("run", *words, "--out", folder).exit_code == 0
    said = two_chairs("changes", "one", "other")
    assert said.exit_code == 0
    assert "Of 17 curves that one and other share" in said.stdout
    left = {path.name for path in Path("results/changes").iterdir()}
    assert left == {"changes.csv", "changes.json", "changes.png", "manifest.json"}


@pytest.mark.long
def test_runs_that_were_asked_otherwise_are_told():
    words = ("georgia/baseline", "--worlds", "2", "--figures", "none", "--out")
    two_chairs("run", *words, "old")
    two_chairs("run", *words, "same")
    two_chairs("run", *words, "new", "--seed", "4", "--fixed", "--set", "fear=0.1")
    assert compare_versions(Path("old"), Path("same")).unlike == {}
    found = compare_versions(Path("old"), Path("new"))
    assert found.unlike == {"georgia/baseline": ("the seed", "--fixed", "--set")}
    assert found.sentences()[2] == (
        "georgia/baseline was not run alike, so not the version alone moved it: the seed, "
        "--fixed, --set differ."
    )


@pytest.mark.long
def test_a_scenario_that_was_edited_between_two_runs_is_told():
    text = 'extends = "georgia/baseline"\ntitle = "t"\nquestion = "q"\n'
    for folder, more in (("old", ""), ("new", "[parameters]\nfear = { value = 0.2 }\n")):
        Path("mine.toml").write_text(text + more, encoding="utf-8")
        two_chairs("run", "mine.toml", "--worlds", "2", "--figures", "none", "--out", folder)
    (words,) = compare_versions(Path("old"), Path("new")).unlike.values()
    assert words == ("the scenario's files",)


@pytest.mark.long
def test_options_alone_are_not_taken_for_edited_files():
    words = ("no-attacks", "--worlds", "2", "--figures", "none", "--out")
    two_chairs("run", *words, "old")
    two_chairs("run", *words, "new", "--set", "negativity=1.1", "--free")
    two_chairs("run", *words, "ranges", "--defaults")
    for folder, options in (("new", ("--free", "--set")), ("ranges", ("--defaults",))):
        found = compare_versions(Path("old"), Path(folder))
        assert found.unlike == {"armenia/no-attacks": options}


@pytest.mark.long
def test_numbers_changed_by_hand_since_the_run_are_refused():
    for folder in ("one", "other"):
        words = ("--worlds", 2, "--figures", "none", "--out", folder)
        assert two_chairs("run", *words).exit_code == 0
    record = Path("other/summary.json")
    record.write_text(record.read_text("utf-8").replace('"worlds": 2', '"worlds": 3'), "utf-8")
    again = "was changed since it was written; make the result again with 'two-chairs run'"
    assert refused("changes", "one", "other") == f"error: other/summary.json: {again}"
    manifest = Path("other/manifest.json")
    text = manifest.read_text("utf-8").replace('"scale": "goldstein"', '"scale": "plover"')
    manifest.write_text(text, "utf-8")
    assert refused("changes", "one", "other") == (
        "error: other/manifest.json: scenario: was changed since the run; make the result again "
        "with 'two-chairs run'"
    )
