"""The command agree."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import deliver, json_option
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, WorkOptions, day_of, ensemble_options, work_options

WORLDS = 500


@click.command()
@click.argument("one", type=click.Path(path_type=Path), metavar="A.csv")
@click.argument("other", type=click.Path(path_type=Path), metavar="B.csv")
@click.option(
    "--key",
    multiple=True,
    default=["id"],
    show_default=True,
    metavar="COLUMN",
    help="Column that tells which rows are one; may be given several times.",
)
@click.option(
    "--scenario",
    default="baseline",
    show_default=True,
    metavar="NAME",
    help="The scenario that ledgers are tried in.",
)
@click.option("--at", metavar="DATE", help="When its answer is read.  [default: the last event]")
@partial(ensemble_options, worlds=WORLDS)
@work_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for tables.")
@json_option
@explained
def agree(
    one: Path, other: Path, key: tuple[str, ...], scenario: str, at: str | None, asked: Asked,
    work: WorkOptions, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how far two coders agree in A.csv and B.csv, and which disagreement moves the answer.

    Two ledgers are also run, each in the scenario, and row by row. Other tables are compared
    column by column.
    """
    from .render import print_agreement
    from .study import Agreement, agree_ledgers, agree_tables, is_ledger

    files = (one, other)
    if not all(map(is_ledger, files)):
        answer = agree_tables(files, key)
    else:
        from two_chairs.scenario.layers import input_files
        from two_chairs_lab.results.manifest import hashes

        ensemble = asked.of(scenario)
        day = None if at is None else day_of(f"--at {at}", at)
        run = ensemble.scenario
        if day is not None and not run.start <= day <= run.end:
            text = f"lies outside the run, {run.start} to {run.end}; choose a date inside it"
            raise InputError.at(f"--at {at}", text)
        inputs = hashes([*input_files(scenario), *files])
        with work.runner(2 * ensemble.worlds, as_json, out, Agreement.kind) as runner:
            answer = agree_ledgers(files, key, ensemble, day, runner=runner, inputs=inputs)
    deliver(answer, out, as_json, lambda console: print_agreement(answer, console))
