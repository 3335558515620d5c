"""Files to begin with are accepted by check, run, and overwrite nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands import refused, two_chairs
from two_chairs.scenario.resolve import load_scenario

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]


def good(*files: str) -> None:
    result = two_chairs("check", *files)
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.long
def test_a_case_is_accepted_and_runs():
    made = two_chairs("new", "case", "my-land").stdout
    files = ["my-land/case.toml", "my-land/baseline.toml", "my-land/events/record.csv"]
    assert made.startswith(f"Made {', '.join(files)}. Next:\n  two-chairs check my-land/case.toml")
    good(*files)
    ran = two_chairs("run", files[1], "--worlds", "2", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert 'title = "My land"' in Path(files[0]).read_text(encoding="utf-8")


def test_what_is_offered_in_comments_is_right_too():
    two_chairs("new", "case", "land")
    two_chairs("new", "scenario", "land/other", "--extends", "baseline")
    for file in (Path("land/baseline.toml"), Path("land/other.toml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        told = [line for line in lines if line.startswith("# ") and not line.endswith((".", ":"))]
        bare = [line.removeprefix("# ") if line in told else line for line in lines]
        kept = [line for line in bare if not line.startswith(("add_events", "drop"))]
        file.write_text("\n".join(kept), encoding="utf-8")
    good("land/baseline.toml", "land/other.toml")
    case = Path("land/case.toml")
    text = case.read_text(encoding="utf-8")
    for line in ("iso3", "cow"):
        text = text.replace(f"# {line} =", f"{line} =")
    case.write_text(text, encoding="utf-8")
    good("land/case.toml")


LAND = ["land/case.toml", "land/baseline.toml", "land/events/record.csv"]
UNCOVERED = "count as covered by a treaty with New Patron, and no security-treaty stands"


def offered():
    """Return the line numbers of every key that the template of a case offers, one by one."""
    two_chairs("new", "case", "land")
    lines = Path("land/case.toml").read_text(encoding="utf-8").splitlines()
    return lines, [n for n, line in enumerate(lines) if re.match(r"# \w+ = ", line)]


def opened(lines, number):
    """Open one offered line; its key goes instead of the one that stands above it."""
    line = lines[number].removeprefix("# ")
    key, above = line.partition(" = ")[0], number - 1
    kept = list(lines)
    kept[number] = line
    while lines[above] and not lines[above].startswith("["):
        if lines[above].startswith(f"{key} = "):
            kept[above] = ""
        above -= 1
    return line, kept


def in_closed_table(lines, number):
    """Say whether a line stands in a table that is offered as a whole."""
    before = (line for line in reversed(lines[:number]) if re.match(r"(# )?\[", line) or not line)
    return next(before).startswith("# [")


@pytest.mark.slow
def test_each_line_that_the_case_offers_is_accepted_by_itself_and_runs():
    lines, numbers = offered()
    loose = [n for n in numbers if not in_closed_table(lines, n)]
    assert len(loose) == 11
    for number in loose:
        line, text = opened(lines, number)
        Path(LAND[0]).write_text("\n".join(text), encoding="utf-8")
        result = two_chairs("check", *LAND)
        assert result.exit_code == 0, (line, result.stderr)
        assert (UNCOVERED in result.stderr) == ('["incumbent", "adversary"]' in line), line
        ran = two_chairs("run", LAND[1], "--worlds", "2", "--json")
        assert ran.exit_code == 0, (line, ran.stderr)


def test_numbers_of_a_patrons_own_that_the_case_offers_are_accepted():
    lines, _ = offered()
    first = next(n for n, line in enumerate(lines) if line.startswith("# [parameters."))
    bare = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines[first:]]
    Path(LAND[0]).write_text("\n".join(lines[:first] + bare), encoding="utf-8")
    good(*LAND)
    known = load_scenario(LAND[1]).parameters
    assert known["rival_tolerated_tilt"].value == 0.3
    assert known["attack_coverage"].high == 0.4


def test_a_scenario_extends_what_it_is_told():
    two_chairs("new", "scenario", "mine")
    good("mine.toml")
    two_chairs("new", "scenario", "late", "--extends", "mine")
    assert 'extends = "mine"' in Path("late.toml").read_text(encoding="utf-8")
    good("late.toml")
    said = refused("new", "scenario", "lost", "--extends", "nothing")
    assert said.startswith(
        "error: lost.toml: extends: no scenario 'nothing' stands beside this file"
    )


def test_a_ledger_has_the_actors_of_its_case():
    two_chairs("new", "ledger", "own")
    good("own.csv")
    two_chairs("new", "case", "land")
    two_chairs("new", "ledger", "land/events/own.csv")
    assert ",OLD,HOM," in Path("land/events/own.csv").read_text(encoding="utf-8")
    good("land/events/own.csv")


@pytest.mark.parametrize(
    ("kind", "file"), [("case", "a"), ("scenario", "a.toml"), ("ledger", "a.csv")]
)
def test_nothing_is_overwritten(kind, file):
    Path(file).write_text("mine", encoding="utf-8")
    said = refused("new", kind, "a")
    assert said == f"error: new {file}: stands already; choose another name"
    assert Path(file).read_text(encoding="utf-8") == "mine"
    said = refused("new", kind, "nowhere/a")
    assert said.endswith("its folder does not exist; make it first")
