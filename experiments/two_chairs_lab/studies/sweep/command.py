"""The commands on sweeps: sweep, replay, plot, export."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError, notice
from two_chairs_lab.designs.design import KINDS, refuse_repeated
from two_chairs_lab.designs.plans import RangeEntry, find_plan, said_of_plan
from two_chairs_lab.shell.deliver import results_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import (
    WorkOptions,
    asked_figures,
    figure_options,
    work_options,
)
from two_chairs_lab.shell.progress import bar, console, interrupted

if TYPE_CHECKING:
    from .study import Plan


@click.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--format",
    "asked",
    type=click.Choice(["csv", "parquet"]),
    help="Format.  [default: by the ending of FILE, else csv]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write.  [default: RESULT/export.csv or .parquet]",
)
@explained
def export(result: Path, asked: str | None, out: Path | None) -> None:
    """Write all worlds of a sweep's RESULT, with their parameters, as one CSV or Parquet file."""
    from .export import export as export_worlds
    from .export import format_of
    from .study import load_sweep

    swept = load_sweep(result)
    kind = format_of(out, asked)
    path = out if out is not None else result / f"export.{kind}"
    with bar(swept.worlds) as progress:
        failed = export_worlds(result, swept, path, kind, progress)
    if failed:
        click.echo(f"note: {failed} worlds have failed; their rows have failed = 1", err=True)
    click.echo(f"{swept.worlds} worlds: {path}")


@click.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN|SCENARIO…")
@click.option("--param", "ranges", multiple=True, metavar="NAME=LOW:HIGH[:N]", help="Vary it.")
@click.option("--design", type=click.Choice(KINDS), help="Points.")
@click.option("--points", type=click.IntRange(1), help="Points, base sample or trajectories.")
@click.option("--replicates", type=click.IntRange(1), help="Worlds of different luck a point.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of design and luck.")
@click.option(
    "--trajectories",
    type=click.Choice(["none", "quantiles", "full"]),
    help="Keep every week: quantiles over worlds, or all.",
)
@work_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Results folder.")
@explained
def sweep(
    plans: tuple[str, ...],
    ranges: tuple[str, ...],
    work: WorkOptions,
    out: Path | None,
    **choices: Any,
) -> None:
    """Sweep parameters × scenarios × luck, by a PLAN (TOML) or bundled SCENARIOs."""
    from two_chairs_lab.engine.size import cost

    from .study import idle, resolve, run_sweep

    plan = _plan(plans, ranges, choices)
    given = {key for key, value in choices.items() if value is not None}
    with said_of_plan(plans[0], given | ({"ranges"} if ranges else set())):
        planned = resolve(plan)
    folder = out or results_folder(f"sweep-{Path(plans[0]).stem}", *planned.scenarios)
    scenarios, points, replicates = planned.shape
    size = (
        f"{planned.worlds} worlds: {scenarios} scenarios × {points} points × "
        f"{replicates} replicates{cost(planned.worlds, len(planned.plan.outcomes), folder)}"
    )
    with interrupted(folder), bar(planned.worlds) as progress:
        run_sweep(
            planned, folder, opener=work.opener(), resume=work.resume, progress=progress,
            begun=lambda: click.echo(size),
        )  # fmt: skip
    for name in idle(folder, planned):
        text = f"changes no outcome in any of {planned.worlds} worlds; its rule may be switched off"
        notice(name, text)
    click.echo(f"Design, runs, parts and manifest: {folder}")


def _plan(plans: tuple[str, ...], ranges: tuple[str, ...], choices: dict[str, Any]) -> Plan:
    """Return the plan of a file, or of scenarios named on the command line, with its options."""
    from two_chairs.scenario.library import settled

    from .study import Plan

    file = find_plan(plans[0]) if len(plans) == 1 else None
    if file is not None:
        plan = file.as_record(Plan)
    else:
        named = ", ".join(plans)
        question = "What do these parameters change?"
        plan = Plan(
            title=f"Sweep of {named}", question=question, scenarios=tuple(map(settled, plans))
        )
    read = [_range(text) for text in ranges]
    refuse_repeated((name for name, _ in read), "--param")
    entries = {name: RangeEntry(**entry) for name, entry in read}
    if entries and plan.ranges:
        kept = ", ".join(plan.ranges)
        notice("--param", f"stands in place of all ranges of the plan ({kept})")
    given = {key: value for key, value in choices.items() if value is not None}
    return plan.model_copy(update=given | ({"ranges": entries} if entries else {}))


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


@click.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--world", type=int, required=True, help="Its row in runs.csv, counted from 0.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def replay(result: Path, world: int, as_json: bool) -> None:
    """Run one world of a sweep again, bit for bit, and print its path and its acts."""
    from .render import print_world, world_log
    from .study import load_sweep
    from .study import replay as replay_world

    swept = load_sweep(result)
    paths = replay_world(swept, world)
    scenario = swept.scenario_of(world)
    if as_json:
        log = world_log(paths, scenario.agents_act_from)
        click.echo(json.dumps(log | {"manifest": swept.world_manifest(world)}))
    else:
        print_world(paths, world, scenario, console())
        console().print(f"One world. {swept.conditional_on}", style="dim", highlight=False)


@click.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME@DATE", help="Draw only this.")
@click.option("--by", multiple=True, metavar="NAME", help="Draw over this input (one or two).")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the figures.  [default: RESULT/figures]",
)
@figure_options
@explained
def plot(result: Path, outcomes: tuple[str, ...], by: tuple[str, ...], out: Path | None) -> None:
    """Draw a sweep's RESULT: heat maps, regime maps, fans or scatters, by what varied."""
    from two_chairs_lab.plotting.style import save
    from two_chairs_lab.results.trajectories import read_fans

    from .figures import draw, read_swept, week_by_week

    swept = read_swept(result)
    figures = draw(swept, outcomes, by)
    fans = None if outcomes or by else read_fans(result)
    if fans is not None:
        figures |= week_by_week(fans, swept)
    wanted = asked_figures()
    names = wanted.among(figures)
    folder = out if out is not None else result / "figures"
    _open_for_figures(folder, result)
    click.echo(f"{len(save(figures, folder, wanted.kinds, names))} files: {folder}")


def _open_for_figures(folder: Path, result: Path) -> None:
    """Make a folder for the figures of one sweep; that of another, or of others, is refused."""
    from two_chairs_lab.results.folder import check_folder, write_json
    from two_chairs_lab.results.manifest import MANIFEST, make_manifest, read_manifest
    from two_chairs_lab.results.parts import owner

    sweep = owner(result)
    if folder.resolve() == (result / "figures").resolve():
        folder.mkdir(exist_ok=True)
        return
    check_folder(folder, "plot", resume=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MANIFEST).is_file():
        write_json(folder / MANIFEST, make_manifest("plot", {"sweep_sha256": sweep}))
    elif read_manifest(folder).get("sweep_sha256") != sweep:
        text = "holds the figures of another sweep; name another folder"
        raise InputError.at(f"--out {folder}", text)
