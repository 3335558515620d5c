"""One act told in several rows is asked about, and so are counts taken for weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import two_chairs
from two_chairs.scenario.library import bundled_scenarios

pytestmark = [pytest.mark.format, pytest.mark.usefixtures("elsewhere")]

HEAD = "id,date,actor,target,action,weight,document,says\n"


def told(*rows: str) -> str:
    cells = (f"{row},notes,Something was said.\n" for row in rows)
    Path("own.csv").write_text(HEAD + "".join(cells), encoding="utf-8")
    result = two_chairs("check", "own.csv")
    assert result.exit_code == 0, result.stderr
    return result.stderr


def test_one_act_in_three_rows_is_asked_about():
    assert told(
        "A,2023-03-01,RUS,ARM,threaten,1", "B,2023-03-06,RUS,ARM,threaten,1",
        "D,2023-03-10,ARM,RUS,threaten,1", "C,2023-03-11,RUS,ARM,threaten,1",
    ) == (
        "warning: own.csv: row 2: A, B, C may be one act told 3 times (RUS>ARM, threaten, "
        "2023-03-01 to 2023-03-11, weight 3 in all; also own.csv: row 3; own.csv: row 5); if so "
        "keep one row, or let the weights add up to one\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        ("A,2023-03-01,RUS,ARM,threaten,1", "B,2023-03-12,RUS,ARM,threaten,1"),
        ("A,2023-03-01,RUS,ARM,threaten,1", "B,2023-03-02,ARM,RUS,threaten,1"),
        ("A,2023-03-01,RUS,ARM,threaten,1", "B,2023-03-02,RUS,ARM,accuse,1"),
        ("A,2023-03-01,RUS,ARM,threaten,0.5", "B,2023-03-02,RUS,ARM,threaten,0.5"),
    ],
)
def test_what_is_apart_is_not(rows):
    assert told(*rows) == ""


def test_a_weight_of_sixty_is_a_count():
    assert told("A,2023-03-01,RUS,ARM,threaten,60") == (
        "warning: own.csv: row 2, column weight: 60 looks like a count; a weight says how much of "
        "one full act it was, and 1 is all of it\n"
    )


@pytest.mark.long
def test_the_same_ledger_again_under_other_names_is_told_by_every_command():
    source = bundled_scenarios()["armenia/baseline"].parent / "events" / "context.csv"
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    Path("again.csv").write_text("\n".join([head, *("X" + row for row in rows)]), encoding="utf-8")
    Path("own.toml").write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\nadd_events = ["again.csv"]\n',
        encoding="utf-8",
    )
    for command in (("check", "own.toml"), ("show", "own.toml")):
        lines = two_chairs(*command).stderr.splitlines()
        assert len(lines) > 5
        assert all("may be one act told" in line and "again.csv: row " in line for line in lines)


@pytest.mark.parametrize("name", ["baseline", "article", "replay-2013"])
def test_bundled_scenarios_tell_each_act_once(name):
    assert "may be one act" not in two_chairs("show", name, "--json").stderr
