"""The error of sampling of a difference of shares; those of shares and medians are everybody's."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array
from two_chairs_lab.statistics.monte_carlo import REACH


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
