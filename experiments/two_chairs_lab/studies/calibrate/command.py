"""The commands of calibration: calibrate, predict."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import plan_path
from two_chairs_lab.shell.deliver import deliver, results_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import WorkOptions, figure_options, work_options
from two_chairs_lab.shell.progress import bar, interrupted

if TYPE_CHECKING:
    from .predictions import Predictions


NO_LONGER = 1
"""Exit code where frozen predictions no longer follow from what is here."""


@click.command()
@click.argument("plan", type=click.Path(path_type=Path))
@work_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Results folder.")
@figure_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def calibrate(plan: Path, work: WorkOptions, out: Path | None, as_json: bool) -> None:
    """Fit a PLAN to observed polls, test the fit, and score it on answers left out."""
    from .fit import fit, judge
    from .render import print_calibration
    from .study import read_plan, resolve

    path = plan_path(plan)
    calibration = resolve(read_plan(path), str(path))
    folder = out or results_folder(f"calibration-{plan.stem}", calibration.scenario)
    with interrupted(folder):
        with work.runner(calibration.worlds, as_json) as runner:
            fitted = fit(calibration, folder, runner, resume=work.resume)
        with bar(calibration.plan.tests, "tests", quiet=as_json) as progress:
            result = judge(fitted, progress)
    deliver(
        result, folder, as_json, lambda console: print_calibration(result, console), beside=True
    )


@click.command()
@click.argument("plan", default="calibration", type=click.Path(path_type=Path))
@click.option("--worlds", type=click.IntRange(2), help="Worlds, instead of the plan's.")
@work_options
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="STEM", help="Write STEM.json and STEM.md."
)
@click.option(
    "--check",
    "frozen",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Run nothing; say whether frozen predictions still follow from what is here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def predict(
    plan: Path, worlds: int | None, work: WorkOptions, out: Path | None, frozen: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what the calibrated scenario of a PLAN expects after its evidence ends, dated.

    PLAN is a calibration plan; without one, the bundled one. With --check the exit code is 1 if
    what was frozen no longer follows.
    """
    from two_chairs.scenario.resolve import load_scenario

    from .predictions import Predictions, checksums, name_of, run_predictions
    from .study import read_plan, resolve

    path = plan_path(plan)
    read = read_plan(path)
    if frozen is not None:
        if worlds is not None or out is not None:
            option = "--worlds" if worlds is not None else "--out"
            raise InputError.at(
                option, "is of no use with --check, which runs nothing; leave it out"
            )
        _check(frozen, name_of(path), checksums(read.scenario, path), as_json)
        return
    resolve(read, str(path))
    if out is not None and out.with_name(f"{out.name}.json").exists():
        text = "holds predictions already, which are never written over; name another stem"
        raise InputError.at(f"--out {out}", text)
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError.at(f"--out {out}", "its folder does not exist; make it first")
    scenario, number = load_scenario(read.scenario), worlds or read.predictions.worlds
    parts = None if out is None else out.with_name(f"{out.name}.parts")
    with work.runner(number, as_json, parts, Predictions.kind) as runner:
        predictions = run_predictions(read, scenario, number, runner)
        predictions = replace(predictions, checksums=checksums(read.scenario, path))
    said = predictions.page() if out is None else f"Predictions: {out}.json and {out}.md"
    if out is not None:
        _leave(predictions, out)
    if parts is not None and parts.is_dir():
        shutil.rmtree(parts)
    deliver(predictions, None, as_json, lambda _: click.echo(said))


def _check(frozen: Path, plan: str, now: Mapping[str, str], as_json: bool) -> None:
    """Say whether frozen predictions still follow from files and program; leave with 1 if not."""
    from two_chairs.scenario.text import read_json_text, shown

    from .predictions import departures

    place = shown(frozen)
    record = read_json_text(frozen, "name a file that 'predict --out' has left")
    if not isinstance(record, dict) or not isinstance(record.get("checksums"), dict):
        text = "has no checksums, so nobody can tell what it followed from; freeze a new one"
        raise InputError.at(place, text)
    if plan not in record["checksums"]:
        remedy = "name its own: two-chairs predict PLAN --check FILE"
        raise InputError.at(place, f"was not made of the plan {plan}; {remedy}")
    found = departures(record, now)
    if as_json:
        click.echo(json.dumps({"follows": not found, "departures": found}))
    elif found:
        click.echo(f"{place} no longer follows from what is here. {'; '.join(found)}.")
    else:
        same = "model, case, ledger, posterior and plan are those that it was made of"
        click.echo(f"{place} follows from what is here: {same}.")
    if found:
        sys.exit(NO_LONGER)


def _leave(predictions: Predictions, stem: Path) -> None:
    """Write the record and the page, each whole."""
    from two_chairs_lab.results.folder import json_text, replaced

    texts = {"json": json_text(predictions.record()), "md": predictions.page()}
    for ending, text in texts.items():
        with replaced(stem.with_name(f"{stem.name}.{ending}")) as path:
            path.write_text(text, encoding="utf-8")
