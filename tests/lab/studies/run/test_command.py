"""The command run as a user meets it."""

from __future__ import annotations

import csv
import json
from functools import wraps
from pathlib import Path

import numpy as np
import pytest

from builders import scenario_file
from commands import two_chairs
from two_chairs.axes import REGIMES
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine import ensemble as ensembles
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.runner import CHUNK
from two_chairs_lab.studies.run.figures import FIGURES

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.usefixtures("elsewhere")]

BANDS = (
    "tilt", "breadth", "split", "strain", "incumbent_seat", "rival_seat", "security", "welfare",
    "autonomy",
)  # fmt: skip


@pytest.fixture(scope="module")
def answer():
    result = two_chairs("run", "--worlds", "40", "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_json_has_every_promised_part(answer):
    scenario = load_scenario("baseline")
    weeks = scenario.weeks
    assert answer["scenario"] == "baseline"
    assert (answer["worlds"], answer["seed"]) == (40, 0)
    assert answer["dates"] == [day.isoformat() for day in scenario.mondays()]
    for name in BANDS:
        low, middle, high = (np.array(answer[name][q]) for q in ("p05", "p50", "p95"))
        assert len(low) == len(middle) == len(high) == weeks
        assert (low <= middle).all()
        assert (middle <= high).all()
    assert set(answer["regime_shares"]) == set(REGIMES)
    assert np.sum(list(answer["regime_shares"].values()), axis=0) == pytest.approx(np.ones(weeks))
    assert len(answer["alignment"]) == 12
    assert set(answer["alignment"]["ARM>RUS"]) == {"security", "economy", "politics"}
    assert set(answer["alignment"]["ARM>RUS"]["security"]) == {"p05", "p50", "p95"}
    assert [set(e) for e in answer["expectations"]] == [{"text", "held", "share", "error"}]
    assert set(answer["targets"]) == {"S02", "S04", "S08", "S37", "S39", "S41"}
    assert "first_two_chairs" in answer
    assert "not a forecast" in answer["conditional_on"]
    assert answer["manifest"]["scenario"]["name"] == "baseline"


def test_intervals_have_width_from_the_first_event_on(answer):
    week = load_scenario("baseline").week_of(load_scenario("baseline").events[1].date)
    band = answer["alignment"]["ARM>RUS"]["security"]
    assert band["p95"][week] - band["p05"][week] > 0.1
    assert band["p95"][0] == band["p05"][0]


def test_fixed_and_no_luck_leave_one_path():
    result = two_chairs("run", "--worlds", "3", "--fixed", "--no-luck", "--json")
    answer = json.loads(result.stdout)
    for name in BANDS:
        assert answer[name]["p05"] == answer[name]["p95"]


def test_the_manifest_alone_makes_the_same_run_again(answer):
    record = json.loads(json.dumps(answer["manifest"]))
    again = Ensemble(
        Scenario.model_validate(record["scenario"]), record["worlds"], record["seed"],
        record["vary"], record["luck"],
    )  # fmt: skip
    tilt = np.median(run_ensemble(again).outcome("tilt"), axis=1)
    assert tilt == pytest.approx(answer["tilt"]["p50"], abs=1e-6)


def test_run_leaves_figures_tables_and_a_manifest(tmp_path):
    result = two_chairs("run", "article", "--worlds", "8", "--out", "mine")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "mine"
    names = {path.name for path in folder.iterdir()}
    figures = {f"{name}.png" for name in FIGURES}
    assert names == figures | {"manifest.json", "summary.json", "weeks.csv"}
    assert all(path.stat().st_size > 1000 for path in folder.iterdir())
    rows = list(csv.DictReader((folder / "weeks.csv").read_text().splitlines()))
    assert len(rows) == 365
    assert float(rows[0]["tilt_p50"]) < -0.4
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["scenario"]["name"] == "article"
    assert any(name.endswith("article.csv") for name in manifest["inputs"])
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_a_second_run_replaces_the_first_and_nothing_else(tmp_path):
    assert two_chairs("run", "--worlds", "2", "--out", "mine").exit_code == 0
    assert two_chairs("run", "--worlds", "3", "--out", "mine").exit_code == 0
    assert json.loads((tmp_path / "mine" / "manifest.json").read_text())["worlds"] == 3
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


@pytest.mark.usefixtures("undrawn")
def test_the_table_answers_in_words():
    result = two_chairs("run", "--worlds", "30")
    text = " ".join(result.stdout.split())
    assert "of simulated worlds Armenia keeps both ties" in text
    assert "4 Dec 2023" in text
    assert "28 Dec 2026, led on by the model: in" in text
    assert "Share of worlds in each regime" in text
    assert "not a forecast" in text
    assert "Figures, tables and manifest: results/armenia/baseline" in text


@pytest.mark.slow
def test_set_changes_the_run_by_name_and_by_symbol():
    plain, named, symbol = (
        json.loads(two_chairs("run", "--worlds", "4", "--json", *more).stdout)["tilt"]["p50"]
        for more in ((), ("--set", "institution_share=0.2"), ("--set", "χ=0.2"))
    )
    assert named == symbol != plain


@pytest.mark.usefixtures("undrawn")
def test_a_failed_expectation_says_so(tmp_path):
    (tmp_path / "mine.toml").write_text(
        f'title = "x"\nquestion = "y"\nextends = "{bundled_scenarios()["armenia/baseline"]}"\n'
        '[[expect]]\ntext = "the moon"\noutcome = "tilt"\nat = 2023-12-04\nabove = 0.9\n'
    )
    result = two_chairs("run", "mine.toml", "--worlds", "4")
    assert "FAILS" in result.stdout
    assert "the moon" in result.stdout


@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
@pytest.mark.slow
def test_every_scenario_runs(name):
    result = two_chairs("run", name, "--worlds", "6", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["expectations"]
    assert all(0.0 <= e["share"] <= 1.0 for e in answer["expectations"])
    assert np.isfinite([answer[band]["p50"] for band in BANDS]).all()


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch):
    name = scenario_file("short", "end = 2020-03-30\nevents = []\ntargets = []\n")
    words = ("run", name, "--worlds", CHUNK + 2, "--out")
    two_chairs(*words, "whole")
    monkeypatch.setattr("two_chairs_lab.shell.options.KEEP_FROM", 1)
    whole, done = ensembles.arrays_of, []

    @wraps(whole)
    def stopped(batch):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(batch.worlds)
        return whole(batch)

    monkeypatch.setattr(ensembles, "arrays_of", stopped)
    assert two_chairs(*words, "out").exit_code == 130
    done.append("what is done is kept")
    assert two_chairs(*words, "out", "--resume").exit_code == 0
    assert done == [CHUNK, "what is done is kept", 2, CHUNK, 2]  # then the reference's
    for table in ("weeks.csv", "summary.json"):
        assert Path("out", table).read_bytes() == Path("whole", table).read_bytes()


@pytest.mark.slow
def test_only_the_figures_asked_for_are_drawn_in_the_formats_asked_for(tmp_path):
    words = ("run", "article", "--worlds", "4", "--out", "mine")

    def figures():
        return {p.name for p in (tmp_path / "mine").iterdir() if p.suffix in (".png", ".svg")}

    assert two_chairs(*words, "--figures", "regimes,seats", "--format", "both").exit_code == 0
    assert figures() == {"regimes.png", "regimes.svg", "seats.png", "seats.svg"}
    assert two_chairs(*words, "--figures", "regimes", "--format", "svg").exit_code == 0
    assert figures() == {"regimes.svg"}
    assert two_chairs(*words, "--figures", "none").exit_code == 0
    assert figures() == set()


@pytest.mark.slow
def test_an_unknown_figure_leaves_what_is_there(tmp_path):
    words = ("run", "article", "--worlds", "4", "--out", "mine")
    assert two_chairs(*words, "--figures", "none").exit_code == 0
    before = sorted((tmp_path / "mine").iterdir())
    result = two_chairs(*words, "--figures", "seat")
    assert result.exit_code == 2
    assert result.stderr == "error: --figures seat: no such figure here; did you mean 'seats'?\n"
    assert sorted((tmp_path / "mine").iterdir()) == before


@pytest.mark.usefixtures("undrawn")
@pytest.mark.slow
def test_a_yes_or_no_that_was_expected_is_told_as_a_share(tmp_path):
    (tmp_path / "mine.toml").write_text(
        f'title = "x"\nquestion = "y"\nextends = "{bundled_scenarios()["armenia/baseline"]}"\n'
        '[[expect]]\ntext = "leans"\noutcome = "regime:incumbent-chair"\nat = 2023-12-04\n'
        'above = 0.5\nshare = 0.2\n[[expect]]\ntext = "as before"\n'
        'outcome = "regime:incumbent-chair"\nat = 2023-12-04\nagainst = "article"\nabove = -2.0\n'
    )
    text = " ".join(two_chairs("run", "mine.toml", "--worlds", "30").stdout.split())
    assert "of worlds (" in text
    assert "points (" in text
    assert "0.00…1.00" not in text
    alone = " ".join(two_chairs("run", "mine.toml", "--worlds", "1").stdout.split())
    assert "of worlds (" not in alone
    assert "…" not in alone


def test_a_reference_stands_beside_a_run_that_ends_in_the_middle_of_a_week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    head = 'title = "t"\nquestion = "q"\n'
    Path("base.toml").write_text(head + 'extends = "georgia/baseline"\nend = 2026-12-31\n')
    Path("later.toml").write_text(head + 'extends = "base.toml"\nend = 2027-12-31\n')
    Path("what-if.toml").write_text(
        head + 'extends = "base.toml"\n[parameters]\nfear = { value = 0.2 }\n'
    )
    said = " ".join(
        two_chairs("run", "what-if.toml", "--worlds", "2", "--figures", "none").stdout.split()
    )
    assert "Beside it the reference, t: 31 Dec 2026, led on by the model: in " in said
    assert "reference, Dec 2026" in said
    later = " ".join(
        two_chairs("run", "later.toml", "--worlds", "2", "--figures", "none").stdout.split()
    )
    assert "The reference, t, runs from 7 Jan 2008 to the week of 28 Dec 2026 alone" in later
