"""The log likelihood of a calibration's rows, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.statistics.scores import log_sum

from .deciding import quarter_of
from .sample import ImportanceSample
from .study import Calibration

POLLS, ALL = "polls", "all"


@dataclass(frozen=True)
class Terms:
    """The log likelihood of a calibration's rows, by source and quarter.

    Attributes
    ----------
    polls, log_prior
        Each of shape (rows,).
    polls_without
        Wave → log likelihood of all other polls, (rows,); empty where there is one wave.
    decisions
        Log likelihood of every recorded decision, its power included, (terms, rows).
    source, quarter
        Of every term: the actor or what else it tells of, and its quarter; −1 has none.
    quarter_names
        What the quarters are called in the record.
    strict
        Log likelihood of the whole record at its best supported choices, (rows,).
    """

    polls: Array
    polls_without: Mapping[str, Array]
    log_prior: Array
    decisions: Array
    source: Sequence[str]
    quarter: Sequence[int]
    quarter_names: Mapping[int, str]
    strict: Array

    def of(self, chosen: Flags) -> Array:
        """Return the log likelihood of some of the terms, shape (rows,)."""
        return np.asarray(self.decisions[chosen].sum(axis=0))

    def sources(self) -> dict[str, Array]:
        """Return the log likelihood of each source by itself, and of all."""
        names = np.array(self.source)
        found = {POLLS: self.polls}
        found |= {name: self.of(names == name) for name in dict.fromkeys(self.source)}
        return found | {ALL: self.polls + self.of(np.ones(len(names), dtype=bool))}


def terms_of(calibration: Calibration, sample: ImportanceSample) -> Terms:
    """Return the terms of a calibration's rows."""
    rows = {row.id: row for row in calibration.recorded}
    names = () if calibration.decided is None else calibration.decided.names
    quarters = [
        quarter_of(rows[name], calibration.scenario) if name in rows else -1 for name in names
    ]
    actors = [rows[name].actor if name in rows else name for name in names]
    power = sample.power
    return Terms(
        polls=calibration.survey.log_evidence(sample.predictors),
        polls_without=_without_waves(calibration, sample),
        log_prior=sample.log_prior,
        decisions=power * sample.terms,
        source=actors,
        quarter=quarters,
        quarter_names={quarter_of(row, calibration.scenario): row.quarter for row in rows.values()},
        strict=power * sample.strict,
    )


def _without_waves(calibration: Calibration, sample: ImportanceSample) -> dict[str, Array]:
    """Return the log likelihood of the polls without each wave, by the day it began and house."""
    survey = calibration.survey
    waves = dict(zip(survey.wave.tolist(), calibration.observations, strict=True))
    if len(waves) < 2:
        return {}
    return {
        f"{date_words(seen.start)}, {seen.house}": survey.without(wave).log_evidence(
            sample.predictors[survey.wave != wave]
        )
        for wave, seen in sorted(waves.items())
    }


def log_mean(logs: Array, weights: Array) -> float:
    """Return log Σ w exp(logs) of weights that sum to one."""
    with np.errstate(divide="ignore"):
        return float(log_sum(np.log(weights) + logs, 0))
