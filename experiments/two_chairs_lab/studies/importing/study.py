"""From rows of a data set to a ledger: what is known is taken, what is not is asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from two_chairs.errors import InputError, Problem
from two_chairs.scenario.codebook import Codebook
from two_chairs.scenario.doubles import likely_doubles
from two_chairs.scenario.records import Case, EventRow
from two_chairs.scenario.search import act_of, action_hint, actor_of, is_code, of_class, synonyms
from two_chairs.scenario.sheets import read_sheet
from two_chairs.scenario.text import shown

from .formats import Coded

OUT = "-"
"""What a map writes for a code that is to be left out."""
ASKED = ("code", "means", "rows", "first_row", "what", "choices")
"""Columns of the list of decisions; the first two are those of a map."""


@dataclass
class Import:
    """What came of a file.

    Attributes
    ----------
    rows
        The ledger.
    read
        Number of rows of the file.
    asked
        Decision that is needed → the rows of the file that wait for it.
    left
        Why rows were left out → how many.
    taken
        Code → actor, where it was no code of the case itself.
    doubles
        Id of a row → id of the row whose act it may tell again.
    """

    rows: list[EventRow] = field(default_factory=list)
    read: int = 0
    asked: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    doubles: dict[str, str] = field(default_factory=dict)

    def ask(self, code: str, what: str, choices: str, line: int) -> None:
        """Remember that a row waits for a decision."""
        self.asked.setdefault((code, what, choices), []).append(line)

    def leave(self, why: str) -> None:
        """Count a row that is left out."""
        self.left[why] = self.left.get(why, 0) + 1


def read_map(path: Path, case: Case, codebook: Codebook) -> dict[str, str]:
    """Read what codes mean: an actor, an act, or ``-`` for what is to be left out.

    Rows whose ``means`` is blank decide nothing.

    Raises
    ------
    InputError
        With every problem found.
    """
    sheet = read_sheet(path, {"code", "means"}.__contains__)
    head = sheet.rows[0][1] if sheet.rows else []
    if not {"code", "means"} <= set(head):
        text = "lacks the columns code and means; name them in its first row"
        raise InputError.at(f"{shown(path)}: row 1", text)
    if sheet.torn is not None:
        raise sheet.torn
    found: dict[str, str] = {}
    problems = []
    for number, cells in sheet.rows[1:]:
        row = dict(zip(head, cells, strict=False))
        code, means = (row.get(name, "") for name in ("code", "means"))
        meant = _meaning(means, case, codebook)
        if means and meant is None:
            text = f"'{means}' is no actor of the case and no act; {action_hint(codebook, means)}"
            problems.append(Problem(f"{shown(path)}: row {number}, column means", text))
        elif meant:
            found[code.casefold()] = meant
    if problems:
        raise InputError(problems)
    return found


def _meaning(means: str, case: Case, codebook: Codebook) -> str | None:
    return OUT if means == OUT else actor_of(case, means) or act_of(codebook, means)


def imported(
    coded: Iterable[Coded], case: Case, codebook: Codebook, given: Mapping[str, str]
) -> Import:
    """Return the ledger of rows of a data set, and what is to be decided.

    Parameters
    ----------
    coded
        Rows of the file.
    case
        Whose actors they are about.
    codebook
        Acts by name, with those of the case.
    given
        What codes mean, in small letters (`read_map`).
    """
    result, known = Import(), _actor_codes(case)
    for entry in coded:
        result.read += 1
        sides = [_actor(side, case, known, given, result) for side in (entry.actor, entry.target)]
        if why := _why_left(entry, sides):
            result.leave(why)
            continue
        if not entry.states and entry.row.id.casefold() not in given:
            text = f"{entry.row.says}: is it an act of the state? Write the act, or -"
            result.ask(entry.row.id, text, "", entry.line)
            continue
        action = _action(entry, codebook, given, result)
        if action is not None:
            filled = {"actor": sides[0], "target": sides[1], "action": action}
            result.rows.append(_scored(entry.row.model_copy(update=filled), codebook))
    _mark_doubles(result)
    return result


def _actor_codes(case: Case) -> dict[str, str]:
    """Return actors by the codes that the case gives them, in small letters."""
    return {
        str(code).casefold(): key
        for key, actor in case.actors.items()
        for code in (*actor.iso3, *actor.cow)
    }


def _actor(
    codes: Sequence[str], case: Case, known: Mapping[str, str], given: Mapping[str, str],
    result: Import,
) -> str | None:  # fmt: skip
    """Return the actor that one side of a row is: by the map, a code, a name or a synonym."""
    for code in codes:
        word = code.casefold()
        if word in given or word in known:
            return given.get(word) or known[word]
        if found := actor_of(case, code):
            return found
        meant = {actor_of(case, name) for name in synonyms().get("-".join(word.split()), ())}
        if len(meant) == 1 and (one := meant.pop()):
            result.taken[code] = one
            return one
    return None


def _why_left(entry: Coded, sides: Sequence[str | None]) -> str:
    """Say why a row is none of a ledger's, or nothing."""
    for codes, side in zip((entry.actor, entry.target), sides, strict=True):
        if side is None:
            return f"no actor of the case: {codes[0] if codes else 'blank'}"
        if side == OUT:
            return "left out by the map"
    if sides[0] == sides[1]:
        return "within one actor of the case"
    return "" if entry.lead else "not what its text is about (IsRootEvent 0)"


def _action(
    entry: Coded, codebook: Codebook, given: Mapping[str, str], result: Import
) -> str | None:
    """Return the act of a row, or remember that it waits for a decision."""
    word = entry.row.action
    decided = given.get(entry.row.id.casefold()) or given.get(word.casefold())
    if decided == OUT:
        result.leave("left out by the map")
        return None
    if decided is not None or (decided := act_of(codebook, word)) is not None:
        return decided
    acts = [] if is_code(word) else _of_class(codebook, word.casefold())
    if len(acts) == 1:
        return acts[0]
    choices = " | ".join(acts) if acts else action_hint(codebook, word)
    result.ask(word, "which act?", choices, entry.line)
    return None


def _of_class(codebook: Codebook, kind: str) -> list[str]:
    """Return the acts of a PLOVER class with its mode, else of the class alone."""
    exact = [act for act, entry in codebook.items() if of_class(entry, kind)]
    whole = kind.partition(":")[0]
    return exact or [act for act, entry in codebook.items() if of_class(entry, whole)]


def _scored(row: EventRow, codebook: Codebook) -> EventRow:
    """Return a row without a score that the codebook has anyway."""
    if row.goldstein == codebook[row.action].goldstein:
        return row.model_copy(update={"goldstein": None})
    return row


def _mark_doubles(result: Import) -> None:
    """Give rows that may tell an act again no weight, and say of which act."""
    for first, *others in likely_doubles(result.rows):
        result.doubles |= {row.id: first.id for row in others}
    result.rows = [_of_no_weight(row, result.doubles.get(row.id)) for row in result.rows]


def _of_no_weight(row: EventRow, first: str | None) -> EventRow:
    if first is None:
        return row
    none = dict.fromkeys(("weight", "weight_low", "weight_high"), 0.0)
    return row.model_copy(
        update=none | {"correction": f"may be the act of {first} told again: weight 0"}
    )


def ledger_text(rows: Sequence[EventRow]) -> str:
    """Return rows as the text of a ledger."""
    written = [
        {name: _cell(value) for name, value in row.model_dump(mode="json").items()} for row in rows
    ]
    return _csv(tuple(EventRow.model_fields), [list(row.values()) for row in written])


def decisions_text(result: Import) -> str:
    """Return what is to be decided as a table that can be filled in and given back as a map."""
    rows = [
        [code, "", len(lines), lines[0], what, choices]
        for (code, what, choices), lines in result.asked.items()
    ]
    return _csv(ASKED, rows)


def _cell(value: object) -> object:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
