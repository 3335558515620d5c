"""Figures of worlds side by side: the plane of both seats, ties and postures, two runs paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from two_chairs.axes import PATRONS, POSTURES, REGIMES, Array
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.panels import (
    at_lines,
    fan,
    grid,
    shares,
    spanned,
    weeks_of,
    years,
)
from two_chairs_lab.plotting.style import (
    FAINT,
    GREY,
    INK,
    PATRON_COLOURS,
    POSTURE_COLOURS,
    REGIME_COLOURS,
    SCENARIOS,
    STYLE,
    new_figure,
)
from two_chairs_lab.render.numbers import date_words, percent
from two_chairs_lab.studies.compare.differences import Difference, difference
from two_chairs_lab.studies.run.captions import headline
from two_chairs_lab.studies.run.figures import acting_line, framed
from two_chairs_lab.studies.run.study import RunResult

MARKS = dict(zip(REGIMES, "oDsX", strict=True))
"""Mark of the worlds in each regime."""
PAIRED = ("tilt", "incumbent_seat", "rival_seat")


def plane_figure(result: RunResult, week: int, behind: Trajectory | None = None) -> Figure:
    """Draw the worlds of one week on the plane of the two seats.

    Parameters
    ----------
    result
        A run.
    week
        Week, counted from zero.
    behind
        Another run, drawn faintly behind where it has the week.
    """
    with mpl.rc_context(STYLE):
        figure = new_figure(7.6, 7.0)
        axes = figure.subplots()
        scenario, paths = result.ensemble.scenario, result.paths
        _two_chairs_area(axes, scenario)
        x, y = (paths.outcome(f"{patron}_seat") for patron in PATRONS)
        _cloud_behind(axes, paths.dates[week], behind)
        handles = _cloud(axes, result, week, x[week], y[week])
        middle = [np.median(seat[: week + 1], axis=-1) for seat in (x, y)]
        axes.plot(*middle, color=INK, linewidth=1.2, label="")
        axes.plot(middle[0][-1], middle[1][-1], "o", color=INK, markersize=9, fillstyle="none")
        names = [scenario.case.actors[scenario.case.with_role(p)].name for p in PATRONS]
        axes.set_xlabel(f"{names[0]}'s seat: occupancy, 0 to 1")
        axes.set_ylabel(f"{names[1]}'s seat: occupancy, 0 to 1")
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0.0, 1.0)
        axes.set_aspect("equal")
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=9)
        what = (
            f"A dot is a world in the week of {date_words(paths.dates[week])}; line: path of the "
            "medians; dashed: where a seat is taken; shaded: where two chairs are held."
        )
        framed(figure, result, headline("seats", result), what, fans=False)
    return figure


def _two_chairs_area(axes: Axes, scenario: Scenario) -> None:
    """Shade where both seats are taken and the tilt lies within the limit of two chairs."""
    limit = scenario.parameters["two_chairs_limit"].value
    taken = scenario.parameters["seat_taken"].value
    corners = [
        (taken, taken), (taken + limit, taken), (1.0, 1.0 - limit), (1.0, 1.0),
        (1.0 - limit, 1.0), (taken, taken + limit),
    ]  # fmt: skip
    axes.add_patch(Polygon(corners, closed=True, color="#EFEAF5", zorder=0))
    axes.axhline(taken, color=GREY, linewidth=0.8, linestyle="--")
    axes.axvline(taken, color=GREY, linewidth=0.8, linestyle="--")


def _cloud(axes: Axes, result: RunResult, week: int, x: Array, y: Array) -> list[Line2D]:
    labels, handles = result.ensemble.scenario.case.regimes, []
    codes = result.paths.arrays["regime"][week]
    for code, regime in enumerate(REGIMES):
        here = codes == code
        if np.any(here):
            colour, mark = REGIME_COLOURS[regime], MARKS[regime]
            label = f"{labels[regime]}: {percent(float(np.mean(here)))}"
            look: dict[str, Any] = {"linewidth": 0, "color": colour, "marker": mark}
            axes.plot(x[here], y[here], **look, markersize=4, alpha=0.55)
            handles.append(Line2D([], [], **look, label=label))
    return handles


def _cloud_behind(axes: Axes, day: Any, behind: Trajectory | None) -> None:
    if behind is None or day not in behind.dates:
        return
    week = behind.dates.index(day)
    x, y = (behind.outcome(f"{patron}_seat")[week] for patron in PATRONS)
    axes.plot(x, y, ".", color=GREY, alpha=0.25, markersize=4)


def ties_figure(result: RunResult) -> Figure:
    """Draw the postures of the pivot and the levels of its ties, as shares of worlds over time."""
    with mpl.rc_context(STYLE):
        scenario, ties = result.ensemble.scenario, result.ensemble.scenario.case.institutions
        rows = (len(ties) + 2) // 2
        figure = new_figure(10, 2.7 * rows + 1.0)
        first, *others = grid(figure, len(ties) + 1, 2, sharex=True)
        postures: dict[str, Array] = {
            p: _share(result.paths.outcome(f"posture:{p}")) for p in POSTURES
        }
        pivot = scenario.case.actors[scenario.case.with_role("pivot")].name
        _stack(first, result, postures, list(POSTURE_COLOURS.values()))
        first.set_title(f"posture of {pivot}")
        for axes, tie in zip(others, ties, strict=True):
            found = _levels(result.paths.outcome(f"institution:{tie.id}"))
            _stack(axes, result, found, _level_colours(PATRON_COLOURS[tie.seat], len(found)))
            axes.set_title(f"{tie.name}: level")
        pivot_does = headline("regimes", result)
        what = (
            "Height: share of worlds at each posture of the pivot, and at each level of its ties."
        )
        framed(figure, result, pivot_does, what, fans=False)
    return figure


def _share(values: Array) -> Array:
    return np.mean(values, axis=-1)


def _levels(values: Array) -> dict[str, Array]:
    """Return the share of worlds at each level that occurs, the lowest first."""
    rounded = np.round(values, 2)
    return {f"{level:g}": _share(rounded == level) for level in np.unique(rounded)}


def _level_colours(side: str, number: int) -> Sequence[Any]:
    """Return colours of the levels of a tie: the paler, the lower; the side is whose tie it is."""
    pale = LinearSegmentedColormap.from_list("levels", ["#EDEDED", side])
    return list(pale(np.linspace(0.15, 1.0, number))) if number > 1 else [side]


def _stack(
    axes: Axes, result: RunResult, found: Mapping[str, Array], colours: Sequence[Any]
) -> None:
    weeks, stacked = spanned(weeks_of(result.paths), np.stack(list(found.values()), axis=-1))
    axes.stackplot(weeks, stacked.T, colors=colours, edgecolor="white", linewidth=0.3)
    shares(axes)
    axes.set_ylabel("share of worlds")
    acting_line(axes, result.ensemble.scenario)
    years(axes, result.paths)
    middles = np.cumsum(stacked[-1]) - stacked[-1] / 2.0
    ends = zip(middles, found, stacked[-1], strict=True)
    at_lines(axes, [(float(at), name.lower(), FAINT) for at, name, share in ends if share > 0.0])


def paired_figure(one: RunResult, other: RunResult) -> Figure | None:
    """Draw two runs side by side and their difference world by world, with the same luck.

    Returns ``None`` if the two share no week.
    """
    shared = _shared_weeks(one, other)
    if not shared:
        return None
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 8.4)
        panels = figure.subplots(len(PAIRED), 2, sharex=True)
        weeks = mdates.date2num(list(shared))
        for (left, right), outcome in zip(panels, PAIRED, strict=True):
            words = _words(outcome, one.ensemble.scenario)
            values = [_in_weeks(run, outcome, shared) for run in (one, other)]
            there = fan(left, weeks, values[1], INK, "--")
            here = fan(left, weeks, values[0], SCENARIOS[0])
            left.set_ylabel(words)
            if outcome == PAIRED[0]:
                at_lines(left, [(here, "this one", SCENARIOS[0]), (there, "the other", INK)])
            fan(right, weeks, values[0] - values[1], SCENARIOS[0])
            right.axhline(0.0, color=GREY, linewidth=0.9)
            right.set_ylabel(f"difference of {words.partition(',')[0]}")
            for axes in (left, right):
                acting_line(axes, one.ensemble.scenario)
                years(axes, one.paths, 7)
        titles = [run.ensemble.title() for run in (one, other)]
        same = " without the changes" if titles[0] == titles[1] else ""
        what = f"Dashed: “{titles[1]}”{same}. Right: the first less the other, same luck."
        framed(figure, one, f"“{titles[0]}” beside “{titles[1]}”{same}", what)
    return figure


def _words(outcome: str, scenario: Scenario) -> str:
    for patron in PATRONS:
        if outcome == f"{patron}_seat":
            return f"{scenario.case.actors[scenario.case.with_role(patron)].name}'s seat, 0 to 1"
    return f"{outcome}, −1 to 1"


def _shared_weeks(one: RunResult, other: RunResult) -> tuple[Day, ...]:
    """Return the Mondays of the weeks that two runs share."""
    inside = other.paths.dates
    return tuple(day for day in one.paths.dates if inside[0] <= day <= inside[-1])


def _in_weeks(run: RunResult, outcome: str, weeks: Sequence[Day]) -> Array:
    """Return an outcome of a run in some of its weeks, shape (weeks, worlds)."""
    return run.paths.outcome(outcome)[[run.paths.dates.index(day) for day in weeks]]


def difference_at(one: RunResult, other: RunResult, outcome: str) -> Difference | None:
    """Return the first run less the other in the last week they share; ``None`` without one."""
    last = _shared_weeks(one, other)[-1:]
    if not last:
        return None
    here, there = (_in_weeks(run, outcome, last)[0] for run in (one, other))
    return difference(outcome, last[0], there, here)
