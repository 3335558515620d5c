"""What a run says: sentences and tables, for terminal, report and page alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from two_chairs.axes import PATRONS, REGIMES, TWO_CHAIRS, Array
from two_chairs.outcomes import OUTCOMES, is_yes_no, shown_in
from two_chairs.rules.payoffs import COMPOSITES, PAYOFFS
from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.summaries import (
    first_week,
    quantiles,
    share_interval,
    share_with_ends,
    yearly_means,
)

from .dates import key_dates
from .expectations import Verdict
from .study import RunResult


def answer(result: RunResult) -> list[str]:
    """Say in sentences where the pivot sits at the key dates, and since when on two chairs."""
    scenario, paths = result.ensemble.scenario, result.paths
    pivot = scenario.case.actors[scenario.case.with_role("pivot")].name
    sentences = []
    for day in key_dates(scenario).values():
        week = paths.week_of(day)
        low, middle, high = quantiles(paths.outcome("tilt")[week])
        shares = sorted(
            ((float(paths.regime_share(regime)[week]), regime) for regime in REGIMES), reverse=True
        )
        listed = ", ".join(
            f"{scenario.case.regimes[regime]} in {percent(share)}"
            for share, regime in shares
            if share > 0
        )
        acting = scenario.agents_act_from is not None and day > scenario.agents_act_from
        lead = f"the model leads {pivot} to:" if acting else f"{pivot} sits in:"
        sentences.append(
            f"{day:%d %b %Y}: {lead} {listed} of worlds; "
            f"tilt {middle:+.2f} ({low:+.2f} to {high:+.2f})."
        )
    first = first_week(paths.regime_share(REGIMES[TWO_CHAIRS]))
    two = scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    sentences.append(definition(scenario))
    if first is None:
        sentences.append(f"In no week do at least half of the worlds sit on {two}.")
    else:
        since = paths.dates[first]
        sentences.append(f"At least half of the worlds sit on {two} for the first time on {since}.")
    return sentences


def definition(scenario: Scenario) -> str:
    """Say when the pivot sits on two chairs, by the thresholds of the scenario."""
    values = {name: entry.value for name, entry in scenario.parameters.items()}
    taken, lost = values["seat_taken"], values["seat_lost"]
    stay, come = values["two_chairs_limit"], values["two_chairs_entry"]
    rival, incumbent = _label("rival", scenario), _label("incumbent", scenario)
    return (
        f"Tilt is {rival}'s seat less {incumbent}'s, −1 to 1. "
        f"On {scenario.case.regimes['two-chairs']}: both seats held (taken at {taken:.2f}, lost "
        f"below {lost:.2f}) and tilt within ±{stay:.2f}, ±{come:.2f} to come there from one chair."
    )


def interval(values: Array) -> str:
    """Write the median over worlds with the 5th and 95th percentile; of one world its value."""
    if values.size == 1:
        return _two(values[0])
    low, middle, high = quantiles(values)
    return interval_of(low, middle, high)


def interval_of(low: float, middle: float, high: float) -> str:
    """Write a median with the 5th and 95th percentile.

    Examples
    --------
    >>> interval_of(-0.5, -0.001, 2.0)
    '0.00 (-0.50…2.00)'
    """
    return f"{_two(middle)} ({_two(low)}…{_two(high)})"


def _two(number: float) -> str:
    """Write a number with two decimals, and no minus before a zero."""
    return f"{round(float(number), 2) + 0.0:.2f}"


def where_table(result: RunResult) -> Table:
    """Return the indices at the key dates: median and 5–95 % of worlds."""
    scenario, paths = result.ensemble.scenario, result.paths
    series = {
        _label(OUTCOMES[name].words, scenario): paths.outcome(name) for name in shown_in("where")
    }
    return _at_key_dates("Where: median (5–95 % of worlds)", series, scenario, paths)


def _at_key_dates(
    title: str, series: Mapping[str, Array], scenario: Scenario, paths: Trajectory
) -> Table:
    dates = key_dates(scenario)
    weeks = [paths.week_of(day) for day in dates.values()]
    rows = tuple(
        (name, *(interval(values[week]) for week in weeks)) for name, values in series.items()
    )
    return Table(title, ("", *(f"{day:%d %b %Y}" for day in dates.values())), rows)


def _label(label: str, scenario: Scenario) -> str:
    for patron in PATRONS:
        label = label.replace(patron, scenario.case.actors[scenario.case.with_role(patron)].name)
    return label


def regime_table(scenario: Scenario, paths: Trajectory) -> Table:
    """Return the share of worlds in each regime, as the mean of each year."""
    years = [day.year for day in paths.dates]
    means = {regime: yearly_means(paths.regime_share(regime), years) for regime in REGIMES}
    listed = list(means[REGIMES[0]])
    rows = tuple(
        (scenario.case.regimes[regime], *(percent(means[regime][year]) for year in listed))
        for regime in REGIMES
    )
    title = "Share of worlds in each regime, mean of the year"
    return Table(title, ("", *map(str, listed)), rows)


def payoff_table(result: RunResult) -> Table:
    """Return the payoffs at the key dates, and composites under several weights."""
    scenario, paths = result.ensemble.scenario, result.paths
    series: dict[str, Array] = {name: paths.outcome(name) for name in PAYOFFS}
    payoffs = list(series.values())
    for name, weights in COMPOSITES.items():
        series[name] = np.asarray(sum(w * v for w, v in zip(weights, payoffs, strict=True)))
    table = _at_key_dates("Payoffs to the pivot: median (5–95 %)", series, scenario, paths)
    return replace(table, faint=frozenset(COMPOSITES))


def verdict_groups(result: RunResult) -> dict[str, Sequence[Verdict]]:
    """Return what was expected and what the source says came of it, under their headings."""
    groups = {
        "Expectations of the scenario's author": result.expectations,
        "What the source says came of it": result.targets,
    }
    return {title: verdicts for title, verdicts in groups.items() if verdicts}


def verdict_table(title: str, verdicts: Iterable[Verdict]) -> Table:
    """Return what was expected, the share of worlds in which it holds, and the median compared."""
    rows = tuple(
        (
            "holds" if verdict.held else "FAILS",
            _expected(verdict),
            percent(verdict.share),
            _measured(verdict),
        )
        for verdict in verdicts
    )
    return Table(title, ("", "expected", "worlds", "measured"), rows)


def _measured(verdict: Verdict) -> str:
    """Write what was compared with the bounds: the share of what is so or not, else the median."""
    entry, values = verdict.expectation, verdict.values
    if not is_yes_no(entry.outcome):
        return interval(values)
    if entry.since is None and entry.against is None:
        low, share, high = share_with_ends(values)
        ends = f" ({percent(low)} to {percent(high)})" if values.size > 1 else ""
        return f"{percent(share)} of worlds{ends}"
    ends = " to ".join(map(_points, share_interval(values)))
    return f"{_points(float(np.mean(values)))} points" + (f" ({ends})" if values.size > 1 else "")


def _points(share: float) -> str:
    """Write a difference of shares in percentage points, signed."""
    return f"{round(100.0 * share):+d}".replace("-", "−")


def _expected(verdict: Verdict) -> str:
    key = getattr(verdict.expectation, "id", "")
    return f"{key}: {verdict.expectation.text}" if key else verdict.expectation.text
