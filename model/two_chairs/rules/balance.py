"""How balanced the regard among all actors is: friends of friends, enemies of enemies."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array


def mutual(alignments: Array) -> Array:
    """Return regard between actors: the mean of both directions and of all domains.

    Parameters
    ----------
    alignments
        Shape (…, actors, actors, domains, worlds), in [−1, 1].

    Returns
    -------
    Array
        Shape (…, actors, actors, worlds), symmetric, in [−1, 1]; 0 toward oneself.
    """
    regard = alignments.mean(axis=-2)
    others = 1.0 - np.eye(regard.shape[-2])[..., np.newaxis]
    return np.asarray(0.5 * (regard + np.swapaxes(regard, -3, -2)) * others)


def walk_balance(signed: Array) -> Array:
    """Return tr e^S / tr e^|S|: closed walks, the shorter the heavier, positive less negative.

    Parameters
    ----------
    signed
        S, signed regard, shape (…, actors, actors, worlds), symmetric.

    Returns
    -------
    Array
        Shape (…, worlds), in (0, 1]; 1 where no cycle is frustrated. |S| is taken entry by entry.
        Source: Estrada & Benzi 2014 Physical Review E 90, 042802.
    """
    walks, all_walks = (
        np.exp(np.linalg.eigvalsh(np.moveaxis(matrix, -1, -3))).sum(axis=-1)
        for matrix in (signed, np.abs(signed))
    )
    return np.asarray(walks / all_walks)
