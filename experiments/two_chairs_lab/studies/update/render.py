"""Where it stands now and what moved, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from two_chairs_lab.render.numbers import counted, date_words, decimal
from two_chairs_lab.render.table import Cell
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.studies.explain.study import target_words
from two_chairs_lab.studies.run.summary import seats, tilt_words

from .study import Update, spread

MOST = 20


def sentences(answer: Update) -> list[str]:
    """Say where it stands now, where it stood, and what the rows, decay and ties did."""
    explanation, scenario = answer.explanation, answer.ensemble.scenario
    start, end = spread(explanation.start), spread(explanation.end)
    sums = {part: spread(values).value for part, values in answer.sums().items()}
    named = {
        "new row": counted(len(answer.new), "new row"), "earlier row": "rows that stood before",
        "decay": "decay of what had gathered", "tie": "ties", "other": "all else",
    }  # fmt: skip
    parts = [
        f"{named[part]} {decimal(value, 3, sign=True)}"
        for part, value in sums.items()
        if part == "new row" or abs(value) >= 0.0005
    ]
    lines = [
        f"{seats(scenario, answer.paths, answer.now)} {tilt_words(answer.paths, answer.now)}",
        f"Since {explanation.window.begin()} {target_words(explanation)}, moved from "
        f"{decimal(start.value, 3)} to {decimal(end.value, 3)} (means): {', '.join(parts)}.",
        f"The last record before was of {date_words(answer.last)}. History is scripted until "
        f"{date_words(answer.now)}; the agents choose only from the week after.",
    ]
    if any(
        event.id in answer.new and event.date <= answer.last for event in scenario.events
    ):  # fmt: skip
        lines.append(
            "Some new rows are older than the last record, so the sum begins before the first of "
            "them and holds rows that stood already."
        )
    return lines


def print_update(answer: Update, console: Console) -> None:
    """Print where it stands, the sum, and its causes."""
    for line in sentences(answer):
        console.print(escape(line), highlight=False)
    console.print()
    grid = _grid(f"What moved {answer.explanation.target}", "", "mean", "5–95 % of worlds")
    for part, cell in answer.tables()["update"].rows:
        grid.add_row(escape(str(part)), *_numbers(cell))
    console.print(grid)
    causes = answer.tables()["causes"].rows
    grid = _grid("Cause by cause", "cause", "mean", "5–95 % of worlds", "what")
    grid.columns[3].justify = "left"
    grid.columns[3].no_wrap, grid.columns[3].overflow = True, "ellipsis"
    for name, _, _, cell, says in causes[:MOST]:
        grid.add_row(escape(str(name)), *_numbers(cell), escape(str(says)))
    if len(causes) > MOST:
        grid.add_row("…", "", "", f"{len(causes) - MOST} more, in causes.csv")
    console.print(grid)
    console.print(f"[dim]{escape(answer.ensemble.conditional_on())}[/dim]", highlight=False)


def _numbers(cell: Cell) -> tuple[str, str]:
    assert isinstance(cell, Estimate)
    mean, low, high = (
        decimal(value, 3, sign=True) for value in (cell.value, cell.low, cell.high)
    )  # fmt: skip
    return mean, mean if low == high else f"{low}…{high}"


def _grid(title: str, *columns: str) -> Grid:
    grid = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        grid.add_column(column, justify="right" if number else "left", no_wrap=number in (0, 1, 2))
    return grid
