"""A run that is cut in two, set down in arrays, and gone on with: the same bits as in one go."""

from __future__ import annotations

import io

import numpy as np
import pytest

from builders import bundled, intervention, with_dated
from two_chairs.world.model import TwoChairs

pytestmark = pytest.mark.unit

WORLDS = range(3)
BEFORE, MIDDLE, QUARTER, AFTER = 40, 57, 129, 230
"""Weeks before the cut-off (week 204), in a quarter and at its end, and after it."""


def cut(scenario, weeks, **options):
    model = TwoChairs(scenario, WORLDS, **options)
    for _ in range(weeks):
        model.step()
    return model


def saved(checkpoint):
    """Return a checkpoint as it comes back from a file of plain arrays."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **checkpoint)
    file.seek(0)
    return dict(np.load(file, allow_pickle=False))


@pytest.mark.long
@pytest.mark.parametrize("weeks", [0, BEFORE, MIDDLE, QUARTER, AFTER])
@pytest.mark.parametrize("options", [{"vary": True, "seed": 3}, {"luck": False}])
def test_a_run_cut_in_two_and_continued_is_the_run_in_one_go(weeks, options):
    scenario = bundled()
    whole = TwoChairs(scenario, WORLDS, **options).run()
    first = cut(scenario, weeks, **options)
    second = TwoChairs.resume(saved(first.checkpoint()), scenario, WORLDS, **options).run()
    joined = first.trajectory().followed_by(second) if weeks else second
    assert joined.dates == whole.dates
    for name, array in whole.arrays.items():
        assert joined.arrays[name].dtype == array.dtype, name
        assert np.array_equal(joined.arrays[name], array), name


@pytest.mark.long
def test_a_checkpoint_keeps_parameters_set_on_a_date():
    scenario = with_dated(bundled(), intervention(20, parameter="negativity", value=1.2))
    whole = TwoChairs(scenario, WORLDS).run().arrays["tilt"]
    rest = TwoChairs.resume(cut(scenario, 60).checkpoint(), scenario, WORLDS).run()
    assert np.array_equal(rest.arrays["tilt"], whole[60:])
    unset = TwoChairs(bundled(), WORLDS).run().arrays["tilt"]
    assert not np.array_equal(unset[60:], whole[60:])


def test_a_checkpoint_is_a_copy():
    model = cut(bundled(), BEFORE)
    before = model.checkpoint()
    kept = {name: array.copy() for name, array in before.items()}
    model.run()
    assert all(np.array_equal(before[name], kept[name]) for name in kept)
    assert {array.dtype.kind for array in before.values()} <= set("fib")
