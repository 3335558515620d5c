"""The commands on files: list, check, show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from two_chairs.errors import InputError
from two_chairs_lab.designs.plans import PlanFile, find_plan, said_of_plan
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import console

if TYPE_CHECKING:
    from two_chairs.errors import Problem
    from two_chairs_lab.studies.calibrate.study import CalibrationPlan
    from two_chairs_lab.studies.claim.files import ClaimFile
    from two_chairs_lab.studies.sensitivity.plan import SensitivityPlan
    from two_chairs_lab.studies.sweep.study import Plan


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def list_scenarios(as_json: bool) -> None:
    """List the scenarios by case, with their questions: your own cases here, then the bundled."""
    from two_chairs.scenario.library import at_hand, bundled_scenarios
    from two_chairs.scenario.text import read_toml

    rows = []
    for name, path in (bundled_scenarios() | at_hand("scenario")).items():
        table = read_toml(path)
        rows.append((name, str(table.get("title", "")), str(table.get("question", ""))))
    if as_json:
        click.echo(json.dumps({name: {"title": t, "question": q} for name, t, q in rows}))
        return
    from .render import print_list

    print_list(rows, _case_titles(), console())


def _case_titles() -> dict[str, str]:
    """Return what each case is about, by name; of the default one also that it is that."""
    from two_chairs.scenario.library import (
        CASE_FILE,
        bundled_cases,
        cases_at_hand,
        default_case,
    )
    from two_chairs.scenario.text import read_toml

    folders = bundled_cases() | cases_at_hand()
    titles = {name: read_toml(folder / CASE_FILE)["title"] for name, folder in folders.items()}
    usual = default_case()
    note = f"{titles[usual]} (the default: its scenarios may be named without '{usual}/')"
    return titles | {usual: note}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--case", metavar="CASE", help="Case of events: a bundled name, or a path.")
@explained
def check(files: tuple[Path, ...], case: str | None) -> None:
    """Check scenarios (by file or name), cases, events, codebooks, plans and claims."""
    problems: list[Problem] = []
    for path in files:
        try:
            click.echo(f"{path}: {_checked(path, case)}: good")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _checked(path: Path, case: str | None) -> str:
    from two_chairs.scenario.resolve import check_file

    plan = find_plan(path)
    if plan is None:
        return check_file(_named(path), case)
    record = plan.read()
    with said_of_plan(path):
        return CHECKS[plan.kind](record, plan)


def _named(path: Path) -> Path:
    """Return the file of a scenario that is named as other commands take it, else the path."""
    from two_chairs.scenario.library import find

    return path if path.exists() or path.suffix else find(path.as_posix()) or path


def _checked_sweep(record: Plan, _: PlanFile) -> str:
    from two_chairs_lab.studies.sweep.study import resolve

    sweep = resolve(record)
    return f"plan of {sweep.worlds} worlds at {sweep.design.points} points"


def _checked_calibration(record: CalibrationPlan, plan: PlanFile) -> str:
    from two_chairs_lab.studies.calibrate.study import resolve

    calibration = resolve(record, str(plan.path))
    answers, rows = len(calibration.observations), sum(calibration.tables().values())
    late = ", ".join(calibration.left_out)
    left = f" ({late} left out: after the evidence ends)" if late else ""
    return f"calibration to {answers} answers{left} with {rows:,} rows"


def _checked_sensitivity(record: SensitivityPlan, _: PlanFile) -> str:
    from two_chairs_lab.studies.sensitivity.study import resolve_study

    study = resolve_study(record)
    return f"sensitivity plan of {study.worlds} worlds over {len(study.space.axes)} axes"


def _checked_claim(record: ClaimFile, plan: PlanFile) -> str:
    from two_chairs_lab.studies.claim.files import Source
    from two_chairs_lab.studies.claim.study import resolve_claim, worlds_of

    return f"claim tested in {worlds_of(resolve_claim(Source(plan.path, record))):,} worlds"


CHECKS: Mapping[str, Callable[[Any, PlanFile], str]] = {
    "sweep": _checked_sweep,
    "calibration": _checked_calibration,
    "sensitivity": _checked_sensitivity,
    "claim": _checked_claim,
}
"""How a plan of each kind is checked."""


@click.command()
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Show only what differs from another scenario.")
@click.option("--json", "as_json", is_flag=True, help="Print the resolved scenario as JSON.")
@explained
def show(scenario: str, against: str | None, as_json: bool) -> None:
    """Show SCENARIO as it resolves: every event, condition, intervention and parameter."""
    from two_chairs.scenario.resolve import load_scenario

    from .render import differences, print_differences, print_scenario

    resolved = load_scenario(scenario)
    if against is None:
        if as_json:
            click.echo(resolved.model_dump_json())
        else:
            print_scenario(resolved, console())
        return
    other = load_scenario(against)
    if as_json:
        rows = differences(resolved, other)
        click.echo(json.dumps({key: [here, there] for key, here, there in rows}))
    else:
        print_differences(resolved, other, console())
