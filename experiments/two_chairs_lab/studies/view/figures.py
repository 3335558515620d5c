"""Figures of worlds side by side: the plane of both seats, ties and postures, two runs paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon

from two_chairs.axes import PATRONS, POSTURES, REGIMES, Array
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.panels import fan, grid, years
from two_chairs_lab.plotting.style import BLACK, BLUE, GREEN, GREY, PURPLE, RED, STYLE, new_figure
from two_chairs_lab.studies.compare.differences import Difference, difference
from two_chairs_lab.studies.run.figures import acting_line, foot, head
from two_chairs_lab.studies.run.study import RunResult

DOTS = dict(zip(REGIMES, ((RED, "o"), (PURPLE, "D"), (BLUE, "s"), (BLACK, "X")), strict=True))
"""Colour and mark of the worlds in each regime."""
LEVEL_COLOURS = ("#E8EEF4", "#BCD3E6", "#86B3D6", "#4A8BBF", "#12558C", "#0A2F52")
"""Colours of the levels of a tie, the lowest first."""
POSTURE_COLOURS = dict(zip(POSTURES, (RED, PURPLE, BLUE, GREY), strict=True))
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
        axes.plot(*middle, color=BLACK, linewidth=1.2, label="path of the medians")
        axes.plot(middle[0][-1], middle[1][-1], "o", color=BLACK, markersize=9, fillstyle="none")
        names = [scenario.case.actors[scenario.case.with_role(p)].name for p in PATRONS]
        axes.set_xlabel(f"{names[0]}'s seat: occupancy, 0 to 1")
        axes.set_ylabel(f"{names[1]}'s seat: occupancy, 0 to 1")
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(0.0, 1.0)
        axes.set_aspect("equal")
        area = Patch(color="#EFEAF5", label="both seats taken, tilt within its limit")
        trail = Line2D([], [], color=BLACK, label="path of the medians")
        when = f"both seats, week of {paths.dates[week]:%d %b %Y}"
        head(figure, result, when, [*handles, area, trail], columns=3)
        foot(figure, result, "A dot is a world; dashed: where a seat is taken.", fans=False)
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
            colour, mark = DOTS[regime]
            label = f"{labels[regime]}: {np.mean(here):.0%}"
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
        first.set_title(f"posture of {pivot}", loc="left")
        for axes, tie in zip(others, ties, strict=True):
            shares = _levels(result.paths.outcome(f"institution:{tie.id}"))
            _stack(axes, result, shares, _level_colours(len(shares)))
            axes.set_title(f"{tie.name}: level", loc="left", fontsize=9)
        head(figure, result, "postures and ties")
        foot(figure, result, "Height: share of worlds at each posture or level.", fans=False)
    return figure


def _share(values: Array) -> Array:
    return np.mean(values, axis=-1)


def _levels(values: Array) -> dict[str, Array]:
    """Return the share of worlds at each level that occurs, the lowest first."""
    rounded = np.round(values, 2)
    return {f"{level:g}": _share(rounded == level) for level in np.unique(rounded)}


def _level_colours(number: int) -> Sequence[Any]:
    if number <= len(LEVEL_COLOURS):
        picked = np.linspace(0, len(LEVEL_COLOURS) - 1, max(number, 2)).round().astype(int)
        return [LEVEL_COLOURS[index] for index in picked[:number]]
    return list(mpl.colormaps["Blues"](np.linspace(0.1, 1.0, number)))


def _stack(
    axes: Axes, result: RunResult, shares: Mapping[str, Array], colours: Sequence[Any]
) -> None:
    dates = mdates.date2num(list(result.paths.dates))
    stacked = np.stack(list(shares.values()))
    if len(dates) == 1:
        dates, stacked = np.array([dates[0], dates[0] + 6.0]), np.repeat(stacked, 2, axis=1)
    drawn = axes.stackplot(dates, stacked, colors=colours, edgecolor="white", linewidth=0.3)
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
    axes.set_ylabel("share of worlds")
    acting_line(axes, result.ensemble.scenario)
    years(axes, result.paths)
    axes.legend(
        reversed(drawn), reversed(list(shares)), loc="center left", bbox_to_anchor=(1.0, 0.5),
        fontsize=7.5, handlelength=1.0,
    )  # fmt: skip


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
        titles = [fill(run.ensemble.title(), 44) for run in (one, other)]
        if titles[0] == titles[1]:
            titles[1] += " (without the changes)"
        for (left, right), outcome in zip(panels, PAIRED, strict=True):
            words = _words(outcome, one.ensemble.scenario)
            values = [_in_weeks(run, outcome, shared) for run in (one, other)]
            fan(left, weeks, values[1], GREY, "", "--")
            fan(left, weeks, values[0], BLUE, "")
            left.set_ylabel(words)
            fan(right, weeks, values[0] - values[1], GREEN, "")
            right.axhline(0.0, color=GREY, linewidth=0.9)
            right.set_ylabel(f"difference of {words.partition(',')[0]}")
            for axes in (left, right):
                acting_line(axes, one.ensemble.scenario)
                years(axes, one.paths)
        handles = [
            Line2D([], [], color=BLUE, label=titles[0]),
            Line2D([], [], color=GREY, linestyle="--", label=titles[1]),
            Line2D([], [], color=GREEN, label="the first less the second, same luck"),
        ]
        head(figure, one, "beside another scenario", handles, columns=3)
        foot(figure, one, "Right: differences world by world.")
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
