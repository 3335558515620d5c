"""The commands on single scenarios: run, list, check, show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError

from .shell import (
    console,
    ensemble_options,
    explained,
    is_plan,
    leave_folder,
    main,
    overrides,
    progress,
)

if TYPE_CHECKING:
    from two_chairs.errors import Problem
    from two_chairs.scenario import Scenario

    from ..ensemble import Ensemble
    from ..results import RunResult


@main.command()
@click.argument("scenario", default="baseline")
@ensemble_options
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

    from ..ensemble import Ensemble

    given = overrides(settings)
    resolved = load_scenario(scenario, given)
    ensemble = Ensemble(resolved, worlds, seed, vary=not fixed, luck=not no_luck)
    folder = out if out is not None else Path("results") / ensemble.name()
    writing = out is not None or not as_json
    if writing:
        from ..results import check_folder

        check_folder(folder, "run")
    result = _run(ensemble, scenario, given, quiet=as_json)
    _deliver(result, scenario, folder if writing else None, as_json)


def _run(ensemble: Ensemble, name: str, given: dict[str, float], *, quiet: bool) -> RunResult:
    from two_chairs.reading import load_reference

    from ..results import run_result

    scenario = ensemble.scenario
    compared = {e.against for e in (*scenario.expect, *scenario.targets) if e.against}

    def load(against: str) -> Scenario:
        return load_reference(name, against, given)

    with progress(ensemble.worlds * (1 + len(compared)), quiet) as advance:
        return run_result(ensemble, load, advance)


def _deliver(result: RunResult, name: str, folder: Path | None, as_json: bool) -> None:
    from two_chairs.reading import input_files

    from ..results import MANIFEST, command_line, summary, write_json, write_weeks

    content = summary(result, command_line(), input_files(name))

    def fill(new: Path) -> None:
        from ..figures.runs import draw
        from ..figures.style import save

        write_json(new / MANIFEST, content["manifest"])
        write_json(new / "summary.json", {k: v for k, v in content.items() if k != "manifest"})
        write_weeks(new / "weeks.csv", content)
        save(draw(result), new)

    if folder is not None:
        leave_folder(folder, "run", fill)
    if as_json:
        click.echo(json.dumps(content))
        return
    from ..printing import print_run

    print_run(result, console())
    click.echo(f"Figures, tables and manifest: {folder}")


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
    from ..describe import print_list

    print_list(rows, console())


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

    if path.suffix != ".toml" or not is_plan(path):
        return check_file(path)
    from ..sweep import read_plan, settle

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

    from ..describe import differences, print_differences, print_scenario

    resolved = load_scenario(scenario)
    if against is None:
        if as_json:
            click.echo(resolved.model_dump_json())
        else:
            print_scenario(resolved, console())
        return
    other = load_scenario(against)
    if as_json:
        rows = differences(resolved, other)
        click.echo(json.dumps({key: [here, there] for key, here, there in rows}))
    else:
        print_differences(resolved, other, console())
