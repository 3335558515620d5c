"""The chart of a report that can be driven: drawn once here, as it is; a script draws changes.

Nothing is computed by the script: it shows numbers that stand in the page (`stored`), as whole
multiples of `STEP`. Text stands beside the drawing, so that it keeps its size on a phone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from two_chairs.axes import PATRONS, REGIMES, TWO_CHAIRS, Array
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.plotting.style import BOTH, INK, PATRON_COLOURS, REGIME_COLOURS
from two_chairs_lab.render.names import role_name
from two_chairs_lab.render.numbers import date_words, percent, span, year_step

from .courses import Course, Shift, points_of

STEP = 10_000
"""Parts into which the unit of a stored number is divided."""
SIDE = 1000
"""Units of a drawing along both axes; it is stretched to its place."""
WIDEST = 1.0
MOST_LABELS = 14
"""Years that have room below a panel."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of a panel: a fan of quantiles, or an area on top of those before it.

    ``path`` and ``band`` are what is drawn as it is: a line with its band, or an area alone.
    """

    series: str
    colour: str
    words: str
    path: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its heading, its axis, its curves."""

    name: str
    title: str
    low: float
    high: float
    ticks: Sequence[tuple[str, float]]
    curves: Sequence[Curve]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A day marked in all panels; ``at`` is its place, in percent of the width."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the numbers under the pointer: what it is, the names of its series, as it is."""

    words: str
    kind: str
    series: str
    as_is: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template lays out of the chart."""

    panels: Sequence[Panel]
    years: Sequence[Mark]
    attacks: Sequence[Mark]
    takes_over: Sequence[Mark]
    rows: Sequence[Row]
    stored: Markup
    first: int
    """Point of time whose numbers are shown at first, and stand in the rows."""
    last: int
    at: str
    """The day of that point."""


def chart_of(
    scenario: Scenario, course: Course, shifts: Sequence[Shift], base: str | None
) -> Chart:
    """Return the chart of a run as it is, with the numbers of all that can be switched.

    Parameters
    ----------
    scenario
        What was run.
    course
        Its course as it is.
    shifts
        What every switch makes.
    base
        Name or path that a file with a change extends; ``None`` gives no such files.
    """
    points = points_of(scenario)
    x = np.array(points) / max(1, scenario.weeks - 1)
    cut_off = scenario.agents_act_from
    inside = cut_off is not None and scenario.start < cut_off <= scenario.end
    first = points.index(scenario.week_of(cut_off)) if inside and cut_off else len(points) - 1
    attacks = [event for event in scenario.events if event.is_attack]
    return Chart(
        panels=_panels(scenario, course, x, _reach(shifts)),
        years=_years(scenario),
        attacks=[_mark(scenario, e.date, date_words(e.date)) for e in attacks],
        takes_over=[_mark(scenario, cut_off, date_words(cut_off))] if inside and cut_off else [],
        rows=_rows(scenario, course, first),
        stored=stored(scenario, course, shifts, base, x),
        first=first,
        last=len(points) - 1,
        at=date_words(scenario.mondays()[points[first]]),
    )


def _mark(scenario: Scenario, day: Day, words: str) -> Mark:
    return Mark(100.0 * min(1.0, scenario.week_of(day) / max(1, scenario.weeks - 1)), words)


def _years(scenario: Scenario) -> list[Mark]:
    """Return the first Monday of each year, or of every so many in a long run.

    A run within one year has its first week alone.
    """
    mondays = scenario.mondays()
    every = year_step(mondays[0].year, mondays[-1].year, MOST_LABELS)
    firsts: dict[int, Day] = {}
    for day in mondays:
        firsts.setdefault(day.year, day)
    shown = {year: day for year, day in firsts.items() if year % every == 0}
    return [_mark(scenario, day, str(day.year)) for day in (shown or firsts).values()]


def _reach(shifts: Sequence[Shift]) -> float:
    """Return half of the height of the panel of differences: the same for all switches."""
    ends = [
        float(np.max(np.abs(shift.course[f"difference:{end}"])))
        for shift in shifts
        for end in ("p05", "p95")
    ]
    largest = max(ends, default=0.1)
    return next(
        (step for step in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if largest <= step), WIDEST
    )


def _panels(scenario: Scenario, course: Course, x: Array, reach: float) -> list[Panel]:
    names = {patron: role_name(patron, scenario.case) for patron in PATRONS}
    taken = scenario.parameters["seat_taken"].value
    seats = [
        _fan(
            f"{patron}_seat",
            PATRON_COLOURS[patron],
            f"{names[patron]}’s chair",
            course,
            x,
            0.0,
            1.0,
        )
        for patron in PATRONS
    ]
    tilt = _fan("tilt", INK, "tilt", course, x, -1.0, 1.0)
    whole = (("0", 0.0), (f"taken at {taken:.2f}", taken), ("1", 1.0))
    sides = ((names["rival"], 1.0), ("0", 0.0), (names["incumbent"], -1.0))
    ends = ((f"+{reach:g}", reach), ("0", 0.0), (f"−{reach:g}", -reach))
    moved = Curve("difference", BOTH, "difference", "")
    return [
        Panel("seats", "How firmly each chair is held", 0.0, 1.0, whole, seats),
        Panel("regimes", "Share of worlds", 0.0, 1.0, (("0 %", 0.0), ("100 %", 1.0)),
              _areas(scenario, course, x), stacked=True),
        Panel("tilt", "Tilt: towards whom", -1.0, 1.0, sides, [tilt]),
        Panel("difference", "Difference of the tilt, world by world", -reach, reach, ends, [moved]),
    ]  # fmt: skip


def _fan(
    name: str, colour: str, words: str, course: Course, x: Array, low: float, high: float
) -> Curve:
    p05, p50, p95 = (_down(course[f"{name}:{key}"], low, high) for key in ("p05", "p50", "p95"))
    return Curve(name, colour, words, path(x, p50), path(x, p05, p95))


def _areas(scenario: Scenario, course: Course, x: Array) -> list[Curve]:
    areas, below = [], np.zeros(len(x))
    for regime in REGIMES:
        above = below + course[f"regime:{regime}"]
        drawn = path(x, _down(below, 0.0, 1.0), _down(above, 0.0, 1.0))
        words = scenario.case.regimes[regime]
        areas.append(Curve(f"regime:{regime}", REGIME_COLOURS[regime], words, drawn))
        below = above
    return areas


def _down(values: Array, low: float, high: float) -> Array:
    """Return how far below the top of a panel values lie, as a share of its height."""
    return np.asarray((high - values) / (high - low))


def path(x: Array, y: Array, back: Array | None = None) -> str:
    """Return a line as the path of a drawing, or the band between two lines.

    Parameters
    ----------
    x, y
        Shares of the width and of the height, each (points,); a lone point is drawn as a line.
    back
        The other edge of a band, (points,).

    Examples
    --------
    >>> path(np.array([0.0, 1.0]), np.array([0.5, 0.25]))
    'M0 500L1000 250'
    """
    corners = [(at, down) for at, down in zip(x, y, strict=True)]
    if len(corners) == 1:
        corners.append((1.0, corners[0][1]))
    if back is not None:
        edge = [(at, down) for at, down in zip(x, back, strict=True)]
        corners += [(1.0, edge[0][1]), *edge] if len(edge) == 1 else edge[::-1]
    drawn = "L".join(f"{round(SIDE * at)} {round(SIDE * down)}" for at, down in corners)
    return f"M{drawn}" + "Z" * (back is not None)


def _rows(scenario: Scenario, course: Course, point: int) -> list[Row]:
    """Return the numbers of a point of time, as it is; those of a change have none."""
    names = {patron: role_name(patron, scenario.case) for patron in PATRONS}
    fans = {f"{patron}_seat": f"{names[patron]}’s chair, 0 to 1" for patron in PATRONS}
    fans |= {"tilt": f"tilt, −1 {names['incumbent']} alone, 1 {names['rival']} alone"}
    rows = []
    for series, words in fans.items():
        middle, low, high = (
            float(course[f"{series}:{end}"][point]) for end in ("p50", "p05", "p95")
        )
        rows.append(Row(words, "fan", series, span(low, middle, high)))
    for regime in REGIMES:
        series, words = f"regime:{regime}", f"worlds: {scenario.case.regimes[regime]}"
        share, error = course[series][point], course[f"{series}:error"][point]
        rows.append(Row(words, "share", series, percent(float(share), float(error))))
    rows.append(Row("difference of the tilt", "difference", "difference", ""))
    two = scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    rows.append(Row(f"difference of the share: {two}", "gained", "gained", ""))
    return rows


# --- what the page stores -------------------------------------------------------------------------


def stored(
    scenario: Scenario, course: Course, shifts: Sequence[Shift], base: str | None, x: Array
) -> Markup:
    """Return the numbers that the script shows, as JSON that no text can end before its time."""
    mondays = scenario.mondays()
    names, changed = list(course), list(shifts[0].course) if shifts else []
    content = {
        "step": STEP,
        "dates": [date_words(mondays[point]) for point in points_of(scenario)],
        "x": [round(SIDE * float(at)) for at in x],
        "names": names,
        "asIs": [_whole(course[name]) for name in names],
        "changedNames": changed,
        "switches": [_switch(shift, changed, scenario, base) for shift in shifts],
    }
    return in_page(content)


def _switch(
    shift: Shift, names: Sequence[str], scenario: Scenario, base: str | None
) -> dict[str, Any]:
    """Return a switch as the page stores it: numbers from the first point that differs on."""
    return {
        "words": shift.switch.words,
        "since": shift.since,
        "file": "" if base is None else shift.switch.file(base, scenario),
        "series": [_whole(shift.course[name][shift.since :]) for name in names],
    }


def _whole(values: Array) -> list[int | None]:
    return [None if np.isnan(value) else whole(float(value)) for value in values]


def whole(value: float) -> int:
    """Return a number in steps of `STEP`, chosen so that it is written as the number itself is.

    A number next to the middle between two written ones is moved off that middle, to its own side.

    Examples
    --------
    >>> whole(0.5), whole(0.02499999), whole(-0.02500001)
    (5000, 249, -251)
    """
    size, steps = abs(value), round(abs(value) * STEP)
    if steps % 100 == 50:
        steps += 1 if float(f"{size:.2f}") * STEP > steps else -1
    elif steps % 10 == 5:
        steps += 1 if float(f"{100.0 * size:.1f}") * STEP / 100.0 > steps else -1
    return -steps if value < 0 else steps


def in_page(content: Mapping[str, Any]) -> Markup:
    r"""Return data as JSON to stand in a script element of a page: without ``<``, ``>`` and ``&``.

    Examples
    --------
    >>> print(in_page({"a": "</script>"}))
    {"a":"\u003c/script\u003e"}
    """
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
