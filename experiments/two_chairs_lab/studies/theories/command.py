"""The command theories: rival theories on one scenario, and how each scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import plan_path
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import MOST_WORLDS
from two_chairs_lab.shell.progress import bar, console

if TYPE_CHECKING:
    from .study import Rivalry

DEFAULT_PLAN = Path("calibration")
ROWS = 4_096
"""Rows of each theory's table, unless they are read from a calibration."""


@click.command()
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read the tables of a finished calibration, not new ones.",
)
@click.option(
    "--rows",
    type=click.IntRange(64, 1_000_000),
    metavar="NUMBER",
    help=f"Rows of each theory's table.  [default: {ROWS}]",
)
@click.option(
    "--worlds",
    default=500,
    show_default=True,
    help="Worlds of each theory.",
    type=click.IntRange(1, MOST_WORLDS),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the figure and tables.  [default: results/theories-<plan>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; a folder only with --out."
)
@explained
def theories(
    plan: Path | None,
    source: Path | None,
    rows: int | None,
    worlds: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Set the model beside rival theories: what each predicts, and how each scores on polls.

    PLAN is a calibration plan; without one, the bundled one.
    """
    from two_chairs_lab.results.folder import check_folder

    name = (plan or DEFAULT_PLAN).stem if source is None else source.resolve().name
    folder = out if out is not None else Path("results") / f"theories-{name}"
    writing = out is not None or not as_json
    if writing:
        check_folder(folder, "theories")
    found = _run(plan, source, rows, worlds)
    _deliver(found, source, folder if writing else None, as_json)


def _run(plan: Path | None, source: Path | None, rows: int | None, worlds: int) -> Rivalry:
    from two_chairs_lab.studies.calibrate.sample import load_calibration
    from two_chairs_lab.studies.calibrate.study import read_plan, settle

    from .study import read_theory_tables, rivalry, run_theory_tables

    if source is not None:
        for given, name in ((plan, "PLAN"), (rows, "--rows")):
            if given is not None:
                text = f"has a plan and rows of its own; leave {name} out"
                raise InputError.at(f"--from {source}", text)
        calibration = load_calibration(source)
        tables = read_theory_tables(calibration, source)
    else:
        path = plan_path(plan or DEFAULT_PLAN)
        calibration = settle(read_plan(path), str(path))
        number, kinds = rows or ROWS, 1 + len(calibration.plan.rivals)
        with bar(number * kinds, "rows") as advance:
            tables = run_theory_tables(calibration, number, advance)
    with bar(worlds * len(tables)) as advance:
        return rivalry(calibration, tables, worlds, advance)


def _deliver(found: Rivalry, source: Path | None, folder: Path | None, as_json: bool) -> None:
    """Leave the folder and print what was found."""
    from two_chairs_lab.render.table import write_tables
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST

    from .study import content, manifest, sentences, tables

    told, made = content(found), manifest(found, source)
    tables = tables(told, found.calibration.scenario.case)

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save
        from two_chairs_lab.studies.calibrate.render import write_scores

        from .figures import draw

        write_json(new / MANIFEST, made)
        write_json(new / "theories.json", told)
        write_tables(new, tables)
        write_scores(new / "scores.csv", found.scores)
        save(draw(found), new)

    if folder is not None:
        leave_folder(folder, "theories", fill)
    if as_json:
        click.echo(json.dumps(told | {"manifest": made}))
        return
    from .render import print_theories

    print_theories(told, sentences(told), tables, console())
    click.echo(f"Figure, tables and manifest: {folder}")
