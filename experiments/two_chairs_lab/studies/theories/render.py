"""What rival theories say to a person in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import shown

POLLS = "polls"
"""The table that only the folder holds: a figure shows it better."""


def print_theories(
    told: Mapping[str, Any], sentences: Sequence[str], tables: Mapping[str, Table], console: Console
) -> None:
    """Print rival theories: where the model loses, what each predicts, how each scores."""
    console.print(f"[bold]Rival theories on '{escape(told['scenario'])}'[/bold]")
    for sentence in sentences:
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    shares = {"in 95 %", *tables["regimes"].columns[2:]}
    for name, table in tables.items():
        if name != POLLS:
            rows = tuple((str(name).replace("-", " "), *rest) for name, *rest in table.rows)
            console.print(shown(replace(table, rows=rows), shares))
            console.print()
    for theory in told["theories"].values():
        fixed = ", ".join(f"{key} = {value:g}" for key, value in theory["parameters"].items())
        text = f"{theory['label']} ({fixed})" if fixed else theory["label"]
        console.print(f"[dim]{escape(text)}[/dim]", soft_wrap=False)
    console.print(f"\n[dim]{escape(told['conditional_on'])}[/dim]")
