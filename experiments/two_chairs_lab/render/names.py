"""The names of outcomes, inputs and conditions for readers: words for identifiers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from textwrap import shorten
from typing import cast

from two_chairs.axes import PATRONS, Regime
from two_chairs.outcomes import OUTCOMES, is_yes_no
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Case, Scenario

from .numbers import date_words, number


def role_name(role: str, case: Case) -> str:
    """Return the name of the actor that has a role."""
    return case.actors[case.with_role(role)].name  # type: ignore[arg-type]


def outcome_label(name: str, case: Case) -> str:
    """Return an outcome's name as a reader would say it; an unknown kind keeps its own name.

    A date of a sweep's outcome, as in ``tilt@end``, is said after it.
    """
    name, _, at = name.partition("@")
    head, *rest = name.split(":")
    words = f"{_of_pair(head, case)}, {rest[0]}" if ">" in head else _label(name, rest, case)
    return f"{words} {at_words(at)}" if at else words


def _of_pair(pair: str, case: Case) -> str:
    """Say who is aligned toward whom."""
    return " → ".join(case.actors[key].name for key in pair.split(">"))


def _label(name: str, rest: list[str], case: Case) -> str:
    family = _FAMILIES.get(name.partition(":")[0]) if rest else None
    if family is not None:
        return family(rest, case)
    words = OUTCOMES[name].words if name in OUTCOMES else name.replace("_", " ")
    for patron in PATRONS:
        words = words.replace(patron, role_name(patron, case))
    return words


def _tie_name(key: str, case: Case) -> str:
    return next(tie.name for tie in case.institutions if tie.id == key)


_FAMILIES: Mapping[str, Callable[[list[str], Case], str]] = {
    "regime": lambda rest, case: f"{case.regimes[cast(Regime, rest[0])]} (share)",
    "posture": lambda rest, _: f"posture {rest[0].lower()} (share)",
    "seat": lambda rest, case: f"{role_name(rest[0], case)}'s seat, {rest[1]}",
    "belief": lambda rest, case: (
        f"belief that {role_name(rest[0], case)} defends {role_name('pivot', case)}"
    ),
    "dependence": lambda rest, case: f"security dependence on {role_name(rest[0], case)}",
    "institution": lambda rest, case: f"{_tie_name(rest[0], case)}, level",
    "chose": lambda rest, case: (
        f"quarters in which {case.actors[rest[0]].name} chose to {rest[1].lower()}"
    ),
}
"""What outcomes that name something are called, by the first part of their name."""


def at_words(at: str) -> str:
    """Say when an outcome of a sweep is measured: ``end`` or a date as YYYY-MM-DD.

    Examples
    --------
    >>> at_words("end"), at_words("2023-12-04")
    ('in the last week', 'on 4 Dec 2023')
    """
    return "in the last week" if at == "end" else f"on {date_words(date.fromisoformat(at))}"


def regime_words(regime: str, case: Case) -> str:
    """Say what the pivot does in a regime: ``leans mostly on Russia``, ``keeps both ties``.

    The other seat may be held beside a chair: by the rule its tilt is then large.
    """
    return {
        "incumbent-chair": f"leans mostly on {role_name('incumbent', case)}",
        "two-chairs": "keeps both ties",
        "rival-chair": f"leans mostly on {role_name('rival', case)}",
        "between-chairs": "holds to neither",
    }[regime]


def so_words(outcome: str, case: Case) -> str:
    """Say what is so where an outcome that is so or not is 1, as a sentence about the pivot."""
    name, _, at = outcome.partition("@")
    head, _, key = name.partition(":")
    pivot = role_name("pivot", case)
    does = regime_words(key, case) if head == "regime" else f"takes the posture {key.lower()}"
    return f"{pivot} {does}" + (f" {at_words(at)}" if at else "")


def condition_words(outcome: str, sign: str, bound: float, case: Case) -> str:
    """Say a condition on an outcome in words.

    Parameters
    ----------
    outcome
        Name with its date, as ``regime:two-chairs@end``.
    sign, bound
        As in ``< 0.5``.
    case
        Whose names are used.
    """
    if is_yes_no(outcome) and 0.0 < bound < 1.0 and sign in {"<", "<=", ">", ">="}:
        met = so_words(outcome, case)
        pivot = role_name("pivot", case)
        return f"{pivot} no longer {met.removeprefix(pivot + ' ')}" if sign[0] == "<" else met
    words = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly"}
    return f"{outcome_label(outcome, case)} is {words[sign]} {number(bound)}"


_NAMED = re.compile(
    r"(?P<outcome>(?:[A-Z]\w*>[A-Z]\w*|(?:regime|posture|seat|belief|dependence|institution|chose))"
    r":[\w:-]+(?:@[\w-]+)?)(?: (?P<sign>[<>]=?|==) (?P<bound>[\d.]+))?"
)
_CONSTANT = re.compile(r"\b(LOYAL|HEDGE|PIVOT|NEUTRAL)\b")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_ID = re.compile(r"(?<=[a-z])-(?=[a-z\d])")


def reworded(text: str, case: Case) -> str:
    """Return a text with words for the names of outcomes, postures and parts, and for dates.

    Examples
    --------
    >>> from two_chairs.scenario.resolve import load_scenario
    >>> reworded("RUS>ARM:security by 2023-12-04", load_scenario("baseline").case)
    'Russia → Armenia, security by 4 Dec 2023'
    """

    def said(found: re.Match[str]) -> str:
        outcome, sign, bound = found["outcome"], found["sign"], found["bound"]
        if sign:
            return condition_words(outcome, sign, float(bound), case)
        return (so_words if is_yes_no(outcome) else outcome_label)(outcome, case)

    words = _DATE.sub(
        lambda found: date_words(date.fromisoformat(found[0])), _NAMED.sub(said, text)
    )
    return _ID.sub(" ", _CONSTANT.sub(lambda found: found[0].lower(), words))


FAMILY_LABELS = {
    "measurement": "measurement",
    "behaviour": "behaviour",
    "coding": "coding of events",
    "luck": "luck",
}
"""Names of the families of what varies in a study of sensitivity."""


def first_words(says: str) -> str:
    """Return what a row says, up to its first comma or and.

    Examples
    --------
    >>> first_words("Azerbaijan opened the war, which Armenia lost.")
    'Azerbaijan opened the war'
    """
    return re.split(r"[,;]| and ", says.rstrip("."))[0]


def axis_label(name: str, scenario: Scenario | None = None, letters: int = 44) -> str:
    """Return the name of an axis of a study of sensitivity as a reader would say it.

    The weight of an event is named by what the scenario says of it.
    """
    head, _, key = name.partition(":")
    if head == "weight":
        says = {event.id: event.says for event in scenario.events} if scenario else {}
        if key not in says:
            return f"weight of {key}"
        said = shorten(says[key].rstrip("."), letters, placeholder=" …")
        return f"weight of “{said}” ({key})"
    if name == "scale":
        return "scale: Goldstein or PLOVER"
    return input_name(name, scenario.case if scenario else None)


def input_name(name: str, case: Case | None = None) -> str:
    """Return an input's name in words; a role is named by who has it, where a case is given."""
    words = name.replace("_", " ")
    if case is not None:
        for patron in PATRONS:
            words = words.replace(patron, f"{role_name(patron, case)}'s")
    return words


def input_label(name: str, case: Case | None = None) -> str:
    """Return an input's name with what it is and its unit, as on an axis."""
    if name not in PARAMETERS:
        return input_name(name, case)
    info = PARAMETERS[name]
    meaning = info.meaning
    if case is not None:
        for role in ("incumbent patron", "rival patron", *PATRONS, "pivot"):
            known = role_name(role.split()[0], case)
            meaning = meaning.replace(f"the {role}", known).replace(role, known)
    unit = "" if info.unit in {"share", "probability", "ratio"} else f" ({info.unit})"
    return f"{input_name(name, case)}: {meaning}{unit}"


def unit_of(name: str) -> str:
    """Return the unit of an input; a dated condition is a share."""
    return PARAMETERS[name].unit if name in PARAMETERS else "share"


def bounded(name: str, low: float, high: float) -> str:
    """Say how an input is bounded; an infinite end is free.

    Examples
    --------
    >>> bounded("fear", -math.inf, 1.25)
    'fear ≤ 1.25'
    """
    words = input_name(name)
    if not math.isfinite(low):
        return f"{words} ≤ {number(high)}"
    if not math.isfinite(high):
        return f"{words} ≥ {number(low)}"
    return f"{number(low)} ≤ {words} ≤ {number(high)}"
