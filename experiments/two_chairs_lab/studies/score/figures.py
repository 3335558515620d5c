"""What was predicted and what came, an answer a line."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.figure import Figure

from two_chairs_lab.plotting.style import GREY, INK, STYLE, frame, new_figure
from two_chairs_lab.render.numbers import date_words

from .render import sentences
from .study import MODEL, NO_CHANGE, TREND, Answered, Scores

BAND = "#9DB8D2"


def answers_figure(scores: Scores) -> Figure:
    """Draw the model's intervals, the simple forecasts and the answers that came."""
    rows = scores.answered
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 0.36 * len(rows) + 1.6)
        axes = figure.subplots()
        for number, entry in enumerate(rows):
            _draw(axes, number, entry)
        labels = [f"{e.question.replace('_', ' ')}, {_when(e)}" for e in rows]
        axes.set_yticks(range(len(rows)), labels, fontsize=8.5)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel("percent of answers")
        axes.tick_params(axis="y", length=0)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=5, fontsize=8.5,
                    frameon=False)  # fmt: skip
        return frame(
            figure, sentences(scores)[0].partition(":")[0], scores.basis().conditional_on,
            "Light: 90 % of the model's worlds, dark: 50 %, line: median. Dots: what polls showed.",
        )  # fmt: skip


def _draw(axes: mpl.axes.Axes, row: int, entry: Answered) -> None:
    told = entry.quantiles[MODEL]
    first = row == 0
    axes.barh(row, told["p95"] - told["p05"], 0.6, left=told["p05"], color=BAND, alpha=0.45,
              label="model, 90 %" if first else None)  # fmt: skip
    axes.barh(row, told["p75"] - told["p25"], 0.6, left=told["p25"], color=BAND,
              label="50 %" if first else None)  # fmt: skip
    axes.plot([told["p50"]] * 2, [row - 0.3, row + 0.3], color=INK, linewidth=1.0)
    for name, mark in ((NO_CHANGE, "D"), (TREND, "x")):
        if name in entry.quantiles:
            axes.plot(entry.quantiles[name]["p50"], row, mark, color=GREY, markersize=6,
                      fillstyle="none", label=name if first else None)  # fmt: skip
    axes.plot(entry.observed, row, "o", color=INK, markersize=5, label="answer" if first else None)


def _when(entry: Answered) -> str:
    return date_words(entry.row.end)
