"""The command line ``two-chairs``: its commands, each loaded when it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from importlib import import_module
from typing import Any

import click

import two_chairs
from two_chairs.errors import NO_TEXT, InputError, is_text
from two_chairs_lab.results.words import keep_words
from two_chairs_lab.shell.errors import fail
from two_chairs_lab.shell.streams import ended_cleanly, plain_output

from .registry import COMMANDS


class Commands(click.Group):
    """The registered commands; misuse of any, too, is told in one line."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line, whatever its output goes to, until it ends or is ended."""
        plain_output()
        with ended_cleanly():
            return super().main(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of a command line, and keep them for the manifest."""
        _refuse_blank(args)
        _refuse_unwritable(args)
        keep_words(ctx, args)
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            fail(_misused("two-chairs", error))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that words mean, and hold its options to one value each."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            _refuse_two_values(click.Context(command, ctx, name), rest)
        return name, command, rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name, ``None`` if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"two_chairs_lab.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List all commands with the line that the registry has for each; loads none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            name = ctx.invoked_subcommand or ""
            command = f"two-chairs {name}" if name in COMMANDS else "two-chairs"
            fail(_misused(command, error))


def _misused(command: str, error: click.UsageError) -> InputError:
    """Say in one line how a command line is wrong."""
    text = error.format_message().rstrip(".")
    return InputError.at(command, f"{text}; see '{command} --help'")


def _refuse_two_values(context: click.Context, words: Sequence[str]) -> None:
    """Refuse an option that takes one value and is given two: the last would silently count."""
    command = copy(context.command)
    options = {option.name: option for option in command.params if _takes_one(option)}
    command.params = [_repeatable(parameter) for parameter in command.params]
    given: Mapping[str, Any] = {}
    with suppress(click.UsageError):  # the command itself says it
        given, _, _ = command.make_parser(context).parse_args([*words])
    for name in options.keys() & given.keys():
        if len(values := set(map(str, given[name]))) > 1:
            text = f"is given more than once, as {' and '.join(sorted(values))}; keep one"
            fail(InputError.at(options[name].opts[0], text))


def _takes_one(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.multiple


def _repeatable(parameter: click.Parameter) -> click.Parameter:
    """Return a parameter that keeps all values that it is given."""
    repeated = copy(parameter)
    if isinstance(repeated, click.Option):
        repeated.multiple = True
    return repeated


def _refuse_blank(words: Sequence[str]) -> None:
    """Refuse a word, or the value of an option, that is blank: no name, number or path is."""
    for before, word in zip(("", *words), words, strict=False):
        option, mark, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if (mark or not option) and not value.strip():
            known = option or (before if before.startswith("-") else "")
            place = known or f"'{word}'"
            fail(InputError.at(place, "is blank; write a name or a value, or leave it out"))


def _refuse_unwritable(words: Sequence[str]) -> None:
    """Refuse a word that holds what no file name, or no text in UTF-8, can hold."""
    for word in words:
        if "\0" in word:
            fail(InputError.at(f"'{word}'", "holds a NUL; leave it out"))
        if not is_text(word):
            fail(InputError.at(f"'{word}'", NO_TEXT))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(two_chairs.__version__, prog_name="two-chairs")
def main() -> None:
    """Model a small state between two poles: dated events, measured hedging, honest intervals.

    Start with: two-chairs run
    """
