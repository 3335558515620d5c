"""The page by the compiled week: a change of numbers alone needs no other program."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

from builders import own_row
from two_chairs.compiled import engine, library
from two_chairs_lab.studies.view import runs
from two_chairs_lab.studies.view.changes import resolved
from two_chairs_lab.studies.view.files import opened, save
from two_chairs_lab.studies.view.state import Changes, PageState, Settings

pytestmark = [pytest.mark.unit, pytest.mark.long]

NUMBERS = {
    "an event off": Changes(off=("S20",)),
    "an attack off": Changes(off=("S03", "C02")),
    "weights": Changes(weights={"C03": 2.0, "S20": 0.1}),
    "parameters": Changes(parameters={"negativity": 1.37, "fear": 0.1}),
    "all at once": Changes(off=("C03",), weights={"S20": 2.0}, parameters={"resolve": 0.9}),
}
MORE = {
    "what stands because of it": Changes(off=("C07",)),
    "an event added": Changes(added=(own_row(datetime.date(2024, 6, 3)),)),
    "a switch of the model": Changes(parameters={"balance_drift": 0.001}),
}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(autouse=True)
def compiled(libraries, monkeypatch):
    if library.compiler_found() is None:
        pytest.skip("there is no C compiler")
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(libraries))
    monkeypatch.setenv(engine.VARIABLE, "compiled")


@pytest.fixture
def state():
    return PageState(opened("baseline").base, Changes(), Settings(worlds=20, seed=2))


@pytest.fixture
def reference(state):
    return runs.Run(runs.Steps(state.ensemble(state.base.scenario)), "compiled")


@pytest.mark.parametrize("what", NUMBERS)
def test_other_numbers_in_the_same_program_are_the_changed_scenario(what, state, reference):
    ensemble = state.ensemble(resolved(state.base, NUMBERS[what]))
    assert runs.other_numbers(reference, ensemble) is not None
    found, whole = runs.run_like(reference, ensemble).after, ensemble.batch().model(runs.MAIN).run()
    assert len(list(library.cache_folder().glob("*.so"))) == 1
    assert np.array_equal(found.arrays["regime"], whole.arrays["regime"])
    for name in runs.MAIN:
        assert np.allclose(found.arrays[name], whole.arrays[name], rtol=0.0, atol=1e-12), name
    assert not np.array_equal(found.arrays["tilt"], reference.paths.arrays["tilt"])


@pytest.mark.parametrize("what", MORE)
def test_more_than_numbers_is_run_by_numpy(what, state, reference):
    ensemble = state.ensemble(resolved(state.base, MORE[what]))
    assert runs.other_numbers(reference, ensemble) is None
    found, whole = runs.run_like(reference, ensemble).after, ensemble.batch().model(runs.MAIN).run()
    for name in runs.MAIN:
        assert np.allclose(found.arrays[name], whole.arrays[name], rtol=0.0, atol=1e-12), name


def test_other_worlds_are_not_those_of_the_reference(state, reference):
    other = PageState(state.base, Changes(off=("S20",)), Settings(worlds=20, seed=3))
    scenario = resolved(state.base, other.changes)
    assert runs.other_numbers(reference, other.ensemble(scenario)) is None


def test_numpy_alone_knows_no_program(state):
    ensemble = state.ensemble(resolved(state.base, NUMBERS["an event off"]))
    assert (
        runs.other_numbers(runs.Run(runs.Steps(state.ensemble(state.base.scenario))), ensemble)
        is None
    )


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        (NUMBERS["an event off"], datetime.date(2023, 11, 15)),
        (MORE["an event added"], datetime.date(2024, 6, 3)),
    ],
)
def test_worlds_are_paired_within_one_engine(changes, day, state, reference):
    """What a change does not reach is equal to the bit: nothing goes up or down by rounding."""
    pair = runs.run_like(reference, state.ensemble(resolved(state.base, changes)))
    differs = (pair.before.arrays["tilt"] != pair.after.arrays["tilt"]).any(axis=1)
    assert np.flatnonzero(differs)[0] == state.base.scenario.week_of(day)


def test_a_program_is_made_beside_and_used_when_it_is_there(state, monkeypatch):
    monkeypatch.delenv(engine.VARIABLE)
    ensemble, programs = state.ensemble(state.base.scenario), runs.Programs()
    assert [programs.engine("a", ensemble), programs.made] == ["numpy", {}]
    programs.begun = True
    monkeypatch.setattr(runs, "Thread", Later)
    assert programs.engine("a", ensemble) == "numpy"
    Later.begun.pop()()
    assert programs.engine("a", ensemble) == "compiled"
    monkeypatch.setenv(engine.VARIABLE, "numpy")
    assert programs.engine("a", ensemble) == "numpy"
    assert not Later.begun


def test_where_nothing_can_be_compiled_numpy_goes_on(state, monkeypatch):
    monkeypatch.setattr(library, "compiler_found", lambda: None)
    ensemble = state.ensemble(state.base.scenario)
    assert runs.Run(runs.Steps(ensemble), "compiled").compiled is None
    assert np.array_equal(
        runs.Run(runs.Steps(ensemble), "compiled").paths.arrays["tilt"],
        runs.Run(runs.Steps(ensemble)).paths.arrays["tilt"],
    )


class Later:
    """A thread that begins when a test lets it."""

    begun = []

    def __init__(self, target, args, daemon):
        assert daemon
        self.work = lambda: target(*args)

    def start(self):
        self.begun.append(self.work)


def test_the_command_of_what_is_saved_names_the_engine(state, elsewhere):
    assert save(state, Path("mine.toml")).endswith("--seed 2 --engine compiled")
