"""Dated statements of the calibrated model about what it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import two_chairs
from two_chairs.axes import POSTURES, REGIMES, Array, Counts
from two_chairs.draws import posterior_draws
from two_chairs.errors import InputError
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.ensemble import Ensemble, run_chunks, told

from .observation import LinkPrior, Links, reading
from .study import CalibrationPlan, Happening, Question

LEVELS = {"p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
MEASURES = ("tilt", "split", "incumbent_seat", "rival_seat")
DIGITS = 4


@dataclass(frozen=True)
class Future:
    """Worlds run from the posterior, and the links that read them.

    Attributes
    ----------
    plan, scenario
        What was run; the scenario has a posterior.
    paths
        Outcome → values, shape (weeks, worlds).
    links
        Link of each world.
    """

    plan: CalibrationPlan
    scenario: Scenario
    paths: Mapping[str, Array]
    links: Links

    @property
    def prior(self) -> LinkPrior:
        """What was assumed of the link."""
        return LinkPrior(**self.plan.link.model_dump())

    def readings(self, question: Question) -> Array:
        """Return what a question reads, shape (weeks, worlds)."""
        belief = None if question.belief is None else self.paths[f"belief:{question.belief}"]
        return reading(self.paths[question.alignment], belief, question.belief_share)

    def levels(self, question: Question) -> Array:
        """Return the share expected of a question without poll error, shape (weeks, worlds)."""
        number = self.plan.questions.index(question)
        return self.links.level(number, self.readings(question))


def run_future(
    plan: CalibrationPlan,
    scenario: Scenario,
    worlds: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Future:
    """Run a scenario from its posterior and keep what statements need.

    Raises
    ------
    InputError
        If the scenario has no posterior, or one that another plan has left.
    """
    _check_posterior(plan, scenario)
    number = plan.predictions.worlds if worlds is None else worlds
    names = _outcomes_needed(plan)
    cast = cast_of(scenario.case)
    arrays = {"tilt"} | {read_outcome(name, cast, "outcome").array for name in names}
    pieces: dict[str, list[Array]] = {name: [] for name in names}
    for paths in run_chunks(Ensemble(scenario, number, plan.predictions.seed), progress, arrays):
        for name in names:
            pieces[name].append(paths.outcome(name))
    drawn = posterior_draws(scenario, Luck(plan.predictions.seed, np.arange(number)))
    links = Links(
        np.stack([drawn[f"link:{question.id}"] for question in plan.questions]),
        drawn["link:slope"],
        drawn["link:discrepancy"],
    )
    joined = {name: np.concatenate(found, axis=1) for name, found in pieces.items()}
    return Future(plan, scenario, joined, links)


def _check_posterior(plan: CalibrationPlan, scenario: Scenario) -> None:
    if scenario.posterior is None:
        text = "has no posterior; calibrate first and name its draws under [posterior]"
        raise InputError.at(scenario.name, text)
    missing = {f"link:{question.id}" for question in plan.questions} - set(scenario.posterior.names)
    if missing:
        text = f"has no columns {', '.join(sorted(missing))}; calibrate with this plan again"
        raise InputError.at(scenario.posterior.file, text)


def _outcomes_needed(plan: CalibrationPlan) -> list[str]:
    names = [
        *MEASURES,
        *(f"regime:{regime}" for regime in REGIMES),
        *(f"posture:{posture}" for posture in POSTURES),
        *(question.alignment for question in plan.questions),
        *(f"belief:{question.belief}" for question in plan.questions if question.belief),
        *(happening.outcome for happening in plan.predictions.happened.values()),
    ]
    return list(dict.fromkeys(names))


def statements(future: Future) -> dict[str, Any]:
    """Return every dated statement as plain data."""
    plan, scenario = future.plan, future.scenario
    posterior = scenario.posterior
    if posterior is None:  # refused when the worlds were run
        raise InputError.at(scenario.name, "has no posterior; calibrate first")
    return {
        "frozen": posterior.frozen.isoformat(),
        "version": two_chairs.__version__,
        "worlds": future.links.slope.size,
        "seed": plan.predictions.seed,
        "scenario": scenario.name,
        "fitted_to": posterior.source,
        "conditional_on": conditional_on(future),
        "questions": _questions(future),
        "years": _years(future),
        "by": _by(future),
        "posture_shares": _shares_by_year(future, "posture", POSTURES),
    }


def conditional_on(future: Future) -> str:
    """Say what the statements are conditional on."""
    return (
        "Conditional on the model, its coding of the events to the cut-off, no further recorded "
        "event, and the calibrated posterior; parameters, event weights, link, poll error and "
        f"chance vary together; {told(future.links.slope.size, 'world')}, seed "
        f"{future.plan.predictions.seed}. An exploration of mechanisms, not a forecast."
    )


def _questions(future: Future) -> dict[str, dict[str, dict[str, float]]]:
    """Return what a poll of each question would show, poll error included, in percent."""
    plan = future.plan
    generator = np.random.default_rng([plan.predictions.seed, 5])
    found: dict[str, dict[str, dict[str, float]]] = {}
    for number, question in enumerate(plan.questions):
        if question.id not in plan.predictions.questions:
            continue
        readings = future.readings(question)
        found[question.id] = {}
        for label, day in plan.predictions.at.items():
            week = future.scenario.week_of(day)
            polled = future.links.poll(number, readings[week], future.prior, generator)
            found[question.id][label] = _quantiles(100.0 * polled, 1)
    return found


def _quantiles(values: Array, digits: int = DIGITS) -> dict[str, float]:
    return {
        name: round(float(np.quantile(values, level)), digits) for name, level in LEVELS.items()
    }


def _weeks_of_years(scenario: Scenario, first: int) -> dict[str, Counts]:
    years = np.array([day.year for day in scenario.mondays()])
    return {str(year): np.flatnonzero(years == year) for year in range(first, years[-1] + 1)}


def _first_year(scenario: Scenario) -> int:
    """Return the year of the last recorded event's: the first that statements are about."""
    return max(event.date for event in scenario.events).year if scenario.events else 0


def _years(future: Future) -> dict[str, Any]:
    shares = _shares_by_year(future, "regime", REGIMES)
    weeks = _weeks_of_years(future.scenario, _first_year(future.scenario))
    return {
        year: {name: _quantiles(future.paths[name][places].mean(axis=0)) for name in MEASURES}
        | {"regime_shares": shares[year]}
        for year, places in weeks.items()
    }


def _shares_by_year(future: Future, kind: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the share of a year's weeks and worlds spent in each state."""
    weeks = _weeks_of_years(future.scenario, _first_year(future.scenario))
    return {
        year: {
            name: round(float(future.paths[f"{kind}:{name}"][places].mean()), DIGITS)
            for name in names
        }
        for year, places in weeks.items()
    }


def _by(future: Future) -> dict[str, dict[str, float]]:
    """Return the share of worlds in which something has happened by a date."""
    scenario, wanted = future.scenario, future.plan.predictions
    start = scenario.agents_act_from or scenario.start
    first = scenario.week_of(start)
    return {
        day.isoformat(): {
            name: round(
                float(
                    has_happened(
                        future.paths[entry.outcome], entry, first, scenario.week_of(day)
                    ).mean()
                ),
                DIGITS,
            )
            for name, entry in wanted.happened.items()
        }
        for day in wanted.by
    }


def has_happened(path: Array, entry: Happening, first: int, last: int) -> Array:
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


def in_words(told_data: Mapping[str, Any], plan: CalibrationPlan) -> str:
    """Return the statements as a Markdown page."""
    labels = {question.id: question.label for question in plan.questions}
    lines = [
        f"# What the model says about {min(told_data['years'])} to {max(told_data['years'])}",
        "",
        f"Frozen on {told_data['frozen']}; version {told_data['version']}. Written by "
        "`two-chairs predict`, never edited by hand. "
        f"Fitted to: {told_data['fitted_to']}.",
        "",
        told_data["conditional_on"],
        "",
        "## What a poll would show, percent",
        "",
        "| question | when | median | 50 % | 90 % |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, dates in told_data["questions"].items():
        lines += [
            f"| {labels.get(key, key)} | {when} | {q['p50']:.0f} | {q['p25']:.0f} to {q['p75']:.0f}"
            f" | {q['p05']:.0f} to {q['p95']:.0f} |"
            for when, q in dates.items()
        ]
    lines += ["", "## Position, mean of the year", "", "| year | measure | median | 90 % |"]
    lines += ["| --- | --- | --- | --- |"]
    for year, entry in told_data["years"].items():
        lines += [
            f"| {year} | {name.replace('_', ' ')} | {entry[name]['p50']:+.2f} | "
            f"{entry[name]['p05']:+.2f} to {entry[name]['p95']:+.2f} |"
            for name in MEASURES
        ]
    lines += _share_table("Regimes, share of the year's weeks and worlds", told_data["years"])
    postures = {year: {"regime_shares": s} for year, s in told_data["posture_shares"].items()}
    lines += _share_table("Postures, share of the year's weeks and worlds", postures)
    happened = {day: {"regime_shares": shares} for day, shares in told_data["by"].items()}
    lines += _share_table("Has happened by the date, share of worlds", happened)
    return "\n".join([*lines, ""])


def _share_table(title: str, rows: Mapping[str, Any]) -> list[str]:
    if not rows:
        return []
    names = list(next(iter(rows.values()))["regime_shares"])
    table = ["", f"## {title}", "", f"| | {' | '.join(n.replace('_', ' ') for n in names)} |"]
    table.append("| --- |" + " --- |" * len(names))
    for key, entry in rows.items():
        shares = entry["regime_shares"]
        table.append(f"| {key} | " + " | ".join(f"{100 * shares[n]:.0f} %" for n in names) + " |")
    return table
