"""Predictions: what has happened, and what is frozen."""

from __future__ import annotations

import json
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from commands import PLANS, ROOT, two_chairs
from two_chairs.scenario.files import read_draws
from two_chairs.scenario.library import bundled_folder
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.batch import Batch
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.statistics.scores import effective_size
from two_chairs_lab.studies.calibrate import posterior, predictions, sample, study
from two_chairs_lab.studies.calibrate.predictions import has_happened, run_predictions, statements

pytestmark = [pytest.mark.regression, pytest.mark.long]

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
    """Frozen when worlds drew the posterior's rows by chance: today's differ by that alone.

    Points of shares and answers, four standard errors of 2,000 worlds at the edge of an interval.
    """
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    plan = study.read_plan(PLAN)
    now = statements(run_predictions(plan, load_scenario(plan.scenario)))
    assert _numbers(now) == pytest.approx(_numbers(frozen), rel=0.12, abs=1.6)
    assert (now["frozen"], now["version"], now["worlds"]) == (
        frozen["frozen"], frozen["version"], frozen["worlds"],
    )  # fmt: skip


def _numbers(record: object, key: str = "") -> dict[str, float]:
    if isinstance(record, dict):
        return {k: v for name, inner in record.items()
                for k, v in _numbers(inner, f"{key}.{name}").items()}  # fmt: skip
    return {key: float(record)} if isinstance(record, int | float) else {}


def test_predictions_go_on_where_they_were_stopped(tmp_path, monkeypatch):
    """The files are those of a run that was not stopped, and no parts stay beside them."""
    monkeypatch.setattr("two_chairs_lab.shell.options.KEEP_FROM", 1)
    command = ("predict", "--worlds", 4, "--out")
    assert two_chairs(*command, tmp_path / "whole").exit_code == 0
    with monkeypatch.context() as patched:
        patched.setattr(predictions, "posterior_draws", Mock(side_effect=KeyboardInterrupt))
        stopped = two_chairs(*command, tmp_path / "told")
    assert (stopped.exit_code, stopped.stderr) == (
        130,
        f"Stopped; what is done is kept in {tmp_path / 'told.parts'}. Go on with the same command "
        "and --resume.\n",
    )
    assert "add --resume" in two_chairs(*command, tmp_path / "told").stderr
    monkeypatch.setattr(Batch, "model", Mock(side_effect=AssertionError))
    assert two_chairs(*command, tmp_path / "told", "--resume").exit_code == 0
    for ending in ("json", "md"):
        told, whole = ((tmp_path / f"{stem}.{ending}").read_bytes() for stem in ("told", "whole"))
        assert told == whole
    assert not (tmp_path / "told.parts").exists()


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
