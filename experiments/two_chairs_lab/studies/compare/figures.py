"""Figures of comparisons: paths, paired differences, and what single changes make."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, shorten
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs_lab.plotting.panels import dated, fan
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

from .differences import Difference, Effect
from .study import PATHS, Comparison, Ranking, Side

COLOURS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
"""Colours of the scenarios compared with the reference, which is black."""
MOST_EVENTS = 24
"""Events shown in a ranking; the table on disk has all."""
LABEL = 84
"""Letters of a change that are written beside its interval."""
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
    return {"effects": ranking_figure(ranking)}


def _styles(made: Comparison) -> list[tuple[Side, str]]:
    colours = [BLACK, *(COLOURS[n % len(COLOURS)] for n in range(len(made.others)))]
    return list(zip(made.sides, colours, strict=True))


def _title(made: Comparison) -> str:
    return f"{', '.join(side.label for side in made.others)} against {made.reference.label}"


def _foot(made: Comparison, reading: str) -> str:
    return " ".join([reading, *made.notes(), made.reference.ensemble.conditional_on()])


def paths_figure(made: Comparison) -> Figure:
    """Draw the paths of all scenarios, and of the tilt the paired difference from the reference."""
    case = made.reference.ensemble.scenario.case
    weeks: Any = mdates.date2num(list(made.weeks))
    figure = new_figure(9, 9.4)
    panels = figure.subplots(len(PATHS) + 1, 1, sharex=True, height_ratios=[3, 2, 2, 2.4])
    for axes, name in zip(panels, PATHS, strict=False):
        for side, colour in _styles(made):
            fan(axes, weeks, side.weekly[name], colour, side.label)
        axes.set_title(outcome_label(name, case), loc="left")
    for side, colour in _styles(made)[1:]:
        paired = side.weekly["tilt"] - made.reference.weekly["tilt"]
        fan(panels[-1], weeks, paired, colour, "")
    panels[-1].set_title(f"tilt: paired difference from {made.reference.label}", loc="left")
    for axes in (panels[0], panels[-1]):
        axes.axhline(0.0, color=GREY, linewidth=0.8)
    for axes in panels:
        for day in made.dates:
            axes.axvline(float(mdates.date2num(day)), color=GREY, linewidth=0.8, linestyle=":")
    dated(panels[-1], 9)
    if len(weeks) > 1:
        panels[-1].set_xlim(weeks[0], weeks[-1])
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
    heights = np.arange(len(found)) + shift
    low, high = [entry.low for entry in found], [entry.high for entry in found]
    axes.hlines(heights, low, high, color=colour, linewidth=2.2, alpha=0.45)
    axes.plot([entry.value for entry in found], heights, "o", color=colour, ms=4, label=label)


def ranking_figure(ranking: Ranking) -> Figure:
    """Draw what leaving each event out does, with its id, date and own words."""
    shown = ranking.effects[:MOST_EVENTS]
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    left = len(ranking.effects) - len(shown)
    rest = f" The {left} events of the smallest effect are left to the table." if left else ""
    share = shown[0].difference.kind == "share"
    what = "difference of shares; line: its 90 % interval" if share else "median; line: 5–95 %"
    return effects_figure(
        [
            Effect(f"{each.label}, {each.event.date}: {each.event.says}", each.difference)
            for each in shown
        ],
        f"{ranking.ensemble.title()}: each event left out, {label} on {ranking.day:%d %b %Y}",
        f"difference of {label}: without the event, less with it",
        f"Dot: {what} of paired worlds with the same luck.{rest} "
        f"{ranking.ensemble.conditional_on()}",
    )


def effects_figure(effects: Sequence[Effect], title: str, axis: str, note: str) -> Figure:
    """Draw what changes make, as dots with their intervals, one line a change.

    Parameters
    ----------
    effects
        In the order of the lines, from the top.
    title, axis, note
        Heading, name of the axis with its unit, what the figure is conditional on.
    """
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 2.2 + 0.42 * len(effects))
        axes = figure.subplots()
        for line, effect in enumerate(reversed(effects)):
            entry = effect.difference
            colour, mark = (BLUE, "o") if entry.value >= 0 else (RED, "s")
            axes.plot([entry.low, entry.high], [line] * 2, color=colour, linewidth=2.2, alpha=0.55)
            axes.plot(entry.value, line, mark, color=colour, markersize=6)
        words = [shorten(effect.words, LABEL, placeholder=" …") for effect in reversed(effects)]
        axes.set_yticks(range(len(effects)), [fill(label, 46) for label in words], fontsize=8)
        axes.set_ylim(-0.6, len(effects) - 0.4)
        axes.axvline(0.0, color=GREY, linewidth=0.9)
        axes.set_xlabel(axis)
        axes.grid(visible=False, axis="y")
        return frame(figure, title, note)
