"""Figures of a discovery: the trade-off of peeling, the regions, the space by its surest inputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from two_chairs.scenario.records import Case
from two_chairs_lab.plotting.panels import LABEL
from two_chairs_lab.plotting.style import FAINT, GREY, INK, PALE, Figures, frame, new_figure
from two_chairs_lab.render.names import bounded, input_label
from two_chairs_lab.render.numbers import percent

from .search import Bound, Cases, Discovery, Region

MOST_DOTS = 3000
"""Points drawn in a scatter; more hide one another."""
FOUND = "#B03A8C"
"""Of a region that was found."""


PEELED = (
    "Each dot a box of the search; a box holds fewer worlds as it gets purer. Half of the space "
    "was searched (line), the other half is shown (dots; the darker, the more inputs are bounded)."
)
BOUNDED = (
    "Bar: the part of each input's range that a region takes, with how often a resampled search "
    "bounds the input again."
)
DOTTED = "Dot: a point of the space, the darker, the larger the share of its worlds."


def draw(found: Discovery, cases: Cases, words: str, note: str, case: Case) -> Figures:
    """Return the figures of a discovery, by name.

    Parameters
    ----------
    found, cases
        What was found, and the cases it was found in.
    words
        What was looked for, as a sentence.
    note
        What all is conditional on.
    case
        Gives the names of roles.
    """
    finding = f"{words[:1].upper()}{words[1:]}: {_finding(found)}"
    drawings: dict[str, Callable[[], Figure]] = {
        "peeling": lambda: frame(peeling(found), finding, note, PEELED)
    }
    if found.regions:
        drawings["regions"] = lambda: frame(regions(found), finding, note, BOUNDED)
    pair = _pair(found)
    if pair is not None:
        framed = " Frame: region 1 in these two inputs." if found.regions else ""
        drawings["space"] = lambda: frame(
            space(found, cases, *pair, case), finding, note, f"{DOTTED}{framed}"
        )
    return Figures(drawings)


def _finding(found: Discovery) -> str:
    """Say how often it is so in the first region, and in the whole space."""
    whole = f"in {percent(found.share.value)} of all worlds"
    if not found.regions:
        return f"{whole}, and no region stands out"
    return f"in {percent(found.regions[0].density.value)} of the worlds of region 1, {whole}"


def peeling(found: Discovery) -> Figure:
    """Draw density against coverage, box by box, on both halves."""
    figure = new_figure(7.4, 4.4)
    axes = figure.subplots()
    searched = [(m.coverage, m.density) for _, m, _ in found.peeling]
    across, up = np.array([(m.coverage, m.density) for _, _, m in found.peeling]).T
    inputs = [number for number, _, _ in found.peeling]
    axes.plot(*np.array(searched).T, "-", color=GREY, linewidth=1)
    axes.scatter(
        across, up, s=30, c=inputs, cmap="Greys", vmin=-2, zorder=3, edgecolor=GREY, lw=0.5
    )
    axes.axhline(found.share.value, color=INK, linewidth=0.8, linestyle=":")
    axes.annotate("whole space", (0.0, found.share.value), (4, 4), textcoords="offset points",
                  fontsize=LABEL, color=FAINT)  # fmt: skip
    for index, region in enumerate(found.regions, start=1):
        at = region.coverage.value, region.density.value
        axes.errorbar(
            *at, xerr=_bars(region.coverage), yerr=_bars(region.density),
            color=FOUND, marker="D", markersize=8, linewidth=1.4, zorder=4,
        )  # fmt: skip
        axes.annotate(f"region {index}", at, (9, 9), textcoords="offset points", weight="bold",
                      color=FOUND)  # fmt: skip
    axes.set(xlabel="coverage: share of all such worlds that lie in the box",
             ylabel="density: share of the box's worlds", xlim=(0.0, 1.03))  # fmt: skip
    return figure


def _bars(estimate: Any) -> list[list[float]]:
    return [
        [max(0.0, estimate.value - estimate.low)],
        [max(0.0, estimate.high - estimate.value)],
    ]


def regions(found: Discovery) -> Figure:
    """Draw the bounds of every region on the ranges of their inputs, each range alike long."""
    rows = [len(region.bounds) for region in found.regions]
    figure = new_figure(9.0, 0.5 * sum(rows) + 0.75 * len(rows))
    panels = figure.subplots(len(rows), 1, squeeze=False, height_ratios=[r + 0.6 for r in rows])
    for index, (axes, region) in enumerate(zip(panels.flat, found.regions, strict=True), start=1):
        _region(axes, region, index)
    return figure


def _region(axes: Axes, region: Region, index: int) -> None:
    for row, bound in enumerate(region.bounds):
        low, high = _normal(bound, bound.low, 0.0), _normal(bound, bound.high, 1.0)
        axes.barh(row, 1.0, height=0.3, color=PALE)
        axes.barh(row, high - low, left=low, height=0.5, color=FOUND, alpha=0.85)
        axes.text(
            1.02, row, f"found again in {percent(bound.found_again)}", va="center", fontsize=LABEL
        )
    names = [fill(bounded(b.input, b.low, b.high), 44) for b in region.bounds]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0.0, 1.0), ylim=(len(names) - 0.4, -0.6))
    axes.set_xticks([0.0, 1.0], ["smallest", "largest"])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_title(
        f"region {index}: {percent(region.held_out.mass)} of the space; so in "
        f"{percent(region.density.value)} of its worlds, which are "
        f"{percent(region.coverage.value)} of all such worlds",
        fontsize=9,
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


def space(found: Discovery, cases: Cases, across: str, up: str, case: Case | None = None) -> Figure:
    """Draw every point over two inputs, coloured by its share, with the first region's bounds."""
    figure = new_figure(7.0, 5.0)
    axes = figure.subplots()
    columns = [cases.names.index(name) for name in (across, up)]
    x, y = cases.x[:MOST_DOTS, columns].T
    dots = axes.scatter(
        x, y, c=cases.share[:MOST_DOTS], cmap="Greys", s=10, vmin=-0.12, vmax=1.0, rasterized=True
    )
    bar = figure.colorbar(dots, ax=axes, label="share of the point's worlds", shrink=0.9)
    bar.ax.set_ylim(0.0, 1.0)
    axes.set(xlabel=fill(input_label(across, case), 60), ylabel=fill(input_label(up, case), 46))
    axes.grid(visible=False)
    if found.regions:
        box = found.regions[0].box
        ends = [_ends(box.low[c], box.high[c], cases.x[:, c]) for c in columns]
        (left, right), (bottom, top) = ends
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False,
                                 edgecolor=FOUND, linewidth=2.2))  # fmt: skip
    return figure


def _ends(low: float, high: float, values: Any) -> tuple[float, float]:
    return max(float(low), float(values.min())), min(float(high), float(values.max()))
