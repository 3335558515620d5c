"""The command new."""

from __future__ import annotations

from pathlib import Path

import click

from two_chairs_lab.shell.errors import explained

from .study import new_case, new_ledger, new_scenario, scenario_file

NAME = click.argument("name", type=click.Path(path_type=Path))


@click.group()
def new() -> None:
    """Make commented files to begin with, which 'check' accepts; overwrites nothing.

    Example: two-chairs new case georgia
    """


@new.command()
@NAME
@explained
def case(name: Path) -> None:
    """Make a folder NAME with a case, its baseline and a ledger, all to be filled in."""
    files = new_case(name)
    checked = " ".join(str(path) for path in files)
    _tell(files, f"check {checked}", f"run {files[1]}")


@new.command()
@NAME
@click.option("--extends", default="baseline", show_default=True, metavar="SCENARIO",
              help="The scenario that it changes: bundled, or a file beside it.")  # fmt: skip
@explained
def scenario(name: Path, extends: str) -> None:
    """Make a scenario NAME.toml that extends another one."""
    from two_chairs.scenario.layers import related

    path = scenario_file(name)
    related(path, extends, "extends")
    files = new_scenario(path, extends)
    _tell(files, f"check {files[0]}", f"compare {extends} {files[0]}")


@new.command()
@NAME
@click.option("--case", "of", metavar="CASE", help="Case of its actors: a bundled name, or a path.")
@explained
def ledger(name: Path, of: str | None) -> None:
    """Make a ledger NAME.csv with a row to copy."""
    from two_chairs.scenario.files import read_case
    from two_chairs.scenario.resolve import case_near

    path, _ = case_near(name, of)
    files = new_ledger(name, read_case(path))
    given = f" --case {of}" if of else ""
    _tell(files, f"check {files[0]}{given}")


def _tell(files: list[Path], *commands: str) -> None:
    click.echo(f"Made {', '.join(map(str, files))}. Next:")
    for command in commands:
        click.echo(f"  two-chairs {command}")
