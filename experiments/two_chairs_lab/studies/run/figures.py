"""The figures of a run: functions that take a result and return a Figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from textwrap import fill
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from two_chairs.axes import DOMAINS, PATRONS, REGIMES
from two_chairs.scenario.records import Event, Observation, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.panels import fan, ghost, grid, spanned, weeks_of, years
from two_chairs_lab.plotting.style import (
    BLACK,
    BLUE,
    DOMAIN_COLOURS,
    DOMAIN_STYLES,
    GREEN,
    GREY,
    ORANGE,
    PATRON_COLOURS,
    PURPLE,
    RED,
    REGIME_COLOURS,
    SKY,
    STYLE,
    footnote,
    new_figure,
)

from .study import RunResult


def acting_line(axes: Axes, scenario: Scenario, label: bool = False) -> None:
    """Mark the week from which agents act, if it lies in the run."""
    if scenario.agents_act_from is None or scenario.agents_act_from > scenario.end:
        return
    at = mdates.date2num(scenario.agents_act_from)
    axes.axvline(at, color=BLACK, linewidth=0.9, linestyle=":")
    if label:
        axes.annotate(
            "the model takes over →", (at, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2),
            textcoords="offset points", va="top", fontsize=8, color=BLACK,
        )  # fmt: skip


def head(
    figure: Figure, result: RunResult, what: str, handles: Sequence[Any] = (), columns: int = 6
) -> None:
    """Write the title, and below it the legend on lines of its own."""
    title = fill(f"{result.ensemble.title()}: {what}", int(figure.get_figwidth() * 10))
    rows = -(-len(handles) // columns)
    lines = rows * max((handle.get_label().count("\n") + 1 for handle in handles), default=1)
    figure.suptitle(title + "\n" * (lines and lines + 1), x=0.01, ha="left", fontsize=12)
    if handles:
        top = 1.0 - (0.06 + 0.21 * (title.count("\n") + 1)) / figure.get_figheight()
        figure.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=columns,
            columnspacing=1.4, handlelength=1.8,
        )  # fmt: skip


def foot(figure: Figure, result: RunResult, note: str = "", *, fans: bool = True) -> None:
    """Write what the figure shows and what it is conditional on."""
    reading = "Line: median; band: 5–95 % of worlds." if fans else ""
    footnote(figure, f"{reading} {note} {result.ensemble.conditional_on()}")


def _name(scenario: Scenario, patron: Any) -> str:
    return scenario.case.actors[scenario.case.with_role(patron)].name


def _tick_colour(event: Event) -> str:
    return BLACK if event.goldstein < 0 else GREEN


def _event_ticks(axes: Axes, events: Iterable[Event], at: float, height: float) -> None:
    """Draw a tick for each event in axes coordinates; hostile and friendly apart."""
    transform = axes.get_xaxis_transform()
    for event in events:
        day = float(mdates.date2num(event.date))
        width = 1.6 if event.is_attack else 0.9
        axes.plot(
            [day, day], [at, at + height], transform=transform, color=_tick_colour(event),
            linewidth=width, solid_capstyle="butt",
        )  # fmt: skip


def _tick_handles() -> list[Line2D]:
    return [
        Line2D([], [], color=BLACK, linewidth=0, marker="|", markersize=9, label="hostile act"),
        Line2D([], [], color=GREEN, linewidth=0, marker="|", markersize=9, label="friendly act"),
    ]


def _acting(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.weight_high > 0.0]


def alignment_figure(result: RunResult) -> Figure:
    """Draw the alignment of every actor toward every other, by domain, with event ticks."""
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    actors = scenario.case.actors
    figure = new_figure(3.3 * (len(actors) - 1), 2.15 * len(actors) + 1.0)
    shape = (len(actors), len(actors) - 1)
    panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False)
    for row, holder in enumerate(actors):
        others = [key for key in actors if key != holder]
        for axes, toward in zip(panels[row], others, strict=True):
            for domain in DOMAINS:
                values = result.paths.outcome(f"{holder}>{toward}:{domain}")
                fan(axes, weeks, values, DOMAIN_COLOURS[domain], domain, DOMAIN_STYLES[domain])
            between = [
                e for e in _acting(scenario.events) if {e.actor, e.target} == {holder, toward}
            ]
            _event_ticks(axes, between, 0.0, 0.07)
            axes.axhline(0.0, color=GREY, linewidth=0.8)
            axes.set_title(f"{actors[holder].name} → {actors[toward].name}", loc="left")
            acting_line(axes, scenario)
            years(axes, result.paths)
            axes.tick_params(axis="x", labelsize=7.5)
            axes.set_ylim(-1.02, 1.02)
    for row in panels:
        row[0].set_ylabel("alignment, −1 to 1")
    handles = panels[0][0].get_legend_handles_labels()[0] + _tick_handles()
    head(figure, result, "who leans toward whom", handles)
    foot(
        figure, result, "Ticks: recorded acts between the two, either way; dotted line: agents act."
    )
    return figure


def seats_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw both seats, the regimes below them as a band, and the events by actor.

    Another run may stand faintly ``behind``.
    """
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    figure = new_figure(10, 8.6)
    top, tilt, band, lanes = figure.subplots(4, 1, sharex=True, height_ratios=[4, 2, 0.7, 1.4])
    for patron in PATRONS:
        label = f"{_name(scenario, patron)}'s seat"
        ghost(top, behind, f"{patron}_seat")
        fan(top, weeks, result.paths.outcome(f"{patron}_seat"), PATRON_COLOURS[patron], label)
    taken = scenario.parameters["seat_taken"].value
    top.axhline(taken, color=GREY, linewidth=0.8, linestyle="--")
    top.annotate(
        f"a seat is taken at {taken:.2f}", (weeks[0], taken), xytext=(4, 3),
        textcoords="offset points", fontsize=8, color="#555555",
    )  # fmt: skip
    acting_line(top, scenario, label=True)
    top.set_ylabel("occupancy, 0 to 1")
    top.set_ylim(0.0, 1.0)
    ghost(tilt, behind, "tilt")
    _tilt_panel(tilt, result)
    _regime_area(band, result)
    band.set_yticks([0.0, 1.0], ["0%", "100%"])
    band.set_ylabel("worlds", rotation=0, ha="right", va="center")
    _lanes(lanes, result)
    handles = top.get_legend_handles_labels()[0] + _regime_handles(result) + _tick_handles()
    head(figure, result, "the two chairs", handles, columns=4)
    note = "Below: share of worlds in each regime; recorded acts by actor, attacks with their row."
    foot(figure, result, note)
    return figure


def _tilt_panel(axes: Axes, result: RunResult) -> None:
    """Draw the tilt with the limits within which both seats held are two chairs."""
    scenario = result.ensemble.scenario
    fan(axes, weeks_of(result.paths), result.paths.outcome("tilt"), PURPLE, "tilt")
    enter = scenario.parameters["two_chairs_entry"].value
    leave = scenario.parameters["two_chairs_limit"].value
    for limit, style in ((enter, "--"), (leave, ":")):
        for sign in (-1, 1):
            axes.axhline(sign * limit, color=GREY, linewidth=0.8, linestyle=style)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.annotate(
        f"with both seats held: two chairs inside ±{enter:.2f} (left at ±{leave:.2f})",
        (0.005, 0.96), xycoords="axes fraction", va="top", fontsize=8, color="#555555",
    )  # fmt: skip
    axes.set_ylim(-0.8, 0.8)
    axes.set_ylabel("tilt, −1 to 1")
    acting_line(axes, scenario)


def _regime_area(axes: Axes, result: RunResult) -> None:
    shares = np.stack([result.paths.regime_share(regime) for regime in REGIMES], axis=-1)
    weeks, shares = spanned(weeks_of(result.paths), shares)
    colours = [REGIME_COLOURS[regime] for regime in REGIMES]
    axes.stackplot(weeks, shares.T, colors=colours, edgecolor="white", linewidth=0.4)
    axes.set_ylim(0.0, 1.0)
    acting_line(axes, result.ensemble.scenario)


def _regime_handles(result: RunResult) -> list[Patch]:
    labels = result.ensemble.scenario.case.regimes
    shown = {r for r in REGIMES if np.any(result.paths.regime_share(r) > 0)}
    return [Patch(color=REGIME_COLOURS[r], label=labels[r]) for r in REGIMES if r in shown]


def _lanes(axes: Axes, result: RunResult) -> None:
    scenario = result.ensemble.scenario
    names = list(scenario.case.actors)
    for event in _acting(scenario.events):
        day, lane = float(mdates.date2num(event.date)), len(names) - 1 - names.index(event.actor)
        width = 2.6 if event.is_attack else 1.0
        axes.plot(
            [day, day], [lane - 0.36, lane + 0.36], color=_tick_colour(event), linewidth=width
        )
        if event.is_attack:
            axes.annotate(
                event.id, (day, lane), xytext=(-5, 0), textcoords="offset points",
                fontsize=7.5, va="center", ha="right",
            )  # fmt: skip
    labels = [scenario.case.actors[name].name for name in reversed(names)]
    heights = list(range(len(names)))
    dated = [entry.date for entry in scenario.conditions]
    dated += [entry.date for entry in scenario.interventions]
    if dated:
        days = [float(mdates.date2num(day)) for day in dated]
        axes.plot(days, [-1.0] * len(days), "D", color=PURPLE, markersize=4)
        labels, heights = ["set by the scenario", *labels], [-1, *heights]
    axes.set_yticks(heights, labels)
    axes.set_ylim(min(heights) - 0.6, len(names) - 0.4)
    axes.grid(visible=False)
    acting_line(axes, scenario)
    years(axes, result.paths)


def split_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw both seats domain by domain, and the split; another run may stand faintly behind."""
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    figure = new_figure(10, 6.6)
    panels = grid(figure, len(DOMAINS) + 1, 2, sharex=True)
    for axes, domain in zip(panels, DOMAINS, strict=False):
        for patron in PATRONS:
            values = result.paths.outcome(f"seat:{patron}:{domain}")
            ghost(axes, behind, f"seat:{patron}:{domain}")
            fan(axes, weeks, values, PATRON_COLOURS[patron], f"{_name(scenario, patron)}'s seat")
        axes.set_title(domain, loc="left")
        axes.set_ylim(0.0, 1.0)
        axes.set_ylabel("occupancy, 0 to 1")
        acting_line(axes, scenario, label=domain == DOMAINS[0])
        years(axes, result.paths)
    handles = panels[0].get_legend_handles_labels()[0]
    last = panels[-1]
    ghost(last, behind, "split")
    fan(last, weeks, result.paths.outcome("split"), PURPLE, "split")
    last.set_title("split: how far the domains lean different ways", loc="left")
    last.set_ylabel("split, tilt units")
    last.set_ylim(bottom=0.0)
    acting_line(last, scenario)
    years(last, result.paths)
    head(figure, result, "the chairs by domain", handles)
    foot(figure, result)
    return figure


def regimes_figure(result: RunResult) -> Figure:
    """Draw the share of worlds in each regime over time."""
    scenario = result.ensemble.scenario
    figure = new_figure(10, 4.4)
    axes = figure.subplots()
    _regime_area(axes, result)
    acting_line(axes, scenario, label=True)
    axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
    axes.set_ylabel("share of worlds")
    years(axes, result.paths)
    head(figure, result, "share of worlds in each regime", _regime_handles(result))
    foot(figure, result, fans=False)
    return figure


def payoffs_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw strain and the three payoffs; another run may stand faintly behind."""
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    figure = new_figure(10, 6.4)
    panels = (
        ("strain", "strain: both seats held between hostile poles", PURPLE),
        ("security", "security payoff", BLUE),
        ("welfare", "welfare payoff", ORANGE),
        ("autonomy", "autonomy payoff", GREEN),
    )
    for axes, (name, title, colour) in zip(
        figure.subplots(2, 2, sharex=True).flat, panels, strict=True
    ):
        ghost(axes, behind, name)
        fan(axes, weeks, result.paths.outcome(name), colour, name)
        axes.set_title(title, loc="left")
        axes.set_ylim(0.0, 1.0)
        axes.set_ylabel("0 to 1")
        acting_line(axes, scenario, label=name == "strain")
        years(axes, result.paths)
    head(figure, result, "strain and payoffs")
    foot(figure, result)
    return figure


POINT_SHIFT = 25
"""Days by which the points of each further series are moved, so that none hides another."""
SHARES = ("dependence:incumbent", "share")
"""Observed shares drawn in one panel: beside security dependence, or for themselves."""
SERIES_STYLES = ((BLACK, "o"), (RED, "s"), (PURPLE, "^"), (SKY, "D"), (GREY, "v"), (ORANGE, "P"))


def observed_figure(result: RunResult) -> Figure | None:
    """Draw observed points beside the quantities they may be compared with, if there are any.

    Alignment (left) and share of answers (right) have axes of their own: −1 stands beside 0 % and
    1 beside 100 %, which is a drawing aid and no measurement model.
    """
    scenario = result.ensemble.scenario
    seen = [o for o in scenario.observations if _inside(o, result)]
    if not seen:
        return None
    named = dict.fromkeys(o.beside for o in seen)
    polled = [name for name in named if name not in (*SHARES, "none")]
    rows = (len(polled) + 2) // 2
    figure = new_figure(10, 3.6 * rows + 0.8)
    *panels, last = grid(figure, len(polled) + 1, 2)
    for axes, name in zip(panels, polled, strict=True):
        _observed_panel(axes, result, name, [o for o in seen if o.beside == name])
    _shares_panel(last, result, [o for o in seen if o.beside in SHARES])
    head(figure, result, "observed points beside the curves")
    foot(figure, result, "Points are observed, not fitted; bars of polls: ±5 points (assumed).")
    return figure


def _inside(observation: Observation, result: RunResult) -> bool:
    return result.paths.dates[0] <= _middle(observation) <= result.paths.dates[-1]


def _middle(observation: Observation) -> date:
    return observation.start + (observation.end - observation.start) / 2


def _points(
    axes: Axes, observations: Iterable[Observation], key: Callable[[Observation], str]
) -> None:
    listed = list(observations)
    names = dict.fromkeys(map(key, listed))
    for number, (series, (colour, marker)) in enumerate(zip(names, SERIES_STYLES, strict=False)):
        chosen = [o for o in listed if key(o) == series]
        axes.errorbar(
            [mdates.date2num(_middle(o)) + number * POINT_SHIFT for o in chosen],
            [o.value for o in chosen],
            yerr=[o.error or 0.0 for o in chosen],
            fmt=marker, color=colour, markersize=5, capsize=2, linewidth=1, label=series,
        )  # fmt: skip


def _observed_panel(axes: Axes, result: RunResult, name: str, seen: list[Observation]) -> None:
    scenario = result.ensemble.scenario
    title = _outcome_title(scenario, name)
    fan(axes, weeks_of(result.paths), result.paths.outcome(name), GREY, f"model: {title}")
    axes.set_ylim(-1.0, 1.0)
    axes.set_ylabel("alignment, −1 to 1")
    axes.set_title(title, loc="left")
    right = axes.twinx()
    right.set_ylim(0.0, 1.0)
    right.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
    right.set_ylabel("share of answers")
    right.grid(visible=False)
    right.spines["right"].set_visible(True)
    _points(right, seen, lambda o: f"{o.house}: {o.question}")
    acting_line(axes, scenario)
    years(axes, result.paths)
    handles = axes.get_legend_handles_labels()[0] + right.get_legend_handles_labels()[0]
    _legend_below(axes, handles)


def _outcome_title(scenario: Scenario, name: str) -> str:
    """Write the name of an outcome for readers: the names of actors for their ids."""
    pair, _, domain = name.partition(":")
    if ">" not in pair:
        return name
    holder, toward = (scenario.case.actors[key].name for key in pair.split(">"))
    return f"{holder} → {toward}, {domain}"


def _shares_panel(axes: Axes, result: RunResult, seen: list[Observation]) -> None:
    values = result.paths.outcome("dependence:incumbent")
    incumbent = _name(result.ensemble.scenario, "incumbent")
    fan(axes, weeks_of(result.paths), values, GREY, f"model: security dependence on {incumbent}")
    _points(axes, seen, lambda o: o.question)
    axes.set_title("material shares", loc="left")
    axes.set_ylim(0.0, 1.05)
    axes.set_ylabel("share, 0 to 1")
    acting_line(axes, result.ensemble.scenario)
    years(axes, result.paths)
    _legend_below(axes, axes.get_legend_handles_labels()[0])


def _legend_below(axes: Axes, handles: Sequence[Any]) -> None:
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.05, -0.1), fontsize=7.5)


FIGURES: Mapping[str, Callable[[RunResult], Figure | None]] = {
    "alignment": alignment_figure,
    "seats": seats_figure,
    "split": split_figure,
    "regimes": regimes_figure,
    "payoffs": payoffs_figure,
    "observed": observed_figure,
}


def draw(result: RunResult, names: Iterable[str] = tuple(FIGURES)) -> dict[str, Figure]:
    """Draw figures of a run, all by default, those that it has data for."""
    with mpl.rc_context(STYLE):
        drawn = {name: FIGURES[name](result) for name in names}
    return {name: figure for name, figure in drawn.items() if figure is not None}
