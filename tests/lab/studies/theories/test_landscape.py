"""Landscape theory: sides summed by hand, and how it is scored on what is on record."""

from __future__ import annotations

import csv
import json
from math import log

import numpy as np
import pytest

from commands import PLANS, two_chairs
from two_chairs.axes import LOYAL
from two_chairs_lab.studies.theories import landscape
from two_chairs_lab.studies.theories.landscape import NO_SIDE, PIVOT, least_frustrated, posture_of

ROLES = ("pivot", "incumbent", "rival", "adversary")


def sides(ties: dict[tuple[int, int], float], sizes: tuple[float, ...]) -> list[int]:
    regard = np.zeros((len(sizes), len(sizes), 1))
    for (i, j), value in ties.items():
        regard[i, j] = regard[j, i] = value
    return least_frustrated(regard, np.array(sizes))[:, 0].tolist()


@pytest.mark.unit
def test_sides_summed_by_hand():
    """Of sizes 1, 2, 3; ties .5 (0–1), .2 (0–2), −.4 (1–2). Frustration is what is cut.

    Together 0; {2} apart .6 − 2.4 = −1.8; {1} apart 1 − 2.4 = −1.4; {0} apart 1 + .6 = 1.6.
    """
    ties = {(0, 1): 0.5, (0, 2): 0.2, (1, 2): -0.4}
    assert sides(ties, (1.0, 2.0, 3.0)) == [1, 1, -1]
    # with 2 grown to 6: {2} apart 1.2 − 4.8 = −3.6; {1} apart 1 − 4.8 = −3.8
    assert sides(ties, (1.0, 2.0, 6.0)) == [1, -1, 1]


@pytest.mark.unit
def test_each_world_has_sides_of_its_own_and_sides_are_postures():
    regard = np.zeros((4, 4, 3))
    regard[1, 2] = regard[2, 1] = (-0.9, -0.9, 0.9)
    regard[0, 1] = regard[1, 0] = (0.5, -0.5, 0.5)
    found = least_frustrated(regard, np.ones(4))
    assert posture_of(found, ROLES).tolist() == [LOYAL, PIVOT, NO_SIDE]


@pytest.mark.unit
def test_scores_by_hand():
    """Shares .9 and .1 with no side in the rest; floor .01; then worlds weighted by their past."""
    recorded = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    named = np.array([[0.9, 0.0, 0.1, 0.0], [0.6, 0.0, 0.0, 0.0]])
    # .96·.9 + .01; no side .4 counts a quarter for each: .96·.1 + .01
    assert landscape.score_of_shares(recorded, named, 0.01) == pytest.approx(
        [log(0.874), log(0.106)]
    )
    logs = np.log([[0.5, 0.1], [0.8, 0.2]])
    # at first ½(.5 + .1); then weights 5/6 and 1/6: (4 + .2)/6
    assert landscape.score_of_worlds(logs) == pytest.approx([log(0.3), log(0.7)])


@pytest.mark.command
@pytest.mark.long
@pytest.mark.slow
def test_the_record_of_the_bundled_case(tmp_path):
    """The side is nearly always the recorded one while there is one, and hedging is beyond it."""
    plan = PLANS / "calibration.toml"
    result = two_chairs(
        "theories", plan, "--rows", 64, "--worlds", 8, "--out", tmp_path / "o", "--json"
    )
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)["landscape"]
    assert (told["pivot"], len(told["quarters"])) == ("ARM", 16)
    for sizes in ("all alike", "patrons tenfold"):
        assert told["agreement"][sizes]["quarters"] == 11
        assert told["agreement"][sizes]["named"] > 9.0
        for entry in told["quarters"]:
            assert sum(entry[sizes].values()) == pytest.approx(1.0, abs=1e-3)
    scores, sided = told["log_scores"], told["log_scores_on_a_side"]
    assert scores["landscape, all alike"] < scores["persistence"] < scores["model"]
    assert sided["landscape, all alike"] > -0.5
    with (tmp_path / "o" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        assert [row["rule"] for row in csv.DictReader(file)] == list(scores)
