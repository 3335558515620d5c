"""Figures of a claim's answer: one function a kind of drawing, and what the verdict depends on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from textwrap import fill

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation

from two_chairs_lab.plotting.panels import band
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
from two_chairs_lab.render.names import input_label, input_name
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.statistics.drivers import Driver
from two_chairs_lab.studies.discover.figures import draw as draw_discovery

from .answer import ClaimAnswer, Dots, Drawing, Heat, Lines, Simplex

COLOURS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)


def draw(answer: ClaimAnswer) -> dict[str, Figure]:
    """Return every figure of an answer, by name."""
    title, note = answer.space.file.title, answer.basis().conditional_on
    figures: dict[str, Figure] = {}
    with mpl.rc_context(STYLE):
        for name, drawing in answer.tested.drawings.items():
            figures[name] = frame(_drawn(drawing), f"{title}: {drawing.title}", note)
        if answer.drivers:
            what = "what the verdict depends on most"
            figures["depends-on"] = frame(_drivers(answer.drivers), f"{title}: {what}", note)
    if answer.counterexample is not None:
        found = draw_discovery(answer.counterexample, answer.cases, f"“{title}” fails", note)
        figures |= {f"fails-{name}": figure for name, figure in found.items()}
    return figures


def _drawn(drawing: Drawing) -> Figure:
    if isinstance(drawing, Lines):
        return lines(drawing)
    if isinstance(drawing, Dots):
        return dots(drawing)
    return heat(drawing) if isinstance(drawing, Heat) else simplex(drawing)


def lines(drawing: Lines) -> Figure:
    """Draw curves with bands, marks on the x axis and levels across."""
    figure = new_figure(9.0, 5.0)
    axes = figure.subplots()
    for (label, (low, middle, high)), colour in zip(drawing.series.items(), COLOURS, strict=False):
        band(axes, drawing.x, low, high, colour)
        axes.plot(drawing.x, middle, color=colour, linewidth=1.8, label=label)
    for label, level in drawing.levels.items():
        axes.axhline(level, color=GREY, linewidth=0.8, linestyle=":")
        axes.annotate(label, (1.0, level), xycoords=("axes fraction", "data"), fontsize=7.5,
                      xytext=(3, -2), textcoords="offset points")  # fmt: skip
    for label, at in drawing.marks.items():
        axes.axvline(at, color=BLACK, linewidth=0.8, linestyle="--")
        axes.annotate(label, (at, 0.0), xycoords=("data", "axes fraction"), fontsize=7.5,
                      xytext=(2, 4), textcoords="offset points", rotation=90)  # fmt: skip
    axes.set(xlabel=drawing.x_label, ylabel=drawing.y_label)
    if not isinstance(drawing.x[0], datetime.date):
        axes.set_xlim(min(drawing.x), max(drawing.x))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
    return figure


def dots(drawing: Dots) -> Figure:
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
        first = next(n for n, g, _ in drawing.rows if g == group) == name
        axes.plot(estimate.value, at, "o", color=colour, markersize=6,
                  label=group if first else None)  # fmt: skip
    axes.axvline(drawing.zero, color=BLACK, linewidth=0.9)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(drawing.x_label)
    if len(groups) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
    return figure


def heat(drawing: Heat) -> Figure:
    """Draw a share over two inputs, the number in each cell."""
    figure = new_figure(7.0, 5.4)
    axes = figure.subplots()
    mesh = axes.pcolormesh(drawing.x_edges, drawing.y_edges, drawing.cells, cmap="cividis",
                           vmin=0.0, vmax=1.0)  # fmt: skip
    middles = [(edges[1:] + edges[:-1]) / 2.0 for edges in (drawing.x_edges, drawing.y_edges)]
    for (row, column), value in np.ndenumerate(drawing.cells):
        if np.isfinite(value):
            colour = "white" if value < 0.55 else BLACK
            at = float(middles[0][column]), float(middles[1][row])
            axes.text(*at, percent(float(value)), ha="center", va="center", color=colour)
    axes.set(xlabel=input_label(drawing.x), ylabel=input_label(drawing.y))
    axes.set_xticks(drawing.x_edges)
    axes.set_yticks(drawing.y_edges)
    axes.grid(visible=False)
    figure.colorbar(mesh, ax=axes, label="share of worlds", shrink=0.9)
    return figure


def simplex(drawing: Simplex) -> Figure:
    """Draw a share over three weights that sum to one, as a triangle."""
    figure = new_figure(6.8, 5.6)
    axes = figure.subplots()
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    x, y = (drawing.weights @ corners).T
    low = min(0.5, float(drawing.values.min()))
    filled = axes.tricontourf(Triangulation(x, y), drawing.values, cmap="cividis",
                              levels=np.linspace(low, 1.0, 11))  # fmt: skip
    _corners(axes, corners, drawing.corners)
    figure.colorbar(filled, ax=axes, label="share of worlds", shrink=0.9, format="{x:.0%}")
    return figure


def _corners(axes: Axes, corners: np.ndarray, labels: Sequence[str]) -> None:
    for (x, y), label in zip(corners, labels, strict=True):
        axes.annotate(f"all weight on\n{label}", (x, y), (0, 8 if y else -8), ha="center",
                      textcoords="offset points", va="bottom" if y else "top")  # fmt: skip
    axes.plot(*np.vstack([corners, corners[:1]]).T, color=BLACK, linewidth=0.8)
    axes.set(xlim=(-0.18, 1.18), ylim=(-0.16, 1.02), aspect="equal")
    axes.axis("off")


def _drivers(found: Sequence[Driver]) -> Figure:
    """Draw the share of variance that each input explains, coloured by direction."""
    figure = new_figure(8.0, 1.5 + 0.45 * len(found))
    axes = figure.subplots()
    for row, driver in enumerate(found):
        at, colour = driver.explained, BLUE if driver.direction > 0.0 else ORANGE
        axes.barh(row, at.value, color=colour, height=0.6)
        axes.plot([at.low, at.high], [row, row], color=BLACK, linewidth=1.2)
    axes.set_yticks(range(len(found)), [fill(input_name(d.input), 34) for d in found])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.set_xlabel("share of the variance between points explained by the input alone")
    axes.set_title("blue: holds more often as it grows; orange: less often", loc="left", fontsize=9)
    return figure
