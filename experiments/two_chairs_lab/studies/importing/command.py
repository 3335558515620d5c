"""The command import."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table as Grid

from two_chairs.errors import InputError
from two_chairs.scenario.files import codebook_of, read_case
from two_chairs.scenario.resolve import case_near
from two_chairs.scenario.text import shown
from two_chairs_lab.render.table import Table
from two_chairs_lab.results.folder import check_writable
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import console

from .formats import Format, read_coded
from .render import decisions_table, outcome_table, taken
from .study import Import, decisions_text, imported, ledger_text, read_map


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["gdelt", "icews", "polecat", "ledger"]),
    help="What FILE is.",
)
@click.option("--case", metavar="CASE", help="Whose actors: a bundled name, or a path.")
@click.option(
    "--map",
    "given",
    type=click.Path(path_type=Path),
    metavar="MAP.csv",
    help="What codes mean: columns code and means (an actor, an act, or - to leave out).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="OWN.csv",
    help="The ledger.  [default: FILE's name with -ledger.csv]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def import_data(
    file: Path, form: Format, case: str | None, given: Path | None, out: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Turn a FILE of event data into a ledger; what it can not know it lists.

    What waits for a decision goes to a second file, to be filled in and given back by --map.
    """
    ledger = Path(f"{file.stem}-ledger.csv") if out is None else out
    asked = ledger.with_name(f"{ledger.stem}-decisions.csv")
    check_writable(ledger)
    of = read_case(case_near(ledger, case)[0])
    codebook = codebook_of(of)
    result = imported(
        read_coded(file, form), of, codebook, {} if given is None else read_map(given, of, codebook)
    )
    left = {ledger: ledger_text(result.rows)}
    if result.asked:
        left[asked] = decisions_text(result)
    for path in left:
        if path.exists():
            raise InputError.at(f"--out {shown(path)}", "stands already; choose another name")
    for path, text in left.items():
        path.write_text(text, encoding="utf-8")
    _tell(result, [shown(path) for path in left], as_json)


def _tell(result: Import, files: list[str], as_json: bool) -> None:
    tables = {"rows": outcome_table(result), "decisions": decisions_table(result)}
    if as_json:
        told = {name: table.records() for name, table in tables.items()}
        click.echo(json.dumps({"files": files, "taken": result.taken, **told}))
        return
    console().print(_grid(tables["rows"], 1))
    if result.asked:
        console().print(_grid(tables["decisions"], 3))
    for line in taken(result):
        click.echo(line)
    click.echo(f"Ledger: {files[0]}. Check it: two-chairs check {files[0]}")
    if len(files) > 1:
        click.echo(f"Fill in the column means of {files[1]} and give it back by --map.")


def _grid(table: Table, numbers: int) -> Grid:
    grid = Grid(title=table.title, title_justify="left", title_style="bold", box=None,
                pad_edge=False)  # fmt: skip
    for position, column in enumerate(table.columns):
        right = 0 < position < numbers or (numbers == 1 and position == 0)
        grid.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in table.rows:
        grid.add_row(*(escape(str(cell)) for cell in row))
    return grid
