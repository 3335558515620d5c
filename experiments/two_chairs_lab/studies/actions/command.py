"""The command actions."""

from __future__ import annotations

import json

import click

from two_chairs.scenario.files import read_codebook
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import console

from .render import actions_table
from .study import find_actions


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD|CODE…]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def actions(words: tuple[str, ...], as_json: bool) -> None:
    """List the kinds of act that an event can be; with WORDs or a CAMEO CODE, those that match.

    Example: two-chairs actions sanction
    """
    found = find_actions(read_codebook(), words)
    if as_json:
        click.echo(json.dumps({action.action: action.model_dump(mode="json") for action in found}))
        return
    console().print(actions_table(found))
    click.echo(
        "A score is from −10, the most hostile, to 10, the most friendly (Goldstein's scale). An "
        "event may give its own."
    )
