"""The command sensitivity: its object, its folder, its errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from builders import uncertain_scenario
from commands import PLANS, ROOT, two_chairs
from two_chairs_lab.studies.sensitivity.plan import OUTCOMES

pytestmark = [
    pytest.mark.command,
    pytest.mark.needs("SALib"),
    pytest.mark.usefixtures("elsewhere"),
]

PLAN = PLANS / "sensitivity.toml"


def write_plan(text: str, name: str = "plan.toml") -> str:
    head = (
        f'kind = "sensitivity"\ntitle = "t"\nquestion = "?"\nscenario = "{uncertain_scenario()}"\n'
    )
    Path(name).write_text(head + "points = 64\nevery = 13\n" + text, encoding="utf-8")
    return name


FEW = "[ranges]\ninstitution_share = {}\n"


@pytest.mark.slow
def test_json_and_folder_hold_the_same_numbers():
    plan = write_plan('outcomes = ["tilt", "regime:two-chairs"]\n' + FEW)
    told = json.loads(two_chairs("sensitivity", plan, "--json", "--seed", "2").stdout)
    assert not Path("results").exists()
    assert told["seed"] == 2
    assert told["dates"] == ["2020-03-02", "2020-10-05"]
    out = "a folder/with spaces"
    result = two_chairs("sensitivity", plan, "--seed", "2", "--out", out)
    assert result.exit_code == 0
    assert "Whose is the spread of tilt?" in result.stdout
    assert "An exploration of mechanisms, not a forecast." in " ".join(result.stdout.split())
    assert told.pop("manifest")["kind"] == "sensitivity"
    assert json.loads(Path(out, "indices.json").read_text()) == told
    names = {path.name for path in Path(out).iterdir()}
    assert {"manifest.json", "indices.csv", "variance.png", "over-time.png"} <= names
    assert {"axes-tilt.png", "morris-regime-two-chairs.png"} <= names
    rows = list(csv.DictReader(Path(out, "indices.csv").read_text().splitlines()))
    family = next(row for row in rows if row["method"] == "families")
    first = told["families"][family["outcome"]][family["date"]][family["name"]]["first"]
    assert float(family["first"]) == first
    assert {row["name"] for row in rows if row["method"] == "morris"} >= {"luck", "weight:A"}


@pytest.mark.long
def test_the_bundled_plan_is_good_and_so_is_a_bare_scenario():
    result = two_chairs("check", str(PLAN), write_plan(FEW))
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.endswith("sensitivity plan of 76672 worlds over 182 axes: good")
    assert second.endswith("sensitivity plan of 544 worlds over 7 axes: good")
    words = ["--points", "64", "--at", "2020-02-05", "--set", "negativity=1.5", "--json"]
    told = json.loads(two_chairs("sensitivity", uncertain_scenario(), *words).stdout)
    assert "negativity = 1.5" in told["conditional_on"]
    assert told["outcomes"] == list(OUTCOMES)
    assert "negativity" not in {entry["name"] for entry in told["axes"]["tilt"]["2020-02-03"]}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--points", "1"],
            "points: 1 is too few to split a variance; give a power of two from 64 up, such as "
            "4096",
        ),
        (["--set", "negativity=x"], "--set negativity=x: 'x' is not a number; write it as "
         "negativity=0.5"),
        (["--points", "100"], "points: 100 is no power of two; give one such as 64 or 128"),
        (["--outcome", "tild"], "outcomes: tild: 'tild' is not an outcome; did you mean 'tilt'?"),
        (
            ["--at", "2030-01-01"],
            "dates: 2030-01-01: lies outside the run of baseline, 2020-01-06 to 2026-12-28; choose "
            "a date inside it",
        ),
        (
            ["--at", "2023"],
            "--at 2023: '2023' is not a date of the calendar; write it as YYYY-MM-DD",
        ),
    ],
)  # fmt: skip
def test_bad_options_are_told_in_one_line(words, message):
    result = two_chairs("sensitivity", "baseline", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip() == f"error: {message}"
    assert not Path("results").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[ranges]\ninstitution_share = { low = 0.4, high = 0.4 }\n",
            "ranges.institution_share: the range 0.4 to 0.4 must rise and lie in 0 to 1; change "
            "its ends",
        ),
        (
            '[ranges]\n"weight:A" = { low = 2.0 }\n',
            "ranges.weight:A: the range 2 to 1 must rise and lie in 0 to 100; change its ends",
        ),
        ('[ranges]\n"weight:C" = {}\n', "ranges.weight:C: 'C' is not an event; choose one of A, B"),
        (
            "[ranges]\ninstitution_shares = {}\n",
            "ranges.institution_shares: nothing of this name; did you mean 'institution_share'?",
        ),
        (
            "[ranges]\ndomain_weights = { low = 0.1, high = 0.2 }\n",
            "ranges.domain_weights: weights that sum to one have no range of their own; leave out "
            "low and high",
        ),
        ('vary = ["behaviour", "lucky"]\n', None),
        ("replicate = 3\n", None),
    ],
)  # fmt: skip
def test_bad_plans_are_told_in_one_line(text, message):
    plan = write_plan(text)
    for command in ("sensitivity", "check"):
        result = two_chairs(command, plan)
        assert (result.exit_code, result.stdout) == (2, "")
        if message is not None:
            assert result.stderr.strip() == f"error: plan.toml: {message}"
        else:
            assert result.stderr.startswith("error: plan.toml: ")
            assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.long
def test_a_plan_without_anything_that_varies_is_refused():
    plan = write_plan('vary = ["coding"]\n')
    Path("bare.toml").write_text(
        'title = "t"\nquestion = "?"\nextends = "baseline"\nevents = []\ntargets = []\n'
    )
    text = Path(plan).read_text().replace("short.toml", "bare.toml")
    Path(plan).write_text(text, encoding="utf-8")
    result = two_chairs("sensitivity", plan)
    assert result.stderr.strip() == (
        "error: plan.toml: vary: nothing of coding varies in bare; name other families or "
        "give ranges"
    )


@pytest.mark.long
def test_the_plan_in_the_documentation_is_good():
    page = ROOT / "docs" / "sensitivity.md"
    text = page.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    Path("shown.toml").write_text(text, encoding="utf-8")
    assert two_chairs("check", "shown.toml").stdout.endswith("worlds over 7 axes: good\n")
