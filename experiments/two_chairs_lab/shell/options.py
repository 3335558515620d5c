"""Options that commands share, and what they ask for."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from two_chairs.compiled.engine import ENGINES, VARIABLE
from two_chairs.errors import InputError, nearest
from two_chairs_lab.engine import WORLDS

from .errors import Command
from .progress import bar, interrupted

if TYPE_CHECKING:
    from two_chairs_lab.engine.ensemble import Ensemble
    from two_chairs_lab.engine.executors import Opener
    from two_chairs_lab.engine.runner import Runner

MOST_WORLDS = 20_000
MOST_WORKERS = max(16, 4 * (os.cpu_count() or 1))
"""Local processes that a command starts at most: each takes its memory."""
USUAL_NUMBERS = 10
"""Numbers that a study wants of each world, some."""
KEEP_FROM = 20_000
"""Worlds from which a run is long enough for its parts to be kept."""


def overrides(settings: Sequence[str]) -> dict[str, float]:
    """Return the values that --set gives, by full names; raises `InputError` with every problem."""
    from two_chairs.errors import Problem
    from two_chairs.scenario.layers import canonical

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


@dataclass(frozen=True)
class Asked:
    """Which worlds a command's options ask for."""

    worlds: int
    seed: int
    settings: tuple[str, ...]
    fixed: bool
    defaults: bool
    no_luck: bool
    free: bool

    @property
    def overrides(self) -> dict[str, float]:
        """Values that --set gives, by full names."""
        return overrides(self.settings)

    def of(self, scenario: str) -> Ensemble:
        """Return these worlds of a scenario given by name or path."""
        from two_chairs.scenario.resolve import load_scenario
        from two_chairs_lab.engine.ensemble import Ensemble

        resolved = load_scenario(scenario, self.overrides)
        vary, luck = not self.fixed, not self.no_luck
        ensemble = Ensemble(resolved, self.worlds, self.seed, vary, luck, self.defaults, self.free)
        return replace(ensemble, scenario=ensemble.like(resolved))


def ensemble_options(command: Command, worlds: int = WORLDS) -> Command:
    """Give a command the options that say which worlds to run; they arrive as one ``asked``."""
    options = (
        click.option("--worlds", default=worlds, show_default=True, help="Parallel worlds to run.",
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
        click.option("--free", is_flag=True,
                     help="Set recorded postures aside: the model chooses from the start."),
    )  # fmt: skip
    return _as_one(command, "asked", Asked, options)


@dataclass(frozen=True)
class WorkOptions:
    """Where a command's options let its worlds be run."""

    workers: int
    dask: str | None
    resume: bool

    def opener(self) -> Opener | None:
        """Return the opener of the executors asked for; ``None`` works in this process."""
        from two_chairs_lab.engine.executors import dask, local

        if self.dask is not None:
            return dask(self.dask)
        return local(self.workers) if self.workers > 1 else None

    @contextmanager
    def runner(
        self, worlds: int, quiet: bool, folder: Path | None = None, kind: str = ""
    ) -> Iterator[Runner]:
        """Open what runs worlds, under a bar; a long run keeps its parts in the result's folder.

        Parameters
        ----------
        worlds
            Number of worlds to be run in all.
        quiet
            Whether no bar is shown.
        folder, kind
            Where the result is going to be, and what kind it is; ``None`` keeps nothing.
        """
        from two_chairs_lab.engine.executors import Pools
        from two_chairs_lab.engine.runner import Runner
        from two_chairs_lab.engine.size import check_worlds
        from two_chairs_lab.results.folder import check_folder, kept_stem

        check_worlds(worlds, USUAL_NUMBERS)
        keep = None
        if folder is not None:
            check_folder(folder, kind, resume=self.resume)
            keep = kept_stem(folder, kind) if worlds >= KEEP_FROM else None
        opener = self.opener()
        with ExitStack() as stack:
            pools = None if opener is None else stack.enter_context(Pools(opener))
            if keep is not None and folder is not None:
                stack.enter_context(interrupted(folder))
            yield Runner(pools, stack.enter_context(bar(worlds, quiet=quiet)), keep)


@dataclass(frozen=True)
class FigureOptions:
    """Which figures a command's options ask for, and in which formats.

    Attributes
    ----------
    names
        ``None`` asks for all.
    kinds
        ``png``, ``svg`` or both.
    """

    names: tuple[str, ...] | None = None
    kinds: tuple[Literal["png", "svg"], ...] = ("png",)

    def among(self, drawn: Iterable[str]) -> list[str]:
        """Return the figures to draw of those there are; raises `InputError` at an unknown one.

        A folder before a name may be left out.
        """
        known = {name.rpartition("/")[2]: name for name in drawn}
        wanted = list(known) if self.names is None else self.names
        for name in wanted:
            if name not in known:
                text = f"no such figure here; {nearest(name, (*known, 'all', 'none'))}"
                raise InputError.at(f"--figures {name}", text)
        return [known[name] for name in wanted]


_FIGURES = "two_chairs_lab.figures"


def figure_options(command: Command) -> Command:
    """Give a command the options on its figures, which `asked_figures` gives."""

    def keep(context: click.Context, parameter: click.Parameter, value: str) -> None:
        known = context.meta.get(_FIGURES, FigureOptions())
        if parameter.name == "format":
            kinds = ("png", "svg") if value == "both" else (value,)
            known = replace(known, kinds=kinds)
        elif value != "all":
            names = tuple(filter(None, (name.strip() for name in value.split(","))))
            known = replace(known, names=() if names == ("none",) else names)
        context.meta[_FIGURES] = known

    options = (
        click.option("--figures", default="all", show_default=True, metavar="NAMES|all|none",
                     callback=keep, expose_value=False,
                     help="Draw these alone, as in seats,split."),
        click.option("--format", default="png", show_default=True, callback=keep,
                     type=click.Choice(["png", "svg", "both"]), expose_value=False,
                     help="Format of figures; SVG stays sharp and can be edited."),
    )  # fmt: skip
    decorated: Any = command
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def asked_figures() -> FigureOptions:
    """Return which figures the running command's options ask for; all as PNG by default."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.meta.get(_FIGURES)
    return found or FigureOptions()


def work_options(command: Command) -> Command:
    """Give a command the options that say where its worlds run; they arrive as one ``work``."""
    options = (
        click.option("--workers", type=click.IntRange(1, MOST_WORKERS), default=1,
                     show_default=True, help="Local processes; changes no result."),
        click.option("--dask", metavar="ADDRESS",
                     help="Send the work to a Dask scheduler instead."),
        click.option("--resume", is_flag=True, help="Start, or go on where it was stopped."),
    )  # fmt: skip
    return _as_one(engine_option(command), "work", WorkOptions, options)


ENGINE_HELP = "Run worlds by numpy (default) or compiled."


def engine_option(command: Command, says: str = ENGINE_HELP) -> Command:
    """Give a command the option that says which engine runs its worlds."""
    return click.option(
        "--engine", type=click.Choice(ENGINES), metavar="NAME", expose_value=False,
        callback=choose_engine, help=says,
    )(command)  # fmt: skip


def choose_engine(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Let an engine run the worlds of a command, in this process and those that it starts."""
    del parameter
    if value is not None:
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = value
        context.call_on_close(partial(_set_back, before))


def _set_back(before: str | None) -> None:
    os.environ.pop(VARIABLE, None)
    if before is not None:
        os.environ[VARIABLE] = before


def _as_one(
    command: Command, name: str, record: type[Any], options: Sequence[Callable[..., Any]]
) -> Command:
    """Give a command options whose values arrive as one record, under one name."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        values = {entry.name: kwargs.pop(entry.name) for entry in fields(record)}
        return command(*args, **{name: record(**values)}, **kwargs)

    decorated: Any = wrapper
    for option in reversed(options):
        decorated = option(decorated)
    return decorated
