"""The page on coding an article: its example runs, and its scales are those of the ledgers."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from two_chairs.scenario.library import bundled_folder
from two_chairs_lab.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "code-an-article.md").read_text(encoding="utf-8")
FEWER = {"check": [], "run": ["--worlds", "8"], "compare": ["--worlds", "8"]}


def block(language: str, number: int = 0) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return found[number]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make the page's two files in an empty folder."""
    (tmp_path / "my-events.csv").write_text(block("csv"), encoding="utf-8")
    (tmp_path / "my-article.toml").write_text(block("toml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def two_chairs(*words: str) -> str:
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_the_commands_of_the_page_work(folder):
    shown = [shlex.split(line, comments=True)[1:] for line in block("sh").splitlines()]
    assert [words[0] for words in shown] == ["check", "check", "run", "compare"]
    for words in shown:
        two_chairs(*words, *FEWER[words[0]])


def test_the_example_holds_all_events_and_its_target(folder):
    assert "63 events (" in two_chairs("check", "my-article.toml")
    told = two_chairs("run", "my-article.toml", "--worlds", "8", "--json")
    assert '"lowest"' in told


def scale(name: str) -> list[tuple[float, float, str]]:
    """Return (low, high, id) for every ledger row that the table headed by ``name`` names."""
    table = PAGE.partition(f"| {name} |")[2].partition("\n\n")[0]
    found = []
    for row in table.splitlines()[2:]:
        ends = [float(number) for number in row.split("|")[1].split(" to ")]
        found += [(ends[0], ends[-1], key) for key in re.findall(r"`(\w+)`", row.split("|")[3])]
    return found


@pytest.mark.parametrize(("name", "rows"), [("weight", 14), ("severity", 4), ("coverage", 4)])
def test_the_scales_are_those_of_the_ledgers(name, rows):
    ledger: dict[str, dict[str, str]] = {}
    for path in (bundled_folder() / "armenia" / "events").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            ledger |= {row["id"]: row for row in csv.DictReader(file)}
    named = scale(name)
    assert len(named) == rows
    for low, high, key in named:
        assert low <= float(ledger[key][name]) <= high, (name, key)
