"""Ties by hand: what a tie sees in a week, and its level after weeks of the same."""

from __future__ import annotations

import numpy as np

from builders import NO, a, bundled, parameters
from two_chairs.axes import PIVOT
from two_chairs.institutions.tie import Signals

P = parameters()
CASE = bundled().case
TIES = {tie.id: tie for tie in CASE.institutions}


def signals(**changes):
    fields = {
        "acting": True,
        "regard": np.zeros((2, 3, 1)),
        "belief": a(0.4),
        "posture": np.array([PIVOT], dtype=np.int8),
        "protection_alone": a(0.3),
        "realised_loss": a(0.3),
        "rival_cap": P.rival_cap_economy,
        "coercion": a(0.0),
        "coercions_running": np.array([0]),
        "fatigue": a(0.1),
        "kept_promise": NO,
        "offered": NO,
        "levels": {"CSTO": a(1.0), "EAEU": a(1.0), "CIS": a(1.0), "EU": a(0.35), "ICC": a(0.0)},
        "ties": CASE.institutions,
    }
    return Signals(**(fields | changes))


def regard(incumbent=0.0, rival=0.0):
    return np.stack([np.full((3, 1), incumbent), np.full((3, 1), rival)])


def after(tie, memory, weeks, **changes):
    for _ in range(weeks):
        memory = TIES[tie].next_week(memory, signals(**changes), P)
    return memory
