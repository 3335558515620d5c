"""Which engine runs the worlds of a command, and what its results say of it."""

import json
import os

import pytest

from commands import refused, two_chairs
from sweeps import command, small_plan
from two_chairs.compiled import engine, library
from two_chairs.compiled.engine import VARIABLE

pytestmark = pytest.mark.command


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep libraries in a folder of their own; nothing is known yet of engines that ran."""
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(tmp_path / "libraries"))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(engine, "_used", set())


@pytest.fixture
def no_compiler(monkeypatch):
    """Have no C compiler."""
    monkeypatch.setattr(library, "compiler_found", lambda: None)


@pytest.fixture
def compiler():
    """Skip where there is no C compiler."""
    if library.compiler_found() is None:
        pytest.skip("there is no C compiler")


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def run(folder, *more):
    words = ("run", "baseline", "--worlds", 2, "--out", folder, "--figures", "none", *more)
    result = two_chairs(*words)
    assert result.exit_code == 0
    return result


def test_numpy_says_nothing_of_engines(elsewhere):
    run(elsewhere / "out")
    found = manifest(elsewhere / "out")
    assert "engine" not in found
    assert "engines" not in found["made"]


def test_where_the_compiled_week_can_not_be_had_the_manifest_names_numpy(elsewhere, no_compiler):
    result = run(elsewhere / "out", "--engine", "compiled")
    found = manifest(elsewhere / "out")
    assert (found["engine"], found["made"]["engines"]) == ("compiled", ["numpy"])
    assert "note: --engine compiled: there is no C compiler here" in result.stderr
    assert VARIABLE not in os.environ


def test_an_engine_that_there_is_not_is_refused(elsewhere, monkeypatch):
    monkeypatch.setenv(VARIABLE, "fortran")
    assert refused("run", "baseline", "--worlds", 2) == (
        "error: TWO_CHAIRS_ENGINE: 'fortran' is no engine; choose one of numpy, compiled"
    )


def test_a_sweep_of_one_engine_does_not_go_on_with_another(elsewhere, no_compiler):
    words = command(small_plan(elsewhere), elsewhere / "out")
    assert two_chairs(*words, "--engine", "compiled").exit_code == 0
    assert manifest(elsewhere / "out")["engine"] == "compiled"
    result = two_chairs(*words, "--resume")
    assert result.exit_code == 2
    assert "holds another result: engine" in result.stderr


@pytest.mark.long
def test_workers_tell_which_engine_ran_their_worlds(elsewhere, compiler):
    run(elsewhere / "out", "--engine", "compiled", "--workers", 2)
    assert manifest(elsewhere / "out")["made"]["engines"] == ["compiled"]
