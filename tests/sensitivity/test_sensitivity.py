"""Sensitivity: known functions, the same ensemble as run, axes of coding and luck, bad input."""

from __future__ import annotations

import csv
import datetime
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from SALib.test_functions import Ishigami

from builders import bundled
from two_chairs.draws import draw_parameters, draw_weights
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.cli.main import main
from two_chairs_lab.designs.design import Axis, make_design, problem
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.statistics.sobol import elementary_effects, variance_decomposition
from two_chairs_lab.studies.sensitivity import study as module
from two_chairs_lab.studies.sensitivity.figures import apart
from two_chairs_lab.studies.sensitivity.plan import OUTCOMES, RangeEnds, SensitivityPlan
from two_chairs_lab.studies.sensitivity.space import (
    LUCK,
    SCALE,
    WEIGHT,
    make_space,
    on_plover,
    replicates_of,
)
from two_chairs_lab.studies.sensitivity.study import (
    resolve_study,
    run_study,
    values_at,
    values_of_design,
)

CUT_OFF = datetime.date(2023, 12, 4)
PLAN = Path(__file__).parents[2] / "experiments" / "plans" / "sensitivity.toml"


def two_chairs(*words: str):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def plan_of(**fields) -> SensitivityPlan:
    return SensitivityPlan(**({"title": "t", "question": "?"} | fields))


def short_scenario() -> str:
    """Write a scenario of forty weeks, with rows of uncertain weight and acting agents."""
    row = 'actor = "RUS"\ntarget = "ARM"\ndocument = "t"\nsays = "t"\nweight = 1.0\n'
    Path("short.toml").write_text(
        'title = "short"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
        "end = 2020-10-05\nagents_act_from = 2020-03-02\n"
        f'[[add]]\nid = "A"\ndate = 2020-02-03\naction = "threaten"\n{row}weight_low = 0.2\n'
        f'[[add]]\nid = "B"\ndate = 2020-02-10\naction = "trade-cooperation"\n{row}'
        "weight_high = 1.9\n",
        encoding="utf-8",
    )
    return "short.toml"


def small_plan(**fields) -> SensitivityPlan:
    few = {"institution_share": RangeEnds(), "domain_weights": RangeEnds()}
    small = {"scenario": short_scenario(), "points": 64, "every": 0, "ranges": few}
    return plan_of(**(small | fields))


# --- functions whose indices are known ------------------------------------------------------------

NAMES = ("x1", "x2", "x3")
A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
FIRST = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / VARIANCE
TOGETHER = B**2 * np.pi**8 * (1 / 18 - 1 / 50) / VARIANCE


def cube(*groups: str) -> list[Axis]:
    return [Axis(name, -np.pi, np.pi, group) for name, group in zip(NAMES, groups, strict=True)]


def test_ishigamis_indices_are_found_within_their_intervals():
    design = make_design("sobol", cube(*NAMES), 4096, 0)
    values = Ishigami.evaluate(design.table)
    found = variance_decomposition(problem(design.axes), design.table, values)
    assert found.deviation == pytest.approx(np.sqrt(VARIANCE), rel=0.02)
    assert FIRST[:2] == pytest.approx([0.3139, 0.4424], abs=1e-4)
    totals = FIRST + TOGETHER * np.array([1, 0, 1])
    for index, first, total in zip(found.indices, FIRST, totals, strict=True):
        assert index.first == pytest.approx(first, abs=max(0.01, index.first_error))
        assert index.total == pytest.approx(total, abs=max(0.01, index.total_error))
        assert 0 < index.total_error < 0.05
    assert found.interaction == pytest.approx(TOGETHER, abs=found.interaction_error)
    assert 0 < found.interaction_error < 0.1


def test_a_group_takes_what_its_axes_do_together():
    design = make_design("sobol", cube("both", "x2", "both"), 4096, 0)
    found = variance_decomposition(
        problem(design.axes), design.table, Ishigami.evaluate(design.table)
    )
    both, second = found.indices
    assert (both.name, second.name) == ("both", "x2")
    assert both.first == pytest.approx(FIRST[0] + TOGETHER, abs=both.first_error)
    assert both.total == pytest.approx(FIRST[0] + TOGETHER, abs=both.total_error)
    assert second.total == pytest.approx(FIRST[1], abs=second.total_error)
    assert abs(found.interaction) < 2 * found.interaction_error


def test_morris_measures_a_linear_function_exactly_and_sees_a_product():
    axes = [Axis(name, 0.0, 1.0, name) for name in NAMES]
    design = make_design("morris", axes, 20, 0)
    x1, x2, x3 = design.table.T
    effects = elementary_effects(problem(axes), design.table, 2 * x1 - 3 * x2)
    assert [effect.mu_star for effect in effects] == pytest.approx([2, 3, 0], abs=1e-9)
    assert [effect.sigma for effect in effects] == pytest.approx([0, 0, 0], abs=1e-9)
    effects = elementary_effects(problem(axes), design.table, x1 * x3)
    assert effects[0].sigma > 0.2
    assert effects[1].mu_star == 0.0
    grouped = [Axis("x1", 0, 1, "pair"), Axis("x2", 0, 1, "pair"), Axis("x3", 0, 1, "x3")]
    design = make_design("morris", grouped, 20, 0)
    pair, lone = elementary_effects(problem(grouped), design.table, 5.0 * design.table[:, 2])
    assert (pair.sigma, pair.mu_star) == (None, 0.0)
    assert lone.mu_star == pytest.approx(5.0)


def test_an_analysis_is_the_same_twice_also_with_seed_zero():
    design = make_design("sobol", cube(*NAMES), 64, 0)
    values = Ishigami.evaluate(design.table)
    np.random.seed(1)  # noqa: NPY002
    one = variance_decomposition(problem(design.axes), design.table, values, 0)
    np.random.seed(2)  # noqa: NPY002
    assert variance_decomposition(problem(design.axes), design.table, values, 0) == one


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_single_value_that_is_no_number_is_refused_with_its_point(wrong):
    for kind, analyse in (("sobol", variance_decomposition), ("morris", elementary_effects)):
        design = make_design(kind, cube(*NAMES), 16, 0)
        values = Ishigami.evaluate(design.table)
        values[7] = wrong
        with pytest.raises(InputError) as refused:
            analyse(problem(design.axes), design.table, values)
        assert str(refused.value) == (
            f"point 7: the value is {wrong}, not a finite number; no index can be told from it; "
            "narrow the ranges"
        )


def test_values_that_do_not_vary_have_no_indices_and_others_points_are_refused():
    design = make_design("sobol", cube(*NAMES), 16, 0)
    assert variance_decomposition(problem(design.axes), design.table, np.ones(80)).indices == ()
    rare = np.zeros(80)
    rare[2] = 1.0  # in neither matrix of the base sample
    found = variance_decomposition(problem(design.axes), design.table, rare)
    assert (found.indices, found.unsplit()) == ((), "varies too rarely")
    assert found.deviation > 0.0
    alone = variance_decomposition(problem(cube("a", "a", "a")), design.table[:7], np.arange(7.0))
    assert [(index.first, index.total) for index in alone.indices] == [(1.0, 1.0)]
    with pytest.raises(InputError, match="79 values at 79 points do not suit a design of blocks"):
        variance_decomposition(problem(design.axes), design.table[:79], np.ones(79))


# --- the space is that of run ---------------------------------------------------------------------


def lucks_own_points(space, seed: int, worlds: int) -> np.ndarray:
    """Return the points that run draws: the uniforms of luck, axis by axis."""
    luck = Luck(seed, np.arange(worlds))
    streams = {}
    for group in dict.fromkeys(axis.group for axis in space.axes):
        rows = sum(axis.group == group for axis in space.axes)
        key = group.removeprefix(WEIGHT)
        stream = f"weight/{key}" if group.startswith(WEIGHT) else f"parameter/{group}"
        fixed = np.zeros((rows, worlds))
        streams[group] = iter(fixed if group in (SCALE, LUCK) else luck.uniforms(stream, rows))
    return np.stack([next(streams[axis.group]) for axis in space.axes], axis=1)


def test_a_point_of_lucks_own_uniforms_is_the_world_that_run_draws_bit_for_bit():
    scenario, worlds = bundled().model_copy(update={"posterior": None}), 20
    study = resolve_study(plan_of(outcomes=("tilt", "ARM>RUS:security"), seed=3, every=0))
    space = study.space
    table = lucks_own_points(space, 3, worlds)
    luck = Luck(3, np.arange(worlds))
    drawn, made = draw_parameters(scenario, luck), space.parameters(table)
    for name in PARAMETERS:
        here, there = getattr(made, name), getattr(drawn, name)
        assert np.array_equal(np.broadcast_to(here, (worlds,)), np.broadcast_to(there, (worlds,)))
    weights = draw_weights(scenario, Luck(3, np.arange(worlds)))
    assert set(weights) == set(space.event_weights(table))
    for key, values in space.event_weights(table).items():
        assert np.array_equal(values, weights[key])
    values = values_at(space, study.asked, table, np.arange(worlds))
    paths = run_ensemble(Ensemble(scenario, worlds, 3))
    for (name, day), row in zip(study.asked, values, strict=True):
        assert np.array_equal(row, paths.outcome(name)[paths.week_of(day)])


def test_every_varied_thing_of_the_baseline_is_an_axis():
    space = make_space(plan_of(), bundled())
    varied = [event.id for event in bundled().events if event.weight_low < event.weight_high]
    assert space.groups("coding") == (*(f"{WEIGHT}{key}" for key in varied), SCALE)
    assert space.groups("luck") == (LUCK,)
    assert {"institution_share", "domain_weights", "utility_weights"} <= set(space.groups("theory"))
    assert "seat_taken" not in space.groups("theory")
    assert {axis.group for axis in space.by_family()} == {"theory", "coding", "luck"}


def test_the_other_scale_is_the_scenario_file_that_asks_for_it():
    head = 'title = "p"\nquestion = "?"\nextends = "baseline"\n'
    Path("plover.toml").write_text(head + 'scale = "plover"\n', encoding="utf-8")
    Path("goldstein.toml").write_text(head, encoding="utf-8")
    asked = load_scenario("plover.toml")
    made = on_plover(load_scenario("goldstein.toml"))
    assert made.events == asked.events
    assert made.scale == asked.scale == "plover"
    scores = {event.id: event.goldstein for event in made.events}
    assert scores["C01"] == 9.5  # an assumption of the codebook
    assert make_space(plan_of(), bundled()).notes() == []
    unscored = [
        e.model_copy(update={"action": "make-statement"}) for e in bundled().events if e.id == "C01"
    ]
    others = [event for event in bundled().events if event.id != "C01"]
    events = {"events": (*others, *unscored)}
    assert make_space(plan_of(), bundled().model_copy(update=events)).notes() == [
        "C01 (make-statement) has no PLOVER score in the codebook and keeps its Goldstein "
        "score, 8.5, under both scales"
    ]
    fixed = make_space(plan_of(), asked)
    assert SCALE not in fixed.groups("coding")
    assert fixed.notes() == [
        "the scenario is scored on the PLOVER scale by its file; it does not vary"
    ]


def test_the_switch_of_the_scale_runs_the_other_scale():
    study = resolve_study(small_plan(vary=("coding",), ranges={}))
    assert study.space.groups("coding") == ("weight:A", "weight:B", SCALE)
    table = np.array([[0.5, 0.5, switch] for switch in (0.0, 0.49, 0.5, 1.0)])
    values = values_at(study.space, study.asked, table, np.zeros(4, dtype=np.int64))
    assert np.array_equal(values[:, 0], values[:, 1])
    assert np.array_equal(values[:, 2], values[:, 3])
    assert values[1, 0] != values[1, 2]
    plover = run_ensemble(Ensemble(on_plover(study.space.scenario), 1, vary=False, luck=False))
    assert values[1, 3] == plover.outcome("tilt")[-1, 0]


def test_luck_changes_once_along_a_trajectory_and_covers_all_replicates_of_a_sample():
    axes = [Axis(name, 0.0, 1.0, name) for name in ("x", "y", LUCK)]
    design = make_design("morris", axes, 10, 0)
    trajectories = replicates_of(design, 1000).reshape(10, 4)
    assert [len(set(row)) for row in trajectories.tolist()] == [2] * 10
    assert len({k for row in trajectories.tolist() for k in row}) == 20
    sample = replicates_of(make_design("sobol", axes, 64, 0), 16)
    assert set(sample.tolist()) == set(range(16))
    assert not replicates_of(make_design("sobol", axes[:2], 64, 0), 16).any()


# --- studies --------------------------------------------------------------------------------------


def test_workers_and_chunks_change_no_bit(monkeypatch):
    study = resolve_study(small_plan())
    design = study.designs()["axes"]
    whole = values_of_design(study, "axes", design)
    monkeypatch.setattr(module, "CHUNK", 7)
    assert np.array_equal(values_of_design(study, "axes", design), whole)
    with Pools(local(2)) as pools:
        assert np.array_equal(values_of_design(study, "axes", design, Runner(pools)), whole)


def test_a_study_runs_the_worlds_it_says_and_splits_all_that_was_asked():
    days = (datetime.date(2020, 2, 5), datetime.date(2020, 10, 5))
    study = resolve_study(small_plan(dates=days, every=13, outcomes=("tilt", "coercion")))
    told = []
    found = run_study(study, Runner(progress=told.append))
    assert sum(told) == study.worlds == sum(d.points for d in study.designs().values())
    assert study.dates == (datetime.date(2020, 2, 3), datetime.date(2020, 10, 5))
    assert len(study.timeline) == 2 + 2
    assert set(found.families) == set(study.asked)
    assert len(found.singles) == len(found.effects) == 4
    early = {index.name: index for index in found.families["tilt", study.dates[0]].indices}
    assert early["luck"].total == 0.0
    assert early["theory"].first > 0.8
    late = {index.name: index for index in found.families["tilt", study.dates[1]].indices}
    assert late["luck"].total > 0.0
    record = found.record()
    assert record["families"]["coercion"]["2020-02-03"] is None
    assert record["varied"] == {"theory": 2, "coding": 3, "luck": 1}
    for days in record["families"].values():
        for split in days.values():
            if split is not None:
                firsts = sum(split[family]["first"] for family in ("theory", "coding", "luck"))
                assert firsts + split["interaction"] == pytest.approx(1.0, abs=1e-5)


def test_what_alone_varies_has_the_whole_variance():
    for family in ("luck", "coding"):
        study = resolve_study(small_plan(vary=(family,), ranges={}))
        (index,) = run_study(study).families["tilt", study.dates[-1]].indices
        assert index.name == family
        assert (index.first, index.total) == (1.0, 1.0)
        assert run_study(study).families["tilt", study.dates[-1]].deviation > 0.001


def test_a_range_of_the_plan_is_what_varies():
    wide, narrow = RangeEnds(low=0.2, high=0.6), RangeEnds(low=0.399, high=0.401)
    deviations = []
    for ends in (wide, narrow):
        plan = small_plan(vary=("theory",), ranges={"institution_share": ends})
        study = resolve_study(plan)
        assert [axis.name for axis in study.space.axes] == ["institution_share"]
        deviations.append(run_study(study).families["tilt", study.dates[0]].deviation)
    assert deviations[0] / deviations[1] == pytest.approx(200, rel=0.2)
    plan = small_plan(ranges={"weight:A": RangeEnds(high=3.0)})
    space = resolve_study(plan).space
    assert space.groups("coding") == ("weight:A", SCALE)
    assert len(space.groups("theory")) > 80
    table = np.zeros((1, len(space.axes)))
    assert space.event_weights(table)["A"].tolist() == [0.2]
    assert space.event_weights(table + 1.0)["A"].tolist() == [3.0]


def test_a_single_outcome_that_is_no_number_names_point_and_replicate(monkeypatch):
    study = resolve_study(small_plan())
    run = module.values_at

    def broken(*asked):
        values = run(*asked)
        values[1, 5] = np.nan
        return values

    monkeypatch.setattr(module, "values_at", broken)
    replicate = replicates_of(study.designs()["families"], study.space.replicates)[5]
    with pytest.raises(InputError) as refused:
        run_study(study)
    assert str(refused.value) == (
        f"families: point 5, replicate {replicate}: tilt on 2020-10-05 is nan, not a finite "
        "number; no index can be told from it; narrow the ranges"
    )


# --- the command ----------------------------------------------------------------------------------


def write_plan(text: str, name: str = "plan.toml") -> str:
    head = f'kind = "sensitivity"\ntitle = "t"\nquestion = "?"\nscenario = "{short_scenario()}"\n'
    Path(name).write_text(head + "points = 64\nevery = 13\n" + text, encoding="utf-8")
    return name


FEW = "[ranges]\ninstitution_share = {}\n"


def test_json_and_folder_hold_the_same_numbers():
    plan = write_plan('outcomes = ["tilt", "regime:two-chairs"]\n' + FEW)
    told = json.loads(two_chairs("sensitivity", plan, "--json", "--seed", "2").stdout)
    assert not Path("results").exists()
    assert told["seed"] == 2
    assert told["dates"] == ["2020-03-02", "2020-10-05"]
    out = "a folder/with spaces"
    result = two_chairs("sensitivity", plan, "--seed", "2", "--out", out)
    assert result.exit_code == 0
    assert "Whose is the spread of tilt?" in result.stdout
    assert "An exploration of mechanisms, not a forecast." in " ".join(result.stdout.split())
    assert told.pop("manifest")["kind"] == "sensitivity"
    assert json.loads(Path(out, "indices.json").read_text()) == told
    names = {path.name for path in Path(out).iterdir()}
    assert {"manifest.json", "indices.csv", "variance.png", "over-time.svg"} <= names
    assert {"axes-tilt.png", "morris-regime-two-chairs.svg"} <= names
    rows = list(csv.DictReader(Path(out, "indices.csv").read_text().splitlines()))
    theory = next(r for r in rows if (r["method"], r["name"]) == ("families", "theory"))
    first = told["families"][theory["outcome"]][theory["date"]]["theory"]["first"]
    assert float(theory["first"]) == first
    assert {row["name"] for row in rows if row["method"] == "morris"} >= {"luck", "weight:A"}


def test_the_bundled_plan_is_good_and_so_is_a_bare_scenario():
    result = two_chairs("check", str(PLAN), write_plan(FEW))
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.endswith("sensitivity plan of 57312 worlds over 129 axes: good")
    assert second.endswith("sensitivity plan of 492 worlds over 5 axes: good")
    words = ["--points", "64", "--at", "2020-02-05", "--set", "negativity=1.5", "--json"]
    told = json.loads(two_chairs("sensitivity", short_scenario(), *words).stdout)
    assert "negativity = 1.5" in told["conditional_on"]
    assert told["outcomes"] == list(OUTCOMES)
    assert "negativity" not in {entry["name"] for entry in told["axes"]["tilt"]["2020-02-03"]}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--points", "1"],
            "points: 1 is too few to split a variance; give a power of two from 64 up, such as "
            "4096",
        ),
        (["--set", "negativity=x"], "--set negativity=x: 'x' is not a number; write it as "
         "negativity=0.5"),
        (["--points", "100"], "points: 100 is no power of two; give one such as 64 or 128"),
        (["--outcome", "tild"], "outcomes: tild: 'tild' is not an outcome; did you mean 'tilt'?"),
        (
            ["--at", "2030-01-01"],
            "dates: 2030-01-01: lies outside the run of baseline, 2020-01-06 to 2026-12-28; choose "
            "a date inside it",
        ),
        (
            ["--at", "2023"],
            "--at 2023: '2023' is not a date of the calendar; write it as YYYY-MM-DD",
        ),
    ],
)  # fmt: skip
def test_bad_options_are_told_in_one_line(words, message):
    result = two_chairs("sensitivity", "baseline", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip() == f"error: {message}"
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[ranges]\ninstitution_share = { low = 0.4, high = 0.4 }\n",
            "ranges.institution_share: the range 0.4 to 0.4 must rise and lie in 0 to 1; change "
            "its ends",
        ),
        (
            '[ranges]\n"weight:A" = { low = 2.0 }\n',
            "ranges.weight:A: the range 2 to 1 must rise and lie in 0 to 100; change its ends",
        ),
        ('[ranges]\n"weight:C" = {}\n', "ranges.weight:C: 'C' is not an event; choose one of A, B"),
        (
            "[ranges]\ninstitution_shares = {}\n",
            "ranges.institution_shares: nothing of this name; did you mean 'institution_share'?",
        ),
        (
            "[ranges]\ndomain_weights = { low = 0.1, high = 0.2 }\n",
            "ranges.domain_weights: weights that sum to one have no range of their own; leave out "
            "low and high",
        ),
        ('vary = ["theory", "lucky"]\n', None),
        ("replicate = 3\n", None),
    ],
)  # fmt: skip
def test_bad_plans_are_told_in_one_line(text, message):
    plan = write_plan(text)
    for command in ("sensitivity", "check"):
        result = two_chairs(command, plan)
        assert (result.exit_code, result.stdout) == (2, "")
        if message is not None:
            assert result.stderr.strip() == f"error: {message}"
        else:
            assert result.stderr.startswith("error: plan.toml: ")
            assert len(result.stderr.strip().splitlines()) == 1


def test_a_plan_without_anything_that_varies_is_refused():
    plan = write_plan('vary = ["coding"]\n')
    Path("bare.toml").write_text(
        'title = "t"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
    )
    text = Path(plan).read_text().replace("short.toml", "bare.toml")
    Path(plan).write_text(text, encoding="utf-8")
    result = two_chairs("sensitivity", plan)
    assert result.stderr.strip() == (
        "error: vary: nothing of coding varies in bare; name other families or give ranges"
    )


def test_the_plan_in_the_documentation_is_good():
    page = PLAN.parents[2] / "docs" / "sensitivity.md"
    text = page.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    Path("shown.toml").write_text(text, encoding="utf-8")
    assert two_chairs("check", "shown.toml").stdout.endswith("worlds over 7 axes: good\n")


def test_labels_are_spread_apart_in_order():
    assert apart([0.5], 0.1, 1.0) == [0.5]
    placed = apart([0.0, 0.0, 0.0, 1.0, 1.0], 0.1, 1.0)
    assert all(b - a >= 0.1 - 1e-12 for a, b in itertools.pairwise(placed))
    assert placed[0] == 0.0
    assert max(placed) <= 1.0 + 1e-12
