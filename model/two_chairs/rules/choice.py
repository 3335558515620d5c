"""How every actor chooses among its options, and how often."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array, Codes, Flags


def choose(utilities: Array, temperature: Array, noise: Array | None) -> Codes:
    """Choose an option in each world: logit at a temperature, argmax without noise.

    Parameters
    ----------
    utilities
        Shape (options, worlds).
    temperature
        τ ≥ 0 in units of utility, shape (1 or worlds,).
    noise
        Standard Gumbel draws, shape (options, worlds), or ``None``.
    """
    shaken = utilities if noise is None else utilities + temperature * noise
    return np.argmax(shaken, axis=0).astype(np.int8)


def looked_up(table: NDArray[Any], codes: Codes) -> NDArray[Any]:
    """Return the entry of a table that each world's code names.

    Parameters
    ----------
    table
        Shape (codes, …).
    codes
        Shape (worlds,).

    Returns
    -------
    NDArray
        Shape (…, worlds).

    Examples
    --------
    >>> looked_up(np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([1, 0, 0]))
    array([[0.3, 0.1, 0.1],
           [0.4, 0.2, 0.2]])
    """
    first, *others = table[..., np.newaxis]
    found: NDArray[Any] = np.broadcast_to(first, (*first.shape[:-1], codes.shape[-1]))
    for code, entry in enumerate(others, start=1):
        found = np.where(codes == code, entry, found)
    return found


def worthwhile(utility: Array, allowed: Flags | bool = True) -> Array:
    """Return the utility of an option beside doing nothing: −∞ where it is not open.

    Doing nothing is worth zero, so an option is open only where it is allowed and worth more than
    that: one that is worth exactly nothing would tie, and luck would choose it half of the time.
    """
    return np.where(allowed & (utility > 0.0), utility, -np.inf)


DECISION_INTERVAL = 13
"""Weeks between decisions: a quarter; definition of the clock, not varied."""
HALVING_OF_REPEATS = 0.5
"""Weight that each remembered warning leaves to the next, and each remembered approach to what
observers notice of the next; assumption, .3 to .7: see docs/decisions."""
