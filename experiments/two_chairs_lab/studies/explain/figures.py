"""The waterfall: from a target's start, cause by cause, to its end."""

from __future__ import annotations

from textwrap import shorten

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from two_chairs.axes import Array
from two_chairs_lab.plotting.style import BLACK, BLUE, GREY, RED, STYLE, footnote, new_figure
from two_chairs_lab.statistics.summaries import quantiles

from .study import Bar, Explanation, bars, target_words

MOST_BARS = 16
WIDEST_LABEL = 84
HEIGHT = 0.62
NOTE = 180
"""Letters in a line of the note."""


def waterfall(explanation: Explanation, most: int = MOST_BARS) -> Figure:
    """Draw the mean change of a target as a waterfall: bars that sum, whiskers over worlds.

    Parameters
    ----------
    explanation
        What is drawn.
    most
        Most bars between start and end; what is smaller is one bar together.
    """
    rows = bars(explanation, most)
    with mpl.rc_context(STYLE):
        figure = new_figure(11.5, 0.34 * (len(rows) + 2) + 2.0)
        axes = figure.subplots()
        _draw_bars(axes, explanation, rows)
        _lay_out(axes, explanation, rows)
        _words(figure, explanation)
    return figure


def _draw_bars(axes: Axes, explanation: Explanation, rows: list[Bar]) -> None:
    """Draw start, causes and end downward, each where the last one ended."""
    means = np.array([float(np.mean(bar.values)) for bar in rows])
    reached = float(np.mean(explanation.start)) + np.cumsum([0.0, *means])
    _total(axes, 0, explanation.start)
    for row, (bar, begin, mean) in enumerate(zip(rows, reached, means, strict=False), start=1):
        axes.barh(row, mean, HEIGHT, left=begin, color=BLUE if mean >= 0.0 else RED)
        _whisker(axes, row, begin, bar.values)
        axes.plot([begin] * 2, [row - 1, row], color=GREY, linewidth=0.7, zorder=0.5)
    last = len(rows) + 1
    axes.plot([reached[-1]] * 2, [last - 1, last], color=GREY, linewidth=0.7, zorder=0.5)
    _total(axes, last, explanation.end)


def _total(axes: Axes, row: int, values: Array) -> None:
    axes.barh(row, float(np.mean(values)), HEIGHT, color="#BBBBBB")
    _whisker(axes, row, 0.0, values)


def _whisker(axes: Axes, row: int, begin: float, values: Array) -> None:
    low, _, high = quantiles(values)
    if high > low:
        axes.plot([begin + low, begin + high], [row] * 2, color=BLACK, linewidth=0.9)


def _lay_out(axes: Axes, explanation: Explanation, rows: list[Bar]) -> None:
    start, end = float(np.mean(explanation.start)), float(np.mean(explanation.end))
    window = explanation.window
    last = f"end: week of {window.to:%d %b %Y}"
    labels = [f"start: {window.begin()}", *map(_label, rows), last]
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    means = [start, *(float(np.mean(bar.values)) for bar in rows), end]
    numbers = [f"{mean:+.3f}".replace("-", "−") for mean in means]
    right = axes.twinx()
    right.set_ylim(axes.get_ylim())
    right.set_yticks(range(len(labels)), numbers, fontsize=8, ha="right")
    right.tick_params(axis="y", pad=34)
    right.grid(visible=False)
    for side in (axes, right):
        side.tick_params(axis="y", length=0)
        side.spines["left"].set_visible(False)
    axes.margins(x=0.03)
    axes.set_xlabel(target_words(explanation))


def _label(bar: Bar) -> str:
    """Return the words of a bar on one line: its date, what it is, its id."""
    day = "" if bar.date is None else f"{bar.date:%d %b %Y}  "
    room = WIDEST_LABEL - len(day) - len(bar.label)
    says = shorten(bar.says.rstrip("."), max(room, 20), placeholder=" …")
    return f"{day}{says}  [{bar.label}]"


def _words(figure: Figure, explanation: Explanation) -> None:
    ensemble = explanation.ensemble
    figure.suptitle(
        f"{ensemble.title()}: why {explanation.target} moved\n\n", x=0.01, ha="left", fontsize=12
    )
    figure.legend(
        handles=[
            Patch(color=BLUE, label="raises it"),
            Patch(color=RED, label="lowers it"),
            Line2D([], [], color=BLACK, linewidth=0.9, label="5–95 % of worlds"),
        ],
        loc="upper left", bbox_to_anchor=(0.0, 1.0 - 0.27 / figure.get_figheight()), ncols=3,
    )  # fmt: skip
    faded = (
        "What has faded of a cause is charged to it: a bar is what is left of it at the end. "
        if explanation.fading == "own"
        else "An act counts as it was felt; all later fading is the bar of decay. "
    )
    footnote(
        figure,
        f"Bars: means over worlds, which sum from start to end; numbers at the right. {faded}"
        f"{ensemble.conditional_on()}",
        NOTE,
    )
