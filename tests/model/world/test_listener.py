"""What a run tells its listeners: every change to alignments, in order, before and after."""

from __future__ import annotations

import numpy as np
import pytest

from builders import bundled, quiet, with_parameters
from two_chairs.world.model import TwoChairs
from two_chairs.world.week import WEEK

pytestmark = pytest.mark.unit


class Sum:
    """Adds up what every change within the stages does to alignments."""

    def __init__(self):
        self.heard, self.total, self.stages = set(), 0.0, []

    def before(self, change, model):
        if change.kind == "stage":
            self.stages.append(change.cause)
        else:
            self.then = model.state.fast + model.state.slow

    def after(self, change, model):
        if change.kind != "stage":
            self.heard.add((change.kind, change.cause.split(":")[0]))
            self.total = self.total + (model.state.fast + model.state.slow - self.then)


@pytest.mark.long
def test_the_changes_told_add_up_to_all_that_changed():
    scenario, listener = with_parameters(bundled(), balance_drift=0.001), Sum()
    model = TwoChairs(scenario, range(3), vary=True, listeners=(listener,))
    plain = TwoChairs(scenario, range(3), vary=True)
    paths = model.run()
    assert np.array_equal(paths.arrays["tilt"], plain.run().arrays["tilt"])
    assert np.allclose(listener.total, model.state.fast + model.state.slow, atol=1e-9)
    kinds = {kind for kind, _ in listener.heard}
    assert kinds == {"setting", "fading", "mechanism", "impulse"}
    assert listener.stages == [stage.__name__ for stage in WEEK] * scenario.weeks


def test_a_mechanism_that_is_off_is_not_heard():
    for strength, heard in ((0.0, False), (0.001, True)):
        listener = Sum()
        scenario = with_parameters(quiet(3), balance_drift=strength)
        TwoChairs(scenario, listeners=(listener,)).run()
        assert (("mechanism", "balance") in listener.heard) is heard
