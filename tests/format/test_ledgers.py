"""Which events a scenario has: ledgers that replace, ledgers that add, ledgers by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.scenario.layers import input_files
from two_chairs.scenario.library import bundled_ledgers
from two_chairs.scenario.provenance import at_defaults
from two_chairs.scenario.resolve import load_scenario

pytestmark = [pytest.mark.format, pytest.mark.usefixtures("elsewhere")]

HEAD = 'title = "a"\nquestion = "b"\nextends = "{}"\n'
REPLACED = (
    "own.toml: events: replaces the 59 events of baseline (27 Sep 2020 to 30 Nov 2023); write "
    "add_events instead to keep them, or events = [] beside add_events if they are to go"
)


def ledger(name: str, *ids: str) -> None:
    rows = [
        f"{key},2023-03-06,RUS,ARM,threaten,,,,,,,,,,,,my notes,,Russia warned.,\n" for key in ids
    ]
    Path(name).write_text("".join([HEADER, *rows]), encoding="utf-8")


HEADER = (
    "id,date,actor,target,action,goldstein,security,economy,politics,material,weight,weight_low,"
    "weight_high,severity,coverage,defended,document,paragraph,says,correction\n"
)


def scenario(name: str, lines: str, extends: str = "baseline") -> Path:
    Path(name).write_text(HEAD.format(extends) + lines, encoding="utf-8")
    return Path(name)


def events_of(name: str) -> list[str]:
    shown = two_chairs("show", name, "--json")
    assert shown.exit_code == 0, shown.stderr
    return [event["id"] for event in json.loads(shown.stdout)["events"]]


def test_add_events_keeps_what_is_inherited():
    ledger("own.csv", "MINE")
    scenario("own.toml", 'add_events = ["own.csv"]\n')
    result = two_chairs("check", "own.toml")
    baseline = load_scenario("baseline")
    usual = len(at_defaults(baseline))
    assert (result.stdout, result.stderr) == (
        "own.toml: scenario of 365 weeks and 60 events "
        "(1 by Azerbaijan, no patron: no seat moves by that), "
        f"{usual} of {len(baseline.parameters)} parameters at the program's defaults: good\n",
        "",
    )
    assert events_of("own.toml")[-1] == "MINE"
    assert {"own.csv", "article.csv", "context.csv"} <= {p.name for p in input_files("own.toml")}


@pytest.mark.long
@pytest.mark.parametrize("command", ["check", "run", "show"])
def test_events_that_replace_say_what_goes(command):
    ledger("own.csv", "MINE")
    scenario("own.toml", 'events = ["own.csv"]\n')
    more = ["--worlds", "2", "--json"] if command == "run" else []
    result = two_chairs(command, "own.toml", *more)
    assert (result.exit_code, result.stderr) == (0, f"warning: {REPLACED}\n")


def test_a_file_extended_warns_too():
    ledger("own.csv", "MINE")
    scenario("own.toml", 'events = ["own.csv"]\n')
    scenario("top.toml", 'drop = ["MINE"]\n', "own")
    assert two_chairs("check", "top.toml").stderr == f"warning: {REPLACED}\n"


@pytest.mark.parametrize(
    "lines",
    [
        "events = []\n",
        'events = []\nadd_events = ["own.csv"]\n',
        'events = ["events/article.csv", "events/context.csv", "own.csv"]\n',
        'events = ["armenia/article", "armenia/context", "own.csv"]\n',
    ],
)
def test_what_is_meant_is_not_warned_of(lines):
    ledger("own.csv", "MINE")
    scenario("own.toml", lines)
    assert two_chairs("check", "own.toml").stderr == ""


def test_bundled_scenarios_warn_of_nothing():
    assert two_chairs("show", "article", "--json").stderr == ""


def test_ledgers_are_added_layer_by_layer():
    for name in ("one", "two"):
        ledger(f"{name}.csv", name.upper())
    scenario("one.toml", 'events = []\nadd_events = ["armenia/article", "one.csv"]\n')
    scenario("two.toml", 'drop = ["S01", "ONE"]\nadd_events = ["two.csv"]\n', "one")
    found = events_of("two.toml")
    assert found[-1] == "TWO"
    assert "S03" in found
    assert not {"S01", "ONE", "C03"} & set(found)


def test_an_id_that_is_dropped_can_be_added_anew():
    ledger("own.csv", "C03")
    scenario("own.toml", 'drop = ["C03"]\nadd_events = ["own.csv"]\n')
    assert events_of("own.toml").count("C03") == 1


def test_bundled_ledgers_go_by_the_names_of_their_case():
    assert {"armenia/article", "armenia/context", "serbia/ledger"} <= set(bundled_ledgers())
    scenario("own.toml", 'events = ["armenia/context"]\n')
    assert "C03" in events_of("own.toml")


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ('add_events = ["own.csv"]\n[[add]]\nid = "C03"\ndate = 2023-03-06\nactor = "RUS"\n'
         'target = "ARM"\naction = "threaten"\ndocument = "d"\nsays = "s"\n',
         "own.csv: row 3, column id: 'C03' stands already among the events; drop that or rename "
         "this\nerror: own.toml: add[C03].id: stands already among the events; drop that or rename "
         "this"),
        ('add_events = ["armenia/article"]\n',
         "own.toml: add_events[1]: all its events stand already; leave it out"),
        ('add_events = ["armenia/articel"]\n', "own.toml: add_events[1]: there is no bundled "
         "ledger 'armenia/articel'; did you mean 'armenia/article'?"),
        ('add_events = ["own.cvs"]\n',
         "own.toml: add_events[1]: there is no file 'own.cvs'; check the path"),
        ('add_event = ["own.csv"]\n',
         "own.toml: add_event: unknown key; did you mean 'add_events'?"),
    ],
)  # fmt: skip
def test_what_can_not_be_added_is_explained(lines, line):
    ledger("own.csv", "MINE", "C03")
    scenario("own.toml", lines)
    result = two_chairs("check", "own.toml")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {line}\n")
