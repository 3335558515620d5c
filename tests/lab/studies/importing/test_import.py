"""Event data sets become ledgers; what they do not say is listed, never guessed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from commands import refused, two_chairs
from two_chairs_lab.studies.importing.formats import GDELT, ICEWS, POLECAT

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]


def gdelt(*rows: dict[str, str]) -> None:
    usual = {"IsRootEvent": "1", "SQLDATE": "20230301", "SOURCEURL": "https://example.org/a"}
    lines = ["\t".join((usual | row).get(name, "") for name in GDELT) for row in rows]
    Path("in.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def headed(columns: list[str], *rows: dict[str, str]) -> None:
    lines = ["\t".join(columns), *("\t".join(row.get(c, "") for c in columns) for row in rows)]
    Path("in.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def event(key: str, one: str, other: str, code: str, score: str = "", **more: str):
    return {
        "GLOBALEVENTID": key, "Actor1Name": one, "Actor1CountryCode": one[:3],
        "Actor2Name": other, "Actor2CountryCode": other[:3], "EventCode": code,
        "GoldsteinScale": score, **more,
    }  # fmt: skip


def run(*words: str) -> str:
    result = two_chairs("import", *words)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_gdelt_has_sixty_one_columns_without_a_header():
    assert len(GDELT) == 61
    assert [GDELT[n] for n in (0, 1, 7, 17, 25, 26, 30, 60)] == [
        "GLOBALEVENTID", "SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "IsRootEvent",
        "EventCode", "GoldsteinScale", "SOURCEURL",
    ]  # fmt: skip


def test_gdelt_becomes_a_ledger_that_check_accepts():
    gdelt(
        event("1", "RUS", "ARM", "130", "-4.4"),
        event("2", "DEU", "ARM", "042", "2.5"),
        event("3", "RUS", "ARM", "130", "-4.4", SQLDATE="20230309"),
        event("4", "RUS", "ARM", "130", "-4.4", SQLDATE="20230320"),
        event("5", "USA", "DEU", "042"),
        event("6", "IRN", "ARM", "042"),
        event("7", "RUS", "ARM", "057"),
        event("8", "RUS", "ARM", "042", Actor1Type1Code="BUS"),
        event("9", "RUS", "ARM", "042", IsRootEvent="0"),
    )
    said = run("in.csv", "--format", "gdelt", "--out", "own.csv")
    found = {row["id"]: row for row in rows("own.csv")}
    assert list(found) == ["G1", "G2", "G3", "G4"]
    assert (found["G1"]["actor"], found["G1"]["action"], found["G1"]["goldstein"]) == (
        "RUS", "threaten", "",
    )  # fmt: skip
    assert (found["G2"]["actor"], found["G2"]["goldstein"]) == ("WST", "2.5")
    assert [found[key]["weight"] for key in ("G1", "G3", "G4")] == ["1.0", "0.0", "1.0"]
    assert found["G3"]["correction"] == "may be the act of G1 told again: weight 0"
    asked = {row["code"]: row for row in rows("own-decisions.csv")}
    assert (
        asked["057"]["choices"] == "write an act of this CAMEO code; near are sign-agreement "
        "(+8.0), ratify-treaty (+8.0)"
    )
    assert asked["G8"]["means"] == ""
    for told in ("within one actor of the case", "no actor of the case: IRN", "IsRootEvent 0"):
        assert told in said
    checked = two_chairs("check", "own.csv")
    assert (checked.exit_code, checked.stderr) == (0, "")


def test_decisions_are_filled_in_and_given_back():
    gdelt(
        event("1", "RUS", "ARM", "057"), event("2", "IRN", "ARM", "042"),
        event("3", "RUS", "ARM", "042", Actor1Type1Code="BUS"), event("4", "RUS", "ARM", "010"),
    )  # fmt: skip
    Path("map.csv").write_text(
        "code,means\n057,sign-agreement\nIRN,AZE\nG3,visit\n010,-\n", encoding="utf-8"
    )
    run("in.csv", "--format", "gdelt", "--map", "map.csv", "--out", "own.csv")
    assert [(row["actor"], row["action"]) for row in rows("own.csv")] == [
        ("RUS", "sign-agreement"), ("AZE", "visit"), ("RUS", "visit"),
    ]  # fmt: skip
    assert not Path("own-decisions.csv").exists()


def test_icews_goes_by_names_and_says_which():
    headed(
        ICEWS,
        {"Event ID": "7", "Event Date": "2023-03-01", "Source Name": "Vladimir Putin",
         "Source Sectors": "Executive,Government", "Source Country": "Russian Federation",
         "Event Text": "Threaten", "CAMEO Code": "130", "Intensity": "-4.4",
         "Target Name": "Armenia", "Target Country": "Armenia"},
    )  # fmt: skip
    said = run("in.tsv", "--format", "icews", "--out", "own.csv")
    (row,) = rows("own.csv")
    assert (row["id"], row["actor"], row["target"], row["action"]) == (
        "I7", "RUS", "ARM", "threaten",
    )  # fmt: skip
    assert row["says"] == "Vladimir Putin toward Armenia: Threaten"
    assert "'Russian Federation' is taken for RUS." in said


def test_polecat_goes_by_class_and_mode_and_by_cow():
    usual = {"Event Date": "2023-03-01", "Recipient Country": "ARM"}
    headed(
        POLECAT,
        usual | {"Event ID": "a", "Actor Country": "None", "Actor COW": "365.0",
                 "Event Type": "REJECT", "Event Mode": "meet"},
        usual | {"Event ID": "b", "Actor Country": "RUS", "Event Type": "THREATEN",
                 "Event Mode": "relations"},
        usual | {"Event ID": "c", "Actor Country": "RUS", "Event Type": "MOBILIZE"},
        usual | {"Event ID": "d", "Actor Country": "RUS", "Event Type": "COERCE",
                 "Event Mode": "arrest"},
    )  # fmt: skip
    run("in.tsv", "--format", "polecat", "--out", "own.csv")
    assert [(row["id"], row["actor"], row["action"]) for row in rows("own.csv")] == [
        ("Pd", "RUS", "issue-arrest-warrant"),
    ]
    assert {row["code"]: row["choices"] for row in rows("own-decisions.csv")} == {
        "REJECT:meet": "refuse-to-meet | skip-summit",
        "THREATEN:relations": "threaten | threaten-to-cut-relations",
        "MOBILIZE": "show-force | mobilise-forces",
    }


def test_a_ledger_of_somebody_else_is_brought_into_the_words_of_the_case():
    Path("in.csv").write_text(
        "id,date,actor,target,action,weight,document,says\n"
        "A,2023-03-01,365,Armenia,130,0.4,d,Russia threatened.\n",
        encoding="utf-8",
    )
    run("in.csv", "--format", "ledger", "--out", "own.csv")
    (row,) = rows("own.csv")
    assert [row[key] for key in ("actor", "target", "action", "weight")] == [
        "RUS", "ARM", "threaten", "0.4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ([*ICEWS, "Mood"], "column 'Mood' is unknown in icews files; choose one of Event ID, "),
        ([c for c in ICEWS if c != "CAMEO Code"],
         "column 'CAMEO Code' is missing; add it, or check --format (icews)"),
    ],
)  # fmt: skip
def test_unknown_columns_are_refused(columns, line):
    headed(columns)
    said = refused("import", "in.tsv", "--format", "icews")
    assert said.startswith(f"error: in.tsv: row 1: {line}")
    assert "\n" not in said


def test_bad_input_is_told_in_one_line():
    gdelt(event("1", "RUS", "ARM", "130"))
    text = Path("in.csv").read_text(encoding="utf-8")
    Path("cut.csv").write_text(text[:40], encoding="utf-8")
    assert refused("import", "cut.csv", "--format", "gdelt").startswith(
        "error: cut.csv: row 1: has "
    )
    Path("map.csv").write_text("code,means\n057,sanctions\n", encoding="utf-8")
    assert refused("import", "in.csv", "--format", "gdelt", "--map", "map.csv").startswith(
        "error: map.csv: row 2, column means: 'sanctions' is no actor of the case and no act; near"
    )
    Path("in-ledger.csv").write_text("mine", encoding="utf-8")
    assert refused("import", "in.csv", "--format", "gdelt") == (
        "error: --out in-ledger.csv: stands already; choose another name"
    )
    gdelt(event("1", "RUS", "ARM", "130", SQLDATE="20231301"))
    assert "'20231301' is not a date of the calendar" in refused(
        "import", "in.csv", "--format", "gdelt", "--out", "own.csv"
    )
