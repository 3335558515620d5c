"""Figures of a sweep: heat maps, regime maps, fans and scatters, small multiples by scenario.

They take tables and draw; nothing is run here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from two_chairs.axes import REGIMES, Array
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import shown_in
from two_chairs_lab.plotting.panels import band, grid, yearly
from two_chairs_lab.plotting.style import BLUE, GREY, REGIME_COLOURS, STYLE, frame, new_figure
from two_chairs_lab.render.names import input_label
from two_chairs_lab.results.trajectories import Fans
from two_chairs_lab.statistics.histograms import LOWEST

from .study import load_sweep, outcome_columns, point_columns, read_columns

BINS = 12
"""Bins of the bands in a scatter."""
WEEKLY = shown_in("weekly")
"""Indices that are drawn week by week."""
MOST_PANELS = 6
"""Parameters shown in a scatter when none are named."""


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
    regimes
        Names of the regimes for readers.
    """

    title: str
    conditional_on: str
    scenarios: tuple[str, ...]
    inputs: Mapping[str, Array]
    outcomes: Mapping[str, Array]
    scenario: NDArray[np.integer[Any]]
    point: NDArray[np.integer[Any]]
    regimes: Mapping[str, str]


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
        conditional_on=(
            f"Conditional on the model, its coding of events and the ranges swept; "
            f"{sweep.worlds} worlds, seed {sweep.plan.seed}. Not a forecast."
        ),
        scenarios=tuple(scenario.title for scenario in sweep.scenarios),
        inputs=point_columns(sweep),
        outcomes=outcome_columns(folder, sweep),
        scenario=columns["scenario"],
        point=columns["point"],
        regimes={str(key): label for key, label in sweep.scenarios[0].case.regimes.items()},
    )


def draw(swept: Swept, outcomes: Sequence[str], by: Sequence[str]) -> dict[str, Figure]:
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
    with mpl.rc_context(STYLE):
        if len(named) == 2 and max(levels) <= 60:
            figures = {o: heat_map(swept, o, named[0], named[1]) for o in chosen}
            regimes = regime_map(swept, named[0], named[1])
            return figures | ({"regimes": regimes} if regimes is not None else {})
        if len(named) == 1 and levels[0] <= 60:
            return {outcome: fan(swept, outcome, named[0]) for outcome in chosen}
        return {outcome: scatter(swept, outcome, named[:MOST_PANELS]) for outcome in chosen}


def _known(option: str, names: Sequence[str], columns: Mapping[str, Any]) -> list[str]:
    for name in names:
        if name not in columns:
            remedy = nearest(name, columns)
            raise InputError.at(f"{option} {name}", f"not a column of this sweep; {remedy}")
    return list(names)


def _panels(swept: Swept, width: float = 5.0, height: float = 4.2) -> tuple[Figure, list[Axes]]:
    number = len(swept.scenarios)
    columns = min(number, 2)
    rows = -(-number // columns)
    figure = new_figure(width * columns + 0.6, height * rows + 0.9)
    panels = grid(figure, number, columns)
    for axes, title in zip(panels, swept.scenarios, strict=True):
        axes.set_title(fill(title, 48), loc="left")
    return figure, panels


def _words(outcome: str) -> str:
    name, _, at = outcome.partition("@")
    return f"{name.replace('_', ' ')}, {'last week' if at == 'end' else at}"


def _framed(figure: Figure, swept: Swept, what: str, note: str) -> Figure:
    return frame(figure, f"{swept.title}: {what}", f"{note} {swept.conditional_on}")


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
    """Draw the mean of an outcome over two inputs, a panel a scenario."""
    figure, panels = _panels(swept)
    values = swept.outcomes[outcome]
    maps = [_cells(swept, n, x, y, values) for n in range(len(panels))]
    low = min(float(np.nanmin(cells)) for *_, cells in maps)
    high = max(float(np.nanmax(cells)) for *_, cells in maps)
    crosses_zero = low < 0.0 < high
    reach = max(-low, high)
    span: dict[str, Any] = (
        {"vmin": -reach, "vmax": reach} if crosses_zero else {"vmin": low, "vmax": high}
    )
    for axes, (xs, ys, cells) in zip(panels, maps, strict=True):
        colours = "PuOr" if crosses_zero else "viridis"
        mesh = axes.pcolormesh(xs, ys, cells, cmap=colours, shading="nearest", **span)
        axes.set_xlabel(input_label(x))
        axes.set_ylabel(input_label(y))
        axes.grid(visible=False)
    figure.colorbar(mesh, ax=panels, label=_words(outcome), shrink=0.9)
    return _framed(figure, swept, _words(outcome), "Colour: mean over replicates.")


def regime_map(swept: Swept, x: str, y: str) -> Figure | None:
    """Draw the most common regime over two inputs, if the sweep has kept regimes of one date."""
    dates = [o.partition("@")[2] for o in swept.outcomes if o.startswith("regime:")]
    kept = {r: f"regime:{r}@{dates[-1]}" for r in REGIMES if dates}
    kept = {r: name for r, name in kept.items() if name in swept.outcomes}
    if len(kept) < 2:
        return None
    figure, panels = _panels(swept)
    colours = [REGIME_COLOURS[regime] for regime in kept]
    for number, axes in enumerate(panels):
        shares = []
        for name in kept.values():
            xs, ys, cells = _cells(swept, number, x, y, swept.outcomes[name])
            shares.append(cells)
        common, share = np.argmax(shares, axis=0), np.max(shares, axis=0)
        axes.pcolormesh(
            xs, ys, common, cmap=ListedColormap(colours), vmin=-0.5, vmax=len(kept) - 0.5,
            shading="nearest",
        )  # fmt: skip
        sizes: dict[str, Any] = {
            "fontsize": 6.5,
            "ha": "center",
            "va": "center",
            "color": "#333333",
        }
        for (row, column), value in np.ndenumerate(share):
            if share.size <= 150:
                axes.text(float(xs[column]), float(ys[row]), f"{value:.0%}", **sizes)
        axes.set_xlabel(input_label(x))
        axes.set_ylabel(input_label(y))
        axes.grid(visible=False)
    handles = [Patch(color=REGIME_COLOURS[r], label=swept.regimes[r]) for r in kept]
    panels[0].legend(handles=handles, loc="upper left", bbox_to_anchor=(0, -0.14), ncols=len(kept))
    note = "Colour: the most common regime; number: its share of replicates."
    return _framed(figure, swept, f"regimes, {_words('@' + dates[-1]).strip(', ')}", note)


def fan(swept: Swept, outcome: str, x: str) -> Figure:
    """Draw the median and the 5–95 % band of an outcome over one input."""
    figure, panels = _panels(swept)
    values = swept.outcomes[outcome]
    levels, level = np.unique(swept.inputs[x], return_inverse=True)
    for number, axes in enumerate(panels):
        here = swept.scenario == number
        bands = np.array(
            [
                np.quantile(values[here & (level == index)[swept.point]], _BAND)
                for index in range(len(levels))
            ]
        )
        band(axes, levels, bands[:, 0], bands[:, 2], BLUE, 0.2)
        axes.plot(levels, bands[:, 1], "-o", color=BLUE, markersize=3.5)
        axes.set_xlabel(input_label(x))
        axes.set_ylabel(_words(outcome))
    note = "Line: median; band: 5–95 % of replicates."
    return _framed(figure, swept, _words(outcome), note)


_BAND = (0.05, 0.5, 0.95)


def scatter(swept: Swept, outcome: str, names: Sequence[str]) -> Figure:
    """Draw an outcome against inputs: every world a dot, the band of each bin over it."""
    columns = min(len(names), 3)
    rows = -(-len(names) // columns) * len(swept.scenarios)
    figure = new_figure(3.6 * columns + 0.4, 3.0 * rows + 0.9)
    cells = list(figure.subplots(rows, columns, squeeze=False).flat)
    panels = [(number, name) for number in range(len(swept.scenarios)) for name in names]
    values = swept.outcomes[outcome]
    for axes, (number, name) in zip(cells, panels, strict=False):
        here = swept.scenario == number
        x, point, y = swept.inputs[name], swept.point[here], values[here]
        shown = slice(None, None, max(1, len(y) // 3000))
        axes.plot(x[point[shown]], y[shown], ".", color=GREY, alpha=0.25, markersize=2.5)
        _bins(axes, x, point, y)
        axes.set_xlabel(input_label(name), fontsize=8)
        axes.set_ylabel(_words(outcome), fontsize=8)
        if len(swept.scenarios) > 1:
            axes.set_title(fill(swept.scenarios[number], 40), loc="left", fontsize=8)
    for spare in cells[len(panels) :]:
        spare.set_visible(False)
    note = "Dots: worlds; line: median of a bin; band: 5–95 % of it."
    return _framed(figure, swept, _words(outcome), note)


def _bins(axes: Axes, x: Array, point: NDArray[np.integer[Any]], y: Array) -> None:
    edges = np.quantile(x, np.linspace(0, 1, BINS + 1))
    bins = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, BINS - 1).astype(np.int8)
    filled = [b for b in range(BINS) if np.any(bins == b)]
    middles = [float(np.median(x[bins == b])) for b in filled]
    bands = np.array([np.quantile(y[(bins == b)[point]], _BAND) for b in filled])
    band(axes, middles, bands[:, 0], bands[:, 2], BLUE, 0.2)
    axes.plot(middles, bands[:, 1], color=BLUE, linewidth=1.6)


def week_by_week(fans: Fans, swept: Swept) -> dict[str, Figure]:
    """Return a figure for each scenario: quantiles of indices over its worlds, week by week."""
    names = ["trajectories", *(f"trajectories-{n + 1}" for n in range(1, len(swept.scenarios)))]
    with mpl.rc_context(STYLE):
        return {name: _weeks(fans, swept, number) for number, name in enumerate(names)}


def _weeks(fans: Fans, swept: Swept, number: int) -> Figure:
    figure = new_figure(13.0, 6.2)
    panels = grid(figure, len(WEEKLY) + 1, 4, sharex=True)
    inside = np.isfinite(fans.values["tilt"][number, 0])
    days: Any = [day for day, runs in zip(fans.mondays, inside, strict=True) if runs]
    for axes, name in zip(panels, WEEKLY, strict=False):
        low, quarter, middle, third, high = fans.values[name][number][:, inside]
        band(axes, days, low, high, BLUE)
        band(axes, days, quarter, third, BLUE, 0.3)
        axes.plot(days, middle, color=BLUE, linewidth=1.5)
        axes.set_ylim(-1.0 if LOWEST[name] else 0.0, 1.0)
        axes.set_title(name.replace("_", " "), loc="left")
    shares = [fans.shares[regime][number, inside] for regime in REGIMES]
    colours = [REGIME_COLOURS[regime] for regime in REGIMES]
    panels[-1].stackplot(days, shares, colors=colours, linewidth=0)
    panels[-1].set_ylim(0.0, 1.0)
    panels[-1].set_title("share of worlds in each regime", loc="left")
    for axes in panels:
        yearly(axes, 1 + len(days) // 208)
    handles = [Patch(color=REGIME_COLOURS[r], label=swept.regimes[r]) for r in REGIMES]
    figure.legend(handles=handles, loc="outside right upper")
    note = "Line: median; bands: 25–75 % and 5–95 % of worlds, each week by itself."
    return _framed(figure, swept, swept.scenarios[number], note)
