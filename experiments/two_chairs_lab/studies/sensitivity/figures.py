"""Figures of sensitivity: the variance split, its axes, Morris's screening, shares over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.vocabulary import Day
from two_chairs_lab.plotting.panels import LABEL, apart, band, grid, shares, spread
from two_chairs_lab.plotting.style import (
    BEHAVIOUR,
    CODING,
    FAINT,
    GREY,
    INK,
    LUCK,
    MEASUREMENT,
    PALE,
    Figures,
    frame,
    new_figure,
)
from two_chairs_lab.render.names import FAMILY_LABELS, axis_label, outcome_label
from two_chairs_lab.render.numbers import date_words, percent
from two_chairs_lab.statistics.sobol import ElementaryEffect, VarianceDecomposition

from .plan import FAMILIES
from .space import family_of
from .study import Sensitivity

COLOURS: Mapping[str, str] = dict(
    zip(FAMILIES, (MEASUREMENT, BEHAVIOUR, CODING, LUCK), strict=True)
)
MOST_AXES = 15
"""Axes shown in a ranking; the table on disk has all."""
MOST_NAMES = 7
"""Axes named in a scatter of Morris."""
NOTHING = "varies at no date, or too rarely"
LARGEST_ERROR = 0.2
"""Error of a share above which a date is left out of the shares over time."""


def draw_sensitivity(found: Sensitivity) -> Figures:
    """Return the figures of a study, by name."""
    drawings: dict[str, Callable[[], Figure]] = {"variance": partial(variance_figure, found)}
    if len(found.study.timeline) > 1:
        drawings["over-time"] = partial(over_time_figure, found)
    for outcome in found.study.plan.outcomes:
        drawings[f"axes-{outcome}"] = partial(axes_figure, found, outcome)
        drawings[f"morris-{outcome}"] = partial(morris_figure, found, outcome)
    return Figures(drawings)


def _frame(figure: Figure, found: Sensitivity, finding: str, reading: str) -> Figure:
    title = found.study.space.scenario.title
    note = " ".join([*found.notes(), found.conditional_on()])
    return frame(figure, finding, note, f"{title}. {reading}")


def _label(found: Sensitivity, outcome: str) -> str:
    return outcome_label(outcome, found.study.space.scenario.case)


def _families(found: Sensitivity) -> list[str]:
    return [family for family in FAMILIES if found.study.space.groups(family)]


def _key(axes: Axes, found: Sensitivity, *more: tuple[str, str]) -> None:
    """Write above a panel, each in its colour, what varied."""
    named = [(FAMILY_LABELS[family], COLOURS[family]) for family in _families(found)]
    before: Any = axes
    for words, colour in (*named, *more):
        first = before is axes
        before = axes.annotate(
            f"■ {words}", (0.0 if first else 1.0, 1.0),
            xycoords="axes fraction" if first else (before, "axes fraction"),
            xytext=(0 if first else 11, 22),
            textcoords="offset points", color=colour, fontsize=LABEL, fontweight="bold",
        )  # fmt: skip
        before.set_in_layout(first)  # a line longer than its panel must not push panels apart


def _whose(found: Sensitivity) -> str:
    """Say which family makes most of the spread of the first outcome, date by date."""
    outcome = found.study.plan.outcomes[0]
    told: dict[str, list[str]] = {}
    for at in found.study.dates:
        indices = found.families[outcome, at].indices
        if indices:
            most = max(indices, key=lambda index: index.first)
            share = percent(min(max(most.first, 0.0), 1.0))
            told.setdefault(FAMILY_LABELS[most.name], []).append(f"{share} on {date_words(at)}")
    parts = [f"{family} {' and '.join(shares)}" for family, shares in told.items()]
    return f"Whose is the spread of the {_label(found, outcome)}: {', '.join(parts) or 'nobody'}"


def variance_figure(found: Sensitivity) -> Figure:
    """Draw how the variance of each outcome splits among families and interaction."""
    dates = found.study.dates
    rows = [(outcome, at) for outcome in found.study.plan.outcomes for at in dates]
    figure = new_figure(10.5, 1.4 + 0.36 * len(rows))
    alone, totals = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1])
    for row, asked in enumerate(rows):
        split = found.families[asked]
        if not split.indices:
            alone.text(0.01, row, split.unsplit(), va="center", fontsize=LABEL, color=FAINT)
            continue
        _stack(alone, row, split)
        _totals(totals, row, split)
    labels = [f"{_label(found, outcome)}, {date_words(at)}" for outcome, at in rows]
    alone.set_yticks(range(len(rows)), labels)
    alone.set_ylim(len(rows) - 0.4, -0.6)
    alone.set_xlim(0.0, 1.0)
    alone.set_title("alone (first order)")
    totals.set_title("alone and with others (total)")
    totals.set_xlim(-0.02, 1.12)
    for axes in (alone, totals):
        axes.set_xlabel("share of the variance")
        axes.tick_params(axis="y", length=0)
    _key(alone, found, ("only together", "#A0A0A0"))
    reading = (
        "Left: first-order Sobol' indices and what is left to interaction; lines: 90 % interval of "
        "each share, at its end. Right: total indices with their 90 % interval; they add up to "
        "more than one where things act together."
    )
    return _frame(figure, found, _whose(found), reading)


def _stack(axes: Axes, row: int, split: VarianceDecomposition) -> None:
    """Draw the first-order shares end to end, those below zero as none."""
    left = 0.0
    for index in split.indices:
        width = max(0.0, index.first)
        axes.barh(row, width, left=left, color=COLOURS[index.name], height=0.62)
        left += width
        if width > 0.0:
            low, high = max(0.0, left - index.first_error), min(1.0, left + index.first_error)
            axes.hlines(row, low, high, color=INK, linewidth=1.1)
    axes.barh(row, max(0.0, 1.0 - left), left=left, color=PALE, height=0.62)


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
    figure = new_figure(1.4 + 4.4 * columns, 0.4 + 2.1 * -(-len(outcomes) // 2))
    panels = grid(figure, len(outcomes), columns, sharex=True, sharey=True)
    panels[0].set_ylim(-0.06, 1.1)
    shares(panels[0], whole=False)
    for axes, outcome in zip(panels, outcomes, strict=True):
        _lines(axes, {day: found.families[outcome, day] for day in timeline})
        axes.set_title(_label(found, outcome))
        cut_off = found.study.space.scenario.agents_act_from
        if cut_off is not None and timeline[0] <= cut_off <= timeline[-1]:
            axes.axvline(float(mdates.date2num(cut_off)), color=INK, lw=0.9, ls=":")
    for axes in panels[::columns]:
        axes.set_ylabel("share of the variance")
    spread(panels[0], timeline[0], timeline[-1], 8)
    _key(panels[0], found)
    reading = (
        "Full line: alone (first order), dashed: alone and with others (total); bands: 90 % "
        "interval. Dotted: the record ends, the model takes over. Left out are dates at which an "
        f"outcome does not vary, or so rarely that a share is uncertain by {LARGEST_ERROR:g}."
    )
    return _frame(figure, found, _whose(found), reading)


def _is_precise(split: VarianceDecomposition) -> bool:
    """Say whether an outcome varies, and often enough for its shares to be estimated."""
    errors = [max(index.first_error, index.total_error) for index in split.indices]
    return bool(errors) and max(errors) <= LARGEST_ERROR


def _lines(axes: Axes, splits: Mapping[Day, VarianceDecomposition]) -> None:
    """Draw the share of each family over time."""
    varied = {day: split for day, split in splits.items() if _is_precise(split)}
    if not varied:
        axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", color=FAINT)
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
    figure = new_figure(0.8 + 5.3 * columns, 0.9 + height * -(-len(dates) // 2))
    panels = list(zip(dates, grid(figure, len(dates), columns, sharex=True), strict=True))
    for at, axes in panels:
        axes.set_title(date_words(at))
    return figure, panels


def _hangs_on(found: Sensitivity, outcome: str) -> str:
    """Say what the spread of an outcome hangs on most at the last date."""
    at = found.study.dates[-1]
    ranked = sorted(found.singles[outcome, at].indices, key=lambda index: -index.total)
    if not ranked:
        return f"The {_label(found, outcome)} does not vary on {date_words(at)}"
    scenario = found.study.space.scenario
    named = " and ".join(axis_label(index.name, scenario) for index in ranked[:2])
    return f"The spread of the {_label(found, outcome)} hangs most on {named} ({date_words(at)})"


def axes_figure(found: Sensitivity, outcome: str) -> Figure:
    """Draw the total index of the axes that matter most for an outcome, a panel a date."""
    figure, panels = _panels(found, 0.25 * MOST_AXES)
    for at, axes in panels:
        _bars(axes, found, found.singles[outcome, at])
    _key(panels[0][1], found)
    number = len({axis.group for axis in found.study.space.axes})
    reading = (
        f"The {min(number, MOST_AXES)} axes of the largest total index among {number}, by date. "
        "Bar: the share of the variance in which the axis has a part; line: 90 % interval."
    )
    return _frame(figure, found, _hangs_on(found, outcome), reading)


def _bars(axes: Axes, found: Sensitivity, split: VarianceDecomposition) -> None:
    ranked = sorted(split.indices, key=lambda index: (-index.total, index.name))[:MOST_AXES]
    if not ranked:
        axes.text(0.5, 0.5, split.unsplit(), transform=axes.transAxes, ha="center", color=FAINT)
        return
    rows = np.arange(len(ranked))
    totals = np.array([index.total for index in ranked])
    errors = np.array([index.total_error for index in ranked])
    axes.barh(
        rows, totals, color=[COLOURS[family_of(i.name)] for i in ranked], alpha=0.6, height=0.66
    )
    axes.hlines(rows, totals - errors, totals + errors, color=INK, linewidth=1.1)
    scenario = found.study.space.scenario
    names = [axis_label(index.name, scenario, 34) for index in ranked]
    axes.set_yticks(rows, names, fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_xlabel("share of the variance")


def morris_figure(found: Sensitivity, outcome: str) -> Figure:
    """Draw Morris's screening for an outcome: mean absolute effect against its spread."""
    figure, panels = _panels(found, 3.6)
    for at, axes in panels:
        _scatter(axes, found, found.effects[outcome, at])
    _key(panels[0][1], found)
    reading = (
        "Each dot an axis. Across: mean absolute change of the outcome over the whole range of the "
        "axis (μ*), with its 90 % interval; up: how much that change depends on where the others "
        "stand (σ). Above the dashed line an axis acts through others; near the origin it does "
        "not matter. Triangles at the foot: simplexes of several axes, which have no σ."
    )
    return _frame(figure, found, _hangs_on(found, outcome), reading)


def _scatter(axes: Axes, found: Sensitivity, effects: Sequence[ElementaryEffect]) -> None:
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
    axes.set_xlabel("mean absolute effect, μ*")
    axes.set_ylabel("spread of the effect, σ")
    named = sorted(ranked[:MOST_NAMES], key=lambda effect: effect.sigma or 0.0)
    heights = apart([effect.sigma or 0.0 for effect in named], 0.07 * highest, highest)
    for effect, height in zip(named, heights, strict=True):
        axes.annotate(
            axis_label(effect.name, found.study.space.scenario, 26),
            (effect.mu_star, effect.sigma or 0.0),
            xytext=(reach * 1.12, height), fontsize=8, va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5},
        )  # fmt: skip
