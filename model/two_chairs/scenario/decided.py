"""What the actors of a case are known to have decided, quarter by quarter; never an input.

A calibration weighs worlds by how likely each world's actors were to decide so. One coder reads the
record of a quarter and says how well it supports each choice; the supports sum to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from two_chairs.errors import Problem, nearest
from two_chairs.vocabulary import SUM_TOLERANCE, Day, Frozen, Text

from .files import backwards, raise_all, read_rows
from .records import Case

PAIRS, PAIR = ";", ":"


class RecordedDecision(Frozen):
    """What one actor decided in one quarter, and how well the record supports each choice."""

    id: Text
    quarter: Text
    start: Day
    end: Day
    actor: Text
    chosen: Text
    support: Text
    basis: Text
    source: Text
    note: str = ""

    def shares(self) -> dict[str, float]:
        """Return the support of each choice that has any, summing to one."""
        pairs = (pair.partition(PAIR) for pair in self.support.split(PAIRS) if pair.strip())
        return {choice.strip(): float(share) for choice, _, share in pairs}


def read_decisions(path: Path, case: Case) -> tuple[RecordedDecision, ...]:
    """Read the recorded decisions of a case; none if it has no such file.

    Raises
    ------
    InputError
        With every problem found: its file, row and column, and a remedy.
    """
    if not path.is_file():
        return ()
    placed, problems = read_rows(RecordedDecision, path, "id")
    for where, row in placed:
        problems += _row_problems(where, row, case)
    raise_all(problems + _twice_problems(placed))
    return tuple(row for _, row in placed)


def options_of(case: Case, actor: str) -> tuple[str, ...]:
    """Return what an actor of a case chooses among."""
    return case.options(actor)


def _row_problems(where: str, row: RecordedDecision, case: Case) -> list[Problem]:
    problems = []
    if row.end < row.start:
        problems.append(Problem(f"{where}end", backwards(row.end, row.start)))
    if row.actor not in case.actors:
        text = f"'{row.actor}' is not an actor; {nearest(row.actor, case.actors)}"
        return [*problems, Problem(f"{where}actor", text)]
    options = options_of(case, row.actor)
    if row.chosen not in options:
        text = f"{row.actor} can not choose '{row.chosen}'; {nearest(row.chosen, options)}"
        problems.append(Problem(f"{where}chosen", text))
    return problems + [Problem(f"{where}support", text) for text in _support_problems(row, options)]


def _support_problems(row: RecordedDecision, options: Iterable[str]) -> list[str]:
    try:
        shares = row.shares()
    except ValueError:
        return [f"'{row.support}' is not CHOICE:SHARE;…; write it as in LOYAL:0.9;HEDGE:0.1"]
    known = tuple(options)
    found = [
        f"{row.actor} can not choose '{choice}'; {nearest(choice, known)}"
        for choice in shares
        if choice not in known
    ]
    if any(not 0.0 <= share <= 1.0 for share in shares.values()):
        found.append(
            "a share lies outside 0 to 1; shares say how well the record supports a choice"
        )
    elif abs(sum(shares.values()) - 1.0) > SUM_TOLERANCE:
        found.append(f"the shares sum to {sum(shares.values()):.9g}, not 1; change one of them")
    return found


def _twice_problems(placed: list[tuple[str, RecordedDecision]]) -> list[Problem]:
    """Return quarters of one actor that stand twice or overlap."""
    problems = []
    for actor in dict.fromkeys(row.actor for _, row in placed):
        own = sorted((p for p in placed if p[1].actor == actor), key=lambda p: p[1].start)
        for (_, one), (where, other) in pairwise(own):
            if one.start == other.start or one.quarter == other.quarter:
                text = f"the quarter {other.quarter} of {actor} stands twice; drop one of the rows"
                problems.append(Problem(f"{where}quarter", text))
            elif other.start <= one.end:
                text = f"{other.start} lies within the quarter {one.quarter} of {actor}"
                problems.append(Problem(f"{where}start", f"{text}; let that one end before"))
    return problems
