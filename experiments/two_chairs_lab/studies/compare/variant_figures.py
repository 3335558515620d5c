"""Figures of what one change makes: paired differences with the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, shorten

import matplotlib as mpl
from matplotlib.figure import Figure

from two_chairs_lab.plotting.style import BLUE, GREY, RED, STYLE, new_figure

from .variants import Difference

LABEL = 84
"""Letters of a change that are written beside its interval."""


def differences_figure(found: Sequence[Difference], title: str, axis: str, note: str) -> Figure:
    """Draw paired differences as medians with their 5–95 % interval, one line a change.

    Parameters
    ----------
    found
        Differences, in the order of the lines, from the top.
    title, axis, note
        Heading, name of the axis with its unit, what the figure is conditional on.
    """
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 2.2 + 0.42 * len(found))
        axes = figure.subplots()
        for line, difference in enumerate(reversed(found)):
            low, middle, high = difference.interval()
            colour = BLUE if middle >= 0 else RED
            axes.plot([low, high], [line, line], color=colour, linewidth=2.2, alpha=0.55)
            axes.plot(middle, line, "o" if middle >= 0 else "s", color=colour, markersize=6)
        labels = [fill(shorten(d.words, LABEL, placeholder=" …"), 46) for d in reversed(found)]
        axes.set_yticks(range(len(found)), labels, fontsize=8)
        axes.set_ylim(-0.6, len(found) - 0.4)
        axes.axvline(0.0, color=GREY, linewidth=0.9)
        axes.set_xlabel(axis)
        axes.grid(visible=False, axis="y")
        figure.suptitle(title, x=0.01, ha="left", fontsize=12)
        figure.supxlabel(fill(note, 155), x=0.01, ha="left", fontsize=7.5, color="#555555")
    return figure
