"""Figures of a sweep: maps over two inputs, curves over one, scatters, small multiples by scenario.

They take tables and draw; nothing is run here. What is so or not in a world is drawn as the share
of worlds in which it is so, with the interval of the share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from two_chairs.axes import REGIMES, Array, Regime
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import OUTCOMES, is_yes_no, shown_in
from two_chairs.scenario.records import Case
from two_chairs_lab.plotting.panels import at_lines, band, grid, shares, spread
from two_chairs_lab.plotting.style import (
    GREY,
    INK,
    REGIME_COLOURS,
    Figures,
    colour_map,
    frame,
    new_figure,
    side_of,
    span_of,
)
from two_chairs_lab.render.names import input_label, input_name, outcome_label, so_words
from two_chairs_lab.render.numbers import decimal, percent
from two_chairs_lab.results.trajectories import Fans
from two_chairs_lab.statistics.histograms import LOWEST
from two_chairs_lab.statistics.summaries import quantiles, share_with_ends

from .study import load_sweep, outcome_columns, point_columns, read_columns

BINS = 12
"""Bins of the bands in a scatter."""
WEEKLY = shown_in("weekly")
"""Indices that are drawn week by week."""
MOST_PANELS = 6
"""Parameters shown in a scatter when none are named."""
MOST_DOTS = 1500
"""Worlds drawn in a panel of a scatter; more hide one another."""
MOST_LEVELS = 60
"""Levels of an input up to which a figure draws each for itself."""
MOST_TICKS = 9
"""Levels that are named along the side of a map."""


@dataclass(frozen=True, slots=True)
class Swept:
    """A finished sweep as plain columns, which may be read when they are asked for.

    Attributes
    ----------
    title
        Title of the plan.
    conditional_on
        What the figures are conditional on.
    scenarios
        Titles of the scenarios, by their numbers in the column ``scenario``.
    inputs
        What varied: name → values, shape (points,).
    outcomes
        Outcome → values, shape (worlds,).
    scenario, point
        Numbers of each world's scenario and point, shape (worlds,).
    case
        Gives the names for readers.
    """

    title: str
    conditional_on: str
    scenarios: tuple[str, ...]
    inputs: Mapping[str, Array]
    outcomes: Mapping[str, Array]
    scenario: NDArray[np.integer[Any]]
    point: NDArray[np.integer[Any]]
    case: Case

    def words(self, outcome: str) -> str:
        """Say what is drawn of an outcome, as on an axis."""
        if is_yes_no(outcome):
            return f"share of worlds in which {so_words(outcome, self.case)}"
        return outcome_label(outcome, self.case)


def read_swept(folder: Path) -> Swept:
    """Return a finished sweep for its figures.

    Raises
    ------
    InputError
        If the folder holds no finished sweep, or worlds have failed.
    """
    sweep = load_sweep(folder)
    columns = read_columns(folder, sweep, ["scenario", "point"])
    return Swept(
        title=sweep.plan.title,
        conditional_on=sweep.conditional_on,
        scenarios=tuple(scenario.title for scenario in sweep.scenarios),
        inputs=point_columns(sweep),
        outcomes=outcome_columns(folder, sweep),
        scenario=columns["scenario"],
        point=columns["point"],
        case=sweep.scenarios[0].case,
    )


def draw(swept: Swept, outcomes: Sequence[str], by: Sequence[str]) -> Figures:
    """Return the figures that suit what varied, by name.

    Parameters
    ----------
    swept
        The sweep.
    outcomes
        Outcomes to draw; all if empty.
    by
        One or two inputs to draw over; those of the design if empty.
    """
    chosen = _known("--outcome", outcomes, swept.outcomes) or list(swept.outcomes)
    named = _known("--by", by, swept.inputs) or list(swept.inputs)
    levels = [len(np.unique(swept.inputs[name])) for name in named[:2]]
    if len(named) == 2 and max(levels) <= MOST_LEVELS:
        x, y = named
        maps = Figures({o: partial(heat_map, swept, o, x, y) for o in chosen})
        return maps | _regimes(swept, x, y)
    if len(named) == 1 and levels[0] <= MOST_LEVELS:
        return Figures({o: partial(curve, swept, o, named[0]) for o in chosen})
    return Figures({o: partial(scatter, swept, o, named[:MOST_PANELS]) for o in chosen})


def _known(option: str, names: Sequence[str], columns: Mapping[str, Any]) -> list[str]:
    for name in names:
        if name not in columns:
            remedy = nearest(name, columns)
            raise InputError.at(f"{option} {name}", f"not a column of this sweep; {remedy}")
    return list(names)


def _panels(swept: Swept, width: float = 4.4, height: float = 3.6) -> tuple[Figure, list[Axes]]:
    """Return a panel a scenario, on the same axes."""
    number = len(swept.scenarios)
    columns = min(number, 2)
    figure = new_figure(width * columns + (2.4 if number == 1 else 0.8), height * -(-number // 2))
    panels = grid(figure, number, columns, sharex=True, sharey=True)
    for axes, title in zip(panels, swept.scenarios, strict=True):
        axes.set_title(fill(title, 46) if number > 1 else "")
    return figure, panels


def _framed(figure: Figure, swept: Swept, title: str, reading: str) -> Figure:
    return frame(figure, title, swept.conditional_on, f"{swept.title}. {reading}")


# --- over two inputs ------------------------------------------------------------------------------


def _cells(
    swept: Swept, number: int, x: str, y: str, values: Array
) -> tuple[Array, Array, NDArray[np.float64]]:
    """Return the levels of both inputs and the mean of values in each cell, (y, x)."""
    here = swept.scenario == number
    xs, column = np.unique(swept.inputs[x], return_inverse=True)
    ys, row = np.unique(swept.inputs[y], return_inverse=True)
    cell = (row * len(xs) + column)[swept.point[here]]
    count = np.bincount(cell, minlength=len(ys) * len(xs))
    total = np.bincount(cell, weights=values[here], minlength=len(count))
    means = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return xs, ys, means.reshape(len(ys), len(xs))


def heat_map(swept: Swept, outcome: str, x: str, y: str) -> Figure:
    """Draw the mean of an outcome over two inputs, a panel a scenario; of yes and no the share."""
    figure, panels = _panels(swept)
    maps = [_cells(swept, n, x, y, swept.outcomes[outcome]) for n in range(len(panels))]
    low = min(float(np.nanmin(cells)) for *_, cells in maps)
    high = max(float(np.nanmax(cells)) for *_, cells in maps)
    span = _span(outcome, low, high)
    for axes, (xs, ys, cells) in zip(panels, maps, strict=True):
        mesh = axes.pcolormesh(
            np.arange(len(xs)), np.arange(len(ys)), cells, cmap=colour_map(outcome),
            shading="nearest", vmin=span[0], vmax=span[1],
        )  # fmt: skip
        _sides(axes, swept, (x, xs), (y, ys))
    so = is_yes_no(outcome)
    figure.colorbar(
        mesh, ax=panels, label=fill("share of worlds" if so else swept.words(outcome), 40),
        shrink=0.9, format="{x:.0%}" if so else None,
    )  # fmt: skip
    written = percent if so else decimal
    what = swept.words(outcome)
    title = f"{what[:1].upper()}{what[1:]}: {written(low)} to {written(high)}"
    reading = f"Colour: {'share of' if so else 'mean over'} the worlds of a setting."
    return _framed(figure, swept, f"{title} over these settings", reading)


def _span(outcome: str, low: float, high: float) -> tuple[float, float]:
    """Return the ends of the colours of a map: even around zero, whole for a share."""
    if is_yes_no(outcome):
        return 0.0, 1.0
    if span_of(outcome)[0] < 0.0:
        reach = max(-low, high)
        return -reach, reach
    return low, high


def _sides(axes: Axes, swept: Swept, *sides: tuple[str, Array]) -> None:
    """Name the levels of both inputs at the middles of their cells, as many as there is room."""
    for (name, levels), axis in zip(sides, (axes.xaxis, axes.yaxis), strict=True):
        every = -(-len(levels) // MOST_TICKS)
        axis.set_ticks(range(0, len(levels), every), [f"{at:.3g}" for at in levels[::every]])
        axis.set_label_text(fill(input_label(name, swept.case), 44))
    axes.tick_params(length=0)
    axes.label_outer()
    axes.grid(visible=False)


def _regimes(swept: Swept, x: str, y: str) -> Figures:
    """Return the map of regimes, if the sweep has kept regimes of one date."""
    dates = [o.partition("@")[2] for o in swept.outcomes if o.startswith("regime:")]
    kept = {r: f"regime:{r}@{dates[-1]}" for r in REGIMES if dates}
    kept = {r: name for r, name in kept.items() if name in swept.outcomes}
    return Figures({"regimes": partial(regime_map, swept, kept, x, y)} if len(kept) > 1 else {})


def regime_map(swept: Swept, kept: Mapping[Regime, str], x: str, y: str) -> Figure:
    """Draw the most common regime over two inputs; ``kept`` gives the outcome of each regime."""
    figure, panels = _panels(swept)
    at = next(iter(kept.values())).partition("@")[2]
    for number, axes in enumerate(panels):
        found = [_cells(swept, number, x, y, swept.outcomes[name]) for name in kept.values()]
        xs, ys, _ = found[0]
        shown = np.array([cells for *_, cells in found])
        common, most = np.argmax(shown, axis=0), np.max(shown, axis=0)
        axes.pcolormesh(
            np.arange(len(xs)), np.arange(len(ys)), common, shading="nearest", alpha=0.75,
            cmap=ListedColormap([REGIME_COLOURS[r] for r in kept]),
            vmin=-0.5, vmax=len(kept) - 0.5,
        )  # fmt: skip
        if most.size <= 150:
            for (row, column), value in np.ndenumerate(most):
                axes.text(
                    column, row, percent(value), fontsize=7.5, ha="center", va="center",
                    color="white", fontweight="bold",
                )  # fmt: skip
        _sides(axes, swept, (x, xs), (y, ys))
    labels = [
        (place, swept.case.regimes[r], REGIME_COLOURS[r])
        for place, r in zip(np.linspace(0.6, 0.95, len(kept)), kept, strict=True)
    ]
    edge = panels[min(len(panels), 2) - 1]
    low, high = edge.get_ylim()
    at_lines(edge, [(low + place * (high - low), *rest) for place, *rest in labels], letters=18)
    when = swept.words(f"tilt@{at}").removeprefix("tilt ")
    reading = "Colour: the most common; number: its share of the worlds of a setting."
    return _framed(figure, swept, f"Which chairs are held most often {when}", reading)


# --- over one input -------------------------------------------------------------------------------


def _summary(outcome: str, values: Array) -> tuple[float, float, float]:
    """Return low, middle and high: of a share its interval, else 5, 50 and 95 % of worlds."""
    if is_yes_no(outcome):
        return share_with_ends(values)
    low, middle, high = map(float, quantiles(values))
    return low, middle, high


def _reading(outcome: str, worlds: int, of: str) -> str:
    """Say how a curve with its band is read; a single world has no band."""
    if worlds < 2:
        return f"A single world at {of}: nothing is said of chance."
    if is_yes_no(outcome):
        return f"Line: share of the worlds of {of}; band: its 90 % interval."
    return f"Line: median of the worlds of {of}; band: 5–95 % of them."


def _limits(axes: Axes, outcome: str) -> None:
    if is_yes_no(outcome):
        shares(axes, whole=False)
        axes.set_ylim(-0.03, 1.03)


def curve(swept: Swept, outcome: str, x: str) -> Figure:
    """Draw an outcome over one input: its share, or its median and 5–95 %, with the interval."""
    figure, panels = _panels(swept)
    levels, place = np.unique(swept.inputs[x], return_inverse=True)
    colour, worlds = side_of(outcome) or INK, 0
    found = []
    for number, axes in enumerate(panels):
        here = swept.scenario == number
        groups = [
            swept.outcomes[outcome][here & (place == n)[swept.point]] for n in range(len(levels))
        ]
        worlds = max(worlds, *(group.size for group in groups))
        low, middle, high = np.array([_summary(outcome, group) for group in groups]).T
        if worlds > 1:
            band(axes, levels, low, high, colour)
        axes.plot(levels, middle, "-o", color=colour, markersize=4)
        found.append(middle)
        axes.set_xlabel(fill(input_label(x, swept.case), 48))
        axes.set_ylabel(fill("share of worlds" if is_yes_no(outcome) else swept.words(outcome), 40))
        _limits(axes, outcome)
        axes.label_outer()
    return _framed(
        figure, swept, _moves(swept, outcome, x, levels, found[0]),
        _reading(outcome, worlds, "a setting"),
    )  # fmt: skip


def _moves(swept: Swept, outcome: str, x: str, levels: Array, middle: Array) -> str:
    """Say how an outcome goes from the lowest to the highest level of an input."""
    so = is_yes_no(outcome)
    written = percent if so else decimal
    what = so_words(outcome, swept.case) if so else outcome_label(outcome, swept.case)
    of = " of worlds" if so else ""
    best = int(np.argmax(middle))
    name = input_name(x, swept.case)
    lead = f"{what[:1].upper()}{what[1:]}"
    ends = f"{written(middle[0])} at {levels[0]:.3g}, {written(middle[-1])} at {levels[-1]:.3g}"
    if 0 < best < len(levels) - 1:
        often = "most often" if so else "highest"
        peak = f"{often} at {name} {levels[best]:.3g} ({written(middle[best])}{of})"
        return f"{lead}{'' if so else ' is'} {peak}: {ends}"
    mark = " in" if so else ":"
    return (
        f"{lead}{mark} {written(middle[0])}{of} at {name} {levels[0]:.3g}, "
        + ends.partition(", ")[2]
    )


# --- over many inputs -----------------------------------------------------------------------------


def scatter(swept: Swept, outcome: str, names: Sequence[str]) -> Figure:
    """Draw an outcome against inputs: every world a dot, the band of each bin over it.

    What is so or not has no dots, but the share of each bin.
    """
    columns = len(names) if len(names) <= 4 else 3
    rows = -(-len(names) // columns)
    figure = new_figure(max(2.7 * columns + 0.5, 6.0), 2.6 * rows * len(swept.scenarios))
    parts = figure.subfigures(len(swept.scenarios), 1, squeeze=False)[:, 0]
    reach = _reach(swept, outcome)
    moves: dict[str, tuple[float, float]] = {}
    for number, (part, title) in enumerate(zip(parts, swept.scenarios, strict=True)):
        if len(swept.scenarios) > 1:
            part.suptitle(title, x=0.01, ha="left", fontsize=10, fontweight="bold")
        panels = grid(part, len(names), columns, sharey=True)
        for axes, name in zip(panels, names, strict=True):
            middle = _against(axes, swept, outcome, name, number)
            axes.set_xlabel(fill(input_name(name, swept.case), 30))
            axes.set_ylim(*reach)
            moves.setdefault(name, (float(np.min(middle)), float(np.max(middle))))
        for axes in panels[::columns]:
            so = is_yes_no(outcome)
            words = "share of worlds" if so else outcome_label(outcome, swept.case)
            axes.set_ylabel(fill(words, 26))
    most = max(moves, key=lambda name: moves[name][1] - moves[name][0])
    low, high = map(percent if is_yes_no(outcome) else decimal, moves[most])
    what = swept.words(outcome)
    title = f"{what[:1].upper()}{what[1:]} moves most with {input_name(most, swept.case)}"
    dots = "" if is_yes_no(outcome) else "Dot: a world. "
    reading = f"{dots}{_reading(outcome, 2, 'a twelfth of the settings')}"
    return _framed(figure, swept, f"{title}: {low} to {high}", reading)


def _reach(swept: Swept, outcome: str) -> tuple[float, float]:
    if is_yes_no(outcome):
        return -0.03, 1.03
    values = swept.outcomes[outcome]
    low, high = float(values.min()), float(values.max())
    return low - 0.04 * (high - low or 1.0), high + 0.04 * (high - low or 1.0)


def _against(axes: Axes, swept: Swept, outcome: str, name: str, number: int) -> Array:
    """Draw an outcome against one input; return the middle of each bin."""
    here = swept.scenario == number
    x, point, y = swept.inputs[name], swept.point[here], swept.outcomes[outcome][here]
    if not is_yes_no(outcome):
        shown = slice(None, None, max(1, len(y) // MOST_DOTS))
        axes.plot(
            x[point[shown]], y[shown], ".", color=GREY, alpha=0.3, markersize=2.5, rasterized=True
        )
    edges = np.quantile(x, np.linspace(0, 1, BINS + 1))
    bins = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, BINS - 1).astype(np.int8)
    filled = [b for b in range(BINS) if np.any(bins == b)]
    middles = [float(np.median(x[bins == b])) for b in filled]
    rows = np.array([_summary(outcome, y[(bins == b)[point]]) for b in filled]).T
    colour = side_of(outcome) or INK
    band(axes, middles, rows[0], rows[2], colour, 0.25)
    axes.plot(middles, rows[1], color=colour, linewidth=1.7)
    if is_yes_no(outcome):
        shares(axes, whole=False)
    return np.asarray(rows[1])


# --- over time ------------------------------------------------------------------------------------


def week_by_week(fans: Fans, swept: Swept) -> Figures:
    """Return a figure for each scenario: quantiles of indices over its worlds, week by week."""
    names = ["trajectories", *(f"trajectories-{n + 1}" for n in range(1, len(swept.scenarios)))]
    return Figures({name: partial(_weeks, fans, swept, n) for n, name in enumerate(names)})


def _weeks(fans: Fans, swept: Swept, number: int) -> Figure:
    figure = new_figure(12.0, 5.6)
    panels = grid(figure, len(WEEKLY) + 1, 4, sharex=True)
    inside = np.isfinite(fans.values["tilt"][number, 0])
    days: Any = [day for day, runs in zip(fans.mondays, inside, strict=True) if runs]
    for axes, name in zip(panels, WEEKLY, strict=False):
        low, quarter, middle, third, high = fans.values[name][number][:, inside]
        colour = side_of(name) or INK
        band(axes, days, low, high, colour)
        band(axes, days, quarter, third, colour, 0.3)
        axes.plot(days, middle, color=colour, linewidth=1.5)
        axes.set_ylim(-1.0 if LOWEST[name] else 0.0, 1.0)
        axes.set_title(outcome_label(name, swept.case))
        axes.set_ylabel(f"{OUTCOMES[name].low:.0f} to 1".replace("-", "−"))
    held = {regime: fans.shares[regime][number, inside] for regime in REGIMES}
    colours = [REGIME_COLOURS[regime] for regime in REGIMES]
    last = panels[-1]
    last.stackplot(days, list(held.values()), colors=colours, linewidth=0, alpha=0.8)
    shares(last)
    last.set_title("which chairs are held")
    last.set_ylabel("share of worlds")
    ends = np.cumsum([share[-1] for share in held.values()])
    labels = [
        (end - share[-1] / 2, swept.case.regimes[regime], REGIME_COLOURS[regime])
        for end, (regime, share) in zip(ends, held.items(), strict=True)
        if share[-1] > 0.01
    ]
    at_lines(last, labels, letters=14)
    for axes in panels:
        spread(axes, days[0], days[-1], 4)
    common = max(REGIMES, key=lambda regime: held[regime][-1])
    words = so_words(f"regime:{common}@end", swept.case)
    title = f"{swept.scenarios[number]}: {words} in {percent(float(held[common][-1]))} of worlds"
    reading = "Line: median; bands: 25–75 % and 5–95 % of worlds, each week by itself."
    return _framed(figure, swept, title, reading)
