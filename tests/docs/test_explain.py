"""docs/explain.md says what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from commands import ROOT, two_chairs

pytestmark = pytest.mark.docs

PAGE = (ROOT / "docs" / "explain.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^two-chairs (explain .*?)(?:\s+#.*)?$", PAGE, flags=re.MULTILINE)


@pytest.fixture(autouse=True)
def width(elsewhere, monkeypatch):
    monkeypatch.setenv("COLUMNS", "110")


def printed(words):
    result = two_chairs(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(name, fading):
    words = f"explain {name} --window 2020-01-06:2023-12-04 --fading {fading} --worlds 1 --json"
    return json.loads(printed(shlex.split(words)))


@pytest.mark.slow
def test_every_command_runs():
    assert len(COMMANDS) == 4
    for command in COMMANDS:
        few = [] if "--worlds" in command else ["--worlds", "5"]
        printed([*shlex.split(command), *few])


@pytest.mark.usefixtures("undrawn")
def test_the_table_is_that_of_the_second_command():
    (told,) = re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)
    assert told in printed(shlex.split(COMMANDS[1]))


@pytest.mark.slow
def test_the_numbers_of_the_reading_are_the_programs():
    own, apart, without = (
        answer(name, fading)
        for name, fading in (("baseline", "own"), ("baseline", "apart"), ("no-2020-war", "own"))
    )
    tests = sum(v for k, v in own["contributions"].items() if k.endswith(":test"))
    told = {
        r"the tilt rose by\s+([\d.]+) at": own["change"],
        r"from (−[\d.]+) to −": own["start"],
        r"to (−[\d.]+)\. Three fifths": own["end"],
        r"Three fifths of it \(([\d.]+)\)": tests,
        r"\((\+[\d.]+) at the defaults\) and `decay`": apart["contributions"]["S03:test"],
        r"`decay` takes\s+([\d.]+) back": -apart["contributions"]["decay"],
        r"cut-off is (−[\d.]+) instead": without["end"],
        r"instead of (−[\d.]+) at": own["end"],
        r"is booked with\s+(\+[\d.]+): the refusal": own["contributions"]["S03:test"],
        r"then booked with (\+[\d.]+)": without["contributions"]["C07:test"],
        r"instead of (\+[\d.]+)\. To ask": own["contributions"]["C07:test"],
    }
    for pattern, value in told.items():
        (number,) = re.findall(pattern, PAGE)
        digits = len(number.partition(".")[2])
        assert float(number.replace("−", "-")) == round(value, digits), pattern
    assert 0.58 < tests / own["change"] < 0.62
    ties = {k: v for k, v in own["contributions"].items() if k.startswith("institution:")}
    assert [k for k, v in ties.items() if v != 0.0] == ["institution:ICC"]


def test_the_keys_told_are_those_of_the_object():
    told = set(answer("baseline", "own"))
    rows = re.findall(r"^\| (`.*?) \|", PAGE.partition("## `--json`")[2], flags=re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == told


@pytest.mark.slow
def test_the_python_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    found = names["found"]
    assert np.max(np.abs(found.values.sum(axis=0) - found.change)) < 1e-12
    assert Path("waterfall.png").is_file()
