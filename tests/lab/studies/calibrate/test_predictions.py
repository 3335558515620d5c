"""Predictions: what has happened, and what is frozen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest

from builders import quiet
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


FIRST, FROZEN = (ROOT / "docs" / f"predictions-{version}.json" for version in ("2023-12", "v2"))


def test_years_without_an_event_begin_with_the_run():
    years = predictions._weeks_of_years(quiet(60))
    assert {year: len(weeks) for year, weeks in years.items()} == {"2020": 52, "2021": 8}


def test_the_first_frozen_predictions_stay_as_they_were():
    digest = hashlib.sha256(FIRST.read_bytes()).hexdigest()
    assert digest == "e2007e02525e79d54f6238616203841fd830fa3931be80b54b9ea07ac53594cc"


@pytest.mark.slow
def test_the_frozen_predictions_are_the_programs():
    """Later rules may move them; while the ledger, posterior and plan stand, only by the error."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    plan = study.read_plan(PLAN)
    now = predictions.checksums(plan.scenario, PLAN)
    same = {name for name in now if now[name] == frozen["checksums"].get(name)}
    assert {"events/article.csv", "armenia/posterior.csv", "plans/calibration.toml"} <= same
    told = statements(run_predictions(plan, load_scenario(plan.scenario)))
    assert _numbers(told) == pytest.approx(_numbers(frozen), rel=0.12, abs=1.6)


def test_the_keys_of_the_first_predictions_stand_in_the_second():
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (FIRST, FROZEN))
    for key in ("questions", "by", "years", "posture_shares"):
        assert set(first[key]) <= set(second[key]), key
    for question, dates in first["questions"].items():
        assert set(dates) <= set(second["questions"][question])
    assert all(set(first["by"][day]) <= set(second["by"][day]) for day in first["by"])
    assert {"2024-03-31", "2026-06-30", "2027-12-31", "2028-12-31"} <= set(second["by"])
    assert len(second["statements"]) >= 12
    assert all(each["resolution"] for each in second["statements"])
    assert {each["kind"] for each in second["statements"]} == {
        "retrodiction with withheld data", "ahead when frozen",
    }  # fmt: skip


def test_predictions_are_never_written_over(tmp_path):
    (tmp_path / "told.json").write_text("{}", encoding="utf-8")
    refused = two_chairs("predict", "--worlds", 4, "--out", tmp_path / "told")
    assert refused.exit_code == 2
    assert "holds predictions already, which are never written over" in refused.stderr
    assert (tmp_path / "told.json").read_text(encoding="utf-8") == "{}"
    assert not (tmp_path / "told.md").exists()


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
    assert effective_size(drawn.weights(calibration.survey)) > calibration.plan.least_effective
    now = posterior.draw_posterior(calibration, drawn).columns
    names, rows = read_draws(bundled_folder() / "armenia" / "posterior.csv")
    frozen = np.array([row.split(",") for row in rows], dtype=float)
    assert tuple(now) == names
    for name, values in zip(names, frozen.T, strict=True):
        close = np.quantile(values, (0.25, 0.5, 0.75))
        spread = max(float(np.std(values)), 1e-9)
        assert np.quantile(now[name], (0.25, 0.5, 0.75)) == pytest.approx(close, abs=0.2 * spread)
