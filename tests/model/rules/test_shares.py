"""Whose acts count toward a patron besides: a share in a seat."""

from __future__ import annotations

import numpy as np
import pytest

from builders import EXACT, bundled, event, quiet, run, toward, with_events
from two_chairs.scenario.records import Actor

pytestmark = pytest.mark.unit


def with_share(scenario, key, **shares):
    actors = scenario.case.actors | {
        key: Actor(name=key, role=scenario.case.actors[key].role, counts_as=shares or None)
    }
    case = scenario.case.model_copy(update={"actors": actors})
    return scenario.model_copy(update={"case": case})


def moved(paths, pair):
    found = toward(paths, pair)[2, :, 0]
    return np.arctanh(found) - np.arctanh(toward(paths, pair)[0, :, 0])


def test_a_share_of_what_an_act_does_counts_toward_the_patron():
    scenario = with_events(quiet(4, observer_gain=0.0), event(2, "AZE", "ARM", 5.0))
    assert np.allclose(moved(run(scenario), "ARM>WST"), 0.0, atol=EXACT)
    shared = run(with_share(scenario, "AZE", rival=0.3))
    own = moved(shared, "ARM>AZE")
    assert own.min() > 0.1
    assert np.allclose(moved(shared, "ARM>WST"), 0.3 * own, atol=EXACT)
    assert np.allclose(moved(shared, "ARM>RUS"), 0.0, atol=EXACT)
    assert np.array_equal(own, moved(run(scenario), "ARM>AZE"))


def test_acts_toward_others_and_of_others_have_no_share():
    elsewhere = with_events(quiet(4, observer_gain=0.0), event(2, "AZE", "RUS", 5.0))
    found = run(with_share(elsewhere, "AZE", rival=0.3))
    for pair in ("ARM>WST", "RUS>WST"):
        assert np.allclose(moved(found, pair), 0.0, atol=EXACT)
    other = with_events(quiet(4, observer_gain=0.0), event(2, "RUS", "ARM", 5.0))
    assert np.allclose(moved(run(with_share(other, "AZE", rival=0.3)), "ARM>WST"), 0.0)


def test_a_share_stands_in_the_record_only_where_it_is_given():
    case = bundled().case
    assert "counts_as" not in case.model_dump()["actors"]["AZE"]
    with_one = with_share(bundled(), "AZE", rival=0.3).case
    assert with_one.model_dump()["actors"]["AZE"]["counts_as"] == {"rival": 0.3}
