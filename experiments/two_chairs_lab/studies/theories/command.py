"""The command theories: ablations of the model on one scenario, and how each scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import plan_path
from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import MOST_WORLDS, WorkOptions, work_options

if TYPE_CHECKING:
    from two_chairs_lab.studies.calibrate.study import Calibration

DEFAULT_PLAN = Path("calibration")
ROWS = 4_096
"""Rows of each ablation's table, unless they are read from a calibration."""


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
    help=f"Rows of each ablation's table.  [default: {ROWS}]",
)
@click.option(
    "--worlds",
    default=500,
    show_default=True,
    help="Worlds of each ablation.",
    type=click.IntRange(1, MOST_WORLDS),
)
@work_options
@out_option("results/<case>/theories-<plan>")
@json_option
@explained
def theories(
    plan: Path | None,
    source: Path | None,
    rows: int | None,
    worlds: int,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Set the model beside ablations of itself: what each predicts, and how each scores on polls.

    An ablation is the same model with a mechanism taken out. Landscape theory, a rival that is no
    part of the model, names sides and is scored on recorded decisions.

    PLAN is a calibration plan; without one, the bundled one.
    """
    from .render import print_theories
    from .study import (
        TheoryComparison,
        compare_theories,
        read_theory_tables,
        run_theory_tables,
        tables_of,
    )

    calibration = _calibration(plan, source, rows)
    name = (plan or DEFAULT_PLAN).stem if source is None else source.resolve().name
    folder = target(out, f"theories-{name}", as_json, calibration.scenario)
    number = (rows or ROWS) if source is None else 0
    total = (number + worlds) * len(tables_of(calibration))
    total += worlds if calibration.decided is not None else 0
    with work.runner(total, as_json, folder, TheoryComparison.kind) as runner:
        if source is None:
            tables = run_theory_tables(calibration, number, runner)
        else:
            tables = read_theory_tables(calibration, source)
        comparison = compare_theories(calibration, tables, worlds, runner, source)
    deliver(comparison, folder, as_json, lambda console: print_theories(comparison, console))


def _calibration(plan: Path | None, source: Path | None, rows: int | None) -> Calibration:
    """Return the calibration of a folder, or of a plan."""
    from two_chairs_lab.studies.calibrate.sample import load_calibration
    from two_chairs_lab.studies.calibrate.study import read_plan, resolve

    if source is not None:
        for given, name in ((plan, "PLAN"), (rows, "--rows")):
            if given is not None:
                text = f"has a plan and rows of its own; leave {name} out"
                raise InputError.at(f"--from {source}", text)
        return load_calibration(source)
    path = plan_path(plan or DEFAULT_PLAN)
    return resolve(read_plan(path), str(path))
