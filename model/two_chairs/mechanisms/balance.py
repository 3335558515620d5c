"""Structural balance as a rival mechanism, off by default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, everywhere
from two_chairs.declarations import parameter

from .mechanism import Mechanism


@dataclass(frozen=True)
class BalanceParameters:
    """The strength of the drift."""

    balance_drift: Array = parameter(
        "η",
        0.0,
        (0.0, 0.0),
        "per week",
        "strength of structural-balance drift, a rival theory that is off by default",
        "assumption",
        "Marvel et al. 2011 PNAS 108(5); 0 switches it off",
        varied=False,
        after="slow_half_life",
    )


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
    for k in range(len(alignments)):
        drift = drift + alignments[:, k, np.newaxis] * alignments[np.newaxis, k, :]
    return drift


MECHANISM = Mechanism(
    name="balance",
    words="drift toward structural balance",
    parameters=BalanceParameters,
    is_on=lambda p: not everywhere(p.balance_drift == 0.0),
    step=lambda alignments, p: p.balance_drift * balance_drift(alignments),
)
