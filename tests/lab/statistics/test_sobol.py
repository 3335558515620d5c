"""Indices of functions whose indices are known."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from two_chairs.errors import InputError
from two_chairs_lab.designs.design import Axis, make_design, problem
from two_chairs_lab.statistics.sobol import elementary_effects, variance_decomposition

pytest.importorskip("SALib", reason="SALib is not installed")
pytestmark = pytest.mark.unit
Ishigami = import_module("SALib.test_functions.Ishigami")

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
