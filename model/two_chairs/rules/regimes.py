"""Which seats are held, with hysteresis, and the regime that follows."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import (
    BETWEEN_CHAIRS,
    INCUMBENT,
    INCUMBENT_CHAIR,
    RIVAL,
    RIVAL_CHAIR,
    TWO_CHAIRS,
    Array,
    Codes,
    Flags,
)
from two_chairs.parameters import Parameters


def seats_held(before: Flags | None, occupied: Array, p: Parameters) -> Flags:
    """Return which seats are held: taken at one threshold, lost below a lower one.

    Parameters
    ----------
    before
        Held a week ago, shape (patrons, worlds); ``None`` in the first week, without memory.
    occupied
        R and W, shape (patrons, worlds).
    p
        Parameters of the run.
    """
    taken = occupied >= p.seat_taken
    return taken if before is None else taken | (before & (occupied >= p.seat_lost))


def regime(before: Codes | None, held: Flags, tilt: Array, p: Parameters) -> Codes:
    """Return the regime of each world, shape (worlds,).

    Neither seat held: between the chairs. One: that chair. Both: two chairs while the tilt is
    small, else the chair of its sign; from a chair, two chairs are entered at a smaller tilt.
    """
    from_chair = (
        np.zeros(tilt.shape, dtype=bool)
        if before is None
        else (before == INCUMBENT_CHAIR) | (before == RIVAL_CHAIR)
    )
    limit = np.where(from_chair, p.two_chairs_entry, p.two_chairs_limit)
    leaning = np.where(tilt > 0.0, RIVAL_CHAIR, INCUMBENT_CHAIR)
    both = np.where(np.abs(tilt) < limit, TWO_CHAIRS, leaning)
    one = np.where(held[RIVAL], RIVAL_CHAIR, INCUMBENT_CHAIR)
    some = np.where(held[INCUMBENT] & held[RIVAL], both, one)
    return np.where(held[INCUMBENT] | held[RIVAL], some, BETWEEN_CHAIRS).astype(np.int8)


def course(occupied: Array, p: Parameters) -> Codes:
    """Return the regime of every week and world, each remembering the week before.

    Parameters
    ----------
    occupied
        R and W, shape (patrons, weeks, worlds); the tilt is W less R.
    p
        Parameters of the run.
    """
    tilt = occupied[RIVAL] - occupied[INCUMBENT]
    found = np.empty(tilt.shape, dtype=np.int8)
    held, before = None, None
    for week in range(len(found)):
        held = seats_held(held, occupied[:, week], p)
        before = regime(before, held, tilt[week], p)
        found[week] = before
    return found
