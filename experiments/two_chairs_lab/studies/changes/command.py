"""The command changes."""

from __future__ import annotations

from pathlib import Path

import click

from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained


@click.command()
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@out_option("results/changes")
@json_option
@explained
def changes(old: Path, new: Path, out: Path | None, as_json: bool) -> None:
    """Say how far every curve moved from the results in OLD to those in NEW.

    Each is the folder of a run, a folder that holds such folders, or a checkout, of which the
    golden curves are read.
    """
    from .render import print_changes
    from .study import compare_versions

    answer = compare_versions(old, new)
    folder = target(out, "changes", as_json)
    deliver(answer, folder, as_json, lambda console: print_changes(answer, console))
