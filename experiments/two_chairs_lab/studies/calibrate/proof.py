"""What each source of evidence teaches, and how well decisions are foreseen from those before them.

All but the acts of free worlds works on the rows that the calibration has run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from two_chairs.axes import POSTURES, Array, Counts
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.decided import options_of
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.batch import series_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.statistics.scores import effective_size, normalised

from .deciding import BEFORE, TREATY
from .foreseen import ahead, brier
from .made import Chances
from .posterior import inputs_of
from .sample import ImportanceSample
from .study import Calibration
from .terms import Terms, log_mean, terms_of

MOST_MOVED = 6
"""Parameters that are listed for each source, those that it moves or narrows most."""
MOST_COMPARED = 3
"""Parameters of each source whose narrowing is told for all sources."""
FREE_WORLDS = 1_000


def taught(terms: Terms, columns: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Return what each source teaches by itself: evidence, divergence, and what it moves.

    ``columns`` are the varied parameters of all rows, each (rows,). The ratios of standard
    deviations are of the same parameters for every source, those that some source moves most.
    """
    before, found = normalised(terms.log_prior), {}
    moved: dict[str, list[dict[str, Any]]] = {}
    for name, told in terms.sources().items():
        weights = normalised(terms.log_prior + told)
        kept = weights > 0.0
        divergence = float(np.sum(weights[kept] * np.log(weights[kept] / before[kept])))
        moved[name] = _moved(columns, before, weights)
        found[name] = {
            "log_evidence": round(log_mean(told, before), 2),
            "kl": round(divergence, 2),
            "effective_rows": round(effective_size(weights), 0),
            "moved": moved[name][:MOST_MOVED],
        }
    named = dict.fromkeys(row["name"] for rows in moved.values() for row in rows[:MOST_COMPARED])
    for name, rows in moved.items():
        ratios = {row["name"]: row["sd_ratio"] for row in rows}
        found[name]["sd_ratio"] = {each: ratios[each] for each in named}
    return found


def _moved(columns: Mapping[str, Array], before: Array, after: Array) -> list[dict[str, Any]]:
    """Return how parameters are narrowed and moved, those first that are most."""
    rows = []
    for name, values in columns.items():
        old, new = _moments(values, before), _moments(values, after)
        if old[1] > 0.0:
            ratio, shift = new[1] / old[1], (new[0] - old[0]) / old[1]
            told = {"sd_ratio": round(ratio, 2), "shift": round(shift, 2)}
            rows.append((abs(shift) + abs(np.log(max(ratio, 1e-12))), {"name": name} | told))
    return [row for _, row in sorted(rows, key=lambda row: -row[0])]


def _moments(values: Array, weights: Array) -> tuple[float, float]:
    mean = float(np.sum(weights * values))
    return mean, float(np.sqrt(np.sum(weights * (values - mean) ** 2)))


def left_out(terms: Terms, columns: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Return what moves most if an actor, quarter or wave is left out, or all counts otherwise.

    At half power their log likelihood counts half; read strictly, each is its best supported choice
    and nothing else.
    """
    source, quarter = np.array(terms.source), np.array(terms.quarter)
    all_of = np.ones(len(source), dtype=bool)
    cases = {f"without {name}": source != name for name in dict.fromkeys(terms.source)}
    cases |= {
        f"without {terms.quarter_names[q]}": quarter != q
        for q in dict.fromkeys(quarter[quarter >= 0].tolist())
    }
    whole = normalised(terms.log_prior + terms.polls + terms.of(all_of))
    told = {label: terms.polls + terms.of(kept) for label, kept in cases.items()}
    besides, waves = np.array(quarter) < 0, terms.polls_without.items()
    told |= {
        "without polls": terms.of(all_of),
        **{f"without the wave of {wave}": polls + terms.of(all_of) for wave, polls in waves},
        "at half power": terms.polls + 0.5 * terms.of(all_of),
        "read strictly": terms.polls + terms.of(besides) + terms.strict,
    }
    before = normalised(terms.log_prior)
    weights = [normalised(terms.log_prior + logs) for logs in told.values()]
    together, names = np.stack([whole, *weights], axis=1), list(columns)
    means = np.stack([values @ together for values in columns.values()])
    spreads = np.array([max(_moments(values, before)[1], 1e-12) for values in columns.values()])
    shifts = (means[:, 1:] - means[:, :1]) / spreads[:, np.newaxis]
    most = np.abs(shifts).argmax(axis=0)
    return {
        label: {
            "effective_rows": round(effective_size(weights[n]), 0),
            "most_moved": names[most[n]],
            "shift": round(float(shifts[most[n], n]), 2),
        }
        for n, label in enumerate(told)
    }


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
    calibration: Calibration,
    sample: ImportanceSample,
    chances: Chances | None,
    fitted: Scenario,
    runner: Runner = HERE,
) -> dict[str, Any]:
    """Return what recorded decisions teach and how well they are foreseen; empty without any."""
    if chances is None:
        return {}
    terms, columns = terms_of(calibration, sample), columns_drawn(calibration, sample)
    seed = calibration.plan.seed
    return {
        "sources": taught(terms, columns),
        "left_out": left_out(terms, columns),
        "ahead": ahead(calibration, terms),
        "brier": brier(calibration, terms, chances),
        "free_worlds": FREE_WORLDS,
        "acts_before_any_fit": acts(calibration.scenario, seed, runner),
        "acts_after_the_fit": acts(fitted, seed, runner),
        "besides": [BEFORE, TREATY],
    }
