"""The command run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, ensemble_options
from two_chairs_lab.shell.progress import console, progress

if TYPE_CHECKING:
    from two_chairs.scenario.records import Scenario
    from two_chairs_lab.engine.ensemble import Ensemble

    from .study import RunResult


@click.command()
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
        from two_chairs_lab.results.folder import check_folder

        check_folder(folder, "run")
    result = _run(ensemble, scenario, asked, quiet=as_json)
    _deliver(result, scenario, folder if writing else None, as_json)


def _run(ensemble: Ensemble, name: str, asked: Asked, *, quiet: bool) -> RunResult:
    from two_chairs.scenario.resolve import load_reference

    from .study import run_result

    scenario = ensemble.scenario
    compared = {e.against for e in (*scenario.expect, *scenario.targets) if e.against}

    def load(against: str) -> Scenario:
        return asked.without_posterior(load_reference(name, against, asked.overrides))

    with progress(ensemble.worlds * (1 + len(compared)), quiet) as advance:
        return run_result(ensemble, load, advance)


def _deliver(result: RunResult, name: str, folder: Path | None, as_json: bool) -> None:
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST, command_line

    from .study import summary, write_weeks

    content = summary(result, command_line(), input_files(name))

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save

        from .figures import draw

        write_json(new / MANIFEST, content["manifest"])
        write_json(new / "summary.json", {k: v for k, v in content.items() if k != "manifest"})
        write_weeks(new / "weeks.csv", content)
        save(draw(result), new)

    if folder is not None:
        leave_folder(folder, "run", fill)
    if as_json:
        click.echo(json.dumps(content))
        return
    from .render import print_run

    print_run(result, console())
    click.echo(f"Figures, tables and manifest: {folder}")
