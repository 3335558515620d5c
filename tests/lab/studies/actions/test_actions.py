"""Kinds of act are found by word, by code and by category."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from two_chairs.scenario.files import read_codebook
from two_chairs_lab.cli import main

pytestmark = pytest.mark.command


def asked(*words: str) -> list[str]:
    result = CliRunner().invoke(main, ["actions", *words, "--json"])
    assert result.exit_code == 0, result.stderr
    return list(json.loads(result.stdout))


def test_without_a_word_all_are_listed():
    assert asked() == list(read_codebook())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["SUMMIT"], ["skip-summit"]),
        (["sanctions", "threaten"], ["threaten-sanctions"]),
        (["018"], ["express-sympathy"]),
        (["18"], ["express-sympathy"]),
        (["18.0"], ["express-sympathy"]),
    ],
)
def test_words_and_codes_find(words, expected):
    assert asked(*words) == expected


def test_a_category_of_plover_finds():
    plover = {name for name, action in read_codebook().items() if action.plover == "AGREE"}
    assert plover <= set(asked("agree"))


def test_what_is_not_there_is_said_in_one_line():
    result = CliRunner().invoke(main, ["actions", "xyzzy"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: actions xyzzy: no action matches; ")
    assert result.stderr.count("\n") == 1


def test_the_table_fits_and_says_what_a_score_is(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    text = CliRunner().invoke(main, ["actions", "blockade"]).stdout
    assert "−" in text
    assert "from −10, the most hostile, to 10" in text
    assert max(map(len, text.splitlines()[:4])) <= 100
