"""The command as a user meets it: the object, the table, the folder, the figure, the errors."""

from __future__ import annotations

import csv
import json
import shlex

import numpy as np
import pytest

from builders import EXACT, bundled
from commands import two_chairs
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.explain.figures import waterfall
from two_chairs_lab.studies.explain.study import explain

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

FEW = ("--worlds", "12")


@pytest.fixture(scope="module")
def answer():
    words = ("--target", "ARM>RUS:security", "--window", "2020-01-06:2023-12-07", *FEW)
    result = two_chairs("explain", "baseline", *words, "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


@pytest.mark.long
def test_the_fixed_world_is_told_without_a_remainder(answer):
    assert answer["change"] == pytest.approx(answer["end"] - answer["start"], abs=EXACT)
    assert sum(answer["contributions"].values()) == pytest.approx(answer["change"], abs=EXACT)
    path = run_ensemble(Ensemble(bundled(), 1, vary=False, luck=False))
    told = np.arctanh(path.outcome("ARM>RUS:security")[:, 0])
    assert answer["start"] == pytest.approx(told[0], abs=EXACT)
    assert answer["end"] == pytest.approx(told[path.week_of(bundled().agents_act_from)], abs=EXACT)


def test_the_object_says_what_was_asked_and_on_what_it_is_conditional(answer):
    assert answer["scenario"] == "baseline"
    assert answer["target"] == "ARM>RUS:security"
    assert answer["unit"] == "atanh units"
    assert answer["window"] == {"from": "2020-01-06", "to": "2023-12-04"}
    assert (answer["worlds"], answer["seed"], answer["fading"]) == (12, 0, "apart")
    assert "not a forecast" in answer["conditional_on"]
    assert answer["manifest"]["kind"] == "explain"
    assert answer["manifest"]["target"] == "ARM>RUS:security"
    assert answer["manifest"]["scenario"]["name"] == "baseline"


def test_every_cause_is_there_with_its_channel_and_its_spread(answer):
    assert {"S03", "S03:test", "C13", "decay", "habituation", "institution:CSTO"} <= set(
        answer["contributions"]
    )
    assert answer["channels"]["S20"] == {"reception": answer["contributions"]["S20"]}
    assert answer["channels"]["S01"] == {"expression": answer["contributions"]["S01"]}
    assert answer["channels"]["S31b"] == {"observation": answer["contributions"]["S31b"]}
    spread = answer["ensemble"]
    assert set(spread["contributions"]) == set(answer["contributions"])
    for entry in (spread["change"], *spread["contributions"].values()):
        assert set(entry) == {"mean", "median", "p05", "p95"}
        assert entry["p05"] <= entry["median"] <= entry["p95"]
    means = sum(entry["mean"] for entry in spread["contributions"].values())
    assert means == pytest.approx(spread["change"]["mean"], abs=EXACT)
    assert answer["says"]["S03"].startswith("Azerbaijan opened")


@pytest.mark.slow
def test_the_ensemble_is_that_of_run_and_the_fixed_world_is_not():
    drawn = json.loads(two_chairs("explain", "--worlds", "1", "--seed", "3", "--json").stdout)
    assert drawn["ensemble"]["change"]["mean"] != drawn["change"]
    fixed = json.loads(
        two_chairs("explain", "--worlds", "1", "--fixed", "--no-luck", "--json").stdout
    )
    assert fixed["ensemble"]["change"]["mean"] == fixed["change"] == drawn["change"]
    assert fixed["window"] == {"from": None, "to": "2026-12-28"}
    share = json.loads(
        two_chairs("explain", "--worlds", "1", "--set", "negativity=1", "--json").stdout
    )
    assert share["change"] != fixed["change"]
    assert "negativity = 1" in share["conditional_on"]


@pytest.mark.long
@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("columns", ["110", "80", "50"])
def test_the_table_fits_the_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    result = two_chairs("explain", *FEW, "--window", "2020-01-06:2023-12-04")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert "\x1b" not in result.stdout
    table = [line for line in lines if line.startswith(("S03:test", "change", "other ("))]
    numbers = 1 if columns == "50" else 3
    assert [line.count("+") + line.count("-") for line in table] == [numbers + 2] * 3
    assert "not a forecast" in " ".join(result.stdout.split())


@pytest.mark.long
@pytest.mark.usefixtures("undrawn")
def test_one_world_has_no_interval_and_a_quiet_window_no_causes():
    result = two_chairs("explain", "--worlds", "1", "--window", "2020-01-06:2020-01-13")
    assert result.exit_code == 0
    (change,) = [line for line in result.stdout.splitlines() if line.startswith("change")]
    assert change.split() == ["change", "+0.000", "+0.000", "+0.000"]


@pytest.mark.long
@pytest.mark.usefixtures("undrawn")
def test_what_happened_in_the_week_the_window_counts_from_is_told():
    result = two_chairs("explain", *FEW, "--window", "2020-09-27:2020-12-28")
    assert "stands in the start: S03 (27 Sep 2020)." in " ".join(result.stdout.split())


@pytest.mark.long
def test_the_folder_holds_figure_table_and_record(tmp_path):
    folder = tmp_path / "a folder"
    for _ in range(2):
        result = two_chairs("explain", *FEW, "--out", str(folder), "--json")
        assert result.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "explain.csv", "explain.json", "manifest.json", "waterfall.png",
    ]  # fmt: skip
    told = json.loads(result.stdout)
    kept = json.loads((folder / "explain.json").read_text())
    assert kept | {"manifest": told["manifest"]} == told
    with (folder / "explain.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["cause"] for row in rows] == list(told["contributions"])
    for row in rows:
        assert float(row["defaults"]) == told["contributions"][row["cause"]]
        assert float(row["median"]) == told["ensemble"]["contributions"][row["cause"]]["median"]
    assert sum(float(row["mean"]) for row in rows) == pytest.approx(
        told["ensemble"]["change"]["mean"], abs=EXACT
    )


@pytest.mark.long
def test_the_bars_of_the_waterfall_lead_from_start_to_end():
    found = explain(Ensemble(bundled(), 12), "tilt", ":2023-12-04")
    axes = waterfall(found).axes[0]
    start, *causes, end = axes.patches
    reached = start.get_width()
    assert reached == pytest.approx(np.mean(found.start), abs=EXACT)
    for bar in causes:
        assert bar.get_x() == pytest.approx(reached, abs=EXACT)
        reached += bar.get_width()
    assert reached == pytest.approx(end.get_width(), abs=EXACT)
    assert end.get_width() == pytest.approx(np.mean(found.end), abs=EXACT)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == len(axes.patches) == 18
    assert labels[-2] == "smaller causes together"


WINDOW = "--window"
ERRORS = {
    "--window 2020-01-06": "--window 2020-01-06: is not FROM:TO; "
    "write it such as 2020-01-06:2023-12-04",
    "--window ''": "--window: is blank; write a name or a value, or leave it out",
    "--window 2020-01-06:2021-01-04:2022-01-03": "--window 2020-01-06:2021-01-04:2022-01-03: "
    "is not FROM:TO; write it such as 2020-01-06:2023-12-04",
    "--window 2020:2021-01-04": "--window 2020:2021-01-04: '2020' is not a date of the calendar; "
    "write it as YYYY-MM-DD",
    "--window 2021-02-30:": "--window 2021-02-30:: '2021-02-30' is not a date of the calendar; "
    "write it as YYYY-MM-DD",
    "--window 2019-12-30:2021-01-04": "--window 2019-12-30:2021-01-04: 2019-12-30 lies outside "
    "the run (2020-01-06 to 2026-12-28); choose a date inside it",
    "--window :2027-01-04": "--window :2027-01-04: 2027-01-04 lies outside the run "
    "(2020-01-06 to 2026-12-28); choose a date inside it",
    "--window 2023-12-04:2020-01-06": "--window 2023-12-04:2020-01-06: ends before it begins; "
    "exchange the two dates",
    "--window 2020-09-22:2020-09-27": "--window 2020-09-22:2020-09-27: begins and ends in the "
    "week of 2020-09-21; let it end a week later or more",
    "--window 2026-12-28:": "--window 2026-12-28:: begins and ends in the week of 2026-12-28; "
    "let it end a week later or more",
    "--target tlit": "--target tlit: 'tlit' is not a target; did you mean 'tilt'?",
    "--target ''": "--target: is blank; write a name or a value, or leave it out",
    "--target strain": "--target strain: 'strain' is an outcome that has no attribution; choose "
    "one of tilt, incumbent_seat, rival_seat, seat:incumbent:security, A>B:security",
    "--target regime:two-chairs": "--target regime:two-chairs: 'regime:two-chairs' is an outcome "
    "that has no attribution; choose one of tilt, incumbent_seat, rival_seat, "
    "seat:incumbent:security, A>B:security",
    "--target 'ARN>RUS:security'": "--target ARN>RUS:security: 'ARN' is not one of the names "
    "there; did you mean 'ARM'?",
    "--target 'ARM>RUS:defence'": "--target ARM>RUS:defence: 'defence' is not one of the names "
    "there; choose one of security, economy, politics",
    "--target 'ARM>RUS'": "--target ARM>RUS: names no domain; write it such as ARM>RUS:security",
    "--target 'ARM>ARM:security'": "--target ARM>ARM:security: is an actor's alignment toward "
    "itself; name two actors",
    "--target seat:rival:defence": "--target seat:rival:defence: 'defence' is not one of the "
    "names there; choose one of security, economy, politics",
}


@pytest.mark.long
@pytest.mark.parametrize("words", ERRORS)
def test_bad_input_is_one_line_and_leaves_nothing(words, tmp_path):
    result = two_chairs("explain", *shlex.split(words), "--out", "left", *FEW)
    assert result.exit_code == 2
    assert result.stderr == f"error: {ERRORS[words]}\n"
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_another_kind_of_result_is_not_replaced(tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "run"}')
    result = two_chairs("explain", "--out", str(tmp_path), *FEW)
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: --out {tmp_path}: holds another kind of result; name a new folder\n"
    )
