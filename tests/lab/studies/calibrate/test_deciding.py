"""The likelihood of recorded decisions: against sums over all paths, part by part."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from builders import a, bundled
from commands import PLANS
from two_chairs.rules.pivot import pivot_utilities
from two_chairs.world.simulation import Simulation
from two_chairs.world.week import scene
from two_chairs_lab.studies.calibrate import study
from two_chairs_lab.studies.calibrate.deciding import (
    BEFORE,
    DecisionPlan,
    Likelihood,
    choice_probabilities,
    decided_of,
)
from two_chairs_lab.studies.calibrate.foreseen import simple_scores

pytestmark = pytest.mark.unit
PLAN = PLANS / "calibration.toml"


@pytest.fixture(scope="module")
def calibration():
    return study.resolve(study.read_plan(PLAN), str(PLAN))


def likelihood(decided, last=25, worlds=3):
    scenario = bundled().model_copy(update={"agents_act_from": None})
    model = Simulation(scenario, range(worlds), vary=True, record=())
    seen = Likelihood(decided, model)
    seen.look()
    while model.week < last:
        model.step()
        seen.look()
    return seen


def test_chances_of_choices():
    chances = choice_probabilities(np.array([[0.0], [0.01], [-np.inf]]), a(0.01))[:, 0]
    assert chances == pytest.approx([1 / (1 + np.e), np.e / (1 + np.e), 0.0])


def test_the_hidden_posture_sums_over_all_paths(calibration):
    """Three quarters: 64 paths of postures, each with its own chance, by plain sums."""
    decided = calibration.decided
    found = likelihood(decided).found
    rows = [row for row in calibration.recorded if row.actor == "ARM"][:3]
    model = Simulation(
        bundled().model_copy(update={"agents_act_from": None}), range(3), vary=True, record=()
    )
    steps = []
    for week in (-1, 12, 25):
        while model.week < week:
            model.step()
        now, pivot = scene(model), model.actors[0]
        view, table = pivot.sense(now), now.state.engagements
        steps.append(
            [
                choice_probabilities(
                    pivot_utilities(replace(view, engagement=e[..., None]), now.p, table),
                    now.p.choice_temperature,
                )
                for e in table
            ]
        )
    total = np.zeros(3)
    for path in itertools.product(range(4), repeat=3):
        chance, before = np.ones(3), 0
        for quarter, posture in enumerate(path):
            chance *= steps[quarter][before][posture] * decided.support["pivot"][quarter][posture]
            before = posture
        total += chance
    assert sum(found[row.id] for row in rows) == pytest.approx(np.log(total))


def test_quiet_years_before_the_start_count(calibration):
    seen = likelihood(calibration.decided, last=-1)
    adversary = seen.model.actors[seen.model.roles.threats[0][0]]
    hazard = adversary.sense(scene(seen.model)).hazard
    assert seen.found[BEFORE] == pytest.approx(np.log(hazard) + 27 * np.log(1 - hazard))
    quiet = next(row for row in calibration.recorded if row.actor == "AZE")
    c = quiet.shares()
    expected = np.log(c["ATTACK"] * hazard + c["REFRAIN"] * (1 - hazard))
    assert seen.found[quiet.id] == pytest.approx(expected)


def test_warnings_are_remembered_from_the_record(calibration):
    rows = [row for row in calibration.recorded if row.actor == "RUS"]
    decided = decided_of(rows, DecisionPlan(), bundled())
    warned = [row.chosen == "WARN" for row in rows]
    assert [decided.warnings[q] for q in range(12, 16)] == [0, 1, 0, 1]
    assert warned[12:] == [True, False, True, True]
    twice = [
        row.model_copy(update={"chosen": "WARN"}) if row.quarter in ("2020Q1", "2020Q2") else row
        for row in rows
    ]
    assert decided_of(twice, DecisionPlan(), bundled()).warnings[2] == 2


def test_support_is_never_below_the_floor(calibration):
    for role, quarters in calibration.decided.support.items():
        assert all(c.min() >= 0.01 for c in quarters.values()), role


def test_simple_forecasters_learn_on_the_way(calibration):
    scores = simple_scores(calibration, "ARM")
    assert {name: scores[name] for name in ("persistence", "shares", "inertia")} == {
        "persistence": -0.51, "shares": -1.04, "inertia": -0.39,
    }  # fmt: skip
