"""The command update."""

from __future__ import annotations

from pathlib import Path

import click

from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, WorkOptions, ensemble_options, work_options


@click.command()
@click.argument("scenario", default="baseline")
@click.option(
    "--with",
    "ledgers",
    multiple=True,
    required=True,
    metavar="NEW.csv",
    type=click.Path(path_type=Path),
    help="Ledger of new rows; may be given several times.",
)
@click.option(
    "--target",
    "moved",
    default="tilt",
    show_default=True,
    metavar="NAME",
    help="What is explained, as in 'explain'.",
)
@ensemble_options
@work_options
@out_option("results/<case>/update-<scenario>")
@json_option
@explained
def update(
    scenario: str, ledgers: tuple[Path, ...], moved: str, asked: Asked, work: WorkOptions,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say where SCENARIO stands once new rows are on record, and what moved since the last one.

    The change is an exact sum over new rows, decay and ties.
    """
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.manifest import hashes

    from .render import print_update
    from .study import Update
    from .study import update as updated

    ensemble = asked.of(scenario)
    folder = target(out, f"update-{ensemble.name()}", as_json, ensemble.scenario)
    inputs = hashes([*input_files(scenario), *filter(Path.is_file, ledgers)])
    with work.runner(2 * ensemble.worlds, as_json, folder, Update.kind) as runner:
        answer = updated(ensemble, ledgers, moved, runner=runner, inputs=inputs)
    deliver(answer, folder, as_json, lambda console: print_update(answer, console))
