"""Parts of panels that figures share: grids, bands, fans, labels at lines, the axis of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from textwrap import fill
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import PercentFormatter
from matplotlib.transforms import blended_transform_factory

from two_chairs.axes import Array
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.numbers import year_step

from .style import FAINT, GREY

FEW_YEARS = 3.0
"""Years below which the axis of time shows months."""
LABEL = 8.5
"""Size of the letters of a label at a line, in points."""


def grid(figure: FigureBase, number: int, columns: int, **shared: Any) -> list[Axes]:
    """Return some panels in rows of a number of columns; the spare ones of the last row are off.

    ``shared`` is what ``figure.subplots`` takes, such as ``sharex=True``. A panel above a spare
    one keeps the labels of its axis.
    """
    rows = -(-number // columns)
    panels = list(figure.subplots(rows, columns, squeeze=False, **shared).flat)
    for place, spare in enumerate(panels[number:], start=number):
        spare.set_visible(False)
        if rows > 1:
            panels[place - columns].tick_params(axis="x", labelbottom=True)
    return panels[:number]


def weeks_of(paths: Trajectory) -> Any:
    """Return the Mondays of a run as Matplotlib's numbers, shape (weeks,)."""
    return mdates.date2num(list(paths.dates))


def spanned(weeks: Any, values: Array) -> tuple[Any, Array]:
    """Return what is drawn over time: a lone week as the line from its Monday to its Sunday."""
    if len(weeks) > 1:
        return weeks, values
    return np.array([weeks[0], weeks[0] + 6.0]), np.repeat(values, 2, axis=0)


def fan(axes: Axes, weeks: Any, ends: Array, colour: str, style: str = "-") -> float:
    """Draw the median of worlds over time and the band of 5–95 % of them.

    ``ends`` are the three percentiles, shape (3, weeks). A single world has no band. Returns the
    last median, where a label may stand.
    """
    weeks, rows = spanned(weeks, ends.T)
    low, middle, high = rows.T
    if (low < high).any():
        band(axes, weeks, low, high, colour)
    axes.plot(weeks, middle, style, color=colour, linewidth=1.7)
    return float(middle[-1])


def band(axes: Axes, x: Any, low: Any, high: Any, colour: str, alpha: float = 0.16) -> None:
    """Draw an interval along x as a band without edges; ``x``, ``low``, ``high``: (points,)."""
    axes.fill_between(x, low, high, color=colour, alpha=alpha, linewidth=0)


def ghost(axes: Axes, behind: Trajectory | None, outcome: str) -> float | None:
    """Draw another run's median faintly behind, if there is one; return its last value."""
    if behind is None or len(behind.dates) < 2:
        return None
    middle = np.median(behind.outcome(outcome), axis=-1)
    axes.plot(weeks_of(behind), middle, color=GREY, linewidth=1.2, alpha=0.8, zorder=1.5)
    return float(middle[-1])


def level(axes: Axes, at: float, words: str = "", style: str = "--") -> None:
    """Draw a faint level across a panel, and say at its left end what it is."""
    axes.axhline(at, color=GREY, linewidth=0.8, linestyle=style)
    if words:
        axes.annotate(
            words, (0.0, at), xycoords=("axes fraction", "data"), xytext=(4, 2),
            textcoords="offset points", fontsize=LABEL - 0.5, color=FAINT,
        )  # fmt: skip


def at_lines(
    axes: Axes, labels: Iterable[tuple[float, str, str]], least: float = 0.07, letters: int = 24
) -> None:
    """Write the names of lines at their right ends, none over another.

    Parameters
    ----------
    axes
        A panel whose y axis has its limits.
    labels
        Where a line ends, its name, its colour.
    least
        Least distance of two names of one line each, as a share of the panel's height.
    letters
        Letters at which a name is folded.
    """
    low, high = axes.get_ylim()
    listed = sorted((at, fill(words, letters), colour) for at, words, colour in labels)
    if not listed:
        return
    step = least * abs(high - low)
    heights = apart(
        [min(max(at, low), high) for at, _, _ in listed],
        [step * (1 + words.count("\n")) for _, words, _ in listed],
        high,
    )
    place = blended_transform_factory(axes.transAxes, axes.transData)
    for height, (_, words, colour) in zip(heights, listed, strict=True):
        axes.text(
            1.012, height, words, transform=place, color=colour, fontsize=LABEL, va="center",
            fontweight="bold", linespacing=1.05,
        )  # fmt: skip


def apart(heights: Sequence[float], steps: float | Sequence[float], highest: float) -> list[float]:
    """Spread rising heights of labels some steps apart, as near to themselves as that allows."""
    sizes = [steps] * len(heights) if isinstance(steps, float | int) else list(steps)
    placed: list[float] = []
    for number, height in enumerate(heights):
        gap = 0.5 * (sizes[number - 1] + sizes[number]) if number else 0.0
        placed.append(max(height, placed[-1] + gap) if placed else height)
    if not placed:
        return []
    shift = sum(at - height for at, height in zip(placed, heights, strict=True)) / len(placed)
    down = max(shift, placed[-1] - highest)
    return [at - down for at in placed]


def shares(axes: Axes, whole: bool = True) -> None:
    """Lay out the y axis as shares of worlds in percent, from none to all."""
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    if whole:
        axes.set_ylim(0.0, 1.0)


def years(axes: Axes, paths: Trajectory, most: int = 12) -> None:
    """Lay out the axis of time of a run: years, or months where it is short."""
    spread(axes, paths.dates[0], paths.dates[-1], most)


def spread(axes: Axes, first: date, last: date, most: int = 12) -> None:
    """Lay out an axis of time from a day to another: years, or months where it is short.

    The places of ticks, some at ``most``, are fixed here, so that no drawing looks for them. A
    lone week ends on its Sunday.
    """
    last = max(last, first + timedelta(days=6))
    if (last - first).days < FEW_YEARS * 365.25:
        axes.set_xlim(mdates.date2num(first), mdates.date2num(last))
        few = mdates.AutoDateLocator(minticks=2, maxticks=5)
        days = (last - first).days < 120
        pattern = mdates.DateFormatter("%d %b %Y" if days else "%b %Y")
        places = [
            float(at) for at in few.tick_values(*mdates.num2date(mdates.date2num([first, last])))
        ]
        inside = [at for at in places if mdates.date2num(first) <= at <= mdates.date2num(last)]
        inside = inside[:: -(-len(inside) // max(1, most * (2 if days else 3) // 5))]
        axes.set_xticks(inside, [pattern(at) for at in inside])
        return
    every = year_step(first.year, last.year, most)
    start = date(first.year, 1, 1)
    reach = mdates.date2num(start if (first - start).days < 60 else first)
    end = mdates.date2num(last)
    begins = [date(year, 1, 1) for year in range(first.year, last.year + 2)]
    kept = [d for d in begins if d.year % every == 0 and reach <= mdates.date2num(d) <= end]
    axes.set_xticks([float(mdates.date2num(day)) for day in kept], [str(d.year) for d in kept])
    axes.set_xlim(float(reach), float(end))
