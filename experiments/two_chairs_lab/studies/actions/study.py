"""Finding a kind of act in the codebook: by word, by CAMEO code, by PLOVER category."""

from __future__ import annotations

from collections.abc import Iterable

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.codebook import Action, Codebook


def find_actions(codebook: Codebook, words: Iterable[str]) -> list[Action]:
    """Return the actions that match every word; all of them where no word is given.

    Parameters
    ----------
    codebook
        Actions by name.
    words
        Parts of an action's name, of its CAMEO name or of its note; a CAMEO code, with or without
        its zeros; or a PLOVER category. Capitals do not matter.

    Raises
    ------
    InputError
        If no action matches.
    """
    wanted = [word.casefold() for word in words]
    found = [action for action in codebook.values() if all(_matches(action, w) for w in wanted)]
    if not found:
        text = f"no action matches; {nearest(wanted[0], codebook)}"
        raise InputError.at(f"actions {' '.join(wanted)}", text)
    return found


def _matches(action: Action, word: str) -> bool:
    """Say whether an action matches a word.

    Examples
    --------
    >>> from two_chairs.scenario.files import read_codebook
    >>> [action for action, entry in read_codebook().items() if _matches(entry, "10.0")]
    ['make-statement']
    """
    if _is_number(word):
        return _code(action.cameo) == _code(word)
    text = f"{action.action.replace('-', ' ')} {action.action} {action.name} {action.note}"
    return word in text.casefold() or word == action.plover.casefold()


def _is_number(word: str) -> bool:
    return word.removesuffix(".0").isdigit()


def _code(text: str) -> str:
    """Return a CAMEO code as it is compared: without the zeros that spreadsheets lose."""
    return text.removesuffix(".0").lstrip("0")
