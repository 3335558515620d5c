"""The waterfall: from a target's start, cause by cause in the order of time, to its end."""

from __future__ import annotations

from datetime import date
from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import Array
from two_chairs_lab.plotting.style import (
    GREY,
    INK,
    frame,
    new_figure,
    sides_of,
    styled,
)
from two_chairs_lab.render.names import first_words, role_name
from two_chairs_lab.render.numbers import date_words, decimal
from two_chairs_lab.statistics.summaries import quantiles

from .study import Bar, Explanation, bars, target_words

MOST_BARS = 16
WIDEST_LABEL = 76
HEIGHT = 0.62
TOTAL = "#BBBBBB"


def waterfall(explanation: Explanation, most: int = MOST_BARS) -> Figure:
    """Draw the mean change of a target as a waterfall: bars that sum, whiskers over worlds.

    Parameters
    ----------
    explanation
        What is drawn.
    most
        Most bars between start and end; what is smaller is one bar together.
    """
    rows = in_time_order(bars(explanation, most))
    with styled():
        figure = new_figure(11, 0.32 * (len(rows) + 2) + 0.7)
        axes = figure.subplots()
        _draw_bars(axes, explanation, rows)
        _lay_out(axes, explanation, rows)
        return frame(
            figure, _finding(explanation), explanation.ensemble.conditional_on(),
            f"{explanation.ensemble.title()}. {_reading(explanation)}",
        )  # fmt: skip


def in_time_order(rows: list[Bar]) -> list[Bar]:
    """Return bars by their dates; what has none, such as decay, comes last."""
    return sorted(rows, key=lambda bar: bar.date or date.max)


def _colours(explanation: Explanation) -> tuple[str, str]:
    """Return the colours of what raises and of what lowers a target: the sides it moves to."""
    case = explanation.ensemble.scenario.case
    roles = {key: actor.role for key, actor in case.actors.items()}
    return sides_of(explanation.target, roles)


def _draw_bars(axes: Axes, explanation: Explanation, rows: list[Bar]) -> None:
    """Draw start, causes and end downward, each where the last one ended."""
    means = np.array([float(np.mean(bar.values)) for bar in rows])
    reached = float(np.mean(explanation.start)) + np.cumsum([0.0, *means])
    up, down = _colours(explanation)
    _total(axes, 0, explanation.start)
    for row, (bar, begin, mean) in enumerate(zip(rows, reached, means, strict=False), start=1):
        axes.barh(row, mean, HEIGHT, left=begin, color=up if mean >= 0.0 else down)
        _whisker(axes, row, begin, bar.values)
        axes.plot([begin] * 2, [row - 1, row], color=GREY, linewidth=0.7, zorder=0.5)
    last = len(rows) + 1
    axes.plot([reached[-1]] * 2, [last - 1, last], color=GREY, linewidth=0.7, zorder=0.5)
    _total(axes, last, explanation.end)


def _total(axes: Axes, row: int, values: Array) -> None:
    axes.barh(row, float(np.mean(values)), HEIGHT, color=TOTAL)
    _whisker(axes, row, 0.0, values)


def _whisker(axes: Axes, row: int, begin: float, values: Array) -> None:
    low, _, high = quantiles(values)
    if high > low:
        axes.plot([begin + low, begin + high], [row] * 2, color=INK, linewidth=0.9)


def _lay_out(axes: Axes, explanation: Explanation, rows: list[Bar]) -> None:
    start, end = float(np.mean(explanation.start)), float(np.mean(explanation.end))
    window = explanation.window
    first = (
        "before the first week" if window.after is None else f"week of {date_words(window.after)}"
    )
    labels = [f"start: {first}", *map(_label, rows), f"end: week of {date_words(window.to)}"]
    axes.set_yticks(range(len(labels)), labels, fontsize=8.5)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    numbers = [decimal(start), *(_signed(float(np.mean(bar.values))) for bar in rows), decimal(end)]
    for row, number in enumerate(numbers):
        axes.text(
            1.0, row, number, transform=axes.get_yaxis_transform(), ha="left", va="center",
            fontsize=8.5, fontweight="bold" if row in (0, len(numbers) - 1) else "normal",
        )  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.03)
    axes.set_xlabel(target_words(explanation))


def _signed(value: float) -> str:
    """Write a change with its sign and three decimals."""
    return f"{round(value, 3) + 0.0:+.3f}".replace("-", "−")


def _label(bar: Bar) -> str:
    """Return the words of a bar on one line: its date, and what it is."""
    when = "" if bar.date is None else f"{date_words(bar.date)}  "
    return f"{when}{shorten(bar.says.rstrip('.'), WIDEST_LABEL - len(when), placeholder=' …')}"


def _finding(explanation: Explanation) -> str:
    """Say by how much the target moves, and which cause has the largest part."""
    change = float(np.mean(explanation.change))
    words, to = target_words(explanation).partition(":")[0], date_words(explanation.window.to)
    moved = "rises" if change >= 0.0 else "falls"
    what = f"{words[:1].upper()}{words[1:].partition(',')[0]}"
    lead = f"{what} {moved} by {decimal(abs(change))} until {to}"
    means = explanation.means() * np.sign(change)
    along = [row for row in explanation.by_size() if means[row] > 0.0]
    parts = [row for row in along if explanation.causes[row].kind != "mechanism"] or along
    if not parts:
        return lead
    most = max(parts, key=lambda row: means[row])
    says = first_words(explanation.causes[most].says)
    return f"{lead}; the largest part, {_signed(float(explanation.means()[most]))}: “{says}”"


def _reading(explanation: Explanation) -> str:
    case = explanation.ensemble.scenario.case
    faded = (
        "What has faded of a cause is charged to it: a bar is what is left of it at the end."
        if explanation.fading == "own"
        else "An act counts as it was felt; all later fading is the bar of decay."
    )
    up, _ = _colours(explanation)
    sides = ""
    if up != INK:
        incumbent, rival = (role_name(p, case) for p in ("incumbent", "rival"))
        sides = f" Blue: toward {rival}; red: toward {incumbent}."
    return (
        "Bars from above in the order of time; means over worlds, which sum from start to end."
        f"{sides} Line: 5–95 % of worlds. {faded}"
    )
