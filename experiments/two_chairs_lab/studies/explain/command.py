"""The command that says why: explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs_lab.shell.deliver import deliver, json_option
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import (
    Asked,
    WorkOptions,
    ensemble_options,
    figure_options,
    work_options,
)

if TYPE_CHECKING:
    from .attribution import Fading


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--window", default=":", metavar="FROM:TO", help="Two dates.  [default: whole run]")
@click.option(
    "--target",
    default="tilt",
    show_default=True,
    metavar="NAME",
    help="tilt, incumbent_seat, rival_seat, seat:PATRON:DOMAIN or A>B:DOMAIN (quote the >).",
)
@click.option(
    "--fading",
    type=click.Choice(["apart", "own"]),
    default="apart",
    show_default=True,
    help="Fading as one cause apart, or charged to what fades.",
)
@ensemble_options
@work_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for figures, tables and manifest.",
)
@figure_options
@json_option
@explained
def explain(
    scenario: str,
    window: str,
    target: str,
    fading: Fading,
    asked: Asked,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say why a target moved in SCENARIO: its change as an exact sum over causes.

    The change runs from the end of the week of FROM to the end of the week of TO; without FROM,
    from before the first week. See docs/explain.md.
    """
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.manifest import hashes

    from .render import print_explanation
    from .study import ExplainResult, explain_result

    ensemble = asked.of(scenario)
    inputs = hashes(input_files(scenario))
    with work.runner(ensemble.worlds + 1, as_json, out, ExplainResult.kind) as runner:
        result = explain_result(
            ensemble, target, window, fading=fading, runner=runner, inputs=inputs
        )
    deliver(result, out, as_json, lambda console: print_explanation(result, console))
