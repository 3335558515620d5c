"""The command that opens the live page: view."""

from __future__ import annotations

from functools import partial

import click

from two_chairs_lab.shell.errors import explained
from two_chairs_lab.shell.options import engine_option


@click.command()
@click.argument("name", default="baseline", metavar="[SCENARIO|RESULT]")
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Port to use."
)
@partial(engine_option, says="numpy or compiled; by default numpy until the week is compiled.")
@click.option("--no-browser", is_flag=True, help="Only serve the page; open no browser.")
@explained
def view(name: str, port: int, no_browser: bool) -> None:
    """Open a page on SCENARIO, or on the RESULT of a run: change things and see what follows.

    The page is served to this machine alone (127.0.0.1), sends nothing anywhere and needs no
    internet. End it with Ctrl-C. Needs the extra [view].
    """
    from .files import opened
    from .serving import HOST, serve

    opened(name)
    click.echo(f"The page: http://{HOST}:{port} (Ctrl-C ends it)", err=True)
    serve(name, port, not no_browser)
