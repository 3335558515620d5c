"""What a word means that is no actor and no act: its nearest by meaning, never the opposite."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.scenario.files import read_case, read_codebook
from two_chairs.scenario.library import bundled_case
from two_chairs.scenario.search import act_of, action_hint, actor_hint, actor_of, synonyms

pytestmark = pytest.mark.unit

CASE = read_case(bundled_case())
ACTS = read_codebook()


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("RUS", "RUS"), ("rus", "RUS"), ("Russia", "RUS"), ("armenia", "ARM"), ("US/EU", "WST"),
        ("USA", None), ("Rusia", None), ("", None),
    ],
)  # fmt: skip
def test_actors_go_by_id_or_name(word, key):
    assert actor_of(CASE, word) == key


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("USA", "did you mean 'WST' (US/EU)?"),
        ("US", "did you mean 'WST' (US/EU)?"),
        ("NATO", "did you mean 'WST' (US/EU)?"),
        ("Moscow", "did you mean 'RUS' (Russia)?"),
        ("Rusia", "did you mean 'RUS' (Russia)?"),
        ("ARN", "did you mean 'ARM' (Armenia)?"),
        ("АRM", "did you mean 'ARM' (Armenia)? ('А' is CYRILLIC CAPITAL LETTER A)"),
        ("AUS", "choose one of ARM (Armenia), RUS (Russia), WST (US/EU), AZE (Azerbaijan)"),
        ("TUR", "choose one of ARM (Armenia), RUS (Russia), WST (US/EU), AZE (Azerbaijan)"),
        ("IRN", "choose one of ARM (Armenia), RUS (Russia), WST (US/EU), AZE (Azerbaijan)"),
    ],
)
def test_an_actor_is_meant(word, hint):
    assert actor_hint(CASE, word) == hint


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("sanctions", "near are impose-sanctions (−8.0), threaten-sanctions (−5.8)"),
        ("ceasefire", "did you mean 'declare-ceasefire'?"),
        ("Cease fire", "did you mean 'declare-ceasefire'?"),
        ("military-aid", "did you mean 'provide-military-aid'?"),
        ("accept", "near are make-concession (+5.0), express-accord (+3.4)"),
        ("treaten", "did you mean 'threaten'?"),
        ("use military_force", "did you mean 'use-military-force'?"),
        ("joint-exercize", "did you mean 'joint-exercise'?"),
        ("042", "it is the CAMEO code of 'visit'; write that"),
        ("42", "it is the CAMEO code of 'visit'; write that"),
        ("190.0", "it is the CAMEO code of 'use-military-force'; write that"),
        ("57", "write an act of this CAMEO code; near are sign-agreement (+8.0), "
         "ratify-treaty (+8.0)"),
        ("1125", "no act has this CAMEO code; near are accuse (−2.0), reproach (−2.0)"),
        ("99", "no act has this CAMEO code; 'two-chairs codebook' lists them, with a WORD those "
         "that match"),
        ("xyzzy", "'two-chairs codebook' lists them, with a WORD those that match"),
    ],
)  # fmt: skip
def test_an_act_is_meant(word, hint):
    assert action_hint(ACTS, word) == hint


@pytest.mark.parametrize(
    ("word", "act"),
    [
        ("threaten", "threaten"), ("Use military_force", "use-military-force"), ("42", "visit"),
        ("130.0", "threaten"), ("057", None), ("57", None), ("sanctions", None), ("xyzzy", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_act_goes_by_name_or_by_a_code_of_its_own(word, act):
    assert act_of(ACTS, word) == act


def test_a_code_in_a_ledger_is_read_and_told(elsewhere):
    rows = ROWS.format("RUS", "ARM").replace("threaten", "{}")
    Path("own.csv").write_text(rows.format("42.0"), encoding="utf-8")
    result = two_chairs("check", "own.csv")
    told = "note: own.csv: row 2, column action: '42.0' is read as 'visit'\n"
    assert (result.exit_code, result.stderr) == (0, told)
    Path("own.csv").write_text(rows.format("57"), encoding="utf-8")
    result = two_chairs("check", "own.csv")
    assert result.exit_code == 2
    assert "'57' is not in the codebook; write an act of this CAMEO code; near are" in result.stderr
    Path("own.csv").write_text(rows.format("ACCUSE:allege"), encoding="utf-8")
    assert (
        "near are accuse (−2.0), accuse-of-aggression (−2.0)"
        in two_chairs("check", "own.csv").stderr
    )


OPPOSITE = {
    "sanctions": "lift-sanctions", "embargo": "lift-sanctions", "ceasefire": "violate-ceasefire",
    "military-aid": "cut-military-aid", "cooperate": "coerce", "accept": "accuse",
    "resume-relations": "reduce-relations", "restore-relations": "break-diplomatic-relations",
    "blockades": "lift-blockade", "aid": "cut-military-aid", "negotiations": "halt-negotiations",
    "observers": "expel-observers", "peacekeepers": "expel-peacekeepers",
    "settlement": "reject-settlement", "economic-cooperation": "reject-economic-cooperation",
    "diplomatic-relations": "break-diplomatic-relations", "lift-embargo": "impose-embargo",
    "concession": "refuse-concession", "protection": "reject-protection-request",
    "sign": "refuse-to-sign", "meeting": "refuse-to-meet", "summit": "skip-summit",
    "freeze": "apply-for-membership", "membership": "freeze-membership", "against": "vote-for",
    "unthreaten": "threaten", "withdraw-sanctions": "impose-sanctions",
}  # fmt: skip


@pytest.mark.parametrize("word", OPPOSITE)
def test_no_hint_reverses_the_sense(word):
    assert OPPOSITE[word] in ACTS
    assert OPPOSITE[word] not in action_hint(ACTS, word).replace("'", " ").split()


def test_synonyms_mean_acts_or_actors_and_are_no_acts():
    names = {actor.name for actor in CASE.actors.values()}
    for word, means in synonyms().items():
        assert word not in ACTS
        assert set(means) <= set(ACTS) or set(means) <= names
        assert len(set(means)) == len(means)


ROWS = (
    "id,date,actor,target,action,document,says\nE1,2024-03-04,{},{},threaten,notes,Russia warned.\n"
)


def test_a_ledger_alone_is_checked_against_the_bundled_case(elsewhere):
    Path("own.csv").write_text(ROWS.format("Russia", "armenia"), encoding="utf-8")
    said = "own.csv: 1 events of the bundled case armenia: good\n"
    assert two_chairs("check", "own.csv").stdout == said
    said = "own.csv: 1 events of the case armenia: good\n"
    assert two_chairs("check", "own.csv", "--case", "armenia").stdout == said
    Path("own.csv").write_text(ROWS.format("USA", "ARM"), encoding="utf-8")
    result = two_chairs("check", "own.csv")
    line = "error: own.csv: row 2, column actor: 'USA' is not an actor; did you mean 'WST' (US/EU)?"
    assert (result.exit_code, result.stderr) == (2, f"{line}\n")
    Path("own.csv").write_text(ROWS.format("Armenia", "ARM"), encoding="utf-8")
    assert "'ARM' is the actor itself" in two_chairs("check", "own.csv").stderr


def test_a_ledger_alone_is_checked_against_another_case(elsewhere):
    case = Path(__file__).parents[2] / "format" / "case.toml"
    Path("own.csv").write_text(ROWS.format("KRN", "VES"), encoding="utf-8")
    assert two_chairs("check", "own.csv", "--case", case).exit_code == 0
    result = two_chairs("check", "own.csv", "--case", "armeni")
    line = "error: --case armeni: is no file and no bundled case; did you mean 'armenia'?"
    assert (result.exit_code, result.stderr) == (2, f"{line}\n")


def test_names_are_ids_in_a_scenario(elsewhere):
    Path("own.csv").write_text(ROWS.format("Russia", "Armenia"), encoding="utf-8")
    Path("own.toml").write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\nadd_events = ["own.csv"]\n[[add]]\n'
        'id = "E2"\ndate = 2024-03-04\nactor = "Russia"\ntarget = "ARM"\naction = "threaten"\n'
        'document = "notes"\nsays = "Again."\n',
        encoding="utf-8",
    )
    shown = two_chairs("show", "own.toml", "--against", "baseline", "--json").stdout
    assert shown.count("actor=RUS, target=ARM") == 2


@pytest.mark.parametrize("word", ["10", "10.0", "19", "11"])
def test_a_code_that_may_name_a_whole_class_is_not_taken_for_one_that_lost_its_zero(word):
    assert act_of(ACTS, word) is None
    whole = word.removesuffix(".0")
    if act_of(ACTS, f"0{whole}"):
        told = action_hint(ACTS, word)
        assert told.startswith(f"is it 0{whole} (")
        assert f"CAMEO class {whole}?" in told


def test_an_act_written_as_a_code_is_read_where_a_posterior_was_fitted_to_rows(elsewhere):
    Path("mine.toml").write_text(
        'title = "t"\nquestion = "q"\nextends = "baseline"\nadd_events = ["mine.csv"]\n',
        encoding="utf-8",
    )
    row = "X1,2023-02-06,RUS,ARM,190,1,d,s\n"
    Path("mine.csv").write_text(f"id,date,actor,target,action,weight,document,says\n{row}")
    done = two_chairs("check", "mine.toml")
    assert done.exit_code == 0
    assert "'190' is read as 'use-military-force'" in done.stderr
