"""Sensitivity indices of any function: from a problem, its points and their values, by SALib.

Nothing here knows the model. A problem is SALib's: ``num_vars``, ``names``, ``bounds`` and
``groups``; what is reported are groups. A value that is not finite is refused, since SALib would
turn all indices of such values into zeros or not-a-number without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs.extras import needed
from two_chairs_lab.designs.design import MORRIS_LEVELS

from .summaries import half_width

CONFIDENCE = 0.90
"""Confidence of all intervals: 5 to 95 %, as everywhere in the program."""
RESAMPLES = 100
"""Bootstrap resamples behind an interval; SALib's default."""


@dataclass(frozen=True, slots=True)
class Index:
    """Sobol' indices of one group: shares of the variance.

    Attributes
    ----------
    name
        Of the group.
    first, first_error
        Share that the group explains alone, and half the width of its 90 % interval. An estimate
        may fall below zero by its error.
    total, total_error
        Share in which the group has a part, alone or with others.
    """

    name: str
    first: float
    first_error: float
    total: float
    total_error: float


@dataclass(frozen=True, slots=True)
class VarianceDecomposition:
    """How a variance is split.

    Attributes
    ----------
    deviation
        Standard deviation of the values.
    indices
        One for each group, in the order of the problem; none if the values do not vary, or so
        rarely that none of the base sample differs.
    interaction, interaction_error
        What is left to groups acting together: one less the sum of first-order indices.
    """

    deviation: float
    indices: tuple[Index, ...]
    interaction: float = 0.0
    interaction_error: float = 0.0

    def unsplit(self) -> str:
        """Say why there are no indices."""
        return "varies too rarely" if self.deviation else "does not vary"


@dataclass(frozen=True, slots=True)
class ElementaryEffect:
    """Morris's measures of one group, in units of the value over the whole range of the group.

    Attributes
    ----------
    name
        Of the group.
    mu_star, mu_star_error
        Mean absolute elementary effect, and half the width of its 90 % interval.
    sigma
        Standard deviation of the effects: how far an effect depends on where the others stand;
        ``None`` for a group of several axes, whose effects have no direction.
    """

    name: str
    mu_star: float
    mu_star_error: float
    sigma: float | None


def group_names(problem: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the groups of a problem in order."""
    return tuple(dict.fromkeys(problem["groups"]))


def variance_decomposition(
    problem: Mapping[str, Any], points: Array, values: Array, seed: int = 0
) -> VarianceDecomposition:
    """Split the variance of values among the groups of a problem (Saltelli et al. 2010).

    Parameters
    ----------
    problem, points
        What SALib's sampler (``sample.sobol`` without second order) was given and returned,
        shape (points, axes). Of a single group, which has the whole variance, any points do.
    values
        Value at each point, shape (points,).
    seed
        Of the bootstrap.

    Raises
    ------
    InputError
        If a value is not finite or the numbers of points and values do not suit the problem.
    """
    names = group_names(problem)
    _check(points, values, len(names) + 2 if len(names) > 1 else 1)
    deviation = float(np.std(values))
    if np.ptp(values) == 0.0:
        return VarianceDecomposition(0.0, ())
    if len(names) == 1:
        return VarianceDecomposition(deviation, (Index(names[0], 1.0, 0.0, 1.0, 0.0),))
    if np.ptp(values.reshape(-1, len(names) + 2)[:, [0, -1]]) == 0.0:
        return VarianceDecomposition(deviation, ())  # SALib would call every index zero
    found = needed("SALib.analyze.sobol").analyze(
        dict(problem),
        values,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        keep_resamples=True,
        seed=seed + 1,  # SALib takes zero for no seed
    )
    columns = (found[key].tolist() for key in ("S1", "S1_conf", "ST", "ST_conf"))
    indices = tuple(Index(*row) for row in zip(names, *columns, strict=True))
    spread = float(np.std(found["S1_conf_all"].sum(axis=1), ddof=1))
    rest = 1.0 - sum(index.first for index in indices)
    return VarianceDecomposition(deviation, indices, rest, half_width(spread))


def elementary_effects(
    problem: Mapping[str, Any], points: Array, values: Array, seed: int = 0
) -> tuple[ElementaryEffect, ...]:
    """Return Morris's measures of the groups of a problem, from trajectories of SALib's.

    Parameters
    ----------
    problem, points, values, seed
        As for `variance_decomposition`, sampled by ``sample.morris`` at ``MORRIS_LEVELS`` levels.

    Raises
    ------
    InputError
        As `variance_decomposition`.
    """
    names = group_names(problem)
    _check(points, values, len(names) + 1)
    found = needed("SALib.analyze.morris").analyze(
        dict(problem),
        points,
        values,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=MORRIS_LEVELS,
        seed=seed + 1,
    )
    row = {name: n for n, name in enumerate(found["names"])}
    return tuple(
        ElementaryEffect(
            name,
            float(found["mu_star"][row[name]]),
            float(found["mu_star_conf"][row[name]]),
            None if problem["groups"].count(name) > 1 else float(found["sigma"][row[name]]),
        )
        for name in names
    )


def _check(points: Array, values: Array, block: int) -> None:
    """Refuse values that do not belong to the points of a design, or are not numbers."""
    if values.shape != (len(points),) or len(points) % block or len(points) < 2 * block:
        text = f"{values.size} values at {len(points)} points do not suit a design of blocks"
        raise InputError.at("design", f"{text} of {block}; analyse the points that were sampled")
    refuse_unfinite(values, [f"point {number}" for number in range(len(points))])


def refuse_unfinite(values: Array, points: Sequence[str], what: str = "the value") -> None:
    """Refuse values of which a single one is not a finite number.

    Parameters
    ----------
    values
        Shape (points,).
    points
        What each point is called.
    what
        What the values are.

    Raises
    ------
    InputError
        Names the first such point.
    """
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        more = f" (and at {bad.size - 1} other points)" if bad.size > 1 else ""
        text = f"{what} is {values[bad[0]]}, not a finite number{more}"
        remedy = "no index can be told from it; narrow the ranges"
        raise InputError.at(points[int(bad[0])], f"{text}; {remedy}")
