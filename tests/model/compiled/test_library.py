"""Libraries: kept and found again, whatever the folder, the compiler and other processes do."""

import os
import subprocess
import sys

import numpy as np
import pytest
from both import run_by

from builders import quiet
from two_chairs.compiled import library
from two_chairs.compiled.engine import VARIABLE, engine_asked, engines_used
from two_chairs.errors import InputError, Notice
from two_chairs.world.simulation import Simulation

pytestmark = pytest.mark.unit

RECORD = ("tilt",)
HAVE = pytest.mark.usefixtures("compiler")


def tilt(monkeypatch, engine="compiled"):
    """Return the tilt of two quiet weeks by an engine that knows of nothing yet."""
    library._loaded.clear()
    return run_by(engine, monkeypatch, quiet(2), range(9), record=RECORD, luck=False).arrays["tilt"]


def fails(monkeypatch, because):
    """Check that NumPy runs the worlds, to the bit, and that the reason is told."""
    with pytest.warns(Notice, match=f"--engine compiled: .*{because}.*; NumPy runs the worlds"):
        found = tilt(monkeypatch)
    assert engines_used() == ("numpy",)
    assert np.array_equal(found, tilt(monkeypatch, "numpy"))


def script(folder, text):
    """Write a command that stands for a compiler."""
    path = folder / "mycc"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_numpy_is_the_engine_unless_another_is_asked_for(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert engine_asked() == "numpy"
    monkeypatch.setenv(VARIABLE, "compield")
    with pytest.raises(
        InputError, match="TWO_CHAIRS_ENGINE: 'compield' is no engine; did you mean"
    ):
        engine_asked()


def test_without_a_compiler_numpy_runs_the_worlds(monkeypatch, tmp_path):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    fails(monkeypatch, "there is no C compiler here")


@HAVE
def test_where_the_compiler_fails_numpy_runs_the_worlds(monkeypatch, tmp_path):
    # it describes the machine, and then compiles nothing
    monkeypatch.setenv("CC", script(tmp_path, 'case "$*" in *-dM*) exec cc "$@";; esac; exit 1'))
    fails(monkeypatch, "the C compiler fails")


@HAVE
def test_where_the_compiler_makes_something_else_numpy_runs_the_worlds(monkeypatch, tmp_path):
    text = 'case "$*" in *-dM*) exec cc "$@";; esac; for last; do :; done; echo no > "$last"'
    monkeypatch.setenv("CC", script(tmp_path, text))
    fails(monkeypatch, "can not be loaded")


@pytest.mark.long
@HAVE
def test_a_compiler_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", script(tmp_path, 'case "$*" in *-dM*) exec cc "$@";; esac; sleep 60'))
    assert library.compiler_found() is not None
    monkeypatch.setattr(library, "SECONDS", 0.1)
    fails(monkeypatch, "the C compiler fails")


@HAVE
def test_a_rule_that_can_not_be_traced_is_run_by_numpy(monkeypatch):
    def refuse(*_):
        raise library.TraceError("a rule counts weeks by itself")

    monkeypatch.setattr(library, "trace", refuse)
    monkeypatch.setenv("TWO_CHAIRS_CACHE", os.devnull)
    fails(monkeypatch, "a rule counts weeks by itself")


@HAVE
def test_a_listener_hears_of_every_change_so_numpy_runs_the_worlds(monkeypatch):
    class Ear:
        heard = 0

        def before(self, change, model):
            Ear.heard += 1

        after = before

    run_by("compiled", monkeypatch, quiet(2), range(9), record=RECORD, listeners=(Ear(),))
    assert Ear.heard
    assert engines_used() == ("numpy",)


@pytest.mark.long
@HAVE
def test_a_library_is_kept_and_found_again(monkeypatch, tmp_path):
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(tmp_path / "new" / "folder"))
    first = tilt(monkeypatch)
    (kept,) = (tmp_path / "new" / "folder").iterdir()
    assert kept.suffix == ".so"
    monkeypatch.setattr(library, "trace", lambda *_: pytest.fail("traced again"))
    assert np.array_equal(tilt(monkeypatch), first)


@pytest.mark.long
@HAVE
@pytest.mark.parametrize("damage", [b"", b"no library"])
def test_a_damaged_library_is_made_again(monkeypatch, tmp_path, damage):
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(tmp_path))
    first = tilt(monkeypatch)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.unlink()  # what is loaded stays as it is
    kept.write_bytes(whole[: len(whole) // 2] + damage)
    assert np.array_equal(tilt(monkeypatch), first)
    assert engines_used() == ("compiled",)


@pytest.mark.long
@HAVE
@pytest.mark.parametrize("folder", ["a file", "open to others"])
def test_a_folder_that_can_not_be_trusted_or_written_keeps_nothing(monkeypatch, tmp_path, folder):
    place = tmp_path / "place"
    if folder == "a file":
        place.write_text("", encoding="utf-8")
    else:
        place.mkdir()
        place.chmod(0o777)
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(place))
    assert tilt(monkeypatch).shape == (2, 9)
    assert engines_used() == ("compiled",)
    assert place.is_file() or not list(place.iterdir())


@pytest.mark.long
@HAVE
def test_only_so_many_libraries_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(tmp_path))
    monkeypatch.setattr(library, "KEPT", 2)
    for number in range(4):
        (tmp_path / f"old{number}.so").write_bytes(b"")
        os.utime(tmp_path / f"old{number}.so", (number, number))
    tilt(monkeypatch)
    assert sorted(path.name for path in tmp_path.glob("old*")) == ["old3.so"]


def test_another_key_for_all_that_a_library_depends_on(monkeypatch):
    def key(scenario=None, names=RECORD, compiler=("cc", "v1"), **options):
        model = Simulation(scenario or quiet(2), range(9), **options)
        return library.key_of(model, names, compiler)

    assert key(seed=1) == key(seed=2, vary=True)
    others = {
        key(),
        key(quiet(3)),
        key(quiet(2, balance_drift=0.1)),
        key(names=("tilt", "regime")),
        key(compiler=("cc", "v2")),
        key(luck=False),
        key(conditions={"severity:X": np.ones(9)}),
    }
    assert len(others) == 7
    monkeypatch.setattr(library, "program_digest", lambda: "other rules")
    assert key() not in others


@HAVE
@pytest.mark.long
@pytest.mark.slow
def test_two_processes_may_compile_the_same_at_once(tmp_path):
    text = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from builders import quiet\n"
        "from two_chairs.compiled.worlds import run_to_last\n"
        "from two_chairs.compiled.engine import engines_used\n"
        "from two_chairs.world.simulation import Simulation\n"
        "paths = run_to_last(Simulation(quiet(2), range(9), record=('tilt',)))\n"
        "print(engines_used(), paths.arrays['tilt'].tobytes().hex())\n"
    )
    own = {VARIABLE: "compiled", "TWO_CHAIRS_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", text, *sys.path]
    runs = [
        subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate()[0] for run in runs]
    assert said[0] == said[1]
    assert said[0].startswith("('compiled',)")
    assert not list(tmp_path.glob("tmp*"))
