"""Exit codes, and errors said in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from two_chairs.errors import InputError

DONE, OUR_FAULT, YOUR_INPUT = 0, 1, 2
Command = TypeVar("Command", bound=Callable[..., Any])


def fail(error: InputError) -> None:
    """Print each problem on one line of standard error and leave with exit code 2."""
    for problem in error.problems:
        click.echo(f"error: {problem}", err=True)
    sys.exit(YOUR_INPUT)


def explained(command: Command) -> Command:
    """Turn errors of the input into lines that a user can act on."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InputError as error:
            return fail(error)
        except BrokenPipeError:
            raise  # who reads the output has left: not an error
        except OSError as error:
            place = error.filename or "a file"
            return fail(
                InputError.at(str(place), f"{error.strerror}; make room or choose another place")
            )

    return wrapper  # type: ignore[return-value]
