"""Designs: their points, their memory, their limits."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from two_chairs.errors import InputError
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.designs import design as design_module
from two_chairs_lab.designs.design import Axis, axis_of, default_axes, make_design, problem

pytestmark = pytest.mark.unit


def axes(number: int) -> list[Axis]:
    return [Axis(f"x{n}", 1.0, 3.0, f"x{n}") for n in range(number)]


@pytest.mark.long
def test_a_latin_hypercube_has_a_point_in_every_stratum_of_every_axis():
    table = make_design("lhs", axes(5), 1000, 3).table
    strata = np.floor((table - 1.0) / 2.0 * 1000)
    assert all(sorted(column) == list(range(1000)) for column in strata.T.tolist())
    apart = np.corrcoef(table.T) - np.eye(5)
    assert np.abs(apart).max() < 0.15


def test_one_axis_more_changes_no_other():
    five, six = (make_design("lhs", axes(n), 50, 0).table for n in (5, 6))
    assert np.array_equal(five, six[:, :5])
    assert not np.array_equal(five, make_design("lhs", axes(5), 50, 1).table)


def test_a_point_of_a_sequence_follows_from_its_number(monkeypatch):
    monkeypatch.setattr(design_module, "BLOCK", 64)
    table = make_design("sequence", axes(3), 10**9, 5).table
    whole = table[:200]
    assert whole.shape == (200, 3)
    assert all(np.array_equal(table[n : n + 7], whole[n : n + 7]) for n in range(0, 190, 9))
    assert np.array_equal(make_design("sequence", axes(3), 200, 5).table[:], whole)
    strata = np.floor((whole[64:128] - 1.0) / 2.0 * 64)  # a block stands once in each stratum
    assert all(sorted(column) == list(range(64)) for column in strata.T.tolist())
    assert not np.isin(whole[64:128], whole[:64]).any()
    assert not np.array_equal(make_design("sequence", axes(3), 200, 6).table[:200], whole)
    assert table[10**9 - 1 :].shape == (1, 3)


def test_one_column_of_a_sequence_is_read_piece_by_piece(monkeypatch):
    monkeypatch.setattr(design_module, "PIECE", 9)
    design = make_design("sequence", axes(3), 40, 5)
    assert np.array_equal(design.value("x1"), design.table[:][:, 1])


def test_a_grid_runs_through_its_last_axis_first():
    table = make_design("grid", [Axis("a", 0, 1, "a", 2), Axis("b", 0, 2, "b", 3)], 1, 0).table
    assert table.tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


@pytest.mark.long
def test_a_large_design_takes_little_more_memory_than_its_table():
    make_design("lhs", axes(2), 8, 0)
    tracemalloc.start()
    design = make_design("lhs", axes(80), 20_000, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.2 * design.table.nbytes


@pytest.mark.parametrize(
    ("kind", "points", "message"),
    [
        ("lhs", 10**7, "more than 1,097,560; lower --points to 1097560, or name fewer parameters"),
        ("sobol", 2**20, "lower --points to 13384, or name"),
        ("morris", 10**6, "lower --points to 6775, or name"),
        ("grid", 1, "has about 10^57 points, more than 1,097,560; name a few with --param"),
    ],
)
def test_a_design_too_large_for_memory_says_what_to_lower(kind, points, message):
    with pytest.raises(InputError) as caught:
        make_design(kind, default_axes(load_scenario("baseline")), points, 0)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"design: the {kind} design over 82 axes has ")


@pytest.mark.needs("SALib")
def test_designs_have_the_points_they_promise():
    scenario = load_scenario("baseline")
    axes = axis_of("negativity", 1.0, 2.5, 4, scenario) + axis_of(
        "domain_weights", 0, 1, 3, scenario
    )
    assert [axis.group for axis in axes] == ["negativity", "domain_weights", "domain_weights"]
    assert make_design("grid", axes, 1, 0).points == 4 * 3 * 3
    assert make_design("lhs", axes, 17, 0).points == 17
    assert make_design("sobol", axes, 8, 0).points == 8 * (2 + 2)
    assert make_design("morris", axes, 5, 0).points == 5 * (2 + 1)
    for kind in ("grid", "lhs", "sobol", "morris"):
        design = make_design(kind, axes, 8, 3)
        values = design.values()
        shares = sum(values[f"weight_{domain}"] for domain in ("security", "economy", "politics"))
        assert shares == pytest.approx(np.ones(design.points))
        assert values["negativity"].min() >= 1.0
        assert values["negativity"].max() <= 2.5
        assert np.array_equal(design.table, make_design(kind, axes, 8, 3).table)


def test_an_axis_without_ends_has_the_parameters_own():
    scenario = load_scenario("baseline")
    (axis,) = axis_of("χ", None, None, None, scenario)
    assert (axis.name, axis.low, axis.high) == ("institution_share", 0.2, 0.6)
    (axis,) = axis_of("war-load-2022", None, None, None, scenario)
    assert (axis.low, axis.high) == (0.0, 1.0)


def test_default_axes_are_the_ranges_of_the_parameters():
    scenario = load_scenario("baseline")
    axes = {axis.name: axis for axis in default_axes(scenario)}
    assert axes["reception_gain"] == Axis("reception_gain", 0.7, 1.4, "reception_gain")
    assert "institution_share" not in axes  # how the position is measured is no guess
    assert "seat_taken" not in axes
    assert "weight_security" not in axes
    assert {"utility_weights.1", "utility_weights.3"} <= set(axes)
    assert len(set(problem(list(axes.values()))["groups"])) == len(axes) - 2
