"""Face-validity properties of coercion and warnings, and what trials of them got wrong."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from builders import bundled, event, intervention, quiet, run, with_dated, with_events
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.property


def spell_after(paths, world, begin):
    """Return the weeks of coercion in a world from a week to two years later."""
    return paths.outcome("coercion")[begin : begin + 105, world]


@pytest.mark.long
def test_40_coercion_ends_within_two_years_of_its_reason():
    """More than `most`: 95 % are back; without easing 84 %, without fading by neglect 59 %."""
    scenario = bundled("trade-coercion").model_copy(
        update={"end": datetime.date(2030, 12, 30), "expect": (), "targets": ()}
    )
    paths = run(scenario, range(200), luck=True, record=("coercion", "loss"))
    coerced = paths.outcome("coercion") > 0
    threshold = scenario.parameters["coercion_threshold"].value
    below = paths.outcome("loss")[: scenario.weeks - 104] < threshold
    back = []
    for world in np.flatnonzero(coerced.any(axis=0)):
        free = below[:, world] & (np.arange(len(below)) >= np.argmax(coerced[:, world]))
        if free.any():
            back.append((spell_after(paths, world, int(np.argmax(free))) == 0).any())
    assert len(back) > 60
    assert np.mean(back) > 0.9


@pytest.mark.long
def test_40_coercion_that_does_not_help_is_given_up():
    """The ladder: each act of a spell costs more, so that coercion ends under an unbroken loss."""
    friendly = [event(2 + i, "WST", "ARM", 9.0, weight=2.0, key=f"W{i}") for i in range(6)]
    hostile = [event(2 + i, "RUS", "ARM", -9.0, key=f"R{i}") for i in range(6)]
    leaning = with_dated(quiet(365, acting=True), intervention(0, posture="PIVOT"))
    paths = run(with_events(leaning, *friendly, *hostile), range(200), luck=True)
    coerced, lost = paths.outcome("coercion"), paths.outcome("loss")
    threshold = bundled().parameters["coercion_threshold"].value
    ended = []
    for world in np.flatnonzero(coerced.max(axis=0) > 0):
        begin = int(np.argmax(coerced[:, world] > 0))
        if (lost[begin:, world] > threshold).all():
            ended.append((coerced[begin:, world] == 0).any())
    assert len(ended) > 100
    assert np.mean(ended) > 0.95


def test_coercion_set_from_outside_stays_under_the_ceiling_of_each_world():
    scenario = with_dated(quiet(3), intervention(1, coercion=0.8))
    model = TwoChairs(scenario, range(50), vary=True, luck=False)
    c = model.run().outcome("coercion")[1]
    assert (c <= model.p.coercion_ceiling).all()
    assert c.max() == 0.8 > c.min()


@pytest.mark.long
def test_warnings_do_not_come_every_quarter():
    paths = run(bundled(), range(100), luck=True)
    cut = bundled().week_of(bundled().agents_act_from)
    warned = paths.outcome("chose:RUS:WARN")
    quarters = (paths.arrays["posture"].shape[0] - cut) // 13
    assert (warned[-1] - warned[cut]).mean() / quarters < 0.6
