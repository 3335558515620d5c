"""The two families of errors: your input, and our fault."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it stands, what it is, what would be right."""

    place: str
    message: str

    def __str__(self) -> str:
        """Return the problem as the one line that a user reads."""
        return " ".join(f"{self.place}: {self.message}".split())


class InputError(Exception):
    """The input can not be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, place: str, message: str) -> InputError:
        """Make an error of a single problem."""
        return cls([Problem(place, message)])


class InternalError(Exception):
    """The program broke a promise of its own: our fault, not the user's."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """Say which of the choices was probably meant, or what there is to choose from.

    Examples
    --------
    >>> nearest("ARN", ["ARM", "RUS"])
    "did you mean 'ARM'?"
    >>> nearest("Mars", ["ARM", "RUS"])
    'choose one of ARM, RUS'
    """
    options = list(choices)
    folded = {option.lower(): option for option in options}
    close = difflib.get_close_matches(word.lower(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{folded[close[0]]}'?"
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f"choose one of {shown}"
