"""Only what a change moves is run again, and nothing of it differs by a bit."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from builders import own_row
from two_chairs.scenario.records import DatedCondition, Intervention
from two_chairs_lab.studies.view import runs
from two_chairs_lab.studies.view.changes import resolved
from two_chairs_lab.studies.view.files import opened
from two_chairs_lab.studies.view.state import Changes, PageState, Settings

pytestmark = [pytest.mark.unit, pytest.mark.long]

DAY = datetime.date(2024, 6, 3)
ROW = own_row(DAY)
SETTINGS = Settings(worlds=9, seed=2)
ALTERED = {
    "an event off": (Changes(off=("C07",)), 182),
    "what stands because of it": (Changes(off=("S03",)), 26),
    "a weight": (Changes(weights={"C03": 2.0}), 130),
    "an event added": (Changes(added=(ROW,)), 221),
    "a parameter": (Changes(parameters={"negativity": 1.37}), 0),
    "a posture": (
        Changes(dated=(Intervention(id="i", date=DAY, posture="PIVOT", source="p"),)), 221,
    ),
    "a parameter on a date": (
        Changes(dated=(
            Intervention(id="i", date=DAY, parameter="negativity", value=1.2, source="p"),
        )), 221,
    ),
    "a condition": (
        Changes(dated=(
            DatedCondition(id="c", date=DAY, condition="peace", value=0.4, source="p"),
        )), 221,
    ),
    "words alone": (Changes(title="Another title"), None),
}  # fmt: skip


@pytest.fixture(scope="module")
def state():
    return PageState(opened("baseline").base, Changes(), SETTINGS)


@pytest.fixture(scope="module")
def reference(state):
    return runs.Run(runs.Steps(state.ensemble(state.base.scenario)))


@pytest.mark.parametrize("what", ALTERED)
def test_a_change_is_run_from_where_it_begins_and_comes_to_the_same_bits(what, state, reference):
    changes, week = ALTERED[what]
    ensemble = state.ensemble(resolved(state.base, changes))
    assert runs.start_week(reference, ensemble) == week
    found, whole = runs.run_like(reference, ensemble).after, ensemble.batch().model(runs.MAIN).run()
    assert found.dates == whole.dates
    for name in runs.MAIN:
        assert np.array_equal(found.arrays[name], whole.arrays[name]), name


def test_other_worlds_are_run_from_the_start(state, reference):
    other = PageState(state.base, Changes(), Settings(worlds=9, seed=3))
    assert runs.start_week(reference, other.ensemble(state.base.scenario)) == 0
