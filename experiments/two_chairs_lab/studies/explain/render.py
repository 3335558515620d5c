"""An explanation in the terminal: by how much a target moved, and the causes by size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from two_chairs.axes import Array
from two_chairs.vocabulary import monday
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.statistics.summaries import quantiles

from .study import Bar, ExplainResult, Explanation, bars, target_words

MOST_ROWS = 24
NARROW = 70
"""Columns of a terminal below which one column of numbers is shown."""


def print_explanation(result: ExplainResult, console: Console) -> None:
    """Print by how much the target moved, and what moved it."""
    explanation = result.explanation
    ensemble = explanation.ensemble
    title = f"{ensemble.title()}: why {explanation.target} moved"
    console.print(f"[bold]{escape(title)}[/bold]")
    for sentence in result.sentences():
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    console.print(_table(result, console.width))
    console.print()
    console.print(_reading(explanation), highlight=False)
    console.print(f"[dim]{escape(ensemble.conditional_on())}[/dim]")


def sentences(explanation: Explanation) -> list[str]:
    """Say what the target is, from where to where it moved, and what stands in its start."""
    start, end = _interval(explanation.start), _interval(explanation.end)
    lines = [
        f"{target_words(explanation)}.",
        f"{explanation.window.words()}: {start} to {end}; median (5–95 % of worlds).",
    ]
    standing = [
        f"{event.id} ({date_words(event.date)})"
        for event in explanation.ensemble.scenario.events
        if monday(event.date) == explanation.window.after
    ]
    if standing:
        lines.append(
            "The window counts from the end of its first week. What happened in that week stands "
            f"in the start: {', '.join(standing)}."
        )
    return [line[0].upper() + line[1:] for line in lines]


def _table(result: ExplainResult, width: int) -> Table:
    """Return the causes by size; a narrow terminal shows the median alone."""
    columns = COLUMNS if width >= NARROW else COLUMNS[1:2]
    room = max(10, width - sum(2 + column.width for column in columns))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("cause", no_wrap=True)
    for column in columns:
        table.add_column(column.title, justify="right", no_wrap=True, min_width=column.width)
    explanation, fixed = result.explanation, result.fixed
    change = Bar("change", "", None, explanation.change, float(fixed.change[0]))
    for bar in (*bars(explanation, MOST_ROWS, fixed), change):
        table.add_row(_cause(bar, room), *(column.cell(bar) for column in columns))
    return table


def _cause(bar: Bar, room: int) -> Text:
    day = "" if bar.date is None else f"{date_words(bar.date)} "
    text = Text.assemble((bar.label, "bold"), f" {day}{bar.says}")
    text.truncate(room, overflow="ellipsis")
    return text


def _reading(explanation: Explanation) -> str:
    faded = (
        "What has faded of a cause is charged to it: the number is what is left of it."
        if explanation.fading == "own"
        else "Acts count as they were felt and all fading is 'decay'; --fading own charges it to "
        "the acts."
    )
    return (
        "Means sum to the change, medians need not. 'no chance': the one world with every value "
        f"at its default and no luck. {faded}"
    )


def _interval(values: Array) -> str:
    low, middle, high = quantiles(values)
    spread = f" ({_number(low)}…{_number(high)})" if high > low else ""
    return f"{_number(middle)}{spread}"


def _number(value: float) -> str:
    return f"{round(float(value), 3) + 0.0:+.3f}"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of numbers: its title, its width, and what it shows of a row."""

    title: str
    width: int
    cell: Callable[[Bar], str]


COLUMNS = (
    _Column("mean", 6, lambda bar: _number(float(np.mean(bar.values)))),
    _Column("median (5–95 %)", 22, lambda bar: _interval(bar.values)),
    _Column("no chance", 9, lambda bar: "" if bar.fixed is None else _number(bar.fixed)),
)
