"""How well decisions are foreseen from those before them, beside simple rules."""

from __future__ import annotations

import numpy as np

from two_chairs.axes import Array
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.scenario.records import Scenario
from two_chairs_lab.statistics.scores import brier_score, normalised

from .deciding import TREATY
from .made import Chances, foreseen
from .study import Calibration
from .terms import Terms, log_mean

STAY = 0.95
"""Chance of staying that the known inertia of a simple forecaster has; assumption."""
KEPT = 0.8
"""Weight that a quarter leaves to those before it where shares wander; assumption."""
DIGITS = 2


def ahead(calibration: Calibration, terms: Terms) -> dict[str, dict[str, float]]:
    """Return each actor's mean log score a quarter, foreseen from all decisions before it.

    Beside the model stand the simple rules of `simple_forecasts`.
    """
    quarter, model = np.array(terms.quarter), dict[str, list[float]]()
    for q in sorted(set(quarter[quarter >= 0].tolist())):
        weights = normalised(terms.log_prior + _before(terms, q))
        for term in np.flatnonzero(quarter == q):
            score = log_mean(terms.decisions[term], weights)
            model.setdefault(terms.source[int(term)], []).append(score)
    return {
        actor: {"model": round(float(np.mean(scores)), DIGITS)} | simple_scores(calibration, actor)
        for actor, scores in model.items()
    }


def brier(calibration: Calibration, terms: Terms, chances: Chances) -> dict[str, dict[str, float]]:
    """Return each actor's mean Brier score a quarter, as `ahead` does; smaller is better.

    The model's chances are those of the first rows, weighted by all that was decided before.
    """
    decided, found = chances.decided, {}
    for actor in dict.fromkeys(terms.source[n] for n, q in enumerate(terms.quarter) if q >= 0):
        role = calibration.scenario.case.actors[actor].role
        seen = [normalised(_before(terms, q)[: chances.rows]) for q in sorted(decided.terms[role])]
        told = foreseen(chances, role, dict(zip(sorted(decided.terms[role]), seen, strict=True)))
        support = [c / c.sum() for _, c in sorted(decided.support[role].items())]
        rules = {"model": [told[q] for q in sorted(told)]} | simple_forecasts(calibration, actor)
        found[actor] = {
            name: round(float(np.mean(list(map(brier_score, forecasts, support)))), DIGITS + 1)
            for name, forecasts in rules.items()
        }
    return found


def _before(terms: Terms, quarter: int) -> Array:
    """Return the log likelihood of all that was decided before a quarter, shape (rows,)."""
    earlier = (np.array(terms.quarter) < quarter) & (np.array(terms.source) != TREATY)
    return terms.of(earlier)


def simple_scores(calibration: Calibration, actor: str) -> dict[str, float]:
    """Return the mean log score a quarter of simple forecasters of one actor's choices."""
    decided = calibration.decided
    assert decided is not None
    role = calibration.scenario.case.actors[actor].role
    support = [c for _, c in sorted(decided.support[role].items())]
    return {
        name: round(float(np.mean([np.log(c @ p) for c, p in zip(support, told, strict=True)])), 2)
        for name, told in simple_forecasts(calibration, actor).items()
    }


def simple_forecasts(calibration: Calibration, actor: str) -> dict[str, list[Array]]:
    """Return what simple rules say of one actor's choices, quarter by quarter, each (choices,).

    * ``persistence``: as in the quarter before, with a chance that is learned on the way;
    * ``shares``: the shares of all quarters so far;
    * ``inertia``: as before, with a known chance;
    * ``random-walk``: shares that wander, so that old quarters count for less and less;
    * ``attacks``: the shares of those quarters before which as many attacks had been recorded.
    """
    decided = calibration.decided
    assert decided is not None
    role = calibration.scenario.case.actors[actor].role
    quarters = sorted(decided.support[role].items())
    size = len(quarters[0][1])
    told: dict[str, list[Array]] = {name: [] for name in FORECASTERS}
    counts, wandering, by_attacks = np.ones(size), np.ones(size), dict[int, Array]()
    stays, moves, last = 1.0, 1.0, 0
    for quarter, c in quarters:
        same = by_attacks.setdefault(attacks_before(calibration.scenario, quarter), np.ones(size))
        for name, chances in (
            ("persistence", _staying(size, last, stays / (stays + moves))),
            ("shares", counts / counts.sum()),
            ("inertia", _staying(size, last, STAY)),
            ("random-walk", wandering / wandering.sum()),
            ("attacks", same / same.sum()),
        ):
            told[name].append(chances)
        choice = int(np.argmax(c))
        wandering = 1.0 + KEPT * (wandering - 1.0)
        for each in (counts, wandering, same):
            each[choice] += 1.0
        stays, moves = stays + (choice == last), moves + (choice != last)
        last = choice
    return told


FORECASTERS = ("persistence", "shares", "inertia", "random-walk", "attacks")


def attacks_before(scenario: Scenario, quarter: int) -> int:
    """Return how many attacks are recorded before a quarter of the run, counted from 0."""
    first = quarter * DECISION_INTERVAL
    return sum(e.is_attack and scenario.week_of(e.date) < first for e in scenario.events)


def _staying(size: int, last: int, stay: float) -> Array:
    chances = np.full(size, (1.0 - stay) / (size - 1))
    chances[last] = stay
    return chances
