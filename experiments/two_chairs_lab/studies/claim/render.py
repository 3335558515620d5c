"""What a claim's answer says to a person in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from two_chairs_lab.render.terminal import shown
from two_chairs_lab.studies.discover.render import EXPLAINED

from .answer import ClaimAnswer

LONG = {"map", "levels", "polls"}
"""Tables that only the folder holds: a figure shows them better."""


def print_claims(rows: Sequence[tuple[str, str, str]], console: Console) -> None:
    """Print the names, titles and questions of claims, and how to run one."""
    table = Table(box=None, pad_edge=False)
    table.add_column("claim", no_wrap=True)
    for column in ("title", "question"):
        table.add_column(column, overflow="fold")
    for name, title, question in rows:
        table.add_row(name, escape(title), escape(question))
    console.print(table)
    console.print("\nRun one by its name, or a file of your own: two-chairs claim NAME|FILE")


def print_answer(answer: ClaimAnswer, console: Console) -> None:
    """Print the answer to a claim: what is claimed, the verdict, where not, on what, the tables."""
    source, file = answer.space.source, answer.space.file
    where = f"paragraph {file.paragraph}, " if file.paragraph is not None else ""
    console.print(f"[bold]{escape(file.title)}[/bold] [dim]({where}{source.name})[/dim]")
    console.print(escape(file.says))
    console.print(f"{escape(file.question)}\n")
    for sentence in answer.sentences():
        console.print(Padding(escape(sentence), (0, 0, 1, 2)))
    for name, table in answer.tables().items():
        if table.rows and name not in LONG:
            console.print(shown(table, EXPLAINED if "explains" in table.columns else (), {"name"}))
            console.print()
    console.print(f"[dim]{escape(answer.basis().conditional_on)}[/dim]")
