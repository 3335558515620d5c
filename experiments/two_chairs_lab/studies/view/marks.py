"""What the page's charts are made of, as Vega-Lite specifications: axes, lines, bands, their look.

Charts can be hovered, zoomed and saved by the buttons above them, and load nothing from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from two_chairs.axes import Array
from two_chairs.scenario.records import Scenario
from two_chairs_lab.plotting.style import INK
from two_chairs_lab.statistics.summaries import quantiles

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
            columns[f"was{n}"] = np.median(entry.behind, axis=-1)
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
