"""The two families of errors: your input, and our fault."""

from __future__ import annotations

import difflib
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it stands, what it is, what would be right."""

    place: str
    message: str

    def __str__(self) -> str:
        """Return the problem as the one line that a user reads."""
        line = " ".join(f"{self.place}: {self.message}".split())
        line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
        return line if len(line) <= MOST_LETTERS else shortened(line)


MOST_LETTERS = 390
"""Letters of the longest line that tells a problem."""
LONG_WORD = 60
"""Letters of a word that is cut in the middle where a line is too long."""


def shortened(line: str) -> str:
    """Return a line that is too long with its long words, and at last itself, cut in the middle."""

    def cut(text: str, most: int) -> str:
        half = (most - 3) // 2
        return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"

    return cut(" ".join(cut(word, LONG_WORD) for word in line.split(" ")), MOST_LETTERS)


class InputError(Exception):
    """The input can not be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, place: str, message: str) -> InputError:
        """Make an error of a single problem."""
        return cls([Problem(place, message)])


class Notice(UserWarning):
    """What a user should know of an input that can be used: place, and how it was understood."""

    level = "note"


class Caution(Notice):
    """What a user probably did not mean: place, what was done, what else to write."""

    level = "warning"


def notice(place: str, message: str, kind: type[Notice] = Notice) -> None:
    """Tell how an input was understood; the command line prints each line once."""
    warnings.warn(kind(str(Problem(place, message))), stacklevel=2)


def caution(place: str, message: str) -> None:
    """Tell what was done that a user probably did not mean."""
    notice(place, message, Caution)


@contextmanager
def unnoticed() -> Iterator[None]:
    """Tell nothing of what is read: a file that the program has written itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        yield


NO_TEXT = "holds bytes that are no UTF-8; rename the file or the folder that has them in its name"


def is_text(word: str) -> bool:
    """Say whether a word or a path can be written in UTF-8, as results and reports are."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


class InternalError(Exception):
    """The program broke a promise of its own: our fault, not the user's."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """Say which of the choices was probably meant, or what there is to choose from.

    Examples
    --------
    >>> nearest("redd", ["red", "blue"])
    "did you mean 'red'?"
    >>> nearest("green", ["red", "blue"])
    'choose one of red, blue'
    """
    folded = {option.casefold(): option for option in choices}
    if not folded:
        return "there is none to choose from"
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        meant = folded[close[0]]
        return f"did you mean '{meant}'?{odd_letter(word, meant)}"
    options = list(folded.values())
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f"choose one of {shown}"


def odd_letter(word: str, meant: str) -> str:
    """Name a letter that only looks like one of the word that was meant, if there is one."""
    odd = next((c for c in word if not c.isascii() and c not in meant), None)
    return "" if odd is None else f" ('{odd}' is {unicodedata.name(odd, 'no letter')})"
