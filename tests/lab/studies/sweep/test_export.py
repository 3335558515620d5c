"""Export: all worlds of a sweep as one file, whole or not at all."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from commands import two_chairs
from sweeps import small_plan
from two_chairs.errors import InputError
from two_chairs.extras import remedy
from two_chairs_lab.results.parts import part_path
from two_chairs_lab.studies.sweep import export as exporting
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.export import export
from two_chairs_lab.studies.sweep.study import RangeEntry, read_columns, resolve, run_sweep

pytestmark = [pytest.mark.command, pytest.mark.long]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Run a sweep of four parts over a simplex and a parameter."""
    monkeypatch.setattr(sweeping, "PART", 128)
    ranges = {"negativity": RangeEntry(levels=5), "domain_weights": RangeEntry(levels=3)}
    sweep = resolve(small_plan(tmp_path, ranges=ranges, replicates=9))
    run_sweep(sweep, tmp_path / "out put")
    return sweep, tmp_path / "out put"


def test_a_row_is_a_world_with_its_point(made):
    sweep, folder = made
    result = two_chairs("export", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{sweep.worlds} worlds: {folder / 'export.csv'}"]
    rows = list(csv.DictReader((folder / "export.csv").read_text().splitlines()))
    runs = list(csv.DictReader((folder / "runs.csv").read_text().splitlines()))
    points = list(csv.DictReader((folder / "design.csv").read_text().splitlines()))
    assert len(rows) == len(runs) == sweep.worlds == 405
    assert rows == [run | points[int(run["point"])] | run for run in runs]


@pytest.mark.needs("pyarrow")
def test_parquet_holds_the_same(made, monkeypatch):
    from pyarrow import parquet

    sweep, folder = made
    monkeypatch.setattr(exporting, "GROUP", 3)
    assert two_chairs("export", folder, "--format", "parquet").exit_code == 0
    found = parquet.read_table(folder / "export.parquet")
    assert found.num_rows == sweep.worlds
    tilt = read_columns(folder, sweep, ["tilt@end"])["tilt@end"]
    assert np.array_equal(found["tilt@end"].to_numpy(), tilt)
    weights = sweep.design.values()["weight_economy"][found["point"].to_numpy()]
    assert np.array_equal(found["weight_economy"].to_numpy(), weights)
    assert parquet.ParquetFile(folder / "export.parquet").num_row_groups == 2


@pytest.mark.needs("pyarrow")
def test_the_format_follows_the_ending(made, tmp_path):
    from pyarrow import parquet

    _, folder = made
    assert two_chairs("export", folder, "--out", tmp_path / "new" / "a b.parquet").exit_code == 0
    assert parquet.read_table(tmp_path / "new" / "a b.parquet").num_rows == 405
    assert (
        two_chairs("export", folder, "--out", tmp_path / "b.parquet", "--format", "csv").exit_code
        == 0
    )
    assert (tmp_path / "b.parquet").read_text().startswith("scenario,point,replicate,failed,")


def test_what_is_there_is_left_alone(made, tmp_path):
    _, folder = made
    (tmp_path / "mine.csv").write_text("mine")
    result = two_chairs("export", folder, "--out", tmp_path / "mine.csv")
    assert result.exit_code == 2
    place = tmp_path / "mine.csv"
    told = f"error: --out {place}: exists already; remove it or name another file"
    assert result.stderr.splitlines() == [told]
    assert place.read_text() == "mine"


def test_an_unfinished_sweep_is_refused(made):
    _, folder = made
    part_path(folder, 1).unlink()
    result = two_chairs("export", folder)
    told = f"error: {folder}: 1 of 4 parts are not done; finish it with --resume"
    assert (result.exit_code, result.stderr.splitlines()) == (2, [told])
    assert not (folder / "export.csv").exists()


def test_a_run_keeps_no_worlds(tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "run"}')
    told = "is a result of another kind (run); name a folder that 'two-chairs sweep' has left"
    result = two_chairs("export", tmp_path)
    assert (result.exit_code, result.stderr) == (2, f"error: {tmp_path}: {told}\n")


def test_failed_worlds_are_rows_and_told(tmp_path, monkeypatch):
    whole = sweeping._outcomes

    def broken(sweep, index, point, replicate, watch):
        values = whole(sweep, index, point, replicate, watch)
        values[0, (point == 3) & (replicate == 5)] = np.nan
        return values

    monkeypatch.setattr(sweeping, "_outcomes", broken)
    ranges = {"negativity": RangeEntry(levels=5)}
    run_sweep(resolve(small_plan(tmp_path, ranges=ranges)), tmp_path / "out")
    result = two_chairs("export", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stderr == "note: 1 worlds have failed; their rows have failed = 1\n"
    rows = list(csv.DictReader((tmp_path / "out" / "export.csv").read_text().splitlines()))
    assert [n for n, row in enumerate(rows) if row["failed"] == "1"] == [3 * 50 + 5]
    assert rows[155]["tilt@end"] == "nan"


PARQUET = pytest.param("parquet", marks=pytest.mark.needs("pyarrow"))


@pytest.mark.parametrize("kind", ["csv", PARQUET])
def test_a_full_disk_leaves_nothing_half_written(made, kind, tmp_path, monkeypatch):
    sweep, folder = made

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError) as caught:
        export(folder, sweep, tmp_path / f"x.{kind}", kind, lambda _: None)
    text = "can not be written (No space left on device); make room or name another file"
    assert str(caught.value) == f"--out {tmp_path / f'x.{kind}'}: {text}"
    assert not list(tmp_path.glob("x.*"))


def test_without_pyarrow_the_extra_is_named(made, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    _, folder = made
    result = two_chairs("export", folder, "--format", "parquet")
    told = (
        f"error: --format parquet: pyarrow is not installed; install it with: {remedy('parquet')}"
    )
    assert (result.exit_code, result.stderr.splitlines()) == (2, [told])
    assert not list(folder.glob("export*"))


def test_a_format_that_is_not_written_is_refused():
    with pytest.raises(InputError, match=r"--out all\.xlsx: xlsx is not written"):
        exporting.format_of(Path("all.xlsx"), None)
    assert exporting.format_of(Path("all.txt"), None) == "csv"
