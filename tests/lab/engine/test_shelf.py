"""Paths that are too large for memory lie in a file, and say the same."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from builders import bundled
from two_chairs.errors import InputError
from two_chairs.world import trajectory
from two_chairs_lab.engine import ensemble, runner, shelf
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.run.study import numbers, run_result

pytestmark = pytest.mark.unit


@pytest.fixture
def in_a_file(monkeypatch):
    """Let whatever is run lie in a file, and come in pieces."""

    def switch():
        monkeypatch.setattr(shelf, "LARGE", 0)
        monkeypatch.setattr(runner, "HERE_AT_ONCE", 5)
        monkeypatch.setattr(trajectory, "PIECE", 6)

    return switch


@pytest.mark.long
def test_a_run_from_a_file_tells_the_same(in_a_file):
    run = Ensemble(bundled(), 14, seed=3)
    plain = run_result(run, None)
    in_a_file()
    filed = run_result(run, None)
    assert isinstance(filed.paths.arrays["alignment"], np.memmap)
    assert numbers(filed) == numbers(plain)
    assert filed.conventions == plain.conventions
    for name in ("walk_balance", "ARM>RUS:security", "regime:two-chairs", "chose:RUS:WARN"):
        one, other = filed.paths.outcome(name), plain.paths.outcome(name)
        assert not isinstance(one, np.memmap)
        assert np.array_equal(one, other)


def test_paths_that_the_disk_has_no_room_for_are_refused_before_they_are_run(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * 10**9))
    monkeypatch.setattr(ensemble, "gather", lambda *_: pytest.fail("it was run"))
    with pytest.raises(InputError) as refused:
        run_ensemble(Ensemble(bundled(), 20_000))
    text = str(refused.value)
    assert text.startswith("worlds: 20,000 worlds leave up to ")
    assert text.endswith(" 3.0 GB free; lower --worlds, or let TMPDIR name a folder with more room")


@pytest.mark.long
def test_what_a_world_leaves_at_most_is_known_before_it_is_run():
    scenario = bundled()
    left = sum(array.nbytes for array in run_ensemble(Ensemble(scenario, 1)).arrays.values())
    assert left <= shelf.world_bytes(scenario) <= 2 * left


def test_worlds_that_leave_very_much_run_fewer_at_once(monkeypatch):
    scenario = bundled()
    each = shelf.world_bytes(scenario)
    assert shelf.piece_worlds(scenario, 512) == 512
    monkeypatch.setattr(shelf, "MOST_AT_ONCE", 100 * each)
    assert shelf.piece_worlds(scenario, 512) == 100
    monkeypatch.setattr(shelf, "MOST_AT_ONCE", 1)
    assert shelf.piece_worlds(scenario, 512) == 1
