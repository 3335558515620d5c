"""Sensitivity: the same ensemble as run, axes of coding and luck."""

from __future__ import annotations

import datetime
import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from builders import bundled, uncertain_scenario
from two_chairs.draws import Points, draw_inputs
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.designs.design import Axis, make_design
from two_chairs_lab.designs.plans import RangeEnds
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.studies.sensitivity import study as module
from two_chairs_lab.studies.sensitivity.figures import apart
from two_chairs_lab.studies.sensitivity.plan import SensitivityPlan
from two_chairs_lab.studies.sensitivity.render import print_sensitivity
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

pytestmark = [
    pytest.mark.unit,
    pytest.mark.long,
    pytest.mark.needs("SALib"),
    pytest.mark.usefixtures("elsewhere"),
]


def plan_of(**fields) -> SensitivityPlan:
    return SensitivityPlan(**({"title": "t", "question": "?"} | fields))


def small_plan(**fields) -> SensitivityPlan:
    few = {"institution_share": RangeEnds(), "domain_weights": RangeEnds()}
    small = {"scenario": uncertain_scenario(), "points": 64, "every": 0, "ranges": few}
    small |= {"presence": 1.0, "attacks": 0.0}
    return plan_of(**(small | fields))


def lucks_own_points(space, seed: int, worlds: int) -> np.ndarray:
    """Return the points that run draws: uniforms of parameters and of luck, axis by axis."""
    points, luck = Points(seed, np.arange(worlds)), Luck(seed, np.arange(worlds))
    streams = {}
    for group in dict.fromkeys(axis.group for axis in space.axes):
        rows = sum(axis.group == group for axis in space.axes)
        key = group.removeprefix(WEIGHT)
        stream = f"weight/{key}" if group.startswith(WEIGHT) else f"parameter/{group}"
        fixed = np.zeros((rows, worlds))
        source = luck if group.startswith(WEIGHT) else points
        streams[group] = iter(fixed if group in (SCALE, LUCK) else source.uniforms(stream, rows))
    return np.stack([next(streams[axis.group]) for axis in space.axes], axis=1)


def test_a_point_of_lucks_own_uniforms_is_the_world_that_run_draws_bit_for_bit():
    scenario, worlds = bundled().model_copy(update={"posterior": None}), 20
    asked = {"outcomes": ("tilt", "ARM>RUS:security"), "seed": 3, "every": 0}
    drawn_by_run = {"vary": ("behaviour", "coding", "luck"), "presence": 1.0, "attacks": 0.0}
    study = resolve_study(plan_of(**asked, **drawn_by_run))
    space = study.space
    table = lucks_own_points(space, 3, worlds)
    drawn, weights = draw_inputs(scenario, Luck(3, np.arange(worlds)))
    made = space.parameters(table)
    for name in PARAMETERS:
        here, there = getattr(made, name), getattr(drawn, name)
        assert np.array_equal(np.broadcast_to(here, (worlds,)), np.broadcast_to(there, (worlds,)))
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
    coding = space.groups("coding")
    assert coding[: len(varied)] == tuple(f"{WEIGHT}{key}" for key in varied)
    assert {"presence:C05", "presence:C03", "severity:C03", "coverage:S03", SCALE} <= set(coding)
    assert "presence:S03" not in coding  # the source itself tells of it
    assert space.groups("luck") == (LUCK,)
    assert set(space.groups("measurement")) == {
        "institution_share", "rival_cap_security", "rival_cap_economy", "rival_cap_politics",
        "net_seats", "domain_weights",
    }  # fmt: skip
    assert "utility_weights" in space.groups("behaviour")
    assert "seat_taken" not in (*space.groups("behaviour"), *space.groups("measurement"))
    families = {axis.group for axis in space.by_family()}
    assert families == {"measurement", "behaviour", "coding", "luck"}


def test_a_row_may_be_missing_and_an_attack_otherwise_coded():
    scenario = bundled()
    space = make_space(plan_of(vary=("coding",), presence=0.8, attacks=0.25), scenario)
    table = np.full((3, len(space.axes)), 0.5)
    names = [axis.name for axis in space.axes]
    table[:, names.index("presence:C05")] = (0.79, 0.81, 0.5)
    table[:, names.index("severity:C03")] = (0.0, 0.5, 1.0)
    assert space.event_weights(table)["C05"].tolist() == [0.6, 0.0, 0.6]
    assert space.attack_codes(table)["severity:C03"].tolist() == pytest.approx([0.45, 0.6, 0.75])
    _, batch = space.batches(table[:, :], np.zeros(3, dtype=np.int64))[0]
    threat = batch.model(["threat"]).run().outcome("threat")
    week = scenario.week_of(datetime.date(2022, 9, 12))
    assert threat[week][0] < threat[week][1] < threat[week][2]


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


@pytest.mark.slow
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
    assert early["measurement"].first > 0.8
    late = {index.name: index for index in found.families["tilt", study.dates[1]].indices}
    assert late["luck"].total > 0.0
    record = found.record()
    assert record["families"]["coercion"]["2020-02-03"] is None
    assert record["varied"] == {"measurement": 2, "behaviour": 0, "coding": 3, "luck": 1}
    for days in record["families"].values():
        for split in days.values():
            if split is not None:
                firsts = sum(split[family]["first"] for family in ("measurement", "coding", "luck"))
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
        plan = small_plan(vary=("measurement",), ranges={"institution_share": ends})
        study = resolve_study(plan)
        assert [axis.name for axis in study.space.axes] == ["institution_share"]
        deviations.append(run_study(study).families["tilt", study.dates[0]].deviation)
    assert deviations[0] / deviations[1] == pytest.approx(200, rel=0.2)
    plan = small_plan(ranges={"weight:A": RangeEnds(high=3.0)})
    space = resolve_study(plan).space
    assert space.groups("coding") == ("weight:A", SCALE)
    assert len(space.groups("behaviour")) > 75
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


def test_labels_are_spread_apart_in_order():
    assert apart([0.5], 0.1, 1.0) == [0.5]
    placed = apart([0.0, 0.0, 0.0, 1.0, 1.0], 0.1, 1.0)
    assert all(b - a >= 0.1 - 1e-12 for a, b in itertools.pairwise(placed))
    assert placed[0] == pytest.approx(-0.1)  # three that stand alike are spread to both sides
    assert max(placed) <= 1.0 + 1e-12


def test_the_table_names_each_family_by_its_own_share():
    """Families stand in the order of the axes in a split, and in their own in the table."""
    study = resolve_study(small_plan(ranges={"institution_share": RangeEnds(), "ψ": RangeEnds()}))
    found = run_study(study)
    console = Console(width=200, record=True, file=io.StringIO())
    print_sensitivity(found, console)
    printed = console.export_text()
    day = study.dates[0]
    first = {i.name: f"{i.first:.0%}" for i in found.families["tilt", day].indices}
    row = next(line for line in printed.splitlines() if line.startswith(str(day)))
    assert row.split()[2] == first["measurement"]
