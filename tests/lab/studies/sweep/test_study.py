"""Sweeps: the same bits whatever the workers and chunks, killed and resumed, replayed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from commands import PLANS, environment, refused, two_chairs
from sweeps import command, small_plan
from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import open_plan
from two_chairs_lab.engine.executors import dask, local
from two_chairs_lab.results.parts import has_part, part_path, read_part, write_part
from two_chairs_lab.results.store import locked
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.study import (
    RangeEntry,
    load_sweep,
    read_columns,
    replay,
    resolve,
    run_sweep,
)

pytestmark = [pytest.mark.command, pytest.mark.long]

SWEEPS = [path for path in sorted(PLANS.glob("*.toml")) if open_plan(path).kind == "sweep"]


def columns(folder: Path) -> dict[str, np.ndarray]:
    made = load_sweep(folder)
    return read_columns(folder, made, ["scenario", "point", "replicate", *made.plan.outcomes])


def same(one: Path, other: Path) -> bool:
    here, there = columns(one), columns(other)
    return all(np.array_equal(here[name], there[name]) for name in here)


@pytest.fixture
def made(tmp_path):
    """Run a sweep of two parts in this process, once a test."""
    sweep = resolve(small_plan(tmp_path))
    run_sweep(sweep, tmp_path / "one")
    return sweep, tmp_path / "one"


@pytest.mark.slow
def test_workers_and_chunks_change_no_bit(made, tmp_path):
    sweep, folder = made
    assert sweep.parts == 2
    for workers, chunk in ((2, 512), (4, 1000), (1, 64)):
        other = tmp_path / f"{workers}-{chunk}"
        run_sweep(sweep, other, opener=local(workers) if workers > 1 else None, chunk=chunk)
        assert same(folder, other)
        for name in ("runs.csv", "design.csv"):
            assert (folder / name).read_bytes() == (other / name).read_bytes()


@pytest.mark.slow
def test_a_chunk_of_one_world_changes_no_bit(tmp_path):
    sweep = resolve(small_plan(tmp_path, replicates=1))
    run_sweep(sweep, tmp_path / "all")
    run_sweep(sweep, tmp_path / "single", chunk=1)
    assert same(tmp_path / "all", tmp_path / "single")


def test_runs_are_in_the_order_of_the_design(made):
    sweep, folder = made
    rows = list(csv.DictReader((folder / "runs.csv").read_text().splitlines()))
    assert len(rows) == sweep.worlds == 5000
    assert [int(row["point"]) for row in rows] == sorted(int(row["point"]) for row in rows)
    points = list(csv.DictReader((folder / "design.csv").read_text().splitlines()))
    assert len(points) == 100
    assert float(points[-1]["institution_share"]) == 0.6
    assert float(points[-1]["war-load"]) == 1.0


def test_replicates_share_their_luck_across_points(tmp_path):
    ranges = {"seat_taken": RangeEntry(low=0.29, high=0.31, levels=2)}
    sweep = resolve(small_plan(tmp_path, ranges=ranges, outcomes=("tilt@end", "coercion@end")))
    run_sweep(sweep, tmp_path / "luck")
    tilt = columns(tmp_path / "luck")["tilt@end"].reshape(2, 50)
    assert np.array_equal(tilt[0], tilt[1])
    assert np.ptp(tilt[0]) > 0


def test_a_world_is_replayed_bit_for_bit_from_the_manifest(made):
    sweep, folder = made
    for world in (0, 777, 4999):
        paths = replay(load_sweep(folder), world)
        for name in ("tilt", "security", "coercion"):
            assert paths.outcome(name)[-1, 0] == columns(folder)[f"{name}@end"][world]
    assert paths.worlds == 1
    result = two_chairs("replay", str(folder), "--world", "777", "--json")
    log = json.loads(result.stdout)
    assert len(log["dates"]) == 40
    assert {entry["actor"] for entry in log["choices"]} == {"ARM", "RUS", "WST", "AZE"}
    with pytest.raises(InputError, match="choose one from 0 to 4999"):
        replay(sweep, 5000)


def test_a_part_lost_is_made_again_the_same(made, tmp_path):
    sweep, folder = made
    before = columns(folder)
    part_path(folder, 1).unlink()
    with pytest.raises(InputError, match="1 of 2 parts are not done; finish it with --resume"):
        read_columns(folder, sweep, ["tilt@end"])
    run_sweep(sweep, folder, resume=True)
    assert all(np.array_equal(before[name], values) for name, values in columns(folder).items())


def test_another_plan_seed_or_version_is_refused_with_the_difference(made, tmp_path, monkeypatch):
    sweep, folder = made
    with pytest.raises(InputError, match="holds this sweep already; add --resume"):
        run_sweep(sweep, folder)
    other = resolve(small_plan(tmp_path, seed=4))
    with pytest.raises(InputError, match=r"plan\.seed is 0 there and 4 here"):
        run_sweep(other, folder, resume=True)
    monkeypatch.setattr("two_chairs.__version__", "9.9")
    with pytest.raises(InputError, match=r"version is .* there and 9\.9 here"):
        run_sweep(sweep, folder, resume=True)


def test_one_parameter_under_two_names_is_refused_in_a_plan(tmp_path):
    ends = RangeEntry(low=0.2, high=0.6)
    plan = small_plan(tmp_path, ranges={"institution_share": ends, "χ": ends})
    with pytest.raises(InputError, match="ranges: 'institution_share' and 'χ' are the same"):
        resolve(plan)


def test_a_refused_sweep_prints_nothing(made):
    _, folder = made
    result = two_chairs("sweep", "baseline", "--param", "χ=.2:.6:2", "--out", folder)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_second_process_is_refused(made):
    sweep, folder = made
    with locked(folder), pytest.raises(InputError, match="another process works on it"):
        run_sweep(sweep, folder, resume=True)


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    with pytest.raises(InputError, match="holds files but no manifest"):
        run_sweep(resolve(small_plan(tmp_path)), tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_full_disk_is_told_and_leaves_no_half_part(made, monkeypatch):
    _, folder = made
    before = part_path(folder, 0).read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="the disk is full; the parts that are done are good"):
        write_part(folder, 7, {"x": np.zeros(3)})
    assert not has_part(folder, 7)
    assert part_path(folder, 0).read_bytes() == before
    assert not list((folder / "parts").glob("*.tmp"))


def test_a_failed_world_is_recorded_and_not_hidden(tmp_path, monkeypatch):
    whole = sweeping._outcomes

    def broken(sweep, index, point, replicate, watch):
        values = whole(sweep, index, point, replicate, watch)
        values[0, (point == 3) & (replicate == 5)] = np.nan
        return values

    monkeypatch.setattr(sweeping, "_outcomes", broken)
    sweep = resolve(small_plan(tmp_path))
    run_sweep(sweep, tmp_path / "failed")
    part = read_part(tmp_path / "failed", 0)
    assert np.flatnonzero(part["failed"]).tolist() == [3 * 50 + 5]
    with pytest.raises(InputError, match="1 worlds have failed"):
        read_columns(tmp_path / "failed", sweep, ["tilt@end"])


@pytest.mark.needs("xarray", "distributed")
def test_parts_open_as_one_data_set_with_named_axes(made):
    import xarray

    sweep, folder = made
    parts = sorted((folder / "parts").glob("*.nc"))
    with xarray.open_mfdataset(parts, combine="nested", concat_dim="world", engine="scipy") as data:
        assert data.sizes == {"world": sweep.worlds}
        assert np.array_equal(data["tilt@end"].values, columns(folder)["tilt@end"])
        assert data["tilt@end"].attrs["units"] == "1"


@pytest.mark.parametrize(
    ("ranges", "outcomes", "names"),
    [
        (
            {"institution_share": 4, "war-load": 3},
            ("tilt@end", "regime:two-chairs@end", "regime:incumbent-chair@end"),
            {"tilt-at-end", "regime-two-chairs-at-end", "regime-incumbent-chair-at-end", "regimes"},
        ),
        ({"institution_share": 5}, ("ARM>RUS:security@end",), {"ARM-to-RUS-security-at-end"}),
        ({"domain_weights": 4, "war-load": 3}, ("tilt@end",), {"tilt-at-end"}),
    ],
)
def test_a_sweep_is_drawn_by_what_varied(ranges, outcomes, names, tmp_path):
    entries = {name: RangeEntry(levels=levels) for name, levels in ranges.items()}
    plan = small_plan(tmp_path, ranges=entries, outcomes=outcomes, replicates=4)
    other = tmp_path / "other.toml"
    other.write_bytes(Path(plan.scenarios[0]).read_bytes())
    both = plan.model_copy(update={"scenarios": (*plan.scenarios, str(other))})
    run_sweep(resolve(both), tmp_path / "out")
    result = two_chairs("plot", str(tmp_path / "out"))
    assert result.exit_code == 0
    files = list((tmp_path / "out" / "figures").iterdir())
    assert {path.stem for path in files} == names
    assert {path.suffix for path in files} == {".png"}
    wrong = two_chairs("plot", str(tmp_path / "out"), "--outcome", "tlit@end")
    assert wrong.exit_code == 2
    assert "not a column of this sweep; did you mean" in wrong.stderr or "choose" in wrong.stderr


@pytest.mark.slow
def test_a_killed_sweep_goes_on_and_ends_the_same(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'title = "t"\nquestion = "?"\nreplicates = 160\n'
        "[ranges]\ninstitution_share = { low = 0.2, high = 0.6, levels = 100 }\n"
    )
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(
        command(plan, killed, "--workers", "2"), env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list((killed / "parts").glob("*.nc")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = len(list((killed / "parts").glob("*.nc")))
    assert 0 < done < 4
    subprocess.run(
        command(plan, killed, "--resume"), env=environment(), check=True, capture_output=True
    )
    subprocess.run(command(plan, whole), env=environment(), check=True, capture_output=True)
    assert (killed / "runs.csv").read_bytes() == (whole / "runs.csv").read_bytes()
    assert same(killed, whole)


@pytest.mark.slow
@pytest.mark.needs("distributed")
def test_dask_with_a_worker_killed_ends_the_same(made, tmp_path):
    from distributed import LocalCluster

    sweep, folder = made
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        address = cluster.scheduler_address
        assert "127.0.0.1" in address
        victim = next(iter(cluster.workers.values()))
        killed = []

        def kill(_):
            if not killed:
                killed.append(victim.pid)
                os.kill(victim.pid, signal.SIGKILL)

        run_sweep(sweep, tmp_path / "dask", opener=dask(address), progress=kill, chunk=16)
    assert killed
    assert same(folder, tmp_path / "dask")


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_every_plan_settles_and_runs(path, tmp_path):
    sweep = resolve(open_plan(path).as_record(sweeping.Plan).model_copy(update={"replicates": 1}))
    assert sweep.design.points >= 16
    run_sweep(sweep, tmp_path / "out")
    assert (tmp_path / "out" / "runs.csv").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["baseline", "--param", "negativty=1:2"], "did you mean 'negativity'?"),
        (["baseline", "--param", "negativity=2:1"], "must rise and lie in"),
        (["baseline", "--param", "negativity=1"], "is not NAME=LOW:HIGH"),
        (["baseline", "--param", "negativity=1:nan"], "is not NAME=LOW:HIGH"),
        (["baseline", "--param", "weight_security=0:1"], "vary all of it as 'domain_weights'"),
        (["baseline", "--design", "sobol", "--points", "6"], "is no power of two"),
        (["baseline", "--param", "χ=.2:.6", "--param", "χ=.2:.3"], "--param: 'χ' is given twice"),
        (
            ["baseline", "--param", "χ=.2:.6", "--param", "institution_share=.2:.3"],
            "--param: 'χ' and 'institution_share' are the same and given twice; keep one",
        ),
        (["baseline", "baseline"], "is given twice; keep one"),
        (["one/mine.toml", "two/mine.toml"], "are both called 'mine'; give one file another name"),
        (["nowhere"], "no scenario has this name"),
        (["baseline", "--dask", "127.0.0.1:1"], "; start one with 'dask scheduler'"),
    ],
)
def test_bad_sweeps_get_one_line_and_write_nothing(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        text = f'extends = "baseline"\ntitle = "{folder}"\nquestion = "?"\n'
        (tmp_path / folder / "mine.toml").write_text(text)
    more = [] if "--param" in words else ["--param", "negativity=1:2:2"]
    result = two_chairs("sweep", *words, *more, "--replicates", "1")
    assert result.exit_code == 2, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert message in lines[0]
    assert result.stdout == ""
    assert not list(tmp_path.glob("results/**/*.nc"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--param", "negativity=1:2", "--points", "9"], "note: points = 9: is not used: a grid's"),
        (["--param", "negativity=1:2:9", "--design", "lhs", "--points", "2"],
         "note: levels of negativity: is not used: lhs has no levels but points (2)"),
        (["--param", "two_keys=0:1:2", "--param", "negativity=1:2:2"],
         "note: two_keys: changes no outcome in any of 8 worlds; its rule may be switched off"),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_sweep_and_does_nothing_is_told(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = two_chairs("sweep", "georgia/baseline", *words, "--replicates", "2")
    assert (result.exit_code, len(result.stderr.splitlines())) == (0, 1), result.stderr
    assert result.stderr.startswith(message)


def test_ranges_of_a_command_line_stand_in_place_of_those_of_a_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("reliability-protection", "--param", "fear=0:1:2", "--replicates", "1")
    said = two_chairs("sweep", *words).stderr
    assert said.startswith("note: --param: stands in place of all ranges of the plan (incumbent_")


def test_the_ends_of_a_sum_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = two_chairs("sweep", "baseline", "--param", "domain_weights=0.2:0.4:2")
    assert result.exit_code == 2
    assert "domain_weights: weights that sum to one have no range of their own" in result.stderr


def test_a_value_that_the_scenario_changes_on_a_day_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = """title = "t"
question = "q"
extends = "georgia/baseline"
[[interventions]]
id = "later"
date = 2020-01-06
parameter = "negativity"
value = 1.9
source = "s"
"""
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    told = "negativity: holds until 2020-01-06, when 'later' of mine changes it; drop that where"
    words = ("mine.toml", "--param", "negativity=1:2:2", "--replicates", "1")
    assert f"--param {told}" in two_chairs("sweep", *words).stderr
    words = ("mine.toml", "--set", "negativity=1.1", "--worlds", "2", "--json")
    assert f"--set {told}" in two_chairs("run", *words).stderr
    assert two_chairs("run", "mine.toml", "--worlds", "2", "--json").stderr == ""


def test_figures_of_two_sweeps_are_not_mixed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, seed in (("one", 1), ("other", 2)):
        plan = small_plan(tmp_path, ranges={"institution_share": RangeEntry(levels=3)}, seed=seed)
        run_sweep(resolve(plan), tmp_path / name)
    assert two_chairs("plot", "one", "--out", "drawn").exit_code == 0
    before = {path: path.read_bytes() for path in Path("drawn").iterdir()}
    line = refused("plot", "other", "--out", "drawn")
    assert line == "error: --out drawn: holds the figures of another sweep; name another folder"
    assert before == {path: path.read_bytes() for path in Path("drawn").iterdir()}
    assert two_chairs("plot", "one", "--by", "institution_share", "--out", "drawn").exit_code == 0
    Path("mine").mkdir()
    Path("mine/note.txt").write_text("mine", encoding="utf-8")
    assert "holds files but no manifest.json" in refused("plot", "one", "--out", "mine")
