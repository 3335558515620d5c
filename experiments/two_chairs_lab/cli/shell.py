"""What all commands share: the group, errors in one line, the console, progress."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import two_chairs
from two_chairs.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from two_chairs.scenario import Scenario

    from ..ensemble import Ensemble

DONE, OUR_FAULT, YOUR_INPUT = 0, 1, 2
MOST_WORLDS = 20_000
Command = TypeVar("Command", bound=Callable[..., Any])


def fail(error: InputError) -> None:
    """Print each problem on one line of standard error and leave with exit code 2."""
    for problem in error.problems:
        click.echo(f"error: {problem}", err=True)
    sys.exit(YOUR_INPUT)


def explained(command: Command) -> Command:
    """Turn errors of the input into lines that a user can act on."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InputError as error:
            return fail(error)
        except BrokenPipeError:
            raise  # who reads the output has left: not an error
        except OSError as error:
            place = error.filename or "a file"
            return fail(
                InputError.at(str(place), f"{error.strerror}; make room or choose another place")
            )

    return wrapper  # type: ignore[return-value]


class Commands(click.Group):
    """Commands whose misuse, too, is told in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            name = ctx.invoked_subcommand or ""
            command = f"two-chairs {name}" if name in self.commands else "two-chairs"
            text = error.format_message().rstrip(".")
            return fail(InputError.at(command, f"{text}; see '{command} --help'"))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(two_chairs.__version__, prog_name="two-chairs")
def main() -> None:
    """Model a small state between two poles: dated events, measured hedging, honest intervals.

    Start with: two-chairs run
    """


def overrides(settings: Sequence[str]) -> dict[str, float]:
    """Return the values that --set gives, by full names; raises `InputError` with every problem."""
    from two_chairs.errors import Problem
    from two_chairs.reading import canonical

    values: dict[str, float] = {}
    problems = []
    for setting in settings:
        name, mark, text = setting.partition("=")
        place = f"--set {setting}"
        if not (name and mark):
            problems.append(Problem(place, "is not NAME=VALUE; write one such as negativity=1.5"))
            continue
        try:
            value = float(text)
        except ValueError:
            problems.append(Problem(place, f"'{text}' is not a number; write it as {name}=0.5"))
            continue
        if not math.isfinite(value):
            problems.append(Problem(place, f"{text} is not a finite number; write one such as 0.5"))
        if canonical(name) in values:
            problems.append(Problem(place, f"'{name}' is set twice; keep one"))
        values[canonical(name)] = value
    if problems:
        raise InputError(problems)
    return values


def day_of(place: str, text: str) -> date:
    """Return a day of the calendar written as YYYY-MM-DD; raises `InputError` at a place."""
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a date of the calendar; write it as YYYY-MM-DD"
        raise InputError.at(place, message) from None


def console() -> Console:
    """Return a console of standard output, as wide as it is, or 110 columns off a terminal."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110, soft_wrap=False
    )


@dataclass(frozen=True)
class Asked:
    """Which worlds a command's options ask for."""

    worlds: int
    seed: int
    settings: tuple[str, ...]
    fixed: bool
    defaults: bool
    no_luck: bool

    @property
    def overrides(self) -> dict[str, float]:
        """Values that --set gives, by full names."""
        return overrides(self.settings)

    def of(self, scenario: str) -> Ensemble:
        """Return these worlds of a scenario given by name or path."""
        from two_chairs.reading import load_scenario

        from ..ensemble import Ensemble

        resolved = self.without_posterior(load_scenario(scenario, self.overrides))
        vary, luck = not self.fixed, not self.no_luck
        return Ensemble(resolved, self.worlds, self.seed, vary, luck, self.defaults)

    def without_posterior(self, scenario: Scenario) -> Scenario:
        """Return a scenario, its posterior set aside if the defaults' ranges are asked for."""
        return scenario.without_posterior() if self.defaults else scenario


def ensemble_options(command: Command) -> Command:
    """Give a command the options that say which worlds to run; they arrive as one ``asked``."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        asked = Asked(**{entry.name: kwargs.pop(entry.name) for entry in fields(Asked)})
        return command(*args, asked=asked, **kwargs)

    options = (
        click.option("--worlds", default=500, show_default=True, help="Parallel worlds to run.",
                     type=click.IntRange(1, MOST_WORLDS)),
        click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1),
                     help="Whole number from which all luck comes."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
                     help="Fix a parameter."),
        click.option("--fixed", is_flag=True,
                     help="Keep event weights and parameters at their values."),
        click.option("--defaults", is_flag=True,
                     help="Draw from the ranges of the table, not from the posterior."),
        click.option("--no-luck", is_flag=True, help="Choices by argmax, no random attacks."),
    )  # fmt: skip
    decorated: Any = wrapper
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def leave_folder(folder: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Write a result's folder whole, or say in one line why it can not be written."""
    from ..results import write_folder

    try:
        write_folder(folder, kind, fill)
    except OSError as error:
        text = f"can not be written ({error.strerror}); make room or choose another place"
        raise InputError.at(f"--out {folder}", text) from None


@contextmanager
def progress(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error for work that takes more than a moment."""
    if quiet or total < 2_000 or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=total, label="worlds", file=sys.stderr) as bar:
        yield bar.update


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
def bar(total: int, things: str = "worlds") -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on standard error, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How much is done, and how fast once that is known."""

        def render(self, task: Task) -> Text:
            done = f"{task.completed:,.0f} of {task.total:,.0f} {task.description}"
            return Text(done if task.speed is None else f"{done}, {task.speed:,.0f} a second")

    columns = (BarColumn(), Rate(), TimeRemainingColumn())
    watched = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=not watched) as progress:
        task = progress.add_task(things, total=total)
        yield lambda worlds: progress.advance(task, worlds)


SWEEP_KEYS = frozenset({"scenarios", "ranges", "design", "replicates", "outcomes"})
CLAIM_KEYS = frozenset({"test", "says"})
"""Keys by which a plan that names no kind is known for one of a sweep, or for a claim."""


def plan_kind(path: Path) -> str | None:
    """Return what kind of plan a TOML file says it is, ``None`` for anything else."""
    from two_chairs.tables import read_toml

    if path.suffix != ".toml" or not path.is_file():
        return None
    table = read_toml(path)
    if "kind" in table and "actors" not in table:
        return str(table["kind"])
    kinds = {"claim": CLAIM_KEYS, "sweep": SWEEP_KEYS}
    return next((kind for kind, known in kinds.items() if known & set(table)), None)
