"""Sweeps whose points follow from their numbers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from builders import short_scenario
from commands import two_chairs
from two_chairs.errors import InputError
from two_chairs_lab.engine.executors import local
from two_chairs_lab.engine.size import cost
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.study import (
    Plan,
    batch_of,
    check_finished,
    load_sweep,
    read_columns,
    replay,
    resolve,
    run_sweep,
)

pytestmark = pytest.mark.command


def plan(folder: Path, points: int = 40, replicates: int = 2) -> Plan:
    return Plan(
        title="Sequence", question="Does it follow?", scenarios=(short_scenario(folder),),
        design="sequence", points=points, replicates=replicates, outcomes=("tilt@end",),
        ranges={"fear": {"low": 0.2, "high": 0.6}},
    )  # fmt: skip


@pytest.fixture
def large_parts(monkeypatch):
    monkeypatch.setattr(sweeping, "PART", 8)
    monkeypatch.setattr(sweeping, "LARGE_PART", 32)
    monkeypatch.setattr(sweeping, "MANY_PARTS", 2)


@pytest.mark.long
@pytest.mark.usefixtures("large_parts")
def test_a_sequence_is_run_in_large_parts_and_goes_on_where_it_stopped(tmp_path):
    sweep = resolve(plan(tmp_path))
    assert (sweep.part, sweep.parts) == (32, 3)
    assert (resolve(plan(tmp_path, points=20)).part) == 8
    run_sweep(sweep, tmp_path / "whole", chunk=7)
    shutil.copytree(tmp_path / "whole", tmp_path / "again")
    (tmp_path / "again" / "parts" / "part-000001.nc").unlink()
    with pytest.raises(InputError, match="1 of 3 parts are not done"):
        check_finished(tmp_path / "again", sweep)
    run_sweep(sweep, tmp_path / "again", resume=True)
    names = ["point", "replicate", "tilt@end"]
    one, other = (
        read_columns(tmp_path / name, load_sweep(tmp_path / name), names)
        for name in ("whole", "again")
    )
    assert all(np.array_equal(one[name], other[name]) for name in names)
    assert not (tmp_path / "whole" / "design.npy").exists()
    path = replay(load_sweep(tmp_path / "whole"), 37)
    assert path.outcome("tilt")[-1, 0] == one["tilt@end"][37]


@pytest.mark.long
def test_workers_change_no_bit_of_a_sequence(tmp_path):
    sweep = resolve(plan(tmp_path))
    run_sweep(sweep, tmp_path / "one")
    run_sweep(sweep, tmp_path / "two", opener=local(2), chunk=11)
    assert (tmp_path / "one" / "runs.csv").read_text() == (
        tmp_path / "two" / "runs.csv"
    ).read_text()


def test_every_point_of_a_sequence_has_luck_of_its_own(tmp_path):
    sweep = resolve(plan(tmp_path))
    point, replicate = np.arange(6) // 2, np.arange(6) % 2
    assert batch_of(sweep, 0, point, replicate).replicates.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_sequence_that_is_drawn_otherwise_is_told(tmp_path):
    run_sweep(resolve(plan(tmp_path, points=4)), tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    manifest["design"]["first_sha256"] = "0" * 64
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="its points are drawn otherwise here; take the release"):
        load_sweep(tmp_path / "out")


@pytest.mark.long
def test_a_thousand_million_points_start_at_once_and_say_what_they_take(tmp_path, monkeypatch):
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeping, "compute_span", stopped)
    words = ("sweep", short_scenario(tmp_path), "--design", "sequence", "--points", 10**9)
    ended = two_chairs(*words, "--replicates", 1, "--out", tmp_path / "out")
    assert ended.exit_code == 130
    assert "1000000000 worlds: 1 scenarios" in ended.stdout
    assert "; some 21 hours of one core, 104 GB on disk (" in ended.stdout
    assert not list((tmp_path / "out" / "parts").iterdir())


def test_few_worlds_say_nothing_of_their_cost():
    assert cost(10**6, 13, Path()) == ""


def test_columns_that_memory_does_not_hold_are_refused(tmp_path):
    sweep = resolve(plan(tmp_path, points=10**8, replicates=2))
    with pytest.raises(InputError, match="columns of 200,000,000 worlds are more than memory"):
        read_columns(tmp_path, sweep, ["tilt@end"])
