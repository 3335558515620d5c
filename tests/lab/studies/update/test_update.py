"""New rows on record: where it stands now, and what moved since, with no remainder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from commands import refused, two_chairs
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.update.study import update

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

HEAD = "id,date,actor,target,action,weight,document,says\n"
ROWS = {
    "N1": "N1,2024-02-23,ARM,RUS,freeze-membership,1,d,Armenia freezes its part.\n",
    "N2": "N2,2024-04-05,WST,ARM,promise-economic-aid,1,d,Money is promised.\n",
}


def new(**rows: str) -> None:
    Path("new.csv").write_text(HEAD + "".join((ROWS | rows).values()), encoding="utf-8")


def record(*words: str, name: str = "baseline") -> dict:
    result = two_chairs("update", name, "--with", "new.csv", "--worlds", "4", "--json", *words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.long
def test_the_parts_sum_to_the_change():
    new()
    found = record()
    assert (found["last_record"], found["now"]) == ("2023-11-30", "2024-04-05")
    assert sum(found["sum"].values()) == pytest.approx(found["end"] - found["start"], abs=1e-12)
    causes = {row["cause"]: row for row in found["causes"]}
    rows = sum(causes[key]["mean"] for key in ROWS)
    assert found["sum"]["new row"] == pytest.approx(rows, abs=1e-12)
    assert causes["N2"]["mean"] > 0.001
    assert found["sum"]["earlier row"] == 0.0
    assert "record complete to 5 Apr 2024" in found["conditional_on"]
    assert sum(found["regime_shares"].values()) == pytest.approx(1.0)


@pytest.mark.long
def test_the_start_is_where_it_stood_and_the_end_is_where_a_run_stands():
    new()
    found = record()
    base = json.loads(two_chairs("explain", "baseline", "--window", ":2023-11-30", "--worlds",
                                 "4", "--json").stdout)  # fmt: skip
    assert found["start"] == pytest.approx(base["ensemble"]["end"]["mean"], abs=1e-12)
    Path("own.toml").write_text(
        'title = "a"\nquestion = "b"\nextends = "baseline"\nadd_events = ["new.csv"]\n'
        "agents_act_from = 2024-04-08\n",
        encoding="utf-8",
    )
    run = json.loads(two_chairs("explain", "own.toml", "--window", ":2024-04-05", "--worlds",
                                "4", "--json").stdout)  # fmt: skip
    assert found["end"] == pytest.approx(run["ensemble"]["end"]["mean"], abs=1e-12)


@pytest.mark.long
def test_rows_that_come_late_are_in_the_sum_too():
    new(N0="N0,2023-10-16,ARM,RUS,accuse,1,d,Told late.\n")
    found = record()
    causes = {row["cause"]: row["part"] for row in found["causes"]}
    assert causes["N0"] == "new row"
    assert "earlier row" in causes.values()
    assert sum(found["sum"].values()) == pytest.approx(found["end"] - found["start"], abs=1e-12)
    said = two_chairs("update", "--with", "new.csv", "--worlds", "2", "--figures", "none").stdout
    assert "older than the last record" in " ".join(said.split())


@pytest.mark.long
def test_a_waterfall_and_tables_are_left():
    new()
    result = two_chairs("update", "--with", "new.csv", "--worlds", "4", "--out", "out")
    assert result.exit_code == 0, result.stderr
    left = {path.name for path in Path("out").iterdir()}
    assert left == {"causes.csv", "manifest.json", "update.csv", "update.json", "waterfall.png"}
    manifest = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    assert "new.csv" in manifest["inputs"]
    text = " ".join(result.stdout.split())
    assert "2 new rows +0.0" in text
    assert "the agents choose only from the week after" in text


@pytest.mark.long
def test_the_figure_names_a_part_that_goes_the_way_of_the_whole():
    new()
    answer = update(Ensemble(load_scenario("baseline"), 2), [Path("new.csv")])
    told = answer.explanation
    values = np.zeros_like(told.values)
    values[told.names.index("N1")], values[told.names.index("decay")] = 0.01, -0.03
    end = told.start - 0.02
    made = replace(answer, explanation=replace(told, values=values, end=end))
    texts = [found.get_text() for found in made.figures()["waterfall"].findobj(Text)]
    (title,) = [text for text in texts if "the largest part" in text]
    assert "the largest part, −0.030: “what had gathered fades”" in title


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("C03,2024-03-04,RUS,ARM,threaten,1,d,s\n",
         "row 4, column id: 'C03' stands already; give new rows ids of their own"),
        ("N3,2034-03-04,RUS,ARM,threaten,1,d,s\n",
         "row 4, column date: 2034-03-04 lies outside the run of baseline, 2020-01-06 to "
         "2026-12-28; change the date, or the scenario's end"),
        ("N3,2024-03-04,RUS,ARM,sanctions,1,d,s\n",
         "row 4, column action: 'sanctions' is not in the codebook; near are impose-sanctions "
         "(−8.0), threaten-sanctions (−5.8)"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused(row, line):
    new(X=row)
    assert refused("update", "--with", "new.csv") == f"error: new.csv: {line}"


def test_what_can_not_be_explained_is_refused():
    new()
    assert refused("update", "--with", "nothing.csv").startswith("error: nothing.csv: there is no")
    assert refused("update", "--with", "new.csv", "--target", "nothing").startswith(
        "error: --target nothing: 'nothing' is not a target"
    )
