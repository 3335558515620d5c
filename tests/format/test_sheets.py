"""Spreadsheets as people have them: each form that is read, and each that is asked about."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.errors import InputError, Notice
from two_chairs.scenario.files import read_draws, read_events, read_observations

pytestmark = [pytest.mark.format, pytest.mark.usefixtures("elsewhere")]

SHEETS = Path(__file__).parent / "sheets"
COLUMNS = ["id", "date", "actor", "target", "action", "weight", "defended", "document", "says"]
FIRST = {
    "id": "E1", "date": "2024-03-04", "actor": "RUS", "target": "ARM", "action": "threaten",
    "weight": "0.5", "document": "notes", "says": "Russia warned.",
}  # fmt: skip
SECOND = FIRST | {"id": "E2", "date": "2024-05-13", "weight": "0.25"}


def written(*rows: dict[str, str], sep: str = ",", columns: list[str] = COLUMNS) -> str:
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return "".join(sep.join(line) + "\n" for line in lines)


def read(text: str | bytes, name: str = "own.csv") -> tuple[list[dict], str, list[str]]:
    """Return the events of a text, the line on how it was read, and the problems."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    Path(name).write_bytes(data)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("two_chairs.scenario.tables.notice", lambda _, line: said.append(line))
        try:
            rows, problems = read_events(Path(name))
        except InputError as error:
            rows, problems = [], list(error.problems)
    events = [row.model_dump(exclude_defaults=True) for _, row in rows]
    assert len(said) <= 1
    return events, said[0] if said else "", [str(problem) for problem in problems]


USUAL = [
    {
        "id": key, "date": day, "actor": "RUS", "target": "ARM", "action": "threaten",
        "weight": weight, "document": "notes", "says": "Russia warned.",
    }
    for key, day, weight in (("E1", date(2024, 3, 4), 0.5), ("E2", date(2024, 5, 13), 0.25))
]  # fmt: skip


def two(first: dict[str, str], second: dict[str, str], **more: object) -> str:
    return written(FIRST | first, SECOND | second, **more)


COMMA = ({"weight": "0,5"}, {"weight": "0,25"})
READ = {
    "plain": (two({}, {}), ""),
    "semicolons": (two({}, {}, sep=";"), "semicolons"),
    "semicolons, decimal comma": (two(*COMMA, sep=";"), "semicolons, decimal comma"),
    "tabs": (two({}, {}, sep="\t"), "tabs"),
    "tabs, decimal comma": (two(*COMMA, sep="\t"), "tabs, decimal comma"),
    "a line for Excel": ("sep=;\n" + two({}, {}, sep=";"), "semicolons"),
    "day.month.year": (two({"date": "04.03.2024"}, {"date": "13.05.2024"}), "day.month.year"),
    "short years": (
        two({"date": "4.3.24"}, {"date": "13.05.24"}),
        "day.month.year, two-digit years as 20..",
    ),
    "day first, told by another row": (
        two({"date": "4/3/2024"}, {"date": "13/5/2024"}), "day/month/year",
    ),
    "month first, told by another row": (
        two({"date": "3/4/2024"}, {"date": "5/13/2024"}), "month/day/year",
    ),
    "dashes": (two({"date": "04-03-2024"}, {"date": "13-05-2024"}), "day-month-year"),
    "year first": (two({"date": "2024/3/4"}, {"date": "2024.05.13."}),
                   "year/month/day, year.month.day"),
    "months in words": (two({"date": "4-Mar-24"}, {"date": '"May 13, 2024"'}),
                        "day month year, month day, year"),
    "midnight": (
        two({"date": "2024-03-04 00:00:00"}, {"date": "2024-05-13T00:00"}),
        "dates without their midnight",
    ),
    "dashes of word processors": (
        two({"date": "2024−03−04"}, {"date": "13–05–2024"}),
        "dashes in dates as hyphens, day-month-year",
    ),
    "empty rows and columns": (two({}, {}, columns=[*COLUMNS, "", "", ""]) + ",,,\n\n,,\n", ""),
    "empty cells behind the last": (two({}, {}, columns=[*COLUMNS, "correction"])
                                    .replace("warned.,\n", "warned.,,,\n"), ""),
    "rows that end early": (two({}, {}, columns=[*COLUMNS, "correction", "paragraph"])
                            .replace("warned.,,\n", "warned.\n"), ""),
    "an index column": (
        "".join(f"{n}{line}" for n, line in zip(("", "0,", "1,"), two({}, {}).splitlines(True),
                                                strict=True)).replace("id", ",id", 1),
        "without its index column",
    ),
    "capitals and blanks in headings": (two({}, {}).replace("id,date", " Id,DATE"), ""),
    "a true minus": (two({"weight": "0.5"}, {}).replace("0.25", "+0.25"), ""),
    "blanks that do not break": (two({"actor": "RUS\u00a0"}, {"weight": "\u00a00.25"}), ""),
    "a byte-order mark and Windows' lines": (
        ("\ufeff" + two({}, {}).replace("\n", "\r\n")), "",
    ),
    "NA for blank": (two({"defended": "NA"}, {"defended": "NA"}), "NA for blank"),
}  # fmt: skip


@pytest.mark.parametrize("form", READ)
def test_a_form_is_read_and_told(form):
    text, line = READ[form]
    events, said, problems = read(text)
    assert problems == []
    assert events == USUAL
    assert said == (f"read as {line}" if line else "")


def test_signs_and_truths_of_spreadsheets():
    columns = ["goldstein", "severity", "coverage", *COLUMNS]
    row = FIRST | {"goldstein": "−4,5", "severity": "0,5", "coverage": "1", "defended": "FALSCH",
                   "actor": "AZE"}  # fmt: skip
    events, said, problems = read(written(row, columns=columns, sep=";").replace("0.5", "0,5"))
    assert problems == []
    assert (events[0]["goldstein"], events[0]["defended"]) == (-4.5, False)
    assert said == "read as semicolons, decimal comma, FALSCH for false"


ASKED = {
    "3/4/25": (two({"date": "3/4/25"}, {"date": "5/6/25"}),
               "own.csv: row 2, column date: '3/4/25' can be 2025-04-03 or 2025-03-04; write which "
               "it is, in that form (and 1 more)"),
    "both orders": (two({"date": "13/4/2024"}, {"date": "5/13/2024"}),
                    "own.csv: row 3, column date: '5/13/2024' has the month first and '13/4/2024' "
                    "in row 2 the day; write all dates as YYYY-MM-DD"),
    "a day number": (two({"date": "45355"}, {}),
                     "own.csv: row 2, column date: '45355' is a spreadsheet's day number, probably "
                     "2024-03-04; format the cells as dates and save again"),
    "no day": (two({"date": "31.02.2024"}, {}),
               "own.csv: row 2, column date: '31.02.2024' is not a date of the calendar; write it "
               "as YYYY-MM-DD"),
    "a time": (two({"date": "2024-03-04 12:30"}, {}),
               "own.csv: row 2, column date: '2024-03-04 12:30' is not a date of the calendar; "
               "write it as YYYY-MM-DD"),
    "a comma among commas": (two({"weight": '"0,5"'}, {"weight": '"0,25"'}),
                             "own.csv: row 2, column weight: '0,5' has a comma where commas "
                             "separate cells; write 0.5 (and 1 more)"),
    "comma and point": (two({"weight": "0,5"}, {}, sep=";"),
                        "own.csv: row 2, column weight: '0,5' has a comma and '0.25' in row 3 a "
                        "point; use one of them"),
    "a thousand or one": (two({"weight": "1,500"}, {"weight": "2"}, sep="\t"),
                          "own.csv: row 2, column weight: '1,500' can be 1.500 or 1500; write "
                          "which it is"),
    "a column without a name": (two({}, {}, columns=["id", "", *COLUMNS[1:]])
                                .replace("E1,", "E1,x"),
                                "own.csv: row 1: column B has cells and no heading; name it or "
                                "empty it"),
    "a text without quotes": (two({"says": "Russia warned, twice."}, {},
                                  columns=[*COLUMNS, "correction"]),
                              "own.csv: row 2: has 11 cells where the header has 10; quote texts "
                              "that hold commas"),
    "a row that is cut": (two({}, {}) + "E3,2024-06-03,RUS\n",
                          "own.csv: row 4: has 3 cells where the header has 9; complete the row"),
    "NA in a text": (two({"document": "NA"}, {}),
                     "own.csv: row 2, column document: is missing; add it"),
    "a needed column": (two({}, {}, columns=[c for c in COLUMNS if c != "says"]),
                        "own.csv: row 1: column 'says' is missing; add it"),
    "cp1252": (two({"says": "Été"}, {}).encode("cp1252"),
               "own.csv: line 2: byte 0xc9 is not UTF-8; in Excel choose Save As → CSV UTF-8"),
    "UTF-16": (two({}, {}).encode("utf-16"),
               "own.csv: is saved as UTF-16 (Unicode Text); in Excel choose Save As → CSV UTF-8"),
    "UTF-16 without its mark": (two({}, {}).encode("utf-16-le"),
                                "own.csv: holds NUL bytes; in Excel choose Save As → CSV UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("form", ASKED)
def test_what_can_not_be_told_is_asked_about_in_one_line(form):
    text, line = ASKED[form]
    assert read(text)[2] == [line]


@pytest.mark.long
def test_the_line_is_told_once_by_check_and_by_run():
    Path("own.csv").write_text(two(*COMMA, sep=";"), encoding="utf-8")
    Path("own.toml").write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\nagents_act_from = 2024-06-03\n'
        'add_events = ["own.csv"]\n',
        encoding="utf-8",
    )
    line = "note: own.csv: read as semicolons, decimal comma\n"
    for words in (("check", "own.toml"), ("run", "own.toml", "--worlds", "2", "--json")):
        result = two_chairs(*words)
        assert (result.exit_code, result.stderr) == (0, line)


@pytest.mark.parametrize("name", sorted(path.name for path in SHEETS.glob("libreoffice*")))
def test_what_libreoffice_saves_is_read(name):
    """One sheet, saved by LibreOffice in five languages and as three kinds of workbook."""
    if not name.endswith(".csv"):
        pytest.importorskip("python_calamine")
    events, said, problems = read((SHEETS / name).read_bytes(), name)
    assert problems == []
    assert [event["date"] for event in events] == [
        date(2024, 3, 4), date(2024, 5, 13), date(2024, 7, 9),
    ]  # fmt: skip
    assert [event.get("weight", 1.0) for event in events] == [0.7, 0.4, 1.0]
    assert events[0]["goldstein"] == -4.4
    assert events[2]["defended"] is False
    told = {
        "de-DE": "semicolons, day.month.year, decimal comma, FALSCH for false",
        "en-US": "semicolons, month/day/year",
        "fr-FR": "semicolons, day/month/year, decimal comma, FAUX for false",
        "hy-AM": "semicolons, day.month.year, ԿԵՂԾ for false",
        "ru-RU": "semicolons, day.month.year, decimal comma, ЛОЖЬ for false",
    }
    line = told.get(name.removesuffix(".csv")[-5:], "a workbook, sheet 'Events'")
    assert said == f"read as {line}"


@pytest.mark.parametrize("name", ["own.CSV", "own.tsv", "own.Csv"])
def test_endings_in_capitals(name):
    Path(name).write_text(two({}, {}), encoding="utf-8")
    assert two_chairs("check", name).stdout.endswith(": good\n")


def test_a_workbook_named_csv_is_recognised():
    pytest.importorskip("python_calamine")
    shutil.copy(SHEETS / "libreoffice.xlsx", "own.csv")
    result = two_chairs("check", "own.csv")
    assert (result.exit_code, result.stderr) == (
        0, "note: own.csv: read as a workbook named .csv, sheet 'Events'\n",
    )  # fmt: skip


def test_a_workbook_without_its_package(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    shutil.copy(SHEETS / "libreoffice.xlsx", "own.xlsx")
    result = two_chairs("check", "own.xlsx")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: own.xlsx: python-calamine is not installed; install it")
    assert "[excel]" in result.stderr


def test_a_workbook_that_is_cut():
    pytest.importorskip("python_calamine")
    Path("own.xlsx").write_bytes((SHEETS / "libreoffice.xlsx").read_bytes()[:2000])
    result = two_chairs("check", "own.xlsx")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "can not be read as a workbook" in result.stderr
    assert result.stderr.endswith("; save it again as .xlsx or CSV UTF-8\n")


def test_observations_are_read_by_the_same_door():
    columns = "id;series;start;end;value;error;beside;house;question;document"
    row = "P1;trust;01.02.2024;13.02.2024;0,6;0,02;share;house;question;notes"
    Path("observations.csv").write_text(f"{columns}\n{row}\n", encoding="utf-8")
    with pytest.warns(Notice, match=r"read as semicolons, day\.month\.year, decimal comma"):
        ((_, row),) = read_observations(Path("observations.csv"))
    assert (row.start, row.value) == (date(2024, 2, 1), 0.6)


def test_draws_saved_again_by_a_spreadsheet():
    Path("draws.csv").write_text("reception_gain;negativity\n0,5;1,25\n", encoding="utf-8")
    with pytest.warns(Notice, match="read as semicolons"):
        assert read_draws(Path("draws.csv")) == (("reception_gain", "negativity"), ("0.5,1.25",))
    assert "posterior of 1 draws" in two_chairs("check", "draws.csv").stdout
