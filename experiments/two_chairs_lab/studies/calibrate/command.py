"""The commands of calibration: calibrate, predict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import plan_path
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import bar, console, interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from .render import Findings
    from .sample import Rows
    from .study import Calibration
    from .validation import Profile


@click.command()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Results folder.")
@click.option("--resume", is_flag=True, help="Start the calibration, or go on where it stopped.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def calibrate(plan: Path, workers: int, out: Path | None, resume: bool, as_json: bool) -> None:
    """Fit a PLAN to observed polls, test the fit, and score it on answers left out."""
    from .sample import run_tables
    from .study import read_plan, settle

    path = plan_path(plan)
    calibration = settle(read_plan(path), str(path))
    folder = out if out is not None else Path("results") / f"calibration-{plan.stem}"
    with interrupted(folder):
        with bar(sum(calibration.tables().values()), "rows") as advance:
            run_tables(calibration, folder, workers=workers, resume=resume, progress=advance)
        with bar(calibration.plan.tests, "tests") as advance:
            found = _findings(calibration, folder, advance)
    told = _written(found, folder)
    if as_json:
        click.echo(json.dumps(told))
        return
    from .render import print_calibration

    print_calibration(told, calibration.plan.title, console())
    click.echo(f"Posterior, scores, predictions and figures: {folder}")


def _findings(calibration: Calibration, folder: Path, advance: Callable[[int], None]) -> Findings:
    import numpy as np

    from .posterior import draw_posterior, frozen_scenario, prior_columns
    from .predictions import run_future
    from .render import MODEL, NO_CHANGE, TREND, Findings
    from .sample import gathered, read_table
    from .validation import evidence, linear_trend, misled, no_change, recover, score, theory_of

    rows = gathered(calibration, folder)
    posterior = draw_posterior(calibration, folder)
    theories = {MODEL: theory_of(calibration, rows.readings, rows.log_prior)}
    theories |= {NO_CHANGE: no_change(calibration), TREND: linear_trend(calibration)}
    survey, wrong = calibration.survey, None
    found = {MODEL: evidence(survey, rows.readings, rows.log_prior)}
    for rival in calibration.plan.rivals:
        readings = read_table(calibration, folder, rival)
        even = np.zeros(readings.shape[1])
        theories[rival] = theory_of(calibration, readings, even)
        found[rival] = evidence(survey, readings, even)
        if rival == calibration.plan.wrong_model:
            wrong = readings
    scenario = frozen_scenario(calibration, posterior)
    return Findings(
        calibration=calibration,
        prior=prior_columns(calibration, min(calibration.plan.draws, rows.sizes[0])),
        posterior=posterior,
        scores=score(calibration, theories),
        evidence=found,
        recovery=recover(calibration, rows, advance),
        misled=None if wrong is None else misled(calibration, rows, wrong),
        profiles=_profiles(calibration, rows),
        future=run_future(calibration.plan, scenario),
    )


def _profiles(calibration: Calibration, rows: Rows) -> dict[str, Profile]:
    from two_chairs.draws import between

    from .posterior import prior_products
    from .validation import profile

    number, ranges = rows.sizes[0], calibration.scenario.parameters
    evidence = calibration.survey.log_evidence(rows.readings[:, :number])
    quantities = {
        name: between(units[:number], ranges[name].low, ranges[name].value, ranges[name].high)
        for name, units in rows.units.items()
    }
    if calibration.plan.not_separable is not None:
        one, other = calibration.plan.not_separable
        product = prior_products(calibration, rows, (one, other))
        quantities[other] = product / quantities[one] if one in quantities else product
        quantities[f"{one} × {other}"] = product
    return {name: profile(values, evidence) for name, values in quantities.items()}


def _written(found: Findings, folder: Path) -> dict[str, Any]:
    """Write what was found into the calibration's folder, each file whole."""
    from two_chairs_lab.plotting.style import save
    from two_chairs_lab.results.folder import replaced, write_json

    from .figures import draw
    from .posterior import POSTERIOR, posterior_text
    from .predictions import in_words, statements
    from .render import content, page, write_scores

    told = content(found)
    predicted = statements(found.future)
    with replaced(folder / POSTERIOR) as path:
        path.write_text(posterior_text(found.posterior.columns), encoding="utf-8")
    with replaced(folder / "scores.csv") as path:
        write_scores(path, found.scores)
    with replaced(folder / "summary.json") as path:
        write_json(path, told)
    with replaced(folder / "calibration.md") as path:
        path.write_text(page(found), encoding="utf-8")
    with replaced(folder / "predictions.json") as path:
        write_json(path, predicted)
    with replaced(folder / "predictions.md") as path:
        path.write_text(in_words(predicted, found.calibration.plan), encoding="utf-8")
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    save(draw(found), figures)
    return told


@click.command()
@click.argument("plan", default="calibration", type=click.Path(path_type=Path))
@click.option("--worlds", type=click.IntRange(2), help="Worlds, instead of the plan's.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="STEM", help="Write STEM.json and STEM.md."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def predict(plan: Path, worlds: int | None, out: Path | None, as_json: bool) -> None:
    """Say what the calibrated scenario of a PLAN expects after its evidence ends, dated."""
    from two_chairs.scenario.resolve import load_scenario
    from two_chairs_lab.results.folder import replaced, write_json

    from .predictions import in_words, run_future, statements
    from .study import read_plan, settle

    path = plan_path(plan)
    read = read_plan(path)
    settle(read, str(path))
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError.at(f"--out {out}", "its folder does not exist; make it first")
    number = read.predictions.worlds if worlds is None else worlds
    with bar(number) as advance:
        told = statements(run_future(read, load_scenario(read.scenario), number, advance))
    if out is not None:
        with replaced(out.with_name(f"{out.name}.json")) as path:
            write_json(path, told)
        with replaced(out.with_name(f"{out.name}.md")) as path:
            path.write_text(in_words(told, read), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(told))
    elif out is not None:
        click.echo(f"Predictions: {out}.json and {out}.md")
    else:
        click.echo(in_words(told, read))
