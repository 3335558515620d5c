"""What a report says of actors that can move no chair."""

from __future__ import annotations

import pytest

from builders import bundled
from two_chairs.scenario.records import Actor
from two_chairs_lab.studies.report.doubts import onlookers

pytestmark = pytest.mark.unit


def test_bystanders_without_a_share_are_named_in_one_line():
    case = bundled().case
    assert onlookers(case) == []
    isle = Actor(name="the Isle", role="bystander")
    seen = case.model_copy(update={"actors": case.actors | {"ISL": isle}})
    (line,) = onlookers(seen)
    assert line.startswith("Bystanders here: the Isle; ")
    shares = isle.model_copy(update={"counts_as": {"rival": 0.2}})
    assert onlookers(case.model_copy(update={"actors": case.actors | {"ISL": shares}})) == []
