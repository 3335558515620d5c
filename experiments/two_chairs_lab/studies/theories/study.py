"""Rival theories on one scenario: what each predicts, and how each scores on what was observed.

A theory is the model under parameters that take mechanisms away (`[rivals]` of a calibration plan).
Each is fitted alike: a table of rows drawn from the ranges, weighted by the polls. Its worlds have
parameters and event weights of rows drawn by these weights, and luck in common: world k of every
theory has the luck of replicate k.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import two_chairs
from two_chairs.axes import REGIMES, Array, Counts
from two_chairs.draws import draw_weights
from two_chairs.errors import InputError
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Case
from two_chairs.vocabulary import monday
from two_chairs.world.simulation import TwoChairs
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import CHUNK, told
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.table import Cell, Table
from two_chairs_lab.results.manifest import made_by
from two_chairs_lab.statistics.scores import effective_size, normalised, resampled
from two_chairs_lab.statistics.summaries import QUANTILES, quantiles
from two_chairs_lab.studies.calibrate.render import (
    MODEL,
    NO_CHANGE,
    TESTS,
    TREND,
    losses,
    score_table,
)
from two_chairs_lab.studies.calibrate.sample import parameters_of, read_table, run_rows
from two_chairs_lab.studies.calibrate.study import PRIOR, Calibration
from two_chairs_lab.studies.calibrate.validation import (
    Score,
    evidence,
    linear_trend,
    no_change,
    score,
    theory_of,
)
from two_chairs_lab.studies.run.study import DIGITS

MEASURES = ("tilt", "incumbent_seat", "rival_seat")
RECORDED = (*MEASURES, "regime")
RESAMPLES = 4_000
"""Resamples of the answers behind the interval of a difference of scores."""
POINTS = 100.0
"""Shares are told in percentage points."""


@dataclass(frozen=True)
class Theory:
    """A theory, fitted, and its worlds.

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
class Rivalry:
    """Theories side by side.

    Attributes
    ----------
    calibration
        The plan made definite.
    rows, worlds
        Rows of a theory's table; worlds of its prediction.
    theories
        The model first, then its rivals.
    scores
        Of the theories, of no change and of a linear trend, on answers left out.
    """

    calibration: Calibration
    rows: Mapping[str, int]
    worlds: int
    theories: Mapping[str, Theory]
    scores: Sequence[Score]

    @property
    def days(self) -> tuple[date, ...]:
        """When predictions are told: at the cut-off, and at the end."""
        scenario = self.calibration.scenario
        last = monday(scenario.end)
        start = scenario.agents_act_from
        return (last,) if start is None else tuple(dict.fromkeys((monday(start), last)))


def run_theory_tables(
    calibration: Calibration, rows: int, progress: Callable[[int], None] = lambda _: None
) -> dict[str, Array]:
    """Run a table of rows for the model and each rival: theory → readings, (answers, rows)."""
    _check_rivals(calibration)
    return {
        theory: run_rows(calibration, table, np.arange(rows), progress=progress)
        for theory, table in _tables(calibration).items()
    }


def read_theory_tables(calibration: Calibration, folder: Path) -> dict[str, Array]:
    """Read the first table of the model and of each rival from a finished calibration."""
    _check_rivals(calibration)
    try:
        return {
            theory: read_table(calibration, folder, table)
            for theory, table in _tables(calibration).items()
        }
    except FileNotFoundError:
        text = "holds a calibration that is not finished; finish it with 'calibrate … --resume'"
        raise InputError.at(str(folder), text) from None


def _tables(calibration: Calibration) -> dict[str, str]:
    return {MODEL: PRIOR} | {rival: rival for rival in calibration.plan.rivals}


def _check_rivals(calibration: Calibration) -> None:
    rivals = calibration.plan.rivals
    if not rivals:
        text = "is empty; name one theory at least, such as [rivals.inertia]"
        raise InputError.at("plan: rivals", text)
    for name in (MODEL, NO_CHANGE, TREND):
        if name in rivals:
            raise InputError.at(f"plan: rivals.{name}", "names something else here; rename it")


def rivalry(
    calibration: Calibration,
    tables: Mapping[str, Array],
    worlds: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Rivalry:
    """Fit every theory by its table, run its worlds, and score it on answers left out."""
    theories = {
        name: _theory(calibration, name, readings, worlds, progress)
        for name, readings in tables.items()
    }
    scored = {
        name: theory_of(calibration, readings, np.zeros(readings.shape[1]))
        for name, readings in tables.items()
    }
    scored |= {NO_CHANGE: no_change(calibration), TREND: linear_trend(calibration)}
    rows = {name: readings.shape[1] for name, readings in tables.items()}
    return Rivalry(calibration, rows, worlds, theories, score(calibration, scored))


def _theory(
    calibration: Calibration,
    name: str,
    readings: Array,
    worlds: int,
    progress: Callable[[int], None],
) -> Theory:
    plan, survey = calibration.plan, calibration.survey
    weights = normalised(survey.log_evidence(readings))
    generator = np.random.default_rng([plan.seed, 6])
    # a systematic draw comes in the order of the rows: shuffled, luck and row are unrelated
    chosen = generator.permutation(resampled(weights, worlds, generator))
    links = survey.draw_link(readings[:, chosen], generator)
    shares = np.stack(
        [
            links.level(int(question), readings[answer, chosen])
            for answer, question in enumerate(survey.question)
        ]
    )
    rival = plan.rivals.get(name)
    paths = theory_worlds(calibration, name, chosen, progress)
    return Theory(
        label="the model, with all its mechanisms" if rival is None else rival.label,
        parameters={} if rival is None else rival.parameters,
        effective=effective_size(weights),
        evidence=evidence(survey, readings, np.zeros(readings.shape[1])),
        shares=shares,
        dates=tuple(calibration.scenario.mondays()),
        paths=paths,
    )


def theory_worlds(
    calibration: Calibration,
    theory: str,
    chosen: Counts,
    progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Array]:
    """Run worlds with the parameters and event weights of rows of a theory's table.

    Parameters
    ----------
    calibration, theory
        Which theory.
    chosen
        Row of each world, shape (worlds,). World k has the luck of replicate k.
    progress
        Told of worlds as they are done.

    Returns
    -------
    dict
        Outcome → values, each of shape (weeks, worlds).
    """
    table = _tables(calibration)[theory]
    scenario, plan = calibration.scenario_of(table), calibration.plan
    parts = []
    for first in range(0, len(chosen), CHUNK):
        rows = chosen[first : first + CHUNK]
        model = TwoChairs(
            scenario,
            np.arange(first, first + len(rows)),
            seed=plan.predictions.seed,
            record=RECORDED,
            parameters=parameters_of(calibration, table, rows, None),
            event_weights=draw_weights(scenario, Luck(plan.seed, rows)),
        )
        parts.append(model.run())
        progress(len(rows))
    joined = Trajectory.joined(parts)
    names = (*MEASURES, *(f"regime:{regime}" for regime in REGIMES))
    return {name: joined.outcome(name) for name in names}


def conditional_on(found: Rivalry) -> str:
    """Say what the comparison is conditional on."""
    calibration = found.calibration
    sizes = sorted(set(found.rows.values()))
    rows = " or ".join(f"{size:,}" for size in sizes)
    return (
        "Conditional on the model, on one coding of the events and on the link from alignments to "
        f"poll shares; each theory has its own parameters, weighted by the "
        f"{told(len(calibration.observations), 'answer')} to one pollster ({rows} rows a theory), "
        f"and the same luck; {told(found.worlds, 'world')} a theory, seed {calibration.plan.seed}. "
        "An exploration of mechanisms, not a forecast."
    )


def crps_difference(
    scores: Sequence[Score], theory: str, test: str, seed: int
) -> tuple[float, float, float]:
    """Return a theory's mean CRPS less the model's, and the ends of its 90 % interval.

    The interval resamples the answers left out, in pairs; answers of one wave are not
    independent, so it is rather too narrow.
    """
    kept = {
        name: np.array([s.crps for s in scores if s.theory == name and s.test == test])
        for name in (theory, MODEL)
    }
    each = kept[theory] - kept[MODEL]
    if len(each) == 0:
        return (np.nan, np.nan, np.nan)
    generator = np.random.default_rng([seed, 7])
    means = each[generator.integers(0, len(each), (RESAMPLES, len(each)))].mean(axis=1)
    low, high = np.quantile(means, (QUANTILES[0], QUANTILES[-1]))
    return float(each.mean()), float(low), float(high)


def content(found: Rivalry) -> dict[str, Any]:
    """Return what was found as plain data; shares, never percent."""
    calibration, scores = found.calibration, found.scores
    simple = [name for name in dict.fromkeys(s.theory for s in scores) if name != MODEL]
    return {
        "kind": "theories",
        "title": calibration.plan.title,
        "scenario": calibration.scenario.name,
        "conditional_on": conditional_on(found),
        "rows": dict(found.rows),
        "worlds": found.worlds,
        "seed": calibration.plan.seed,
        "questions": {question.id: question.label for question in calibration.plan.questions},
        "loses_to": {name: losses(calibration, scores, name) for name in simple},
        "theories": {name: _told(found, theory) for name, theory in found.theories.items()},
        "scores": score_table(calibration, scores),
        "crps_less_models": {
            test: {name: _difference(found, name, test) for name in simple} for test in TESTS
        },
    }


def _difference(found: Rivalry, theory: str, test: str) -> dict[str, float]:
    value, low, high = crps_difference(found.scores, theory, test, found.calibration.plan.seed)
    return {
        "value": round(value, DIGITS), "p05": round(low, DIGITS), "p95": round(high, DIGITS),
    }  # fmt: skip


def _told(found: Rivalry, theory: Theory) -> dict[str, Any]:
    return {
        "label": theory.label,
        "parameters": dict(theory.parameters),
        "effective_rows": round(theory.effective, 1),
        "log_evidence": round(theory.evidence, 2),
        "at": {day.isoformat(): _position(theory, day) for day in found.days},
        "polls": {
            seen.id: {"observed": seen.value} | _band(theory.shares[answer])
            for answer, seen in enumerate(found.calibration.observations)
        },
    }


def _position(theory: Theory, day: date) -> dict[str, Any]:
    week = theory.dates.index(day)
    shares = {regime: float(theory.paths[f"regime:{regime}"][week].mean()) for regime in REGIMES}
    return {name: _band(theory.paths[name][week]) for name in MEASURES} | {"regime_shares": shares}


def _band(values: Array) -> dict[str, float]:
    low, middle, high = (round(float(value), DIGITS) for value in quantiles(values))
    return {"p05": low, "p50": middle, "p95": high}


def tables(told_data: Mapping[str, Any], case: Case) -> dict[str, Table]:
    """Return the tables of `content`.

    Parameters
    ----------
    told_data
        What `content` returned.
    case
        Gives seats and regimes their names.
    """
    theories = told_data["theories"]
    days = next(iter(theories.values()))["at"]
    found = {f"position-{day}": _position_table(theories, day, case) for day in days}
    found["regimes"] = _regime_table(theories, tuple(days), case)
    found |= {f"scores-{test}": _score_table(told_data, test) for test in TESTS}
    found["polls"] = _poll_table(theories)
    return found


def _spread(name: str, place: int) -> tuple[str, str, str]:
    """Return a column and those of its ends, told apart by blanks (`findings.shown`)."""
    return (name, f"p05{' ' * place}", f"p95{' ' * place}")


def _position_table(theories: Mapping[str, Any], day: str, case: Case) -> Table:
    names = [outcome_label(measure, case) for measure in MEASURES]
    columns = [column for place, name in enumerate(names) for column in _spread(name, place)]
    rows = tuple(
        (name, *(entry["at"][day][m][q] for m in MEASURES for q in ("p50", "p05", "p95")))
        for name, entry in theories.items()
    )
    return Table(f"{day}: median (5–95 % of worlds)", ("theory", *columns), rows)


def _regime_table(theories: Mapping[str, Any], days: Sequence[str], case: Case) -> Table:
    columns = ("theory", "date", *(case.regimes[regime] for regime in REGIMES))
    rows = tuple(
        (name, day, *(entry["at"][day]["regime_shares"][regime] for regime in REGIMES))
        for day in days
        for name, entry in theories.items()
    )
    return Table("Share of worlds in each regime", columns, rows)


def _score_table(told_data: Mapping[str, Any], test: str) -> Table:
    columns = ("theory", "error", "CRPS", "more than the model", "p05", "p95", "in 95 %",
               "log evidence")  # fmt: skip
    rows = [
        (name, *_score_row(told_data, test, name, entry))
        for name, entry in told_data["scores"][test].items()
    ]
    title = f"Answers left out, {TESTS[test]}; in points of a share, smaller is better"
    return Table(title, columns, tuple(rows))


def _score_row(
    told_data: Mapping[str, Any], test: str, name: str, entry: Mapping[str, Any]
) -> tuple[Cell, ...]:
    more = told_data["crps_less_models"][test].get(name)
    ends = [None] * 3 if more is None else [POINTS * more[q] for q in ("value", "p05", "p95")]
    fitted = told_data["theories"].get(name)
    return (
        POINTS * entry["mean_absolute_error"],
        POINTS * entry["crps"],
        *ends,
        entry["coverage"]["95 %"],
        None if fitted is None else fitted["log_evidence"],
    )


def _poll_table(theories: Mapping[str, Any]) -> Table:
    rows = tuple(
        (name, answer, poll["observed"], poll["p50"], poll["p05"], poll["p95"])
        for name, entry in theories.items()
        for answer, poll in entry["polls"].items()
    )
    columns = ("theory", "answer", "observed", "expected", "p05", "p95")
    return Table("Share expected of each answer, all answers seen", columns, rows)


def manifest(found: Rivalry, folder: Path | None) -> dict[str, Any]:
    """Return the specification, from which all can be made again, as plain data."""
    return {
        "program": "two-chairs",
        "kind": "theories",
        "version": two_chairs.__version__,
        "plan": found.calibration.plan.model_dump(mode="json"),
        "scenario": found.calibration.scenario.model_dump(mode="json"),
        "rows": dict(found.rows),
        "worlds": found.worlds,
        "read_from": None if folder is None else str(folder),
        "made": made_by(),
    }


def sentences(told_data: Mapping[str, Any]) -> list[str]:
    """Say, first, where the model loses, then what the polls leave open."""
    lines = [
        f"The model loses to {name} (larger CRPS): {_listed(where, told_data['questions'])}."
        for name, where in told_data["loses_to"].items()
        if where
    ]
    if not lines:
        lines = ["The model has the smaller CRPS than every other theory on every question."]
    theories = told_data["theories"]
    day = next(iter(theories[MODEL]["at"]))
    tilts = {name: entry["at"][day]["tilt"]["p50"] for name, entry in theories.items()}
    alike = [f"{name} ({tilts[name]:+.2f})" for name in theories if _alike(told_data, name)]
    if alike:
        lines.append(
            f"The polls do not tell the model (median tilt {tilts[MODEL]:+.2f} on {day}) from: "
            f"{', '.join(alike)}."
        )
    low, high = min(tilts, key=lambda n: tilts[n]), max(tilts, key=lambda n: tilts[n])
    lines.append(
        f"The theories' median tilts on {day} run from {tilts[low]:+.2f} ({low}) to "
        f"{tilts[high]:+.2f} ({high})."
    )
    return lines


def _alike(told_data: Mapping[str, Any], theory: str) -> bool:
    """Whether no test tells a rival theory from the model: each interval holds zero."""
    found = [told_data["crps_less_models"][test].get(theory) for test in TESTS]
    return all(more is not None and more["p05"] <= 0.0 <= more["p95"] for more in found)


def _listed(places: Sequence[str], labels: Mapping[str, str]) -> str:
    """Return ``test: question`` places by test, in words."""
    tests: dict[str, list[str]] = {}
    for place in places:
        test, _, question = place.partition(": ")
        tests.setdefault(TESTS[test], []).append(labels.get(question, question))
    return "; ".join(f"{test}: {', '.join(questions)}" for test, questions in tests.items())
