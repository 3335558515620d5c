"""Kinds of act in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from two_chairs.scenario.codebook import Action
from two_chairs_lab.render.numbers import decimal
from two_chairs_lab.render.terminal import plain_table

COLUMNS = ["action", "in CAMEO's words", "score", "", "security", "economy", "politics", "CAMEO"]


def actions_table(actions: Sequence[Action]) -> Table:
    """Return a row an action: its score from −10 to 10, deed or word, domain weights, code."""
    table = plain_table("Write one of these in the column action of an event", COLUMNS, left=2)
    table.columns[0].no_wrap = True
    table.columns[0].min_width = max((len(action.action) for action in actions), default=0)
    for action in actions:
        table.add_row(
            action.action,
            escape(action.name),
            decimal(action.goldstein, 1, sign=True),
            "deed" if action.material else "word",
            *(f"{share:g}" for share in action.domains()),
            escape(action.cameo),
        )
    return table
