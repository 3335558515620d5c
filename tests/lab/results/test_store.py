"""The store: memory, Ctrl-C, and what a folder may hold."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import subprocess
import time
import tracemalloc

import numpy as np
import pytest

from builders import short_scenario
from commands import environment, two_chairs
from sweeps import command, small_plan
from two_chairs import __version__ as version
from two_chairs.errors import InputError
from two_chairs.world.state import State
from two_chairs_lab.designs.plans import open_plan
from two_chairs_lab.results import parts, store
from two_chairs_lab.results.parts import part_path, read_part, write_part
from two_chairs_lab.studies.sweep import study as sweeping
from two_chairs_lab.studies.sweep.study import (
    Plan,
    RangeEntry,
    compute,
    load_sweep,
    outcome_columns,
    point_columns,
    read_columns,
    replay,
    resolve,
    run_sweep,
)

pytestmark = [pytest.mark.command, pytest.mark.long]


@pytest.fixture
def made(tmp_path):
    """Run a small sweep of random points over all parameters."""
    sweep = resolve(small_plan(tmp_path, design="lhs", points=40, replicates=5, ranges={}))
    run_sweep(sweep, tmp_path / "one")
    return sweep, tmp_path / "one"


def test_the_table_stands_beside_the_manifest_and_is_what_it_says(made):
    sweep, folder = made
    record = json.loads((folder / "manifest.json").read_text())
    said = hashlib.sha256((folder / "design.npy").read_bytes()).hexdigest()
    assert record["design"] == {"file": "design.npy", "points": 40, "sha256": said}
    assert (folder / "manifest.json").stat().st_size < 300_000
    assert np.array_equal(np.load(folder / "design.npy"), sweep.design.table)
    for name, values in sweep.design.values().items():
        assert np.array_equal(sweep.design.value(name), values)
        assert np.array_equal(sweep.design.values(slice(7, 9))[name], values[7:9])


def test_a_table_lost_is_drawn_again_and_one_changed_is_refused(made):
    sweep, folder = made
    before = replay(load_sweep(folder), 33).outcome("tilt")
    (folder / "design.npy").unlink()
    assert np.array_equal(replay(load_sweep(folder), 33).outcome("tilt"), before)
    np.save(folder / "design.npy", sweep.design.table + 1e-9)
    with pytest.raises(InputError, match="has changed since it was written"):
        load_sweep(folder)


def test_another_table_is_refused_with_the_difference(made):
    sweep, folder = made
    table = sweep.design.table.copy()
    table[17, 2] += 0.001
    record = sweep.manifest() | {"design": store.table_record(table)}
    other = type(sweep.design)(sweep.design.kind, sweep.design.axes, table)
    with pytest.raises(InputError) as caught:
        store.open_store(folder, record, other, resume=True)
    values = f"{sweep.design.table[17, 2]:.6g} there and {table[17, 2]:.6g} here"
    assert f"observer_gain of point 17 is {values}; design.sha256 is " in str(caught.value)


def test_a_manifest_without_scenarios_is_no_empty_sweep(made):
    _, folder = made
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps(record | {"scenarios": []})
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="was changed"):
        load_sweep(folder)


def test_a_table_that_was_cut_is_told_before_it_is_compared(made):
    sweep, folder = made
    table = sweep.design.table + 0.001
    record = sweep.manifest() | {"design": store.table_record(table)}
    other = type(sweep.design)(sweep.design.kind, sweep.design.axes, table)
    (folder / "design.npy").write_bytes((folder / "design.npy").read_bytes()[:76])
    with pytest.raises(InputError, match="has changed since it was written"):
        store.open_store(folder, record, other)


def test_design_and_runs_have_their_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MOST_DESIGN_ROWS", 99)
    run_sweep(resolve(small_plan(tmp_path)), tmp_path / "many")
    assert not (tmp_path / "many" / "design.csv").exists()
    assert (tmp_path / "many" / "runs.csv").exists()


def test_a_folder_whose_making_was_cut_short_is_gone_on_with(tmp_path):
    sweep = resolve(small_plan(tmp_path))
    folder = tmp_path / "out"
    (folder / "parts").mkdir(parents=True)
    (folder / ".lock").touch()
    np.save(folder / "design.npy", sweep.design.table)
    (folder / "manifest.json.123.tmp").write_text("{")
    (folder / "parts" / "part-000000.nc.123.tmp").write_text("x")
    run_sweep(sweep, folder, resume=True)
    assert not list(folder.rglob("*.tmp"))
    assert len(read_columns(folder, sweep, ["tilt@end"])["tilt@end"]) == sweep.worlds


@pytest.fixture
def parted(tmp_path, monkeypatch):
    """Run a small sweep in several parts."""
    monkeypatch.setattr(sweeping, "PART", 100)
    sweep = resolve(small_plan(tmp_path, design="lhs", points=40, replicates=5, ranges={}))
    run_sweep(sweep, tmp_path / "one")
    return sweep, tmp_path / "one"


NO_FOLDER = "is no folder of results: it holds no manifest.json; name one that a command has left"
OF_RUN = "is a result of another kind (run); name a folder that 'two-chairs sweep' has left"
OLDER = (
    "KeyError in reading it: was changed, or is of version 7; "
    f"this is {version}; make the result again"
)
DAMAGED = "is damaged: it holds no object of JSON; make the result again, in another folder"
NOT_OURS = "is no manifest of this program; name a folder that a command has left"


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        (None, "", NO_FOLDER),
        ("{", "/manifest.json", DAMAGED),
        ("[]", "/manifest.json", DAMAGED),
        ("[" * 100_000, "/manifest.json", DAMAGED),
        ("\udcff", "/manifest.json", DAMAGED),
        ("{}", "/manifest.json", NOT_OURS),
        ('{"kind": 3}', "/manifest.json", NOT_OURS),
        ('{"kind": "run"}', "", OF_RUN),
        ('{"kind": "sweep", "version": "7"}', "/manifest.json", OLDER),
    ],
)
def test_every_entrance_tells_of_a_manifest_it_can_not_use(text, place, told, tmp_path):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    lines = [f"error: {tmp_path}{place}: {told}"]
    for words in (["plot"], ["export"], ["replay", "--world", "0"]):
        result = two_chairs(words[0], tmp_path, *words[1:])
        assert (result.exit_code, result.stderr.splitlines()) == (2, lines), words
        assert result.stdout == ""
    result = two_chairs("theories", "--from", tmp_path)
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (2, 1, "")


def _cut(path):
    path.write_bytes(path.read_bytes()[:100])


def _flip(path):
    bytes_ = bytearray(path.read_bytes())
    bytes_[-20] ^= 1
    path.write_bytes(bytes_)


def _exchange(path):
    other = path.with_name("part-000001.nc")
    first, second = path.read_bytes(), other.read_bytes()
    path.write_bytes(second)
    other.write_bytes(first)


def _retitle(path):
    manifest = path.parents[1] / "manifest.json"
    record = json.loads(manifest.read_text())
    record["plan"]["seed"] = 9
    manifest.write_text(json.dumps(record))


def _shorten(path):
    columns = read_part(path.parents[1], 0)
    write_part(path.parents[1], 0, {name: values[:1] for name, values in columns.items()})


@pytest.mark.parametrize("damage", [_cut, _flip, _exchange, _retitle, _shorten])
def test_numbers_that_are_not_those_written_are_refused(damage, parted):
    _, folder = parted
    damage(part_path(folder, 0))
    result = two_chairs("export", folder)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {folder}/parts/part-00000")
    assert result.stderr.count("\n") == 1
    assert "is damaged, or was written for another result" in result.stderr
    assert not (folder / "export.csv").exists()


def test_a_part_of_fewer_worlds_is_not_spread_over_the_others(made):
    sweep, folder = made
    _shorten(part_path(folder, 0))
    with pytest.raises(InputError, match=r"part-000000\.nc: is damaged"):
        read_columns(folder, sweep, ["tilt@end"])


@pytest.mark.parametrize("damage", [_flip, _shorten])
def test_a_damaged_part_is_made_again(damage, made):
    sweep, folder = made
    before = part_path(folder, 0).read_bytes()
    damage(part_path(folder, 0))
    run_sweep(sweep, folder, resume=True)
    assert part_path(folder, 0).read_bytes() == before


def test_columns_are_read_by_name_and_only_when_asked_for(made, monkeypatch):
    sweep, folder = made
    asked = []
    plain = parts.read_netcdf
    monkeypatch.setattr(parts, "read_netcdf", lambda *of: asked.append(of[-1]) or plain(*of))
    outcomes, inputs = outcome_columns(folder, sweep), point_columns(sweep)
    assert "tilt@end" in outcomes
    assert list(outcomes) == list(sweep.plan.outcomes)
    assert not asked
    assert np.array_equal(outcomes["tilt@end"], read_part(folder, 0)["tilt@end"])
    assert asked[0] == ["failed", "tilt@end"]
    assert set(read_part(folder, 0, ["tilt@end", "point"])) == {"tilt@end", "point"}
    assert list(inputs) == list(sweep.design.values())
    with pytest.raises(KeyError):
        inputs["nothing"]


def test_reading_a_column_takes_the_memory_of_that_column(tmp_path):
    sweep = resolve(small_plan(tmp_path, replicates=4096))
    rng = np.random.default_rng(0)
    folder = tmp_path / "big"
    (folder / "parts").mkdir(parents=True)
    names = ("failed", *sweep.plan.outcomes)
    for part in range(sweep.parts):
        write_part(
            folder, part, {n: np.zeros(4096) + rng.random() * (n != "failed") for n in names}
        )
    read_columns(folder, sweep, ["tilt@end"])
    peaks = []
    for _ in range(3):  # threads that other tests have left take memory now and then
        tracemalloc.start()
        column = read_columns(folder, sweep, ["tilt@end"])["tilt@end"]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert column.shape == (409_600,)
    assert min(peaks) < 1.3 * column.nbytes


def test_a_model_that_has_run_is_let_go_without_the_collector(tmp_path):
    sweep = resolve(small_plan(tmp_path))
    gc.collect()
    gc.disable()
    try:
        compute(sweep, np.arange(50))
        compute(sweep, np.arange(50))
        kept = [thing for thing in gc.get_objects() if isinstance(thing, State)]
    finally:
        gc.enable()
    assert not kept


def heeding() -> None:
    """Let a process heed Ctrl-C even where these tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_leaves_a_store_to_go_on_with(workers, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        f'title = "t"\nquestion = "?"\nscenarios = ["{short_scenario(tmp_path)}"]\n'
        "replicates = 800\n"
        "[ranges]\ninstitution_share = { low = 0.2, high = 0.6, levels = 100 }\n"
    )
    folder = tmp_path / "a folder"
    process = subprocess.Popen(
        command(plan, folder, "--workers", workers), env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=heeding,  # noqa: PLW1509 - no thread runs here
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not part_path(folder, 0).is_file() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to parent and workers
    _, told = process.communicate(timeout=60)
    # Python ends by the signal itself if it was caught inside a text that is being executed (an
    # import that makes a dataclass); a shell says 130 of both.
    assert process.returncode in (130, -signal.SIGINT), told
    assert told.splitlines() == [
        f"Stopped; what is done is kept in {folder}. Go on with the same command and --resume."
    ]
    done = {path: path.stat().st_mtime_ns for path in (folder / "parts").glob("*.nc")}
    assert 0 < len(done) < 20
    assert not (folder / "runs.csv").exists()
    goes_on = ["sweep", str(plan), "--out", str(folder), "--resume"]
    assert two_chairs(*goes_on).exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in done} == done
    run_sweep(resolve(open_plan(plan).as_record(Plan)), tmp_path / "whole")
    for name in ("runs.csv", "design.csv", "design.npy"):
        assert (folder / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.slow
def test_a_full_disk_in_mid_sweep_is_told_and_gone_on_with(tmp_path, monkeypatch):
    sweep = resolve(small_plan(tmp_path, ranges={"institution_share": RangeEntry(levels=200)}))
    folder, room = tmp_path / "out", [True] * 4  # table, manifest, design.csv, the first part
    plain = os.fsync

    def filling(number):
        if not room:
            raise OSError(28, "No space left on device")
        room.pop()
        plain(number)

    monkeypatch.setattr(os, "fsync", filling)
    with pytest.raises(InputError, match="the disk is full; the parts that are done are good"):
        run_sweep(sweep, folder)
    assert sorted(path.name for path in (folder / "parts").iterdir()) == ["part-000000.nc"]
    assert not (folder / "runs.csv").exists()
    monkeypatch.setattr(os, "fsync", plain)
    run_sweep(sweep, folder, resume=True)
    run_sweep(sweep, tmp_path / "whole")
    assert (folder / "runs.csv").read_bytes() == (tmp_path / "whole" / "runs.csv").read_bytes()
