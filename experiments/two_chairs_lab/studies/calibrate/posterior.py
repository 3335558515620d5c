"""The posterior of a calibration: whole draws, frozen in a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from two_chairs.axes import Array, Counts, Flags
from two_chairs.draws import draw_weights
from two_chairs.errors import InputError
from two_chairs.parameters import PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.scenario.provenance import fitted_to
from two_chairs.scenario.records import PosteriorTable, Scenario
from two_chairs.scenario.write import toml
from two_chairs_lab.engine.batch import Batch, Draw
from two_chairs_lab.engine.runner import HERE, Runner, evaluate
from two_chairs_lab.statistics.scores import (
    RELIABLE_K,
    effective_size,
    normalised,
    pareto_k,
    resampled,
)
from two_chairs_lab.statistics.spreading import spread_out

from .sample import ImportanceSample, Proposal, first_replicate, parameters_of
from .study import PRIOR, REFINED, Calibration, evidence_end

DIGITS = 5
"""Significant digits of the posterior table."""
POSTERIOR = "posterior.csv"
RECORD = "posterior.json"
"""What the draws were fitted to, to be kept beside them."""
ENTRY = "posterior.toml"
"""The table ``[posterior]`` that names the draws, to be put into a scenario file."""
SPREAD_BY = ("tilt", "incumbent_seat", "rival_seat")
"""Outcomes, at the cut-off and at the end, in which every first part of the draws is spread out."""


@dataclass(frozen=True)
class PosteriorSample:
    """Draws from the posterior.

    Attributes
    ----------
    columns
        Parameter, ``weight:EVENT`` or ``link:…`` → values, each (draws,).
    predictors
        What each answer's question sees in each draw, shape (answers, draws).
    effective
        Effective number of rows behind the draws.
    rows
        Number of rows in all tables.
    tail
        Pareto k of their weights.
    """

    columns: Mapping[str, Array]
    predictors: Array
    effective: float
    rows: int
    tail: float


def draw_posterior(calibration: Calibration, sample: ImportanceSample) -> PosteriorSample:
    """Draw from the weighted rows, each draw with an observation model of its own."""
    plan = calibration.plan
    log_weights = sample.log_weights(calibration.survey)
    weights = normalised(log_weights)
    generator = np.random.default_rng([plan.seed, 1])
    chosen = resampled(weights, plan.draws, generator)
    predictors = sample.predictors[:, chosen]
    model = calibration.survey.draw_model(predictors, generator)
    columns = inputs_of(calibration, chosen, sample.sizes, sample.proposal)
    named = {
        f"link:{question.id}": model.intercepts[number]
        for number, question in enumerate(plan.questions)
    }
    columns |= named | {"link:slope": model.slope, "link:discrepancy": model.discrepancy}
    size, tail = effective_size(weights), pareto_k(log_weights)
    return PosteriorSample(columns, predictors, size, sum(sample.sizes), tail)


def refuse_unreliable(calibration: Calibration, posterior: PosteriorSample, where: str) -> None:
    """Raise `InputError` where the weights behind some draws can not be trusted.

    Only a plan that says how many effective rows it needs asks for that.
    """
    least = calibration.plan.least_effective
    if least <= 0.0 or (posterior.effective >= least and posterior.tail < RELIABLE_K):
        return
    told = f"Pareto k {posterior.tail:.2f}, effective rows {posterior.effective:,.0f}"
    needed = f"it must be below {RELIABLE_K:.2f}, and at least {least:,.0f} rows effective"
    text = f"the weights can not be trusted: {told}; {needed}: nothing is frozen; raise rows"
    raise InputError.at(where, f"{text}, or list more parameters under proposed")


def spread_posterior(
    calibration: Calibration, posterior: PosteriorSample, runner: Runner = HERE
) -> PosteriorSample:
    """Put the draws in an order of which every first part represents the whole.

    Every draw is run once without luck; draws are spread out in where the pivot then sits at the
    cut-off and at the end (`spread_out`). World k of an ensemble reads row k, so that few worlds
    say nearly what many do.
    """
    scenario = frozen_scenario(calibration, posterior)
    days = dict.fromkeys((scenario.agents_act_from or scenario.end, scenario.end))
    asked = [(name, day) for day in days for name in SPREAD_BY]
    draws = np.arange(calibration.plan.draws)
    worlds = Batch(scenario, draws, calibration.plan.seed, Draw(luck=False))
    seen = evaluate([worlds], asked, runner).T
    spread = np.where(np.ptp(seen, axis=0) > 0.0, seen.std(axis=0), 1.0)
    order = spread_out(seen / spread, calibration.plan.seed)
    columns = {name: values[order] for name, values in posterior.columns.items()}
    return replace(posterior, columns=columns, predictors=posterior.predictors[:, order])


def prior_products(
    calibration: Calibration, sample: ImportanceSample, pair: tuple[str, str]
) -> Array:
    """Return the product of two parameters in the rows of the first table, shape (rows,)."""
    parameters = parameters_of(calibration, PRIOR, np.arange(sample.sizes[0]))
    one, other = (np.asarray(getattr(parameters, name)) for name in pair)
    return np.broadcast_to(one * other, (sample.sizes[0],))


def prior_columns(calibration: Calibration, number: int) -> dict[str, Array]:
    """Return the first rows of the prior, as columns of the same names as the posterior's."""
    return inputs_of(calibration, np.arange(number), (number, 0), None)


def inputs_of(
    calibration: Calibration, chosen: Counts, sizes: tuple[int, int], proposal: Proposal | None
) -> dict[str, Array]:
    """Return parameters and event weights of rows, by their indices among all rows."""
    pieces: list[tuple[Flags, dict[str, Array]]] = []
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
    calibration: Calibration, table: str, replicates: Counts, proposal: Proposal | None
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


def posterior_entry(posterior: PosteriorTable) -> str:
    """Return the table of a scenario file that names the draws, and the answers they fit."""
    entry = posterior.model_dump(include={"file", "frozen", "source", "answers"})
    return toml({"posterior": entry}).lstrip()


def _evidence(calibration: Calibration) -> str:
    """Say what was fitted, in a few words."""
    polls = f"{len(calibration.observations)} poll answers"
    decisions = len(calibration.recorded)
    return f"{polls} and {decisions} recorded decisions" if decisions else polls


def frozen_scenario(calibration: Calibration, posterior: PosteriorSample) -> Scenario:
    """Return the plan's scenario with a posterior just drawn, exactly as its file will hold it."""
    header, *rows = posterior_text(posterior.columns).splitlines()
    last = max(observation.end for observation in calibration.observations)
    until = evidence_end(calibration.plan, calibration.scenario)
    record = PosteriorTable(
        file=POSTERIOR,
        frozen=calibration.plan.frozen,
        source=f"{_evidence(calibration)} up to {last}",
        answers=tuple(observation.id for observation in calibration.observations),
        fitted=fitted_to(calibration.scenario, evidence_until=until or last),
        names=tuple(header.split(",")),
        rows=tuple(rows),
    )
    return calibration.scenario.model_copy(update={"posterior": record})
