"""Progress bars, the console, and what is said on Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

SHORT = 1_000
"""Steps of work below which no bar is shown: such work takes less than about two seconds."""


def console() -> Console:
    """Return a console of standard output, as wide as it is, or 110 columns off a terminal."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110, soft_wrap=False
    )


@contextmanager
def interrupted(folder: Path) -> Iterator[None]:
    """Say on Ctrl-C that what is done is kept, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        text = f"Stopped; what is done is kept in {folder}. Go on with the same command and "
        click.echo(f"{text}--resume.", err=True)
        sys.exit(130)


@contextmanager
def bar(
    total: int | None, things: str = "worlds", *, quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on standard error, where somebody watches.

    Without a ``total`` it moves to and fro as long as the work lasts.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How much is done, and how fast once that is known."""

        def render(self, task: Task) -> Text:
            if task.total is None:
                return Text(task.description)
            done = f"{task.completed:,.0f} of {task.total:,.0f} {task.description}"
            return Text(done if task.speed is None else f"{done}, {task.speed:,.0f} a second")

    columns = (BarColumn(), Rate(), TimeRemainingColumn())
    long = total is None or total >= SHORT
    watched = sys.stderr.isatty() and long and not quiet
    with Progress(*columns, console=Console(stderr=True), disable=not watched) as progress:
        task = progress.add_task(things, total=total)
        yield lambda worlds: progress.advance(task, worlds)
