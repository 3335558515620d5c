"""The command that writes a report of a run: report."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, ensemble_options
from two_chairs_lab.shell.progress import console, progress

if TYPE_CHECKING:
    from two_chairs_lab.studies.run.rerun import Opened
    from two_chairs_lab.studies.run.study import RunResult

    from .study import Provenance

RUN_OPTIONS = {
    "worlds": "--worlds",
    "seed": "--seed",
    "settings": "--set",
    "fixed": "--fixed",
    "defaults": "--defaults",
    "no_luck": "--no-luck",
}


@click.command()
@click.argument("name", metavar="RESULT|SCENARIO")
@ensemble_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the report.  [default: results/<scenario>-report]",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as a JSON object.")
@click.pass_context
@explained
def report(
    context: click.Context,
    name: str,
    asked: Asked,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write a report one can send: report.html, one file with its figures, and report.md.

    RESULT is a folder that 'two-chairs run' left, and is made again from its manifest; SCENARIO
    is a name of 'two-chairs list' or a path, and is run.
    """
    from two_chairs_lab.results.folder import check_folder
    from two_chairs_lab.studies.run.manifest import is_result
    from two_chairs_lab.studies.run.rerun import open_result, open_scenario

    if is_result(name):
        refuse_run_options(context, name)
        opened = open_result(Path(name))
    else:
        opened = open_scenario(name, asked.of(name))
    folder = out if out is not None else Path("results") / f"{opened.ensemble.name()}-report"
    check_folder(folder, "report")
    answer = _write(opened, folder, as_json)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "answer": answer}))
        return
    for sentence in answer:
        console().print(sentence, markup=False, highlight=False)
    click.echo(f"Report, to read, print or send: {folder / 'report.html'}")


def refuse_run_options(context: click.Context, name: str) -> None:
    """Refuse options that say what to run where a result is named, which has been run already."""
    given = [
        option
        for key, option in RUN_OPTIONS.items()
        if context.get_parameter_source(key) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        text = f"{name} is a result and keeps its own; leave it out, or name the scenario"
        raise InputError.at(given[0], text)


def _write(opened: Opened, folder: Path, quiet: bool) -> list[str]:
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST, command_line, manifest_of
    from two_chairs_lab.studies.run.study import run_result

    from .study import build, worlds_run, write

    with progress(opened.ensemble.worlds + worlds_run(opened.ensemble), quiet) as advance:
        result = run_result(opened.ensemble, opened.load_compared(), advance)
        made = build(result, _provenance(opened, result), advance)

    def fill(new: Path) -> None:
        record = manifest_of("report", opened.ensemble, command_line(), opened.inputs)
        write_json(new / MANIFEST, record)
        write(made, new)

    leave_folder(folder, "report", fill)
    return list(made.answer)


def _provenance(opened: Opened, result: RunResult) -> Provenance:
    import two_chairs
    from two_chairs_lab.results.manifest import command_line, made_by, scenario_digest
    from two_chairs_lab.studies.run.study import numbers

    from .study import Provenance, compared

    made = made_by()
    facts = {
        "seed": str(opened.ensemble.seed),
        "worlds": str(opened.ensemble.worlds),
        "two-chairs": two_chairs.__version__,
        "Python": made["python"],
        **made["packages"],
        "processor features": ", ".join(made["cpu_features"]),
        "resolved scenario, SHA-256": scenario_digest(opened.ensemble.scenario),
    }
    checked = ""
    if opened.stored is not None:
        checked = compared(numbers(result), opened.stored, judged=opened.name is not None)
    commands = [shlex.join(opened.command), shlex.join(command_line())]
    return Provenance(commands, facts, opened.inputs, checked)
