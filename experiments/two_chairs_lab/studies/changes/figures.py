"""The curves that moved furthest: old and new, a panel each, on one page."""

from __future__ import annotations

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs_lab.plotting.panels import band, grid
from two_chairs_lab.plotting.style import GREY, INK, frame, new_figure, side_of, span_of, styled

from .render import outcome_words
from .study import Change, Changes

MOST, COLUMNS = 24, 4
"""Panels of a page, and of a row."""


def moved_figure(answer: Changes) -> Figure:
    """Draw the curves that moved, those that moved furthest for their range first."""
    moved = answer.moved[:MOST]
    rows = -(-len(moved) // COLUMNS)
    with styled():
        figure = new_figure(11, 1.75 * rows + 0.8)
        for axes, change in zip(grid(figure, len(moved), COLUMNS), moved, strict=True):
            _draw(axes, change)
        left = len(answer.moved) - len(moved)
        title = f"{len(answer.moved)} of {len(answer.changes)} curves moved" + (
            f"; the {len(moved)} that moved furthest" if left else ""
        )
        return frame(
            figure, title, answer.basis().conditional_on,
            "Grey: old. Colour: new; its band is how far two samples of worlds differ by chance "
            "(95 %). Medians over worlds, or shares of worlds; each panel has its own scale.",
        )  # fmt: skip


def _draw(axes: Axes, change: Change) -> None:
    days, colour = mdates.date2num(list(change.dates)), side_of(change.outcome) or INK
    low, high = np.clip([change.new - change.error, change.new + change.error],
                        *span_of(change.outcome))  # fmt: skip
    band(axes, days, low, high, colour)
    axes.plot(days, change.old, color=GREY, linewidth=1.4)
    axes.plot(days, change.new, color=colour, linewidth=1.4)
    axes.set_title(f"{change.scenario}\n{outcome_words(change.outcome)}", fontsize=8.5)
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(maxticks=4))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    axes.tick_params(labelsize=8)
