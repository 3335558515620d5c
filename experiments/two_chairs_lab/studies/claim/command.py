"""The command claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import leave_folder
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import bar, console

if TYPE_CHECKING:
    from .answer import Answer


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE]")
@click.option("--points", type=click.IntRange(1, 100_000), help="Points of the space.")
@click.option(
    "--replicates", type=click.IntRange(1, 10_000), help="Worlds of different luck a point."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of points, luck and halves.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for tables and figures.  [default: results/claim-<name>]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; a folder only with --out."
)
@explained
def claim(name: str | None, out: Path | None, as_json: bool, **size: int | None) -> None:
    """Put a claim to the test over the space of the model; without a NAME, list the claims."""
    given = {key: value for key, value in size.items() if value is not None}
    if name is None:
        _list_claims(out, given, as_json)
        return
    from two_chairs_lab.results.folder import check_folder

    from .files import read_claim
    from .study import answer, settle_claim, worlds_of

    source = read_claim(name)
    folder = out if out is not None else Path("results") / f"claim-{source.name}"
    writing = out is not None or not as_json
    if writing:
        check_folder(folder, "claim")
    space = settle_claim(source.resized(given))
    with bar(worlds_of(space)) as advance:
        found = answer(space, advance)
    _deliver_claim(found, folder if writing else None, as_json)


def _list_claims(out: Path | None, given: dict[str, int], as_json: bool) -> None:
    from .files import bundled_claims, read_claim
    from .render import print_claims

    if out is not None or given:
        raise InputError.at("claim", "names no claim; see 'two-chairs claim' for the names")
    files = [read_claim(name).file for name in bundled_claims()]
    rows = [(n, f.title, f.question) for n, f in zip(bundled_claims(), files, strict=True)]
    if as_json:
        click.echo(json.dumps({n: {"title": t, "question": q} for n, t, q in rows}))
        return
    print_claims(rows, console())


def _deliver_claim(found: Answer, folder: Path | None, as_json: bool) -> None:
    from two_chairs_lab.render.table import write_tables
    from two_chairs_lab.results.folder import write_json
    from two_chairs_lab.results.manifest import MANIFEST, made_by

    source = found.space.source
    made = found.space.sweep.manifest(made_by())
    made |= {"kind": "claim", "claim": source.file.model_dump(mode="json"), "name": source.name}
    content = found.as_json()

    def fill(new: Path) -> None:
        from two_chairs_lab.plotting.style import save

        from .figures import draw

        write_json(new / MANIFEST, made)
        write_json(new / "claim.json", content)
        write_tables(new, found.tables())
        save(draw(found), new)

    if folder is not None:
        leave_folder(folder, "claim", fill)
    if as_json:
        click.echo(json.dumps(content | {"manifest": made}))
        return
    from .render import print_answer

    print_answer(found, console())
    click.echo(f"Figures, tables and manifest: {folder}")
