"""Other rulers on the same worlds: the stated one gives back the run, others move the label."""

from __future__ import annotations

import numpy as np
import pytest

from builders import bundled
from two_chairs_lab.engine.ensemble import Ensemble, run_ensemble
from two_chairs_lab.studies.run.conventions import convention_rows, measured

pytestmark = pytest.mark.unit


@pytest.mark.long
@pytest.mark.parametrize("name", ["baseline", "georgia-turns-away"])
def test_the_stated_ruler_measures_what_the_run_measured(name):
    scenario = bundled(name)
    paths = run_ensemble(Ensemble(scenario, 6))
    stated = next(m for m in measured(scenario, paths) if (m.share, m.seats) == (0.4, "clipped"))
    assert np.array_equal(stated.tilt, paths.outcome("tilt"))
    assert np.array_equal(stated.regime, paths.arrays["regime"])


@pytest.mark.long
def test_the_more_institutions_count_the_further_east_the_same_worlds_sit():
    scenario = bundled()
    paths = run_ensemble(Ensemble(scenario, 6))
    rows = convention_rows(scenario, paths, [scenario.week_of(scenario.agents_act_from)])
    assert len(rows) == 6
    for seats in ("clipped", "net"):
        tilts = [row["tilt"] for row in rows if row["seats"] == seats]
        assert tilts == sorted(tilts, reverse=True)
        assert len(set(tilts)) == 3


@pytest.mark.long
def test_a_ruler_that_changes_on_a_date_is_not_compared():
    scenario = bundled("western-guarantee")
    assert measured(scenario, run_ensemble(Ensemble(scenario, 2))) == []
