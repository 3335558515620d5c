"""The axis of time: ticks for runs of any length, none touching another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import matplotlib as mpl
import pytest

from two_chairs_lab.plotting.panels import spread
from two_chairs_lab.plotting.style import STYLE, new_figure
from two_chairs_lab.studies.run.figures import NARROW

pytestmark = pytest.mark.unit
GAP = 3.0
"""Least distance between two labels, in points."""
PANELS = {"wide": (6.4, 12), "half": (3.1, 8), "narrow": (1.9, NARROW)}
"""Width of a panel in inches, and the ticks that figures ask for there."""


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("years", [0.1, 0.5, 1, 2, 3, 4, 6, 7, 9, 12, 15, 24, 31, 45, 60, 80])
def test_ticks_stand_apart_at_any_length(panel, years):
    width, most = PANELS[panel]
    first = date(1944, 9, 4)
    with mpl.rc_context(STYLE):
        figure = new_figure(width + 0.2, 1.0)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.1 / (width + 0.2), 0.3, width / (width + 0.2), 0.6))
        spread(axes, first, first + timedelta(days=round(365.25 * years)), most)
        figure.draw_without_rendering()
        boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert 1 <= len(boxes) <= most + 1
    gaps = [b.x0 - a.x1 for a, b in pairwise(boxes)]
    assert all(gap >= GAP * figure.dpi / 72.0 for gap in gaps), (years, gaps)


@pytest.mark.parametrize(("years", "every"), [(6, 1), (20, 2), (45, 5), (80, 10)])
def test_years_of_ticks_are_round(years, every):
    axes = new_figure(9, 2).subplots()
    spread(axes, date(1944, 9, 4), date(1944 + years, 12, 25))
    shown = [int(label.get_text()) for label in axes.get_xticklabels()]
    assert {year % every for year in shown} == {0}
    assert {b - a for a, b in pairwise(shown)} == {every}
