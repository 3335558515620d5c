"""The face for notebooks: one import, the same numbers as the command, readable when shown."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import two_chairs as tc
from two_chairs_lab.cli import main

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def few() -> tc.Run:
    return tc.run("baseline", worlds=3, seed=5, parameters={"χ": 0.3})


def test_every_name_of_the_face_is_there_and_an_unknown_one_is_not():
    assert set(tc.__all__) <= set(dir(tc))
    assert all(getattr(tc, name) is not None for name in tc.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'runn'"):
        tc.runn  # noqa: B018


def test_the_import_is_light():
    """Neither the model nor the lab is loaded before a name is used."""
    code = (
        "import sys, two_chairs; assert not {'mesa', 'numpy', 'two_chairs_lab'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.long
def test_the_numbers_are_those_of_the_command(few):
    words = ["run", "baseline", "--worlds", "3", "--seed", "5", "--set", "χ=0.3", "--json"]
    printed = json.loads(CliRunner().invoke(main, words).stdout)
    ours = few.result.record()
    assert ours["tilt"] == printed["tilt"]
    assert ours["expectations"] == printed["expectations"] != []
    assert few.result.basis().manifest()["inputs"] == printed["manifest"]["inputs"]


@pytest.mark.long
def test_a_loaded_scenario_runs_without_what_it_would_be_compared_with(few):
    again = tc.run(tc.load("baseline", {"χ": 0.3}), worlds=3, seed=5)
    assert np.array_equal(again.paths.outcome("tilt"), few.paths.outcome("tilt"))
    with pytest.raises(tc.InputError, match=r"give them to load\(\)"):
        tc.run(tc.load("baseline"), worlds=1, parameters={"χ": 0.3})


@pytest.mark.long
def test_shown_it_answers_in_words_and_tables_and_says_what_it_is_conditional_on(few):
    assert "4 Dec 2023: in 100 % of simulated worlds Armenia keeps both ties" in repr(few)
    shown = few._repr_html_()
    assert shown.count("<table>") == 2
    assert "not a forecast" in shown
    assert "4 Dec 2023" in shown


@pytest.mark.long
def test_titles_are_no_markup(few):
    scenario = tc.load("baseline").model_copy(update={"title": "<b>A & B</b>"})
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in tc.run(scenario, worlds=1)._repr_html_()


@pytest.mark.long
def test_it_draws_and_tabulates_itself(few):
    assert few.plot("split")._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(tc.InputError, match="did you mean 'seats'"):
        few.plot("seat")
    frame = few.to_dataframe(["tilt"])
    assert frame.shape == (len(few.paths.dates) * 3, 1)


def test_no_world_is_refused_in_one_line():
    with pytest.raises(tc.InputError, match="at least one world"):
        tc.run("baseline", worlds=0)


@pytest.mark.slow
@pytest.mark.long
def test_workers_change_no_bit(few):
    other = tc.run("baseline", worlds=3, seed=5, parameters={"χ": 0.3}, workers=2)
    assert other.result.record() == few.result.record()


def test_a_parameter_by_its_name_and_its_symbol_is_refused():
    with pytest.raises(tc.InputError, match="'institution_share' stands already"):
        tc.load("baseline", {"institution_share": 0.2, "χ": 0.3})
