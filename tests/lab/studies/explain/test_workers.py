"""Explaining with workers: the same bits, also where one is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal

import numpy as np
import pytest

from builders import event, quiet, with_events
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import CHUNK, Runner
from two_chairs_lab.studies.explain.causes import Window, causes_of
from two_chairs_lab.studies.explain.study import attribution_of, explain_result

pytestmark = [pytest.mark.command, pytest.mark.long]


@pytest.fixture
def ensemble():
    scenario = with_events(quiet(6), event(0, goldstein=-8.0), event(3, goldstein=5.0))
    return Ensemble(scenario, CHUNK + 5, seed=3)


@pytest.mark.slow
def test_a_killed_worker_costs_time_not_results(ensemble):
    killed = []

    def kill(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with Pools(local(2)) as pools:
        found = explain_result(ensemble, fading="own", runner=Runner(pools, kill))
    assert killed
    whole = explain_result(ensemble, fading="own")
    assert found.record() == whole.record()
    assert found.tables() == whole.tables()
    assert np.ptp(whole.explanation.change) > 0.0


def test_what_is_done_is_not_done_again(ensemble, tmp_path, monkeypatch):
    whole = explain_result(ensemble, "ARM>RUS:security")
    runner = Runner(keep=tmp_path / "explain")
    assert explain_result(ensemble, "ARM>RUS:security", runner=runner).record() == whole.record()
    monkeypatch.setattr("two_chairs_lab.studies.explain.study.Watched", None)
    assert explain_result(ensemble, "ARM>RUS:security", runner=runner).record() == whole.record()
    with pytest.raises(TypeError):
        explain_result(ensemble, "ARM>RUS:economy", runner=runner)


def test_a_part_holds_causes_by_worlds(ensemble):
    scenario = ensemble.scenario
    window = Window(None, scenario.end)
    causes = [cause.name for cause in causes_of(scenario, window)]
    weeks = window.weeks(scenario)
    part = attribution_of("ARM>RUS:security", causes, weeks, "apart", ensemble.batch())
    worlds = CHUNK + 5
    shapes = {"values": (len(causes), worlds), "start": (worlds,), "end": (worlds,)}
    assert {name: array.shape for name, array in part.items()} == shapes | {
        "channels": (len(causes),)
    }
    assert set(part["channels"]) > {""}
