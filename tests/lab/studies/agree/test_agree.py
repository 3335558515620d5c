"""Two coders side by side: matched rows, agreement by column, and what moves the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import refused, two_chairs

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

HEAD = "id,date,actor,target,action,weight,document,says\n"
ROWS = {
    "A": "A,2023-03-01,RUS,ARM,threaten,1,d,s\n",
    "B": "B,2023-04-03,RUS,ARM,use-military-force,0.5,d,s\n",
    "C": "C,2023-05-01,ARM,WST,visit,0.5,d,s\n",
    "D": "D,2023-06-05,ARM,WST,sign-agreement,1,d,s\n",
}


def ledgers(**changed: str) -> None:
    Path("a.csv").write_text(HEAD + "".join(ROWS.values()), encoding="utf-8")
    Path("b.csv").write_text(HEAD + "".join((ROWS | changed).values()), encoding="utf-8")


def record(*words: str) -> dict:
    result = two_chairs("agree", "a.csv", "b.csv", *words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.long
def test_the_same_ledger_twice_agrees_and_moves_nothing():
    ledgers()
    found = record("--worlds", "8")
    assert (found["matched"], found["only"], found["effects"]) == (4, [0, 0], [])
    assert found["two_chairs"][0] == found["two_chairs"][1]
    assert found["tilt"][0] == found["tilt"][1]
    assert {row["column"]: row["same"] for row in found["agreement"]}["action"] == 1.0


@pytest.mark.long
def test_the_row_that_moves_the_seat_is_named():
    ledgers(
        A=ROWS["A"].replace("2023-03-01", "2023-03-02"), C="",
        B=ROWS["B"].replace("use-military-force", "praise"),
        E="E,2023-06-05,WST,ARM,visit,0.1,d,s\n",
    )  # fmt: skip
    found = record("--worlds", "32")
    assert (found["matched"], found["only"]) == (3, [1, 1])
    effects = {row["row"]: row for row in found["effects"]}
    assert set(effects) == {"A", "B", "C", "E"}
    assert effects["C"]["what"] == "only the first has it"
    assert effects["E"]["what"] == "only the second has it"
    assert "action use-military-force → praise" in effects["B"]["what"]
    assert abs(effects["B"]["tilt"]) == max(abs(row["tilt"]) for row in effects.values()) > 0.01
    agreement = {row["column"]: row for row in found["agreement"]}
    assert agreement["action"]["same"] == pytest.approx(2 / 3)
    assert agreement["actor"]["kappa"] == 1.0
    assert agreement["weight"]["kappa"] is None


@pytest.mark.long
def test_a_weight_that_differs_counts_though_a_posterior_knows_the_id():
    source = two_chairs("show", "baseline", "--json")
    event = next(e for e in json.loads(source.stdout)["events"] if e["id"] == "S23")
    head = HEAD.replace("weight", "weight,weight_low,weight_high")
    for name, weight in (("a", "0.1,0,0.2"), ("b", "2.5,2,3")):
        row = f"S23,{event['date']},{event['actor']},{event['target']},{event['action']},{weight}"
        Path(f"{name}.csv").write_text(f"{head}{row},d,s\n", encoding="utf-8")
    (effect,) = record("--worlds", "16")["effects"]
    assert abs(effect["tilt"]) > 0.002
    assert effect["tilt"] == pytest.approx(record("--worlds", "16")["tilt"][1]
                                           - record("--worlds", "16")["tilt"][0])  # fmt: skip


def test_other_tables_are_compared_by_any_key():
    head = "quarter,actor,chosen,support,note\n"
    Path("a.csv").write_text(
        head + "1,ARM,LOYAL,LOYAL:0.9;HEDGE:0.1,x\n1,RUS,WARN,WARN:1,\n2,ARM,HEDGE,HEDGE:1,\n"
    )
    Path("b.csv").write_text(
        head + "2,ARM,HEDGE,HEDGE:1,\n1,ARM,HEDGE,LOYAL:0.4;HEDGE:0.6,y\n1,RUS,WARN,WARN:1,\n"
    )
    found = record("--key", "quarter", "--key", "actor")
    assert found["matched"] == 3
    rows = {row["column"]: row for row in found["agreement"]}
    assert rows["chosen"]["same"] == pytest.approx(2 / 3)
    assert rows["support LOYAL"]["mean_difference"] == pytest.approx(0.5 / 3)
    assert "note" not in rows
    assert found["two_chairs"] == [None, None]
    text = two_chairs("agree", "a.csv", "b.csv", "--key", "quarter", "--key", "actor").stdout
    assert "no model was run" in text
    assert refused("agree", "a.csv", "b.csv", "--key", "quarter") == (
        "error: a.csv: row 3: 1 stands twice; name more columns by --key"
    )


@pytest.mark.long
def test_what_can_not_be_matched_is_told():
    ledgers()
    assert refused("agree", "a.csv", "b.csv", "--key", "dates") == (
        "error: a.csv: has no column 'dates' of the key; did you mean 'date'?"
    )
    Path("b.csv").write_text(HEAD + ROWS["A"].replace("A,", "X,"), encoding="utf-8")
    assert refused("agree", "a.csv", "b.csv") == (
        "error: b.csv: shares no id with a.csv; name other columns by --key"
    )
    Path("b.csv").write_text(HEAD + ROWS["A"].replace("2023", "2033"), encoding="utf-8")
    assert refused("agree", "a.csv", "b.csv").startswith(
        "error: b.csv: row 2, column date: 2033-03-01 lies outside the run of baseline, 2020"
    )
    ledgers()
    assert refused("agree", "a.csv", "b.csv", "--at", "2031-01-01").startswith(
        "error: --at 2031-01-01: lies outside the run"
    )


@pytest.mark.long
def test_tables_are_left_in_a_folder():
    ledgers(C="")
    result = two_chairs("agree", "a.csv", "b.csv", "--worlds", "4", "--out", "out")
    assert result.exit_code == 0, result.stderr
    left = {path.name for path in Path("out").iterdir()}
    assert left == {"agree.json", "agreement.csv", "differences.csv", "effects.csv",
                    "manifest.json"}  # fmt: skip
    assert "sampling error" in result.stdout
