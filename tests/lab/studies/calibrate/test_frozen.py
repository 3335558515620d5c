"""Frozen predictions say whether they still follow from what is here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands import ROOT, refused, two_chairs
from two_chairs_lab.studies.calibrate.predictions import departures

pytestmark = pytest.mark.command

INPUTS = ROOT / "tests" / "goldens" / "inputs"


@pytest.fixture
def told(elsewhere) -> Path:
    for path in INPUTS.iterdir():
        if path.is_file():
            shutil.copy(path, path.name)
    Path("told.json").unlink()
    done = two_chairs("predict", "polls.toml", "--worlds", "4", "--out", "told")
    assert done.exit_code == 0, done.stderr
    return Path("told.json")


@pytest.mark.long
def test_what_was_just_frozen_follows(told):
    result = two_chairs("predict", "polls.toml", "--check", told)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("told.json follows from what is here: model, case, ledger, ")


@pytest.mark.long
def test_a_row_changed_is_told(told):
    file = Path("polled.toml")
    file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    result = two_chairs("predict", "polls.toml", "--check", told)
    assert result.exit_code == 1
    assert "told.json no longer follows from what is here. changed: " in result.stdout
    assert result.stdout.endswith("/polled.toml.\n")
    found = json.loads(two_chairs("predict", "polls.toml", "--check", told, "--json").stdout)
    assert found["follows"] is False


@pytest.mark.long
def test_another_plan_is_not_held_against_a_record(told):
    said = refused("predict", "--check", told)
    assert said.startswith("error: told.json: was not made of the plan plans/calibration.toml; ")
    assert said.endswith("name its own: two-chairs predict PLAN --check FILE")


def test_departures_are_named():
    then = {"checksums": {"a/ledger.csv": "1", "a/case.toml": "2", "code": "3", "a/old.csv": "4"}}
    now = {"a/ledger.csv": "1", "a/case.toml": "5", "code": "6", "a/new.csv": "7"}
    assert departures(then, now) == [
        "changed: a/case.toml, the program", "gone: a/old.csv", "new: a/new.csv",
    ]  # fmt: skip
    assert departures(then, then["checksums"]) == []


@pytest.mark.long
def test_what_has_no_checksums_can_not_be_told(told):
    said = refused("predict", "polls.toml", "--check", ROOT / "docs" / "predictions-2023-12.json")
    assert said.endswith(
        "has no checksums, so nobody can tell what it followed from; freeze a new one"
    )
    assert "\n" not in said
    Path("cut.json").write_text("{", encoding="utf-8")
    assert refused("predict", "polls.toml", "--check", "cut.json").startswith(
        "error: cut.json: line 1: is no JSON ("
    )


@pytest.mark.long
def test_a_check_takes_no_worlds_and_writes_nothing(told):
    for words in (("--worlds", "9"), ("--out", "more")):
        said = refused("predict", "polls.toml", "--check", told, *words)
        assert (
            said
            == f"error: {words[0]}: is of no use with --check, which runs nothing; leave it out"
        )
