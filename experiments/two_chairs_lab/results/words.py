"""The words of the command that is running: kept as it starts, told in manifests."""

from __future__ import annotations

from collections.abc import Sequence

import click

WORDS = "two_chairs.words"
"""Where they stand in what click's contexts share."""


def keep_words(context: click.Context, words: Sequence[str]) -> None:
    """Keep the words that a command was given."""
    context.meta[WORDS] = list(words)


def command_line() -> list[str]:
    """Return the command as a user would type it again; empty where Python called, no command."""
    context = click.get_current_context(silent=True)
    words = None if context is None else context.meta.get(WORDS)
    return [] if words is None else ["two-chairs", *words]
