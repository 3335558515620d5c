"""The tab Why: the change of a target over a window as a sum over its causes."""

from __future__ import annotations

from dataclasses import replace
from textwrap import shorten

import numpy as np
import streamlit as st

from two_chairs.axes import DOMAINS, PATRONS, Array
from two_chairs.errors import InputError
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.plotting.style import GREY, PATRON_COLOURS
from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.names import outcome_label
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.statistics.summaries import quantiles
from two_chairs_lab.studies.explain.study import Bar, Explanation, bars, explain, target_words

from . import charts, marks
from .looks import Look
from .session import Session
from .show import chart
from .widgets import DAYS

MOST_WORLDS = 200
"""Worlds in which a change is explained at most."""
MOST_BARS = 12
LONGEST = 90
"""Letters of a cause's name."""


@st.cache_resource(max_entries=8, show_spinner="Adding up the causes…")
def _explained(key: str, target: str, window: str, _ensemble: Ensemble) -> Explanation:  # noqa: ARG001
    return explain(_ensemble, target, window)


def why(session: Session, look: Look) -> None:
    """Show the change of a target over a window as a sum over causes."""
    target, window = _asked(session, look.scenario)
    ensemble = replace(look.ensemble, worlds=min(look.ensemble.worlds, MOST_WORLDS))
    try:
        found = _explained(look.key, target, window, ensemble)
    except InputError as error:
        st.error(escape_markdown(error.problems[0].message))
        return
    change = f"{float(np.mean(found.change)):+.3f}".replace("-", "−")
    chart(charts.bar_chart(cause_rows(found), "What moved it, in the order of time", COLOURS))
    st.caption(escape_markdown(
        f"Mean change of the {target_words(found)}: {change}, the exact sum of its causes in the "
        f"first {ensemble.worlds} worlds. Grey: start and end."
    ))  # fmt: skip


def _asked(session: Session, scenario: Scenario) -> tuple[str, str]:
    """Draw the choice of what is explained and over which window; return both by their names."""
    case = scenario.case
    pivot = case.with_role("pivot")
    targets = ["tilt", *(f"{patron}_seat" for patron in PATRONS)]
    targets += [f"{pivot}>{case.with_role(patron)}:{d}" for patron in PATRONS for d in DOMAINS]
    columns = st.columns(3)
    target = columns[0].selectbox(
        "What moved", targets, format_func=lambda name: outcome_label(name, case), key="target"
    )
    first, last = scenario.start, scenario.end
    until = min(scenario.agents_act_from or last, last)
    begin = columns[1].date_input("From", first, min_value=first, max_value=last, format=DAYS,
                                  key=f"from/{session.name}")  # fmt: skip
    end = columns[2].date_input("To", until, min_value=first, max_value=last, format=DAYS,
                                key=f"to/{session.name}")  # fmt: skip
    return target, f"{begin}:{end}"


COLOURS = {"total": GREY, "up": PATRON_COLOURS["rival"], "down": PATRON_COLOURS["incumbent"]}
"""Of start and end, of what moves a target up, of what moves it down."""


def cause_rows(found: Explanation) -> list[marks.Spec]:
    """Return start, causes in the order of time and end as bars, each where the last one ended."""
    listed = sorted(bars(found, MOST_BARS), key=lambda bar: (bar.date is None, str(bar.date)))
    rows, at = [_total(f"Start: {found.window.begin()}", found.start)], float(np.mean(found.start))
    for bar in listed:
        row = _row(bar, at)
        rows.append(row)
        at = row["end"]
    return [*rows, _total(f"End: week of {date_words(found.window.to)}", found.end)]


def _total(label: str, values: Array) -> marks.Spec:
    said = f"{np.mean(values):.2f}".replace("-", "−")
    return _numbers(label, "total", 0.0, values) | {"said": said}


def _row(bar: Bar, begin: float) -> marks.Spec:
    kind = "up" if np.mean(bar.values) >= 0.0 else "down"
    day = "" if bar.date is None else f"{date_words(bar.date)}: "
    words = shorten(bar.says.rstrip("."), LONGEST, placeholder=" …")
    return _numbers(f"{day}{words} [{bar.label}]", kind, begin, bar.values)


def _numbers(label: str, kind: str, begin: float, values: Array) -> marks.Spec:
    low, _, high = map(float, quantiles(values))
    value = float(np.mean(values))
    said = f"{value:+.2f}".replace("-", "−")
    return {
        "label": label, "kind": kind, "begin": begin, "end": begin + value, "value": value,
        "low": low, "high": high, "right": max(begin, begin + value), "said": said,
    }  # fmt: skip
