"""Executors: stopped, and not waited for."""

from __future__ import annotations

import os
import time

import pytest

from sweeps import interrupt_itself
from two_chairs_lab.engine.executors import Pools, execute, local

pytestmark = [pytest.mark.unit, pytest.mark.long]


def test_workers_at_work_are_not_waited_for():
    def stop():
        time.sleep(1.0)
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Pools(local(2)) as pools:
        execute([40, 41], time.sleep, pools, lambda *_: None, meanwhile=stop)
    assert time.monotonic() - start < 20


def test_ctrl_c_does_not_reach_workers(tmp_path):
    places = [str(tmp_path / "one"), str(tmp_path / "other")]
    done = []
    with Pools(local(2)) as pools:
        execute(places, interrupt_itself, pools, lambda task, _: done.append(task), os.path.exists)
    assert sorted(done) == places
    assert all(map(os.path.exists, places))
