"""The bundled scenarios keep to the article (numbers of the specification, section 10)."""

from __future__ import annotations

import pytest

from builders import bundled
from two_chairs.scenario.library import bundled_scenarios

pytestmark = pytest.mark.property


@pytest.mark.parametrize("name", bundled_scenarios())
def test_36_targets_never_enter_the_queue(name):
    outcomes = {"S02", "S04", "S08", "S35", "S37", "S39", "S41"}
    assert not {event.id for event in bundled(name).events} & outcomes
    assert {target.id for target in bundled(name).targets} <= outcomes


def test_36_all_dated_targets_are_scored():
    scored = {target.id for target in bundled().targets}
    assert scored == {"S02", "S04", "S08", "S37", "S39", "S41"}


def test_35_a_date_that_is_not_the_articles_carries_a_note():
    as_given = {"S12", "S13", "S13b", "S21", "S21b"}
    for entry in bundled("article").events:
        assert entry.correction or entry.id in as_given, entry.id
