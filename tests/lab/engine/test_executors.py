"""Executors: stopped, and not waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from contextlib import nullcontext

import pytest

from commands import environment
from sweeps import interrupt_itself
from two_chairs_lab.engine import executors
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


class Handed(Executor):
    """Does a task when it is asked for the second time whether it is done; counts those it has."""

    def __init__(self):
        self.most, self.waiting = 0, []

    def submit(self, work, *arguments):
        future = Future()
        self.waiting.append((future, work, arguments))
        self.most = max(self.most, len(self.waiting))
        threading.Timer(0.01, self.finish).start()
        return future

    def finish(self):
        future, work, arguments = self.waiting.pop(0)
        future.set_result(work(*arguments))


def test_tasks_are_handed_out_as_they_are_needed(monkeypatch):
    monkeypatch.setattr(executors, "AHEAD", 3)
    pool, done = Handed(), []
    with Pools(lambda: nullcontext(pool)) as pools:
        execute(range(20), abs, pools, lambda task, found: done.append((task, found)))
    assert sorted(done) == [(n, n) for n in range(20)]
    assert pool.most <= 3


class Interrupting:
    """Sends a Ctrl-C while it is let go, where Python swallows what a handler raises."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def default_handler():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("default_handler")
def test_ctrl_c_in_a_finalizer_is_heard_after_the_task():
    done = []

    def work(task):
        Interrupting()
        return task

    with pytest.raises(KeyboardInterrupt):
        execute([1, 2], work, None, lambda task, _: done.append(task))
    assert done == [1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("default_handler")
def test_ctrl_c_is_heard_while_waiting_for_workers():
    press = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Pools(local(2)) as pools:
        execute([40, 41], time.sleep, pools, lambda *_: None, meanwhile=press.start)
    assert time.monotonic() - start < 20


@pytest.mark.usefixtures("default_handler")
def test_a_second_ctrl_c_does_not_wait_for_the_task():
    def work(_):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("this was reached")

    with pytest.raises(KeyboardInterrupt):
        execute([1], work, None, lambda *_: None)


def test_ctrl_c_does_not_reach_workers(tmp_path):
    places = [str(tmp_path / "one"), str(tmp_path / "other")]
    done = []
    with Pools(local(2)) as pools:
        execute(places, interrupt_itself, pools, lambda task, _: done.append(task), os.path.exists)
    assert sorted(done) == places
    assert all(map(os.path.exists, places))


def test_a_script_without_a_main_guard_is_told_so_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from two_chairs_lab.engine.executors import Pools, execute, local\n"
        "with Pools(local(2)) as pools:\n"
        "    execute([1, 2], abs, pools, lambda *_: None)\n"
    )
    ended = subprocess.run(
        [sys.executable, script], env=environment(), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert ended.stderr.count("errors.InputError: ") == 1
    assert "put the call under if __name__ == '__main__':" in ended.stderr
