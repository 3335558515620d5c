"""Small things that all controls share: widgets that show what the session says, and problems."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from two_chairs.scenario.records import Scenario
from two_chairs_lab.render.markdown import escape_markdown

from .session import Session

DAYS = "YYYY-MM-DD"
"""How the fields of dates are written."""


def put(name: str, value: Any) -> str:
    """Set what a widget shows and return its key: the session decides, not the widget."""
    st.session_state[name] = value
    return name


def given(name: str) -> Any:
    """Return what a user has just set in a widget."""
    return st.session_state[name]


def complain(session: Session, where: str) -> None:
    """Say at a control what was wrong with what was asked there."""
    for problem in session.problems.get(where, ()):
        st.error(escape_markdown(problem))


def day_text(day: date) -> str:
    """Write a date.

    Examples
    --------
    >>> day_text(date(2023, 12, 4))
    '4 Dec 2023'
    """
    return f"{day.day} {day:%b %Y}"


def usual_day(scenario: Scenario) -> date:
    """Return the day that a field of dates starts with: from when agents act, inside the run."""
    return min(scenario.agents_act_from or scenario.start, scenario.end)
