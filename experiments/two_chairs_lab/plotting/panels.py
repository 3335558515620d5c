"""Parts of panels that figures share: grids of panels, bands, fans, ghosts, the axis of time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from two_chairs.axes import Array
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.statistics.summaries import quantiles

from .style import GREY

FEW_YEARS = 3.0
"""Years below which the axis of time shows months."""


def grid(figure: FigureBase, number: int, columns: int, **shared: Any) -> list[Axes]:
    """Return some panels in rows of a number of columns; the spare ones of the last row are off.

    ``shared`` is what ``figure.subplots`` takes, such as ``sharex=True``.
    """
    rows = -(-number // columns)
    panels = list(figure.subplots(rows, columns, squeeze=False, **shared).flat)
    for spare in panels[number:]:
        spare.set_visible(False)
    return panels[:number]


def weeks_of(paths: Trajectory) -> Any:
    """Return the Mondays of a run as Matplotlib's numbers, shape (weeks,)."""
    return mdates.date2num(list(paths.dates))


def spanned(weeks: Any, values: Array) -> tuple[Any, Array]:
    """Return what is drawn over time: a lone week as the line from its Monday to its Sunday."""
    if len(weeks) > 1:
        return weeks, values
    return np.array([weeks[0], weeks[0] + 6.0]), np.repeat(values, 2, axis=0)


def fan(axes: Axes, weeks: Any, values: Array, colour: str, label: str, style: str = "-") -> None:
    """Draw the median of worlds over time and the band of 5–95 % of them; (weeks, worlds)."""
    weeks, values = spanned(weeks, values)
    low, middle, high = quantiles(values)
    band(axes, weeks, low, high, colour)
    axes.plot(weeks, middle, style, color=colour, linewidth=1.6, label=label)


def band(
    axes: Axes,
    x: Any,
    low: Any,
    high: Any,
    colour: str,
    alpha: float = 0.18,
    label: str | None = None,
) -> None:
    """Draw an interval along x as a band without edges; ``x``, ``low``, ``high``: (points,)."""
    axes.fill_between(x, low, high, color=colour, alpha=alpha, linewidth=0, label=label)


def ghost(axes: Axes, behind: Trajectory | None, outcome: str) -> None:
    """Draw another run's median and 5–95 % faintly behind, if there is one."""
    if behind is None or len(behind.dates) < 2:
        return
    dates = mdates.date2num(list(behind.dates))
    low, middle, high = quantiles(behind.outcome(outcome))
    axes.plot(dates, middle, color=GREY, linewidth=1.1, alpha=0.8, zorder=1.5)
    for edge in (low, high):
        axes.plot(dates, edge, ":", color=GREY, linewidth=0.8, alpha=0.7, zorder=1.5)


def years(axes: Axes, paths: Trajectory) -> None:
    """Lay out the axis of time: years, or months where the run is short."""
    first, last = paths.dates[0], paths.dates[-1]
    last = max(last, first + timedelta(days=6))
    if (last - first).days < FEW_YEARS * 365.25:
        axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=2, maxticks=5))
        days = (last - first).days < 120
        axes.xaxis.set_major_formatter(mdates.DateFormatter("%d %b %Y" if days else "%b %Y"))
    else:
        first = first.replace(month=1, day=1)
        yearly(axes)
    axes.set_xlim(mdates.date2num(first), mdates.date2num(last))


def dated(axes: Axes, most: int) -> None:
    """Lay out an axis of time of any length, with some ticks at most."""
    locator = mdates.AutoDateLocator(minticks=3, maxticks=most)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def yearly(axes: Axes, every: int = 1) -> None:
    """Lay out an axis of time by years."""
    axes.xaxis.set_major_locator(mdates.YearLocator(base=every))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
