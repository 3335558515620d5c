"""Kinds of act are found by word, by code and by category."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from two_chairs.scenario.files import read_codebook
from two_chairs_lab.cli import main

pytestmark = pytest.mark.command


def asked(*words: str) -> list[str]:
    result = CliRunner().invoke(main, ["codebook", *words, "--json"])
    assert result.exit_code == 0, result.stderr
    return list(json.loads(result.stdout))


def test_what_is_meant_comes_first_and_its_opposite_last():
    found = asked("sanctions")
    assert found.index("impose-sanctions") < found.index("lift-sanctions") == len(found) - 1
    assert asked("lift", "sanctions") == ["lift-sanctions"]
    assert asked("ceasefire") == ["declare-ceasefire", "violate-ceasefire"]


@pytest.mark.parametrize(
    ("words", "score"),
    [
        ("vote", {"vote-for": 3.5, "vote-against": -4.0, "abstain": -0.1}),
        ("veto", {"cast-veto": -5.0}),
        ("application", {"apply-for-membership": 4.0}),
        ("candidate-status", {"grant-status": 6.0}),
        ("freeze", {"freeze-membership": -4.0}),
        ("recognition", {"recognise-state": 6.0}),
        ("energy", {"cut-energy": -8.0}),
        ("travel-ban", {"impose-targeted-sanctions": -8.0}),
        ("election", {"hold-election": 0.0}),
    ],
)
def test_acts_missed_while_coding_have_the_scores_of_their_codes(words, score):
    acts = read_codebook()
    assert score.items() <= {name: acts[name].goldstein for name in asked(words)}.items()


@pytest.mark.long
def test_names_of_acts_are_never_cut(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    text = CliRunner().invoke(main, ["codebook"]).stdout
    assert all(name in text for name in read_codebook())


def test_a_case_adds_acts(tmp_path):
    case = Path(__file__).parents[3] / "format" / "case.toml"
    own = tmp_path / "case.toml"
    own.write_text(case.read_text(encoding="utf-8") + OWN.format("close-the-tunnel"))
    found = CliRunner().invoke(main, ["codebook", "tunnel", "--case", str(own)])
    assert (found.exit_code, "close-the-tunnel" in found.stdout) == (0, True)
    assert CliRunner().invoke(main, ["codebook", "tunnel"]).exit_code == 2
    ledger = tmp_path / "own.csv"
    ledger.write_text(
        "id,date,actor,target,action,document,says\n"
        "E1,2020-03-04,VES,KRN,Close the tunnel,notes,The tunnel was closed.\n"
    )
    checked = CliRunner().invoke(main, ["check", str(own), str(ledger)])
    assert checked.exit_code == 0, checked.stderr
    assert "'Close the tunnel' is read as 'close-the-tunnel'" in checked.stderr


def test_an_act_of_a_case_has_a_name_of_its_own(tmp_path):
    case = Path(__file__).parents[3] / "format" / "case.toml"
    own = tmp_path / "case.toml"
    own.write_text(case.read_text(encoding="utf-8") + OWN.format("threaten"))
    checked = CliRunner().invoke(main, ["check", str(own)])
    assert checked.exit_code == 2
    assert "actions.threaten: stands in the codebook already; rename it, or" in checked.stderr


OWN = """
[actions.{}]
name = "Close the tunnel"
goldstein = -6.5
material = true
security = 0.1
economy = 0.8
politics = 0.1
source = "assumption, −8 to −4"
"""


def test_without_a_word_all_are_listed():
    assert asked() == list(read_codebook())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["SUMMIT"], ["hold-forum", "visit", "skip-summit"]),
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
    result = CliRunner().invoke(main, ["codebook", "xyzzy"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: codebook xyzzy: no action matches; ")
    assert result.stderr.count("\n") == 1


def test_the_table_fits_and_says_what_a_score_is(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    text = CliRunner().invoke(main, ["codebook", "blockade"]).stdout
    assert "−" in text
    assert "from −10, the most hostile, to 10" in text
    assert max(map(len, text.splitlines()[:4])) <= 100
