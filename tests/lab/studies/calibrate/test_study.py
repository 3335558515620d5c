"""Calibration end to end, small, on the real article."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from commands import PLANS, two_chairs
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.files import read_draws
from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.studies.calibrate import posterior, sample, study
from two_chairs_lab.studies.calibrate.fit import fit
from two_chairs_lab.studies.calibrate.predictions import run_predictions
from two_chairs_lab.studies.calibrate.validation import simulation_based_calibration

pytestmark = [pytest.mark.command, pytest.mark.long]

PLAN = PLANS / "calibration.toml"
SMALL = {
    "rows": 512, "rival_rows": 64, "draws": 40, "tests": 20, "refine_below": 0,
    "least_effective": 0,
}  # fmt: skip


def small_plan(folder: Path, **changes: object) -> Path:
    """Write the shipped plan with small numbers."""
    text = PLAN.read_text(encoding="utf-8")
    lines = text.splitlines()
    for key, value in (SMALL | changes).items():
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[place] = f"{key} = {value}"
    lines = [line.replace("worlds = 4000", "worlds = 16") for line in lines]
    path = folder / "small.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration")
    result = two_chairs("calibrate", small_plan(folder), "--out", folder / "out", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    made = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert told.pop("manifest")["scenario"] == made["scenario"]
    assert told == json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return folder / "out", told


def test_one_command_leaves_posterior_scores_and_predictions(fitted):
    folder, told = fitted
    names, rows = read_draws(folder / "posterior.csv")
    assert len(rows) == 40
    assert {"reception_gain", "weight:S17", "link:slope", "link:iri_us_good"} <= set(names)
    assert told["answers"] == 17
    assert 1.0 < told["effective_rows"] < 512
    assert set(told["scores"]["wave-out"]) >= {"model", "no-change", "linear-trend", "inertia"}
    predicted = json.loads((folder / "predictions.json").read_text(encoding="utf-8"))
    assert predicted["worlds"] == 16
    assert set(predicted["questions"]) == {
        "iri_russia_good", "iri_russia_political_partner", "iri_eu_good", "iri_us_good",
    }  # fmt: skip
    page = (folder / "calibration.md").read_text(encoding="utf-8").splitlines()
    assert page[2].startswith(("**The model loses to no change**", "The model has the smaller"))
    for name in ("predictive", "posterior", "pairs", "identifiability", "recovery", "scores"):
        assert (folder / "figures" / f"{name}.png").is_file()


def test_what_was_fitted_is_written_beside_the_draws_and_stands_in_the_bundled_scenario(fitted):
    folder, _ = fitted
    written = tomllib.loads((folder / "posterior.toml").read_text(encoding="utf-8"))["posterior"]
    plan = study.read_plan(folder.parent / "small.toml")
    asked = {question.series for question in plan.questions}
    bundled = load_scenario("baseline")
    answers = [seen.id for seen in bundled.observations if seen.series in asked]
    assert sorted(written["answers"]) == sorted(answers) == sorted(bundled.posterior.answers)
    assert written["file"] == "posterior.csv"


@pytest.mark.slow
def test_the_same_calibration_again_is_the_same_and_resumes(fitted, tmp_path):
    folder, _ = fitted
    plan = small_plan(tmp_path)
    calibration = study.resolve(study.read_plan(plan), str(plan))
    with Pools(local(2)) as pools:
        again = fit(calibration, tmp_path / "again", Runner(pools))
    text = posterior.posterior_text(again.posterior.columns)
    assert text == (folder / "posterior.csv").read_text(encoding="utf-8")
    predicted = json.loads((folder / "predictions.json").read_text(encoding="utf-8"))
    assert again.predictions.record() == predicted
    refused = two_chairs("calibrate", plan, "--out", tmp_path / "again")
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"error: --out {tmp_path / 'again'}: holds this calibration already; add --resume or name "
        "another folder\n",
    )
    next((tmp_path / "again" / "tables" / "prior" / "parts").glob("*.nc")).unlink()
    rows = sample.run_tables(calibration, tmp_path / "again", resume=True)
    again = posterior.spread_posterior(calibration, posterior.draw_posterior(calibration, rows))
    assert posterior.posterior_text(again.columns) == text


def test_a_part_of_another_table_is_refused(fitted, tmp_path):
    copy = shutil.copytree(fitted[0], tmp_path / "copy")
    calibration = sample.load_calibration(copy)
    rival = next(iter(calibration.plan.rivals))
    one, other = (copy / "tables" / name / "parts" for name in (sample.PRIOR, rival))
    assert sample.read_table(calibration, copy, rival).size
    shutil.copy(one / "part-000000.nc", other)
    with pytest.raises(InputError, match="is damaged, or was written for another result"):
        sample.read_table(calibration, copy, rival)


def test_weights_that_can_not_be_trusted_freeze_nothing(tmp_path):
    plan = small_plan(tmp_path, least_effective=800)
    refused = two_chairs("calibrate", plan, "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "the weights can not be trusted: Pareto k" in refused.stderr
    assert "at least 800 rows effective: nothing is frozen" in refused.stderr
    assert not (tmp_path / "out" / "posterior.csv").exists()


def test_what_decisions_teach_is_told(fitted):
    told = fitted[1]["decisions"]
    assert set(told["sources"]) == {
        "polls", "ARM", "RUS", "WST", "AZE", "before", "treaty", "all",
    }  # fmt: skip
    assert told["sources"]["all"]["kl"] > told["sources"]["polls"]["kl"] > 0.0
    assert set(told["ahead"]["ARM"]) == {
        "model", "persistence", "shares", "inertia", "random-walk", "attacks",
    }  # fmt: skip
    assert "2020" in told["acts_before_any_fit"]
    waves = [label for label in told["left_out"] if label.startswith("without the wave of ")]
    assert [label.rpartition(" of ")[2] for label in waves] == [
        "1 May 2019, IRI", "22 Nov 2021, IRI", "1 Jan 2023, IRI", "1 Dec 2023, IRI",
    ]  # fmt: skip
    assert all(told["left_out"][label]["effective_rows"] > 1.0 for label in waves)
    page = (fitted[0] / "calibration.md").read_text(encoding="utf-8")
    assert "## What each source teaches" in page


def test_draws_are_only_put_in_another_order(fitted):
    folder, _ = fitted
    calibration = sample.load_calibration(folder)
    drawn = posterior.draw_posterior(calibration, sample.load_sample(calibration, folder))
    spread = posterior.spread_posterior(calibration, drawn)
    before, after = (
        [tuple(row) for row in zip(*draws.columns.values(), *draws.predictors, strict=True)]
        for draws in (drawn, spread)
    )
    assert after != before
    assert sorted(after) == sorted(before)


def test_a_row_is_a_world(fitted):
    """What is seen of a row is what is seen of the world of the same parameters and replicate."""
    folder, _ = fitted
    calibration = sample.load_calibration(folder)
    predictors = sample.read_table(calibration, folder, "prior")
    row = sample.parameters_of(calibration, "prior", np.array([7]))
    paths = TwoChairs(
        calibration.scenario,
        [7],
        seed=calibration.plan.seed,
        vary_weights=True,
        parameters=row,
        luck=False,
    ).run()
    answer = 3
    alignment = paths.outcome("ARM>RUS:politics")[calibration.weeks[answer], 0]
    assert predictors[answer, 7] == pytest.approx(2.0 * np.arctanh(alignment), abs=1e-12)
    assert predictors[0, 7] == pytest.approx(2.0 * np.arctanh(0.65))  # before the first week


@pytest.mark.parametrize("lost", [True, False])
def test_a_second_table_is_resumed_where_it_was_drawn(lost, tmp_path):
    """Going on proposes nothing new: rows that were run are those of the first proposal."""
    plan = small_plan(tmp_path, rows=128, refine_below=100_000)
    calibration = study.resolve(study.read_plan(plan), str(plan))
    calibration = replace(calibration, plan=calibration.plan.model_copy(update={"rivals": {}}))
    rows = sample.run_tables(calibration, tmp_path / "out")
    assert rows.sizes == (128, 128)
    if lost:
        next((tmp_path / "out" / "tables" / sample.REFINED / "parts").glob("*.nc")).unlink()
    again = sample.run_tables(calibration, tmp_path / "out", resume=True)
    assert again.proposal == rows.proposal
    assert again.log_weights(calibration.survey).tolist() == (
        rows.log_weights(calibration.survey).tolist()
    )
    for name, units in rows.units.items():
        assert again.units[name].tolist() == units.tolist(), name


@pytest.mark.slow
def test_a_second_table_finds_the_same_posterior(tmp_path):
    """Rows drawn where the weight lies, with mixture weights, tell what the first table tells."""
    plan = small_plan(tmp_path, rows=4096, refine_below=100_000)
    calibration = study.resolve(study.read_plan(plan), str(plan))
    polls_alone = {"rivals": {}, "decisions": None}
    calibration = replace(calibration, plan=calibration.plan.model_copy(update=polls_alone))
    rows = sample.run_tables(calibration, tmp_path / "out")
    weights = rows.weights(calibration.survey)
    assert rows.sizes == (4096, 4096)
    first = rows.log_prior[:4096]
    alone = np.exp(calibration.survey.log_evidence(rows.predictors[:, :4096]))
    alone /= alone.sum()
    for name in calibration.plan.fitted:
        together = float(np.sum(weights * rows.units[name]))
        by_itself = float(np.sum(alone * rows.units[name][:4096]))
        assert together == pytest.approx(by_itself, abs=0.04), name
    proposal = sample.read_proposal(tmp_path / "out")
    assert proposal is not None
    # the proposal is a density, and rows of the second table follow it
    assert np.mean(np.exp(-first)) == pytest.approx(1.0, abs=0.05)
    drawn = rows.units["reception_gain"][4096:]
    counts = np.histogram(drawn, sample.BINS, (0.0, 1.0))[0] / 4096
    assert counts == pytest.approx(np.array(proposal.chances["reception_gain"]), abs=0.02)
    drawn_rows = posterior.draw_posterior(calibration, rows)
    low, high = PARAMETERS["reception_gain"].low, PARAMETERS["reception_gain"].high
    assert (drawn_rows.columns["reception_gain"] >= low).all()
    assert (drawn_rows.columns["reception_gain"] <= high).all()


@pytest.mark.slow
def test_made_data_are_recovered(tmp_path):
    """Ranks of the truth are uniform within what chance allows."""
    plan = small_plan(tmp_path, rows=2048, tests=150)
    calibration = study.resolve(study.read_plan(plan), str(plan))
    calibration = replace(calibration, plan=calibration.plan.model_copy(update={"rivals": {}}))
    rows = sample.run_tables(calibration, tmp_path / "out")
    found = simulation_based_calibration(calibration, rows, lambda _: None)
    for name in found.ranks:
        assert found.ranks[name].mean() == pytest.approx(0.5, abs=0.09), name
        assert found.coverage(name, 0.8) == pytest.approx(0.8, abs=0.13), name
    assert found.correlation("slope") > 0.6
    assert found.effective.min() > 1.0


def test_a_parameter_fixed_by_hand_is_not_drawn():
    scenario = study.fixed(load_scenario("baseline"), {"attack_rate": 0.0, "utility_economy": 0.3})
    model = TwoChairs(scenario, range(5), vary=True)
    assert model.p.attack_rate.tolist() == [0.0]
    assert model.p.utility_economy.shape == (1,)
    assert model.p.utility_security.shape == (1,)
    assert model.p.reception_gain.shape == (5,)


def test_defaults_leave_the_posterior_out(tmp_path):
    plain = two_chairs("run", "--worlds", 3, "--json")
    ranges = two_chairs("run", "--worlds", 3, "--json", "--defaults")
    one, other = json.loads(plain.stdout), json.loads(ranges.stdout)
    assert one["tilt"] != other["tilt"]
    assert "posterior frozen on" in one["conditional_on"]
    assert "drawn from their ranges" in other["conditional_on"]
    assert other["manifest"]["scenario"]["posterior"] is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"reception_gain", "expec', '"reception_gian", "expec', "'reception_gian' is no param"),
        ('series = "iri-us-good"', 'series = "iri-us"', "no observation has the series 'iri-us'"),
        ('"ARM>RUS:security"', '"tilt"', "'tilt' is no alignment; write one as A>B:politics"),
        ('"ARM>RUS:security"', '"ARM>RUS:sport"', "'sport' is not one of the names there"),
        ('series = "iri-us-good"', 'series = "trade-eu"', "mixes pollsters (IRI, yearly series)"),
        ("expectation_violation = 0.0", "psi = 0.0", "'psi' is no parameter"),
        ('wrong_model = "no', 'wrong_model = "not', "is no rival; did you mean"),
        ("2024-09-15", "2034-09-15", "lies outside the run, 2020-01-06 to 2028-12-31"),
        ('"chose:AZE:ATTACK"', '"chose:AZE:ATACK"', "'ATACK' is not one of the names there"),
        ("[rivals.inertia]", "[rivals.prior]", "names a table of the program; rename it"),
        ("draws = 4000", "draws = 1", "1 is out of range; it must be at least 10"),
        ("rows = 131072", "rowz = 131072", "unknown key; did you mean 'rows'?"),
    ],
)
def test_bad_plans_are_refused(old, new, message, tmp_path):
    text = PLAN.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "plan.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    for words in (("check", path), ("calibrate", path, "--out", tmp_path / "out")):
        result = two_chairs(*words)
        assert result.exit_code == 2
        assert message in result.stderr
        assert not (tmp_path / "out").exists()


def test_a_plan_of_another_kind_is_refused_in_one_line(tmp_path):
    path = PLANS / "weights.toml"
    for words in (("calibrate", path, "--out", tmp_path / "out"), ("predict", path)):
        result = two_chairs(*words)
        assert result.exit_code == 2
        assert result.stderr.endswith(
            'kind: is not "calibration", so this is a file of another kind; name a calibration '
            "plan\n"
        )
        assert len(result.stderr.splitlines()) == 1


def test_predict_needs_a_posterior_with_the_plans_links(tmp_path):
    plan = study.read_plan(PLAN)
    bare = load_scenario("baseline").model_copy(update={"posterior": None})
    with pytest.raises(Exception, match="has no posterior; calibrate first"):
        run_predictions(plan, bare, 2)
