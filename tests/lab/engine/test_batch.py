"""Batches: who takes no part where nobody reads it."""

from __future__ import annotations

import numpy as np
import pytest

from builders import intervention, with_dated
from two_chairs.scenario.records import Actor
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.engine.batch import Batch, paths_of, values_of

pytestmark = pytest.mark.unit


def with_onlookers(scenario, number=2):
    """Return a scenario with bystanders that nobody names, the pivot fond of the first."""
    case = scenario.case
    more = {f"X{n}": Actor(name=f"Onlooker {n}", role="bystander") for n in range(number)}
    fond = {f"{case.with_role('pivot')}>X0": next(iter(case.baselines.values()))}
    grown = {"actors": {**more, **case.actors}, "baselines": case.baselines | fond}
    return scenario.model_copy(update={"case": case.model_copy(update=grown)})


@pytest.mark.parametrize("name", ["baseline", "georgia/baseline"])
def test_onlookers_change_no_bit_of_what_is_read_without_them(name):
    scenario = load_scenario(name)
    asked = [("tilt", scenario.end), ("regime:two-chairs", scenario.end)]
    few, many = (Batch(each, np.arange(5)) for each in (scenario, with_onlookers(scenario)))
    assert len(many.for_reading(["tilt", "regime"]).scenario.case.actors) == len(
        scenario.case.actors
    )
    plain = many.model(["tilt"]).run().outcome("tilt")
    assert np.array_equal(values_of(asked, few), values_of(asked, many))
    assert np.array_equal(plain, paths_of(["tilt"], many).outcome("tilt"))


@pytest.mark.parametrize("record", [None, ["alignment"], ["tilt", "chosen"], ["walk_balance"]])
def test_onlookers_stay_where_they_are_read(record):
    batch = Batch(with_onlookers(load_scenario("baseline")), np.arange(2))
    assert batch.for_reading(record) is batch


def test_onlookers_stay_where_all_may_drift_or_an_event_names_one():
    scenario = with_onlookers(load_scenario("baseline"))
    on = intervention(5, parameter="balance_drift", value=0.01)
    drifting = Batch(with_dated(scenario, on), np.arange(2))
    assert drifting.for_reading(["tilt"]) is drifting
    first, *rest = scenario.events
    named = (first.model_copy(update={"target": "X1"}), *rest)
    seen = Batch(scenario.model_copy(update={"events": named}), np.arange(2))
    assert "X1" in seen.for_reading(["tilt"]).scenario.case.actors
    assert "X0" not in seen.for_reading(["tilt"]).scenario.case.actors
