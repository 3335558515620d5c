"""The figures of a run: functions that take a result and return a Figure.

Titles say what is found; they are computed from the result (`headlines`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import cycle
from textwrap import fill
from typing import Any

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from two_chairs.axes import DOMAINS, PATRONS, REGIMES
from two_chairs.scenario.records import Actor, Event, Observation, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.panels import (
    LABEL,
    at_lines,
    fan,
    ghost,
    grid,
    level,
    shares,
    spanned,
    weeks_of,
    years,
)
from two_chairs_lab.plotting.style import (
    BOTH,
    DOMAIN_COLOURS,
    DOMAIN_STYLES,
    ECONOMY,
    FAINT,
    GREY,
    INK,
    PATRON_COLOURS,
    POLITICS,
    REGIME_COLOURS,
    SECURITY,
    Figures,
    frame,
    new_figure,
    side_of,
)
from two_chairs_lab.render.names import first_words, outcome_label, role_name
from two_chairs_lab.render.numbers import date_words, decimal

from .captions import headline, observed_in, used_in_fit
from .study import RunResult

MOST_NAMED = 6
"""Attacks up to which each is named over the seats."""
LEAST_NAMED = 0.005
"""Share of worlds from which a regime is named beside its area."""
HOSTILE, FRIENDLY = INK, "#B5B5B5"
"""Of recorded acts."""
HEIGHTS = (85, 44, 3)
"""Height of the rows of names above the panel, in points; the first only where they are many."""
MANY = 5
"""Attacks from which their names stand in three rows."""
ROOM_OF_A_NAME = 0.19
"""Share of the run's length from one name to the next of its row."""


def acting_line(axes: Axes, scenario: Scenario, label: bool = False) -> None:
    """Mark the week from which agents act, if it lies in the run."""
    if scenario.agents_act_from is None or scenario.agents_act_from > scenario.end:
        return
    at = mdates.date2num(scenario.agents_act_from)
    axes.axvline(at, color=INK, linewidth=0.9, linestyle=":")
    if label:
        axes.annotate(
            "the model takes over →", (at, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2),
            textcoords="offset points", va="top", fontsize=LABEL, color=INK,
        )  # fmt: skip


def framed(
    figure: Figure, result: RunResult, title: str, what: str, *, fans: bool = True
) -> Figure:
    """Write a finding above a figure of a run, and what it shows and is conditional on."""
    worlds = result.paths.arrays["regime"].shape[-1]
    reading = ""
    if fans:
        many = "Line: median; band: 5–95 % of worlds." if worlds > 1 else "A single world."
        reading = f"{many} Dotted: the record ends, the model takes over."
    conditional = result.ensemble.conditional_on()
    return frame(figure, title, conditional, f"{result.ensemble.title()}. {what} {reading}")


def _name(scenario: Scenario, patron: Any) -> str:
    return role_name(patron, scenario.case)


def _sides(axes: Axes, scenario: Scenario) -> None:
    """Say at the right of a panel of the tilt which side is whose."""
    low, high = axes.get_ylim()
    ends = ((low, "incumbent", "↓"), (high, "rival", "↑"))
    sides = [
        (0.9 * at, f"{mark} {_name(scenario, patron)}", PATRON_COLOURS[patron])  # type: ignore[index]
        for at, patron, mark in ends
    ]
    at_lines(axes, sides)


# --- acts -----------------------------------------------------------------------------------------


def _event_ticks(axes: Axes, events: Iterable[Event], at: float, height: float) -> None:
    """Draw a tick for each event in axes coordinates; hostile and friendly apart."""
    for hostile in (False, True):
        chosen = [event for event in events if (event.goldstein < 0) == hostile]
        axes.vlines(
            [float(mdates.date2num(event.date)) for event in chosen], at, at + height,
            transform=axes.get_xaxis_transform(), color=HOSTILE if hostile else FRIENDLY,
            linewidth=[1.8 if event.is_attack else 0.9 for event in chosen],
        )  # fmt: skip


def _acting(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.weight_high > 0.0]


def _attacks(axes: Axes, scenario: Scenario) -> None:
    """Name the recorded attacks above a panel, each at its date, by the first words of its row.

    Names stand in two or three rows; one without room beside the last of its row is left out.
    """
    attacks = sorted(
        (event for event in _acting(scenario.events) if event.is_attack), key=lambda e: e.date
    )
    if not 0 < len(attacks) <= MOST_NAMED:
        return
    room = (scenario.end - scenario.start).days * ROOM_OF_A_NAME
    rows = HEIGHTS if len(attacks) >= MANY else HEIGHTS[1:]
    named = dict.fromkeys(rows, -math.inf)
    for event in attacks:
        at = float(mdates.date2num(event.date))
        axes.axvline(at, color=HOSTILE, linewidth=0.7, alpha=0.5)
        height = min(named, key=lambda row: named[row])
        if at - named[height] < room:
            continue
        named[height] = at
        axes.annotate(
            f"{date_words(event.date)}\n{fill(first_words(event.says), 22)}", (at, 1.0),
            xycoords=("data", "axes fraction"), xytext=(0, height),
            textcoords="offset points", ha="center", va="bottom", fontsize=LABEL - 1, color=FAINT,
            linespacing=1.05, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.5, "shrinkB": 0},
        )  # fmt: skip


# --- the seats ------------------------------------------------------------------------------------


def seats_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw both seats, the tilt, which chairs are held, and the events by actor.

    Another run may stand faintly ``behind``; by default the reference of a what-if does.
    """
    reference = result.reference
    if behind is None and reference is not None:
        behind = reference.paths
    scenario = result.ensemble.scenario
    figure = new_figure(9, 7.8)
    top, tilt, held, lanes = figure.subplots(4, 1, sharex=True, height_ratios=[4, 2.4, 1.3, 1.5])
    _both_seats(top, result, {p: f"{p}_seat" for p in PATRONS}, behind)
    taken = scenario.parameters["seat_taken"].value
    level(top, taken, f"a seat is taken at {decimal(taken)}")
    acting_line(top, scenario, label=True)
    _attacks(top, scenario)
    top.set_ylabel("held, 0 to 1")
    ghost(tilt, behind, "tilt")
    _tilt_panel(tilt, result)
    _regime_area(held, result)
    held.set_ylabel("share of\nworlds")
    _lanes(lanes, result)
    what = (
        "From above: both seats, the tilt between them, which chairs are held, the recorded acts "
        "by actor (dark: hostile, pale: friendly, thick: attacks)."
    )
    if behind is not None:
        named = f"“{reference.title}”" if reference is not None else "what it is compared with"
        what += f" Grey: the median of {named}."
    return framed(figure, result, headline("seats", result), what)


def _both_seats(
    axes: Axes, result: RunResult, outcomes: Mapping[Any, str], behind: Trajectory | None
) -> None:
    """Draw both patrons' seats with their names at the lines."""
    labels = []
    for patron, outcome in outcomes.items():
        ghost(axes, behind, outcome)
        colour = PATRON_COLOURS[patron]
        last = fan(axes, weeks_of(result.paths), result.quantiles(outcome), colour)
        labels.append((last, f"{_name(result.ensemble.scenario, patron)}'s seat", colour))
    axes.set_ylim(0.0, 1.0)
    at_lines(axes, labels)


def _tilt_panel(axes: Axes, result: RunResult) -> None:
    """Draw the tilt with the limits within which both seats held are two chairs."""
    scenario = result.ensemble.scenario
    enter = scenario.parameters["two_chairs_entry"].value
    leave = scenario.parameters["two_chairs_limit"].value
    axes.axhspan(-leave, leave, color=BOTH, alpha=0.09, linewidth=0)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    fan(axes, weeks_of(result.paths), result.quantiles("tilt"), INK)
    axes.set_ylim(-0.8, 0.8)
    axes.annotate(
        f"shaded: two chairs, if both seats are held (±{decimal(leave)}; ±{decimal(enter)} to "
        "enter)",
        (0.005, 0.97), xycoords="axes fraction", va="top", fontsize=LABEL - 0.5, color=FAINT,
    )  # fmt: skip
    _sides(axes, scenario)
    axes.set_ylabel("tilt, −1 to 1")
    acting_line(axes, scenario)


def _regime_area(axes: Axes, result: RunResult) -> None:
    """Draw the share of worlds in each regime, with the names at the right."""
    held = np.stack([result.paths.regime_share(regime) for regime in REGIMES], axis=-1)
    weeks, held = spanned(weeks_of(result.paths), held)
    colours = [REGIME_COLOURS[regime] for regime in REGIMES]
    axes.stackplot(weeks, held.T, colors=colours, edgecolor="white", linewidth=0.4, alpha=0.8)
    shares(axes)
    labels = result.ensemble.scenario.case.regimes
    middles = np.cumsum(held[-1]) - held[-1] / 2.0
    named = [
        (float(middle), labels[regime], REGIME_COLOURS[regime])
        for middle, regime, share in zip(middles, REGIMES, held[-1], strict=True)
        if share >= LEAST_NAMED
    ]
    inches = axes.get_window_extent().height / axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    at_lines(axes, named, least=0.17 / max(inches, 0.5))
    for number, regime in enumerate(REGIMES):
        share, most = held[:, number], int(np.argmax(held[:, number]))
        if share[-1] < LEAST_NAMED and share[most] > 0.3:
            middle = np.flatnonzero(share == share[most])
            where = (
                weeks[int(np.median(middle))],
                float(held[most, :number].sum() + share[most] / 2),
            )
            axes.text(*where, labels[regime], color="white", fontsize=LABEL, fontweight="bold",
                      ha="center", va="center")  # fmt: skip
    acting_line(axes, result.ensemble.scenario)


def _lanes(axes: Axes, result: RunResult) -> None:
    """Draw every recorded act at its date, a lane an actor; below, what the scenario sets."""
    scenario = result.ensemble.scenario
    names = list(taking_part(scenario))
    for event in _acting(scenario.events):
        at, lane = float(mdates.date2num(event.date)), len(names) - 1 - names.index(event.actor)
        axes.vlines(
            at, lane - 0.36, lane + 0.36, color=HOSTILE if event.goldstein < 0 else FRIENDLY,
            linewidth=2.8 if event.is_attack else 1.1,
        )  # fmt: skip
    labels = [scenario.case.actors[name].name for name in reversed(names)]
    heights = list(range(len(names)))
    dated = [entry.date for entry in scenario.conditions]
    dated += [entry.date for entry in scenario.interventions]
    if dated:
        days = [float(mdates.date2num(at)) for at in dated]
        axes.plot(days, [-1.0] * len(days), "D", color=FAINT, markersize=4)
        labels, heights = ["set by the scenario", *labels], [-1, *heights]
    axes.set_yticks(heights, labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(min(heights) - 0.6, len(names) - 0.4)
    axes.grid(visible=False)
    acting_line(axes, scenario)
    years(axes, result.paths)


def taking_part(scenario: Scenario) -> Mapping[str, Actor]:
    """Return the actors that matter: all but bystanders of whom no act is recorded."""
    seen = {key for event in scenario.events for key in (event.actor, event.target)}
    actors = scenario.case.actors
    return {key: a for key, a in actors.items() if a.role != "bystander" or key in seen}


# --- the other figures ----------------------------------------------------------------------------


def alignment_figure(result: RunResult) -> Figure:
    """Draw the alignment of every actor toward every other, by domain, with event ticks."""
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    actors = taking_part(scenario)
    figure = new_figure(3.2 * (len(actors) - 1) + 0.6, 1.9 * len(actors))
    shape = (len(actors), len(actors) - 1)
    panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False)
    panels[0][0].set_ylim(-1.02, 1.02)
    for row, holder in enumerate(actors):
        others = [key for key in actors if key != holder]
        for axes, toward in zip(panels[row], others, strict=True):
            ends = []
            for domain in DOMAINS:
                percentiles = result.quantiles(f"{holder}>{toward}:{domain}")
                last = fan(axes, weeks, percentiles, DOMAIN_COLOURS[domain], DOMAIN_STYLES[domain])
                ends.append((last, domain, DOMAIN_COLOURS[domain]))
            pair = [e for e in _acting(scenario.events) if {e.actor, e.target} == {holder, toward}]
            _event_ticks(axes, pair, 0.0, 0.07)
            axes.axhline(0.0, color=GREY, linewidth=0.8)
            axes.set_title(f"{actors[holder].name} → {actors[toward].name}")
            acting_line(axes, scenario)
            if axes is panels[row][-1]:
                at_lines(axes, ends, least=0.11)
    years(panels[0][0], result.paths, NARROW)
    for row in panels:
        row[0].set_ylabel("alignment, −1 to 1")
    what = "Ticks: recorded acts between the two, either way (dark: hostile, pale: friendly)."
    return framed(figure, result, headline("alignment", result), what)


def split_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw both seats domain by domain, and the split; another run may stand faintly behind."""
    scenario = result.ensemble.scenario
    figure = new_figure(10, 5.4)
    panels = grid(figure, len(DOMAINS) + 1, 2, sharex=True)
    for axes, domain in zip(panels, DOMAINS, strict=False):
        _both_seats(axes, result, {p: f"seat:{p}:{domain}" for p in PATRONS}, behind)
        axes.set_title(domain)
        axes.set_ylabel("held, 0 to 1")
        acting_line(axes, scenario, label=domain == DOMAINS[0])
    last = panels[-1]
    ghost(last, behind, "split")
    fan(last, weeks_of(result.paths), result.quantiles("split"), INK)
    last.set_title("split: how far the domains lean different ways")
    last.set_ylabel("tilt units")
    last.set_ylim(bottom=0.0)
    acting_line(last, scenario)
    years(last, result.paths)
    return framed(figure, result, headline("split", result), "Both seats, domain by domain.")


def regimes_figure(result: RunResult) -> Figure:
    """Draw the share of worlds in each regime over time."""
    figure = new_figure(9, 3.6)
    axes = figure.subplots()
    _regime_area(axes, result)
    acting_line(axes, result.ensemble.scenario, label=True)
    axes.set_ylabel("share of worlds")
    years(axes, result.paths)
    what = "Height: share of worlds in which these chairs are held."
    return framed(figure, result, headline("regimes", result), what, fans=False)


def payoffs_figure(result: RunResult, behind: Trajectory | None = None) -> Figure:
    """Draw strain and the three payoffs; another run may stand faintly behind."""
    scenario, weeks = result.ensemble.scenario, weeks_of(result.paths)
    figure = new_figure(10, 5.2)
    named = (
        ("strain", "strain: both seats held between hostile poles", BOTH),
        ("security", "security: safe from attack", SECURITY),
        ("welfare", "welfare: what the economic seats are worth", ECONOMY),
        ("autonomy", "autonomy: room from its protectors", POLITICS),
    )
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    panels[0][0].set_ylim(0.0, 1.0)
    for axes, (name, title, colour) in zip(panels.flat, named, strict=True):
        ghost(axes, behind, name)
        last = fan(axes, weeks, result.quantiles(name), colour)
        at_lines(axes, [(last, decimal(last), colour)])
        axes.set_title(title)
        acting_line(axes, scenario, label=name == "strain")
    for row in panels:
        row[0].set_ylabel("0 to 1")
    years(panels[0][0], result.paths)
    what = "Strain and three payoffs to the pivot; at the right the last median."
    return framed(figure, result, headline("payoffs", result), what)


# --- observed points ------------------------------------------------------------------------------

NARROW = 4
"""Ticks of years that have room below a narrow panel."""
POINT_SHIFT = 25
"""Days by which the points of each further series are moved, so that none hides another."""
SHARES = ("dependence:incumbent", "share")
"""Observed shares drawn in one panel: beside security dependence, or for themselves."""
MARKERS = ("o", "s", "^", "D", "v", "P")


def observed_figure(result: RunResult) -> Figure | None:
    """Draw observed points beside the quantities they may be compared with, if there are any.

    Points that the posterior of these worlds was fitted to are filled, the others hollow. Alignment
    (left) and share of answers (right) have axes of their own: −1 stands beside 0 % and 1 beside
    100 %, which is a drawing aid and no measurement model.
    """
    seen = observed_in(result)
    if not seen:
        return None
    named = dict.fromkeys(o.beside for o in seen)
    polled = [name for name in named if name not in (*SHARES, "none")]
    beside = [o for o in seen if o.beside in SHARES]
    number = len(polled) + bool(beside)
    rows = (number + 1) // 2
    figure = new_figure(10.5, 3.1 * rows)
    panels = grid(figure, number, min(number, 2), sharex=True)
    fitted = used_in_fit(result.ensemble)
    for axes, name in zip(panels, polled, strict=False):
        _observed_panel(axes, result, name, [o for o in seen if o.beside == name], fitted)
    if beside:
        _shares_panel(panels[-1], result, beside, fitted)
    years(panels[0], result.paths, NARROW)
    what = (
        "Filled: used in the fit; hollow: not. Bars: the error given for each point. Grey: model; "
        "−1 stands beside 0\u00a0%, 1 beside 100\u00a0%, which is a drawing aid and no measurement."
    )
    return framed(figure, result, headline("observed", result), what)


def middle_of(observation: Observation) -> date:
    """Return the day at which an observation is drawn."""
    return observation.start + (observation.end - observation.start) / 2


def _points(
    axes: Axes,
    observations: Iterable[Observation],
    key: Callable[[Observation], str],
    colour: str,
    fitted: frozenset[str],
) -> list[tuple[float, str, str]]:
    """Draw series of points, each with a mark of its own; return the names for their ends."""
    listed = list(observations)
    names = dict.fromkeys(map(key, listed))
    labels = []
    for number, (series, marker) in enumerate(zip(names, cycle(MARKERS), strict=False)):
        chosen = [o for o in listed if key(o) == series]
        for face in (colour, "white"):
            alike = [o for o in chosen if (o.id in fitted) == (face == colour)]
            if alike:
                axes.errorbar(
                    [mdates.date2num(middle_of(o)) + number * POINT_SHIFT for o in alike],
                    [o.value for o in alike], yerr=[o.error or 0.0 for o in alike], fmt=marker,
                    color=colour, markersize=5.5, capsize=2, linewidth=0.9, mfc=face,
                )  # fmt: skip
        labels.append((chosen[-1].value, f"{SIGNS[marker]} {series}", colour))
    return labels


SIGNS = dict(zip(MARKERS, "●■▲◆▼✚", strict=True))
"""Marks of series as letters."""


def _observed_panel(
    axes: Axes, result: RunResult, name: str, seen: list[Observation], fitted: frozenset[str]
) -> None:
    scenario = result.ensemble.scenario
    fan(axes, weeks_of(result.paths), result.quantiles(name), GREY)
    axes.set_ylim(-1.0, 1.0)
    axes.set_ylabel("alignment, −1 to 1")
    axes.set_title(outcome_label(name, scenario.case))
    right = axes.twinx()
    right.set_ylim(0.0, 1.0)
    right.set_yticks([])
    right.grid(visible=False)
    roles = {key: actor.role for key, actor in scenario.case.actors.items()}
    colour = side_of(name, roles) or INK
    labels = _points(right, seen, lambda o: f"{o.house}: {o.question}", colour, fitted)
    at_lines(right, labels, least=0.08, letters=26)
    acting_line(axes, scenario)


def _shares_panel(
    axes: Axes, result: RunResult, seen: list[Observation], fitted: frozenset[str]
) -> None:
    scenario = result.ensemble.scenario
    last = fan(axes, weeks_of(result.paths), result.quantiles("dependence:incumbent"), GREY)
    incumbent = _name(scenario, "incumbent")
    labels = _points(axes, seen, lambda o: o.question, INK, fitted)
    axes.set_title("material shares")
    axes.set_ylim(0.0, 1.05)
    axes.set_ylabel("share, 0 to 1")
    model = (last, f"model: security dependence on {incumbent}", FAINT)
    at_lines(axes, [*labels, model], least=0.08, letters=26)
    acting_line(axes, scenario)


FIGURES: Mapping[str, Callable[..., Any]] = {
    "alignment": alignment_figure,
    "seats": seats_figure,
    "split": split_figure,
    "regimes": regimes_figure,
    "payoffs": payoffs_figure,
    "observed": observed_figure,
}


def draw(result: RunResult, names: Iterable[str] = tuple(FIGURES)) -> Figures:
    """Return figures of a run, all by default, those that it has data for."""
    kept = [name for name in names if name != "observed" or observed_in(result)]
    return Figures({name: partial(FIGURES[name], result) for name in kept})
