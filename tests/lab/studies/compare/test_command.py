"""The command compare: its object, its folder, its errors."""

from __future__ import annotations

import csv
import json
from functools import partial, wraps
from pathlib import Path

import pytest

from builders import bundled, scenario_file, short_scenario
from commands import ROOT, dies_once, refused, two_chairs
from two_chairs_lab.studies.compare import study

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.usefixtures("elsewhere")]


def test_json_is_one_object_with_every_outcome():
    result = two_chairs("compare", "baseline", "article", "no-attacks", "--worlds", "5", "--json")
    told = json.loads(result.stdout)
    assert list(told["differences"]) == ["article", "no-attacks"]
    assert told["dates"] == ["2023-12-04", "2026-12-28"]
    tilt = told["differences"]["article"]["tilt"]["2023-12-04"]
    assert set(tilt) == {
        "kind", "reference", "other", "value", "low", "high", "above", "below", "error",
    }  # fmt: skip
    assert tilt["low"] <= tilt["value"] <= tilt["high"] < 0
    assert told["differences"]["article"]["regime:two-chairs"]["2026-12-28"]["kind"] == "share"
    assert not Path("results").exists()


@pytest.mark.slow
def test_the_folder_holds_tables_figures_and_what_makes_them_again():
    out = "a folder/ü"
    result = two_chairs("compare", "baseline", "article", "--worlds", "1", "--out", out)
    assert result.exit_code == 0
    assert "article less baseline" in result.stdout
    assert "An exploration of mechanisms, not a forecast." in " ".join(result.stdout.split())
    names = {path.name for path in Path(out).iterdir()}
    assert names == {
        "manifest.json", "differences.csv", "differences.json", "paths.png",
        "differences.png",
    }  # fmt: skip
    rows = list(csv.DictReader(Path(out, "differences.csv").read_text().splitlines()))
    record = json.loads(Path(out, "differences.json").read_text())
    assert len(rows) == 40
    assert (
        float(rows[0]["value"]) == record["differences"]["article"]["tilt"]["2023-12-04"]["value"]
    )
    manifest = json.loads(Path(out, "manifest.json").read_text())
    assert manifest["kind"] == "compare"
    assert [s["name"] for s in manifest["scenarios"]] == ["baseline", "article"]


@pytest.mark.slow
def test_drop_each_and_swap_on_the_command_line():
    words = ("compare", "baseline", "--worlds", "2")
    result = two_chairs(*words, "--drop-each", "--outcome", "regime:two-chairs", "--out", "dropped")
    assert "each event left out, two chairs (share)" in result.stdout.lower()
    rows = list(csv.DictReader(Path("dropped/effects.csv").read_text().splitlines()))
    assert len(rows) == len(bundled().events)
    assert {"effects.png"} <= {path.name for path in Path("dropped").iterdir()}
    told = json.loads(two_chairs(*words, "--swap", "S03", "C03", "--json").stdout)
    assert list(told["differences"]) == ["S03 and C03 swapped"]
    security = told["differences"]["S03 and C03 swapped"]["ARM>RUS:security"]["2023-12-04"]
    assert security["value"] != 0.0


def test_a_run_of_one_week_and_one_world_is_compared():
    text = "end = 2020-01-06\nevents = []\ntargets = []\n"
    one, other = scenario_file("one week", text), scenario_file("other week", text)
    result = two_chairs("compare", one, other, "--worlds", "1", "--out", "week")
    assert result.exit_code == 0
    assert "6 Jan 2020" in result.stdout


def test_the_snippet_in_the_documentation_runs():
    page = ROOT / "docs" / "compare.md"
    code = page.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code.replace("worlds=200", "worlds=2"), names)
    assert names["made"].reference.ensemble.worlds == 2


KEPT = study._kept


def two_short() -> tuple[str, str]:
    """Return two scenarios of half a year, with and without an act."""
    text = "end = 2020-06-29\nevents = []\ntargets = []\n"
    act = (
        '[[add]]\nid = "A"\ndate = 2020-02-03\nactor = "RUS"\ntarget = "ARM"\n'
        'action = "praise"\ndocument = "t"\nsays = "t"\n'
    )
    return scenario_file("still", text), scenario_file("praised", text + act)


@pytest.mark.slow
def test_workers_change_no_bit_even_if_one_is_killed(monkeypatch):
    words = ("compare", *two_short(), "--worlds", "3", "--json")
    here = json.loads(two_chairs(*words).stdout)
    monkeypatch.setattr(study, "_kept", partial(dies_once, f"{study.__name__}:_kept"))
    there = json.loads(two_chairs(*words, "--workers", "2").stdout)
    assert Path("died").exists()
    assert there.pop("manifest").keys() == here.pop("manifest").keys()  # the command is its own
    assert there == here


@pytest.mark.slow
def test_events_are_left_out_by_workers_as_here():
    words = ("compare", "baseline", "--drop-each", "--worlds", "90", "--at", "2020-10-05", "--json")
    here, there = (
        json.loads(two_chairs(*words, *more).stdout) for more in ((), ("--workers", "2"))
    )
    assert there.pop("manifest").keys() == here.pop("manifest").keys()  # the command is its own
    assert there == here


def test_what_was_stopped_goes_on_where_it_was(monkeypatch):
    words = ("compare", *two_short(), "--worlds", "2", "--out")
    two_chairs(*words, "whole")
    monkeypatch.setattr("two_chairs_lab.shell.options.KEEP_FROM", 1)
    done = []

    @wraps(KEPT)
    def stopped(*asked):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(asked)
        return KEPT(*asked)

    monkeypatch.setattr(study, "_kept", stopped)
    first = two_chairs(*words, "out")
    assert first.exit_code == 130
    assert "Go on with the same command and --resume." in first.stderr
    assert refused(*words, "out").endswith(
        "--out out: holds an unfinished compare; add --resume to go on, or name another folder"
    )
    done.append("no more of it")
    assert two_chairs(*words, "out", "--resume").exit_code == 0
    assert len(done) == 3
    for name in ("differences.csv", "differences.json"):
        assert Path("out", name).read_bytes() == Path("whole", name).read_bytes()
    assert not Path("out/parts").exists()


SEVERAL = "'baseline' has nothing to be compared with"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["baseline"],
            f"compare: {SEVERAL}; name another scenario, or add --drop-each or --swap E1 E2",
        ),
        (
            ["baseline", "armenia/baseline"],
            "compare: 'armenia/baseline' is named twice; name another scenario",
        ),
        (
            ["baseline", "article", "--drop-each"],
            "--drop-each: takes one scenario, not 2; name one",
        ),
        (
            ["baseline", "article", "--swap", "S01", "S03"],
            "--swap: takes one scenario, not 2; name one",
        ),
        (
            ["baseline", "--drop-each", "--swap", "S01", "S03"],
            "compare: --drop-each and --swap are two questions; give one",
        ),
        (
            ["baseline", "article", "--outcome", "tilt"],
            "--outcome: goes with --drop-each alone; all outcomes are compared",
        ),
        (
            ["baseline", "--drop-each", "--outcome", "tild"],
            "--outcome tild: 'tild' is not an outcome; did you mean 'tilt'?",
        ),
        (
            ["baseline", "--drop-each", "--at", "2031-01-01"],
            "--at 2031-01-01: lies outside the run of baseline, 2020-01-06 to 2026-12-28; choose "
            "a date inside it",
        ),
        (
            ["baseline", "--drop-each", "--at", "2020-02-03"],
            "--drop-each: baseline records no event up to 2020-02-03; choose a later --at or "
            "another scenario",
        ),
        (
            ["baseline", "--drop-each", "--at", "2022-02-03", "--at", "2023-02-03"],
            "--at: is given twice; --drop-each ranks events at one date",
        ),
        (
            ["baseline", "article", "--at", "2027-01-04"],
            "--at 2027-01-04: lies outside the time common to all runs, 2020-01-06 to 2026-12-28; "
            "choose a date inside it",
        ),
        (
            ["baseline", "article", "--at", "4.12.2023"],
            "--at 4.12.2023: '4.12.2023' is not a date of the calendar; write it as YYYY-MM-DD",
        ),
        (
            ["baseline", "replay-2013", "--worlds", "2"],
            "compare: baseline (2020-01-06 to 2026-12-28) and replay-2013 (2013-01-07 to "
            "2015-12-28) have no week in common; choose runs that overlap",
        ),
        (
            ["baseline", "--swap", "S03", "S99"],
            "--swap S03 S99: 'S99' is not an event of baseline; choose one of S19, S09, S01, S03, "
            "S05, S06, S07, S11, S12, S13, S13b, S14, …",
        ),
        (
            ["baseline", "--swap", "S03", "S03"],
            "--swap S03 S03: 'S03' is named twice; name two events",
        ),
        (
            ["baseline", "--swap", "S05", "S06"],
            "--swap S05 S06: both act in the week of 2023-11-13; choose events of different weeks",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_compared_is_told_in_one_line(words, message):
    assert refused("compare", *words) == f"error: {message}"


@pytest.mark.parametrize("other", ["./short.toml", "../here/short.toml", "linked.toml"])
def test_one_file_under_two_names_is_not_compared_with_itself(other, elsewhere, monkeypatch):
    (elsewhere / "here").mkdir()
    monkeypatch.chdir(elsewhere / "here")
    short_scenario(Path())
    Path("linked.toml").symlink_to("short.toml")
    told = refused("compare", "short.toml", other)
    assert told == "error: compare: 'short.toml' is named twice; name another scenario"


def test_an_unknown_scenario_and_a_folder_in_the_way_are_told():
    assert refused("compare", "baseline", "articel").endswith("did you mean 'article'?")
    Path("taken").mkdir()
    Path("taken/notes.txt").write_text("mine")
    told = refused("compare", "baseline", "article", "--out", "taken")
    assert told == (
        "error: --out taken: holds files but no manifest.json; name an empty or a new folder"
    )


def test_a_swap_that_would_carry_a_condition_out_of_the_run_is_refused():
    name = scenario_file(
        "edge",
        'events = []\ntargets = []\nend = 2020-12-28\n'
        '[[add]]\nid = "A"\ndate = 2020-02-03\nactor = "RUS"\ntarget = "ARM"\naction = "praise"\n'
        'document = "t"\nsays = "t"\n'
        '[[add]]\nid = "B"\ndate = 2020-12-21\nactor = "RUS"\ntarget = "ARM"\naction = "praise"\n'
        'document = "t"\nsays = "t"\n'
        '[[conditions]]\nid = "late"\ndate = 2020-06-01\ncondition = "peace"\nvalue = 0.5\n'
        'because = "A"\nsource = "t"\n',
    )  # fmt: skip
    assert refused("compare", name, "--swap", "A", "B") == (
        "error: --swap A B: 'late', which depends on A, would leave the run; choose other events"
    )


@pytest.mark.slow
def test_sides_that_draw_their_numbers_otherwise_say_so_first():
    head = 'title = "t"\nquestion = "?"\nextends = "armenia/baseline"\n'
    Path("own.toml").write_text(
        'title = "t"\nquestion = "?"\nstart = 2020-01-06\nend = 2024-12-30\nevents = []\n'
        'case = "armenia"\n',
        encoding="utf-8",
    )
    Path("same.toml").write_text(f"{head}[parameters]\nfear = 0.3\n", encoding="utf-8")
    told = two_chairs("compare", "baseline", "own.toml", "--worlds", "2", "--figures", "none")
    first = told.stdout.splitlines()[1]
    assert "own does not draw its numbers as baseline does: all from their ranges" in " ".join(
        first.split()
    )
    found = json.loads(
        two_chairs("compare", "baseline", "own.toml", "--worlds", "2", "--json").stdout
    )
    assert "--defaults" in found["notes"][0]
    for words in (("own.toml", "--defaults"), ("same.toml",)):
        alike = two_chairs("compare", "baseline", *words, "--worlds", "2", "--json")
        assert not any("draw its numbers" in note for note in json.loads(alike.stdout)["notes"])
