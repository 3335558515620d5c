"""Finding a kind of act in the codebook: by word, by CAMEO code, by PLOVER category."""

from __future__ import annotations

from collections.abc import Iterable

from two_chairs.errors import InputError
from two_chairs.scenario.codebook import Action, Codebook
from two_chairs.scenario.search import action_hint, matches, reverses, synonyms


def find_actions(codebook: Codebook, words: Iterable[str]) -> list[Action]:
    """Return the actions that match every word; all of them where no word is given.

    What the words mean comes first, and what turns their sense comes last.

    Parameters
    ----------
    codebook
        Actions by name.
    words
        Parts of an action's name, of its CAMEO name or of its note; a CAMEO code, with or without
        its zeros; or a PLOVER category. Capitals do not matter. Words
        that mean an act (such as *drill*) find it too.

    Raises
    ------
    InputError
        If no action matches.
    """
    wanted = [word.casefold() for word in words]
    meant = synonyms().get("-".join(wanted), ())
    found = [
        action
        for name, action in codebook.items()
        if name in meant or all(matches(action, word) for word in wanted)
    ]
    if not found:
        text = f"no action matches; {action_hint(codebook, ' '.join(wanted))}"
        raise InputError.at(f"codebook {' '.join(wanted)}", text)
    if not wanted:
        return found
    return sorted(found, key=lambda a: (a.action not in meant, reverses(a.action, wanted)))
