"""How charts, tables and numbers are put on the page."""

from __future__ import annotations

import math

import streamlit as st

from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.numbers import percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.compare.differences import Difference

from .charts import Spec


def chart(spec: Spec) -> None:
    """Show a chart as wide as its place."""
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")


def show_table(table: Table) -> None:
    """Show a table as it would be printed."""
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    cells = [[c if c == "---" else escape_markdown(str(c)) for c in row] for row in rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    st.markdown(f"**{escape_markdown(table.title)}**\n\n{lines}")


def points_text(error: float) -> str:
    """Write half of the interval of a share in points, nothing where it can not be told.

    Examples
    --------
    >>> points_text(0.0213), points_text(float("nan"))
    ('± 2.1 points', '')
    """
    return "" if math.isnan(error) else f"± {100.0 * error:.1f} points"


def moved_text(moved: Difference) -> str:
    """Say what the changes move, world by world, with its interval."""
    three = (moved.value, moved.low, moved.high)
    if moved.kind == "share":
        value, low, high = (f"{100.0 * number:+.1f}" for number in three)
        return f"{value} points ({low} to {high})".replace("-", "−")
    value, low, high = (f"{round(number, 3) + 0.0:+.3f}" for number in three)
    return f"{value} ({low} to {high})".replace("-", "−")


def signed(value: float) -> str:
    """Write a number with two decimals and a true minus, none before a zero.

    Examples
    --------
    >>> signed(-0.156), signed(-0.001)
    ('−0.16', '0.00')
    """
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def percent_of(share: float) -> str:
    """Write a share with a space before its sign.

    Examples
    --------
    >>> percent_of(0.58)
    '58 %'
    """
    return percent(share).replace(" ", "").replace("%", " %")
