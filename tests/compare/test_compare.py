"""Comparisons: paired by luck, events dropped by a weight of zero, dates exchanged."""

from __future__ import annotations

import csv
import datetime
import json
import os
import signal
from dataclasses import replace
from functools import wraps
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from builders import bundled, quiet, week, with_events
from builders import event as made_event
from two_chairs.errors import InputError, InternalError
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.simulation import TwoChairs
from two_chairs_lab.cli.main import main
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import CHUNK
from two_chairs_lab.studies.compare import study
from two_chairs_lab.studies.compare.differences import difference, share_interval
from two_chairs_lab.studies.compare.study import compare, drop_each
from two_chairs_lab.studies.compare.variants import (
    Variant,
    dependents,
    forced,
    outcomes_in,
    swapped,
    without_each,
)

CUT_OFF = datetime.date(2023, 12, 4)
WORLDS = 12


def two_chairs(*words: str):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def refused(*words: str) -> str:
    """Return what a command says to input that it refuses."""
    before = sorted(Path.cwd().rglob("*"))
    result = two_chairs(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sorted(Path.cwd().rglob("*")) == before
    return result.stderr.strip()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def scenario_file(name: str, text: str) -> str:
    head = f'title = "{name}"\nquestion = "?"\nextends = "baseline"\n'
    Path(f"{name}.toml").write_text(head + text, encoding="utf-8")
    return f"{name}.toml"


# --- event weights along the worlds axis ----------------------------------------------------------


@pytest.mark.parametrize("key", ["S03", "S20", "C01", "C11"])
def test_a_weight_of_zero_is_the_event_dropped_bit_for_bit(key):
    scenario = bundled()
    drawn = TwoChairs(scenario, range(WORLDS), vary=True).weights
    wide = np.broadcast_to(drawn[key], (WORLDS,))
    tiled = np.tile(np.arange(WORLDS), 2)
    weights = {key: np.concatenate([wide, 0.0 * wide])}
    both = TwoChairs(scenario, tiled, vary=True, event_weights=weights).run()
    whole = TwoChairs(scenario, range(WORLDS), vary=True).run()
    dropped = TwoChairs(scenario.without(key), range(WORLDS), vary=True).run()
    for name, values in both.arrays.items():
        assert np.array_equal(values[..., :WORLDS], whole.arrays[name]), name
        assert np.array_equal(values[..., WORLDS:], dropped.arrays[name]), name
    assert not np.array_equal(whole.outcome("tilt"), dropped.outcome("tilt"))


def test_weights_for_no_event_are_refused():
    with pytest.raises(InternalError, match="weights are given for no event: S99"):
        TwoChairs(bundled(), event_weights={"S99": np.ones(1)})


@pytest.mark.parametrize("key", ["S01", "S31", "C07"])
def test_an_event_left_out_is_a_scenario_file_that_drops_it(key):
    scenario = load_scenario(scenario_file("less", f'drop = ["{key}"]\n'))
    made = bundled().without(key)
    told = {"name", "title", "question", "note", "expect"}
    assert made.model_dump(exclude=told) == scenario.model_dump(exclude=told)


# --- comparing ------------------------------------------------------------------------------------


def test_a_scenario_differs_from_itself_in_nothing():
    ensemble = Ensemble(bundled(), WORLDS)
    made = compare(ensemble, ensemble, labels=["one", "other"])
    found = made.differences(made.others[0])
    assert len(found) == 2 * 20
    for entry in found:
        assert entry.value == entry.above == entry.below == 0.0
        assert entry.reference == entry.other


def test_differences_are_those_of_runs_with_the_same_luck():
    one, other = (Ensemble(bundled(name), CHUNK + 8) for name in ("baseline", "no-attacks"))
    made = compare(one, other)
    assert made.dates == (CUT_OFF, bundled().end)
    here, there = run_ensemble(one), run_ensemble(other)
    found = {(d.outcome, d.day): d for d in made.differences(made.others[0])}
    place = here.week_of(CUT_OFF)
    for name in ("tilt", "coercion", "ARM>RUS:security"):
        paired = there.outcome(name)[place] - here.outcome(name)[place]
        entry = found[name, CUT_OFF]
        assert [entry.low, entry.value, entry.high] == np.quantile(
            paired, [0.05, 0.5, 0.95]
        ).tolist()
        assert entry.above == np.mean(paired > 0)
    entry = found["regime:two-chairs", CUT_OFF]
    shares = [paths.regime_share("two-chairs")[place] for paths in (here, there)]
    assert entry.value == pytest.approx(shares[1] - shares[0], abs=1e-12)
    assert entry.low < entry.value < entry.high < 0
    weekly = made.others[0].weekly["tilt"]
    assert np.array_equal(weekly, there.outcome("tilt"))


def test_a_share_interval_by_hand_and_without_a_difference():
    paired = np.array([1.0] * 30 + [-1.0] * 10 + [0.0] * 60)
    middle = 20 / 102
    width = 1.6448536 * np.sqrt(41 - 20**2 / 102) / 102
    assert share_interval(paired) == pytest.approx((middle - width, middle + width))
    low, high = share_interval(np.zeros(100))
    assert -0.02 < low < 0 < high < 0.02
    day = datetime.date(2020, 1, 6)
    assert difference("regime:two-chairs", day, np.zeros(1), np.ones(1)).high == 1.0


def test_runs_of_other_spans_are_compared_where_they_overlap():
    late = scenario_file("late", "start = 2021-01-04\nevents = []\ntargets = []\n")
    made = compare(Ensemble(bundled(), 3), Ensemble(load_scenario(late), 3))
    assert made.weeks[0] == datetime.date(2021, 1, 4)
    assert made.notes() == [
        "late does not start in the reference's week: the same luck falls on other dates"
    ]
    whole = run_ensemble(Ensemble(bundled(), 3))
    first = whole.week_of(datetime.date(2021, 1, 4))
    assert np.array_equal(made.reference.weekly["tilt"], whole.outcome("tilt")[first:])


def test_unequal_worlds_can_not_be_paired():
    with pytest.raises(InputError, match="no-attacks: has other worlds or luck than baseline"):
        compare(Ensemble(bundled(), 3), Ensemble(bundled("no-attacks"), 4))


# --- events dropped in turn, events exchanged -----------------------------------------------------


def test_drop_each_is_each_scenario_run_without_its_event(monkeypatch):
    monkeypatch.setattr("two_chairs_lab.studies.compare.variants.ACROSS", 50)
    ensemble = Ensemble(bundled(), 20)
    ranking = drop_each(ensemble)
    assert ranking.day == CUT_OFF
    assert {e.event.id for e in ranking.effects} == {e.id for e in bundled().events}
    sizes = [abs(e.difference.value) for e in ranking.effects]
    assert sizes == sorted(sizes, reverse=True)
    whole = run_ensemble(ensemble)
    place = whole.week_of(CUT_OFF)
    by_id = {effect.event.id: effect for effect in ranking.effects}
    for key in ("S03", "C07", "C12"):
        less = run_ensemble(replace(ensemble, scenario=bundled().without(key)))
        paired = less.outcome("tilt")[place] - whole.outcome("tilt")[place]
        assert by_id[key].difference.value == np.median(paired) != 0.0
    assert by_id["C07"].takes == dependents(bundled(), "C07") == ("stake-2023",)
    assert by_id["S09"].difference.value == 0.0


def test_how_variants_are_cut_changes_no_bit(monkeypatch):
    acts = [made_event(at, goldstein=-5, key=key) for at, key in ((3, "X"), (9, "Y"), (12, "Z"))]
    ensemble = Ensemble(with_events(quiet(30), *acts), 20)
    scenario = ensemble.scenario
    variants = [Variant("held", forced(scenario, "HEDGE", week(5)))]
    variants += without_each(scenario, scenario.events)
    asked = (ensemble, variants, "tilt", week(29))
    whole = outcomes_in(*asked)
    monkeypatch.setattr("two_chairs_lab.studies.compare.variants.ACROSS", 8)
    assert np.array_equal(outcomes_in(*asked), whole)
    for row, variant in zip(whole, variants, strict=True):
        without = scenario.without(*variant.muted) if variant.muted else variant.scenario
        alone = run_ensemble(replace(ensemble, scenario=without))
        assert np.array_equal(row, alone.outcome("tilt")[29])
    assert len(np.unique(whole, axis=0)) == len(variants)


def test_drop_each_leaves_out_what_comes_after_the_date():
    day = datetime.date(2022, 9, 14)
    ranking = drop_each(Ensemble(bundled(), 4), "ARM>RUS:security", day)
    dates = [effect.event.date for effect in ranking.effects]
    assert max(dates) == datetime.date(2022, 9, 13)
    assert ranking.effects[0].event.id == "C03"
    assert ranking.effects[0].difference.value > 0


def test_swapped_events_exchange_dates_and_take_what_depends_on_them():
    scenario = swapped(bundled(), "S03", "C07")
    dates = {event.id: event.date for event in scenario.events}
    assert dates["S03"] == datetime.date(2023, 9, 19)
    assert dates["C07"] == datetime.date(2020, 9, 27)
    stake = next(c for c in scenario.conditions if c.id == "stake-2023")
    assert stake.date == datetime.date(2020, 9, 27)
    untouched = {e.id: e.date for e in bundled().events} | {
        key: dates[key] for key in ("S03", "C07")
    }
    assert dates == untouched


def test_a_swap_of_equal_events_changes_nothing_and_of_unequal_ones_something():
    alike = with_events(quiet(30), *(made_event(at, key=key) for at, key in ((3, "X"), (9, "Y"))))
    unlike = with_events(
        quiet(30), made_event(3, goldstein=5, key="X"), made_event(9, goldstein=-5, key="Y")
    )
    for scenario, same in ((alike, True), (unlike, False)):
        ensemble = Ensemble(scenario, 2, vary=False)
        made = compare(ensemble, replace(ensemble, scenario=swapped(scenario, "X", "Y")))
        found = {d.outcome: d.value for d in made.differences(made.others[0])}
        assert (found["ARM>RUS:security"] == 0.0) is same
    assert dates_of(swapped(unlike, "X", "Y")) == {"X": week(9), "Y": week(3)}


def dates_of(scenario) -> dict[str, datetime.date]:
    return {event.id: event.date for event in scenario.events}


# --- the command ----------------------------------------------------------------------------------


def test_json_is_one_object_with_every_outcome():
    result = two_chairs("compare", "baseline", "article", "no-attacks", "--worlds", "5", "--json")
    told = json.loads(result.stdout)
    assert list(told["differences"]) == ["article", "no-attacks"]
    assert told["dates"] == ["2023-12-04", "2026-12-28"]
    tilt = told["differences"]["article"]["tilt"]["2023-12-04"]
    assert set(tilt) == {
        "kind", "reference", "other", "value", "low", "high", "above", "below",
    }  # fmt: skip
    assert tilt["low"] <= tilt["value"] <= tilt["high"] < 0
    assert told["differences"]["article"]["regime:two-chairs"]["2026-12-28"]["kind"] == "share"
    assert not Path("results").exists()


def test_the_folder_holds_tables_figures_and_what_makes_them_again():
    out = "a folder/ü"
    result = two_chairs("compare", "baseline", "article", "--worlds", "1", "--out", out)
    assert result.exit_code == 0
    assert "article less baseline" in result.stdout
    assert "An exploration of mechanisms, not a forecast." in " ".join(result.stdout.split())
    names = {path.name for path in Path(out).iterdir()}
    assert names == {
        "manifest.json", "differences.csv", "differences.json", "paths.png", "paths.svg",
        "differences.png", "differences.svg",
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


def test_drop_each_and_swap_on_the_command_line():
    words = ("compare", "baseline", "--worlds", "2")
    result = two_chairs(*words, "--drop-each", "--outcome", "regime:two-chairs", "--out", "dropped")
    assert "each event left out, two chairs (share)" in result.stdout.lower()
    rows = list(csv.DictReader(Path("dropped/effects.csv").read_text().splitlines()))
    assert len(rows) == len(bundled().events)
    assert {"effects.png", "effects.svg"} <= {path.name for path in Path("dropped").iterdir()}
    told = json.loads(two_chairs(*words, "--swap", "S03", "C03", "--json").stdout)
    assert list(told["differences"]) == ["S03 and C03 swapped"]
    security = told["differences"]["S03 and C03 swapped"]["ARM>RUS:security"]["2023-12-04"]
    assert security["value"] != 0.0


def test_a_run_of_one_week_and_one_world_is_compared():
    text = "end = 2020-01-06\nevents = []\ntargets = []\n"
    one, other = scenario_file("one week", text), scenario_file("other week", text)
    result = two_chairs("compare", one, other, "--worlds", "1", "--out", "week")
    assert result.exit_code == 0
    assert "06 Jan 2020" in result.stdout


def test_the_snippet_in_the_documentation_runs():
    page = Path(__file__).parents[2] / "docs" / "compare.md"
    code = page.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code.replace("worlds=200", "worlds=2"), names)
    assert names["made"].reference.ensemble.worlds == 2


# --- wherever worlds are run ----------------------------------------------------------------------

KEPT = study._kept


def two_short() -> tuple[str, str]:
    """Return two scenarios of half a year, with and without an act."""
    text = "end = 2020-06-29\nevents = []\ntargets = []\n"
    act = (
        '[[add]]\nid = "A"\ndate = 2020-02-03\nactor = "RUS"\ntarget = "ARM"\n'
        'action = "praise"\ndocument = "t"\nsays = "t"\n'
    )
    return scenario_file("still", text), scenario_file("praised", text + act)


def dies_once(*asked):
    """Keep what is compared, but for the first time: then die, as a process that is killed."""
    if not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return KEPT(*asked)


def test_workers_change_no_bit_even_if_one_is_killed(monkeypatch):
    words = ("compare", *two_short(), "--worlds", "3", "--json")
    here = json.loads(two_chairs(*words).stdout)
    monkeypatch.setattr(study, "_kept", dies_once)
    there = json.loads(two_chairs(*words, "--workers", "2").stdout)
    assert Path("died").exists()
    assert there == here


def test_events_are_left_out_by_workers_as_here():
    words = ("compare", "baseline", "--drop-each", "--worlds", "90", "--at", "2020-10-05", "--json")
    here, there = (
        json.loads(two_chairs(*words, *more).stdout) for more in ((), ("--workers", "2"))
    )
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
        (["baseline", "baseline"], "compare: 'baseline' is named twice; name another scenario"),
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
            "--swap S03 S99: 'S99' is not an event of baseline; did you mean 'S19'?",
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
