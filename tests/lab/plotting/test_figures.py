"""Figures of a run: what must be on them, and that nothing lies on anything else."""

from __future__ import annotations

import datetime
import itertools
from functools import cache

import matplotlib as mpl
import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from builders import bundled, quiet
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.inline import inline_svg
from two_chairs_lab.plotting.style import PATRON_COLOURS, STYLE, save, settle
from two_chairs_lab.studies.compare.differences import Effect, difference
from two_chairs_lab.studies.compare.figures import effects_figure
from two_chairs_lab.studies.run.figures import FIGURES, draw
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
        for name, figure_of_run in FIGURES.items():
            yield name, figure_of_run(run)
    tilt = run.paths.outcome("tilt")[-1]
    made = difference("tilt", run.paths.dates[-1], 0.0 * tilt, tilt)
    found = [Effect(f"E{n}: something that an actor did " * 3, made) for n in range(5)]
    yield "differences", effects_figure(found, "Each left out", "difference of tilt", "a note")


@cache
def drawn(kind: str):
    figures = {name: figure for name, figure in drawings(kind) if figure is not None}
    for figure in figures.values():
        with mpl.rc_context(STYLE):
            settle(figure)
            figure.draw_without_rendering()
    return figures


KINDS = ("baseline", "short", "week")
NAMES = (*FIGURES, "differences")
EACH = [
    pytest.param(kind, name, marks=[pytest.mark.slow] * (kind == "baseline"))
    for kind in KINDS
    for name in NAMES
    if (kind, name) != ("week", "observed")
]


def figure_of(kind, name):
    return drawn(kind)[name]


@pytest.mark.slow
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


def named_elsewhere(axes) -> bool:
    """Say whether a panel names no unit since it shares its axis, has names for ticks, or none."""
    shared = axes.get_shared_y_axes().get_siblings(axes)
    return len(shared) > 1 or not len(axes.get_yticks()) or axes.get_yticklabels()[0].get_text()


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_title_and_axes_are_named_with_units(kind, name):
    figure = figure_of(kind, name)
    assert figure._suptitle.get_text().strip()
    assert figure._supxlabel.get_text().strip()
    for axes in shown_axes(figure):
        label = axes.get_ylabel() or axes.get_xlabel()
        assert any(unit in " ".join(label.split()) for unit in UNITS) or named_elsewhere(axes), (
            label
        )


@pytest.mark.parametrize(
    ("kind", "name"), [pair for pair in EACH if pair.values[1] != "differences"]
)
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
        if len(axes.get_yticks()) and not (
            name == "seats" and axes is figure.axes[3]  # acts by actor: there may be none
        ):
            assert drawn_things(axes), axes.get_title(loc="left")


def test_a_lone_week_is_a_line_from_monday_to_sunday():
    axes = figure_of("week", "seats").axes[0]
    drawn_in = (PATRON_COLOURS["incumbent"], PATRON_COLOURS["rival"])
    days = {tuple(line.get_xdata()) for line in axes.lines if line.get_color() in drawn_in}
    first = mpl.dates.date2num(datetime.date(2020, 1, 6))
    assert days == {(first, first + 6.0)}


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


def test_a_single_world_has_no_band():
    one = run_result(Ensemble(quiet(30), 1), None)
    with mpl.rc_context(STYLE):
        assert not any(axes.collections for axes in FIGURES["payoffs"](one).axes)
    assert any(axes.collections for axes in drawn("short")["payoffs"].axes)


def test_a_figure_is_laid_out_once_for_all_its_formats(tmp_path, monkeypatch):
    laid_out = []
    whole = ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda *a: (laid_out.append(1), whole(*a))
    )
    paths = save(draw(result("short"), ["regimes", "split"]), tmp_path, ("png", "svg"), ["regimes"])
    assert [path.name for path in paths] == ["regimes.png", "regimes.svg"]
    assert len(laid_out) == 1


def faces(figure) -> list[str]:
    """Return what the points of all panels of observed numbers are."""
    points = [c.lines[0] for axes in figure.axes for c in axes.containers]
    named = [("hollow" if p.get_markerfacecolor() == "white" else "filled", p) for p in points]
    return [name for name, p in named for _ in p.get_xdata()]


def test_filled_points_are_those_that_the_fit_used_and_no_others():
    scenario = bundled()
    fitted = [o.id for o in scenario.observations if o.id in scenario.posterior.answers]
    assert len(fitted) == 17
    points = faces(drawn("baseline")["observed"])
    early = sum(o.start.year < 2020 for o in scenario.observations if o.id in fitted)
    assert points.count("filled") == len(fitted) - early == 13
    assert points.count("hollow") == 14
    title = "13 of the 27 observed points were used in the fit, 14 were not"
    assert drawn("baseline")["observed"]._suptitle.get_text() == title


@pytest.mark.parametrize(
    "ensemble",
    [
        Ensemble(bundled().without_posterior(), 3, defaults=True),
        Ensemble(bundled(), 3, vary=False),
        Ensemble(bundled().model_copy(update={"overrides": {"fear": 0.5}}), 3),
    ],
    ids=["defaults", "fixed", "set"],
)
def test_all_points_are_hollow_where_the_fit_is_not_used(ensemble):
    run = run_result(ensemble, None)
    with mpl.rc_context(STYLE):
        figure = FIGURES["observed"](run)
    assert set(faces(figure)) == {"hollow"}
    assert figure._suptitle.get_text().startswith("None of the 27 observed points was used")
