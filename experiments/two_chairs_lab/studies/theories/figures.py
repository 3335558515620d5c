"""The figure of ablations: what each says of the tilt, and how each scores."""

from __future__ import annotations

from functools import partial
from textwrap import fill

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import Array
from two_chairs_lab.plotting.panels import band, grid, spread
from two_chairs_lab.plotting.style import FAINT, GREY, INK, Figures, frame, new_figure
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.calibrate.figures import best_theory, scores_panel
from two_chairs_lab.studies.calibrate.scoring import MODEL, TESTS

from .study import Theory, TheoryComparison

COLUMNS = 3


def draw(comparison: TheoryComparison) -> Figures:
    """Return the figure of a comparison."""
    return Figures({"theories": partial(theories_figure, comparison)})


def theories_figure(comparison: TheoryComparison) -> Figure:
    """Draw the tilt of each ablation beside the model's, and below it the scores of all."""
    rows = -(-len(comparison.theories) // COLUMNS)
    figure = new_figure(10.5, 2.1 * rows + 2.6)
    parts = figure.subfigures(2, 1, height_ratios=[2.1 * rows, 2.6], squeeze=False)
    above, below = parts[:, 0]
    upper = grid(above, len(comparison.theories), COLUMNS, sharex=True, sharey=True)
    model = np.median(comparison.theories[MODEL].paths["tilt"], axis=-1)
    for axes, (name, theory) in zip(upper, comparison.theories.items(), strict=True):
        _tilt_panel(axes, comparison, theory, None if name == MODEL else model)
    for axes in upper[::COLUMNS]:
        axes.set_ylabel("tilt")
    tested = [entry for entry in comparison.scores if entry.theory not in comparison.not_testable]
    panels = below.subplots(1, len(TESTS), sharex=True, sharey=True, squeeze=False)[0]
    for axes, test in zip(panels, TESTS, strict=True):
        scores_panel(axes, tested, test)
        axes.set_title(f"Polls not seen: {TESTS[test]}")
    reading = (
        "Above: tilt of the model and its ablations, "
        f"{_seat(comparison, 'rival')} less {_seat(comparison, 'incumbent')}; line: "
        "median, band: 5–95 % of worlds; dashes: the model's median; dotted: the record ends, "
        "the model takes over. Below: mean error of predicting answers left out, smaller is "
        "better; dot: all answers, strokes: single questions."
        f"{_untested(comparison)}"
    )
    return frame(figure, best_theory(tested), comparison.conditional_on(), reading)


def _untested(comparison: TheoryComparison) -> str:
    """Say which ablations polls can not test, if any."""
    names = ", ".join(name.replace("-", " ") for name in comparison.not_testable)
    return f" Not testable by polls, so not scored: {names}." if names else ""


def _seat(comparison: TheoryComparison, patron: str) -> str:
    return outcome_label(f"{patron}_seat", comparison.calibration.scenario.case)


def _tilt_panel(
    axes: Axes, comparison: TheoryComparison, theory: Theory, model: Array | None
) -> None:
    days = mdates.date2num(list(theory.dates))
    low, middle, high = quantiles(theory.paths["tilt"])
    colour = INK if model is None else FAINT
    band(axes, days, low, high, colour, 0.25)
    axes.plot(days, middle, color=colour, lw=1.6)
    if model is not None:
        axes.plot(days, model, "--", color=INK, lw=1.0)
    axes.axhline(0.0, color=GREY, lw=0.8)
    if comparison.calibration.scenario.agents_act_from is not None:
        at = mdates.date2num(comparison.calibration.scenario.agents_act_from)
        axes.axvline(at, color=INK, lw=0.9, ls=":")
    spread(axes, theory.dates[0], theory.dates[-1], 8)
    axes.set_title(fill(theory.label, 42), fontsize=9)
