"""Parts of panels that figures share: fans, ghosts, the axis of years."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes

from two_chairs.axes import Array
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.statistics.summaries import quantiles

from .style import GREY

FEW_YEARS = 3.0
"""Years below which the axis of time shows months."""


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
    axes.fill_between(weeks, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(weeks, middle, style, color=colour, linewidth=1.6, label=label)


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
        axes.xaxis.set_major_locator(mdates.YearLocator())
        axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    axes.set_xlim(mdates.date2num(first), mdates.date2num(last))
