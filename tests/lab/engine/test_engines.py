"""Which engine runs the worlds of a command, and what its results say of it."""

import os

import click
import pytest
from click.testing import CliRunner

from commands import refused
from two_chairs.compiled import engine
from two_chairs.compiled.engine import VARIABLE, engine_asked, note_used
from two_chairs_lab.engine import runner
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.results.manifest import make_manifest
from two_chairs_lab.results.store import refuse_other, write_manifest
from two_chairs_lab.shell.options import work_options

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """Ask for no engine; nothing is known yet of engines that ran."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(engine, "_used", set())


def test_a_manifest_of_numpy_says_nothing_of_engines():
    note_used(["numpy"])
    found = make_manifest("run", {}, command=[])
    assert "engine" not in found
    assert "engines" not in found["made"]


def test_a_manifest_names_the_engine_that_was_asked_for_and_those_that_ran(monkeypatch):
    monkeypatch.setenv(VARIABLE, "compiled")
    note_used(["numpy"])
    found = make_manifest("run", {}, command=[])
    assert (found["engine"], found["made"]["engines"]) == ("compiled", ["numpy"])


def test_a_folder_of_one_engine_does_not_go_on_with_another(monkeypatch, tmp_path):
    write_manifest(tmp_path, make_manifest("sweep", {}, command=[]))
    monkeypatch.setenv(VARIABLE, "compiled")
    with pytest.raises(Exception, match="holds another result: engine"):
        refuse_other(tmp_path, make_manifest("sweep", {}, command=[]), resume=True)


def test_parts_that_one_engine_has_kept_are_not_taken_by_another(monkeypatch, tmp_path):
    keeping = Runner(keep=tmp_path / "kept")
    before = keeping._paths(str, ["a"], str)
    monkeypatch.setenv(VARIABLE, "compiled")
    assert keeping._paths(str, ["a"], str) != before


def test_the_engines_of_workers_are_told(monkeypatch):
    def elsewhere(tasks, work, pools, done):
        for task in tasks:
            done(task, (work(task)[0], ["compiled"]))

    monkeypatch.setattr(runner, "execute", elsewhere)
    assert Runner().map(str, [1, 2], lambda _: 1) == ["1", "2"]
    assert engine.engines_used() == ("compiled",)


def test_the_option_holds_for_its_command_alone(monkeypatch):
    seen = []

    @click.command()
    @work_options
    def command(work):
        seen.append((engine_asked(), work.workers))

    for before in ("numpy", None):
        if before is None:
            monkeypatch.delenv(VARIABLE)
        else:
            monkeypatch.setenv(VARIABLE, before)
        assert CliRunner().invoke(command, ["--engine", "compiled"]).exit_code == 0
        assert os.environ.get(VARIABLE) == before
    assert seen == [("compiled", 1)] * 2
    assert CliRunner().invoke(command, ["--engine", "fortran"]).exit_code == 2


@pytest.mark.command
def test_an_engine_that_there_is_not_is_refused(elsewhere, monkeypatch):
    monkeypatch.setenv(VARIABLE, "fortran")
    assert refused("run", "baseline", "--worlds", 2) == (
        "error: TWO_CHAIRS_ENGINE: 'fortran' is no engine; choose one of numpy, compiled"
    )


def test_what_another_version_has_kept_is_not_read(tmp_path, monkeypatch):
    keeping = Runner(keep=tmp_path / "kept")
    before = keeping._paths(str, ["a"], str)
    monkeypatch.setattr("two_chairs.__version__", "0.0.9")
    assert keeping._paths(str, ["a"], str) != before
