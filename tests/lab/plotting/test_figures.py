"""Figures of a run: what must be on them, and that nothing lies on anything else."""

from __future__ import annotations

import datetime
import itertools
from functools import cache

import matplotlib as mpl
import pytest
from matplotlib.collections import PathCollection

from builders import bundled, quiet
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.inline import inline_svg
from two_chairs_lab.plotting.style import STYLE
from two_chairs_lab.studies.compare.differences import Effect, difference
from two_chairs_lab.studies.compare.figures import effects_figure
from two_chairs_lab.studies.run.figures import FIGURES
from two_chairs_lab.studies.run.study import RunResult, run_result

pytestmark = [pytest.mark.unit, pytest.mark.long]

UNITS = ("0 to 1", "−1 to 1", "share", "units", "difference", "worlds")


@cache
def result(kind: str) -> RunResult:
    scenario = bundled() if kind == "baseline" else quiet(1 if kind == "week" else 30)
    long = {"title": "A title that is as long as titles of scenarios may well become in use"}
    return run_result(Ensemble(scenario.model_copy(update=long), 12), None)


def drawings(kind: str):
    run = result(kind)
    with mpl.rc_context(STYLE):
        for name, draw in FIGURES.items():
            yield name, draw(run)
    tilt = run.paths.outcome("tilt")[-1]
    made = difference("tilt", run.paths.dates[-1], 0.0 * tilt, tilt)
    found = [Effect(f"E{n}: something that an actor did " * 3, made) for n in range(5)]
    yield "differences", effects_figure(found, "Each left out", "difference of tilt", "note")


@cache
def drawn(kind: str):
    figures = {name: figure for name, figure in drawings(kind) if figure is not None}
    for figure in figures.values():
        with mpl.rc_context(STYLE):
            figure.draw_without_rendering()
    return figures


KINDS = ("baseline", "short", "week")
NAMES = (*FIGURES, "differences")
EACH = [(kind, name) for kind in KINDS for name in NAMES if (kind, name) != ("week", "observed")]


def figure_of(kind, name):
    return drawn(kind)[name]


def test_observed_points_are_drawn_only_where_any_lies_in_the_run():
    assert "observed" in drawn("baseline")
    assert "observed" not in drawn("week")


def shown_axes(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def boxes(figure):
    """Return the boxes of all texts and legends that are not ticks, by what they are."""
    renderer = figure.canvas.get_renderer()
    texts = [figure._suptitle, figure._supxlabel]
    found = [(t.get_text()[:20], t.get_window_extent(renderer)) for t in texts if t is not None]
    for legend in figure.legends:
        found.append(("legend", legend.get_window_extent(renderer)))
    for axes in shown_axes(figure):
        for text in (axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label):
            if text.get_text():
                found.append((text.get_text()[:20], text.get_window_extent(renderer)))
        if axes.get_legend() is not None:
            found.append(("axes legend", axes.get_legend().get_window_extent(renderer)))
    return found


def overlap(one, other) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return min(width, height)


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_everything_lies_within_the_figure(kind, name):
    figure = figure_of(kind, name)
    width, height = figure.bbox.size
    for what, box in boxes(figure):
        if what == figure._suptitle.get_text()[:20]:
            assert box.y1 <= height + 1, what
            assert box.x1 <= width + 1, what
        assert box.x0 >= -1, what
        assert box.x1 <= width + 1, what
        assert box.y0 >= -1, what


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_no_text_lies_on_another_or_on_data(kind, name):
    figure = figure_of(kind, name)
    found = boxes(figure)
    head = figure._suptitle.get_text()[:20]
    for (what, one), (other, two) in itertools.combinations(found, 2):
        if head in (what, other) and "legend" in (what, other):
            continue  # the title keeps empty lines for the legend below it
        assert overlap(one, two) <= 1.5, (what, other)
    for what, box in found:
        for axes in shown_axes(figure):
            if what != head:
                assert overlap(box, axes.bbox) <= 1.5, what


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_title_and_axes_are_named_with_units(kind, name):
    figure = figure_of(kind, name)
    assert figure._suptitle.get_text().strip()
    assert figure._supxlabel.get_text().strip()
    named = [axes.get_ylabel() or axes.get_xlabel() for axes in shown_axes(figure)]
    assert any(named)
    for label in filter(None, named):
        assert any(unit in label for unit in UNITS), label
    if name not in {"seats", "alignment"}:
        assert all(named)


@pytest.mark.parametrize(("kind", "name"), [pair for pair in EACH if pair[1] != "differences"])
def test_it_says_what_it_is_conditional_on(kind, name):
    note = " ".join(figure_of(kind, name)._supxlabel.get_text().split())
    assert "Conditional on the model and on the coding of" in note
    assert "not a forecast" in note


def drawn_things(axes):
    lines = [line for line in axes.lines if len(line.get_xdata()) >= 2]
    return len(lines) + len(axes.collections)


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_every_panel_shows_something(kind, name):
    figure = figure_of(kind, name)
    for axes in shown_axes(figure):
        if axes.get_ylabel() != "share of answers" and not (
            name == "seats" and axes is figure.axes[3]  # acts by actor: there may be none
        ):
            assert drawn_things(axes), axes.get_title(loc="left")


def test_a_lone_week_is_a_line_from_monday_to_sunday():
    axes = figure_of("week", "seats").axes[0]
    days = {tuple(line.get_xdata()) for line in axes.lines if line.get_label().endswith("seat")}
    first = mpl.dates.date2num(datetime.date(2020, 1, 6))
    assert days == {(first, first + 6.0)}


def test_the_plane_shows_every_world():
    axes = figure_of("baseline", "plane").axes[0]
    dots = sum(len(line.get_xdata()) for line in axes.lines if line.get_linestyle() == "None")
    assert dots >= 12
    assert not any(isinstance(c, PathCollection) for c in axes.collections)


def test_drawing_leaves_no_global_state():
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    list(drawings("short"))
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_two_figures_of_a_page_share_no_id():
    figure = figure_of("short", "regimes")
    ids = [
        {part.split('"', 1)[0] for part in inline_svg(figure, name, "t", "d").split(' id="')[1:]}
        for name in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]
