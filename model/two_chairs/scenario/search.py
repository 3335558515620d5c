"""Finding what a word means: an actor of a case, an act of the codebook; never its opposite."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from two_chairs.errors import Problem, odd_letter
from two_chairs.slips import REVERSING, one_slip, slipped

from .codebook import Action, Codebook
from .files import read_synonyms
from .library import SYNONYMS_FILE, bundled_folder
from .records import Case, EventRow

MOST = 5
"""Acts that a hint names at most."""
_SMALL = {"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}


def folded(word: str) -> str:
    """Return a word as it is compared: small letters, hyphens between its parts.

    Examples
    --------
    >>> folded("Use military_force")
    'use-military-force'
    """
    return "-".join(re.split(r"[\s_-]+", unicodedata.normalize("NFKC", word).casefold().strip()))


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return what words mean that are no names: acts, or names of actors, the nearest first."""
    found: dict[str, tuple[str, ...]] = {}
    for _, row in read_synonyms(bundled_folder() / SYNONYMS_FILE):
        found[row.word] = (*found.get(row.word, ()), row.means)
    return found


# Actors


def actor_of(case: Case, word: str) -> str | None:
    """Return the id of the actor that an id or a name means, if it is one; capitals are equal."""
    if word in case.actors:
        return word
    found = {
        key
        for key, actor in case.actors.items()
        if folded(word) in (folded(key), folded(actor.name))
    }
    return found.pop() if len(found) == 1 else None


def by_ids(case: Case, where: str, row: EventRow) -> tuple[EventRow, list[Problem]]:
    """Return an event with the ids of its actors where it has their names."""
    named = {key: getattr(row, key) for key in ("actor", "target")}
    ids = {key: actor_of(case, word) or word for key, word in named.items()}
    if ids == named:
        return row, []
    problems = []
    if ids["actor"] == ids["target"] and row.actor != row.target:
        text = f"'{row.target}' is the actor itself; name another actor"
        problems.append(Problem(f"{where}target", text))
    return row.model_copy(update=ids), problems


def actor_hint(case: Case, word: str) -> str:
    """Say which actor a word means that is no id, or name them all."""
    found = _meant_actors(case, folded(word))
    if len(found) == 1:
        (key,) = found
        return f"did you mean '{key}' ({case.actors[key].name})?{odd_letter(word, key)}"
    listed = [f"{key} ({case.actors[key].name})" for key in found or case.actors]
    return f"choose one of {', '.join(listed)}"


def _meant_actors(case: Case, word: str) -> list[str]:
    """Return the ids of actors that a word may mean: by synonym, part of the name, or slip."""
    means = [actor_of(case, name) for name in synonyms().get(word, ())]
    names = {key: folded(actor.name) for key, actor in case.actors.items()}
    parts = {key: re.split(r"\W+|_", name) for key, name in names.items()}
    tries: tuple[Iterable[str | None], ...] = (
        means,
        (key for key in names if word in parts[key]),
        (key for key, name in names.items() if slipped(word, name)),
        (key for key in names if one_slip(word, key.casefold()) and _same_start(word, key)),
    )
    for found in tries:
        if ids := list(dict.fromkeys(key for key in found if key is not None)):
            return ids
    return []


def _same_start(word: str, key: str) -> bool:
    """Whether two words begin alike, as far as their letters are of one alphabet."""
    return word[:1] == key[:1].casefold() or not word[:1].isascii()


# Acts


def matches(action: Action, word: str) -> bool:
    """Say whether an action matches a word in small letters: a part, a code, or a category.

    Examples
    --------
    >>> from two_chairs.scenario.files import read_codebook
    >>> [action for action, entry in read_codebook().items() if matches(entry, "10.0")]
    ['make-statement']
    """
    if is_code(word):
        return code(action.cameo) == code(word)
    text = f"{action.action.replace('-', ' ')} {action.action} {action.name} {action.note}"
    return word in text.casefold() or of_class(action, word)


def of_class(action: Action, word: str) -> bool:
    """Say whether an action is of a PLOVER class, or of one with its mode, in small letters."""
    plover = action.plover.casefold()
    return bool(word) and word in (plover, plover.partition(":")[0])


def reverses(action: str, words: Iterable[str]) -> bool:
    """Say whether an act turns the sense of the words that it was looked for by.

    Examples
    --------
    >>> reverses("lift-sanctions", ["sanctions"]), reverses("lift-sanctions", ["lift"])
    (True, False)
    """
    return bool(REVERSING & set(action.split("-")) - {part for w in words for part in w.split("-")})


def is_code(word: str) -> bool:
    """Say whether a word can be a CAMEO code, as spreadsheets and data frames leave it."""
    return word.removesuffix(".0").isdigit()


def code(text: str) -> str:
    """Return a CAMEO code as it is compared: without the zeros that spreadsheets lose."""
    return text.removesuffix(".0").lstrip("0")


def _is_class(word: str) -> bool:
    """Say whether a word may be one of CAMEO's twenty classes: those below 10 have no codes."""
    text = word.removesuffix(".0")
    return len(text) == 2 and "10" <= text <= "20"


def act_of(codebook: Codebook, word: str) -> str | None:
    """Return the act that a name or a CAMEO code means beyond doubt, if there is one.

    Capitals, blanks and the zeros that spreadsheets lose do not matter. A code that several acts
    share means none of them, nor does one that may be the name of a class: 19 are all fights, and
    may be 019, an accord, that has lost its zero.
    """
    if word in codebook:
        return word
    if is_code(word):
        found = [] if _is_class(word) else _of_code(codebook, code(word))
    else:
        found = [act for act in codebook if folded(act) == folded(word)]
    return found[0] if len(found) == 1 else None


def action_hint(codebook: Codebook, word: str) -> str:
    """Say which act a word means that is none, or which are near, with their scores."""
    if is_code(word):
        return _code_hint(codebook, word)
    name = folded(word)
    meant = [act for act in synonyms().get(name, ()) if act in codebook]
    meant = meant or [act for act in codebook if _same_words(name, act)]
    meant = meant or [act for act, entry in codebook.items() if of_class(entry, name)]
    if len(meant) == 1:
        return f"did you mean '{meant[0]}'?{odd_letter(word, meant[0])}"
    return _near(codebook, meant or _alike(codebook, name))


def _near(codebook: Codebook, acts: Collection[str]) -> str:
    """Name acts with their scores, or where all of them can be seen."""
    if not acts:
        return "'two-chairs codebook' lists them, with a WORD those that match"
    scored = [f"{act} ({_score(codebook[act])})" for act in acts]
    more = ", …" if len(scored) > MOST else ""
    return f"near are {', '.join(scored[:MOST])}{more}"


def _score(action: Action) -> str:
    return f"{action.goldstein:+.1f}".replace("-", "−")


def _code_hint(codebook: Codebook, word: str) -> str:
    """Name the acts of a CAMEO code, else those of the code above it."""
    acts = _of_code(codebook, code(word))
    if acts and _is_class(word):
        whole = word.removesuffix(".0")
        text = f"is it 0{whole} ({', '.join(acts)}), or the whole CAMEO class {whole}?"
        return f"{text} Write three digits, or the act's name"
    if len(acts) == 1:
        return f"it is the CAMEO code of '{acts[0]}'; write that"
    if acts:
        return f"write an act of this CAMEO code; {_near(codebook, acts)}"
    above = (
        _of_code(codebook, code(word)[:length]) for length in range(len(code(word)) - 1, 1, -1)
    )
    return f"no act has this CAMEO code; {_near(codebook, next(filter(None, above), []))}"


def _of_code(codebook: Codebook, wanted: str) -> list[str]:
    return [act for act, entry in codebook.items() if code(entry.cameo) == wanted]


def _alike(codebook: Codebook, name: str) -> list[str]:
    """Return the acts that share most words with a name, without those that say its opposite."""
    words = set(name.split("-")) - _SMALL
    turned = bool(words & REVERSING)
    shared: dict[str, float] = {}
    for act, entry in codebook.items():
        own, title = act.split("-"), folded(entry.name).split("-")
        points = sum(2.0 * _any_like(w, own) + _any_like(w, title) for w in words)
        if points and bool(set(own) & REVERSING) == turned:
            shared[act] = points
    best = max(shared.values(), default=0.0)
    return [act for act, points in shared.items() if points == best]


def _any_like(word: str, others: Iterable[str]) -> bool:
    """Whether one of other words is the same or has the same stem.

    Examples
    --------
    >>> _any_like("cooperating", ["cooperate", "materially"]), _any_like("art", ["article"])
    (True, False)
    """
    return any(
        word == other or (min(len(word), len(other)) >= 4 and _stem(word) == _stem(other))
        for other in others
    )


def _stem(word: str) -> str:
    return re.sub(r"(ations?|ating|ates?|ings?|ions?|ed|es|s|e)$", "", word)


def _same_words(name: str, act: str) -> bool:
    """Whether a name is an act with slips in its words, none of which turns its sense."""
    words, others = name.split("-"), act.split("-")
    return len(words) == len(others) and all(map(slipped, words, others))
