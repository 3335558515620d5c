"""Predictions: what has happened, and what is frozen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from commands import PLANS, ROOT
from two_chairs.scenario.files import read_draws
from two_chairs.scenario.library import bundled_folder
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.statistics.scores import effective_size
from two_chairs_lab.studies.calibrate import posterior, sample, study
from two_chairs_lab.studies.calibrate.predictions import has_happened, run_predictions, statements

pytestmark = pytest.mark.regression

PLAN = PLANS / "calibration.toml"


def test_what_has_happened_by_a_date():
    path = np.array([[0.0, 2.0, 1.0], [0.0, 2.0, 0.4], [1.0, 2.0, 1.0], [0.0, 3.0, 1.0]])
    rose = study.Happening(outcome="x", rises=True)
    fell = study.Happening(outcome="x", below=0.5)
    assert has_happened(path, rose, 1, 2).tolist() == [True, False, False]
    assert has_happened(path, rose, 1, 3).tolist() == [True, True, False]
    assert has_happened(path, fell, 2, 3).tolist() == [True, False, False]
    assert has_happened(path, fell, 1, 3).tolist() == [True, False, True]


FROZEN = ROOT / "docs" / "predictions-2023-12.json"


def test_the_frozen_predictions_are_the_programs():
    """Written by `two-chairs predict`, never by hand: the same command gives the same numbers."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    plan = study.read_plan(PLAN)
    now = statements(run_predictions(plan, load_scenario(plan.scenario)))
    assert _numbers(now) == pytest.approx(_numbers(frozen), abs=0.2)
    assert (now["frozen"], now["version"], now["worlds"]) == (
        frozen["frozen"], frozen["version"], frozen["worlds"],
    )  # fmt: skip


def _numbers(record: object, key: str = "") -> dict[str, float]:
    if isinstance(record, dict):
        return {k: v for name, inner in record.items()
                for k, v in _numbers(inner, f"{key}.{name}").items()}  # fmt: skip
    return {key: float(record)} if isinstance(record, int | float) else {}


@pytest.mark.slow
def test_the_plan_leads_to_the_frozen_posterior(tmp_path):
    calibration = study.resolve(study.read_plan(PLAN), str(PLAN))
    calibration = replace(calibration, plan=calibration.plan.model_copy(update={"rivals": {}}))
    with Pools(local(2)) as pools:
        drawn = sample.run_tables(calibration, tmp_path / "out", Runner(pools))
    assert effective_size(drawn.weights(calibration.survey)) > calibration.plan.refine_below
    now = posterior.draw_posterior(calibration, drawn).columns
    names, rows = read_draws(bundled_folder() / "armenia" / "posterior.csv")
    frozen = np.array([row.split(",") for row in rows], dtype=float)
    assert tuple(now) == names
    for name, values in zip(names, frozen.T, strict=True):
        close = np.quantile(values, (0.25, 0.5, 0.75))
        spread = max(float(np.std(values)), 1e-9)
        assert np.quantile(now[name], (0.25, 0.5, 0.75)) == pytest.approx(close, abs=0.2 * spread)
