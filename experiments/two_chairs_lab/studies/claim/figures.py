"""Figures of a claim's answer: one function a kind of drawing, and what the verdict depends on."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation

from two_chairs.scenario.records import Case
from two_chairs_lab.plotting.panels import LABEL, at_lines, band, spread
from two_chairs_lab.plotting.style import (
    FAINT,
    GREY,
    INK,
    SCENARIOS,
    Figures,
    frame,
    new_figure,
)
from two_chairs_lab.render.names import input_label, input_name, reworded
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.statistics.drivers import Driver
from two_chairs_lab.studies.discover.figures import draw as draw_discovery

from .answer import ClaimAnswer, Dots, Drawing, Heat, Lines, Simplex

COLOURS = (INK, *SCENARIOS)
MORE, LESS = INK, "#B9B9B9"
"""Of inputs with which a claim holds more often as they grow, and less often."""

DIRECTIONS = "Dark: holds more often as the input grows; pale: less often. Line: 90 % interval."


def draw(answer: ClaimAnswer) -> Figures:
    """Return every figure of an answer, by name."""
    title, note = answer.space.file.title, answer.basis().conditional_on
    case = answer.space.scenario.case
    finding = f"“{title}” holds in {percent(answer.share.value)} of the space"

    def drawn(drawing: Drawing) -> Figure:
        words = reworded(drawing.title, case)
        reading = f"{words[:1].upper()}{words[1:]}."
        return frame(_drawn(drawing, case), finding, note, reading)

    def depends() -> Figure:
        most = input_name(answer.drivers[0].input, case)
        title = f"{finding}; it depends most on {most}"
        return frame(_drivers(answer.drivers, case), title, note, DIRECTIONS)

    drawings: dict[str, Callable[[], Figure]] = {
        name: partial(drawn, drawing) for name, drawing in answer.tested.drawings.items()
    }
    if answer.drivers:
        drawings["depends-on"] = depends
    if answer.counterexample is None:
        return Figures(drawings)
    found = draw_discovery(answer.counterexample, answer.cases, f"“{title}” fails", note, case)
    return Figures(drawings) | found.under("fails-")


def _drawn(drawing: Drawing, case: Case) -> Figure:
    if isinstance(drawing, Lines):
        return lines(drawing, case)
    if isinstance(drawing, Dots):
        return dots(drawing, case)
    return heat(drawing, case) if isinstance(drawing, Heat) else simplex(drawing)


def lines(drawing: Lines, case: Case) -> Figure:
    """Draw curves with bands, marks on the x axis and levels across."""
    figure = new_figure(8.6, 4.2)
    axes = figure.subplots()
    ends = []
    for (label, (low, middle, high)), colour in zip(drawing.series.items(), COLOURS, strict=False):
        band(axes, drawing.x, low, high, colour)
        axes.plot(drawing.x, middle, color=colour, linewidth=1.8)
        ends.append((float(middle[-1]), reworded(label, case), colour))
    for label, level in drawing.levels.items():
        axes.axhline(level, color=GREY, linewidth=0.8, linestyle=":")
        ends.append((level, label, FAINT))
    for label, at in drawing.marks.items():
        axes.axvline(at, color=INK, linewidth=0.8, linestyle="--")
        axes.annotate(reworded(label, case), (at, 0.0), xycoords=("data", "axes fraction"),
                      fontsize=LABEL, xytext=(2, 4), textcoords="offset points",
                      rotation=90)  # fmt: skip
    axes.set(xlabel=fill(drawing.x_label, 80), ylabel=reworded(drawing.y_label, case))
    dated = isinstance(drawing.x[0], datetime.date)
    if dated:
        spread(axes, drawing.x[0], drawing.x[-1])
    else:
        axes.set_xlim(min(drawing.x), max(drawing.x))
    at_lines(axes, ends)
    return figure


def dots(drawing: Dots, case: Case) -> Figure:
    """Draw medians with their spread, grouped by row; colours tell the second label."""
    names = list(dict.fromkeys(name for name, _, _ in drawing.rows))
    groups = list(dict.fromkeys(group for _, group, _ in drawing.rows))
    figure = new_figure(8.6, 1.6 + 0.32 * len(drawing.rows) + 0.2 * len(names))
    axes = figure.subplots()
    for name, group, estimate in drawing.rows:
        offset = (groups.index(group) - (len(groups) - 1) / 2.0) * 0.8 / max(len(groups), 2)
        at = names.index(name) + offset
        colour = COLOURS[groups.index(group) % len(COLOURS)]
        axes.plot([estimate.low, estimate.high], [at, at], color=colour, linewidth=2.2,
                  alpha=0.6)  # fmt: skip
        axes.plot(estimate.value, at, "o", color=colour, markersize=6)
        if len(groups) > 1 and name == names[0]:
            axes.annotate(reworded(group, case), (estimate.high, at), (6, 0),
                          textcoords="offset points", color=colour, fontsize=LABEL, va="center",
                          weight="bold")  # fmt: skip
    axes.axvline(drawing.zero, color=INK, linewidth=0.9)
    axes.set_yticks(range(len(names)), [reworded(name, case) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(drawing.x_label)
    return figure


def heat(drawing: Heat, case: Case) -> Figure:
    """Draw a share over two inputs, the number in each cell, the ranges at the cells' middles."""
    figure = new_figure(7.4, 5.0)
    axes = figure.subplots()
    mesh = axes.pcolormesh(drawing.cells, cmap="Greys", vmin=0.0, vmax=1.0)
    for (row, column), value in np.ndenumerate(drawing.cells):
        if np.isfinite(value):
            colour = "white" if value > 0.55 else INK
            axes.text(column + 0.5, row + 0.5, percent(float(value)), ha="center", va="center",
                      color=colour)  # fmt: skip
    for axis, edges in ((axes.xaxis, drawing.x_edges), (axes.yaxis, drawing.y_edges)):
        ranges = [f"{a:.2g}–{b:.2g}" for a, b in pairwise(edges)]
        axis.set_ticks(np.arange(len(ranges)) + 0.5, ranges)
    axes.set(
        xlabel=fill(input_label(drawing.x, case), 60), ylabel=fill(input_label(drawing.y, case), 46)
    )
    axes.tick_params(length=0)
    axes.grid(visible=False)
    figure.colorbar(mesh, ax=axes, label="share of worlds", shrink=0.9, format="{x:.0%}")
    return figure


def simplex(drawing: Simplex) -> Figure:
    """Draw a share over three weights that sum to one, as a triangle."""
    figure = new_figure(6.8, 5.6)
    axes = figure.subplots()
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    x, y = (drawing.weights @ corners).T
    low = min(0.5, float(drawing.values.min()))
    filled = axes.tricontourf(Triangulation(x, y), drawing.values, cmap="Greys",
                              levels=np.linspace(low, 1.0, 11))  # fmt: skip
    _corners(axes, corners, drawing.corners)
    figure.colorbar(filled, ax=axes, label="share of worlds", shrink=0.9, format="{x:.0%}")
    return figure


def _corners(axes: Axes, corners: np.ndarray, labels: Sequence[str]) -> None:
    for (x, y), label in zip(corners, labels, strict=True):
        axes.annotate(f"all weight on\n{label}", (x, y), (0, 8 if y else -8), ha="center",
                      textcoords="offset points", va="bottom" if y else "top")  # fmt: skip
    axes.plot(*np.vstack([corners, corners[:1]]).T, color=INK, linewidth=0.8)
    axes.set(xlim=(-0.18, 1.18), ylim=(-0.16, 1.02), aspect="equal")
    axes.axis("off")


def _drivers(found: Sequence[Driver], case: Case) -> Figure:
    """Draw the share of variance that each input explains, coloured by direction."""
    figure = new_figure(8.0, 0.7 + 0.4 * len(found))
    axes = figure.subplots()
    for row, driver in enumerate(found):
        at, colour = driver.explained, MORE if driver.direction > 0.0 else LESS
        axes.barh(row, at.value, color=colour, height=0.6)
        axes.plot([at.low, at.high], [row, row], color=GREY, linewidth=1.4)
    axes.set_yticks(range(len(found)), [fill(input_name(d.input, case), 34) for d in found])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("share of the variance between points explained by the input alone")
    return figure
