"""Claims: one that must hold and one that must fail for each kind, the form of answers, errors."""

from __future__ import annotations

import csv
import functools
import json
import multiprocessing
from datetime import date

import numpy as np
import pytest

from commands import two_chairs
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.executors import Pools, local
from two_chairs_lab.engine.runner import Runner
from two_chairs_lab.shell import options
from two_chairs_lab.studies.claim.answer import ABOUT
from two_chairs_lab.studies.claim.files import bundled_claims, read_claim
from two_chairs_lab.studies.claim.space import by_posterior
from two_chairs_lab.studies.claim.study import answer, resolve_claim, worlds_of
from two_chairs_lab.studies.compare.variants import forced
from two_chairs_lab.studies.sweep import study as sweeping

pytestmark = [pytest.mark.command, pytest.mark.long, pytest.mark.needs("sklearn")]

SCENARIO = """
title = "short"
question = "?"
extends = "baseline"
events = []
targets = []
end = 2020-12-28
agents_act_from = 2020-06-01

[[add]]
id = "attack"
date = 2020-03-02
actor = "AZE"
target = "ARM"
action = "use-military-force"
severity = 0.9
coverage = 1.0
defended = false
document = "test"
says = "An attack that is not answered."

[[add]]
id = "talk"
date = 2020-04-06
actor = "ARM"
target = "AZE"
action = "signal-dialogue"
weight = 0.1
document = "test"
says = "A word that hardly matters."

[[interventions]]
id = "suspended"
date = 2020-05-04
institution = "EAEU"
level = 0.5
source = "test"
"""
HEAD = """
title = "A claim"
question = "?"
says = "Somebody said so."
scenario = "short.toml"
points = 48
replicates = 2
"""
TESTS = {
    "never": """
kind = "never"
claimed = "left"
since = 2020-02-03
until = 2020-12-28
[test.states]
left = "institution:CSTO <= 0"
""",
    "first-break": """
kind = "first-break"
claimed = "attack"
outcome = "ARM>RUS:security"
thresholds = [0.6, 0.2]
until = 2020-05-25
[test.shocks]
attack = ["attack"]
talk = ["talk"]
""",
    "steps": """
kind = "steps"
at = 2020-05-25
weeks = 2
[test.expected]
"ARM>RUS:security" = "falls"
threat = "rises"
[test.steps]
attack = ["attack"]
""",
    "forced-postures": """
kind = "forced-postures"
tested = "HEDGE"
against = ["PIVOT"]
since = 2020-06-01
until = 2020-12-28
before = 2020-01-06
after = 2020-05-25
map = ["negativity", "rival_local_protection"]
[[test.payoffs]]
id = "purity"
of = "pivot"
outcome = "posture:HEDGE"
sign = -1
""",
    "dose": """
kind = "dose"
parameter = "incumbent_security_dependence"
claimed = 0.99
levels = [0.0, 0.5]
where = "autonomy@2020-01-13 > 0.95"
""",
}
TWO = ("--workers", "2")
FAILING = {
    "never": ("institution:CSTO <= 0", "institution:EAEU < 1"),
    "first-break": ('claimed = "attack"', 'claimed = "talk"'),
    "steps": ('threat = "rises"', 'threat = "falls"'),
    "forced-postures": ("sign = -1", "sign = 1"),
    "dose": ("> 0.95", "> -1"),
}


@pytest.fixture(autouse=True)
def scenario(elsewhere):
    (elsewhere / "short.toml").write_text(SCENARIO, encoding="utf-8")


def write(kind: str, old: str = "", new: str = "", head: str = HEAD) -> str:
    text = head + "[test]" + TESTS[kind]
    assert old in text
    with open("mine.toml", "w", encoding="utf-8") as file:
        file.write(text.replace(old, new) if old else text)
    return "mine.toml"


def answered(path: str):
    return answer(resolve_claim(read_claim(path)))


@pytest.mark.parametrize("kind", TESTS)
def test_a_claim_that_must_hold(kind):
    found = answered(write(kind))
    assert found.share.value == 1.0
    assert found.counterexample is None
    assert "It fails in 0 of 48 points" in found.where_not()


@pytest.mark.parametrize("kind", TESTS)
def test_a_claim_that_must_fail(kind):
    found = answered(write(kind, *FAILING[kind]))
    assert found.share.value == 0.0
    assert "the whole space is the counter-example" in found.where_not()


def test_a_claim_that_holds_in_part_has_a_region_where_it_fails():
    head = HEAD.replace("points = 48", "points = 400") + (
        "[ranges]\nincumbent_reliability = {}\nnegativity = {}\nfear = {}\n"
    )
    path = write("first-break", "[0.6, 0.2]", "[-0.2]", head)
    found = answered(path)
    assert 0.2 < found.share.value < 0.8
    (region,) = found.counterexample.regions
    assert region.bounds[0].input == "negativity"
    assert np.isfinite(region.bounds[0].high)  # it fails where harm weighs little
    assert found.drivers[0].input == "negativity"
    assert found.drivers[0].direction > 0.5
    assert "above all where negativity ≤" in found.where_not()


def test_the_answer_does_not_depend_on_chunks(monkeypatch):
    one = answered(write("steps")).record()
    monkeypatch.setattr(sweeping, "CHUNK", 7)
    assert answered("mine.toml").record() == one


@pytest.mark.slow
def test_workers_change_no_bit_of_an_answer(monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 64)
    words = ("claim", write("steps"), "--json")
    alone, shared = (json.loads(two_chairs(*words, *more).stdout) for more in ((), TWO))
    for found in (alone, shared):
        assert found["manifest"].pop("made")["command"]
    assert alone == shared


@pytest.mark.slow
def test_a_worker_that_dies_costs_time_not_results(monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 32)
    space, killed = resolve_claim(read_claim(write("steps"))), []

    def kill(_):
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    with Pools(local(2)) as pools:
        found = answer(space, Runner(pools, kill))
    assert killed
    assert found.record() == answer(space).record()


def test_what_was_stopped_is_gone_on_with(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 64)
    monkeypatch.setattr(options, "KEEP_FROM", 1)
    plain, calls = sweeping.compute_range, []

    @functools.wraps(plain)  # what is kept is known by the name of the work
    def stopped(task):
        calls.append(task)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return plain(task)

    monkeypatch.setattr(sweeping, "compute_range", stopped)
    words = ("claim", write("steps"), "--out", "kept")
    halted = two_chairs(*words)
    assert halted.exit_code == 130
    assert "Go on with the same command and --resume." in halted.stderr
    assert len(list((tmp_path / "kept" / "parts").iterdir())) == 2
    assert "add --resume to go on" in two_chairs(*words).stderr
    assert two_chairs(*words, "--resume").exit_code == 0
    assert len(calls) == 2 * 5 + 1  # five pieces, each by space and posterior, the third twice
    assert two_chairs("claim", "mine.toml", "--out", "whole").exit_code == 0
    for name in ("claim.json", "steps.csv", "depends-on.csv"):
        texts = [(tmp_path / folder / name).read_text() for folder in ("kept", "whole")]
        assert texts[0] == texts[1]
    assert not (tmp_path / "kept" / "parts").exists()


def test_readings_have_the_names_that_the_source_has_for_them():
    plain = answered(write("forced-postures")).tables()
    names = '[test.readings]\neach = "A"\nweighted = "B"\nhistory = "C"\nbias = "it began late"\n'
    payoffs = "[[test.payoffs]]\n"
    named = answered(write("forced-postures", payoffs, names + payoffs)).tables()
    first = [row[0] for row in named["verdicts"].rows]
    assert [text[:3] for text in first[:4]] == ["A: ", "A: ", "B: ", "B: "]
    assert [row[0] for row in plain["verdicts"].rows] == [
        text.split(": ")[-1] for text in first[:4]
    ] + first[4:]
    assert named["before-after"].title == (
        "C: before and after, as it was; it began late: concludes nothing"
    )
    assert plain["before-after"].title == "before and after, as it was: concludes nothing"


def test_a_forced_posture_holds_from_its_date():
    from two_chairs.world.model import TwoChairs

    scenario = forced(load_scenario("short.toml"), "PIVOT", date(2020, 6, 1))
    postures = TwoChairs(scenario, range(3)).run().outcome("posture:PIVOT")
    week = scenario.week_of(date(2020, 6, 1))
    assert not postures[week - 1].any()
    assert postures[week:].all()


@pytest.mark.parametrize("name", [n for n in bundled_claims() if n.startswith("armenia/")])
@pytest.mark.slow
def test_every_bundled_claim_answers_in_the_same_form(name):
    result = two_chairs("claim", name, "--points", "40", "--replicates", "2", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["claim"] == name.removeprefix("armenia/")
    assert found["paragraph"] in range(1, 8)
    assert 0.0 <= found["holds"]["p05"] <= found["holds"]["value"] <= found["holds"]["p95"] <= 1.0
    assert "not about the world" in found["sentences"][-1]
    assert "not a forecast" in found["conditional_on"]
    assert found["manifest"]["claim"]["test"]["kind"] == found["kind"]
    known = {event.id for event in load_scenario("baseline").events}
    assert resolve_claim(read_claim(name)).worlds <= 120_000
    if found["kind"] in {"steps", "first-break"}:
        groups = found["manifest"]["claim"]["test"]
        named = groups.get("steps") or groups["shocks"]
        assert {event for events in named.values() for event in events} <= known


def test_the_command_leaves_a_folder(tmp_path):
    result = two_chairs("claim", write("steps"), "--out", "my answer")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "my answer"
    names = {path.name for path in folder.iterdir()}
    assert names == {"claim.json", "manifest.json", "steps.csv", "steps.png",
                     "depends-on.csv"}  # fmt: skip
    rows = list(csv.DictReader((folder / "steps.csv").read_text().splitlines()))
    assert [row["step"] for row in rows] == ["attack", "attack", "all together", "all together"]
    assert "Holds in 100 %" in result.stdout
    assert "A claim about the model" in " ".join(result.stdout.split())


def test_draws_of_the_posterior_are_points_beside_those_of_the_space():
    """The same test over another table: as many points, each a row of the frozen draws."""
    space = resolve_claim(read_claim(write("steps")))
    fitted = by_posterior(space)
    posterior = load_scenario("short.toml").posterior
    names = list(posterior.names)
    rows = [[float(cell) for cell in row.split(",")] for row in posterior.rows[:48]]
    for name in ("negativity", "utility_autonomy"):
        drawn = [row[names.index(name)] for row in rows]
        assert fitted.sweep.design.values()[name].tolist() == drawn
        assert space.sweep.design.values()[name].tolist() != drawn
    assert worlds_of(space) == 2 * space.worlds
    found = answer(space)
    told = found.sentences()[0]
    assert told.startswith("Holds in 100 % (100–100 %) of the space, and in 100 % (100–100 %) of ")
    assert found.record()["holds_by_posterior"]["value"] == 1.0
    assert "by the posterior" in found.sentences()[-1]


def test_with_ranges_of_its_own_the_space_stands_alone():
    ranged = HEAD + "[ranges]\nnegativity = { low = 1.2, high = 1.4 }\n"
    found = resolve_claim(read_claim(write("steps", head=ranged)))
    assert by_posterior(found) is None
    assert worlds_of(found) == found.worlds
    assert answer(found).record()["holds_by_posterior"] is None
    assert answer(found).sentences()[-1] == ABOUT


def test_what_the_model_has_not_is_said():
    missing = 'says = "Somebody said so."\nmissing = "a court that decides."'
    head = HEAD.replace('says = "Somebody said so."', missing)
    found = answered(write("never", head=head))
    assert found.sentences()[1] == "Not in the model: a court that decides."
    assert found.record()["missing"] == "a court that decides."
    for name in bundled_claims():
        assert read_claim(name).file.missing, name


def test_without_a_name_the_claims_are_listed():
    result = two_chairs("claim")
    assert result.exit_code == 0
    assert set(json.loads(two_chairs("claim", "--json").stdout)) == set(bundled_claims())
    for name in bundled_claims():
        assert name in result.stdout
    assert two_chairs("claim", "--points", "3").stderr == (
        "error: claim: names no claim; see 'two-chairs claim' for the names\n"
    )


def test_check_takes_claims():
    path = write("never")
    assert two_chairs("check", path).stdout == "mine.toml: claim tested in 192 worlds: good\n"


@pytest.mark.parametrize(
    ("kind", "old", "new", "message"),
    [
        ("never", "since", "sinse = 1\nsince", "test.sinse: unknown key; did you mean 'since'?"),
        ("never", 'kind = "never"', 'kind = "nevr"',
         "test.kind: 'nevr' is not known here; did you mean 'never'?"),
        ("never", 'claimed = "left"', 'claimed = "lef"',
         "test.claimed: 'lef' is not there; did you mean 'left'?"),
        ("never", "CSTO", "CTSO",
         "test.states.left: 'CTSO' is not one of the names there; did you mean 'CSTO'?"),
        ("never", "<= 0", "at 0", "test.states.left: 'institution:CSTO at 0' is not NAME SIGN "
                                  "NUMBER; write one such as 'institution:ID <= 0'"),
        ("never", "until = 2020-12-28", "until = 2021-12-28",
         "test.until: 2021-12-28 lies outside the run, 2020-01-06 to 2020-12-28; change it"),
        ("never", "until = 2020-12-28", "until = 2020-02-03",
         "test.until: 2020-02-03 lies not after since, 2020-02-03; change one"),
        ("first-break", 'talk = ["talk"]', 'talk = ["walk"]',
         "test.shocks.talk: 'walk' is no event of the scenario; did you mean 'talk'?"),
        ("first-break", 'talk = ["talk"]', "talk = []",
         "test.shocks.talk: names no event; name one or drop the line"),
        ("first-break", "until = 2020-05-25", "until = 2020-04-06",
         "test.shocks.talk: begins on 2020-04-06, not before the end of the test, 2020-04-06; "
         "drop it"),
        ("steps", 'threat = "rises"', 'thread = "rises"',
         "test.expected.\"thread\": 'thread' is not an outcome; did you mean 'threat'?"),
        ("forced-postures", '["PIVOT"]', '["HEDGE"]',
         "test.against: 'HEDGE' is the posture tested; name only the others"),
        ("forced-postures", 'map = ["negativity"', 'map = ["negativty"',
         "test.map: 'negativty' is not there; did you mean 'negativity'?"),
        ("forced-postures", 'of = "pivot"', 'of = "rival"',
         'test.payoffs: none is the pivot\'s; give at least one with of = "pivot"'),
        ("dose", "incumbent_security_dependence", "incumbent_security_dependenc",
         "test.parameter: 'incumbent_security_dependenc' is no parameter; did you mean "
         "'incumbent_security_dependence'?"),
        ("dose", "levels = [0.0, 0.5]", "levels = [0.0, 1.5]",
         "test.levels: 1.5 lies outside the bounds of 'incumbent_security_dependence', 0 to 1; "
         "change it"),
        ("dose", "autonomy@", "autonomi@",
         "test.where: 'autonomi' is not an outcome; did you mean 'autonomy'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(kind, old, new, message, tmp_path):
    path = write(kind, old, new)
    before = sorted(tmp_path.iterdir())
    for words in (("claim", path), ("check", path)):
        result = two_chairs(*words)
        assert result.exit_code == 2
        assert result.stderr == f"error: mine.toml: {message}\n"
    assert sorted(tmp_path.iterdir()) == before


def test_unknown_claims_and_keys():
    assert two_chairs("claim", "first-breaking-pint").stderr == (
        "error: claim first-breaking-pint: no claim has this name; "
        "did you mean 'first-breaking-point'?\n"
    )
    path = write("never", "points = 48", "point = 48")
    assert two_chairs("claim", path).stderr == (
        "error: mine.toml: point: unknown key; did you mean 'points'?\n"
    )
    assert "there is no such file" in two_chairs("claim", "nowhere.toml").stderr
    assert two_chairs("claim", "short.toml").stderr == (
        "error: short.toml: is no claim; "
        "a claim has 'says' and a table [test]: see docs/claims.md\n"
    )
    assert two_chairs("discover", write("never"), "--where", "tilt@end > 0").stderr == (
        "error: mine.toml: is a claim; run it with 'two-chairs claim mine.toml'\n"
    )


@pytest.mark.usefixtures("undrawn")
def test_tables_keep_every_word_on_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    text = two_chairs("claim", write("steps")).stdout
    assert max(map(len, text.splitlines())) <= 70
    words = [word for word in text.split() if word.endswith("…")]
    assert words == []  # cut cells end so; an interval has its ellipsis inside
