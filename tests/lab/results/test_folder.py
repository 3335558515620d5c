"""Folders of results: nothing foreign is overwritten, nothing half is left."""

from __future__ import annotations

import re

import pytest

from commands import files, two_chairs

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
