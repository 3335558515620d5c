"""What a sweep keeps of every week: quantiles whose error is bounded, or every world."""

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

from builders import short_scenario
from commands import environment, two_chairs
from sweeps import command, small_plan
from two_chairs.axes import REGIMES
from two_chairs.errors import InputError
from two_chairs.outcomes import INDICES
from two_chairs_lab.designs.plans import open_plan
from two_chairs_lab.results.trajectories import read_fans
from two_chairs_lab.statistics.histograms import ERROR, PERCENT
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.study import (
    Plan,
    RangeEntry,
    load_sweep,
    replay,
    resolve,
    run_sweep,
)

pytestmark = [pytest.mark.command, pytest.mark.long]


def plan_of(folder, **changes):
    ranges = {"institution_share": RangeEntry(levels=10)}
    fields = {"replicates": 20, "ranges": ranges, "trajectories": "quantiles"}
    return small_plan(folder, **(fields | changes))


def fans_text(folder) -> tuple[bytes, bytes]:
    return (folder / "trajectories.csv").read_bytes(), (folder / "trajectories.nc").read_bytes()


@pytest.mark.needs("xarray")
def test_quantiles_of_a_sweep_are_those_of_its_worlds(tmp_path):
    import xarray

    sweep = resolve(plan_of(tmp_path, replicates=3))
    run_sweep(sweep, tmp_path / "out")
    paths = [replay(sweep, world) for world in range(sweep.worlds)]
    with xarray.open_dataset(tmp_path / "out" / "trajectories.nc", engine="scipy") as data:
        assert data["week"].values[0] == np.datetime64("2020-01-06")
        assert data.sizes == {"scenario": 1, "percent": 5, "week": 40}
        for name in ("tilt", "security", "coercion", "protection"):
            worlds = np.concatenate([path.outcome(name) for path in paths], axis=1)
            exact = np.quantile(worlds, np.array(PERCENT) / 100, axis=1, method="inverted_cdf")
            assert np.abs(data[name].values[0] - exact).max() <= ERROR
        regime = np.concatenate([path.arrays["regime"] for path in paths], axis=1)
        for code, name in enumerate(REGIMES):
            share = np.mean(regime == code, axis=1)
            assert np.array_equal(data[f"share_{name}"].values[0], share)
    assert not (tmp_path / "out" / "histograms").exists()


def test_the_table_has_a_row_a_scenario_week_and_index(tmp_path):
    short = short_scenario(tmp_path)
    later = tmp_path / "later.toml"
    later.write_text(f'title = "later"\nquestion = "?"\nextends = "{short}"\nstart = 2020-02-03\n')
    sweep = resolve(plan_of(tmp_path, scenarios=(short, str(later))))
    run_sweep(sweep, tmp_path / "out")
    rows = list(csv.DictReader((tmp_path / "out" / "trajectories.csv").read_text().splitlines()))
    assert len(rows) == (40 + 36) * (len(INDICES) + 4)
    first = next(row for row in rows if row["scenario"] == "1")
    assert (first["date"], first["index"], first["worlds"]) == ("2020-02-03", "tilt", "200")
    assert float(first["p05"]) <= float(first["p50"]) <= float(first["p95"])
    shares = [float(row["share"]) for row in rows[: len(INDICES) + 4] if row["share"]]
    assert sum(shares) == pytest.approx(1.0)
    fans = read_fans(tmp_path / "out")
    assert fans is not None
    assert np.isnan(fans.values["tilt"][1, :, :4]).all()
    assert np.isfinite(fans.values["tilt"][1, :, 4:]).all()


@pytest.mark.slow
def test_workers_chunks_and_resumption_change_no_quantile(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "PART", 64)
    short = short_scenario(tmp_path)
    other = tmp_path / "other.toml"
    other.write_bytes(Path(short).read_bytes())
    sweep = resolve(plan_of(tmp_path, scenarios=(short, str(other)), replicates=52))
    assert (sweep.parts, sweep.span, sweep.spans) == (17, 2, 9)
    run_sweep(sweep, tmp_path / "whole", chunk=1000)
    run_sweep(sweep, tmp_path / "small", chunk=9)
    assert fans_text(tmp_path / "whole") == fans_text(tmp_path / "small")
    stopped = tmp_path / "stopped"
    seen = []

    def stop(_):
        seen.append(1)
        if len(seen) == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, stopped, progress=stop)
    counts = sorted((stopped / "histograms").glob("*.npz"))
    counts[2].unlink()  # the counts of a span whose parts are there: to be made again
    run_sweep(sweep, stopped, resume=True)
    assert fans_text(tmp_path / "whole") == fans_text(stopped)
    (stopped / "parts" / "part-000003.nc").unlink()
    run_sweep(sweep, stopped, resume=True)
    assert fans_text(tmp_path / "whole") == fans_text(stopped)
    assert not (stopped / "histograms").exists()


@pytest.mark.slow
def test_a_killed_sweep_of_quantiles_ends_the_same(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        f'title = "t"\nquestion = "?"\nscenarios = ["{short_scenario(tmp_path)}"]\n'
        'trajectories = "quantiles"\nreplicates = 400\n'
        "[ranges]\ninstitution_share = { levels = 100 }\n"
    )
    killed = tmp_path / "killed"
    process = subprocess.Popen(
        command(plan, killed, "--workers", "2"), env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(killed.glob("histograms/*.npz")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (killed / "trajectories.nc").exists()
    sweep = resolve(open_plan(plan).as_record(Plan))
    run_sweep(sweep, killed, resume=True)
    run_sweep(sweep, tmp_path / "whole")
    assert fans_text(killed) == fans_text(tmp_path / "whole")
    assert not list(killed.rglob("*.tmp"))


def test_the_choice_is_recorded_and_another_refused(tmp_path):
    sweep = resolve(plan_of(tmp_path))
    run_sweep(sweep, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert record["plan"]["trajectories"] == "quantiles"
    other = resolve(plan_of(tmp_path, trajectories="none"))
    with pytest.raises(InputError, match=r"trajectories is quantiles there and none here"):
        run_sweep(other, tmp_path / "out", resume=True)


@pytest.mark.slow
def test_fans_are_drawn_where_they_are(tmp_path):
    tilt = ("tilt@end",)
    run_sweep(resolve(plan_of(tmp_path, outcomes=tilt)), tmp_path / "out")
    run_sweep(resolve(plan_of(tmp_path, outcomes=tilt, trajectories="none")), tmp_path / "none")
    for folder, there in ((tmp_path / "out", True), (tmp_path / "none", False)):
        result = two_chairs("plot", str(folder))
        assert result.exit_code == 0
        assert (folder / "figures" / "trajectories.png").is_file() == there


@pytest.mark.needs("xarray", "distributed")
def test_full_paths_are_those_of_the_worlds(tmp_path, monkeypatch):
    import xarray

    monkeypatch.setattr(sweeping, "PART", 64)
    sweep = resolve(plan_of(tmp_path, trajectories="full", replicates=15))
    run_sweep(sweep, tmp_path / "out", chunk=50)
    files = sorted((tmp_path / "out" / "trajectories").glob("*.nc"))
    assert len(files) == 3
    with xarray.open_mfdataset(
        files, combine="nested", concat_dim="world", engine="scipy", data_vars="minimal",
        coords="minimal", compat="override",
    ) as data:  # fmt: skip
        assert data.sizes == {"week": 40, "world": 150}
        assert data["week"].values[-1] == np.datetime64("2020-10-05")
        assert data["world"].values.tolist() == list(range(150))
        assert data["tilt"].dtype == np.float32
        for world in (0, 64, 149):
            path = replay(load_sweep(tmp_path / "out"), world)
            for name in INDICES:
                kept = data[name].values[:, world]
                assert np.array_equal(kept, path.outcome(name)[:, 0].astype(np.float32))
            assert np.array_equal(data["regime"].values[:, world], path.arrays["regime"][:, 0])
    before = files[1].read_bytes()
    files[1].unlink()
    run_sweep(sweep, tmp_path / "out", resume=True)
    assert files[1].read_bytes() == before


def test_full_paths_of_too_many_worlds_are_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        resolve(plan_of(tmp_path, trajectories="full", replicates=100_000))
    assert str(caught.value) == (
        "--trajectories full: 1,000,000 worlds × 40 weeks take 2.8 GB, more than 2 GB; "
        "sweep at most 724,637 worlds (--points, --replicates), or choose quantiles"
    )
