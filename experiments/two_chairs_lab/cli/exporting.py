"""The command that hands a sweep's worlds to other programs: export."""

from __future__ import annotations

from pathlib import Path

import click

from .shell import bar, explained, main


@main.command()
@click.argument("result", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--format",
    "asked",
    type=click.Choice(["csv", "parquet"]),
    help="Format.  [default: by the ending of FILE, else csv]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write.  [default: RESULT/export.csv or .parquet]",
)
@explained
def export(result: Path, asked: str | None, out: Path | None) -> None:
    """Write all worlds of a sweep's RESULT, with their parameters, as one CSV or Parquet file."""
    from ..export import export as export_worlds
    from ..export import format_of
    from ..sweep import load_sweep

    swept = load_sweep(result)
    kind = format_of(out, asked)
    path = out if out is not None else result / f"export.{kind}"
    with bar(swept.worlds) as advance:
        failed = export_worlds(result, swept, path, kind, advance)
    if failed:
        click.echo(f"note: {failed} worlds have failed; their rows have failed = 1", err=True)
    click.echo(f"{swept.worlds} worlds: {path}")
