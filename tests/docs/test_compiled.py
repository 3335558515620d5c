"""docs/compiled.md says what the engine does: its command runs, its names are the program's."""

import json
import re
import shlex
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.compiled import engine, library

PAGE = (Path(__file__).parents[2] / "docs" / "compiled.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """Ask for no engine; nothing is known yet of engines that ran."""
    monkeypatch.delenv(engine.VARIABLE, raising=False)
    monkeypatch.setattr(engine, "_used", set())


@pytest.mark.slow
def test_the_command_of_the_page_runs_and_its_manifest_names_the_engine(elsewhere, monkeypatch):
    monkeypatch.setenv("TWO_CHAIRS_CACHE", str(elsewhere / "libraries"))
    words = shlex.split(re.search(r"```console\n(.*)\n```", PAGE)[1])
    assert words[0] == "two-chairs"
    assert two_chairs(*words[1:]).exit_code == 0
    found = json.loads((elsewhere / "results/fast/manifest.json").read_text(encoding="utf-8"))
    assert found["engine"] == "compiled"
    ran = "numpy" if library.compiler_found() is None else "compiled"
    assert found["made"]["engines"] == [ran]


def test_the_names_on_the_page_are_those_of_the_program(monkeypatch):
    for name in (engine.VARIABLE, "TWO_CHAIRS_CACHE", *library.COMPILERS):
        assert f"`{name}" in PAGE
    monkeypatch.delenv("TWO_CHAIRS_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(library.sys, "platform", "linux")
    assert f"`~/{library.cache_folder().relative_to(Path.home())}`" in PAGE
    assert f"newest {library.KEPT} are kept" in PAGE
