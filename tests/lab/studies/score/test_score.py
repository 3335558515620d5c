"""How frozen predictions fared, by numbers that one can work out by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands import ROOT, refused, two_chairs

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

HEAD = "id,series,start,end,value,error,beside,house,question,document\n"
EVENTS = "id,date,actor,target,action,document,says\n"


def answers(*rows: str) -> None:
    cells = (f"{row},0.05,none,A house,q,d\n" for row in rows)
    Path("seen.csv").write_text(HEAD + "".join(cells), encoding="utf-8")


def frozen(**more: object) -> None:
    told = {"p05": 20, "p10": 25, "p25": 30, "p50": 40, "p75": 50, "p90": 55, "p95": 60}
    record = {
        "frozen": "2030-01-01", "scenario": "none", "fitted_to": "answers up to 2029-12-31",
        "conditional_on": "Conditional on what was invented.",
        "questions": {"likes_them": {"2030-06": told, "2031-06": told}},
        "by": {"2030-07-01": {"left": 0.25, "joined": 0.5}, "2031-07-01": {"left": 0.5}},
    }  # fmt: skip
    Path("told.json").write_text(json.dumps(record | more), encoding="utf-8")


def record(*words: str) -> dict:
    result = two_chairs("score", "told.json", "--against", "seen.csv", "--json", *words)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


EARLIER = (
    "a,likes-them,2027-06-10,2027-06-20,0.60",
    "b,likes-them,2029-06-10,2029-06-20,0.50",
)


def test_an_answer_is_scored_beside_no_change_and_trend():
    frozen()
    answers(*EARLIER, "c,likes-them,2030-06-10,2030-06-20,0.40")
    found = record()
    (row,) = found["answers"]
    assert (row["answer"], row["question"], row["predicted_for"]) == (
        "c", "likes_them", "2030-06",
    )  # fmt: skip
    assert (row["observed"], row["inside_50"], row["inside_90"]) == (40.0, True, True)
    # losses of the seven quantiles of a forecast whose median is right
    by_hand = (0.05 * 20 + 0.1 * 15 + 0.25 * 10) * 2 / 7
    assert row["pinball_model"] == pytest.approx(by_hand)
    # twice the integral of F² below the answer, F straight between the quantiles and from 15 on
    squares = 5 * 0.05**2 + 5 * 0.0175 + 5 * 0.0975 + 10 * 0.4375
    assert row["crps_model"] == pytest.approx(2 * squares / 3, abs=1e-3)
    assert row["crps_no_change"] > row["crps_trend"] > 0.0
    assert found["waiting"] == [["likes_them", "2031-06"]]
    assert {r["question"]: r["answers"] for r in found["questions"]} == {
        "likes_them": 1, "all": 1,
    }  # fmt: skip


def test_an_answer_is_scored_once_at_the_date_nearest_to_it():
    frozen()
    answers(*EARLIER, "c,likes-them,2030-08-10,2030-08-20,0.40",
            "d,likes-them,2030-07-10,2030-07-20,0.45")  # fmt: skip
    assert [row["answer"] for row in record()["answers"]] == ["d"]
    answers(*EARLIER, "c,likes-them,2030-11-10,2030-11-20,0.40")
    assert record()["waiting"] == [["likes_them", "2030-06"], ["likes_them", "2031-06"]]
    assert len(record("--within", "200")["answers"]) == 1


def test_without_earlier_answers_only_the_model_is_scored():
    frozen()
    answers("c,likes-them,2030-06-10,2030-06-20,0.40")
    (row,) = record()["answers"]
    said = two_chairs("score", "told.json", "--against", "seen.csv").stderr
    assert said.startswith("note: told.json: its scenario 'none' is not here, so earlier answers")
    assert row["crps_no_change"] is None
    assert row["crps_model"] is not None


def test_happenings_are_told_by_events_dates_and_the_reach_of_the_record():
    frozen()
    answers(*EARLIER)
    Path("events.csv").write_text(
        EVENTS + "X1,2030-09-01,A,B,sign-agreement,d,They left.\n", encoding="utf-8"
    )
    found = record("--events", "events.csv", "--resolve", "left=X1", "--resolve", "joined=never")
    told = {(row["happening"], row["by"]): row for row in found["happenings"]}
    assert [told[key]["came"] for key in told] == [False, False, True]
    assert [told[key]["brier"] for key in told] == pytest.approx([0.0625, 0.25, 0.25])
    assert told["left", "2031-07-01"]["brier_nothing"] == 1.0
    # a record that does not reach so far can not say that nothing happened
    found = record("--resolve", "joined=never", "--known-to", "2030-06-30")
    assert [row["came"] for row in found["happenings"]] == [None, None, None]
    found = record("--resolve", "left=2030-06-01")
    assert [row["came"] for row in found["happenings"]] == [True, None, True]


def test_statements_of_later_versions_are_read_too():
    frozen(
        evidence_until="2029-06-30",
        statements=[
            {"id": "s1", "text": "more than half like them", "resolution": "the first wave",
             "day": "2030-06-30", "kind": "ahead", "probability": 0.8, "sampling_error": 0.01}
        ],
    )  # fmt: skip
    answers("c,likes-them,2029-08-01,2029-08-02,0.40")
    found = record("--resolve", "s1=true")
    assert found["evidence_until"] == "2029-06-30"
    (row,) = [row for row in found["happenings"] if row["happening"] == "s1"]
    assert (row["came"], row["text"]) == (True, "more than half like them")
    assert row["brier"] == pytest.approx(0.04)


def test_the_frozen_page_of_the_project_is_read_as_it_is():
    shutil.copy(ROOT / "docs" / "predictions-2023-12.json", "told.json")
    answers(
        "x,iri-russia-good,2024-09-10,2024-09-20,0.5", "y,iri-eu-good,2024-09-10,2024-09-20,0.5"
    )
    found = record("--resolve", "eaeu_left=never", "--known-to", "2024-12-31")
    rows = {row["question"]: row for row in found["answers"]}
    assert set(rows) == {"iri_russia_good", "iri_eu_good"}
    # the answers of 2019 to 2023 come from the case: the last of them were 31 and 86 percent
    assert rows["iri_russia_good"]["crps_no_change"] > 10.0
    assert (rows["iri_russia_good"]["p50"], rows["iri_eu_good"]["inside_90"]) == (40.4, False)
    assert [row["came"] for row in found["happenings"] if row["happening"] == "eaeu_left"] == [
        False, None, None,
    ]  # fmt: skip
    assert found["evidence_until"] == "2023-12-31"


def test_tables_and_a_figure_are_left():
    frozen()
    answers(*EARLIER, "c,likes-them,2030-06-10,2030-06-20,0.40")
    result = two_chairs("score", "told.json", "--against", "seen.csv", "--out", "out")
    assert result.exit_code == 0, result.stderr
    assert {path.name for path in Path("out").iterdir()} == {
        "answers.csv", "answers.png", "happenings.csv", "manifest.json", "questions.csv",
        "scores.json",
    }  # fmt: skip
    text = " ".join(result.stdout.split())
    assert "Of 1 answer that came in, the trend told best" in text
    assert "1 of 1 inside the 50 % interval" in text
    assert "3 dated chances can not be told yet: left, joined." in text
    assert "Conditional on what was invented." in text


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--resolve", "lefd=never"), "--resolve lefd=never: 'lefd' is not predicted; did you mean"
                                      " 'left'?"),
        (("--resolve", "left"), "--resolve left: is not NAME=WHAT; write one such as "
                                "treaty_left=never"),
        (("--resolve", "left=soon"), "--resolve left=soon: 'soon' is no event of --events, no date "
                                     "and not 'never'; choose one of never"),
        (("--known-to", "2030"), "--known-to 2030: '2030' is not a date of the calendar; write it "
                                 "as YYYY-MM-DD"),
        (("--events", "none.csv"), "none.csv: there is no such file; did you mean 'seen.csv'?"),
    ],
)  # fmt: skip
def test_what_can_not_be_told_is_refused(words, line):
    frozen(scenario="baseline")
    answers(*EARLIER)
    said = refused("score", "told.json", "--against", "seen.csv", *words)
    assert said == f"error: {line}"


def test_files_that_are_no_predictions_are_refused():
    answers(*EARLIER)
    for text, line in (
        ("{", "told.json: line 1: is no JSON ("),
        ("[]", "told.json: holds no predictions; name one that 'predict --out' has left"),
        ('{"questions": {"q": {"soon": {}}}}', "told.json: can not be read as predictions ("),
        ('{"by": {"2030-01-01": {"x": "much"}}}', "told.json: can not be read as predictions ("),
    ):
        Path("told.json").write_text(text, encoding="utf-8")
        assert refused("score", "told.json", "--against", "seen.csv").startswith(f"error: {line}")
    frozen()
    assert refused("score", "told.json", "--against", "lost.csv") == (
        "error: --against lost.csv: there is no such file; check the path"
    )


def test_answers_that_are_scored_for_no_date_are_named():
    frozen()
    answers(
        *EARLIER,
        "c,likes-them,2030-06-10,2030-06-20,0.40",
        "d,likes-them,2030-07-10,2030-07-20,0.45",
        "e,likes-them,2034-07-10,2034-07-20,0.45",
        "f,other,2030-06-10,2030-06-20,0.40",
    )
    assert record()["unscored"] == ["d", "e"]
    said = two_chairs("score", "told.json", "--against", "seen.csv").stdout
    assert "2 later answers not scored" in said
    assert ": d, e." in " ".join(said.split())


def test_an_answer_in_percent_is_refused():
    frozen()
    answers(*EARLIER, "c,likes-them,2030-06-10,2030-06-20,40")
    said = refused("score", "told.json", "--against", "seen.csv")
    assert "seen.csv: row 4, column value: 40 is no share from 0 to 1" in said
