"""Figures of a calibration: data and prediction, prior and posterior, recovery, scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import Array
from two_chairs.parameters import PARAMETERS
from two_chairs_lab.plotting.panels import band, grid, yearly
from two_chairs_lab.plotting.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    RED,
    STYLE,
    footnote,
    new_figure,
)

from .fit import CalibrationResult, most_moved
from .predictions import Predictions, conditional_on
from .scoring import MODEL, PERSISTENCE, TESTS, TREND, Score, mean_score
from .study import Question, middle_of

MOST_MOVED = 4
RECOVERY_BINS = 10


def draw(result: CalibrationResult) -> dict[str, Figure]:
    """Draw every figure of a calibration."""
    with mpl.rc_context(STYLE):
        return {
            "predictive": predictive_figure(result.predictions, result.conditional_on()),
            "posterior": posterior_figure(result),
            "pairs": pairs_figure(result),
            "identifiability": identifiability_figure(result),
            "recovery": recovery_figure(result),
            "scores": scores_figure(result),
        }


def draw_predictions(predictions: Predictions) -> dict[str, Figure]:
    """Draw what polls said and what they are expected to say."""
    with mpl.rc_context(STYLE):
        return {"predictive": predictive_figure(predictions, conditional_on(predictions))}


def _finish(figure: Figure, title: str, note: str) -> Figure:
    figure.suptitle(title, x=0.01, ha="left", fontsize=12)
    footnote(figure, note, int(figure.get_figwidth() * 15))
    return figure


def name_of(column: str) -> str:
    """Return a parameter's name with its symbol, or a column's own words."""
    info = PARAMETERS.get(column)
    words = column.removeprefix("link:").replace("_", " ")
    return f"{words} {info.symbol}" if info else words


def predictive_figure(predictions: Predictions, conditional: str) -> Figure:
    """Draw each question's expected share week by week, and the polls."""
    questions = predictions.plan.questions
    columns = 3
    rows = -(-len(questions) // columns)
    figure = new_figure(4.0 * columns, 2.9 * rows + 1.0)
    panels = grid(figure, len(questions), columns, sharey=True)
    for axes, question in zip(panels, questions, strict=True):
        _predictive_panel(axes, predictions, question)
    for axes in panels[::columns]:
        axes.set_ylabel("share of answers, percent")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=3, fontsize=8)
    note = (
        "Expected share without poll error, from the posterior: line median, band 5–95 % of worlds;"
        f"{_early_polls(predictions)} dotted line: the model takes over. {conditional} Not a "
        "forecast."
    )
    return _finish(figure, "What the polls said, and what the calibrated model expects", note)


def _predictive_panel(axes: Axes, predictions: Predictions, question: Question) -> None:
    scenario = predictions.scenario
    days = np.array(scenario.mondays(), dtype="datetime64[D]")
    _fan(axes, days, 100.0 * predictions.levels(question))
    seen = [entry for entry in scenario.observations if entry.series == question.series]
    axes.errorbar(
        [np.datetime64(middle_of(entry), "D") for entry in seen],
        [100.0 * entry.value for entry in seen],
        yerr=196.0 * predictions.prior.sampling_sd, fmt="o", ms=4, capsize=2,
        color=BLACK, label="poll, ± sampling error (95 %)",
    )  # fmt: skip
    if scenario.agents_act_from is not None:
        axes.axvline(mdates.date2num(scenario.agents_act_from), color=GREY, lw=0.8, ls=":")
    axes.set_title(fill(question.label, 40), loc="left", fontsize=9)
    axes.set_ylim(0, 100)
    yearly(axes)
    axes.tick_params(axis="x", labelsize=8)


def _early_polls(predictions: Predictions) -> str:
    """Say of polls from before the run where they are read; nothing if there are none."""
    series = {question.series for question in predictions.plan.questions}
    middles = {
        middle_of(entry) for entry in predictions.scenario.observations if entry.series in series
    }
    early = sorted(middle for middle in middles if middle < predictions.scenario.start)
    months = [f"{middle:%B %Y}" for middle in early]
    if not months:
        return ""
    polls = f"a poll of {months[0]} is" if len(months) == 1 else f"polls of {', '.join(months)} are"
    return f" {polls} read in the state before the first week;"


def _fan(axes: Axes, days: Array, values: Array) -> None:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), axis=-1)
    band(axes, days, low, high, BLUE, 0.22, "model, 5–95 %")
    axes.plot(days, middle, color=BLUE, lw=1.4, label="model, median")


def posterior_figure(result: CalibrationResult) -> Figure:
    """Draw prior against posterior: the fitted, the slope, and what the answers moved most."""
    names = [*result.calibration.plan.fitted, *most_moved(result, MOST_MOVED)]
    columns = 4
    rows = -(-len(names) // columns)
    figure = new_figure(3.1 * columns, 2.4 * rows + 1.0)
    panels = grid(figure, len(names), columns)
    for axes, name in zip(panels, names, strict=True):
        both = (result.prior[name], result.posterior.columns[name])
        bins = np.linspace(min(map(np.min, both)), max(map(np.max, both)), 22).tolist()
        axes.hist(both[0], bins, density=True, color=GREY, alpha=0.45, label="before (prior)")
        axes.hist(
            both[1], bins, density=True, histtype="step", color=BLUE, lw=1.6,
            label="after (posterior)",
        )  # fmt: skip
        fitted = "" if name in result.calibration.plan.fitted else " (not fitted)"
        axes.set_title(fill(f"{name_of(name)}{fitted}", 30), loc="left", fontsize=8.5)
        unit = PARAMETERS[name].unit if name in PARAMETERS else "weight"
        axes.set_xlabel(unit, fontsize=8)
        axes.set_yticks([])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, fontsize=8)
    note = f"Densities of {len(result.posterior.predictors.T):,} draws. {result.conditional_on()}"
    return _finish(figure, "What the polls teach about the parameters", note)


def pairs_figure(result: CalibrationResult) -> Figure:
    """Draw the fitted parameters and the slope against each other."""
    names = [*result.calibration.plan.fitted, "negativity", "link:slope"]
    names = [name for name in names if name in result.posterior.columns]
    number = len(names)
    figure = new_figure(1.9 * number, 1.8 * number + 0.7)
    panels = figure.subplots(number, number, squeeze=False)
    columns = result.posterior.columns
    for row, below in enumerate(names):
        for column, left in enumerate(names):
            axes = panels[row, column]
            axes.tick_params(labelsize=6.5)
            axes.grid(False)
            if column > row:
                axes.set_visible(False)
                continue
            if column == row:
                axes.hist(columns[below], 20, color=BLUE, alpha=0.6)
                axes.set_yticks([])
            else:
                axes.plot(columns[left], columns[below], ".", ms=1.5, color=BLUE, alpha=0.5)
                r = float(np.corrcoef(columns[left], columns[below])[0, 1])
                axes.set_title(f"r = {r:+.2f}", fontsize=7.5, fontweight="normal", pad=2)
            if row == number - 1:
                axes.set_xlabel(fill(name_of(left), 16), fontsize=7.5)
            if column == 0:
                axes.set_ylabel(fill(name_of(below), 16), fontsize=7.5)
    return _finish(figure, "Posterior draws, in pairs", result.conditional_on())


def identifiability_figure(result: CalibrationResult) -> Figure:
    """Draw how the evidence varies along single quantities, all else averaged."""
    figure = new_figure(2.7 * len(result.profiles), 3.3)
    panels = figure.subplots(1, len(result.profiles), sharey=True, squeeze=False)
    for axes, (name, profile) in zip(panels.flat, result.profiles.items(), strict=True):
        axes.plot(profile.middles, profile.evidence, "o-", ms=3.5, color=BLUE)
        axes.axhspan(-1.0, 0.0, color=GREY, alpha=0.2, lw=0)
        axes.set_title(fill(name_of(name), 22), loc="left", fontsize=9)
        axes.set_xlabel("value")
    panels[0, 0].set_ylabel("log evidence, best bin = 0")
    note = (
        "Mean likelihood in bins of equal numbers of rows; a profile that stays inside the grey "
        f"band (one log unit) says that the answers hardly speak on it. {result.conditional_on()}"
    )
    return _finish(figure, "What can the polls tell apart?", note)


def recovery_figure(result: CalibrationResult) -> Figure:
    """Draw rank histograms of simulation-based calibration, flat if the inference is right."""
    recovery = result.recovery
    names = list(recovery.ranks)
    figure = new_figure(2.6 * len(names), 3.4)
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)
    tests = len(recovery.effective)
    expected = tests / RECOVERY_BINS
    spread = 1.96 * np.sqrt(expected * (1.0 - 1.0 / RECOVERY_BINS))
    for axes, name in zip(panels.flat, names, strict=True):
        axes.axhspan(expected - spread, expected + spread, color=GREY, alpha=0.25, lw=0)
        axes.hist(recovery.ranks[name], RECOVERY_BINS, range=(0.0, 1.0), color=BLUE, rwidth=0.9)
        axes.set_title(fill(name_of(name), 22), loc="left", fontsize=9)
        inside = ", ".join(f"{100 * recovery.coverage(name, s):.0f}" for s in (0.5, 0.8, 0.95))
        axes.set_xlabel(f"rank of the truth\n50/80/95 % intervals hold\nit in {inside} %")
    panels[0, 0].set_ylabel("tests")
    note = (
        f"{tests} data sets made by the model with parameters and links from the prior; grey: "
        f"95 % of what a flat histogram shows by chance. {result.conditional_on()}"
    )
    return _finish(figure, "Does the inference find what it is told?", note)


def scores_figure(result: CalibrationResult) -> Figure:
    """Draw each theory's CRPS on answers left out, over all answers and by question."""
    figure = new_figure(11.0, 5.0)
    panels = figure.subplots(1, len(TESTS), sharey=True, squeeze=False)
    for axes, test in zip(panels.flat, TESTS, strict=True):
        scores_panel(axes, result.scores, test)
    note = (
        f"Dot: mean over all answers left out; strokes: single questions. {result.conditional_on()}"
    )
    return _finish(figure, "Who predicts an answer not seen?", note)


def scores_panel(axes: Axes, scores: Sequence[Score], test: str) -> None:
    """Draw each theory's CRPS in one test: a dot for all answers, a stroke for each question."""
    theories = list(dict.fromkeys(entry.theory for entry in scores))[::-1]
    for height, theory in enumerate(theories):
        each = _by_question(scores, theory, test)
        colour = {MODEL: BLUE, PERSISTENCE: RED, TREND: ORANGE}.get(theory, GREY)
        axes.plot(list(each.values()), [height] * len(each), "|", ms=9, color=colour)
        axes.plot(mean_score(scores, theory, test)[1], height, "o", ms=8, color=colour)
    axes.set_yticks(range(len(theories)), [name.replace("-", " ") for name in theories])
    axes.set_title(TESTS[test], loc="left")
    axes.set_xlabel("CRPS, share of answers (smaller is better)")
    axes.set_xlim(left=0.0)


def _by_question(scores: Sequence[Score], theory: str, test: str) -> Mapping[str, float]:
    each: dict[str, list[float]] = {}
    for entry in scores:
        if entry.theory == theory and entry.test == test:
            each.setdefault(entry.question, []).append(entry.crps)
    return {question: float(np.mean(values)) for question, values in each.items()}
