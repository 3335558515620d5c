"""What a split of variance says to a person in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from two_chairs.vocabulary import Day
from two_chairs_lab.render.names import FAMILY_LABELS, axis_label, outcome_label
from two_chairs_lab.render.terminal import plain_table
from two_chairs_lab.statistics.sobol import Index

from .study import FAMILIES, Sensitivity, family_of

MOST_AXES = 12
"""Axes listed on the terminal for each date; the table on disk has all."""


def print_sensitivity(found: Sensitivity, console: Console) -> None:
    """Print how the variance of outcomes splits, and the axes that the first outcome hangs on."""
    study = found.study
    space = study.space
    console.print(f"[bold]{escape(space.scenario.title)}[/bold]: {escape(study.plan.question)}")
    varied = [f"{len(space.groups(f))} of {FAMILY_LABELS[f]}" for f in FAMILIES if space.groups(f)]
    console.print(f"Varied together: {', '.join(varied)}.\n")
    for outcome in study.plan.outcomes:
        console.print(_families_table(found, outcome))
    console.print(
        "[dim]Share of the variance that each explains alone (± half of a 90 % interval), in "
        "brackets the share in which it has a part; the rest only together. Spread: standard "
        "deviation.[/dim]\n"
    )
    for day in study.dates:
        console.print(_axes_table(found, study.plan.outcomes[0], day))
        console.print()
    console.print(
        "[dim]Total index: share of the variance in which the axis has a part; μ*: mean absolute "
        "change of the outcome over the whole range of the axis (Morris).[/dim]"
    )
    for note in space.notes():
        console.print(f"Note: {escape(note)}.")
    console.print(f"[dim]{escape(found.conditional_on())}[/dim]")


def _families_table(found: Sensitivity, outcome: str) -> Table:
    study = found.study
    present = [family for family in FAMILIES if study.space.groups(family)]
    label = outcome_label(outcome, study.space.scenario.case)
    columns = ["", "spread", *present, "together"]
    table = plain_table(escape(f"Whose is the spread of {label}?"), columns)
    table.columns[0].no_wrap = True
    for day in study.dates:
        split = found.families[outcome, day]
        cells = [_split_cell(index) for index in split.indices] or ["–"] * len(present)
        rest = f"{split.interaction:.0%} ±{split.interaction_error:.0%}".replace("-0%", "0%")
        together = rest if split.indices else split.unsplit()
        table.add_row(str(day), f"{split.deviation:.3f}", *cells, together)
    return table


def _split_cell(index: Index) -> str:
    first = f"{index.first:.0%}".replace("-0%", "0%")
    return f"{first} ±{index.first_error:.0%} ({index.total:.0%})"


def _axes_table(found: Sensitivity, outcome: str, day: Day) -> Table:
    label = outcome_label(outcome, found.study.space.scenario.case)
    title = f"What the spread of {label} hangs on, {day:%d %b %Y}"
    table = plain_table(escape(title), ["", "", "total index", "μ*"], left=2)
    effects = {effect.name: effect for effect in found.effects[outcome, day]}
    ranked = sorted(found.singles[outcome, day].indices, key=lambda index: -index.total)
    for index in ranked[:MOST_AXES]:
        effect = effects[index.name]
        table.add_row(
            axis_label(index.name),
            FAMILY_LABELS[family_of(index.name)],
            f"{index.total:.3f} ±{index.total_error:.3f}",
            f"{effect.mu_star:.3f} ±{effect.mu_star_error:.3f}",
        )
    return table
