"""Ablations of the model on one scenario: what each predicts, and how each scores on polls.

An ablation is the model under parameters that take mechanisms away (`[rivals]` of a calibration
plan); records and names of this folder call it a theory, as the command does. Each is fitted alike:
a table of rows drawn from the ranges, weighted by the polls. Its worlds have parameters and event
weights of rows drawn by these weights, and luck in common: world k of every theory has the luck of
replicate k. A rival that is no part of the model stands in `landscape`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import REGIMES, Array, Counts
from two_chairs.draws import draw_weights
from two_chairs.errors import InputError
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Case
from two_chairs.vocabulary import monday
from two_chairs_lab.engine.batch import Batch, Draw, series_of
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.numbers import counted
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.statistics.scores import effective_size, normalised, resampled
from two_chairs_lab.statistics.summaries import QUANTILES, quantiles
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.calibrate.sample import batch_of, parameters_of, read_table, run_rows
from two_chairs_lab.studies.calibrate.scoring import (
    MODEL,
    SIMPLE,
    TESTS,
    Score,
    evidence,
    losses,
    mean_scores,
    score,
    score_table,
    simple_theories,
    theory_of,
)
from two_chairs_lab.studies.calibrate.study import PRIOR, Calibration

from .landscape import Landscape, landscape_of, landscape_tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEASURES = ("tilt", "incumbent_seat", "rival_seat")
OUTCOMES = (*MEASURES, *(f"regime:{regime}" for regime in REGIMES))
RESAMPLES = 4_000
"""Resamples of the answers behind the interval of a difference of scores."""
POINTS = 100.0
"""Points of a share of one."""
DIGITS = 6
FIRST = "variant"
"""Heads the names of the model, its ablations and simple predictors."""
NOT_TESTABLE = "not testable"
"""Stands for a difference from the model that polls can not show."""


@dataclass(frozen=True)
class Theory:
    """The model or an ablation of it, fitted, and its worlds.

    Attributes
    ----------
    label
        What it says, in words.
    parameters
        What it fixes.
    effective
        Effective number of rows behind its worlds.
    evidence
        Log of the mean likelihood of all answers over its rows.
    shares
        Share expected of each answer by its worlds, all answers seen, shape (answers, worlds).
    dates
        Mondays of the run.
    paths
        Tilt, seats and ``regime:NAME`` → values, shape (weeks, worlds).
    """

    label: str
    parameters: Mapping[str, float]
    effective: float
    evidence: float
    shares: Array
    dates: tuple[date, ...]
    paths: Mapping[str, Array]


@dataclass(frozen=True)
class TheoryComparison:
    """The answer: the model and its ablations side by side.

    Attributes
    ----------
    calibration
        The plan made definite.
    rows, worlds
        Rows of a theory's table; worlds of its prediction.
    theories
        The model first, then its ablations.
    scores
        Of the theories, of no change and of a linear trend, on answers left out.
    not_testable
        Ablations that answer every poll as the model does, row by row: polls can not tell them.
    read_from
        Folder of the calibration whose tables were read; ``None`` where they were run.
    landscape
        Landscape theory on the pivot's recorded postures, where there are any.
    """

    kind: ClassVar[str] = "theories"
    name: ClassVar[str] = "theories"

    calibration: Calibration
    rows: Mapping[str, int]
    worlds: int
    theories: Mapping[str, Theory]
    scores: Sequence[Score]
    not_testable: tuple[str, ...] = ()
    read_from: Path | None = None
    landscape: Landscape | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """Mondays at which positions are given: of the cut-off, and of the end."""
        scenario = self.calibration.scenario
        last = monday(scenario.end)
        start = scenario.agents_act_from
        return (last,) if start is None else tuple(dict.fromkeys((monday(start), last)))

    def conditional_on(self) -> str:
        """Say what the comparison is conditional on."""
        sizes = sorted(set(self.rows.values()))
        rows = " or ".join(f"{size:,}" for size in sizes)
        answers = counted(len(self.calibration.observations), "answer")
        return (
            "Conditional on the model, on one coding of the events and on the link from alignments "
            f"to poll shares; each ablation has its own parameters, weighted by the {answers} to "
            f"one pollster ({rows} rows each), and the same luck; {counted(self.worlds, 'world')} "
            f"each, seed {self.calibration.plan.seed}. An exploration of mechanisms, not a "
            "forecast."
        )

    def basis(self) -> Basis:
        """Return what the comparison rests on."""
        specification = {
            **self.calibration.specification(),
            "rows": dict(self.rows),
            "worlds": self.worlds,
            "read_from": None if self.read_from is None else str(self.read_from),
        }
        return Basis(self.kind, specification, self.conditional_on())

    def sentences(self) -> list[str]:
        """Say, first, where the model loses, then what the polls leave open."""
        from .render import sentences

        return sentences(self.record())

    def tables(self) -> Mapping[str, Table]:
        """Return positions, regimes, scores by test, polls, decisions, every score by itself."""
        every = score_table(self.scores)
        heads = tuple(FIRST if head == "theory" else head for head in every.columns)
        return tables(self.record(), self.calibration.scenario.case) | {
            "scores": replace(every, columns=heads)
        }

    def figures(self) -> Mapping[str, Figure]:
        """Draw the ablations' tilts and scores."""
        from .figures import draw

        return draw(self)

    def record(self) -> dict[str, Any]:
        """Return the comparison as plain data; shares, never percent."""
        calibration, scores = self.calibration, self.scores
        simple = [name for name in dict.fromkeys(s.theory for s in scores) if name != MODEL]
        return {
            "kind": self.kind,
            "title": calibration.plan.title,
            "scenario": calibration.scenario.name,
            "conditional_on": self.conditional_on(),
            "rows": dict(self.rows),
            "worlds": self.worlds,
            "seed": calibration.plan.seed,
            "questions": {question.id: question.label for question in calibration.plan.questions},
            "loses_to": {
                name: [] if name in self.not_testable else losses(calibration, scores, name)
                for name in simple
            },
            "landscape": None if self.landscape is None else self.landscape.record(),
            "not_testable": list(self.not_testable),
            "theories": {name: _record(self, theory) for name, theory in self.theories.items()},
            "scores": mean_scores(calibration, scores),
            "crps_less_models": {
                test: {name: _difference(self, name, test) for name in simple} for test in TESTS
            },
        }


def run_theory_tables(
    calibration: Calibration, rows: int, runner: Runner = HERE
) -> dict[str, Array]:
    """Run a table of rows for the model and each rival: theory → predictors, (answers, rows).

    Raises
    ------
    InputError
        If the plan names no rivals, or one by a name of the program.
    """
    check_rivals(calibration)
    tables = tables_of(calibration)
    batches = [batch_of(calibration, table, np.arange(rows)) for table in tables.values()]
    return dict(zip(tables, run_rows(calibration, batches, runner), strict=True))


def read_theory_tables(calibration: Calibration, folder: Path) -> dict[str, Array]:
    """Read the first table of the model and of each rival from a finished calibration.

    Raises
    ------
    InputError
        If the calibration is not finished, or as `run_theory_tables` does.
    """
    check_rivals(calibration)
    try:
        return {
            theory: read_table(calibration, folder, table)
            for theory, table in tables_of(calibration).items()
        }
    except FileNotFoundError:
        text = "holds a calibration that is not finished; finish it with 'calibrate … --resume'"
        raise InputError.at(str(folder), text) from None


def tables_of(calibration: Calibration) -> dict[str, str]:
    """Return the table of each theory, the model's first."""
    return {MODEL: PRIOR} | {rival: rival for rival in calibration.plan.rivals}


def check_rivals(calibration: Calibration) -> None:
    """Raise `InputError` if a plan names no rivals, or one by a name of the program."""
    rivals = calibration.plan.rivals
    if not rivals:
        text = "is empty; name one ablation at least, such as [rivals.inertia]"
        raise InputError.at("plan: rivals", text)
    for name in (MODEL, *SIMPLE):
        if name in rivals:
            raise InputError.at(f"plan: rivals.{name}", "names something else here; rename it")


def compare_theories(
    calibration: Calibration,
    tables: Mapping[str, Array],
    worlds: int,
    runner: Runner = HERE,
    read_from: Path | None = None,
) -> TheoryComparison:
    """Fit every theory by its table, run its worlds, and score it on answers left out.

    Parameters
    ----------
    calibration, tables
        The plan made definite, and theory → predictors, each (answers, rows).
    worlds
        Worlds of each theory.
    runner
        Where worlds are run.
    read_from
        Folder that the tables were read from, if they were.
    """
    fits = {name: _fit(calibration, name, seen, worlds) for name, seen in tables.items()}
    paths = run_worlds(calibration, {name: rows for name, (rows, _) in fits.items()}, runner)
    theories = {name: replace(theory, paths=paths[name]) for name, (_, theory) in fits.items()}
    scored = {
        name: theory_of(calibration, seen, np.zeros(seen.shape[1])) for name, seen in tables.items()
    } | simple_theories(calibration)
    rows = {name: seen.shape[1] for name, seen in tables.items()}
    scores = score(calibration, scored)
    return TheoryComparison(
        calibration,
        rows,
        worlds,
        theories,
        scores,
        untestable(tables),
        read_from,
        landscape_of(calibration, _worlds_of(calibration, MODEL, fits[MODEL][0]), runner),
    )


def untestable(tables: Mapping[str, Array]) -> tuple[str, ...]:
    """Return the ablations whose predictors are the model's in every row that both have."""
    model = tables[MODEL]
    ends = {name: min(model.shape[1], seen.shape[1]) for name, seen in tables.items()}
    return tuple(
        name
        for name, seen in tables.items()
        if name != MODEL and np.array_equal(seen[:, : ends[name]], model[:, : ends[name]])
    )


def _fit(
    calibration: Calibration, name: str, predictors: Array, worlds: int
) -> tuple[Counts, Theory]:
    """Return the row of each world, shape (worlds,), and the theory before its worlds are run."""
    survey, rival = calibration.survey, calibration.plan.rivals.get(name)
    weights = normalised(survey.log_evidence(predictors))
    generator = np.random.default_rng([calibration.plan.seed, 6])
    # a systematic draw comes in the order of the rows: shuffled, luck and row are unrelated
    chosen = generator.permutation(resampled(weights, worlds, generator))
    model = survey.draw_model(predictors[:, chosen], generator)
    shares = [
        model.level(int(question), predictors[answer, chosen])
        for answer, question in enumerate(survey.question)
    ]
    return chosen, Theory(
        label="the model, with all its mechanisms" if rival is None else rival.label,
        parameters={} if rival is None else rival.parameters,
        effective=effective_size(weights),
        evidence=evidence(survey, predictors, np.zeros(predictors.shape[1])),
        shares=np.stack(shares),
        dates=tuple(calibration.scenario.mondays()),
        paths={},
    )


def run_worlds(
    calibration: Calibration, chosen: Mapping[str, Counts], runner: Runner = HERE
) -> dict[str, dict[str, Array]]:
    """Run worlds with the parameters and event weights of rows of each theory's table.

    Parameters
    ----------
    calibration
        The plan made definite.
    chosen
        Theory → row of each world, as many worlds each. World k has the luck of replicate k.
    runner
        Where worlds are run.

    Returns
    -------
    dict
        Theory → outcome → values, each of shape (weeks, worlds).
    """
    batches = [_worlds_of(calibration, theory, rows) for theory, rows in chosen.items()]
    joined = np.concatenate(gather(batches, partial(series_of, OUTCOMES), runner), axis=-1)
    split = zip(chosen, np.split(joined, len(batches), axis=-1), strict=True)
    return {theory: dict(zip(OUTCOMES, series, strict=True)) for theory, series in split}


def _worlds_of(calibration: Calibration, theory: str, rows: Counts) -> Batch:
    table, plan = tables_of(calibration)[theory], calibration.plan
    scenario = calibration.scenario_of(table)
    return Batch(
        scenario,
        np.arange(len(rows)),
        plan.predictions.seed,
        Draw(parameters=False),
        parameters_of(calibration, table, rows),
        draw_weights(scenario, Luck(plan.seed, rows)),
    )


def crps_difference(scores: Sequence[Score], theory: str, test: str, seed: int) -> Estimate:
    """Return a theory's mean CRPS less the model's, with the ends of its 90 % interval.

    The interval resamples the answers left out, in pairs; answers of one wave are not
    independent, so it is rather too narrow. NaN without answers.
    """
    kept = {
        name: np.array([s.crps for s in scores if s.theory == name and s.test == test])
        for name in (theory, MODEL)
    }
    each = kept[theory] - kept[MODEL]
    if len(each) == 0:
        return Estimate(np.nan, np.nan, np.nan)
    generator = np.random.default_rng([seed, 7])
    means = each[generator.integers(0, len(each), (RESAMPLES, len(each)))].mean(axis=1)
    low, high = np.quantile(means, (QUANTILES[0], QUANTILES[-1]))
    return Estimate(float(each.mean()), float(low), float(high))


def _difference(comparison: TheoryComparison, theory: str, test: str) -> dict[str, float] | None:
    """Return a difference of scores; ``None`` where polls can not tell the two apart."""
    if theory in comparison.not_testable:
        return None
    seed = comparison.calibration.plan.seed
    ends = crps_difference(comparison.scores, theory, test, seed).as_json()
    return {name: round(value, DIGITS) for name, value in ends.items()}


def _record(comparison: TheoryComparison, theory: Theory) -> dict[str, Any]:
    return {
        "label": theory.label,
        "parameters": dict(theory.parameters),
        "effective_rows": round(theory.effective, 1),
        "log_evidence": round(theory.evidence, 2),
        "at": {day.isoformat(): _position(theory, day) for day in comparison.days},
        "polls": {
            seen.id: {"observed": seen.value} | _band(theory.shares[answer])
            for answer, seen in enumerate(comparison.calibration.observations)
        },
    }


def _position(theory: Theory, day: date) -> dict[str, Any]:
    week = theory.dates.index(day)
    shares = {regime: float(theory.paths[f"regime:{regime}"][week].mean()) for regime in REGIMES}
    return {name: _band(theory.paths[name][week]) for name in MEASURES} | {"regime_shares": shares}


def _band(values: Array) -> dict[str, float]:
    low, middle, high = (round(float(value), DIGITS) for value in quantiles(values))
    return {"p05": low, "p50": middle, "p95": high}


def _estimate(band: Mapping[str, float]) -> Estimate:
    return Estimate(band["p50"], band["p05"], band["p95"])


def tables(record: Mapping[str, Any], case: Case) -> dict[str, Table]:
    """Return the tables of a record.

    Parameters
    ----------
    record
        What `TheoryComparison.record` returns.
    case
        Gives seats and regimes their names.
    """
    theories = record["theories"]
    days = tuple(next(iter(theories.values()))["at"])
    made = {f"position-{day}": _position_table(theories, day, case) for day in days}
    made["regimes"] = _regime_table(theories, days, case)
    made |= {f"scores-{test}": _mean_table(record, test) for test in TESTS}
    if record["landscape"] is not None:
        made |= landscape_tables(record["landscape"])
    made["polls"] = _poll_table(theories)
    return made


def _position_table(theories: Mapping[str, Any], day: str, case: Case) -> Table:
    columns = (FIRST, *(outcome_label(measure, case) for measure in MEASURES))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(_estimate(entry["at"][day][measure]) for measure in MEASURES))
        for name, entry in theories.items()
    )
    return Table(f"{day}: median (5–95 % of worlds)", columns, rows)


def _regime_table(theories: Mapping[str, Any], days: Sequence[str], case: Case) -> Table:
    columns = (FIRST, "date", *(case.regimes[regime] for regime in REGIMES))
    rows = tuple(
        (name, day, *(entry["at"][day]["regime_shares"][regime] for regime in REGIMES))
        for day in days
        for name, entry in theories.items()
    )
    return Table("Share of worlds in each regime", columns, rows)


def _mean_table(record: Mapping[str, Any], test: str) -> Table:
    columns = (FIRST, "error", "CRPS", "more than the model", "in 95 %", "log evidence")
    rows = tuple(
        (name, *_mean_row(record, test, name, entry))
        for name, entry in record["scores"][test].items()
    )
    title = f"Answers left out, {TESTS[test]}; in points of a share, smaller is better"
    return Table(title, columns, rows)


def _mean_row(
    record: Mapping[str, Any], test: str, name: str, entry: Mapping[str, Any]
) -> tuple[Cell, ...]:
    more = record["crps_less_models"][test].get(name)
    fitted = record["theories"].get(name)
    apart: Cell = NOT_TESTABLE if name in record["not_testable"] else None
    if more is not None:
        apart = Estimate(*(POINTS * more[end] for end in ("value", "p05", "p95")))
    return (
        POINTS * entry["mean_absolute_error"],
        POINTS * entry["crps"],
        apart,
        entry["coverage"]["95 %"],
        None if fitted is None else fitted["log_evidence"],
    )


def _poll_table(theories: Mapping[str, Any]) -> Table:
    rows = tuple(
        (name, answer, poll["observed"], _estimate(poll))
        for name, entry in theories.items()
        for answer, poll in entry["polls"].items()
    )
    columns = (FIRST, "answer", "observed", "expected")
    return Table("Share expected of each answer, all answers seen", columns, rows)
