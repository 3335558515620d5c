"""A split of variance in words and in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from two_chairs.vocabulary import Day
from two_chairs_lab.render.names import FAMILY_LABELS, axis_label, outcome_label
from two_chairs_lab.render.numbers import date_words
from two_chairs_lab.render.terminal import plain_table
from two_chairs_lab.statistics.sobol import Index

from .plan import FAMILIES
from .space import family_of
from .study import Sensitivity

MOST_AXES = 12
"""Axes listed on the terminal for each date; the table on disk has all."""
SHARES = (
    "Share of the variance that each explains alone (± half of a 90 % interval), in brackets the "
    "share in which it has a part; the rest only together. Spread: standard deviation."
)
MEASURES = (
    "Total index: share of the variance in which the axis has a part; μ*: mean absolute change of "
    "the outcome over the whole range of the axis (Morris)."
)


def sentences(answer: Sensitivity) -> list[str]:
    """Say what varied together, and what a reader must know of the scales."""
    space = answer.study.space
    varied = [f"{len(space.groups(f))} of {FAMILY_LABELS[f]}" for f in FAMILIES if space.groups(f)]
    return [f"Varied together: {', '.join(varied)}.", *answer.notes()]


def print_sensitivity(answer: Sensitivity, console: Console) -> None:
    """Print how the variance of outcomes splits, and the axes that the first outcome hangs on."""
    study = answer.study
    title = escape(study.space.scenario.title)
    varied, *noted = sentences(answer)
    console.print(f"[bold]{title}[/bold]: {escape(study.plan.question)}")
    console.print(f"{varied}\n")
    for outcome in study.plan.outcomes:
        console.print(_families_table(answer, outcome))
    console.print(f"[dim]{SHARES}[/dim]\n")
    for day in study.dates:
        console.print(_axes_table(answer, study.plan.outcomes[0], day))
        console.print()
    console.print(f"[dim]{MEASURES}[/dim]")
    for note in noted:
        console.print(escape(note))
    console.print(f"[dim]{escape(answer.conditional_on())}[/dim]")


def _families_table(answer: Sensitivity, outcome: str) -> Table:
    space = answer.study.space
    present = [family for family in FAMILIES if space.groups(family)]
    label = outcome_label(outcome, space.scenario.case)
    columns = ["", "spread", *present, "together"]
    table = plain_table(escape(f"Whose is the spread of {label}?"), columns)
    table.columns[0].no_wrap = True
    for day in answer.study.dates:
        split = answer.families[outcome, day]
        named = {index.name: _split_cell(index) for index in split.indices}
        cells = [named.get(family, "–") for family in present]
        rest = f"{_percent(split.interaction)} ±{split.interaction_error:.0%}"
        together = rest if split.indices else split.unsplit()
        table.add_row(str(day), f"{split.deviation:.3f}", *cells, together)
    return table


def _split_cell(index: Index) -> str:
    return f"{_percent(index.first)} ±{index.first_error:.0%} ({index.total:.0%})"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("-0%", "0%")


def _axes_table(answer: Sensitivity, outcome: str, day: Day) -> Table:
    label = outcome_label(outcome, answer.study.space.scenario.case)
    title = f"What the spread of {label} hangs on, {date_words(day)}"
    table = plain_table(escape(title), ["", "", "total index", "μ*"], left=2)
    effects = {effect.name: effect for effect in answer.effects[outcome, day]}
    ranked = sorted(answer.singles[outcome, day].indices, key=lambda index: -index.total)
    for index in ranked[:MOST_AXES]:
        effect = effects[index.name]
        table.add_row(
            axis_label(index.name),
            FAMILY_LABELS[family_of(index.name)],
            f"{index.total:.3f} ±{index.total_error:.3f}",
            f"{effect.mu_star:.3f} ±{effect.mu_star_error:.3f}",
        )
    return table
