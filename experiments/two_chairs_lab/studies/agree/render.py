"""How far two coders agree, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from two_chairs.scenario.text import shown
from two_chairs_lab.render.numbers import counted, date_words, decimal, percent, points
from two_chairs_lab.render.table import Table
from two_chairs_lab.render.terminal import NONE, folding_table

from .study import Agreement, Effect

MOST = 15


def sentences(answer: Agreement) -> list[str]:
    """Say how many rows match, the answer under each coder, and which row moves it most."""
    found = answer.found
    only = [len(keys) for keys in found.only]
    one, other = map(shown, answer.files)
    lines = [
        f"{counted(len(found.both), 'row')} of {one} and {other} are matched by "
        f"{', '.join(found.key)}; {only[0]} stand in the first alone, {only[1]} in the second."
    ]
    if answer.day is None:
        return lines
    shares, tilts = map(percent, answer.shares), map(decimal, answer.tilts)
    lines.append(
        f"On {date_words(answer.day)} {' (first coder) and '.join(shares)} (second) of simulated "
        f"worlds sit on two chairs; tilt {' and '.join(tilts)}."
    )
    return lines + ([_most(answer.effects)] if answer.effects else [])


def _most(effects: Sequence[Effect]) -> str:
    """Say which disagreement moves the share most, or that none does beyond its error."""
    most = effects[0]
    said = f"{most.row} ({most.what}), by {_points(most)} points"
    if abs(most.share.value) <= most.share.high - most.share.value:
        lead = "No single disagreement moves the share by more than its sampling error; the largest"
        said = f"{lead} is {said}"
    else:
        said = f"Of {counted(len(effects), 'disagreement')} one moves the share most: {said}"
    return f"{said}. Rows are swapped one at a time; their parts need not sum to the whole."


def tables(answer: Agreement) -> Mapping[str, Table]:
    """Return the columns, the cells that differ, and the effects."""
    agreed = tuple(
        (c.name, c.rows, c.same, c.kappa, c.alpha, c.apart) for c in answer.found.columns()
    )
    cells = tuple((" ".join(key), *rest) for key, *rest in answer.found.different())
    made = {
        "agreement": Table(
            "How far the two agree, by column",
            ("column", "rows", "same", "kappa", "alpha", "mean_difference"), agreed,
        ),
        "differences": Table("What differs", ("row", "column", "first", "second"), cells),
    }  # fmt: skip
    if answer.day is not None:
        effects = tuple((e.row, e.what, e.share, e.tilt) for e in answer.effects)
        title = "If the second coder's row stood: change of the share on two chairs, and of tilt"
        columns = ("row", "what", "share", "tilt")
        made["effects"] = Table(title, columns, effects, intervals=("share",))
    return made


def print_agreement(answer: Agreement, console: Console) -> None:
    """Print sentences and tables."""
    for line in sentences(answer):
        console.print(escape(line), highlight=False)
    console.print()
    console.print(_columns(answer))
    if answer.effects:
        console.print(_effects(answer))
    elif answer.day is None:
        console.print(_differences(answer))
    console.print(f"[dim]{escape(answer.basis().conditional_on)}[/dim]", highlight=False)


def _columns(answer: Agreement) -> Grid:
    grid = folding_table(
        "Agreement, by column", "column", "rows", "same", "κ", "α", "mean difference"
    )
    for c in answer.found.columns():
        numbers = (_number(c.kappa), _number(c.alpha), _number(c.apart))
        grid.add_row(c.name, str(c.rows), percent(c.same), *numbers)
    grid.caption = (
        "κ: Cohen's, of categories; α: Krippendorff's, of categories or numbers; 1 is full "
        "agreement, 0 that of chance."
    )
    grid.caption_justify = "left"
    return grid


def _effects(answer: Agreement) -> Grid:
    grid = folding_table(
        "Which disagreement moves the seat", "row", "share on two chairs", "tilt", "what"
    )
    grid.columns[3].justify = "left"
    for effect in answer.effects[:MOST]:
        tilt = decimal(effect.tilt, 3, sign=True)
        grid.add_row(escape(effect.row), f"{_points(effect)} points", tilt, escape(effect.what))
    if len(answer.effects) > MOST:
        grid.add_row("…", "", "", f"{len(answer.effects) - MOST} more, in the files of --out")
    return grid


def _differences(answer: Agreement) -> Grid:
    grid = folding_table("What differs", "row", "column", "first", "second")
    for key, *cells in answer.found.different()[:MOST]:
        grid.add_row(escape(" ".join(key)), *map(escape, cells))
    return grid


def _points(effect: Effect) -> str:
    share = effect.share
    sign = "+" if share.value > 0 else "−" if share.value < 0 else ""
    error = f" ± {points(share.high - share.value)}" if math.isfinite(share.high) else ""
    return f"{sign}{points(abs(share.value))}{error}"


def _number(value: float) -> str:
    return NONE if math.isnan(value) else decimal(value)
