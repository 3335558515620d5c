"""Sensitivity with workers: the same bits, also where one is killed or all are stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs_lab.designs.plans import find_plan
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.shell import options
from two_chairs_lab.studies.sensitivity import study as module
from two_chairs_lab.studies.sensitivity.study import resolve_study, run_study

pytestmark = [pytest.mark.command, pytest.mark.long]

SCENARIO = """
title = "short"
question = "?"
extends = "baseline"
events = []
targets = []
end = 2020-06-01
agents_act_from = 2020-03-02
"""
PLAN = """
kind = "sensitivity"
title = "t"
question = "?"
scenario = "short.toml"
outcomes = ["tilt"]
dates = [2020-06-01]
points = 64
every = 0
[ranges]
institution_share = {}
negativity = {}
"""
COMMAND = ("sensitivity", "variance.toml", "--json")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("short.toml").write_text(SCENARIO, encoding="utf-8")
    Path("variance.toml").write_text(PLAN, encoding="utf-8")
    monkeypatch.setattr(module, "CHUNK", 64)
    monkeypatch.setattr(module.Sensitivity, "figures", lambda _: {})  # they take long to draw


def answer(*words: str) -> dict:
    result = two_chairs(*COMMAND, *words)
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    del record["manifest"]["made"]
    return record


def files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).glob("indices.*")}


def test_the_command_says_the_same_whatever_the_workers():
    assert answer("--workers", "2", "--out", "two") == answer("--out", "one")
    assert files("two") == files("one")
    assert len(files("one")) == 2


@pytest.mark.slow
def test_a_killed_worker_costs_time_not_results():
    study = resolve_study(find_plan("variance.toml").read())
    killed = []

    def kill(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with Pools(local(2)) as pools:
        found = run_study(study, Runner(pools, kill))
    assert killed
    assert found.record() == run_study(study).record()


def test_a_study_that_was_stopped_goes_on_where_it_was(monkeypatch):
    whole = answer("--out", "whole")
    monkeypatch.setattr(options, "KEEP_FROM", 1)
    work = module.evaluate

    designs = []

    def stopped(*asked):
        designs.append(asked)
        if len(designs) == 2:
            raise KeyboardInterrupt
        return work(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(module, "evaluate", stopped)
        result = two_chairs(*COMMAND, "--out", "out")
    assert (result.exit_code, result.stdout) == (130, "")
    assert "--resume" in result.stderr
    kept = len(list(Path("out/parts").iterdir()))
    assert kept > 0
    refused = two_chairs(*COMMAND, "--out", "out")
    assert refused.exit_code == 2
    assert "holds an unfinished sensitivity; add --resume" in refused.stderr
    assert answer("--out", "out", "--resume") == whole
    assert files("out") == files("whole")
    assert not Path("out/parts").exists()
