"""Ties, roles, acts and turns of a case file: what is refused, and what is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.scenario.files import read_case

pytestmark = pytest.mark.format

CASE = (Path(__file__).parent / "case.toml").read_text(encoding="utf-8")
FORMAT = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
LADDER = CASE[CASE.index('[[institutions]]\nid = "LADDER"') : CASE.index("[parameters.")]
UNION = """
[[institutions]]
id = "UNION"
kind = "economic-union"
name = "Union of the Steppe"
seat = "incumbent"
start = 0.6
weights = { security = 0.0, economy = 0.5, politics = 0.0 }
suspended_level = 0.3
left_level = 0.1
suspend_after = 2
suspend_ladder = 0.5
restore_margin = 0.1
restore_weeks = 52
source = "invented"
"""


def written(folder, *changes, more=""):
    """Write the invented case with some of its text changed, and more at its end."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "case.toml"
    path.write_text(text + more, encoding="utf-8")
    return path


def refused(folder, *changes, more=""):
    """Return the one line that is said of the case, without its place's file."""
    found = two_chairs("check", written(folder, *changes, more=more))
    assert (found.exit_code, found.stdout) == (2, "")
    (line,) = found.stderr.splitlines()
    return line.partition("case.toml: ")[2]


def examples(heading, word):
    """Return the examples of a section of the page on formats that hold a word."""
    section = FORMAT.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```toml\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
    return [block for block in blocks if word in block]


def test_a_tie_of_which_its_patron_knows_nothing_is_refused(tmp_path):
    swapped = UNION.replace('"incumbent"', '"rival"')
    assert refused(tmp_path, more=swapped) == (
        "institutions[UNION].seat: 'economic-union' knows no seat of a patron that does not "
        "coerce; LGE has hold, offer, disengage: change the seat or the kind"
    )
    old = LADDER.replace('"rival"', '"incumbent"')
    assert refused(tmp_path, (LADDER, old)) == (
        "institutions[LADDER].seat: 'association-ladder' knows no seat of a patron that does not "
        "offer; KRN has neglect, warn, reward, coerce: change the seat or the kind"
    )


def test_thresholds_may_be_never_and_no_other_word(tmp_path):
    never = UNION.replace("suspend_ladder = 0.5", 'suspend_ladder = "never"')
    case = read_case(written(tmp_path, more=never))
    assert case.institutions[2].suspend_ladder == "never"
    assert type(case).model_validate(case.model_dump()) == case
    other = UNION.replace("restore_weeks = 52", 'restore_weeks = "newer"')
    assert refused(tmp_path, more=other) == (
        "institutions[UNION].restore_weeks: 'newer' is not a whole number; write one such as 5"
    )


def test_an_organisation_needs_no_other_tie(tmp_path):
    loose = """
[[institutions]]
id = "LOOSE"
kind = "regional-organisation"
name = "Loose"
seat = "rival"
start = 1.0
weights = { security = 0.0, economy = 0.0, politics = 0.1 }
leave_below = -0.5
leave_weeks = 52
restore_above = 0.2
restore_weeks = 4
source = "invented"
"""
    case = read_case(written(tmp_path, more=loose))
    assert case.institutions[2].after is None
    assert "after" not in case.institutions[2].model_dump()


def test_the_ties_of_the_page_are_good(tmp_path):
    shown = examples("## The case file", "[[institutions]]")
    assert len(shown) == 2
    case = read_case(written(tmp_path, more="\n".join(shown)))
    assert case.institutions[-2].home == 0.6


# --- actors ---------------------------------------------------------------------------------------


def test_a_patron_counts_as_no_other(tmp_path):
    changed = ('name = "the League"', 'name = "the League"\ncounts_as = { incumbent = 0.2 }')
    assert refused(tmp_path, changed) == (
        "actors.LGE.counts_as: LGE is the rival; only others' acts can count as a patron's: leave "
        "it out"
    )


def test_the_actor_of_the_page_is_good(tmp_path):
    (shown,) = examples("## The case file", "counts_as")
    old = CASE[CASE.index("[actors.ISL]") : CASE.index("[regimes]")]
    case = read_case(written(tmp_path, (old, shown + "\n")))
    assert case.actors["ISL"].counts_as == {"rival": 0.3}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "adversary"', 'role = "enemy"',
         "actors.DOL.role: 'enemy' is not known here; choose one of pivot, incumbent, rival, "
         "adversary, bystander"),
        ('role = "adversary"', 'role = ["pivot", "adversary"]',
         "actors.DOL: the roles pivot, adversary have no rule together; only a patron (incumbent "
         "or rival) can be an adversary too: name one role, or those two"),
        ('role = "incumbent"', 'role = ["incumbent", "rival"]',
         "actors.KRN: the roles incumbent, rival have no rule together; only a patron (incumbent "
         "or rival) can be an adversary too: name one role, or those two"),
        ('role = "incumbent"', 'role = "incumbent"\nacts = ["neglect", "bribe"]',
         "actors.KRN.acts[2]: 'BRIBE' is not known here; choose one of NEGLECT, HOLD, WARN, "
         "REWARD, COERCE, OFFER, DISENGAGE, ATTACK"),
        ('role = "incumbent"', 'role = "incumbent"\nacts = ["warn", "coerce"]',
         "actors.KRN.acts: of neglect and hold a patron has one, KRN has neither; keep one"),
        ('role = "incumbent"', 'role = "incumbent"\nacts = ["hold", "warn", "warn"]',
         "actors.KRN.acts: warn stands twice; keep one"),
        ('role = "adversary"', 'role = "adversary"\nacts = ["hold", "attack"]',
         "actors.DOL.acts: DOL is no patron but adversary, whose rule knows none; leave it out"),
        ('role = "adversary"', 'role = "adversary"\nbound_by = ["load"]',
         "actors.DOL.bound_by: DOL is no patron but adversary, whose rule knows none; leave it "
         "out"),
        ('stake = { value = 1, source = "invented" }\n', "",
         "conditions.stake: is missing; add it"),
        ('engagement = { value = 0.8, source = "invented" }\n', "",
         "conditions.engagement: is missing; add it"),
    ],
)  # fmt: skip
def test_a_part_without_a_rule_is_refused(tmp_path, old, new, said):
    assert refused(tmp_path, (old, new)) == said


def test_numbers_of_an_act_that_nobody_has_are_refused(tmp_path):
    silent = ('role = "adversary"', 'role = "bystander"')
    numbers = (
        "[decisions.acts.ATTACK]\nsecurity = 0.8\neconomy = 0.1\npolitics = 0.1\n"
        'spread = 0.1\nsource = "invented"\n'
    )
    assert refused(tmp_path, silent, more=numbers) == (
        "decisions.acts.ATTACK: nobody in the case has the act attack; give it to a patron or "
        "leave it out"
    )
    assert read_case(written(tmp_path, more=numbers))


@pytest.mark.parametrize(
    ("change", "set_in_scenario", "said"),
    [
        (('transit = { value = 1, source = "invented" }\n', ""),
         '[[conditions]]\nid = "road"\ndate = 2031-02-03\ncondition = "transit"\nvalue = 0.5\n'
         'source = "t"\n',
         "conditions[road].condition: the case has no condition 'transit'; give its start in the "
         "case"),
        (('role = "incumbent"', 'role = "incumbent"\nacts = ["neglect", "warn"]'),
         '[[interventions]]\nid = "press"\ndate = 2031-02-03\ncoercion = 0.5\nsource = "t"\n',
         "interventions[press].coercion: no patron of the case coerces; give one of them the act "
         "or leave this out"),
        (('role = "incumbent"', 'role = "incumbent"\nacts = ["neglect", "warn"]'),
         '[[expect]]\ntext = "t"\noutcome = "chose:KRN:REWARD"\nat = 2031-03-03\nabove = 0\n',
         "expect[1].outcome: 'REWARD' is not one of the names there; choose one of WARN, "
         "NEGLECT"),
    ],
)  # fmt: skip
def test_what_a_case_has_not_can_not_be_set_or_asked(tmp_path, change, set_in_scenario, said):
    written(tmp_path, change)
    head = TURN.split("[[turns]]", maxsplit=1)[0]
    (tmp_path / "turned.toml").write_text(head + set_in_scenario, encoding="utf-8")
    found = two_chairs("check", tmp_path / "turned.toml")
    assert (found.exit_code, found.stdout) == (2, "")
    (line,) = found.stderr.splitlines()
    assert line.partition("turned.toml: ")[2] == said


def test_an_attack_by_a_patron_needs_a_patron_that_attacks(tmp_path):
    row = (
        '[[add]]\nid = "A"\ndate = 2031-02-03\nactor = "KRN"\ntarget = "VES"\n'
        'action = "use-military-force"\nseverity = 0.5\ncoverage = 0.5\n'
        'defended = false\ndocument = "t"\nsays = "t"\n'
    )
    head = TURN.split("[[turns]]", maxsplit=1)[0]
    (tmp_path / "turned.toml").write_text(head + row, encoding="utf-8")
    written(tmp_path)
    found = two_chairs("check", tmp_path / "turned.toml")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.endswith(
        "add[A].actor: the guarantor KRN can not answer its own attack; empty severity or change "
        "the actor\n"
    )
    written(tmp_path, ('role = "incumbent"', 'role = ["incumbent", "adversary"]'))
    assert two_chairs("check", tmp_path / "turned.toml").exit_code == 0


# --- turns ----------------------------------------------------------------------------------------

TURN = """title = "t"
question = "q"
case = "case.toml"
start = 2031-01-06
end = 2032-12-27
[[turns]]
id = "new"
date = 2031-06-02
source = "invented"
shifts = [{ what = "VES>KRN:politics", by = -0.3, low = -0.5, high = -0.1 }]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2031-06-02", "2033-06-06",
         "turns[new].date: 2033-06-06 lies after the end of the run, 2032-12-27; drop it or move "
         "the end"),
        ("2031-06-02", "2030-06-03",
         "turns[new].date: 2030-06-03 lies before the start, 2031-01-06; drop it or start earlier"),
        ("VES>KRN:politics", "VES>KRM:politics",
         "turns[new].shifts[1].what: 'KRM' is not one of the names there; did you mean 'KRN'?"),
        ("VES>KRN:politics", "VES>VES:politics",
         "turns[new].shifts[1].what: 'VES>VES' has no baseline; choose one of VES>LGE, VES>ISL, "
         "LGE>VES, VES>KRN, VES>DOL, KRN>VES, KRN>LGE, KRN>DOL, KRN>ISL, LGE>KRN, LGE>DOL, "
         "LGE>ISL, …"),
        ("VES>KRN:politics", "fera",
         "turns[new].shifts[1].what: unknown parameter; did you mean 'fear'?"),
        ("VES>KRN:politics", "self_help",
         "turns[new].shifts[1].what: 'self_help' only sets the start; set it under [parameters]"),
        ("by = -0.3,", "by = -0.3, to = 0.1,",
         "turns[new].shifts[1].by: give either by or to, one of the two"),
        ("by = -0.3,", "by = -0.7,",
         "turns[new].shifts[1].by: -0.7 lies outside its range -0.5 to -0.1; widen the range or "
         "change it"),
        ("by = -0.3, low = -0.5, high = -0.1", "to = 1.3",
         "turns[new].shifts[1].to: 1.3 is out of range; it must be from -1 to 1"),
        ('source = "invented"', 'source = "invented"\nbecause = "E9"',
         "turns[new].because: 'E9' is no event; there is none to choose from"),
        ('[{ what = "VES>KRN:politics", by = -0.3, low = -0.5, high = -0.1 }]', "[]",
         "turns[new].shifts: is empty; fill it in"),
    ],
)  # fmt: skip
def test_a_turn_that_can_not_be_is_refused(tmp_path, old, new, said):
    written(tmp_path)
    assert old in TURN
    (tmp_path / "turned.toml").write_text(TURN.replace(old, new), encoding="utf-8")
    found = two_chairs("check", tmp_path / "turned.toml")
    assert (found.exit_code, found.stdout) == (2, "")
    (line,) = found.stderr.splitlines()
    assert line.partition("turned.toml: ")[2] == said


def test_the_turn_of_the_page_is_good(tmp_path):
    (shown,) = examples("## Scenario files", "[[turns]]")
    head = 'title = "t"\nquestion = "q"\nextends = "baseline"\n'
    (tmp_path / "turned.toml").write_text(head + shown, encoding="utf-8")
    found = two_chairs("check", tmp_path / "turned.toml")
    assert (found.exit_code, found.stderr) == (0, "")


def test_the_patron_of_the_page_is_good(tmp_path):
    (shown,) = examples("## The case file", "bound_by = ")
    karn = CASE[CASE.index("[actors.KRN]") : CASE.index("[actors.LGE]")]
    league = ('name = "the League"\nrole = "rival"', 'name = "the League"\nrole = "incumbent"')
    case = read_case(written(tmp_path, league, (karn, shown + "\n")))
    assert case.repertoire("rival") == ("NEGLECT", "WARN", "COERCE", "OFFER", "ATTACK")
    assert case.threats()[0] == (1, 4)
