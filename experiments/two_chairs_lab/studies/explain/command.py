"""The command that says why: explain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import Asked, ensemble_options
from two_chairs_lab.shell.progress import console, progress

if TYPE_CHECKING:
    from .attribution import Fading

KIND = "explain"


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
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for figure and tables."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def explain(
    scenario: str,
    window: str,
    target: str,
    fading: Fading,
    asked: Asked,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say why a target moved in SCENARIO: its change as an exact sum over causes.

    The change runs from the end of the week of FROM to the end of the week of TO; without FROM,
    from before the first week. See docs/explain.md.
    """
    from two_chairs.scenario.layers import input_files
    from two_chairs_lab.results.folder import check_folder
    from two_chairs_lab.results.manifest import command_line

    from .study import content, fixed_world
    from .study import explain as explain_change

    if out is not None:
        check_folder(out, KIND)
    ensemble = asked.of(scenario)
    with progress(asked.worlds, quiet=as_json) as advance:
        found = explain_change(ensemble, target, window, fading=fading, progress=advance)
    one = explain_change(fixed_world(ensemble), target, window, fading=fading)
    record = content(found, one, command_line(), input_files(scenario))

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save
        from two_chairs_lab.results.folder import write_json
        from two_chairs_lab.results.manifest import MANIFEST

        from .figures import waterfall
        from .study import write_table

        write_json(new / MANIFEST, record["manifest"])
        write_json(new / "explain.json", {k: v for k, v in record.items() if k != "manifest"})
        write_table(new / "explain.csv", found, one)
        save({"waterfall": waterfall(found)}, new)

    if out is not None:
        leave_folder(out, KIND, fill)
    if as_json:
        click.echo(json.dumps(record))
        return
    from .render import print_explanation

    print_explanation(found, one, console())
    if out is not None:
        click.echo(f"Figure, tables and manifest: {out}")
