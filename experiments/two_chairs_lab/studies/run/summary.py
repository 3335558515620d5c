"""What a run says: sentences and tables, for terminal, report and page alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np

from two_chairs.axes import PATRONS, REGIMES, TWO_CHAIRS, Array, Flags
from two_chairs.outcomes import OUTCOMES, is_yes_no, shown_in
from two_chairs.rules.payoffs import COMPOSITES, PAYOFFS
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.names import regime_words, role_name
from two_chairs_lab.render.numbers import counted, date_words, decimal, percent, points, span
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.monte_carlo import median_error, share_error
from two_chairs_lab.statistics.summaries import (
    first_week,
    quantiles,
    share_interval,
    share_with_ends,
)

from .dates import key_dates, shown_dates
from .expectations import Verdict
from .study import RunResult

MOST_YEARS = 12
"""Years of a run whose shares stand year by year; those of a longer one by decade."""


def answer(result: RunResult) -> list[str]:
    """Say in sentences where the pivot sits, how sure that is, and since when on two chairs."""
    scenario, paths = result.ensemble.scenario, result.paths
    days = shown_dates(scenario)
    sentences = [f"{seats(scenario, paths, day)} {tilt_words(paths, day)}" for day in days]
    if result.reference is not None and days[-1] <= result.reference.paths.dates[-1]:
        beside = f"{seats(scenario, result.reference.paths, days[-1])}"
        sentences.append(f"Beside it the reference, {result.reference.title}: {beside}")
    if result.until is not None:
        sentences.insert(0, result.until.words(paths.worlds))
    sentences.append(definition(scenario))
    first = first_week(paths.regime_share(REGIMES[TWO_CHAIRS]))
    two = scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    if first is None:
        sentences.append(f"In no week do at least half of the worlds sit on {two}.")
    else:
        since = date_words(paths.dates[first])
        sentences.append(f"At least half of the worlds sit on {two} for the first time on {since}.")
    return sentences


def seats(scenario: Scenario, paths: Trajectory, day: Day) -> str:
    """Say in how many worlds the pivot leans on whom on a day, with the Monte-Carlo error."""
    case = scenario.case
    pivot, words = role_name("pivot", case), {r: regime_words(r, case) for r in REGIMES}
    held = {regime: paths.outcome(f"regime:{regime}")[paths.week_of(day)] for regime in REGIMES}
    listed = sorted(((values.mean(), regime) for regime, values in held.items()), reverse=True)
    (most, regime), *rest = [(share, regime) for share, regime in listed if share > 0.0]
    acting = scenario.agents_act_from is not None and day > scenario.agents_act_from
    lead = f"{date_words(day)}, led on by the model: in" if acting else f"{date_words(day)}: in"
    parts = [f"{lead} {percent(most)} of simulated worlds {pivot} {words[regime]}"]
    parts += [f"in {percent(share)} it {words[regime]}" for share, regime in rest]
    error = max(float(share_error(values)) for values in held.values())
    sure = "one world" if paths.worlds == 1 else f"± {points(error)} points at most, 95 %"
    return f"{', '.join(parts)} ({sure})."


def tilt_words(paths: Trajectory, day: Day) -> str:
    """Say the tilt on a day: the median of the worlds, and where nine of ten lie."""
    return f"Tilt {interval(paths.outcome('tilt')[paths.week_of(day)])}."


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


def record_table(scenario: Scenario) -> Table:
    """Return how old the record is: the last recorded event of every pair of actors.

    The age is that on the day to which the record is complete, else on the day from which agents
    act, else at the end of the run; or on the day of the last event, if that is later.
    """
    acting = min(scenario.agents_act_from or scenario.end, scenario.end)
    said = scenario.record_complete_to
    last = max((e.date for e in scenario.events if e.date <= acting), default=None)
    day = max(filter(None, (said or acting, last)))
    rows = [
        (
            f"{one} and {other}",
            "none" if last is None else date_words(last),
            "" if last is None else counted((day - last).days, "day"),
        )
        for (one, other), last in last_events(scenario, day).items()
    ]
    complete = f"complete to {date_words(said)}" if said else "never said to be complete"
    seen = "" if day == said else f", seen from {date_words(day)}"
    return Table(f"The record, {complete}{seen}", ("between", "last event", "age"), tuple(rows))


def last_events(scenario: Scenario, day: Day) -> dict[tuple[str, str], Day | None]:
    """Return the last recorded event up to a day of every pair, by the actors' names.

    Pairs without the pivot stand there only if they have one.
    """
    actors, pivot = scenario.case.actors, scenario.case.with_role("pivot")
    found: dict[tuple[str, str], Day | None] = {}
    for one, other in combinations(actors, 2):
        days = [e.date for e in scenario.events if {e.actor, e.target} == {one, other}]
        past = [date for date in days if date <= day]
        if past or pivot in (one, other):
            found[actors[one].name, actors[other].name] = max(past, default=None)
    return found


def interval(values: Array) -> str:
    """Write the median over worlds with its error, and the 5th and 95th percentile."""
    if values.size == 1:
        return decimal(values[0])
    low, middle, high = map(float, quantiles(values))
    return span(low, middle, high, float(median_error(values)))


def where_table(result: RunResult) -> Table:
    """Return the indices at the key dates: median and 5–95 % of worlds."""
    scenario, paths = result.ensemble.scenario, result.paths
    weeks = _key_weeks(scenario, paths)
    series = {
        _label(OUTCOMES[name].words, scenario): paths.outcome(name)[weeks]
        for name in shown_in("where")
    }
    table = _at_key_dates("Where: median ± its error (5–95 % of worlds)", series, scenario)
    return table if result.reference is None else _beside(table, result)


def _beside(table: Table, result: RunResult) -> Table:
    """Return the indices at the dates told, each with the reference's median beside it."""
    assert result.reference is not None
    own, other = result.paths, result.reference.paths
    days = [day for day in shown_dates(result.ensemble.scenario) if day <= other.dates[-1]]
    rows = []
    for name, row in zip(shown_in("where"), table.rows, strict=True):
        cells: list[str] = []
        for day in days:
            there = other.outcome(name)[other.week_of(day)]
            cells += [interval(own.outcome(name)[own.week_of(day)]), _middle(there)]
        rows.append((row[0], *cells))
    columns = [part for day in days for part in (date_words(day), f"reference, {day:%b %Y}")]
    title = f"{table.title}; reference: {result.reference.title}"
    return Table(title, ("", *columns), tuple(rows))


def _middle(values: Array) -> str:
    """Write a median over worlds with its error."""
    error = float(median_error(values))
    return decimal(np.median(values)) + (f" ± {decimal(error)}" if values.size > 1 else "")


def _at_key_dates(title: str, series: Mapping[str, Array], scenario: Scenario) -> Table:
    """Lay out what is so at the key dates, each series of shape (dates, worlds)."""
    rows = tuple((name, *map(interval, values)) for name, values in series.items())
    return Table(title, ("", *map(date_words, key_dates(scenario).values())), rows)


def _key_weeks(scenario: Scenario, paths: Trajectory) -> list[int]:
    return [paths.week_of(day) for day in key_dates(scenario).values()]


def _label(label: str, scenario: Scenario) -> str:
    for patron in PATRONS:
        label = label.replace(patron, role_name(patron, scenario.case))
    return label


def regime_table(scenario: Scenario, paths: Trajectory) -> Table:
    """Return the share of worlds in each regime with its error, as the mean of each year.

    In a run of more than `MOST_YEARS` years it is the mean of each decade.
    """
    spans, of_what = _spans(paths)
    rows = []
    for regime in REGIMES:
        held = paths.outcome(f"regime:{regime}")
        means = [held[weeks].mean(axis=0) for weeks in spans.values()]
        cells = (percent(float(mean.mean()), float(share_error(mean))) for mean in means)
        rows.append((scenario.case.regimes[regime], *cells))
    title = f"Share of worlds in each regime, mean of the {of_what} (± points, 95 %)"
    return Table(title, ("", *spans), tuple(rows))


def _spans(paths: Trajectory) -> tuple[dict[str, Flags], str]:
    """Return the weeks of each year of a run, or of each decade of a long one, by its name."""
    years = np.array([day.year for day in paths.dates])
    first, last = int(years[0]), int(years[-1])
    if last - first < MOST_YEARS:
        return {str(year): years == year for year in np.unique(years)}, "year"
    starts = range(first - first % 10, last + 1, 10)
    named = {start: (max(start, first), min(start + 9, last)) for start in starts}
    return {
        str(one) if one == end else f"{one}–{end % 100:02d}": years - years % 10 == start
        for start, (one, end) in named.items()
    }, "decade"


def convention_table(result: RunResult) -> Table:
    """Return the headline under other conventions of our ruler, on the same worlds."""
    case, rows = result.ensemble.scenario.case, result.conventions
    days = list(dict.fromkeys(row["date"] for row in rows))
    cells: dict[tuple[float, str], list[str]] = {}
    for row in rows:
        shares = row["regime_shares"]
        most = max(shares, key=lambda regime: shares[regime])
        told = f"{decimal(row['tilt'])}; {percent(shares[most])} {case.regimes[most]}"
        cells.setdefault((row["institution_share"], row["seats"]), []).append(told)
    usual = result.ensemble.scenario.parameters
    stated = (usual["institution_share"].value, "net" if usual["net_seats"].value else "clipped")
    lines = tuple(
        (f"χ {share:g}, {seats}{' (stated)' if (share, seats) == stated else ''}", *told)
        for (share, seats), told in cells.items()
    )
    title = "A convention, not a finding: tilt and most frequent seat of the same worlds by ruler"
    return Table(title, ("", *(date_words(date.fromisoformat(day)) for day in days)), lines)


def payoff_table(result: RunResult) -> Table:
    """Return the payoffs at the key dates, and composites under several weights."""
    scenario, paths = result.ensemble.scenario, result.paths
    weeks = _key_weeks(scenario, paths)
    series: dict[str, Array] = {name: paths.outcome(name)[weeks] for name in PAYOFFS}
    payoffs = list(series.values())
    for name, weights in COMPOSITES.items():
        series[name] = np.asarray(sum(w * v for w, v in zip(weights, payoffs, strict=True)))
    table = _at_key_dates("Payoffs to the pivot: median ± its error (5–95 %)", series, scenario)
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
            percent(verdict.share, verdict.error),
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
