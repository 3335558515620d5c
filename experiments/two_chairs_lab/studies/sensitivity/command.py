"""The command sensitivity: the variance of outcomes split among theory, coding and luck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs_lab.designs.plans import plan_kind, plan_path
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import day_of, overrides
from two_chairs_lab.shell.progress import console, progress

if TYPE_CHECKING:
    from .study import Sensitivity, SensitivityPlan


@click.command()
@click.argument("plan", default="baseline", metavar="[PLAN|SCENARIO]")
@click.option("--points", type=int, help="Base sample, a power of two.  [default: 4096]")
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Split its variance.")
@click.option("--at", "dates", multiple=True, metavar="DATE", help="Split it at this date.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of points and luck.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Fix a parameter.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for figures and tables.  [default: results/sensitivity-<plan>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; figures only with --out."
)
@explained
def sensitivity(
    plan: str,
    dates: tuple[str, ...],
    settings: tuple[str, ...],
    workers: int,
    out: Path | None,
    as_json: bool,
    **choices: Any,
) -> None:
    """Split the variance of outcomes among theory, coding and luck, by a PLAN or of a SCENARIO."""
    from .study import run_study, settle_study

    days = tuple(day_of(f"--at {text}", text) for text in dates)
    given = {key: value for key, value in choices.items() if value not in (None, ())}
    asked = _plan(plan).model_copy(update=given | ({"dates": days} if days else {}))
    study = settle_study(asked, overrides(settings))
    folder = out if out is not None else Path("results") / f"sensitivity-{Path(plan).stem}"
    writing = out is not None or not as_json
    if writing:
        from two_chairs_lab.results.folder import check_folder

        check_folder(folder, "sensitivity")
    with progress(study.worlds, as_json) as advance:
        found = run_study(study, workers=workers, progress=advance)
    _deliver(found, folder if writing else None, as_json)


def _plan(name: str) -> SensitivityPlan:
    """Return the plan of a file, or the default one of a scenario."""
    from two_chairs.scenario.library import scenario_path

    from .study import SensitivityPlan, read_sensitivity_plan

    path = plan_path(name)
    if plan_kind(path) is not None:
        return read_sensitivity_plan(path)
    scenario_path(name)
    question = "How much of the spread is theory, how much coding of events, how much luck?"
    return SensitivityPlan(title=f"Sensitivity of {name}", question=question, scenario=name)


def _deliver(found: Sensitivity, folder: Path | None, as_json: bool) -> None:
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.folder import write_json, write_rows
    from two_chairs_lab.results.manifest import MANIFEST, command_line

    from .study import index_rows, sensitivity_manifest, sensitivity_record

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save

        from .figures import draw_sensitivity

        inputs = input_files(found.study.plan.scenario)
        write_json(new / MANIFEST, sensitivity_manifest(found, command_line(), inputs))
        write_json(new / "indices.json", sensitivity_record(found))
        write_rows(new / "indices.csv", index_rows(found))
        save(draw_sensitivity(found), new)

    if folder is not None:
        leave_folder(folder, "sensitivity", fill)
    if as_json:
        click.echo(json.dumps(sensitivity_record(found)))
        return
    from .render import print_sensitivity

    print_sensitivity(found, console())
    click.echo(f"Figures, tables and manifest: {folder}")
