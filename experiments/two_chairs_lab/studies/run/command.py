"""The command run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, WorkOptions, ensemble_options, work_options

if TYPE_CHECKING:
    from two_chairs.scenario.records import Scenario
    from two_chairs_lab.engine.ensemble import Ensemble


@click.command()
@click.argument("scenario", default="baseline")
@ensemble_options
@click.option(
    "--until",
    type=click.FloatRange(0.1, 50.0),
    metavar="POINTS",
    help="Go on until every share is known to so many points (95 %), within limits.",
)
@work_options
@out_option("results/<case>/<scenario>")
@json_option
@explained
def run(
    scenario: str,
    asked: Asked,
    until: float | None,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run SCENARIO (a name of 'two-chairs list' or a path) and say where the pivot sits."""
    from two_chairs.scenario.layers import input_files
    from two_chairs.scenario.resolve import load_reference
    from two_chairs_lab.results.manifest import hashes

    from .render import print_run
    from .study import MOST, RunResult, run_result

    ensemble = asked.of(scenario)
    folder = target(out, ensemble.name(), as_json, ensemble.scenario)
    expected = (*ensemble.scenario.expect, *ensemble.scenario.targets)
    compared = {e.against for e in expected if e.against}

    def load(against: str) -> Scenario:
        return ensemble.like(load_reference(scenario, against, asked.overrides))

    extended = _extended(scenario, ensemble)
    runs = 1 + len(compared) + (extended is not None)
    worlds = runs * (ensemble.worlds if until is None else MOST)
    with work.runner(worlds, as_json, folder, RunResult.kind) as runner:
        inputs = hashes(input_files(scenario))
        result = run_result(ensemble, load, runner, inputs, reference=extended, until=until)
    deliver(result, folder, as_json, lambda console: print_run(result, console))


def _extended(name: str, ensemble: Ensemble) -> Scenario | None:
    """Return the scenario that a what-if extends, if it extends one."""
    from two_chairs.scenario.layers import chain_of
    from two_chairs.scenario.library import scenario_path
    from two_chairs.scenario.resolve import load_scenario

    chain, _ = chain_of(scenario_path(name))
    if len(chain) < 2:
        return None
    return ensemble.like(load_scenario(str(chain[-2][0]), ensemble.scenario.overrides))
