"""Exit codes, and errors said in one line."""

from __future__ import annotations

import errno
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click

from two_chairs.errors import InputError, Notice

DONE, OUR_FAULT, YOUR_INPUT = 0, 1, 2
MOST_TOLD = 20
"""Problems that are told; of more, the number."""
_REMEDIES = {errno.ENAMETOOLONG: "write a shorter name", errno.ENOENT: "check the path"}
"""What the system refused → what would be right, where that is not another place."""
Command = TypeVar("Command", bound=Callable[..., Any])


def fail(error: InputError) -> NoReturn:
    """Print each problem on one line of standard error and leave with exit code 2."""
    for problem in error.problems[:MOST_TOLD]:
        click.echo(f"error: {problem}", err=True)
    if len(error.problems) > MOST_TOLD:
        more = len(error.problems) - MOST_TOLD
        click.echo(f"error: {more} more problems; mend these first", err=True)
    sys.exit(YOUR_INPUT)


def _mended(error: OSError) -> str:
    """Say what the system refused, and what would be right."""
    remedy = _REMEDIES.get(error.errno or 0, "make room or choose another place")
    return f"{error.strerror}; {remedy}"


@contextmanager
def noticed() -> Iterator[None]:
    """Print what the reading of files tells, each line once, on standard error."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", Notice)
        usual = warnings.showwarning

        def show(message: Warning | str, *details: Any, **more: Any) -> None:
            if not isinstance(message, Notice):
                usual(message, *details, **more)
            elif str(message) not in told:
                told.add(str(message))
                click.echo(f"{message.level}: {message}", err=True)

        warnings.showwarning = show
        yield


def explained(command: Command) -> Command:
    """Turn errors of the input into lines that a user can act on."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            with noticed():
                return command(*args, **kwargs)
        except InputError as error:
            fail(error)
        except BrokenPipeError:
            raise  # who reads the output has left: not an error
        except OSError as error:
            fail(InputError.at(str(error.filename or "a file"), _mended(error)))

    return wrapper  # type: ignore[return-value]
