"""Rows that may tell one act twice, and weights that look like counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from two_chairs.errors import Problem, caution

from .records import Event, EventRow

NEAR = 10
"""Days within which acts of one kind between one pair may be one act told again."""
FULL = 1.0
"""Weight of one full act."""
MUCH = 3.0
"""Weight above which a weight looks like a count."""


def likely_doubles(rows: Iterable[EventRow]) -> list[tuple[EventRow, ...]]:
    """Return groups of rows that may tell one act: one pair, one kind of act, days apart.

    Rows whose weights add up to one full act at most are meant so, and rows of different severity
    are different attacks.
    """
    groups: dict[tuple[str, str, str], list[EventRow]] = {}
    for row in sorted(rows, key=lambda row: row.date):
        groups.setdefault((row.actor, row.target, row.action), []).append(row)
    found = [part for group in groups.values() for part in _near(group)]
    return [part for part in found if sum(row.weight for row in part) > FULL + 1e-9]


def _near(rows: Sequence[EventRow]) -> list[tuple[EventRow, ...]]:
    """Gather rows in the order of their dates that lie within `NEAR` days of a first one."""
    parts: list[list[EventRow]] = []
    for row in rows:
        first = parts[-1][0] if parts else None
        if first is None or (row.date - first.date).days > NEAR or row.severity != first.severity:
            parts.append([])
        parts[-1].append(row)
    return [tuple(part) for part in parts if len(part) > 1]


def doubts(placed: Iterable[tuple[str, Event]]) -> list[Problem]:
    """Return what looks like one act told twice, or a count taken for a weight, with places."""
    places = {event.id: (where, event) for where, event in placed}
    found = []
    for rows in likely_doubles([event for _, event in places.values()]):
        first, *others = (places[row.id][0] for row in rows)
        total = sum(row.weight for row in rows)
        text = (
            f"{', '.join(row.id for row in rows)} may be one act told {len(rows)} times "
            f"({rows[0].actor}>{rows[0].target}, {rows[0].action}, "
            f"{rows[0].date} to {rows[-1].date}, weight {total:g} in all; also "
            f"{'; '.join(_bare(where) for where in others)}); if so keep one row, or let the "
            "weights add up to one"
        )
        found.append(Problem(_bare(first), text))
    for where, event in places.values():
        if event.weight > MUCH:
            text = (
                f"{event.weight:g} looks like a count; a weight says how much of one full act it "
                "was, and 1 is all of it"
            )
            found.append(Problem(f"{where}weight", text))
    return found


def warn_of_doubts(placed: Iterable[tuple[str, Event]]) -> None:
    """Say what looks like one act told twice, or a count taken for a weight."""
    for problem in doubts(placed):
        caution(problem.place, problem.message)


def _bare(where: str) -> str:
    return where.removesuffix(", column ").removesuffix(".")
