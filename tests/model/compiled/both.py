"""A model run by both engines, and how far they are apart."""

from __future__ import annotations

import numpy as np

from two_chairs.compiled.engine import VARIABLE
from two_chairs.compiled.worlds import run_to_last
from two_chairs.world.simulation import Simulation

AGREE = 1e-12


def run_both(monkeypatch, scenario, replicates, **options):
    """Return the paths of a scenario by NumPy, and by its compiled program."""
    engines = ("numpy", "compiled")
    return [run_by(engine, monkeypatch, scenario, replicates, **options) for engine in engines]


def run_by(engine, monkeypatch, scenario, replicates, **options):
    """Return the paths of a scenario by one engine."""
    monkeypatch.setenv(VARIABLE, engine)
    return run_to_last(Simulation(scenario, replicates, **options))


def assert_agree(ours, theirs):
    """Check that paths have the same arrays, and are equal but for rounding; codes are equal."""
    assert theirs.dates == ours.dates
    assert theirs.arrays.keys() == ours.arrays.keys()
    for name, array in ours.arrays.items():
        other = theirs.arrays[name]
        assert (other.shape, other.dtype) == (array.shape, array.dtype), name
        if array.dtype.kind == "f":
            assert np.max(np.abs(other - array), initial=0.0) <= AGREE, name
        else:
            assert np.array_equal(other, array), name
