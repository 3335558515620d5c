"""What an import found, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from two_chairs_lab.render.numbers import counted
from two_chairs_lab.render.table import Cell, Table

from .study import Import

MOST = 12


def outcome_table(result: Import) -> Table:
    """Return what became of the rows of a file: taken, to be decided, left out."""
    rows: list[tuple[Cell, ...]] = [
        (result.read, "in the file"),
        (len(result.rows), "in the ledger"),
        (len(result.doubles), "of them with weight 0: they may tell an act again"),
        (sum(map(len, result.asked.values())), "wait for a decision"),
    ]
    left = sorted(result.left.items(), key=lambda pair: -pair[1])
    rows += [(number, f"left out, {why}") for why, number in left[:MOST]]
    if len(left) > MOST:
        rows.append((sum(n for _, n in left[MOST:]), f"left out for {len(left) - MOST} more codes"))
    return Table("What became of the rows", ("rows", "what"), tuple(rows))


def decisions_table(result: Import) -> Table:
    """Return what is to be decided, a row each, the most frequent first."""
    asked = sorted(result.asked.items(), key=lambda pair: -len(pair[1]))
    rows = tuple(
        (code, len(lines), lines[0], f"{what} {choices}".removesuffix(" -"))
        for (code, what, choices), lines in asked[:MOST]
    )
    title = f"To be decided: {counted(len(asked), 'thing')}"
    return Table(title, ("code", "rows", "first", "what"), rows)


def taken(result: Import) -> Iterator[str]:
    """Say which names were taken for which actor without being its code."""
    for code, actor in result.taken.items():
        yield f"'{code}' is taken for {actor}."
