"""The first chart of the page: both seats, the regimes below them, and lanes of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from two_chairs.axes import PATRONS, REGIMES, Array, Regime
from two_chairs.scenario.records import Event, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.style import GREY, INK, PATRON_COLOURS, REGIME_COLOURS
from two_chairs_lab.render.names import regime_words
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.studies.explain.targets import patron_name

from .marks import (
    DIGITS,
    FRIENDLY,
    Series,
    Spec,
    fan_layers,
    fan_rows,
    fan_tips,
    hover_rule,
    rows_of,
    takeover,
    time_axis,
    whole,
)


def seats_of(
    scenario: Scenario, paths: Trajectory, behind: Trajectory | None, stem: str = "{}_seat"
) -> list[Series]:
    """Return both seats as series, those without the changes behind them."""
    return [
        Series(
            f"{patron_name(scenario, patron)}'s seat",
            PATRON_COLOURS[patron],
            paths.outcome(stem.format(patron)),
            None if behind is None else behind.outcome(stem.format(patron)),
        )
        for patron in PATRONS
    ]


STRIP = (-0.46, -0.14)
"""Where the strip of regimes stands on the axis of the seats, below them."""
LANE = 0.085
LEAST_NAMED = 0.16
"""Share of worlds from which a regime has its name in the strip."""


def main_chart(scenario: Scenario, paths: Trajectory, behind: Trajectory | None = None) -> Spec:
    """Return the first look: both seats, the share of worlds in each regime, the events.

    All stand in one view over one axis of time, so that they are moved and hovered together.

    Parameters
    ----------
    scenario, paths
        What ran, and its paths.
    behind
        The same worlds without the changes.
    """
    days, series = paths.dates, seats_of(scenario, paths, behind)
    lanes = lanes_of(scenario)
    x, y = time_axis(days), _main_axis(lanes)
    rows = merged(fan_rows(days, series), regime_rows(paths))
    taken = round(scenario.parameters["seat_taken"].value, DIGITS)
    layers = [
        *takeover(scenario, label=True),
        _level(taken, GREY, [4, 4]),
        _level(0.0, "#BBBBBB", []),
        *regime_layers(scenario, paths, x, y),
        *fan_layers(days, series, x, y),
        hover_rule(x, [*fan_tips(series), *regime_tips(scenario, paths)]),
        *event_layers(scenario, lanes, x, y),
    ]
    return whole({
        "title": "How much of each seat is taken, 0 to 1", "data": {"values": rows},
        "height": 420, "layer": layers,
        "resolve": {"scale": {"color": "independent"}},
    })  # fmt: skip


def lanes_of(scenario: Scenario) -> dict[str, float]:
    """Return where the lane of each actor's acts stands on the axis of the seats."""
    first = STRIP[0] - 0.2
    return {key: first - LANE * n for n, key in enumerate(scenario.case.actors)}


def _main_axis(lanes: Mapping[str, float]) -> Spec:
    """Return the axis of the seats, which goes on below zero for what stands beneath them."""
    axis = {"title": None, "values": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], "format": ".1f",
            "domain": False, "ticks": False}  # fmt: skip
    ends = [min(lanes.values()) - LANE, 1.0]
    return {"type": "quantitative", "axis": axis, "scale": {"domain": ends, "nice": False}}


def _level(value: float, colour: str, dash: Sequence[int]) -> Spec:
    return {
        "mark": {"type": "rule", "color": colour, "strokeDash": list(dash)},
        "data": {"values": [{"v": value}]},
        "encoding": {"y": {"field": "v", "type": "quantitative"}},
    }


def merged(*tables: Sequence[Spec]) -> list[Spec]:
    """Return tables of the same weeks side by side."""
    return [
        {name: cell for row in rows for name, cell in row.items()}
        for rows in zip(*tables, strict=True)
    ]


def _words(text: str, at: Spec, **look: Any) -> Spec:
    """Return a text at a point of the axes, or of pixels."""
    mark = {"type": "text", "align": "left", "fontSize": 12, "color": INK, "text": text} | look
    return {"data": {"values": [{}]}, "mark": mark, "encoding": at}


# --- the strip of regimes ------------------------------------------------------------------------


def seen_regimes(paths: Trajectory) -> list[Regime]:
    """Return the regimes that any world is ever in."""
    return [regime for regime in REGIMES if np.any(paths.regime_share(regime) > 0.0)]


def regime_rows(paths: Trajectory) -> list[Spec]:
    """Return a row a week: the share in each regime, and where its band begins and ends."""
    low, high = STRIP
    columns: dict[str, Array] = {}
    below = np.zeros(len(paths.dates))
    for n, regime in enumerate(seen_regimes(paths)):
        share = paths.regime_share(regime)
        columns |= {f"share{n}": share, f"from{n}": low + (high - low) * below}
        below = below + share
        columns[f"to{n}"] = low + (high - low) * below
    return rows_of(paths.dates, columns)


def regime_layers(scenario: Scenario, paths: Trajectory, x: Spec, y: Spec) -> list[Spec]:
    """Return the strip of regimes with their names and their shares in the last week."""
    low, high = STRIP
    layers: list[Spec] = [
        _words("Share of worlds in each regime", {"x": {"value": 0}, "y": _at(y, high)}, dy=-9)
    ]
    below, last = 0.0, {"value": "width"}
    for n, regime in enumerate(seen_regimes(paths)):
        mark = {"type": "area", "color": REGIME_COLOURS[regime], "opacity": 0.6, "clip": True}
        ends = {"y": y | {"field": f"from{n}"}, "y2": {"field": f"to{n}"}}
        layers.append({"mark": mark, "encoding": {"x": x, **ends}})
        share = float(paths.regime_share(regime)[-1])
        if share >= LEAST_NAMED:
            name = f"{regime_words(regime, scenario.case)}: {percent(share)}"
            at = {"x": last, "y": _at(y, low + (high - low) * (below + share / 2.0))}
            layers.append(_words(name, at, align="right", dx=-4, fontWeight="bold"))
        below += share
    return layers


def _at(y: Spec, value: float) -> Spec:
    return {k: v for k, v in y.items() if k in ("type", "axis", "scale")} | {"datum": value}


def regime_tips(scenario: Scenario, paths: Trajectory) -> list[Spec]:
    """Return what the pointer tells of the regimes."""
    return [
        {"field": f"share{n}", "type": "quantitative", "format": ".0%",
         "title": regime_words(regime, scenario.case)}
        for n, regime in enumerate(seen_regimes(paths))
    ]  # fmt: skip


# --- the lanes of events -------------------------------------------------------------------------


KINDS = {"attack": INK, "other hostile act": "#9A9A9A", "friendly act": FRIENDLY}
"""Kind of act → colour."""


def event_rows(scenario: Scenario, lanes: Mapping[str, float]) -> list[Spec]:
    """Return the recorded acts that weigh anything, each in the lane of who acted."""
    actors = scenario.case.actors
    return [
        {
            "date": event.date.isoformat(), "by": actors[event.actor].name,
            "toward": actors[event.target].name, "what": event.says, "id": event.id,
            "kind": _kind(event), "lane": lanes[event.actor],
        }
        for event in scenario.events if event.weight_high > 0.0
    ]  # fmt: skip


def _kind(event: Event) -> str:
    if event.is_attack:
        return "attack"
    return "other hostile act" if event.goldstein < 0.0 else "friendly act"


def event_layers(
    scenario: Scenario, lanes: Mapping[str, float], x: Spec, y: Spec
) -> list[Spec]:  # fmt: skip
    """Return the acts as ticks in a lane for each actor, told under the pointer."""
    tips: list[Spec] = [{"field": "date", "type": "temporal", "title": "on",
                         "format": "%-d %b %Y"}]  # fmt: skip
    tips += [{"field": name, "type": "nominal"} for name in ("by", "toward", "what", "id")]
    colour = {"field": "kind", "type": "nominal", "legend": None,
              "scale": {"domain": list(KINDS), "range": list(KINDS.values())}}  # fmt: skip
    ticks: Spec = {
        "data": {"values": event_rows(scenario, lanes)},
        "mark": {
            "type": "tick",
            "orient": "vertical",
            "thickness": 3,
            "size": 13,
            "clip": True,
            "opacity": 1,
        },
        "encoding": {"x": x, "y": y | {"field": "lane"}, "color": colour, "tooltip": tips},
    }
    names = [
        _words(actor.name, {"x": {"value": 0}, "y": _at(y, lanes[key])}, color="#555555",
               baseline="middle", fontSize=11)
        for key, actor in scenario.case.actors.items()
    ]  # fmt: skip
    top = _at(y, STRIP[0] - 0.09)
    shift, heads = 0, [_words("Acts by:", {"x": {"value": 0}, "y": top})]
    for kind, ink in KINDS.items():
        at = {"x": {"value": 62 + shift}, "y": top}
        heads.append(_words(kind, at, color=ink, fontWeight="bold"))
        shift += 9 * len(kind) - 12 * (kind != "attack")
    return [*names, *heads, ticks]
