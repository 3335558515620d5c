"""Folders of results: nothing foreign is overwritten, nothing half is left."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from builders import short_scenario
from commands import files, refused, two_chairs
from two_chairs.errors import InputError
from two_chairs_lab.results.folder import renamed, replaced

pytestmark = pytest.mark.format


def test_results_do_not_overwrite_what_is_not_theirs(elsewhere):
    (elsewhere / "note.txt").write_text("mine")
    (elsewhere / "folder").mkdir()
    (elsewhere / "folder" / "note.txt").write_text("mine")
    before = files(elsewhere)
    for out, problem in (
        ("note.txt", "note.txt is a file; name a folder"),
        ("folder", "holds files but no manifest.json; name an empty or a new folder"),
        ("note.txt/results", "note.txt is a file; name a folder"),
    ):
        result = two_chairs("run", "--worlds", "2", "--out", out)
        assert result.exit_code == 2
        assert re.fullmatch(
            problem.replace("(.+)", r"\(.+\)"),
            result.stderr.removeprefix(f"error: --out {out}: ").rstrip("\n"),
        )
        assert (elsewhere / "note.txt").read_text() == "mine"
        assert (elsewhere / "folder" / "note.txt").read_text() == "mine"
        assert files(elsewhere) == before


@pytest.mark.long
def test_a_full_disk_leaves_nothing(elsewhere, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("two_chairs_lab.studies.run.figures.draw", full)
    result = two_chairs("run", "--worlds", "2", "--out", "mine")
    problem = "can not be written (No space left on device); make room or choose another place"
    assert (result.exit_code, result.stderr) == (2, f"error: --out mine: {problem}\n")
    assert not files(elsewhere)


SPECIAL = "is a device, a pipe or a socket; name a file or a folder of your own"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("command", [
    ("run",), ("report",), ("explain",), ("compare", "no-2020-war"),
    ("sweep", "--param", "fear=0:1:2", "--replicates", "1"), ("new", "scenario"),
])  # fmt: skip
def test_no_result_takes_the_place_of_a_device_or_a_pipe(command, elsewhere):
    short_scenario(elsewhere)
    os.mkfifo("pipe.toml")
    if command[0] == "new":
        line = refused(*command, "pipe.toml")
    else:
        line = refused(command[0], "short.toml", *command[1:], "--out", "pipe.toml")
        assert line == f"error: --out pipe.toml: {SPECIAL}"
    assert stat.S_ISFIFO(Path("pipe.toml").stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("write", [renamed, replaced])
def test_no_file_takes_the_place_of_a_device_or_a_pipe(write, elsewhere):
    os.mkfifo("pipe")
    with pytest.raises(InputError, match=SPECIAL), write(Path("pipe")):
        raise AssertionError("it was opened")
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)
