"""The command codebook."""

from __future__ import annotations

import json

import click

from two_chairs.scenario.files import codebook_of, read_case, read_codebook
from two_chairs.scenario.library import case_path
from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.progress import console

from .render import actions_table
from .study import find_actions


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD|CODE…]")
@click.option("--case", metavar="CASE", help="With the acts that a case adds: a name, or a path.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@explained
def codebook(words: tuple[str, ...], case: str | None, as_json: bool) -> None:
    """List the kinds of act that an event can be; with words, those that match all of them.

    A word is a part of an act's name or description, a CAMEO code with or without its zeros, or a
    PLOVER class. Example: two-chairs codebook sanction
    """
    known = read_codebook() if case is None else codebook_of(read_case(case_path(case)))
    found = find_actions(known, words)
    if as_json:
        click.echo(json.dumps({action.action: action.model_dump(mode="json") for action in found}))
        return
    console().print(actions_table(found))
    click.echo(
        "A score is from −10, the most hostile, to 10, the most friendly (Goldstein's scale). An "
        "event may give its own."
    )
