"""Figures of a calibration: data and prediction, prior and posterior, recovery, scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from textwrap import fill

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import Array
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Scenario
from two_chairs_lab.plotting.panels import band, grid, spread
from two_chairs_lab.plotting.style import (
    FAINT,
    GREY,
    INK,
    SCENARIOS,
    Figures,
    frame,
    new_figure,
    side_of,
)
from two_chairs_lab.render.names import axis_label
from two_chairs_lab.render.numbers import decimal
from two_chairs_lab.statistics import uniformity

from .deciding import BEFORE, TREATY
from .fit import CalibrationResult, most_moved
from .made import LIKELIHOOD
from .predictions import Predictions, conditional_on
from .scoring import MODEL, PERSISTENCE, TESTS, TREND, Score, mean_score
from .study import CalibrationPlan, Question, middle_of
from .terms import ALL, POLLS

MOST_MOVED = 4
RECOVERY_BINS = 10
SLIGHT = 0.03
"""What a source narrows by less, as a share, stands in faint figures."""


def draw(result: CalibrationResult) -> Figures:
    """Return every figure of a calibration."""
    drawings = {
        "posterior": posterior_figure,
        "pairs": pairs_figure,
        "identifiability": identifiability_figure,
        "recovery": recovery_figure,
        "scores": scores_figure,
    }
    if result.proof:
        drawings["sources"] = sources_figure
    if result.recovered_decisions is not None:
        drawings["recovery-decisions"] = recovered_decisions_figure
    told = partial(predictive_figure, result.predictions, result.conditional_on())
    rest = {name: partial(drawn, result) for name, drawn in drawings.items()}
    return Figures({"predictive": told, **rest})


def draw_predictions(predictions: Predictions) -> Figures:
    """Return the figure of what polls said and what they are expected to say."""
    told = partial(predictive_figure, predictions, conditional_on(predictions))
    return Figures({"predictive": told})


def name_of(column: str, plan: CalibrationPlan, scenario: Scenario) -> str:
    """Return a column of the draws in words: a parameter, an event, a part of the link."""
    if not column.startswith("link:"):
        return axis_label(column, scenario, 40)
    key = column.removeprefix("link:")
    questions = {question.id: question.label for question in plan.questions}
    return f"link of “{questions[key]}”" if key in questions else f"link: {key}"


def predictive_figure(predictions: Predictions, conditional: str) -> Figure:
    """Draw each question's expected share week by week, and the polls."""
    questions = predictions.plan.questions
    columns = min(3, len(questions))
    rows = -(-len(questions) // columns)
    figure = new_figure(3.6 * columns, 2.6 * rows)
    panels = grid(figure, len(questions), columns, sharex=True, sharey=True)
    inside = [
        _predictive_panel(*pair)
        for pair in zip(panels, [predictions] * len(questions), questions, strict=True)
    ]
    for axes in panels[::columns]:
        axes.set_ylabel("share of answers, %")
    seen, caught = (sum(counts) for counts in zip(*inside, strict=True))
    reading = (
        "Line: median of the expected share without poll error, band: 5–95 % of worlds. Points: "
        "polls with their sampling error (95 %); filled: used in the fit, hollow: not. Dotted: the "
        f"record ends, the model takes over.{_early_polls(predictions)}"
    )
    title = f"{caught} of {seen} poll answers lie in the band that the calibrated model expects"
    return frame(figure, title, f"{conditional} Not a forecast.", reading)


def _predictive_panel(axes: Axes, predictions: Predictions, question: Question) -> tuple[int, int]:
    """Draw a question; return how many polls lie in the run, and in the band."""
    scenario = predictions.scenario
    roles = {key: actor.role for key, actor in scenario.case.actors.items()}
    colour = side_of(question.alignment, roles) or INK
    mondays = scenario.mondays()
    low, middle, high = np.quantile(
        100.0 * predictions.levels(question), (0.05, 0.5, 0.95), axis=-1
    )
    days = mdates.date2num(list(mondays))
    band(axes, days, low, high, colour, 0.2)
    axes.plot(days, middle, color=colour, lw=1.5)
    seen = [entry for entry in scenario.observations if entry.series == question.series]
    fitted = scenario.posterior.answers if scenario.posterior is not None else ()
    for entry in seen:
        axes.errorbar(
            mdates.date2num(middle_of(entry)), 100.0 * entry.value,
            yerr=196.0 * predictions.prior.sampling_sd, fmt="o", ms=4.5, capsize=2, color=INK,
            mfc=INK if entry.id in fitted else "white", lw=1.0,
        )  # fmt: skip
    if scenario.agents_act_from is not None:
        axes.axvline(mdates.date2num(scenario.agents_act_from), color=INK, lw=0.9, ls=":")
    axes.set_title(fill(question.label, 36))
    axes.set_ylim(0, 100)
    first = min([mondays[0], *(middle_of(entry) for entry in seen)])
    spread(axes, first - (mondays[-1] - first) / 40, mondays[-1], 8)  # so that no point is cut
    weeks = {
        entry.id: int(np.searchsorted(days, mdates.date2num(middle_of(entry)))) for entry in seen
    }
    inside = [(entry, weeks[entry.id]) for entry in seen if 0 < weeks[entry.id] < len(days)]
    return len(inside), sum(low[at] <= 100.0 * entry.value <= high[at] for entry, at in inside)


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
    polls = f"A poll of {months[0]} is" if len(months) == 1 else f"Polls of {', '.join(months)} are"
    return f" {polls} read in the state before the first week."


def posterior_figure(result: CalibrationResult) -> Figure:
    """Draw prior against posterior: the fitted, the slope, and what the answers moved most."""
    plan, scenario = result.calibration.plan, result.calibration.scenario
    names = [*plan.fitted, *most_moved(result, MOST_MOVED)]
    columns = 4
    figure = new_figure(2.7 * columns, 2.1 * -(-len(names) // columns))
    panels = grid(figure, len(names), columns)
    for axes, name in zip(panels, names, strict=True):
        before, after = result.prior[name], result.posterior.columns[name]
        ends = [float(end(values)) for end in (np.min, np.max) for values in (before, after)]
        bins = np.linspace(min(ends), max(ends), 22).tolist()
        axes.hist(before, bins, density=True, color=GREY, alpha=0.4)
        axes.hist(after, bins, density=True, histtype="step", color=INK, lw=1.7)
        drawn = not result.calibration.recorded and name not in plan.fitted
        fitted = " (not fitted)" if drawn else ""
        axes.set_title(fill(f"{name_of(name, plan, scenario)}{fitted}", 28), fontsize=9)
        axes.set_xlabel(PARAMETERS[name].unit if name in PARAMETERS else "weight")
        axes.set_yticks([])
    narrowed = {
        name: 1.0 - float(np.std(result.posterior.columns[name]) / np.std(result.prior[name]))
        for name in (names if result.calibration.recorded else plan.fitted)
    }
    most = max(narrowed, key=narrowed.__getitem__)
    share = round(100.0 * max(narrowed[most], 0.0))
    title = (
        f"The record narrows {len(narrowed)} quantities by {share} % at most "
        f"({name_of(most, plan, scenario)})"
    )
    reading = (
        f"Grey: before (prior); line: after (posterior). Densities of "
        f"{len(result.posterior.predictors.T):,} draws."
    )
    return frame(figure, title, result.conditional_on(), reading)


def pairs_figure(result: CalibrationResult) -> Figure:
    """Draw the fitted parameters and the slope against each other."""
    plan, scenario = result.calibration.plan, result.calibration.scenario
    names = [*plan.fitted, "negativity", "link:slope"]
    names = [name for name in names if name in result.posterior.columns]
    number, columns = len(names), result.posterior.columns
    figure = new_figure(1.75 * number, 1.6 * number)
    panels = figure.subplots(number, number, squeeze=False)
    found: dict[tuple[str, str], float] = {}
    for row, below in enumerate(names):
        for column, left in enumerate(names):
            axes = panels[row, column]
            axes.set_visible(column <= row)
            if column <= row:
                r = _pair_panel(axes, columns[left], columns[below])
            if column < row:
                found[below, left] = r
            axes.label_outer()
        panels[row, 0].set_ylabel(fill(name_of(below, plan, scenario), 16), fontsize=8)
        panels[-1, row].set_xlabel(fill(name_of(below, plan, scenario), 16), fontsize=8)
    most = max(found, key=lambda pair: abs(found[pair]))
    one, other = (name_of(name, plan, scenario) for name in most)
    title = f"The polls tie {one} most to {other} (r = {decimal(found[most])})"
    reading = "Each dot a draw of the posterior; r: correlation of two parameters over the draws."
    return frame(figure, title, result.conditional_on(), reading)


def _pair_panel(axes: Axes, across: Array, up: Array) -> float:
    """Draw the draws of two quantities, or the histogram of one; return their correlation."""
    axes.tick_params(labelsize=7.5)
    axes.grid(visible=False)
    if across is up:
        axes.hist(up, 20, color=GREY)
        axes.set_yticks([])
        return 1.0
    axes.plot(across, up, ".", ms=1.5, color=INK, alpha=0.4, rasterized=True)
    r = float(np.corrcoef(across, up)[0, 1])
    axes.set_title(f"r = {decimal(r)}", fontsize=8, fontweight="normal", pad=2)
    return r


def identifiability_figure(result: CalibrationResult) -> Figure:
    """Draw how the evidence varies along single quantities, all else averaged."""
    plan, scenario = result.calibration.plan, result.calibration.scenario
    figure = new_figure(2.4 * len(result.profiles), 2.6)
    panels = figure.subplots(1, len(result.profiles), sharey=True, squeeze=False)
    for axes, (name, profile) in zip(panels.flat, result.profiles.items(), strict=True):
        axes.plot(profile.middles, profile.evidence, "o-", ms=3.5, color=INK)
        axes.axhspan(-1.0, 0.0, color=GREY, alpha=0.2, lw=0)
        axes.set_title(fill(name_of(name, plan, scenario), 20), fontsize=9)
        axes.set_xlabel("value")
    panels[0, 0].set_ylabel("log evidence, best bin = 0")
    flat = sum(profile.depth <= 1.0 for profile in result.profiles.values())
    title = f"On {flat} of {len(result.profiles)} quantities the polls hardly speak"
    reading = (
        "Mean likelihood in bins of equal numbers of rows; a profile that stays inside the grey "
        "band (one log unit) says that the answers hardly speak on it."
    )
    return frame(figure, title, result.conditional_on(), reading)


def recovery_figure(result: CalibrationResult) -> Figure:
    """Draw rank histograms of simulation-based calibration, flat if the inference is right."""
    plan, scenario = result.calibration.plan, result.calibration.scenario
    recovery, names = result.recovery, list(result.recovery.ranks)
    figure = new_figure(2.4 * len(names), 2.9)
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)
    tests = len(recovery.effective)
    expected = tests / RECOVERY_BINS
    reach = 1.96 * np.sqrt(expected * (1.0 - 1.0 / RECOVERY_BINS))
    outside = [name for name in names if _leaves(recovery.ranks[name])]
    for axes, name in zip(panels.flat, names, strict=True):
        colour = SCENARIOS[0] if name in outside else FAINT
        axes.axhspan(expected - reach, expected + reach, color=GREY, alpha=0.25, lw=0)
        axes.hist(recovery.ranks[name], RECOVERY_BINS, range=(0.0, 1.0), color=colour, rwidth=0.9)
        axes.set_title(fill(name_of(name, plan, scenario), 20), fontsize=9)
        axes.set_xticks([0.0, 0.5, 1.0])
        inside = ", ".join(f"{100 * recovery.coverage(name, s):.0f}" for s in (0.5, 0.8, 0.95))
        axes.set_xlabel(
            f"rank of the truth\n50, 80, 95 % intervals\nhold it in {inside} %", fontsize=9
        )
    panels[0, 0].set_ylabel(f"of {tests} tests")
    words = [name_of(name, plan, scenario) for name in outside]
    title = (
        f"From made polls {len(names) - len(outside)} of {len(names)} quantities are found again"
        f"{_but(words)}"
    )
    reading = (
        f"{tests} sets of polls made by the model with values drawn from the prior, each fitted as "
        "the real polls are. If the fit is right the true value takes every rank among the draws "
        "equally often: bars stay level. Grey: where 95 % of single bars of a level histogram lie. "
        "Coloured: ranks that depart, all together, more than level ones do in 95 % of trials."
    )
    return frame(figure, title, result.conditional_on(), reading)


def _leaves(ranks: Array) -> bool:
    """Say whether ranks leave the band that holds uniform ones."""
    return uniformity.chance_if_uniform(ranks) < 1.0 - uniformity.LEVEL


def _but(words: Sequence[str]) -> str:
    """Name the exceptions, if there are any."""
    return f" (not {' and '.join(words)})" if words else ""


def recovered_decisions_figure(result: CalibrationResult) -> Figure:
    """Draw how the ranks of every quantity depart from uniform ones, with the band for all."""
    recovery = result.recovered_decisions
    assert recovery is not None
    figure = new_figure(10.0, 4.2)
    panels = figure.subplots(1, 2, sharey=True)
    titles = ("fitted on all rows but the one that made it", "fitted on all rows")
    both = zip(panels, titles, (recovery.ranks, recovery.exact), strict=True)
    left = [_ranks_panel(axes, title, ranks, result) for axes, title, ranks in both]
    panels[0].set_ylabel(
        "share of records with the truth below this\nrank, less the share expected"
    )
    number = len(recovery.ranks)
    title = (
        f"From made records of decisions {number - len(left[0])} of {number} quantities are found "
        f"again{_but(left[0])}, with the true row among the rows {number - len(left[1])}"
        f"{_but(left[1])}"
    )
    reading = (
        f"{len(recovery.effective)} records of decisions, each made by one row of the prior and "
        "then fitted. A line a quantity; if the fit is right it stays near zero, inside the grey "
        "band, which holds 95 % of such lines all along. A line that leaves it is coloured and "
        "named; one in twenty does by luck. Thick: the log likelihood of the record. Left, too few "
        "rows show as a fault too; right, only a likelihood that is wrong would."
    )
    return frame(figure, title, result.conditional_on(), reading)


def _ranks_panel(
    axes: Axes, title: str, by_name: Mapping[str, Array], result: CalibrationResult
) -> list[str]:
    """Draw the departure of every quantity's ranks; return, in words, those that leave the band."""
    plan, scenario = result.calibration.plan, result.calibration.scenario
    points, low, high = uniformity.band(len(by_name[LIKELIHOOD]))
    axes.fill_between(points, low, high, color=GREY, alpha=0.3, lw=0)
    left = []
    for name, ranks in by_name.items():
        gone, data, outside = uniformity.departure(ranks), name == LIKELIHOOD, _leaves(ranks)
        colour = SCENARIOS[0] if outside else INK if data else GREY
        axes.plot(points, gone, color=colour, lw=2.2 if data else 0.9, zorder=3 if outside else 2)
        if outside or data:
            words = "log likelihood" if data else name_of(name, plan, scenario)
            _name_line(axes, points, gone, words, colour)
            left += [words] * outside
    axes.axhline(0.0, color=INK, lw=0.6)
    axes.set_ylim(-0.2, 0.2)
    axes.set_title(title)
    axes.set_xlabel("rank of the true value, 0 lowest, 1 highest")
    return left


def _name_line(axes: Axes, points: Array, gone: Array, words: str, colour: str) -> None:
    """Name a line where it lies furthest from zero, on the far side of it."""
    at = int(np.argmax(np.abs(gone)))
    below = gone[at] < 0.0
    axes.annotate(
        words, (points[at], gone[at]), (0, -5 if below else 5), textcoords="offset points",
        ha="right" if at > len(points) // 2 else "left", va="top" if below else "bottom",
        fontsize=8.5, color=colour,
        bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8},
    )  # fmt: skip


def sources_figure(result: CalibrationResult) -> Figure:
    """Draw what each source narrows: the ratio of deviations after and before, and its KL."""
    scenario, sources = result.calibration.scenario, result.proof["sources"]
    names = list(next(iter(sources.values()))["sd_ratio"])
    ratios = np.array([[told["sd_ratio"][name] for told in sources.values()] for name in names])
    figure = new_figure(3.4 + 1.05 * len(sources), 1.2 + 0.42 * len(names))
    axes = figure.subplots()
    mesh = axes.imshow(ratios, cmap="Greys_r", vmin=0.3, vmax=1.15, aspect="auto")
    for row, values in enumerate(ratios):
        for column, value in enumerate(values):
            learned = value < 1.0 - SLIGHT
            axes.text(column, row, decimal(value), ha="center", va="center", fontsize=8.5,
                      color="white" if value < 0.72 else INK if learned else FAINT,
                      fontweight="bold" if learned else "normal")  # fmt: skip
    heads = [
        f"{fill(_source(key, scenario), 14)}\nKL {decimal(t['kl'])}" for key, t in sources.items()
    ]
    axes.set_xticks(range(len(heads)), heads)
    axes.set_yticks(range(len(names)), [fill(_meaning(name, result), 44) for name in names])
    axes.tick_params(length=0, labelsize=8.5)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    figure.colorbar(mesh, ax=axes, label="deviation after / before", shrink=0.8)
    alone = {key: told["kl"] for key, told in sources.items() if key != ALL}
    most = max(alone, key=alone.__getitem__)
    title = (
        f"Most is learned from {_source(most, scenario)}: {decimal(alone[most])} nats by "
        f"themselves; all together teach {decimal(sources[ALL]['kl'])}"
    )
    reading = (
        "A column a source, each by itself; a row a parameter, those that some source moves or "
        "narrows most. Cells: the spread (standard deviation) of that parameter after the source "
        "is seen, over that before; 1 is nothing learned, dark is much. KL: what a source teaches "
        "in all, in nats; one nat leaves about a third of what was thought possible."
    )
    return frame(figure, title, result.conditional_on(), reading)


def _meaning(name: str, result: CalibrationResult) -> str:
    """Say what a parameter means, with its symbol."""
    if name not in PARAMETERS:
        return name_of(name, result.calibration.plan, result.calibration.scenario)
    return f"{PARAMETERS[name].meaning} ({PARAMETERS[name].symbol})"


def _source(key: str, scenario: Scenario) -> str:
    """Return a source of evidence in words."""
    words = {POLLS: "polls", BEFORE: "attacks before the run", TREATY: "the treaty", ALL: "all"}
    return f"decisions of {scenario.case.actors[key].name}" if key not in words else words[key]


def scores_figure(result: CalibrationResult) -> Figure:
    """Draw each theory's CRPS on answers left out, over all answers and by question."""
    figure = new_figure(10.0, 3.8)
    panels = figure.subplots(1, len(TESTS), sharex=True, sharey=True, squeeze=False)
    for axes, test in zip(panels.flat, TESTS, strict=True):
        scores_panel(axes, result.scores, test)
    reading = (
        "Mean error (CRPS) of predicting answers left out; smaller is better. Dot: over all "
        "answers; strokes: single questions."
    )
    return frame(figure, best_theory(result.scores), result.conditional_on(), reading)


def best_theory(scores: Sequence[Score]) -> str:
    """Say which theory predicts answers left out best, test by test."""
    told = []
    for test, words in TESTS.items():
        theories = list(dict.fromkeys(entry.theory for entry in scores))
        best = min(theories, key=lambda theory: mean_score(scores, theory, test)[1])
        name = "the model" if best == MODEL else f"“{best.replace('-', ' ')}”"
        told.append(f"{words}: {name} errs least")
    title = "; ".join(told)
    return f"Answers not seen, {title}"


def scores_panel(axes: Axes, scores: Sequence[Score], test: str) -> None:
    """Draw each theory's CRPS in one test: a dot for all answers, a stroke for each question."""
    theories = list(dict.fromkeys(entry.theory for entry in scores))[::-1]
    for height, theory in enumerate(theories):
        each = _by_question(scores, theory, test)
        colour = {MODEL: INK, PERSISTENCE: SCENARIOS[0], TREND: SCENARIOS[1]}.get(theory, GREY)
        axes.plot(list(each.values()), [height] * len(each), "|", ms=9, color=colour)
        axes.plot(mean_score(scores, theory, test)[1], height, "o", ms=8, color=colour)
    axes.set_yticks(range(len(theories)), [name.replace("-", " ") for name in theories])
    axes.set_title(TESTS[test])
    axes.set_xlabel("mean error, share of answers")
    axes.set_xlim(left=0.0)


def _by_question(scores: Sequence[Score], theory: str, test: str) -> Mapping[str, float]:
    each: dict[str, list[float]] = {}
    for entry in scores:
        if entry.theory == theory and entry.test == test:
            each.setdefault(entry.question, []).append(entry.crps)
    return {question: float(np.mean(values)) for question, values in each.items()}
