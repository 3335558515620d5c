"""How charts, tables and numbers are put on the page."""

from __future__ import annotations

import streamlit as st

from two_chairs_lab.render.markdown import escape_markdown
from two_chairs_lab.render.numbers import decimal, signed
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.compare.differences import Difference

from .marks import Spec


def chart(spec: Spec) -> None:
    """Show a chart as wide as its place."""
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")


def show_table(table: Table) -> None:
    """Show a table as it would be printed."""
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    cells = [[c if c == "---" else escape_markdown(str(c)) for c in row] for row in rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    st.markdown(f"**{escape_markdown(table.title)}**\n\n{lines}")


def moved_text(moved: Difference) -> str:
    """Say what the changes move, world by world, with its interval."""
    three = (moved.value, moved.low, moved.high)
    if moved.kind == "share":
        value, low, high = (decimal(100.0 * number, 1, sign=True) for number in three)
        return f"{value} points ({low} to {high})"
    value, low, high = map(signed, three)
    return f"{value} ({low} to {high})"
