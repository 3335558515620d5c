"""Structural balance as a rival mechanism, off by default."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array


def balance_drift(alignments: Array) -> Array:
    """Return the structural-balance drift dX/dt = X², each domain by itself.

    Parameters
    ----------
    alignments
        Shape (actors, actors, domains, worlds), regard for oneself on the diagonal.

    Returns
    -------
    Array
        Same shape: entry (i, j) is Σ_k X_ik X_kj over all k, own regard counted as it stands.
        Source: Kułakowski et al. 2005 IJMPC 16; Marvel et al. 2011 PNAS 108(5).
    """
    drift = np.zeros_like(alignments)
    for k in range(alignments.shape[0]):
        drift = drift + alignments[:, k, np.newaxis] * alignments[np.newaxis, k, :]
    return drift
