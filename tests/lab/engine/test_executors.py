"""Executors: stopped, and not waited for."""

from __future__ import annotations

import os
import time

import pytest

from sweeps import interrupt_itself
from two_chairs_lab.engine.executors import execute, local

pytestmark = pytest.mark.unit


def test_workers_at_work_are_not_waited_for():
    def stop():
        time.sleep(1.0)
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        execute([40, 41], time.sleep, local(2), lambda _: False, lambda _: None, stop)
    assert time.monotonic() - start < 20


def test_ctrl_c_does_not_reach_workers(tmp_path):
    places = [str(tmp_path / "one"), str(tmp_path / "other")]
    told = []
    execute(places, interrupt_itself, local(2), os.path.exists, told.append)
    assert sorted(told) == places
    assert all(map(os.path.exists, places))
