"""What each source of evidence teaches, and how well decisions are foreseen from those before them.

All but the acts of free worlds works on the rows that the calibration has run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from two_chairs.axes import POSTURES, Array, Counts, Flags
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.decided import options_of
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.batch import series_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.statistics.scores import effective_size, log_sum, normalised

from .deciding import BEFORE, TREATY, quarter_of
from .posterior import inputs_of
from .sample import ImportanceSample
from .study import Calibration

POLLS, ALL = "polls", "all"
MOST_MOVED = 6
"""Parameters that are listed for each source, those that it moves or narrows most."""
STAY = 0.95
"""Chance of staying that the known inertia of a simple forecaster has; assumption."""
FREE_WORLDS = 1_000


@dataclass(frozen=True)
class Terms:
    """The log likelihood of a calibration's rows, by source and quarter.

    Attributes
    ----------
    polls, log_prior
        Each of shape (rows,).
    decisions
        Log likelihood of every recorded decision, its power included, (terms, rows).
    source, quarter
        Of every term: the actor or what else it tells of, and its quarter; −1 has none.
    """

    polls: Array
    log_prior: Array
    decisions: Array
    source: Sequence[str]
    quarter: Sequence[int]

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
    polls = calibration.survey.log_evidence(sample.predictors)
    return Terms(polls, sample.log_prior, sample.power * sample.terms, actors, quarters)


def taught(terms: Terms, columns: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Return what each source teaches by itself: evidence, divergence, and what it moves.

    ``columns`` are the varied parameters of all rows, each (rows,).
    """
    before = normalised(terms.log_prior)
    found = {}
    for name, told in terms.sources().items():
        weights = normalised(terms.log_prior + told)
        kept = weights > 0.0
        divergence = float(np.sum(weights[kept] * np.log(weights[kept] / before[kept])))
        found[name] = {
            "log_evidence": round(log_mean(told, before), 2),
            "kl": round(divergence, 2),
            "effective_rows": round(effective_size(weights), 0),
            "moved": _moved(columns, before, weights),
        }
    return found


def log_mean(logs: Array, weights: Array) -> float:
    """Return log Σ w exp(logs) of weights that sum to one."""
    with np.errstate(divide="ignore"):
        return float(log_sum(np.log(weights) + logs, 0))


def _moved(columns: Mapping[str, Array], before: Array, after: Array) -> list[dict[str, Any]]:
    """Return the parameters that are narrowed or moved most."""
    rows = []
    for name, values in columns.items():
        old, new = _moments(values, before), _moments(values, after)
        if old[1] > 0.0:
            ratio, shift = new[1] / old[1], (new[0] - old[0]) / old[1]
            told = {"sd_ratio": round(ratio, 2), "shift": round(shift, 2)}
            rows.append((abs(shift) + abs(np.log(ratio)), {"name": name} | told))
    return [row for _, row in sorted(rows, key=lambda row: -row[0])[:MOST_MOVED]]


def _moments(values: Array, weights: Array) -> tuple[float, float]:
    mean = float(np.sum(weights * values))
    return mean, float(np.sqrt(np.sum(weights * (values - mean) ** 2)))


def left_out(terms: Terms, columns: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Return what moves most if an actor's, a quarter's or half of all evidence is left out."""
    source, quarter = np.array(terms.source), np.array(terms.quarter)
    all_of = np.ones(len(source), dtype=bool)
    cases = {f"without {name}": source != name for name in dict.fromkeys(terms.source)}
    cases |= {
        f"without quarter {q + 1}": quarter != q for q in dict.fromkeys(quarter[quarter >= 0])
    }
    whole = normalised(terms.log_prior + terms.polls + terms.of(all_of))
    told = {label: terms.polls + terms.of(kept) for label, kept in cases.items()}
    told |= {
        "without polls": terms.of(all_of),
        "at half power": terms.polls + 0.5 * terms.of(all_of),
    }
    before = normalised(terms.log_prior)
    found = {}
    for label, logs in told.items():
        weights = normalised(terms.log_prior + logs)
        shifts = {
            name: (_moments(values, weights)[0] - _moments(values, whole)[0])
            / max(_moments(values, before)[1], 1e-12)
            for name, values in columns.items()
        }
        most = max(shifts, key=lambda name: abs(shifts[name]))
        found[label] = {
            "effective_rows": round(effective_size(weights), 0),
            "most_moved": most,
            "shift": round(shifts[most], 2),
        }
    return found


def ahead(calibration: Calibration, terms: Terms) -> dict[str, dict[str, float]]:
    """Return each actor's mean log score a quarter, foreseen from all decisions before it.

    Beside the model stand persistence whose staying is learned on the way, the shares so far, and
    inertia with a known chance of staying.
    """
    quarter, source = np.array(terms.quarter), np.array(terms.source)
    model: dict[str, list[float]] = {}
    for q in sorted(set(quarter[quarter >= 0].tolist())):
        weights = normalised(terms.log_prior + terms.of((quarter < q) & (source != TREATY)))
        for term in np.flatnonzero(quarter == q):
            score = log_mean(terms.decisions[term], weights)
            model.setdefault(terms.source[int(term)], []).append(score)
    return {
        actor: {"model": round(float(np.mean(scores)), 2)} | simple_scores(calibration, actor)
        for actor, scores in model.items()
    }


def simple_scores(calibration: Calibration, actor: str) -> dict[str, float]:
    """Return the mean log score a quarter of simple forecasters of one actor's choices."""
    decided = calibration.decided
    assert decided is not None
    role = calibration.scenario.case.actors[actor].role
    support = [c for _, c in sorted(decided.support[role].items())]
    chosen = [int(np.argmax(c)) for c in support]
    size = len(support[0])
    scores: dict[str, list[float]] = {"persistence": [], "shares": [], "inertia": []}
    counts, stays, moves = np.ones(size), 1.0, 1.0
    last = 0
    for c, choice in zip(support, chosen, strict=True):
        stay = stays / (stays + moves)
        told = {
            "persistence": _staying(size, last, stay),
            "shares": counts / counts.sum(),
            "inertia": _staying(size, last, STAY),
        }
        for name, chances in told.items():
            scores[name].append(float(np.log(c @ chances)))
        counts[choice] += 1.0
        stays, moves = stays + (choice == last), moves + (choice != last)
        last = choice
    return {name: round(float(np.mean(values)), 2) for name, values in scores.items()}


def _staying(size: int, last: int, stay: float) -> Array:
    chances = np.full(size, (1.0 - stay) / (size - 1))
    chances[last] = stay
    return chances


def acts(scenario: Scenario, seed: int, runner: Runner = HERE) -> dict[str, Any]:
    """Return what actors choose in worlds that are free from the start, by year.

    Shares of weeks for postures; for other acts, their share of the quarters of a year. Before the
    cut-off such acts are chosen and not done.
    """
    case = scenario.case
    roles = {key: actor.role for key, actor in case.actors.items()}
    chosen = [
        f"chose:{key}:{option}"
        for key, role in roles.items()
        if role in ("incumbent", "rival", "adversary")
        for option in options_of(case, key)[1:]
    ]
    names = [*(f"posture:{posture}" for posture in POSTURES), *chosen]
    batch = Ensemble(scenario.without_record(), FREE_WORLDS, seed).batch()
    series = np.concatenate(gather([batch], partial(series_of, names), runner), axis=-1)
    years = np.array([day.year for day in scenario.mondays()])
    found: dict[str, Any] = {}
    for year in sorted(set(years.tolist())):
        weeks = np.flatnonzero(years == year)
        found[str(year)] = {
            name: round(float(_in_year(name, path, weeks)), 3)
            for name, path in zip(names, series, strict=True)
        }
    return found


def _in_year(name: str, path: Array, weeks: Counts) -> float:
    """Return the share of a year's weeks, or of its quarters, in which something was so."""
    if name.startswith("posture"):
        return float(path[weeks].mean())
    first = path[weeks[0] - 1] if weeks[0] else np.zeros_like(path[0])
    return float((path[weeks[-1]] - first).mean() / 4.0)


def columns_drawn(calibration: Calibration, sample: ImportanceSample) -> dict[str, Array]:
    """Return the varied parameters of all rows, each (rows,)."""
    rows = np.arange(sum(sample.sizes))
    columns = inputs_of(calibration, rows, sample.sizes, sample.proposal)
    return {name: values for name, values in columns.items() if name in PARAMETERS}


def proof(
    calibration: Calibration, sample: ImportanceSample, fitted: Scenario, runner: Runner = HERE
) -> dict[str, Any]:
    """Return what recorded decisions teach and how well they are foreseen; empty without any."""
    if calibration.decided is None:
        return {}
    terms, columns = terms_of(calibration, sample), columns_drawn(calibration, sample)
    seed = calibration.plan.seed
    return {
        "sources": taught(terms, columns),
        "left_out": left_out(terms, columns),
        "ahead": ahead(calibration, terms),
        "free_worlds": FREE_WORLDS,
        "acts_before_any_fit": acts(calibration.scenario, seed, runner),
        "acts_after_the_fit": acts(fitted, seed, runner),
        "besides": [BEFORE, TREATY],
    }
