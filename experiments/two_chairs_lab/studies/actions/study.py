"""Finding a kind of act in the codebook: by word, by CAMEO code, by PLOVER category."""

from __future__ import annotations

from collections.abc import Iterable

from two_chairs.errors import InputError
from two_chairs.scenario.codebook import Action, Codebook
from two_chairs.scenario.search import action_hint, matches, synonyms


def find_actions(codebook: Codebook, words: Iterable[str]) -> list[Action]:
    """Return the actions that match every word; all of them where no word is given.

    Parameters
    ----------
    codebook
        Actions by name.
    words
        Parts of an action's name, of its CAMEO name or of its note; a CAMEO code, with or without
        its zeros; or a PLOVER category. Capitals do not matter. Where none matches, words that
        mean an act (such as *drill*) find it.

    Raises
    ------
    InputError
        If no action matches.
    """
    wanted = [word.casefold() for word in words]
    found = [action for action in codebook.values() if all(matches(action, w) for w in wanted)]
    if not found:
        found = [codebook[act] for act in synonyms().get("-".join(wanted), ()) if act in codebook]
    if not found:
        text = f"no action matches; {action_hint(codebook, ' '.join(wanted))}"
        raise InputError.at(f"actions {' '.join(wanted)}", text)
    return found
