"""Monte-Carlo error: how far a share or a median may lie from what ever more worlds would say.

Worlds that follow each other are a small sample of the whole, spread out as the whole is: so
shares and medians of `GROUPS` such groups tell how far they scatter (batch means). Where worlds
are spread out, the whole scatters less than its groups let expect, so this error is rather too
wide than too narrow. It says nothing of the model, of its values, nor of how many draws a
posterior holds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from two_chairs.axes import Array

GROUPS = 20
"""Groups of worlds that follow each other."""
LEAST = 10
"""Worlds of a group at least; with fewer the error is that of independent worlds."""
REACH = 1.96
"""Standard errors to each side of an interval of 95 % for independent worlds."""
GROUP_REACH = 2.093
"""The same by Student's t, where the error itself is read off `GROUPS` groups."""
ADDED = 2.0
"""Worlds added on each side, so that none or all of the worlds is no certainty (Agresti-Coull)."""


def share_error(held: Array) -> Array:
    """Return half of the 95 % interval of a share of worlds.

    Parameters
    ----------
    held
        Whether it is so in each world, or how much of it is, 0 to 1; shape (…, worlds).

    Returns
    -------
    Array
        Shape (…), 0 to 1; NaN of a single world.

    Examples
    --------
    >>> even = np.arange(1000) % 2
    >>> bool(share_error(even) < share_error(np.sort(even)))
    True
    """
    worlds = held.shape[-1]
    if worlds < 2:
        return np.full(held.shape[:-1], np.nan)
    share = (held.sum(axis=-1) + ADDED) / (worlds + 2.0 * ADDED)
    alone = REACH * np.sqrt(share * (1.0 - share) / (worlds + 2.0 * ADDED))
    return _first_of(alone, _grouped(held, np.mean))


def paired_share_error(paired: Array) -> Array:
    """Return half of the 95 % interval of a difference of paired shares; NaN of a single world.

    Half a world is added to those that gain and to those that lose, so that it keeps a width where
    no world differs.

    Parameters
    ----------
    paired
        Differences of what is so (1) or not (0), shape (…, worlds).
    """
    worlds = paired.shape[-1] + 2.0
    if paired.shape[-1] < 2:
        return np.full(paired.shape[:-1], np.nan)
    gained = np.sum(paired > 0.0, axis=-1) + 0.5
    lost = np.sum(paired < 0.0, axis=-1) + 0.5
    return np.asarray(REACH * np.sqrt(gained + lost - (gained - lost) ** 2 / worlds) / worlds)


def median_error(values: Array) -> Array:
    """Return half of the 95 % interval of a median over worlds.

    Parameters
    ----------
    values
        Shape (…, worlds).

    Returns
    -------
    Array
        Shape (…), in units of the values; NaN of a single world.
    """
    worlds = values.shape[-1]
    if worlds < 2:
        return np.full(values.shape[:-1], np.nan)
    reach = 0.5 * REACH / np.sqrt(worlds)  # the ranks that hold the median of independent worlds
    low, high = np.quantile(values, (max(0.0, 0.5 - reach), min(1.0, 0.5 + reach)), axis=-1)
    return _first_of(0.5 * (high - low), _grouped(values, np.median))


def _grouped(values: Array, middle: Callable[..., Array]) -> Array | None:
    """Return half of the 95 % interval by groups, ``None`` where there are too few worlds."""
    worlds = values.shape[-1]
    each = worlds // GROUPS
    if each < LEAST:
        return None
    groups = values[..., : each * GROUPS].reshape(*values.shape[:-1], GROUPS, each)
    found = middle(groups, axis=-1).std(axis=-1, ddof=1)
    return np.asarray(GROUP_REACH * found * np.sqrt(each / worlds))


def _first_of(alone: Array, grouped: Array | None) -> Array:
    """Return the error by groups, and that of independent worlds where no two groups differ."""
    return np.asarray(alone if grouped is None else np.where(grouped > 0.0, grouped, alone))
