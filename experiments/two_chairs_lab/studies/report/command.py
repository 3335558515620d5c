"""The command that writes a report of a run: report."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import leave_folder, out_option, results_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, WorkOptions, ensemble_options, work_options
from two_chairs_lab.shell.progress import console

if TYPE_CHECKING:
    from .study import Report

WORLDS = 400
"""Worlds of a report that does not say how many: every change runs in all of them."""
RUN_OPTIONS = {
    "worlds": "--worlds",
    "seed": "--seed",
    "settings": "--set",
    "fixed": "--fixed",
    "defaults": "--defaults",
    "no_luck": "--no-luck",
    "free": "--free",
}


@click.command()
@click.argument("name", metavar="RESULT|SCENARIO")
@partial(ensemble_options, worlds=WORLDS)
@work_options
@out_option("results/<case>/<scenario>-report", figures=False)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as a JSON object.")
@click.pass_context
@explained
def report(
    context: click.Context,
    name: str,
    asked: Asked,
    work: WorkOptions,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write a report one can send: report.html, one file with its figures, and report.md.

    RESULT is a folder that 'two-chairs run' left, and is made again from its manifest; SCENARIO
    is a name of 'two-chairs list' or a path, and is run.
    """
    from two_chairs_lab.studies.run.manifest import is_result
    from two_chairs_lab.studies.run.rerun import open_result, open_scenario
    from two_chairs_lab.studies.run.study import run_result

    from .provenance import provenance_of
    from .study import KIND_OF_RESULT, build, worlds_run
    from .switches import switches_of

    if is_result(name):
        refuse_run_options(context, name)
        opened = open_result(Path(name))
    else:
        opened = open_scenario(name, asked.of(name))
    ensemble = opened.ensemble
    folder = out or results_folder(f"{ensemble.name()}-report", ensemble.scenario)
    switches = switches_of(ensemble, opened.name)
    worlds = ensemble.worlds + worlds_run(ensemble, switches)
    with work.runner(worlds, as_json, folder, KIND_OF_RESULT) as runner:
        result = run_result(ensemble, opened.load_compared(), runner, opened.inputs)
        made = build(result, provenance_of(opened, result), switches, opened.name, runner)
    _deliver(made, folder, as_json)


def _deliver(made: Report, folder: Path, as_json: bool) -> None:
    """Leave a report as documents, and print its answer."""
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST

    from .render import documents

    manifest = made.basis().manifest()

    def fill(new: Path) -> None:
        write_json(new / MANIFEST, manifest)
        for name, text in documents(made).items():
            (new / name).write_text(text, encoding="utf-8")

    leave_folder(folder, made.kind, fill)
    if as_json:
        record = {"folder": str(folder), "answer": list(made.answer), "manifest": manifest}
        click.echo(json.dumps(record))
        return
    for sentence in made.answer:
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
