"""Figures of comparisons: paths, paired differences, events ranked by their effect."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, shorten
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import Array
from two_chairs.vocabulary import Day
from two_chairs_lab.plotting.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    STYLE,
    frame,
    new_figure,
)
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.statistics.summaries import quantiles

from .study import PATHS, Comparison, Difference, Effect, Ranking, Side

COLOURS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
"""Colours of the scenarios compared with the reference, which is black."""
MOST_BARS = 24
"""Events shown in a ranking; the table on disk has all."""
READING = "Line: median; band: 5–95 % of worlds."
FOREST = (
    "Dot: median of the paired differences, bar: 5–95 % of worlds; of shares of worlds the "
    "difference and its 90 % interval. Same luck and same draws in both."
)


def draw_comparison(made: Comparison) -> dict[str, Figure]:
    """Return the figures of a comparison, by name."""
    with mpl.rc_context(STYLE):
        return {"paths": paths_figure(made), "differences": differences_figure(made)}


def draw_ranking(ranking: Ranking) -> dict[str, Figure]:
    """Return the figure of a ranking of events, by name."""
    with mpl.rc_context(STYLE):
        return {"effects": effects_figure(ranking)}


def _styles(made: Comparison) -> list[tuple[Side, str]]:
    colours = [BLACK, *(COLOURS[n % len(COLOURS)] for n in range(len(made.others)))]
    return list(zip(made.sides, colours, strict=True))


def _title(made: Comparison) -> str:
    return f"{', '.join(side.label for side in made.others)} against {made.reference.label}"


def _foot(made: Comparison, reading: str) -> str:
    return " ".join([reading, *made.notes(), made.reference.ensemble.conditional_on()])


def _fan(axes: Axes, weeks: Any, values: Array, colour: str, label: str = "") -> None:
    low, middle, high = quantiles(values)
    axes.fill_between(weeks, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(weeks, middle, color=colour, linewidth=1.6, label=label)


def _time_axis(axes: Axes, weeks: Sequence[Day]) -> None:
    locator = mdates.AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    if len(weeks) > 1:
        axes.set_xlim(mdates.date2num(weeks[0]), mdates.date2num(weeks[-1]))


def paths_figure(made: Comparison) -> Figure:
    """Draw the paths of all scenarios, and of the tilt the paired difference from the reference."""
    case = made.reference.ensemble.scenario.case
    weeks: Any = mdates.date2num(list(made.weeks))
    figure = new_figure(9, 9.4)
    panels = figure.subplots(len(PATHS) + 1, 1, sharex=True, height_ratios=[3, 2, 2, 2.4])
    for axes, name in zip(panels, PATHS, strict=False):
        for side, colour in _styles(made):
            _fan(axes, weeks, side.weekly[name], colour, side.label)
        axes.set_title(outcome_label(name, case), loc="left")
    for side, colour in _styles(made)[1:]:
        _fan(panels[-1], weeks, side.weekly["tilt"] - made.reference.weekly["tilt"], colour)
    panels[-1].set_title(f"tilt: paired difference from {made.reference.label}", loc="left")
    for axes in (panels[0], panels[-1]):
        axes.axhline(0.0, color=GREY, linewidth=0.8)
    for axes in panels:
        for day in made.dates:
            axes.axvline(float(mdates.date2num(day)), color=GREY, linewidth=0.8, linestyle=":")
    _time_axis(panels[-1], made.weeks)
    panels[0].legend(loc="upper left", ncols=min(4, len(made.sides)))
    _room_above(panels[0])
    note = f"{READING} Dotted lines: the dates compared."
    return frame(figure, _title(made), _foot(made, note))


def _room_above(axes: Axes) -> None:
    """Leave room for a legend above what is drawn."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.18 * (high - low))


def differences_figure(made: Comparison) -> Figure:
    """Draw the paired difference of every outcome, a panel a date."""
    case = made.reference.ensemble.scenario.case
    names = list(made.reference.dated)
    thick = 0.24 + 0.06 * len(made.others)
    figure = new_figure(3.2 + 3.6 * len(made.dates), 2.0 + thick * len(names))
    panels = figure.subplots(1, len(made.dates), sharex=True, sharey=True, squeeze=False)[0]
    for number, (side, colour) in enumerate(_styles(made)[1:]):
        shift = (number - (len(made.others) - 1) / 2) * 0.7 / len(made.others)
        for axes, day in zip(panels, made.dates, strict=True):
            found = [entry for entry in made.differences(side) if entry.day == day]
            _forest(axes, found, shift, colour, side.label)
    for axes, day in zip(panels, made.dates, strict=True):
        axes.set_title(f"{day:%d %b %Y}", loc="left")
        axes.axvline(0.0, color=BLACK, linewidth=0.9)
        axes.set_xlabel("difference")
    panels[0].set_yticks(range(len(names)), [outcome_label(name, case) for name in names])
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    if len(made.others) > 1:
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right upper")
    return frame(figure, f"Paired differences: {_title(made)}", _foot(made, FOREST))


def _forest(axes: Axes, found: Sequence[Difference], shift: float, colour: str, label: str) -> None:
    places = np.arange(len(found)) + shift
    low, high = [entry.low for entry in found], [entry.high for entry in found]
    axes.hlines(places, low, high, color=colour, linewidth=2.2, alpha=0.45)
    axes.plot([entry.value for entry in found], places, "o", color=colour, ms=4, label=label)


def effects_figure(ranking: Ranking) -> Figure:
    """Draw the effect of each event as a bar with its interval, its id, date and own words."""
    shown = ranking.effects[:MOST_BARS]
    case = ranking.ensemble.scenario.case
    figure = new_figure(11, 1.7 + 0.36 * len(shown))
    axes = figure.subplots()
    places = np.arange(len(shown))
    values = np.array([effect.difference.value for effect in shown])
    colours = [BLUE if value >= 0 else RED for value in values]
    axes.barh(places, values, color=colours, alpha=0.55, height=0.62)
    low = [effect.difference.low for effect in shown]
    high = [effect.difference.high for effect in shown]
    axes.hlines(places, low, high, color=BLACK, linewidth=1.1)
    axes.axvline(0.0, color=BLACK, linewidth=0.9)
    axes.set_yticks(places, [_told(effect) for effect in shown], fontsize=7.5)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    label = outcome_label(ranking.outcome, case)
    axes.set_xlabel(f"effect on {label}: with the event less without it")
    left = len(ranking.effects) - len(shown)
    rest = f" The {left} events of the smallest effect are left to the table." if left else ""
    share = shown[0].difference.kind == "share"
    bar = "difference of shares, line: its 90 % interval" if share else "median, line: 5–95 %"
    note = f"Bar: {bar} of paired worlds with the same luck.{rest}"
    title = f"{ranking.ensemble.title()}: what each event did to {label} by {ranking.day:%d %b %Y}"
    return frame(figure, title, f"{note} {ranking.ensemble.conditional_on()}")


def _told(effect: Effect) -> str:
    taken = f" (with {', '.join(effect.takes)})" if effect.takes else ""
    words = shorten(effect.event.says, 96, placeholder=" …")
    return fill(f"{effect.event.id}{taken}, {effect.event.date}: {words}", 66)
