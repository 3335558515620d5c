"""The command claim."""

from __future__ import annotations

import json
from pathlib import Path

import click

from two_chairs.errors import InputError
from two_chairs_lab.shell.deliver import deliver, json_option, out_option, target
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import WorkOptions, work_options
from two_chairs_lab.shell.progress import console


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE]")
@click.option("--points", type=click.IntRange(1, 100_000), help="Points of the space.")
@click.option(
    "--replicates", type=click.IntRange(1, 10_000), help="Worlds of different luck a point."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of points, luck and halves.")
@work_options
@out_option("results/<case>/claim-<name>")
@json_option
@explained
def claim(
    name: str | None, work: WorkOptions, out: Path | None, as_json: bool, **size: int | None
) -> None:
    """Put a claim to the test over the space of the model; without a NAME, list the claims."""
    from two_chairs_lab.designs.plans import said_of_plan

    from .files import read_claim
    from .render import print_answer
    from .study import answer, resolve_claim, worlds_of

    given = {key: value for key, value in size.items() if value is not None}
    if name is None:
        _list_claims(out, given, as_json)
        return
    source = read_claim(name)
    with said_of_plan(name, given):
        space = resolve_claim(source.resized(given))
    folder = target(out, f"claim-{source.name}", as_json, space.scenario)
    with work.runner(worlds_of(space), as_json, folder, "claim") as runner:
        found = answer(space, runner)
    deliver(found, folder, as_json, lambda console: print_answer(found, console))


def _list_claims(out: Path | None, given: dict[str, int], as_json: bool) -> None:
    from .files import known_claims, read_claim
    from .render import print_claims

    if out is not None or given:
        raise InputError.at("claim", "names no claim; see 'two-chairs claim' for the names")
    files = {name: read_claim(str(path)).file for name, path in known_claims().items()}
    rows = [(name, file.title, file.question) for name, file in files.items()]
    if as_json:
        click.echo(json.dumps({n: {"title": t, "question": q} for n, t, q in rows}))
        return
    print_claims(rows, console())
