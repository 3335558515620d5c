"""Ties by hand: what a tie sees in a week, and its level after weeks of the same."""

from __future__ import annotations

import numpy as np

from builders import NO, a, bundled, parameters
from two_chairs.axes import PIVOT
from two_chairs.institutions.tie import Signals

P = parameters()
CASE = bundled().case
TIES = {tie.id: tie for tie in CASE.institutions}


def both(incumbent, rival):
    """Stack what each patron has, (patrons, worlds)."""
    return np.stack([incumbent, rival])


def signals(**changes):
    """Return what ties see; where one number stands for both patrons, both have it."""
    fields = {
        "acting": True,
        "regard": np.zeros((2, 3, 1)),
        "belief": both(a(0.4), a(0.4)),
        "posture": np.array([PIVOT], dtype=np.int8),
        "protection_without": lambda seat: a(0.3),
        "loss": lambda seat: a(0.3),
        "economic_caps": both(a(1.0), P.rival_cap_economy),
        "coercion": both(a(0.0), a(0.0)),
        "coercions_running": both(np.array([0]), np.array([0])),
        "fatigue": both(a(0.1), a(0.1)),
        "kept_promise": both(NO, NO),
        "offered": both(NO, NO),
        "levels": {"CSTO": a(1.0), "EAEU": a(1.0), "CIS": a(1.0), "EU": a(0.35), "ICC": a(0.0)},
        "ties": CASE.institutions,
    }
    return Signals(**(fields | changes))


def regard(incumbent=0.0, rival=0.0):
    return np.stack([np.full((3, 1), incumbent), np.full((3, 1), rival)])


def after(tie, memory, weeks, **changes):
    """Return the memory of a tie of the bundled case, or of one given, after weeks of the same."""
    rule = TIES[tie] if isinstance(tie, str) else tie
    for _ in range(weeks):
        memory = rule.next_week(memory, signals(**changes), P)
    return memory


def changed(tie, **keys):
    """Return a tie of the bundled case with other keys, checked as a case file is."""
    return type(TIES[tie]).model_validate(TIES[tie].model_dump() | keys)
