"""Dated statements of the calibrated model about what it was not fitted to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

import two_chairs
import two_chairs_lab
from two_chairs.axes import POSTURES, REGIMES, Array, Counts, Flags
from two_chairs.draws import posterior_draws
from two_chairs.errors import InputError
from two_chairs.randomness import Luck
from two_chairs.scenario.layers import case_path_of, chain_of, input_files
from two_chairs.scenario.library import DECISIONS_FILE, scenario_path
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.batch import series_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.numbers import counted
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.answer import Basis

from .observation import LinkPrior, ObservationModel, predictor
from .study import (
    CalibrationPlan,
    Happening,
    Question,
    Statement,
    discrepancy_factor,
    evidence_end,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVELS = {"p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
MEASURES = ("tilt", "split", "incumbent_seat", "rival_seat")
DIGITS = 4
WITHHELD, AHEAD = "retrodiction with withheld data", "ahead when frozen"
"""Kinds of statements, by whether their day lay in the past when they were frozen."""


@dataclass(frozen=True)
class Predictions:
    """The answer of a prediction: worlds run from the posterior, and how polls see them.

    Attributes
    ----------
    plan, scenario
        What was run; the scenario has a posterior.
    paths
        Outcome → values, shape (weeks, worlds).
    model
        The observation model of each world.
    checksums
        SHA-256 of what the statements came from, by file; of the program under ``code``.
    """

    kind: ClassVar[str] = "predictions"
    name: ClassVar[str] = "predictions"

    plan: CalibrationPlan
    scenario: Scenario
    paths: Mapping[str, Array]
    model: ObservationModel
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return int(self.model.slope.size)

    @property
    def prior(self) -> LinkPrior:
        """What was assumed of the link."""
        return LinkPrior(**self.plan.link.model_dump())

    def predictors(self, question: Question) -> Array:
        """Return what a question sees, on the logit scale, shape (weeks, worlds)."""
        belief = None if question.belief is None else self.paths[f"belief:{question.belief}"]
        return predictor(self.paths[question.alignment], belief, question.belief_share)

    def levels(self, question: Question) -> Array:
        """Return the share expected of a question without poll error, shape (weeks, worlds)."""
        number = self.plan.questions.index(question)
        return self.model.level(number, self.predictors(question))

    def basis(self) -> Basis:
        """Return what the statements rest on."""
        specification = {
            "plan": self.plan.model_dump(mode="json"),
            "scenario": self.scenario.model_dump(mode="json"),
            "worlds": self.worlds,
        }
        return Basis(self.kind, specification, conditional_on(self))

    def sentences(self) -> list[str]:
        """Say what a poll of each question would show at each date."""
        from .render import prediction_sentences

        return prediction_sentences(self.record(), self.plan)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables of the page, in words for people."""
        from .render import prediction_tables

        return prediction_tables(self.record(), self.plan)

    def figures(self) -> Mapping[str, Figure]:
        """Draw what polls said and would say."""
        from .figures import draw_predictions

        return draw_predictions(self)

    def record(self) -> dict[str, Any]:
        """Return every dated statement (`statements`)."""
        return statements(self)

    def texts(self) -> Mapping[str, str]:
        """Return the page, by its file."""
        return {f"{self.name}.md": self.page()}

    def page(self) -> str:
        """Return the statements as a Markdown page."""
        from .render import prediction_page

        return prediction_page(self.record(), self.plan)


def run_predictions(
    plan: CalibrationPlan, scenario: Scenario, worlds: int | None = None, runner: Runner = HERE
) -> Predictions:
    """Run a scenario from its posterior and keep what statements need.

    Parameters
    ----------
    plan, scenario
        What statements are asked for, and the scenario that they are about.
    worlds
        Number of worlds, by default the plan's.
    runner
        Where worlds are run.

    Raises
    ------
    InputError
        If the scenario has no posterior, or one that another plan has left.
    """
    _check_posterior(plan, scenario)
    until = plan.predictions.until
    if until is not None and until > scenario.end:
        scenario = scenario.model_copy(update={"end": until})
    number = plan.predictions.worlds if worlds is None else worlds
    names = _outcomes_needed(plan)
    batch = Ensemble(scenario, number, plan.predictions.seed).batch()
    series = np.concatenate(gather([batch], partial(series_of, names), runner), axis=-1)
    drawn = posterior_draws(scenario, Luck(plan.predictions.seed, np.arange(number)))
    model = ObservationModel(
        np.stack([drawn[f"link:{question.id}"] for question in plan.questions]),
        drawn["link:slope"],
        drawn["link:discrepancy"],
    )
    return Predictions(plan, scenario, dict(zip(names, series, strict=True)), model)


def checksums(scenario: str, plan: Path) -> dict[str, str]:
    """Return the SHA-256 of case, ledger, posterior, scenario, plan, decisions and program.

    Files are named as they are in their folder; the program is one sum over all of its files.
    """
    chain, _ = chain_of(scenario_path(scenario))
    files = [*input_files(scenario), case_path_of(chain).parent / DECISIONS_FILE, plan]
    known = [path for path in dict.fromkeys(files) if path.is_file()]
    found = {name_of(path): _sha256([path]) for path in known}
    packages = [Path(str(package.__file__)).parent for package in (two_chairs, two_chairs_lab)]
    code = [path for folder in packages for path in sorted(folder.rglob("*.py"))]
    return found | {"code": _sha256(code)}


def name_of(path: Path) -> str:
    """Return the name of a file among checksums."""
    return f"{path.parent.name}/{path.name}"


def departures(record: Mapping[str, Any], now: Mapping[str, str]) -> list[str]:
    """Return what frozen predictions were made of that is not so now, in words.

    Parameters
    ----------
    record
        The predictions, with their ``checksums``.
    now
        Checksums of the files and the program at hand.
    """
    then: Mapping[str, str] = record["checksums"]
    words = {"code": "the program"}
    changed = [words.get(name, name) for name in then if name in now and then[name] != now[name]]
    told = (
        ("changed", changed),
        ("gone", [name for name in then if name not in now]),
        ("new", [name for name in now if name not in then]),
    )
    return [f"{what}: {', '.join(names)}" for what, names in told if names]


def _sha256(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _check_posterior(plan: CalibrationPlan, scenario: Scenario) -> None:
    if scenario.posterior is None:
        text = "has no posterior; calibrate first and name its draws under [posterior]"
        raise InputError.at(scenario.name, text)
    missing = {f"link:{question.id}" for question in plan.questions} - set(scenario.posterior.names)
    if missing:
        text = f"has no columns {', '.join(sorted(missing))}; calibrate with this plan again"
        raise InputError.at(scenario.posterior.file, text)


def _outcomes_needed(plan: CalibrationPlan) -> tuple[str, ...]:
    names = [
        *MEASURES,
        *(f"regime:{regime}" for regime in REGIMES),
        *(f"posture:{posture}" for posture in POSTURES),
        *(question.alignment for question in plan.questions),
        *(f"belief:{question.belief}" for question in plan.questions if question.belief),
        *(happening.outcome for happening in plan.predictions.happened.values()),
        *(each.outcome for each in plan.predictions.statements if each.outcome),
    ]
    return tuple(dict.fromkeys(names))


def statements(predictions: Predictions) -> dict[str, Any]:
    """Return every dated statement as plain data."""
    plan, scenario = predictions.plan, predictions.scenario
    posterior = scenario.posterior
    if posterior is None:  # refused when the worlds were run
        raise InputError.at(scenario.name, "has no posterior; calibrate first")
    until = evidence_end(plan, scenario)
    return {
        "frozen": posterior.frozen.isoformat(),
        "version": two_chairs.__version__,
        "worlds": predictions.worlds,
        "seed": plan.predictions.seed,
        "scenario": scenario.full_name,
        "fitted_to": posterior.source,
        "evidence_until": None if until is None else until.isoformat(),
        "conditional_on": conditional_on(predictions),
        **({"checksums": dict(predictions.checksums)} if predictions.checksums else {}),
        "questions": _questions(predictions),
        "years": _years(predictions),
        "by": _by(predictions),
        "posture_shares": _shares_by_year(predictions, "posture", POSTURES),
        **({"statements": dated} if (dated := _dated(predictions)) else {}),
    }


def conditional_on(predictions: Predictions) -> str:
    """Say what the statements are conditional on."""
    return (
        "Conditional on the model, its coding of the events to the cut-off, no further recorded "
        "event, and the calibrated posterior; parameters, event weights, link, poll error and "
        f"chance vary together; {counted(predictions.worlds, 'world')}, seed "
        f"{predictions.plan.predictions.seed}. An exploration of mechanisms, not a forecast."
    )


def _questions(predictions: Predictions) -> dict[str, dict[str, dict[str, float]]]:
    """Return what a poll of each question would show, poll error included, in percent."""
    plan = predictions.plan
    generator = np.random.default_rng([plan.predictions.seed, 5])
    shown: dict[str, dict[str, dict[str, float]]] = {}
    for number, question in enumerate(plan.questions):
        if question.id not in plan.predictions.questions:
            continue
        seen = predictions.predictors(question)
        shown[question.id] = {}
        for label, day in plan.predictions.at.items():
            week = predictions.scenario.week_of(day)
            factor = discrepancy_factor(plan, predictions.scenario, question, day)
            polled = predictions.model.poll(
                number, seen[week], predictions.prior, generator, factor=factor
            )
            shown[question.id][label] = _quantiles(100.0 * polled, 1)
    return shown


def _quantiles(values: Array, digits: int = DIGITS) -> dict[str, float]:
    return {
        name: round(float(np.quantile(values, level)), digits) for name, level in LEVELS.items()
    }


def _weeks_of_years(scenario: Scenario) -> dict[str, Counts]:
    """Return the weeks of each year from that of the last recorded event, or the start, on."""
    first = max((event.date for event in scenario.events), default=scenario.start).year
    years = np.array([day.year for day in scenario.mondays()])
    return {str(year): np.flatnonzero(years == year) for year in range(first, years[-1] + 1)}


def _years(predictions: Predictions) -> dict[str, Any]:
    shares = _shares_by_year(predictions, "regime", REGIMES)
    return {
        year: {name: _quantiles(predictions.paths[name][weeks].mean(axis=0)) for name in MEASURES}
        | {"regime_shares": shares[year]}
        for year, weeks in _weeks_of_years(predictions.scenario).items()
    }


def _shares_by_year(predictions: Predictions, kind: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the share of a year's weeks and worlds spent in each state."""
    return {
        year: {
            name: round(float(predictions.paths[f"{kind}:{name}"][weeks].mean()), DIGITS)
            for name in names
        }
        for year, weeks in _weeks_of_years(predictions.scenario).items()
    }


def _by(predictions: Predictions) -> dict[str, dict[str, float]]:
    """Return the share of worlds in which something has happened by a date.

    It counts from the day on which agents act; by an earlier date, from the start of the run.
    What is on record counts as happened.
    """
    scenario, wanted = predictions.scenario, predictions.plan.predictions
    acting = scenario.week_of(scenario.agents_act_from or scenario.start)

    def share(entry: Happening, last: int) -> float:
        first = acting if acting <= last else 0
        happened = has_happened(predictions.paths[entry.outcome], entry, first, last)
        on_record = attacks_on_record(scenario, entry.outcome, first, last)
        return round(float((happened | on_record).mean()), DIGITS)

    return {
        day.isoformat(): {
            name: share(entry, scenario.week_of(day)) for name, entry in wanted.happened.items()
        }
        for day in wanted.by
    }


def attacks_on_record(scenario: Scenario, outcome: str, first: int, last: int) -> bool:
    """Whether the attack that an outcome counts is recorded in the weeks from first to last."""
    return any(
        outcome == f"chose:{event.actor}:ATTACK" and first <= scenario.week_of(event.date) <= last
        for event in scenario.events
        if event.is_attack
    )


def _dated(predictions: Predictions) -> list[dict[str, Any]]:
    """Return every dated statement with its probability and that number's own error."""
    frozen = predictions.scenario.posterior.frozen if predictions.scenario.posterior else None
    generator = np.random.default_rng([predictions.plan.predictions.seed, 7])
    told = []
    for each in predictions.plan.predictions.statements:
        true = _true_in(predictions, each, generator)
        share = float(true.mean())
        error = 1.96 * float(np.sqrt(share * (1.0 - share) / len(true)))
        ahead = frozen is not None and each.day > frozen
        told.append(
            {
                "id": each.id,
                "text": each.text,
                "resolution": each.resolution,
                "day": each.day.isoformat(),
                "kind": AHEAD if ahead else WITHHELD,
                "probability": round(share, DIGITS),
                "sampling_error": round(error, DIGITS),
            }
        )
    return told


def _true_in(predictions: Predictions, each: Statement, generator: np.random.Generator) -> Flags:
    """Return in which worlds a statement comes true, shape (worlds,)."""
    scenario, plan = predictions.scenario, predictions.plan
    week = scenario.week_of(each.day)
    if each.question is not None:
        number = [question.id for question in plan.questions].index(each.question)
        seen = predictions.predictors(plan.questions[number])[week]
        factor = discrepancy_factor(plan, scenario, plan.questions[number], each.day)
        polled = 100.0 * predictions.model.poll(
            number, seen, predictions.prior, generator, factor=factor
        )
        return has_happened(polled[np.newaxis], each.happening, 0, 0)
    first = scenario.week_of(each.since or scenario.agents_act_from or scenario.start)
    first = week if each.at is not None else first if first <= week else 0
    happened = has_happened(predictions.paths[each.outcome or ""], each.happening, first, week)
    return happened | attacks_on_record(scenario, each.outcome or "", first, week)


def has_happened(path: Array, entry: Happening, first: int, last: int) -> Flags:
    """Return whether something happened in the weeks from first to last, shape (worlds,).

    Parameters
    ----------
    path
        The outcome, shape (weeks, worlds).
    entry
        What to look for; ``rises`` compares with the week before the first.
    first, last
        Weeks, both included.
    """
    seen = path[first : last + 1]
    happened = np.zeros(path.shape[1], dtype=bool)
    if entry.above is not None:
        happened |= (seen > entry.above).any(axis=0)
    if entry.below is not None:
        happened |= (seen < entry.below).any(axis=0)
    if entry.rises:
        happened |= (seen > path[max(first - 1, 0)]).any(axis=0)
    return happened
