"""Figures of comparisons: paths, paired differences, and what single changes make."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from textwrap import fill, shorten
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs_lab.plotting.panels import LABEL, at_lines, fan, spread
from two_chairs_lab.plotting.style import (
    GREY,
    INK,
    SCENARIOS,
    Figures,
    frame,
    new_figure,
    sides_of,
    styled,
)
from two_chairs_lab.render.names import first_words, outcome_label
from two_chairs_lab.render.numbers import date_words, decimal
from two_chairs_lab.statistics.summaries import quantiles

from .differences import Difference, Effect
from .study import PATHS, Comparison, Ranking, Side

MOST_EVENTS = 24
"""Events shown in a ranking; the table on disk has all."""
LABEL_LETTERS = 84
"""Letters of a change that are written beside its interval."""
READING = "Line: median; band: 5–95 % of worlds."
FOREST = (
    "Dot: median of the paired differences, bar: 5–95 % of worlds; of shares of worlds the "
    "difference and its 90 % interval. Same luck and same draws in both."
)


def draw_comparison(made: Comparison) -> Figures:
    """Return the figures of a comparison, by name."""
    drawings = {"paths": paths_figure, "differences": differences_figure}
    return Figures({name: partial(drawn, made) for name, drawn in drawings.items()})


def draw_ranking(ranking: Ranking) -> Figures:
    """Return the figure of a ranking of events, by name."""
    return Figures({"effects": partial(ranking_figure, ranking)})


def _styles(made: Comparison) -> list[tuple[Side, str]]:
    colours = [INK, *(SCENARIOS[n % len(SCENARIOS)] for n in range(len(made.others)))]
    return list(zip(made.sides, colours, strict=True))


def _name(side: Side) -> str:
    """Return a side's title up to its colon."""
    return side.ensemble.title().partition(":")[0]


def _framed(made: Comparison, figure: Figure, reading: str) -> Figure:
    notes = " ".join([*made.notes(), made.reference.ensemble.conditional_on()])
    return frame(figure, _finding(made), notes, reading)


def _finding(made: Comparison) -> str:
    """Say what each scenario does to the tilt at the dates compared."""
    label = outcome_label("tilt", made.reference.ensemble.scenario.case)
    moves = [f"{_name(side)}: {label} {_moves(made, side)}" for side in made.others]
    return f"{'; '.join(moves)}, than in “{_name(made.reference)}”"


def _moves(made: Comparison, side: Side) -> str:
    found = {entry.day: entry for entry in made.differences(side) if entry.outcome == "tilt"}
    values = [(at, found[at].value) for at in made.dates]
    return " and ".join(
        f"{decimal(abs(value))} {'lower' if value < 0.0 else 'higher'} on {date_words(at)}"
        for at, value in values
    )


def paths_figure(made: Comparison) -> Figure:
    """Draw the paths of all scenarios, and of the tilt the paired difference from the reference."""
    case = made.reference.ensemble.scenario.case
    weeks: Any = mdates.date2num(list(made.weeks))
    figure = new_figure(9, 8.2)
    panels = figure.subplots(len(PATHS) + 1, 1, sharex=True, height_ratios=[3, 2, 2, 2.4])
    for axes, name in zip(panels, PATHS, strict=False):
        ends = [
            (fan(axes, weeks, quantiles(side.weekly[name]), colour), _name(side), colour)
            for side, colour in _styles(made)
        ]
        axes.set_title(outcome_label(name, case))
        axes.set_ylabel("−1 to 1" if name == "tilt" else "0 to 1")
        at_lines(axes, ends, least=0.09, letters=20)
    ends = []
    for side, colour in _styles(made)[1:]:
        paired = side.weekly["tilt"] - made.reference.weekly["tilt"]
        ends.append((fan(panels[-1], weeks, quantiles(paired), colour), _name(side), colour))
    panels[-1].set_title(f"tilt: difference from “{_name(made.reference)}”, world by world")
    panels[-1].set_ylabel("difference")
    at_lines(panels[-1], ends, least=0.09, letters=20)
    for axes in (panels[0], panels[-1]):
        axes.axhline(0.0, color=GREY, linewidth=0.8)
    for axes in panels:
        for at in made.dates:
            axes.axvline(float(mdates.date2num(at)), color=GREY, linewidth=0.8, linestyle=":")
    spread(panels[-1], made.weeks[0], made.weeks[-1])
    return _framed(made, figure, f"{READING} Dotted lines: the dates compared.")


def differences_figure(made: Comparison) -> Figure:
    """Draw the paired difference of every outcome, a panel a date."""
    case = made.reference.ensemble.scenario.case
    names = list(made.reference.dated)
    thick = 0.22 + 0.06 * len(made.others)
    figure = new_figure(3.0 + 3.3 * len(made.dates), 1.0 + thick * len(names))
    panels = figure.subplots(1, len(made.dates), sharex=True, sharey=True, squeeze=False)[0]
    for number, (side, colour) in enumerate(_styles(made)[1:]):
        shift = (number - (len(made.others) - 1) / 2) * 0.7 / len(made.others)
        for axes, at in zip(panels, made.dates, strict=True):
            found = [entry for entry in made.differences(side) if entry.day == at]
            _forest(axes, found, shift, colour)
        if len(made.others) > 1:
            panels[0].annotate(
                fill(_name(side), 40), (0.0, 1.0), xycoords="axes fraction", color=colour,
                xytext=(0, 18 + 12 * (len(made.others) - number)), textcoords="offset points",
                fontsize=LABEL, fontweight="bold",
            )  # fmt: skip
    for axes, at in zip(panels, made.dates, strict=True):
        axes.set_title(date_words(at))
        axes.axvline(0.0, color=INK, linewidth=0.9)
        axes.set_xlabel("difference")
    panels[0].set_yticks(range(len(names)), [outcome_label(name, case) for name in names])
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    return _framed(made, figure, FOREST)


def _forest(axes: Axes, found: Sequence[Difference], shift: float, colour: str) -> None:
    heights = np.arange(len(found)) + shift
    low, high = [entry.low for entry in found], [entry.high for entry in found]
    axes.hlines(heights, low, high, color=colour, linewidth=2.2, alpha=0.45)
    axes.plot([entry.value for entry in found], heights, "o", color=colour, ms=4)


def ranking_figure(ranking: Ranking) -> Figure:
    """Draw what leaving each event out does, with its date and own words."""
    shown = ranking.effects[:MOST_EVENTS]
    label = outcome_label(ranking.outcome, ranking.ensemble.scenario.case)
    left = len(ranking.effects) - len(shown)
    rest = f" The {left} events of the smallest effect are left to the table." if left else ""
    share = shown[0].difference.kind == "share"
    what = "difference of shares; line: its 90 % interval" if share else "median; line: 5–95 %"
    first = shown[0]
    goes = "raise" if first.difference.value >= 0.0 else "lower"
    return effects_figure(
        [Effect(f"{date_words(e.event.date)}: {e.event.says}", e.difference) for e in shown],
        f"Leaving out “{first_words(first.event.says)}” would {goes} the {label} most, by "
        f"{decimal(abs(first.difference.value))} on {date_words(ranking.day)}",
        f"difference of {label}: without the event, less with it",
        ranking.ensemble.conditional_on(),
        f"{ranking.ensemble.title()}. Dot: {what} of paired worlds with the same luck.{rest}",
        sides_of(ranking.outcome),
    )


def effects_figure(
    effects: Sequence[Effect],
    title: str,
    axis: str,
    note: str,
    reading: str = "",
    sides: tuple[str, str] = (INK, GREY),
) -> Figure:
    """Draw what changes make, as dots with their intervals, one line a change.

    Parameters
    ----------
    effects
        In the order of the lines, from the top.
    title, axis, note
        What is found, name of the axis with its unit, what the figure is conditional on.
    reading
        What is drawn, and how it is read.
    sides
        Colours of a rise and of a fall.
    """
    with styled():
        figure = new_figure(10, 0.9 + 0.38 * len(effects))
        axes = figure.subplots()
        for line, effect in enumerate(reversed(effects)):
            entry = effect.difference
            colour, mark = (sides[0], "o") if entry.value >= 0 else (sides[1], "s")
            axes.plot([entry.low, entry.high], [line] * 2, color=colour, linewidth=2.2, alpha=0.55)
            axes.plot(entry.value, line, mark, color=colour, markersize=6)
        words = [
            shorten(effect.words, LABEL_LETTERS, placeholder=" …") for effect in reversed(effects)
        ]
        axes.set_yticks(range(len(effects)), [fill(label, 46) for label in words], fontsize=8)
        axes.set_ylim(-0.6, len(effects) - 0.4)
        axes.axvline(0.0, color=GREY, linewidth=0.9)
        axes.set_xlabel(axis)
        axes.grid(visible=False, axis="y")
        return frame(figure, title, note, reading)
