"""The command discover and its errors."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from commands import two_chairs

pytestmark = [
    pytest.mark.command,
    pytest.mark.long,
    pytest.mark.needs("sklearn"),
    pytest.mark.usefixtures("elsewhere"),
]

SIZE = ("--points", "160", "--replicates", "2")


@pytest.mark.slow
def test_the_command_leaves_tables_figures_and_a_manifest(tmp_path):
    result = two_chairs("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE,
                        "--out", "a b/found")  # fmt: skip
    assert result.exit_code == 0, result.output
    folder = tmp_path / "a b" / "found"
    names = {path.name for path in folder.iterdir()}
    assert {"manifest.json", "discovery.json", "points.csv", "bounds.csv", "tree.csv",
            "peeling.png", "space.png"} <= names  # fmt: skip
    rows = list(csv.DictReader((folder / "points.csv").read_text().splitlines()))
    content = json.loads((folder / "discovery.json").read_text(encoding="utf-8"))
    assert len(rows) == 160
    shares = [float(row["share"]) for row in rows]
    assert content["share"]["value"] == pytest.approx(np.mean(shares))
    assert content["share"]["p05"] < content["share"]["value"] < content["share"]["p95"]
    assert "not a forecast" in content["conditional_on"]
    again = two_chairs("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE, "--json")
    printed = json.loads(again.stdout)
    assert {key: printed[key] for key in content} == content
    assert printed["manifest"]["kind"] == "discovery"


def test_a_finished_sweep_is_searched_as_it_is(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'title = "t"\nquestion = "?"\nscenarios = ["article", "baseline"]\nreplicates = 2\n'
        'outcomes = ["tilt@2023-12-04"]\n[ranges]\nnegativity = { levels = 10 }\n'
        "reception_gain = { levels = 6 }\n",
        encoding="utf-8",
    )
    assert two_chairs("sweep", "plan.toml", "--out", "swept").exit_code == 0
    words = ("--where", "tilt@2023-12-04 > -0.1", "--json")
    one = json.loads(two_chairs("discover", "swept", "--scenario", "baseline", *words).stdout)
    other = json.loads(two_chairs("discover", "plan.toml", "--scenario", "baseline", *words).stdout)
    assert one["share"] == other["share"]
    assert one["regions"] == other["regions"]
    assert one["regions"][0]["bounds"][0]["input"] in {"negativity", "reception_gain"}
    refused = two_chairs("discover", "swept", *words)
    assert refused.stderr == (
        "error: --scenario: it has 2 scenarios; choose one of article, baseline\n"
    )
    unknown = two_chairs("discover", "swept", "--scenario", "baselin", *words)
    assert "did you mean 'baseline'?" in unknown.stderr
    kept = two_chairs("discover", "swept", "--scenario", "article", "--where", "tilt@end > 0")
    assert kept.stderr == (
        "error: --where tilt@end > 0: this sweep did not keep 'tilt@end'; "
        "choose one of tilt@2023-12-04, or sweep again with it\n"
    )


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("", "--where: is blank; write a name or a value, or leave it out"),
        ("tilt > 0", "--where tilt > 0: is not NAME@DATE SIGN NUMBER; write one such as "
                     "'regime:two-chairs@end < 0.5'"),
        ("tilt@end = 0", "--where tilt@end = 0: '=' is no sign; choose one of <, <=, >, >=, =="),
        ("tilt@end > much", "--where tilt@end > much: 'much' is not a number; write one such as "
                            "0.5"),
        ("tilt@end > nan", "--where tilt@end > nan: 'nan' is not a number; write one such as 0.5"),
        ("tild@end > 0", "--where tild@end > 0: 'tild' is not an outcome; did you mean 'tilt'?"),
        ("regime:two-chair@end < 0.5", "--where regime:two-chair@end < 0.5: 'two-chair' is not one "
                                       "of the names there; did you mean 'two-chairs'?"),
        ("tilt@2023-12-05 > 0", "--where tilt@2023-12-05 > 0: '2023-12-05' is no Monday of the "
                                "run; write NAME@2026-12-28 or NAME@end"),
        ("tilt@end > 5", "--where tilt@end > 5: never holds in the 320 worlds; change its number, "
                         "or widen the ranges"),
        ("tilt@end > -5", "--where tilt@end > -5: always holds in the 320 worlds; change its "
                          "number, or widen the ranges"),
    ],
)  # fmt: skip
def test_bad_conditions_are_refused_in_one_line(where, message, tmp_path):
    result = two_chairs("discover", "baseline", "--where", where, *SIZE)
    assert result.exit_code == 2
    assert result.stderr == f"error: {message}\n"
    assert list(tmp_path.iterdir()) == []


def test_one_point_shows_nothing():
    words = ("discover", "baseline", "--where", "tilt@end > 0", "--points", "1")
    assert two_chairs(*words, "--replicates", "1").stderr == (
        "error: --where tilt@end > 0: 1 point can not show where it holds; "
        "take at least 40 (--points, or a grid's levels)\n"
    )


def test_a_box_that_is_not_there():
    words = ("discover", "baseline", "--where", "tilt@2020-12-28 > -0.5", *SIZE, "--box", "999")
    assert (
        "error: --box 999: there is no such box; choose one from 1 to " in two_chairs(*words).stderr
    )
