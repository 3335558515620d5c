"""The command that says why: explain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .shell import console, ensemble_options, explained, leave_folder, main, overrides, progress

if TYPE_CHECKING:
    from ..attribution import Fading

KIND = "explain"


@main.command()
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
    worlds: int,
    seed: int,
    settings: tuple[str, ...],
    fixed: bool,
    no_luck: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Say why a target moved in SCENARIO: its change as an exact sum over causes.

    The change runs from the end of the week of FROM to the end of the week of TO; without FROM,
    from before the first week. See docs/explain.md.
    """
    from two_chairs.reading import input_files, load_scenario

    from ..ensemble import Ensemble
    from ..explain import content, fixed_world
    from ..explain import explain as explain_change
    from ..results import check_folder, command_line

    if out is not None:
        check_folder(out, KIND)
    resolved = load_scenario(scenario, overrides(settings))
    ensemble = Ensemble(resolved, worlds, seed, vary=not fixed, luck=not no_luck)
    with progress(worlds, quiet=as_json) as advance:
        found = explain_change(ensemble, target, window, fading=fading, progress=advance)
    one = explain_change(fixed_world(ensemble), target, window, fading=fading)
    record = content(found, one, command_line(), input_files(scenario))

    def fill(new: Path) -> None:
        from ..explain import write_table
        from ..figures.explain import waterfall
        from ..figures.style import save
        from ..results import MANIFEST, write_json

        write_json(new / MANIFEST, record["manifest"])
        write_json(new / "explain.json", {k: v for k, v in record.items() if k != "manifest"})
        write_table(new / "explain.csv", found, one)
        save({"waterfall": waterfall(found)}, new)

    if out is not None:
        leave_folder(out, KIND, fill)
    if as_json:
        click.echo(json.dumps(record))
        return
    from ..account import print_explanation

    print_explanation(found, one, console())
    if out is not None:
        click.echo(f"Figure, tables and manifest: {out}")
