"""Figures of sensitivity: the variance split, its axes, Morris's screening, shares over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from two_chairs.vocabulary import Day
from two_chairs_lab.plotting.panels import band, dated, grid
from two_chairs_lab.plotting.style import BLACK, BLUE, GREEN, GREY, ORANGE, STYLE, frame, new_figure
from two_chairs_lab.render.names import FAMILY_LABELS, axis_label, outcome_label
from two_chairs_lab.statistics.sobol import ElementaryEffect, VarianceDecomposition

from .plan import FAMILIES
from .space import family_of
from .study import Sensitivity

COLOURS: Mapping[str, str] = dict(zip(FAMILIES, (BLUE, ORANGE, GREEN), strict=True))
MOST_AXES = 15
"""Axes shown in a ranking; the table on disk has all."""
MOST_NAMES = 7
"""Axes named in a scatter of Morris."""
NOTHING = "varies at no date, or too rarely"
LARGEST_ERROR = 0.2
"""Error of a share above which a date is left out of the shares over time."""


def draw_sensitivity(found: Sensitivity) -> dict[str, Figure]:
    """Return the figures of a study, by name."""
    with mpl.rc_context(STYLE):
        figures = {"variance": variance_figure(found)}
        if len(found.study.timeline) > 1:
            figures["over-time"] = over_time_figure(found)
        for outcome in found.study.plan.outcomes:
            figures[f"axes-{outcome}"] = axes_figure(found, outcome)
            figures[f"morris-{outcome}"] = morris_figure(found, outcome)
    return figures


def _frame(figure: Figure, found: Sensitivity, what: str, note: str) -> Figure:
    title = f"{found.study.space.scenario.title}: {what}"
    return frame(figure, title, " ".join([note, *found.notes(), found.conditional_on()]))


def _label(found: Sensitivity, outcome: str) -> str:
    return outcome_label(outcome, found.study.space.scenario.case)


def _handles(found: Sensitivity) -> list[Any]:
    varied = [family for family in FAMILIES if found.study.space.groups(family)]
    return [Patch(color=COLOURS[family], label=FAMILY_LABELS[family]) for family in varied]


def variance_figure(found: Sensitivity) -> Figure:
    """Draw how the variance of each outcome splits among theory, coding, luck and interaction."""
    dates = found.study.dates
    rows = [(outcome, day) for outcome in found.study.plan.outcomes for day in dates]
    figure = new_figure(10.5, 2.4 + 0.42 * len(rows))
    shares, totals = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1])
    for row, asked in enumerate(rows):
        split = found.families[asked]
        if not split.indices:
            shares.text(0.01, row, split.unsplit(), va="center", fontsize=8, color="#555555")
            continue
        _stack(shares, row, split)
        _totals(totals, row, split)
    labels = [f"{_label(found, outcome)}, {day:%d %b %Y}" for outcome, day in rows]
    shares.set_yticks(range(len(rows)), labels)
    shares.set_ylim(len(rows) - 0.4, -0.6)
    shares.set_xlim(0.0, 1.0)
    shares.set_title("first order: alone", loc="left")
    totals.set_title("total: alone and with others", loc="left")
    totals.set_xlim(-0.02, 1.12)
    for axes in (shares, totals):
        axes.set_xlabel("share of the variance")
    handles = [*_handles(found), Patch(color="#D8D8D8", label="only together (interaction)")]
    figure.legend(handles=handles, loc="outside right upper", ncols=1, title="varied")
    note = (
        "Left: first-order Sobol' indices, and what is left to interaction; black lines: 90 % "
        "interval of each share, at its end. Right: total indices with their 90 % interval; they "
        "add up to more than one where things act together."
    )
    return _frame(figure, found, "whose is the spread?", note)


def _stack(axes: Axes, row: int, split: VarianceDecomposition) -> None:
    """Draw the first-order shares end to end, those below zero as none."""
    left = 0.0
    for index in split.indices:
        width = max(0.0, index.first)
        axes.barh(row, width, left=left, color=COLOURS[index.name], height=0.62)
        left += width
        if width > 0.0:
            low, high = max(0.0, left - index.first_error), min(1.0, left + index.first_error)
            axes.hlines(row, low, high, color=BLACK, linewidth=1.1)
    axes.barh(row, max(0.0, 1.0 - left), left=left, color="#D8D8D8", height=0.62)


def _totals(axes: Axes, row: int, split: VarianceDecomposition) -> None:
    for number, index in enumerate(split.indices):
        at = row + 0.2 * (number - (len(split.indices) - 1) / 2)
        axes.errorbar(
            index.total, at, xerr=index.total_error, fmt="o", color=COLOURS[index.name],
            markersize=4, linewidth=1.4,
        )  # fmt: skip


def over_time_figure(found: Sensitivity) -> Figure:
    """Draw the share of each family over time, a panel an outcome."""
    outcomes, timeline = found.study.plan.outcomes, found.study.timeline
    columns = min(2, len(outcomes))
    figure = new_figure(1.2 + 4.9 * columns, 2.0 + 2.5 * -(-len(outcomes) // 2))
    panels = grid(figure, len(outcomes), columns, sharex=True, sharey=True)
    for axes, outcome in zip(panels, outcomes, strict=True):
        _lines(axes, {day: found.families[outcome, day] for day in timeline})
        axes.set_title(_label(found, outcome), loc="left")
        cut_off = found.study.space.scenario.agents_act_from
        if cut_off is not None and timeline[0] <= cut_off <= timeline[-1]:
            axes.axvline(float(mdates.date2num(cut_off)), color=BLACK, lw=0.9, ls=":")
    for axes in panels[::columns]:
        axes.set_ylabel("share of the variance")
        axes.set_ylim(-0.06, 1.1)
    dated(panels[0], 8)
    styles = [
        Line2D([], [], color=GREY, label="first order (alone)"),
        Line2D([], [], color=GREY, ls="--", label="total (with others)"),
    ]
    figure.legend(handles=[*_handles(found), *styles], loc="outside right upper")
    note = (
        "Bands: 90 % interval. Dotted line: the model takes over. Left out are dates at which an "
        f"outcome does not vary, or so rarely that a share is uncertain by {LARGEST_ERROR:g}."
    )
    return _frame(figure, found, "whose is the spread, over time?", note)


def _is_precise(split: VarianceDecomposition) -> bool:
    """Say whether an outcome varies, and often enough for its shares to be estimated."""
    errors = [max(index.first_error, index.total_error) for index in split.indices]
    return bool(errors) and max(errors) <= LARGEST_ERROR


def _lines(axes: Axes, splits: Mapping[Day, VarianceDecomposition]) -> None:
    varied = {day: split for day, split in splits.items() if _is_precise(split)}
    if not varied:
        axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", color="#555555")
        return
    days: Any = mdates.date2num(list(varied))
    for number, family in enumerate(index.name for index in next(iter(varied.values())).indices):
        indices = [split.indices[number] for split in varied.values()]
        for style, values, errors in (
            ("-", [i.first for i in indices], [i.first_error for i in indices]),
            ("--", [i.total for i in indices], [i.total_error for i in indices]),
        ):
            middle, reach = np.array(values), np.array(errors)
            band(axes, days, middle - reach, middle + reach, COLOURS[family], 0.15)
            axes.plot(days, middle, style, color=COLOURS[family], lw=1.6, marker=".", ms=4)


def _panels(found: Sensitivity, height: float) -> tuple[Figure, list[tuple[Day, Axes]]]:
    dates = found.study.dates
    columns = min(2, len(dates))
    figure = new_figure(0.8 + 5.3 * columns, 2.0 + height * -(-len(dates) // 2))
    panels = list(zip(dates, grid(figure, len(dates), columns), strict=True))
    for day, axes in panels:
        axes.set_title(f"{day:%d %b %Y}", loc="left")
    return figure, panels


def axes_figure(found: Sensitivity, outcome: str) -> Figure:
    """Draw the total index of the axes that matter most for an outcome, a panel a date."""
    figure, panels = _panels(found, 0.27 * MOST_AXES)
    for day, axes in panels:
        _bars(axes, found.singles[outcome, day])
    figure.legend(handles=_handles(found), loc="outside upper right", ncols=3)
    number = len({axis.group for axis in found.study.space.axes})
    note = (
        f"The {min(number, MOST_AXES)} axes of the largest total index among {number}, by date. "
        "Bar: total index, the share of the variance in which the axis has a part; line: 90 % "
        "interval."
    )
    return _frame(figure, found, f"what the spread of {_label(found, outcome)} hangs on", note)


def _bars(axes: Axes, split: VarianceDecomposition) -> None:
    ranked = sorted(split.indices, key=lambda index: (-index.total, index.name))[:MOST_AXES]
    if not ranked:
        axes.text(0.5, 0.5, split.unsplit(), transform=axes.transAxes, ha="center", color="#555555")
        return
    rows = np.arange(len(ranked))
    totals = np.array([index.total for index in ranked])
    errors = np.array([index.total_error for index in ranked])
    axes.barh(
        rows, totals, color=[COLOURS[family_of(i.name)] for i in ranked], alpha=0.6, height=0.66
    )
    axes.hlines(rows, totals - errors, totals + errors, color=BLACK, linewidth=1.1)
    axes.set_yticks(rows, [axis_label(index.name) for index in ranked], fontsize=8)
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    axes.axvline(0.0, color=BLACK, linewidth=0.8)
    axes.set_xlabel("share of the variance")


def morris_figure(found: Sensitivity, outcome: str) -> Figure:
    """Draw Morris's screening for an outcome: mean absolute effect against its spread."""
    figure, panels = _panels(found, 4.0)
    for day, axes in panels:
        _scatter(axes, found.effects[outcome, day])
    figure.legend(handles=_handles(found), loc="outside upper right", ncols=3)
    note = (
        "Each dot an axis. μ*: mean absolute change of the outcome over the whole range of the "
        "axis; σ: how much that change depends on where the others stand. Above the line σ = μ* "
        "an axis acts through others; near the origin it does not matter. Lines: 90 % interval of "
        "μ*. Simplexes of several axes have no σ: triangles at the foot."
    )
    return _frame(figure, found, f"screening of {_label(found, outcome)}", note)


def _scatter(axes: Axes, effects: Sequence[ElementaryEffect]) -> None:
    ranked = sorted(effects, key=lambda effect: -effect.mu_star)
    reach = max((effect.mu_star + effect.mu_star_error for effect in ranked), default=0.0) or 1.0
    axes.plot([0.0, reach], [0.0, reach], color=GREY, linewidth=0.8, linestyle="--")
    for effect in ranked:
        axes.errorbar(
            effect.mu_star, effect.sigma or 0.0, xerr=effect.mu_star_error,
            fmt="o" if effect.sigma is not None else "^", markersize=4, linewidth=0.8, alpha=0.75,
            color=COLOURS[family_of(effect.name)],
        )  # fmt: skip
    axes.set_xlim(-0.02 * reach, reach * 1.9)
    highest = max((effect.sigma or 0.0 for effect in ranked), default=0.0) or 1.0
    axes.set_ylim(-0.05 * highest, 1.15 * highest)
    axes.set_xlabel("μ*")
    axes.set_ylabel("σ")
    named = sorted(ranked[:MOST_NAMES], key=lambda effect: effect.sigma or 0.0)
    heights = apart([effect.sigma or 0.0 for effect in named], 0.07 * highest, highest)
    for effect, height in zip(named, heights, strict=True):
        axes.annotate(
            axis_label(effect.name), (effect.mu_star, effect.sigma or 0.0),
            xytext=(reach * 1.12, height), fontsize=7.5, va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5},
        )  # fmt: skip


def apart(heights: Sequence[float], step: float, highest: float) -> list[float]:
    """Spread rising heights of labels a step apart, as near to themselves as that allows."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + step) if placed else height)
    shift = sum(at - height for at, height in zip(placed, heights, strict=True)) / len(placed)
    down = max(shift, placed[-1] - highest)
    return [max(at - down, number * step) for number, at in enumerate(placed)]
