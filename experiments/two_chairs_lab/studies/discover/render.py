"""What a discovery says to a person in the terminal."""

from __future__ import annotations

import math

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as Grid

from two_chairs_lab.render.numbers import number, percent
from two_chairs_lab.render.terminal import shown

from .search import Discovery, Region
from .study import DiscoveryResult
from .tables import drivers_table, interval, tree_table

EXPLAINED = {"explains"}
"""Columns that are shares of the variance."""


def print_discovery(result: DiscoveryResult, console: Console) -> None:
    """Print where something holds: the sentence, the regions, the tree, what it depends on."""
    found = result.found
    console.print(f"[bold]{escape(result.question.sweep.plan.title)}[/bold]\n", soft_wrap=False)
    for sentence in result.sentences():
        console.print(Padding(escape(sentence), (0, 0, 1, 2)))
    for index, region in enumerate(found.regions, start=1):
        print_region(region, index, console)
    console.print(shown(tree_table(found), {"mass", "searched", "held out"}))
    print_drivers(found, console)
    console.print(f"[dim]{escape(result.basis().conditional_on)}[/dim]")


def print_region(region: Region, index: int, console: Console) -> None:
    """Print one region: its bounds with how surely each matters, and its measures."""
    table = Grid(
        title=f"Region {index}: {percent(region.held_out.mass)} of the space; holds there in "
        f"{interval(region.density)}, which is {interval(region.coverage)} of all",
        title_justify="left", title_style="bold", box=None, pad_edge=False,
    )  # fmt: skip
    table.add_column("bound")
    for name in ("range swept", "found again", "quasi-p", "density without it"):
        table.add_column(name, justify="right")
    for bound in region.bounds:
        table.add_row(
            escape(str(bound)),
            f"{number(bound.smallest)} to {number(bound.largest)}",
            percent(bound.found_again),
            "<.001" if bound.quasi_p < 0.001 else f"{bound.quasi_p:.3f}",
            percent(bound.without.density),
        )
    console.print(table)
    console.print(
        f"[dim]On the half that was searched: {percent(region.searched.density)}, which is "
        f"{percent(region.searched.coverage)} of all.[/dim]\n"
    )


def print_drivers(found: Discovery, console: Console) -> None:
    """Print what the result depends on most, and how much of it is luck."""
    if found.drivers:
        console.print(shown(drivers_table(found.drivers), EXPLAINED, {"name"}))
    if not math.isnan(found.between_points):
        console.print(
            f"{percent(found.between_points)} of the variance lies between points; the rest is "
            "luck within a point (and coding, where it is drawn).\n"
        )
