"""The model and its ablations side by side, on the real article with small tables."""

from __future__ import annotations

import csv
import hashlib
import json
import multiprocessing
import os
import signal
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from commands import PLANS, two_chairs
from two_chairs.draws import draw_parameters, draw_weights
from two_chairs.errors import InputError
from two_chairs.randomness import Luck
from two_chairs.world.model import TwoChairs
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.studies.calibrate import sample, study
from two_chairs_lab.studies.calibrate.scoring import Score
from two_chairs_lab.studies.theories import render
from two_chairs_lab.studies.theories import study as rivals

pytestmark = [pytest.mark.command, pytest.mark.long]

PLAN = PLANS / "calibration.toml"
SMALL = ("--rows", 128, "--worlds", 12)
NAMES = ["model", "inertia", "reciprocity-only", "no-expectation-violation", "no-institutions",
         "balance-drift"]  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a place with spaces") / "theories"
    result = two_chairs("theories", PLAN, *SMALL, "--out", folder, "--json")
    assert result.exit_code == 0, result.stderr
    return folder, json.loads(result.stdout)


@pytest.fixture(scope="module")
def calibration():
    return study.resolve(study.read_plan(PLAN), str(PLAN))


def test_the_folder_holds_what_was_printed(ran):
    folder, told = ran
    written = (folder / "theories.json").read_bytes()
    kept = json.loads(written)
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert made.pop("record_sha256") == hashlib.sha256(written).hexdigest()
    assert kept | {"manifest": made} == told
    assert made["kind"] == "theories"
    assert "theories.png" in {p.name for p in folder.iterdir()}
    with (folder / "polls.csv").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 17 * len(NAMES)


def test_every_theory_predicts_and_is_scored(ran):
    _, told = ran
    assert list(told["theories"]) == NAMES
    assert list(told["scores"]["forward"]) == [
        *NAMES, "no-change", "linear-trend", "random-walk", "cumulative-attacks",
    ]  # fmt: skip
    for entry in told["theories"].values():
        assert list(entry["at"]) == ["2023-12-04", "2026-12-28"]
        for position in entry["at"].values():
            assert sum(position["regime_shares"].values()) == pytest.approx(1.0)
            assert position["tilt"]["p05"] <= position["tilt"]["p50"] <= position["tilt"]["p95"]
    positions = {n: e["at"]["2023-12-04"]["tilt"]["p50"] for n, e in told["theories"].items()}
    assert positions["inertia"] < positions["reciprocity-only"] < positions["model"]


def test_polls_see_no_institutions(ran):
    """Without institutions every poll is answered alike, row by row: that is said, not scored."""
    folder, told = ran
    for test in ("wave-out", "forward"):
        assert told["scores"][test]["no-institutions"] == told["scores"][test]["model"]
        assert told["crps_less_models"][test]["no-institutions"] is None
        with (folder / f"scores-{test}.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["variant"]: row for row in csv.DictReader(file)}
        assert rows["no-institutions"]["more than the model"] == "not testable"
        assert "not testable" not in rows["inertia"].values()
    assert told["not_testable"] == ["no-institutions"]
    assert told["loses_to"]["no-institutions"] == []
    assert render.sentences(told)[-3].startswith("Not testable by polls: no-institutions.")
    assert not any("do not tell" in s and "no-inst" in s for s in render.sentences(told))
    one, other = (told["theories"][n]["polls"] for n in ("model", "no-institutions"))
    assert one == other


def test_worlds_are_the_rows_drawn_and_luck_is_common(calibration):
    """To the cut-off a world is its row; after it, the luck of its number, in every theory."""
    chosen = np.array([5, 5, 90])
    paths = rivals.run_worlds(calibration, {"model": chosen})["model"]
    scenario, luck = calibration.scenario, Luck(calibration.plan.seed, np.array([5, 90]))
    alone = TwoChairs(
        scenario, [5, 90], seed=luck.seed, parameters=draw_parameters(scenario, luck),
        event_weights=draw_weights(scenario, luck),
    ).run()  # fmt: skip
    week = calibration.scenario.week_of(calibration.scenario.agents_act_from)
    tilt = alone.outcome("tilt")
    assert np.array_equal(paths["tilt"][:week, [0, 2]], tilt[:week])
    assert np.array_equal(paths["tilt"][:week, 0], paths["tilt"][:week, 1])
    assert not np.array_equal(paths["tilt"][week:, 0], paths["tilt"][week:, 1])
    later = rivals.run_worlds(calibration, {"model": np.array([90, 5])})["model"]
    assert np.array_equal(later["tilt"][:, 1], paths["tilt"][:, 1])


def seen_by(calibration, table, rows):
    (seen,) = sample.run_rows(calibration, [sample.batch_of(calibration, table, np.arange(rows))])
    return seen


def test_a_rival_keeps_its_parameters_fixed(calibration):
    seen = [
        [n for n, asked in enumerate(calibration.asked) if asked.id == question]
        for question in ("iri_russia_good", "iri_eu_good")
    ]
    still, moved = (seen_by(calibration, table, 4) for table in ("inertia", "prior"))
    for answers in seen:
        assert np.ptp(still[answers], axis=0) == pytest.approx(0.0, abs=1e-12)
        assert np.ptp(moved[answers], axis=0).min() > 0.01
    table = sample.parameters_of(calibration, "inertia", np.arange(4))
    assert np.all(np.asarray(table.reception_gain) == 0.0)


def test_rows_are_the_calibrations(calibration):
    rows = rivals.run_theory_tables(calibration, 70)
    whole = seen_by(calibration, "reciprocity-only", 70)
    assert np.array_equal(rows["reciprocity-only"], whole)


def kill_one(killed):
    """Return what to tell of progress so that one worker is killed, once."""

    def kill(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    return kill


@pytest.mark.slow
def test_a_killed_worker_costs_time_not_results(calibration):
    here = rivals.run_theory_tables(calibration, 64)
    killed = []
    with Pools(local(2)) as pools:
        there = rivals.run_theory_tables(calibration, 64, Runner(pools, kill_one(killed)))
        assert killed
        assert all(np.array_equal(here[name], there[name]) for name in NAMES)
        chosen = {name: np.array([3, 0, 3]) for name in NAMES[:2]}
        killed.clear()
        spread = rivals.run_worlds(calibration, chosen, Runner(pools, kill_one(killed)))
    assert killed
    alone = rivals.run_worlds(calibration, chosen)
    for name, paths in alone.items():
        assert all(np.array_equal(paths[o], spread[name][o]) for o in rivals.OUTCOMES)


@pytest.mark.slow
def test_workers_change_no_bit_and_what_is_done_is_kept(ran, tmp_path, monkeypatch):
    """Interrupted after the tables, the same command with --resume runs none of them again."""
    folder, _ = ran
    monkeypatch.setattr("two_chairs_lab.shell.options.KEEP_FROM", 1)
    command = ("theories", PLAN, *SMALL, "--out", tmp_path / "out")
    with monkeypatch.context() as patched:
        patched.setattr(rivals, "compare_theories", Mock(side_effect=KeyboardInterrupt))
        stopped = two_chairs(*command, "--workers", 2)
    assert stopped.exit_code == 130
    assert "Go on with the same command and --resume." in stopped.stderr
    assert "holds an unfinished theories; add --resume" in two_chairs(*command).stderr
    never = Mock(side_effect=AssertionError, __module__=sample.__name__)
    never.__qualname__ = "predictors_of"
    monkeypatch.setattr(sample, "predictors_of", never)
    resumed = two_chairs(*command, "--resume")
    assert resumed.exit_code == 0, resumed.stderr
    for name in ("theories.json", "scores.csv", "position-2026-12-28.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.slow
def test_a_finished_calibration_is_read(tmp_path):
    """--from gives the bits that running the same rows gives."""
    plan = study.read_plan(PLAN).model_copy(
        update={"rows": 64, "rival_rows": 64, "refine_below": 0}
    )
    calibration = study.resolve(plan)
    sample.run_tables(calibration, tmp_path / "done")
    read = two_chairs("theories", "--from", tmp_path / "done", "--worlds", 4, "--json")
    assert read.exit_code == 0, read.stderr
    ran = two_chairs("theories", PLAN, "--rows", 64, "--worlds", 4, "--json")
    one, other = (json.loads(result.stdout) for result in (read, ran))
    assert one["theories"] == other["theories"]
    assert one["scores"] == other["scores"]
    next((tmp_path / "done" / "tables" / "inertia" / "parts").glob("*.nc")).unlink()
    broken = two_chairs("theories", "--from", tmp_path / "done")
    assert (broken.exit_code, broken.stderr) == (
        2,
        f"error: {tmp_path / 'done'}: holds a calibration that is not finished; finish it with "
        "'calibrate … --resume'\n",
    )


def scores(**crps: tuple[float, ...]) -> list[Score]:
    return [
        Score("forward", theory, "q", f"o{n}", True, 0.5, 0.5, 0.4, 0.6, 0.1, value, 0.5)
        for theory, values in crps.items()
        for n, value in enumerate(values)
    ]


def test_a_difference_of_scores_is_paired():
    made = scores(model=(0.1, 0.5, 0.9), other=(0.2, 0.6, 1.0))
    found = rivals.crps_difference(made, "other", "forward", seed=0)
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    made = scores(model=(0.1, 0.1), other=(0.0, 0.4))
    found = rivals.crps_difference(made, "other", "forward", seed=0)
    assert (found.value, found.low, found.high) == pytest.approx((0.1, -0.1, 0.3))
    assert np.isnan(rivals.crps_difference(made, "other", "wave-out", seed=0).value)


@pytest.mark.slow
def test_the_table_reads_on_eighty_columns(ran, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    result = two_chairs("theories", PLAN, *SMALL, env={"NO_COLOR": "1"})
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines()[:-1])) <= 80
    for words in (
        "The model loses to",
        "not a forecast",
        "two chairs",
        "not testable",
        "ablations",
    ):
        assert words in " ".join(result.stdout.split())
    assert (tmp_path / "results" / "armenia" / "theories-calibration" / "theories.png").is_file()


def test_what_is_wrong_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    empty = tmp_path / "empty.toml"
    text = PLAN.read_text(encoding="utf-8")
    kept, _, rest = text.partition("# Other theories")
    kept = kept.replace('wrong_model = "no-expectation-violation"\n', "")
    empty.write_text(kept + rest[rest.index("# Statements") :], encoding="utf-8")
    (tmp_path / "manifest.json").write_text('{"kind": "run"}', encoding="utf-8")
    cases = {
        ("empty.toml",): "error: plan: rivals: is empty; name one ablation at least, such as "
        "[rivals.inertia]",
        ("--from", "nowhere"): "error: nowhere: is no folder of results: it holds no "
        "manifest.json; name one that a command has left",
        ("--from", "."): "error: .: is a result of another kind (run); name a folder that "
        "'two-chairs calibrate' has left",
        ("x.toml", "--from", "."): "error: --from .: has a plan and rows of its own; leave PLAN "
        "out",
        ("--rows", "64", "--from", "."): "error: --from .: has a plan and rows of its own; leave "
        "--rows out",
    }
    for words, message in cases.items():
        result = two_chairs("theories", *words, "--json")
        assert (result.exit_code, result.stderr) == (2, f"{message}\n"), words
    assert not (tmp_path / "results").exists()


def test_a_rival_may_not_take_a_name_of_the_program(calibration):
    named = {"model": next(iter(calibration.plan.rivals.values()))}
    plan = calibration.plan.model_copy(update={"rivals": named})
    with pytest.raises(InputError, match=r"plan: rivals\.model: names something else"):
        rivals.run_theory_tables(replace(calibration, plan=plan), 64)
