"""What a run says to a person in the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as Grid

from two_chairs_lab.render.terminal import GAP, LEAST_TEXT, laid_out

from .expectations import Verdict
from .rulers import ruler_table
from .study import RunResult
from .summary import (
    convention_table,
    payoff_table,
    record_table,
    regime_table,
    verdict_groups,
    verdict_table,
    where_table,
)


def print_run(result: RunResult, console: Console) -> None:
    """Print the answer of a run: where, how sure, since when, at what price, as expected or not."""
    scenario, paths = result.ensemble.scenario, result.paths
    console.print(f"[bold]{escape(result.ensemble.title())}[/bold]")
    console.print(escape(scenario.question))
    console.print()
    for sentence in result.sentences():
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
    console.print()
    tables = [where_table(result), regime_table(scenario, paths), payoff_table(result)]
    tables += [convention_table(result)] if result.conventions else []
    for table in tables:
        console.print(laid_out(table, console.width))
    for title, verdicts in verdict_groups(result).items():
        console.print(verdict_grid(title, verdicts, console.width))
    console.print(laid_out(ruler_table(result.rulings), console.width))
    console.print(laid_out(record_table(scenario), console.width))
    console.print(f"[dim]{escape(result.ensemble.conditional_on())}[/dim]")


def verdict_grid(title: str, verdicts: Iterable[Verdict], width: int) -> Grid:
    """Lay out what was expected; in a narrow place the numbers stand below the text."""
    table = verdict_table(title, verdicts)
    measured = max(cell_len(str(row[3])) for row in (table.columns, *table.rows))
    beside = width - measured - len("FAILSworlds") - 3 * GAP >= LEAST_TEXT
    grid = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column("", no_wrap=True)
    grid.add_column("expected", overflow="fold")
    if beside:
        grid.add_column("worlds", justify="right", no_wrap=True)
        grid.add_column("measured", justify="right", no_wrap=True)
    for mark, text, share, values in (map(str, row) for row in table.rows):
        painted = f"[{'green' if mark == 'holds' else 'red'}]{mark}[/]"
        if beside:
            grid.add_row(painted, escape(text), share, values)
        else:
            grid.add_row(painted, f"{escape(text)}\n{share} of worlds; measured {values}")
    return grid
