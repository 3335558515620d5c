"""How far the curves of two versions lie apart, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from two_chairs.outcomes import OUTCOMES
from two_chairs.scenario.text import shown
from two_chairs_lab.render.numbers import counted, date_words, decimal, signed
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import folding_table

from .study import Change, Changes

MOST = 20
"""Curves that are printed; the table's file holds all."""


def outcome_words(name: str) -> str:
    """Return an outcome's name as a reader would say it, whatever the case.

    Examples
    --------
    >>> outcome_words("incumbent_seat"), outcome_words("regime:two-chairs")
    ("incumbent's seat", 'share of worlds: two chairs')
    """
    if name in OUTCOMES:
        return OUTCOMES[name].words
    return name.replace("regime:", "share of worlds: ").replace("-", " ").replace("_", " ")


def sentences(answer: Changes) -> list[str]:
    """Say how many curves moved, which moved furthest, and what stands on one side alone."""
    moved, number = answer.moved, len(answer.changes)
    old, new = map(shown, answer.folders)
    curves = counted(number, "curve")
    if moved:
        certain = sum(change.beyond_chance for change in moved)
        lines = [
            f"Of {curves} that {old} and {new} share, {len(moved)} moved; {certain} of them by "
            "more than chance parts two samples of worlds.",
            f"Furthest: {_words(moved[0])}.",
        ]  # fmt: skip
    else:
        lines = [f"Nothing moved: all {curves} that {old} and {new} share are the same."]
    lines += [
        f"{name} was not run alike, so not the version alone moved it: {', '.join(words)} differ."
        for name, words in answer.unlike.items()
    ]
    for folder, only in zip(answer.folders, answer.only, strict=True):
        if only:
            named = ", ".join(only[:5]) + (f" and {len(only) - 5} more" if len(only) > 5 else "")
            lines.append(f"In {shown(folder)} alone: {named}.")
    return lines


def _words(change: Change) -> str:
    at = change.at
    before, after = decimal(float(change.old[at])), decimal(float(change.new[at]))
    what = f"{change.scenario}, {outcome_words(change.outcome)}"
    return f"{what}, {before} to {after} on {date_words(change.dates[at])}"


def tables(answer: Changes) -> Mapping[str, Table]:
    """Return all shared curves, those that moved furthest for their range first."""
    columns = ("scenario", "outcome", "date", "old", "new", "difference", "error", "of_range",
               "beyond_chance", "mean_difference")  # fmt: skip
    rows = tuple(_row(change) for change in answer.changes)
    title = "How far each curve moved, on the day it moved furthest"
    return {"changes": Table(title, columns, rows)}


def _row(change: Change) -> tuple[str | float | bool, ...]:
    at = change.at
    return (
        change.scenario, change.outcome, change.dates[at].isoformat(), float(change.old[at]),
        float(change.new[at]), change.moved, float(change.error[at]), change.part,
        change.beyond_chance, float((change.new - change.old).mean()),
    )  # fmt: skip


def print_changes(answer: Changes, console: Console) -> None:
    """Print sentences, and the curves that moved furthest."""
    for line in sentences(answer):
        console.print(escape(line), highlight=False)
    if answer.moved:
        console.print()
        grid = folding_table(
            "Curves that moved furthest for their range, on the day they moved furthest",
            "scenario", "outcome", "day", "old", "new", "difference", "chance",
        )  # fmt: skip
        for change in answer.moved[:MOST]:
            grid.add_row(*map(escape, _cells(change)))
        console.print(grid)
        console.print(
            "[dim]old, new: median over worlds, or share of worlds. chance: half the 95 % interval "
            "of a difference between two samples of worlds; with the same seed chance moves less."
            "[/dim]",
            highlight=False,
        )
    console.print(f"[dim]{escape(answer.basis().conditional_on)}[/dim]", highlight=False)


def _cells(change: Change) -> tuple[str, ...]:
    at = change.at
    return (
        change.scenario, outcome_words(change.outcome), date_words(change.dates[at]),
        decimal(float(change.old[at])), decimal(float(change.new[at])), signed(change.moved),
        f"± {decimal(float(change.error[at]))}",
    )  # fmt: skip
