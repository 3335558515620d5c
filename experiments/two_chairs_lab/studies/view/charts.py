"""Charts of the page as Vega-Lite specifications: plain tables in, plain dictionaries out.

They can be hovered, zoomed and saved by the buttons above them, and load nothing from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from two_chairs.axes import PATRONS, REGIMES, Array, Regime
from two_chairs.scenario.records import Event, Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.style import GREY, INK, PATRON_COLOURS, REGIME_COLOURS
from two_chairs_lab.render.names import regime_words
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.explain.targets import patron_name

Spec = dict[str, Any]
FRIENDLY = "#5B8C5A"
DIGITS = 4
HEIGHT = 250
MOUSE = 'event.pointerType !== "touch"'
ZOOM: Spec = {
    "name": "zoom",
    "bind": "scales",
    "select": {
        "type": "interval",
        "encodings": ["x"],
        "zoom": "wheel![event.shiftKey]",
        "translate": f"[pointerdown[{MOUSE}], window:pointerup] > window:pointermove!",
    },
}
"""Shift and the wheel zoom, dragging moves, two clicks go back; a finger scrolls the page."""
LOOK: Spec = {
    "usermeta": {"embedOptions": {"actions": {
        "export": True, "source": False, "compiled": False, "editor": False,
    }}},
    "config": {
        "font": '"Source Sans", "Source Sans Pro", sans-serif',
        "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK,
                 "gridColor": "#ECECEC", "domainColor": "#BBBBBB", "tickColor": "#BBBBBB"},
        "title": {"anchor": "start", "fontSize": 13, "color": INK, "offset": 4},
        "legend": {"labelFontSize": 12, "labelColor": INK, "symbolStrokeWidth": 0},
        "view": {"stroke": None},
    },
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """A number in all worlds over time, to be drawn as a line and a band.

    Attributes
    ----------
    label, colour
        Its name for readers, and its colour.
    values
        Shape (weeks, worlds).
    behind
        The same without the changes, drawn as a broken line; shape (weeks, worlds).
    """

    label: str
    colour: str
    values: Array
    behind: Array | None = None


def whole(spec: Spec) -> Spec:
    """Return a specification with the common look."""
    return LOOK | spec


# --- axes and marks that charts share -------------------------------------------------------------


def time_axis(days: Sequence[date]) -> Spec:
    """Return the axis of time: years, or months where the run is short."""
    last = max(days[-1], days[0] + timedelta(days=6))
    few = (last - days[0]).days < 3 * 365
    axis: Spec = {
        "title": None, "format": "%b %Y" if few else "%Y", "grid": False, "labelFlush": True,
    }  # fmt: skip
    axis["tickCount"] = 5 if few else "year"
    ends = [days[0].isoformat(), last.isoformat()]
    return {
        "field": "date", "type": "temporal", "axis": axis,
        "scale": {"domain": ends, "nice": False},
    }  # fmt: skip


def number_axis(domain: tuple[float, float] | None, height: int = HEIGHT) -> Spec:
    """Return an axis of numbers, with its ends if they are given."""
    axis = {"title": None, "tickCount": max(height // 50, 2),
            "format": ".2f" if domain is None else ".1f"}  # fmt: skip
    scale = {"zero": False} if domain is None else {"domain": list(domain)}
    return {"type": "quantitative", "axis": axis, "scale": scale}


def takeover(scenario: Scenario, label: bool) -> list[Spec]:
    """Return the mark of the day from which agents act, if it lies in the run."""
    day = scenario.agents_act_from
    if day is None or day > scenario.end:
        return []
    at = {"data": {"values": [{"date": day.isoformat()}]}}
    x = {"field": "date", "type": "temporal"}
    rule: Spec = at | {
        "mark": {"type": "rule", "color": INK, "strokeDash": [2, 3]}, "encoding": {"x": x},
    }  # fmt: skip
    text: Spec = at | {
        "mark": {"type": "text", "align": "left", "dx": 4, "baseline": "top", "color": INK,
                 "fontSize": 12, "text": "the model takes over →"},
        "encoding": {"x": x, "y": {"value": 2}},
    }  # fmt: skip
    return [rule, text] if label else [rule]


# --- lines with bands over time -------------------------------------------------------------------


def fan_rows(days: Sequence[date], series: Sequence[Series]) -> list[Spec]:
    """Return a row a week: of each series the median and the 5th and 95th percentile."""
    columns: dict[str, Array] = {}
    for n, entry in enumerate(series):
        columns |= zip((f"low{n}", f"mid{n}", f"high{n}"), quantiles(entry.values), strict=True)
        if entry.behind is not None:
            columns[f"was{n}"] = quantiles(entry.behind)[1]
    return rows_of(days, columns)


def rows_of(days: Sequence[date], columns: Mapping[str, Array]) -> list[Spec]:
    """Return a row a week of weekly columns, each (weeks,); a lone week lasts to its Sunday."""
    lists = {name: np.round(values, DIGITS).tolist() for name, values in columns.items()}
    rows = [
        {"date": day.isoformat(), **{name: values[week] for name, values in lists.items()}}
        for week, day in enumerate(days)
    ]
    last = (days[-1] + timedelta(days=6)).isoformat()
    return rows if len(rows) > 1 else [*rows, rows[0] | {"date": last}]


def fan_view(
    days: Sequence[date],
    series: Sequence[Series],
    y: Spec,
    height: int = HEIGHT,
    extra: Sequence[Spec] = (),
) -> Spec:
    """Return a view of lines with bands of 5 to 95 % of worlds, with values under the pointer."""
    x = time_axis(days)
    layers = [*extra, *fan_layers(days, series, x, y), hover_rule(x, fan_tips(series))]
    return {"data": {"values": fan_rows(days, series)}, "height": height, "layer": layers}


def fan_layers(days: Sequence[date], series: Sequence[Series], x: Spec, y: Spec) -> list[Spec]:
    """Return bands, then what was without the changes, then lines, then their names."""
    layers = [_band(n, entry, x, y) for n, entry in enumerate(series)]
    for n, entry in enumerate(series):
        if entry.behind is not None:
            dashed = {"strokeDash": [5, 4], "opacity": 0.8, "strokeWidth": 1.6}
            layers.append(_line(f"was{n}", entry.colour, x, y, **dashed))
        layers.append(_line(f"mid{n}", entry.colour, x, y, strokeWidth=2.4))
    return [*layers, *_names(series, days, x, y)]


def _line(field: str, colour: str, x: Spec, y: Spec, **look: Any) -> Spec:
    mark = {"type": "line", "color": colour, "clip": True} | look
    return {"mark": mark, "encoding": {"x": x, "y": y | {"field": field}}}


def _band(n: int, entry: Series, x: Spec, y: Spec) -> Spec:
    mark = {"type": "area", "color": entry.colour, "opacity": 0.16, "clip": True}
    ends = {"y": y | {"field": f"low{n}"}, "y2": {"field": f"high{n}"}}
    return {"mark": mark, "encoding": {"x": x, **ends}}


ROOM = (0.15, 0.85)
"""Between which values there is room for a name on either side of a line."""


def _names(series: Sequence[Series], days: Sequence[date], x: Spec, y: Spec) -> list[Spec]:
    """Return names at the lines, where they lie furthest apart."""
    named = [entry for entry in series if entry.label]
    middles = [np.median(entry.values, axis=-1) for entry in named]
    if not named or len(days) < 2:
        return []
    first, last = len(days) // 8, max(len(days) * 5 // 8, len(days) // 8 + 1)
    apart = [min((abs(m[w] - o[w]) for o in middles if o is not m), default=0.0)
             for w in range(first, last) for m in middles[:1]]  # fmt: skip
    week = first + int(np.argmax(apart))
    layers = []
    for entry, middle in zip(named, middles, strict=True):
        above = middle[week] >= max(other[week] for other in middles)
        above = (above and middle[week] < ROOM[1]) or middle[week] < ROOM[0]
        mark = {"type": "text", "text": entry.label, "color": entry.colour, "fontWeight": "bold",
                "fontSize": 13, "dy": -12 if above else 14}  # fmt: skip
        at = [{"date": days[week].isoformat(), "v": round(float(middle[week]), DIGITS)}]
        layers.append({"data": {"values": at}, "mark": mark,
                       "encoding": {"x": x, "y": y | {"field": "v"}}})  # fmt: skip
    return layers


def fan_tips(series: Sequence[Series]) -> list[Spec]:
    """Return what the pointer tells of a week."""
    tips: list[Spec] = [{"field": "date", "type": "temporal", "title": "week of",
                         "format": "%-d %b %Y"}]  # fmt: skip
    for n, entry in enumerate(series):
        words = entry.label or "median"
        names = {f"mid{n}": words, f"low{n}": "5 % of worlds", f"high{n}": "95 % of worlds"}
        if entry.behind is not None:
            names[f"was{n}"] = f"{words} without the changes"
        tips += [{"field": field, "type": "quantitative", "title": title, "format": ".2f"}
                 for field, title in names.items()]  # fmt: skip
    return tips


def hover_rule(x: Spec, tips: Sequence[Spec]) -> Spec:
    """Return a rule at the point nearest to the pointer, with what it tells."""
    on = {"type": "point", "on": "pointermove", "nearest": True, "encodings": ["x"],
          "clear": "pointerout"}  # fmt: skip
    seen = {"condition": {"param": "hover", "empty": False, "value": 0.5}, "value": 0}
    return {
        "params": [{"name": "hover", "select": on}, ZOOM],
        "mark": {"type": "rule", "color": INK, "tooltip": True},
        "encoding": {"x": x, "opacity": seen, "tooltip": list(tips)},
    }


# --- the first look -------------------------------------------------------------------------------


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


# --- further looks --------------------------------------------------------------------------------


def fan_chart(
    scenario: Scenario,
    days: Sequence[date],
    series: Sequence[Series],
    title: str,
    domain: tuple[float, float] | None,
    height: int = 190,
) -> Spec:
    """Return one view of lines with bands, with its title."""
    extra = takeover(scenario, label=False)
    if domain is None or domain[0] < 0.0:
        zero = {"type": "rule", "color": GREY}
        at: Spec = {"y": {"field": "v", "type": "quantitative"}}
        extra.append({"data": {"values": [{"v": 0}]}, "mark": zero, "encoding": at})
    view = fan_view(days, series, number_axis(domain, height), height, extra)
    return whole(view | {"title": title})


def share_chart(
    scenario: Scenario,
    days: Sequence[date],
    shares: Mapping[str, Array],
    colours: Sequence[str],
    title: str,
) -> Spec:
    """Return shares of worlds over time, stacked, with their title; each of shape (weeks,)."""
    x, names = time_axis(days), list(shares)
    colour = {
        "field": "what", "type": "nominal", "scale": {"domain": names, "range": list(colours)},
        "legend": {"orient": "top", "title": None, "symbolType": "square", "offset": 2},
    }  # fmt: skip
    y = {"field": "share", "type": "quantitative", "stack": "zero", "scale": {"domain": [0, 1]},
         "axis": {"title": None, "format": ".0%", "values": [0, 0.5, 1]}}  # fmt: skip
    area: Spec = {
        "transform": [{"fold": names, "as": ["what", "share"]}],
        "mark": {"type": "area", "clip": True},
        "encoding": {"x": x, "y": y, "color": colour},
    }
    tips = fan_tips([])
    tips += [{"field": name, "type": "quantitative", "format": ".0%"} for name in names]
    layers = [area, *takeover(scenario, label=False), hover_rule(x, tips)]
    return whole({"title": title, "data": {"values": rows_of(days, shares)}, "height": 170,
                  "layer": layers})  # fmt: skip


def histogram(values: Array, behind: Array | None, title: str, colour: str) -> Spec:
    """Return in how many worlds a number lies where; broken: without the changes."""
    every = values if behind is None else np.concatenate([values, behind])
    edges = np.linspace(min(every.min(), 0.0), max(every.max(), 0.0) + 1e-9, 31)
    counts = {"now": values, "before": behind}
    columns = {
        name: np.histogram(numbers, edges)[0] / numbers.size
        for name, numbers in counts.items() if numbers is not None
    }  # fmt: skip
    rows = [
        {"from": round(float(edges[n]), 3), "to": round(float(edges[n + 1]), 3)}
        | {name: round(float(column[n]), DIGITS) for name, column in columns.items()}
        for n in range(len(edges) - 1)
    ]
    axis = {"title": None, "format": ".1f", "tickCount": 6}
    scale = {"zero": False, "nice": False}
    x = {"field": "from", "type": "quantitative", "axis": axis, "scale": scale}
    y = {"type": "quantitative", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    tips = [{"field": "from", "format": ".2f"}, {"field": "to", "format": ".2f"}]
    tips += [{"field": name, "format": ".1%", "title": f"share of worlds, {name}"}
             for name in columns]  # fmt: skip
    bars: Spec = {
        "mark": {"type": "bar", "color": colour, "opacity": 0.6},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "y": y | {"field": "now"},
            "y2": {"datum": 0},
            "tooltip": tips,
        },
    }
    dashed: Spec = {
        "mark": {"type": "line", "interpolate": "step-after", "color": INK, "strokeDash": [5, 4]},
        "encoding": {"x": x, "y": y | {"field": "before"}},
    }
    layers = [bars, *([dashed] if behind is not None else [])]
    return whole({"title": title, "data": {"values": rows}, "height": 190, "layer": layers})


def bar_chart(rows: Sequence[Spec], title: str, colours: Mapping[str, str]) -> Spec:
    """Return bars from ``begin`` to ``end``, each below its ``label``."""
    y = {"field": "label", "type": "nominal", "sort": None, "axis": None}
    tips = [{"field": "label", "title": "what"}, {"field": "value", "format": "+.3f"},
            {"field": "low", "format": "+.3f", "title": "5 % of worlds"},
            {"field": "high", "format": "+.3f", "title": "95 % of worlds"}]  # fmt: skip
    x = {
        "type": "quantitative",
        "axis": {"title": None, "format": ".1f", "orient": "top", "tickCount": 6},
    }
    bar: Spec = {
        "mark": {"type": "bar", "size": 11, "yOffset": 8},
        "encoding": {
            "y": y, "x": x | {"field": "begin"}, "x2": {"field": "end"}, "tooltip": tips,
            "color": {"field": "kind", "type": "nominal", "legend": None,
                      "scale": {"domain": list(colours), "range": list(colours.values())}},
        },
    }  # fmt: skip
    text = {"type": "text", "align": "left", "fontSize": 12, "color": INK}
    label: Spec = {
        "mark": text | {"dy": -6, "limit": 640},
        "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}},
    }
    said: Spec = {
        "mark": text | {"dx": 4, "dy": 8, "fontWeight": "bold"},
        "encoding": {"y": y, "x": x | {"field": "right"}, "text": {"field": "said"}},
    }
    return whole({"title": title, "data": {"values": list(rows)}, "height": 33 * len(rows),
                  "layer": [bar, label, said]})  # fmt: skip


def plane_chart(
    scenario: Scenario, paths: Trajectory, week: int, behind: Trajectory | None = None
) -> Spec:
    """Return the worlds of one week on the plane of the two seats, with the path of the medians."""
    names = scenario.case.regimes
    codes = paths.arrays["regime"][week]
    x, y = (np.round(paths.outcome(f"{patron}_seat")[: week + 1], 3) for patron in PATRONS)
    dots = [
        {"x": float(a), "y": float(b), "regime": names[REGIMES[code]]}
        for a, b, code in zip(x[-1], y[-1], codes, strict=True)
    ]
    trail = [
        {"x": float(a), "y": float(b), "n": n}
        for n, (a, b) in enumerate(zip(np.median(x, axis=-1), np.median(y, axis=-1), strict=True))
    ]
    axes = {
        axis: {"field": axis, "type": "quantitative", "scale": {"domain": [0, 1]},
               "axis": {"title": f"{patron_name(scenario, patron)}'s seat", "format": ".1f"}}
        for axis, patron in zip("xy", PATRONS, strict=True)
    }  # fmt: skip
    colour = {
        "field": "regime", "type": "nominal",
        "scale": {"domain": [names[r] for r in REGIMES],
                  "range": [REGIME_COLOURS[r] for r in REGIMES]},
        "legend": {"orient": "top", "title": None, "columns": 2},
    }  # fmt: skip
    cloud: Spec = {
        "data": {"values": dots},
        "mark": {"type": "point", "filled": True, "size": 28, "opacity": 0.6},
        "encoding": axes | {"color": colour, "tooltip": [{"field": "regime"}]},
    }
    path: Spec = {
        "data": {"values": trail}, "mark": {"type": "line", "color": INK, "strokeWidth": 1.5},
        "encoding": axes | {"order": {"field": "n"}},
    }  # fmt: skip
    layers = [cloud, path]
    if behind is not None and week < len(behind.dates):
        was = [
            {"x": float(a), "y": float(b)}
            for a, b in zip(*(behind.outcome(f"{p}_seat")[week] for p in PATRONS), strict=True)
        ]
        grey = {"type": "point", "filled": True, "size": 18, "opacity": 0.25, "color": GREY}
        layers.insert(0, {"data": {"values": was}, "mark": grey, "encoding": axes})
    return whole({"layer": layers, "height": 420})
