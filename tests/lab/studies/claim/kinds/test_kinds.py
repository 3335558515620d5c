"""The parts of the kinds of claims, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.studies.claim.kinds.dose import needed_level
from two_chairs_lab.studies.claim.kinds.first_break import BEFORE, NEVER, first_spell
from two_chairs_lab.studies.claim.kinds.forced_postures import composites, lattice, no_better
from two_chairs_lab.studies.claim.kinds.never import first_dates

pytestmark = pytest.mark.unit


def test_no_better_than_the_best_of_the_others():
    pays = np.array([[[0.5, 0.5, 0.5]], [[0.4, 0.5, 0.6]], [[0.45, 0.1, 0.1]]]).swapaxes(0, 1)
    assert no_better(pays).tolist() == [[False, True, True]]


def test_composites_over_the_simplex():
    weights = lattice(3)
    assert len(weights) == 231
    assert np.allclose(weights.sum(axis=1), 1.0)
    # one world: the tested posture pays (1, 0), the other (0, 1): better while w₁ > w₂
    pays = np.array([[[[1.0]], [[0.0]]], [[[0.0]], [[1.0]]]])
    weights, by_weight, agreeing = composites(pays)
    assert by_weight.tolist() == [float(first <= second) for first, second in weights]
    assert agreeing[0, 0] == pytest.approx(11 / 21)


def test_the_spell_in_which_a_threshold_is_first_passed():
    days = [date(2020, 1, day) for day in (6, 13, 20, 27)]
    begins = {"a": date(2020, 1, 13), "b": date(2020, 1, 27)}
    below = np.array([[1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0]], dtype=bool)
    assert first_spell(below, days, begins).tolist() == [BEFORE, 0, 1, NEVER]


def test_the_largest_smaller_dose():
    hits = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    needed = needed_level(hits, [0.0, 0.5, 0.9], 2)
    assert needed[:2].tolist() == [0.0, 0.5]
    assert np.isnan(needed[2])


def test_first_dates_are_those_of_worlds_that_get_there():
    days = [date(2020, 1, 6), date(2020, 1, 13), date(2020, 1, 20)]
    reached = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0]], dtype=bool)
    assert first_dates(reached, days) == ("2020-01-13", "2020-01-13", "2020-01-13")
    assert first_dates(np.zeros((3, 4), dtype=bool), days) == (None, None, None)


def test_dropping_shocks_is_what_the_scenario_without_them_is():
    base = load_scenario("baseline")
    mine = base.without("S03", "S09", "C01", "C02", "C03", "C07", "C17")
    theirs = load_scenario("no-attacks")
    assert mine.events == theirs.events
    assert mine.conditions == theirs.conditions
    assert mine.interventions == theirs.interventions
