"""Membership of a court ends after notice."""

from __future__ import annotations

import numpy as np
import pytest

from builders import intervention, quiet, run, with_dated

pytestmark = pytest.mark.unit


def test_a_court_is_left_only_after_notice():
    steps = (
        intervention(2, institution="ICC", level=1.0),
        intervention(10, institution="ICC", level=0.0),
    )
    level = run(with_dated(quiet(80), *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 61]


def test_notice_can_be_withdrawn():
    steps = (
        intervention(10, institution="ICC", level=0.0),
        intervention(30, institution="ICC", level=1.0),
    )
    joined = intervention(2, institution="ICC", level=1.0)
    level = run(with_dated(quiet(80), joined, *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1]
    late = intervention(70, institution="ICC", level=0.5)
    level = run(with_dated(quiet(80), joined, steps[0], late)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 61, 69]


def test_notice_repeated_begins_no_new_wait():
    steps = [intervention(at, institution="ICC", level=0.0) for at in (10, 30)]
    joined = intervention(2, institution="ICC", level=1.0)
    level = run(with_dated(quiet(80), joined, *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 61]


def test_lowering_while_notice_runs_waits_for_a_notice_of_its_own():
    steps = (
        intervention(2, institution="ICC", level=1.0),
        intervention(10, institution="ICC", level=0.0),
        intervention(30, institution="ICC", level=0.5),
    )
    level = run(with_dated(quiet(90), *steps)).outcome("institution:ICC")[:, 0]
    assert np.flatnonzero(np.diff(level)).tolist() == [1, 81]
