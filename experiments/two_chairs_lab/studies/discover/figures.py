"""Figures of a discovery: the trade-off of peeling, the regions, the space by its surest inputs."""

from __future__ import annotations

import math
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from two_chairs_lab.plotting.style import BLACK, BLUE, GREY, ORANGE, STYLE, frame, new_figure
from two_chairs_lab.render.names import bounded, input_label
from two_chairs_lab.render.numbers import percent

from .search import Bound, Cases, Discovery, Region

MOST_DOTS = 3000
"""Points drawn in a scatter; more hide one another."""


def draw(found: Discovery, cases: Cases, title: str, note: str) -> dict[str, Figure]:
    """Return the figures of a discovery, by name.

    Parameters
    ----------
    found, cases
        What was found, and the cases it was found in.
    title
        The condition looked for.
    note
        What all is conditional on.
    """
    with mpl.rc_context(STYLE):
        figures = {"peeling": frame(peeling(found), f"Peeling: {title}", note)}
        if found.regions:
            figures["regions"] = frame(regions(found), f"Where {title}", note)
        pair = _pair(found)
        if pair is not None:
            figures["space"] = frame(space(found, cases, *pair), f"Where {title}", note)
        return figures


def peeling(found: Discovery) -> Figure:
    """Draw density against coverage, box by box, on both halves."""
    figure = new_figure(7.2, 5.0)
    axes = figure.subplots()
    searched = [(m.coverage, m.density) for _, m, _ in found.peeling]
    across, up = np.array([(m.coverage, m.density) for _, _, m in found.peeling]).T
    inputs = [number for number, _, _ in found.peeling]
    axes.plot(*np.array(searched).T, "-", color=GREY, linewidth=1, label="half that was searched")
    dots = axes.scatter(across, up, s=26, c=inputs, zorder=3, label="half held out")
    axes.axhline(found.share.value, color=BLACK, linewidth=0.8, linestyle=":")
    axes.annotate("whole space", (0.0, found.share.value), (4, 4), textcoords="offset points",
                  fontsize=8)  # fmt: skip
    for index, region in enumerate(found.regions, start=1):
        at = region.coverage.value, region.density.value
        axes.errorbar(
            *at, xerr=_bars(region.coverage), yerr=_bars(region.density),
            color=ORANGE, marker="D", markersize=8, linewidth=1.4, zorder=4,
        )  # fmt: skip
        axes.annotate(f"region {index}", at, (9, 9), textcoords="offset points", weight="bold")
    figure.colorbar(dots, ax=axes, label="inputs bounded", shrink=0.9, ticks=range(max(inputs) + 1))
    axes.set(xlabel="coverage: share of all such worlds that lie in the box",
             ylabel="density: share of the box's worlds", xlim=(0.0, 1.03))  # fmt: skip
    axes.legend(loc="upper right")
    return figure


def _bars(estimate: Any) -> list[list[float]]:
    return [
        [max(0.0, estimate.value - estimate.low)],
        [max(0.0, estimate.high - estimate.value)],
    ]


def regions(found: Discovery) -> Figure:
    """Draw the bounds of every region on the ranges of their inputs, each range alike long."""
    rows = [len(region.bounds) for region in found.regions]
    figure = new_figure(8.6, 1.5 + 0.52 * sum(rows) + 0.75 * len(rows))
    panels = figure.subplots(len(rows), 1, squeeze=False, height_ratios=[r + 0.6 for r in rows])
    for index, (axes, region) in enumerate(zip(panels.flat, found.regions, strict=True), start=1):
        _region(axes, region, index)
    return figure


def _region(axes: Axes, region: Region, index: int) -> None:
    for row, bound in enumerate(region.bounds):
        low, high = _normal(bound, bound.low, 0.0), _normal(bound, bound.high, 1.0)
        axes.barh(row, 1.0, height=0.3, color="#E3E3E3")
        axes.barh(row, high - low, left=low, height=0.5, color=BLUE, alpha=0.85)
        axes.text(
            1.02, row, f"found again in {percent(bound.found_again)}", va="center", fontsize=8
        )
    names = [fill(bounded(b.input, b.low, b.high), 44) for b in region.bounds]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0.0, 1.0), ylim=(len(names) - 0.4, -0.6))
    axes.set_xticks([0.0, 1.0], ["smallest", "largest"])
    axes.grid(visible=False)
    axes.set_title(
        f"region {index}: {percent(region.held_out.mass)} of the space, density "
        f"{percent(region.density.value)}, coverage {percent(region.coverage.value)}",
        loc="left",
    )


def _normal(bound: Bound, value: float, free: float) -> float:
    if not math.isfinite(value):
        return free
    return (value - bound.smallest) / (bound.largest - bound.smallest)


def _pair(found: Discovery) -> tuple[str, str] | None:
    """Return the two inputs to draw over: the surest bounds, then what explains most."""
    bounded_inputs = [b.input for region in found.regions[:1] for b in region.bounds]
    names = list(dict.fromkeys([*bounded_inputs, *(d.input for d in found.drivers)]))
    return (names[0], names[1]) if len(names) > 1 else None


def space(found: Discovery, cases: Cases, across: str, up: str) -> Figure:
    """Draw every point over two inputs, coloured by its share, with the first region's bounds."""
    figure = new_figure(7.0, 5.6)
    axes = figure.subplots()
    columns = [cases.names.index(name) for name in (across, up)]
    x, y = cases.x[:MOST_DOTS, columns].T
    dots = axes.scatter(x, y, c=cases.share[:MOST_DOTS], cmap="cividis", s=9, vmin=0.0, vmax=1.0)
    figure.colorbar(
        dots, ax=axes, label="share of the point's worlds in which it is so", shrink=0.9
    )
    axes.set(xlabel=input_label(across), ylabel=input_label(up))
    axes.grid(visible=False)
    if found.regions:
        box = found.regions[0].box
        ends = [_ends(box.low[c], box.high[c], cases.x[:, c]) for c in columns]
        (left, right), (bottom, top) = ends
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False,
                                 edgecolor="#D00000", linewidth=2.2))  # fmt: skip
        axes.set_title("red: region 1 in these two inputs", loc="left", fontsize=9)
    return figure


def _ends(low: float, high: float, values: Any) -> tuple[float, float]:
    return max(float(low), float(values.min())), min(float(high), float(values.max()))
