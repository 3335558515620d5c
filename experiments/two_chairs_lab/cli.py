"""The command line ``two-chairs``: a thin shell; heavy imports come late, inside the commands."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import two_chairs
from two_chairs.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from two_chairs.errors import Problem
    from two_chairs.scenario import Scenario

    from .ensemble import Ensemble
    from .results import RunResult
    from .sweep import Plan

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


def _overrides(settings: Sequence[str]) -> dict[str, float]:
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


@main.command()
@click.argument("scenario", default="baseline")
@click.option(
    "--worlds",
    default=500,
    show_default=True,
    help="Parallel worlds to run.",
    type=click.IntRange(1, MOST_WORLDS),
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    help="Whole number from which all luck comes.",
    type=click.IntRange(0, 2**63 - 1),
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Fix a parameter.")
@click.option("--fixed", is_flag=True, help="Keep event weights and parameters at their values.")
@click.option("--no-luck", is_flag=True, help="Choices by argmax, no random attacks.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for figures and tables.  [default: results/<scenario>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; figures only with --out."
)
@explained
def run(
    scenario: str,
    worlds: int,
    seed: int,
    settings: tuple[str, ...],
    fixed: bool,
    no_luck: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run SCENARIO (a name of 'two-chairs list' or a path) and say where the pivot sits."""
    from two_chairs.reading import load_scenario

    from .ensemble import Ensemble

    overrides = _overrides(settings)
    resolved = load_scenario(scenario, overrides)
    ensemble = Ensemble(resolved, worlds, seed, vary=not fixed, luck=not no_luck)
    folder = out if out is not None else Path("results") / ensemble.name()
    writing = out is not None or not as_json
    if writing:
        from .results import check_folder

        check_folder(folder)
    result = _run(ensemble, scenario, overrides, quiet=as_json)
    _deliver(result, scenario, folder if writing else None, as_json)


def _run(ensemble: Ensemble, name: str, overrides: dict[str, float], *, quiet: bool) -> RunResult:
    from two_chairs.reading import load_reference

    from .ensemble import judge, run_ensemble, run_references
    from .results import RunResult

    scenario = ensemble.scenario
    compared = {e.against for e in (*scenario.expect, *scenario.targets) if e.against}

    def load(against: str) -> Scenario:
        return load_reference(name, against, overrides)

    with _progress(ensemble.worlds * (1 + len(compared)), quiet) as advance:
        paths = run_ensemble(ensemble, advance)
        references = run_references(ensemble, load, advance)
    return RunResult(
        ensemble,
        paths,
        [judge(expectation, paths, references) for expectation in scenario.expect],
        [judge(target, paths, references) for target in scenario.targets],
    )


def _deliver(result: RunResult, name: str, folder: Path | None, as_json: bool) -> None:
    from two_chairs.reading import input_files

    from .results import MANIFEST, command_line, summary, write_folder, write_json, write_weeks

    content = summary(result, command_line(), input_files(name))

    def fill(new: Path) -> None:
        from .plots import save_figures

        write_json(new / MANIFEST, content["manifest"])
        write_json(new / "summary.json", {k: v for k, v in content.items() if k != "manifest"})
        write_weeks(new / "weeks.csv", content)
        save_figures(result, new)

    if folder is not None:
        try:
            write_folder(folder, fill)
        except OSError as error:
            text = f"can not be written ({error.strerror}); make room or choose another place"
            raise InputError.at(f"--out {folder}", text) from None
    if as_json:
        click.echo(json.dumps(content))
        return
    from .printing import print_run

    print_run(result, _console())
    click.echo(f"Figures, tables and manifest: {folder}")


def _console() -> Console:
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 110, soft_wrap=False
    )


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error for work that takes more than a moment."""
    if quiet or total < 2_000 or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=total, label="worlds", file=sys.stderr) as bar:
        yield bar.update


@main.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def list_scenarios(as_json: bool) -> None:
    """List the bundled scenarios and their questions."""
    from two_chairs.sources import bundled_scenarios
    from two_chairs.tables import read_toml

    rows = []
    for name, path in bundled_scenarios().items():
        table = read_toml(path)
        rows.append((name, str(table.get("title", "")), str(table.get("question", ""))))
    if as_json:
        click.echo(json.dumps({name: {"title": t, "question": q} for name, t, q in rows}))
        return
    from .describe import print_list

    print_list(rows, _console())


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@explained
def check(files: tuple[Path, ...]) -> None:
    """Check scenario, case, event and codebook FILEs without running anything."""
    problems: list[Problem] = []
    for path in files:
        try:
            click.echo(f"{path}: {_checked(path)}: good")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _checked(path: Path) -> str:
    from two_chairs.reading import check_file

    if path.suffix != ".toml" or not _is_plan(path):
        return check_file(path)
    from .sweep import read_plan, settle

    settled = settle(read_plan(path))
    return f"plan of {settled.worlds} worlds at {settled.design.points} points"


@main.command()
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Show only what differs from another scenario.")
@click.option("--json", "as_json", is_flag=True, help="Print the resolved scenario as JSON.")
@explained
def show(scenario: str, against: str | None, as_json: bool) -> None:
    """Show SCENARIO as it resolves: every event, condition, intervention and parameter."""
    from two_chairs.reading import load_scenario

    from .describe import differences, print_differences, print_scenario

    resolved = load_scenario(scenario)
    if against is None:
        if as_json:
            click.echo(resolved.model_dump_json())
        else:
            print_scenario(resolved, _console())
        return
    other = load_scenario(against)
    if as_json:
        rows = differences(resolved, other)
        click.echo(json.dumps({key: [here, there] for key, here, there in rows}))
    else:
        print_differences(resolved, other, _console())


@main.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN|SCENARIO…")
@click.option("--param", "ranges", multiple=True, metavar="NAME=LOW:HIGH[:N]", help="Vary it.")
@click.option("--design", type=click.Choice(["grid", "lhs", "sobol", "morris"]), help="Points.")
@click.option("--points", type=click.IntRange(1), help="Points, base sample or trajectories.")
@click.option("--replicates", type=click.IntRange(1), help="Worlds of different luck a point.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of design and luck.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--dask", metavar="ADDRESS", help="Send the work to a Dask scheduler instead.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Results folder.")
@click.option("--resume", is_flag=True, help="Start the sweep, or go on with it where it stopped.")
@explained
def sweep(
    plans: tuple[str, ...],
    ranges: tuple[str, ...],
    dask: str | None,
    workers: int,
    out: Path | None,
    resume: bool,
    **choices: Any,
) -> None:
    """Sweep parameters × scenarios × luck, by a PLAN (TOML) or bundled SCENARIOs."""
    from .execute import dask as dask_opener
    from .sweep import run_sweep, settle

    plan = _plan(plans, ranges, choices)
    folder = out if out is not None else Path("results") / f"sweep-{Path(plans[0]).stem}"
    settled = settle(plan)
    click.echo(
        f"{settled.worlds} worlds: {len(settled.scenarios)} scenarios × "
        f"{settled.design.points} points × {plan.replicates} replicates"
    )
    opener = None if dask is None else dask_opener(dask)
    try:
        with _bar(settled.worlds) as advance:
            run_sweep(
                settled, folder, workers=workers, opener=opener, resume=resume, progress=advance
            )
    except KeyboardInterrupt:
        click.echo(f"Stopped; what is done is kept in {folder}. Go on with the same command and "
                   "--resume.", err=True)  # fmt: skip
        sys.exit(130)
    click.echo(f"Design, runs, parts and manifest: {folder}")


def _plan(plans: tuple[str, ...], ranges: tuple[str, ...], choices: dict[str, Any]) -> Plan:
    """Return the plan of a file, or of scenarios named on the command line, with its options."""
    from .sweep import Plan, RangeEntry, read_plan

    path = Path(plans[0])
    is_plan = len(plans) == 1 and path.suffix == ".toml" and _is_plan(path)
    if is_plan:
        plan = read_plan(path)
    else:
        named = ", ".join(plans)
        question = "What do these parameters change?"
        plan = Plan(title=f"Sweep of {named}", question=question, scenarios=plans)
    entries = {name: RangeEntry(**entry) for name, entry in map(_range, ranges)}
    given = {key: value for key, value in choices.items() if value is not None}
    return plan.model_copy(update=given | ({"ranges": entries} if entries else {}))


def _is_plan(path: Path) -> bool:
    from two_chairs.tables import read_toml

    keys = {"scenarios", "ranges", "design", "replicates", "outcomes"}
    return path.is_file() and bool(keys & set(read_toml(path)))


def _range(text: str) -> tuple[str, dict[str, Any]]:
    name, _, numbers = text.partition("=")
    parts = numbers.split(":") if numbers else []
    try:
        if len(parts) not in (0, 2, 3):
            raise ValueError
        ends = dict(zip(("low", "high"), map(float, parts), strict=False))
        levels = {"levels": int(parts[2])} if len(parts) == 3 else {}
        if (levels and levels["levels"] < 2) or not all(map(math.isfinite, ends.values())):
            raise ValueError
    except ValueError:
        raise InputError.at(
            f"--param {text}", "is not NAME=LOW:HIGH or NAME=LOW:HIGH:LEVELS; write it so"
        ) from None
    return name, ends | levels


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on standard error, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} worlds, {task.speed:,.0f} a second"),
        TimeRemainingColumn(),
    )
    watched = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=not watched) as progress:
        task = progress.add_task("worlds", total=total)
        yield lambda worlds: progress.advance(task, worlds)


@main.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--world", type=int, required=True, help="Its row in runs.csv, counted from 0.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def replay(result: Path, world: int, as_json: bool) -> None:
    """Run one world of a sweep again, bit for bit, and print its path and its acts."""
    from .printing import print_world, world_log
    from .sweep import load_sweep
    from .sweep import replay as replay_world

    swept = load_sweep(result)
    paths = replay_world(swept, world)
    scenario = swept.scenario_of(world)
    if as_json:
        click.echo(json.dumps(world_log(paths, scenario.agents_act_from)))
    else:
        print_world(paths, world, scenario, _console())


@main.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME@DATE", help="Draw only this.")
@click.option("--by", multiple=True, metavar="NAME", help="Draw over this input (one or two).")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the figures.  [default: RESULT/figures]",
)
@explained
def plot(result: Path, outcomes: tuple[str, ...], by: tuple[str, ...], out: Path | None) -> None:
    """Draw a sweep's RESULT: heat maps, regime maps, fans or scatters, by what varied."""
    from . import maps
    from .sweep import input_columns, load_sweep, read_columns

    swept = load_sweep(result)
    columns = read_columns(result, swept, ["scenario", "point", *swept.plan.outcomes])
    case = swept.scenarios[0].case
    table = maps.Table(
        title=swept.plan.title,
        conditional_on=(
            f"Conditional on the model, its coding of events and the ranges swept; "
            f"{swept.worlds} worlds, seed {swept.plan.seed}. Not a forecast."
        ),
        scenarios=tuple(scenario.title for scenario in swept.scenarios),
        inputs=input_columns(swept, columns["point"]),
        outcomes={name: columns[name] for name in swept.plan.outcomes},
        scenario=columns["scenario"],
        regimes={str(regime): label for regime, label in case.regimes.items()},
    )
    figures = maps.draw(table, outcomes, by)
    folder = out if out is not None else result / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(f"{len(maps.save(figures, folder))} files: {folder}")
