"""The TRACE page names tests and commands that exist, and numbers that stand where it says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from two_chairs_lab.cli.registry import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

pytestmark = pytest.mark.docs


def test_tests_and_files_that_it_names_exist():
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert len(named) >= 7
    for name in named:
        assert f"def {name}(" in TESTS, name
    for path in re.findall(r"`((?:tests|benchmarks)/[\w./]+)`", PAGE):
        assert (ROOT / path).exists(), path


def test_commands_that_it_names_exist():
    named = set(re.findall(r"`two-chairs (\w+)", PAGE))
    assert {"run", "calibrate", "sensitivity", "theories", "agree", "score"} <= named
    assert named <= set(COMMANDS)


def test_rows_of_events_are_counted():
    for name, words in (("article", "of the article"), ("context", "of its context")):
        path = ROOT / "scenarios" / "armenia" / "events" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            assert f"{sum(1 for _ in csv.DictReader(file))} {words}" in PAGE


def test_bold_numbers_stand_on_the_page_that_their_paragraph_links():
    found = 0
    for part in re.split(r"\n(?=\* |\n|\| )", PAGE):
        pages = re.findall(r"\]\((\w[\w-]*)\.md", part)
        texts = [(ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") for page in pages]
        for number in re.findall(r"\*\*([−.]?[\d.,]+(?: %)?(?: ± \d+)?)\*\*", part):
            if pages:
                found += 1
                assert any(number in text for text in texts), (number, pages)
    assert found >= 35
