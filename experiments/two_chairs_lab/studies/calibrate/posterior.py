"""The posterior of a calibration: whole draws, frozen in a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array
from two_chairs.draws import draw_weights
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Posterior as FrozenDraws
from two_chairs.scenario.records import Scenario
from two_chairs_lab.statistics.scores import effective_size, resampled

from .observation import Links
from .sample import (
    Proposal,
    Rows,
    first_replicate,
    parameters_of,
    read_proposal,
    weighted,
)
from .study import PRIOR, REFINED, Calibration

DIGITS = 7
"""Significant digits of the posterior table."""
POSTERIOR = "posterior.csv"


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior.

    Attributes
    ----------
    columns
        Parameter, ``weight:EVENT`` or ``link:…`` → values, each (draws,).
    links
        The links of the draws.
    readings
        What each answer's question reads in each draw, shape (answers, draws).
    effective
        Effective number of rows behind the draws.
    rows
        Number of rows in all tables.
    """

    columns: Mapping[str, Array]
    links: Links
    readings: Array
    effective: float
    rows: int


def draw_posterior(calibration: Calibration, folder: Path) -> Posterior:
    """Draw from the weighted rows, each draw with a link of its own."""
    plan = calibration.plan
    weights, rows = weighted(calibration, folder)
    generator = np.random.default_rng([plan.seed, 1])
    chosen = resampled(weights, plan.draws, generator)
    readings = rows.readings[:, chosen]
    links = calibration.survey.draw_link(readings, generator)
    columns = _inputs(calibration, chosen, rows.sizes, read_proposal(folder))
    named = {
        f"link:{question.id}": links.intercepts[number]
        for number, question in enumerate(plan.questions)
    }
    columns |= named | {"link:slope": links.slope, "link:discrepancy": links.discrepancy}
    return Posterior(columns, links, readings, effective_size(weights), sum(rows.sizes))


def prior_products(calibration: Calibration, rows: Rows, pair: tuple[str, str]) -> Array:
    """Return the product of two parameters in the rows of the first table, shape (rows,)."""
    parameters = parameters_of(calibration, PRIOR, np.arange(rows.sizes[0]), None)
    one, other = (np.asarray(getattr(parameters, name)) for name in pair)
    return np.broadcast_to(one * other, (rows.sizes[0],))


def prior_columns(calibration: Calibration, number: int) -> dict[str, Array]:
    """Return the first rows of the prior, as columns of the same names as the posterior's."""
    return _inputs(calibration, np.arange(number), (number, 0), None)


def _inputs(
    calibration: Calibration,
    chosen: NDArray[np.int64],
    sizes: tuple[int, int],
    proposal: Proposal | None,
) -> dict[str, Array]:
    """Return parameters and event weights of rows, by their places among all rows."""
    pieces: list[tuple[NDArray[np.bool_], dict[str, Array]]] = []
    for table, second in ((PRIOR, False), (REFINED, True)):
        inside = (chosen >= sizes[0]) == second
        if inside.any():
            # the second table's replicates go on where the first's end, as its rows do
            replicates = chosen[inside] + (first_replicate(calibration, table) - sizes[0]) * second
            pieces.append((inside, _columns(calibration, table, replicates, proposal)))
    columns = {}
    for name in pieces[0][1]:
        columns[name] = np.empty(len(chosen))
        for inside, piece in pieces:
            columns[name][inside] = piece[name]
    return columns


def _columns(
    calibration: Calibration, table: str, replicates: NDArray[np.int64], proposal: Proposal | None
) -> dict[str, Array]:
    parameters = parameters_of(calibration, table, replicates, proposal)
    weights = draw_weights(calibration.scenario, Luck(calibration.plan.seed, replicates))
    columns = {
        name: np.broadcast_to(getattr(parameters, name), replicates.shape)
        for name, entry in calibration.scenario.parameters.items()
        if PARAMETERS[name].varied and entry.low < entry.high
    }
    return columns | {f"weight:{event}": values for event, values in weights.items()}


def posterior_text(columns: Mapping[str, Array]) -> str:
    """Return draws as CSV text, one row a draw."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([f"{value:.{DIGITS}g}" for value in row])
    return out.getvalue()


def frozen_scenario(calibration: Calibration, posterior: Posterior) -> Scenario:
    """Return the plan's scenario with a posterior just drawn, exactly as its file will hold it."""
    header, *rows = posterior_text(posterior.columns).splitlines()
    last = max(observation.end for observation in calibration.observations)
    record = FrozenDraws(
        file=POSTERIOR,
        frozen=calibration.plan.frozen,
        source=f"{len(calibration.observations)} poll answers up to {last}; docs/calibration.md",
        names=tuple(header.split(",")),
        rows=tuple(rows),
    )
    return calibration.scenario.model_copy(update={"posterior": record})
