"""The commands on single scenarios: run, list, check, show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError, nearest

from .shell import (
    Asked,
    console,
    ensemble_options,
    explained,
    leave_folder,
    main,
    plan_kind,
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
    asked: Asked,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run SCENARIO (a name of 'two-chairs list' or a path) and say where the pivot sits."""
    ensemble = asked.of(scenario)
    folder = out if out is not None else Path("results") / ensemble.name()
    writing = out is not None or not as_json
    if writing:
        from ..results import check_folder

        check_folder(folder, "run")
    result = _run(ensemble, scenario, asked, quiet=as_json)
    _deliver(result, scenario, folder if writing else None, as_json)


def _run(ensemble: Ensemble, name: str, asked: Asked, *, quiet: bool) -> RunResult:
    from two_chairs.reading import load_reference

    from ..results import run_result

    scenario = ensemble.scenario
    compared = {e.against for e in (*scenario.expect, *scenario.targets) if e.against}

    def load(against: str) -> Scenario:
        return asked.without_posterior(load_reference(name, against, asked.overrides))

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
    """Check scenario, case, event, codebook, plan and claim FILEs without running anything."""
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
    from two_chairs.tables import shown

    kind = plan_kind(path)
    if kind is None:
        return check_file(path)
    if kind not in CHECKS:
        text = f"'{kind}' is no kind of plan; {nearest(kind, CHECKS)}"
        raise InputError.at(f"{shown(path)}: kind", text)
    return CHECKS[kind](path)


def _checked_sweep(path: Path) -> str:
    from ..sweep import read_plan, settle

    settled = settle(read_plan(path))
    return f"plan of {settled.worlds} worlds at {settled.design.points} points"


def _checked_calibration(path: Path) -> str:
    from ..calibration import read_plan, settle

    settled = settle(read_plan(path), str(path))
    answers, rows = len(settled.observations), sum(settled.tables().values())
    return f"calibration to {answers} answers with {rows:,} rows"


def _checked_sensitivity(path: Path) -> str:
    from ..sensitivity import read_sensitivity_plan, settle_study

    study = settle_study(read_sensitivity_plan(path))
    return f"sensitivity plan of {study.worlds} worlds over {len(study.space.axes)} axes"


def _checked_claim(path: Path) -> str:
    from ..claims.files import read_claim
    from ..claims.run import settle_claim, worlds_of

    return f"claim tested in {worlds_of(settle_claim(read_claim(str(path)))):,} worlds"


CHECKS: Mapping[str, Callable[[Path], str]] = {
    "sweep": _checked_sweep,
    "calibration": _checked_calibration,
    "sensitivity": _checked_sensitivity,
    "claim": _checked_claim,
}
"""How a plan of each kind is checked."""


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
