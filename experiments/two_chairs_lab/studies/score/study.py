"""Scores of past predictions, beside no change and the trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.stats import norm

from two_chairs.axes import Array
from two_chairs.scenario.records import Observation
from two_chairs.vocabulary import Day
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.scores import crps, pinball, samples_of
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.calibrate.observation import LinkPrior, expit, logit
from two_chairs_lab.studies.calibrate.simple import no_change, spread, trend, yearly_variance
from two_chairs_lab.studies.calibrate.study import MARGIN

from .frozen import Frozen, answers_to, middle_of, same_series

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVELS = {"p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
CENTRAL = {"50 %": ("p25", "p75"), "80 %": ("p10", "p90"), "90 %": ("p05", "p95")}
TICKS = (np.arange(1000) + 0.5) / 1000
MODEL, NO_CHANGE, TREND = "model", "no change", "trend"
FORECASTERS = (MODEL, NO_CHANGE, TREND)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer that has come in, and what was predicted of it.

    Attributes
    ----------
    question, label
        What was predicted, and for when.
    row
        The answer.
    quantiles
        Forecaster → quantile's name → percent; only the model where nothing came before.
    crps, loss
        Forecaster → continuous ranked probability score and mean pinball loss, percent.
    """

    question: str
    label: str
    row: Observation
    quantiles: Mapping[str, Mapping[str, float]]
    crps: Mapping[str, float]
    loss: Mapping[str, float]

    @property
    def observed(self) -> float:
        """The answer, percent."""
        return 100.0 * self.row.value

    def inside(self, interval: str, forecaster: str = MODEL) -> bool:
        """Say whether the answer lies inside a central interval."""
        low, high = (self.quantiles[forecaster][name] for name in CENTRAL[interval])
        return low <= self.observed <= high


@dataclass(frozen=True, slots=True)
class Happened:
    """One dated chance, and what came of it.

    Attributes
    ----------
    name, day
        What may have happened, and by when.
    chance
        The probability that was given.
    came
        Whether it had happened; ``None`` where nobody can tell yet.
    text
        The statement in words, if it has some.
    """

    name: str
    day: Day
    chance: float
    came: bool | None
    text: str = ""

    def brier(self, chance: float | None = None) -> float:
        """Return (p − o)² of the chance given, or of another."""
        given = self.chance if chance is None else chance
        return float("nan") if self.came is None else (given - float(self.came)) ** 2


@dataclass(frozen=True, slots=True)
class Scores:
    """The answer of ``score``.

    Attributes
    ----------
    frozen
        The predictions.
    answered
        Answers that have come in.
    waiting
        Predicted questions and dates without an answer.
    unscored
        Ids of later answers to these questions that are scored for no date.
    happened
        Dated chances and what came of them.
    inputs
        File → SHA-256.
    """

    kind: ClassVar[str] = "scores"
    name: ClassVar[str] = "scores"

    frozen: Frozen
    answered: tuple[Answered, ...]
    waiting: tuple[tuple[str, str], ...]
    happened: tuple[Happened, ...]
    unscored: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def resolved(self) -> list[Happened]:
        """Chances of which one can tell what came."""
        return [entry for entry in self.happened if entry.came is not None]

    def basis(self) -> Basis:
        """Return what the scores rest on."""
        record = self.frozen.record
        asked = {"predictions": self.frozen.place, "frozen": record.get("frozen")}
        conditional = str(record.get("conditional_on", ""))
        words = f"Scores of what was frozen on {record.get('frozen', 'an unknown day')}: "
        return Basis(self.kind, asked, f"{words}{conditional}", self.inputs)

    def sentences(self) -> list[str]:
        """Say how the predictions fared."""
        from .render import sentences

        return sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return scores by answer, by question and by happening."""
        from .render import tables

        return tables(self)

    def figures(self) -> Mapping[str, Figure]:
        """Draw what was predicted and what came."""
        from two_chairs_lab.plotting.style import Figures

        from .figures import answers_figure

        drawn = {"answers": lambda: answers_figure(self)} if self.answered else {}
        return Figures(drawn)

    def record(self) -> dict[str, Any]:
        """Return the scores as plain data."""
        return {
            "predictions": self.frozen.place,
            "frozen": self.frozen.record.get("frozen"),
            "evidence_until": self.frozen.evidence_until.isoformat(),
            "waiting": [list(pair) for pair in self.waiting],
            "unscored": list(self.unscored),
            **{name: table.records() for name, table in self.tables().items()},
        }


def score(
    frozen: Frozen,
    rows: Sequence[Observation],
    came: Mapping[str, Day | bool],
    known_to: Day | None,
    within: int,
    inputs: Mapping[str, str] | None = None,
) -> Scores:
    """Score predictions against what came.

    Parameters
    ----------
    frozen
        The predictions.
    rows
        Answers of all times: those before the end of the evidence make the simple forecasts.
    came
        What came of happenings and statements (`frozen.resolutions`).
    known_to
        Day to which the record is complete: what is not on it until then has not happened.
    within
        Most days between a predicted date and its answer.
    inputs
        File → SHA-256.
    """
    answered: list[Answered] = []
    waiting: list[tuple[str, str]] = []
    unscored: list[str] = []
    past = [row for row in rows if row.end <= frozen.evidence_until and 0.0 < row.value < 1.0]
    asked = {
        question: [row for row in rows if same_series(question, row.series)]
        for question in frozen.questions
    }
    earlier = {
        question: [row for row in past if row in own] for question, own in asked.items()
    }  # fmt: skip
    yearly = _yearly_variance(list(earlier.values()))
    for question, dated in frozen.questions.items():
        later = [row for row in asked[question] if row.end > frozen.evidence_until]
        found = answers_to(list(dated), later, within)
        unscored += [row.id for row in later if row not in found.values()]
        for label, quantiles in dated.items():
            if label not in found:
                waiting.append((question, label))
                continue
            row = found[label]
            simple = _simple(earlier[question], row, yearly)
            answered.append(_scored(question, label, row, {MODEL: quantiles, **simple}))
    happened = [
        Happened(name, day, chance, _came(came.get(name), day, known_to))
        for (name, day), chance in frozen.chances.items()
    ] + [
        Happened(name, day, chance, _came(came.get(name), day, known_to), text)
        for name, (day, chance, text) in frozen.single.items()
    ]
    return Scores(
        frozen, tuple(answered), tuple(waiting), tuple(happened), tuple(unscored), inputs or {}
    )


def _came(what: Day | bool | None, day: Day, known_to: Day | None) -> bool | None:
    """Say whether something had happened by a day, if one can tell."""
    if what is None or isinstance(what, bool):
        return what
    if what <= day:
        return True
    return False if known_to is not None and known_to >= day else None


def _scored(
    question: str, label: str, row: Observation, quantiles: Mapping[str, Mapping[str, float]]
) -> Answered:
    observed = 100.0 * row.value
    scores: dict[str, float] = {}
    losses: dict[str, float] = {}
    for name, told in quantiles.items():
        levels = {key: level for key, level in LEVELS.items() if key in told}
        at, values = np.array(list(levels.values())), np.array([told[key] for key in levels])
        scores[name] = crps(samples_of(at, values, TICKS, 0.0, 100.0), observed)
        losses[name] = float(np.mean(pinball(at, values, observed)))
    return Answered(question, label, row, quantiles, scores, losses)


def _simple(
    earlier: Sequence[Observation], row: Observation, yearly: float
) -> dict[str, dict[str, float]]:
    """Return the forecasts that need no model, as quantiles in percent.

    No change: the last answer of the question before the evidence ended. Trend: the line through
    those answers, on the logit scale. Both spread by two polls' errors and by the mean yearly
    change of the answers seen.
    """
    if not earlier:
        return {}
    seen = sorted(earlier, key=middle_of)
    years = np.array([_year(each) for each in seen])
    logits = logit(np.array([each.value for each in seen]))
    found = {}
    for name, rule in ((NO_CHANGE, no_change), (TREND, trend)):
        middle, away = rule(years, logits, max(_year(row), float(years[-1])))
        error = float(_error(seen[-1], expit(np.array(middle))))
        values = 100.0 * expit(
            middle + spread(error, yearly, away) * norm.ppf(list(LEVELS.values()))
        )
        found[name] = dict(zip(LEVELS, map(float, values), strict=True))
    return found


def _error(row: Observation, share: Array) -> Array:
    """Return an answer's standard error on the logit scale; its own where it has one."""
    return LinkPrior().sampling_logit(share, row.error / MARGIN if row.error else None)


def _year(row: Observation) -> float:
    return middle_of(row).toordinal() / 365.25


def _yearly_variance(by_question: Sequence[Sequence[Observation]]) -> float:
    """Return the mean squared yearly change of logits between answers seen."""
    return yearly_variance(
        [(_year(row), float(logit(np.array(row.value)))) for row in sorted(rows, key=middle_of)]
        for rows in by_question
    )
