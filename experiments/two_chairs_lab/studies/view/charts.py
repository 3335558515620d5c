"""The further charts of the page: plain tables in, Vega-Lite specifications out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from two_chairs.axes import PATRONS, REGIMES, Array
from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.plotting.style import GREY, INK, REGIME_COLOURS
from two_chairs_lab.studies.explain.targets import patron_name

from .marks import (
    DIGITS,
    Series,
    Spec,
    fan_tips,
    fan_view,
    hover_rule,
    number_axis,
    rows_of,
    takeover,
    time_axis,
    whole,
)


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
