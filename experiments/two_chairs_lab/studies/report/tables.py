"""The tables of a report that are computed from variants of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from two_chairs.axes import REGIMES, TWO_CHAIRS, Array
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.runner import Runner, evaluate
from two_chairs_lab.render.numbers import date_words, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.monte_carlo import share_error
from two_chairs_lab.studies.compare.differences import Difference
from two_chairs_lab.studies.run.study import RunResult
from two_chairs_lab.studies.run.summary import interval

from .courses import Shift, points_of
from .switches import GROUPS
from .words import gained, moved

DRAWN = ((False, False), (False, True), (True, False))
"""Whether values are drawn, and whether there is chance, beside the run itself."""
MOST = 6
"""Changes in the table of the strongest."""


def change_tables(scenario: Scenario, shifts: Sequence[Shift], at: Day) -> list[Table]:
    """Return what every change makes of the tilt and of two chairs, a table for each group."""
    days = sorted({at, scenario.end})
    columns = ("change", *(f"tilt, {date_words(day)}" for day in days), _chairs_head(scenario))
    return [
        Table(
            f"{heading} Difference from the scenario as it is",
            columns,
            tuple(
                (
                    change_words(shift),
                    *(_tilt(shift, day) for day in days),
                    _chairs(scenario, shift),
                )
                for shift in shifts
                if shift.switch.group == group
            ),
        )
        for group, heading in GROUPS.items()
        if any(shift.switch.group == group for shift in shifts)
    ]


def strongest_table(scenario: Scenario, shifts: Sequence[Shift]) -> Table:
    """Return the changes that move the tilt of the last week most, each move once."""
    end = scenario.end
    told_moves: set[Difference] = set()
    rows: list[tuple[str, ...]] = []
    for shift in sorted(shifts, key=lambda shift: -abs(shift.of_tilt(end).value)):
        move = shift.of_tilt(end)
        if move in told_moves or not (move.above or move.below) or len(rows) == MOST:
            continue
        told_moves.add(move)
        rows.append((change_words(shift), _tilt(shift, end), _chairs(scenario, shift)))
    columns = ("change", f"tilt, {date_words(end)}", _chairs_head(scenario))
    return Table("What would change it most, one change at a time", columns, tuple(rows))


def change_words(shift: Shift) -> str:
    """Return what is changed, with its date or question."""
    note = shift.switch.note
    return f"{shift.switch.words} ({note})" if note and "?" not in note else shift.switch.words


def _chairs_head(scenario: Scenario) -> str:
    words = scenario.case.regimes[REGIMES[TWO_CHAIRS]]
    return f"worlds on {words}, {date_words(scenario.end)}"


def _tilt(shift: Shift, day: Day) -> str:
    made = shift.of_tilt(day)
    return moved(made.value, made.low, made.high)


def _chairs(scenario: Scenario, shift: Shift) -> str:
    row = points_of(scenario).index(scenario.week_of(scenario.end))
    value, error = shift.course["gained"][row], shift.course["gained:error"][row]
    return gained(float(value), float(error))


def spread_table(result: RunResult, runner: Runner) -> Table:
    """Return the last week's tilt and regimes with chance and drawn values on and off."""
    ensemble, scenario = result.ensemble, result.ensemble.scenario
    batches = [replace(ensemble, vary=vary, luck=luck).batch() for vary, luck in DRAWN]
    asked = [(name, scenario.end) for name in ("tilt", *(f"regime:{r}" for r in REGIMES))]
    values = evaluate(batches, asked, runner).reshape(len(asked), len(DRAWN), ensemble.worlds)
    own = np.stack([result.paths.outcome(name)[-1] for name, _ in asked])
    rows = [_spread_row(vary, luck, values[:, n]) for n, (vary, luck) in enumerate(DRAWN)]
    if (ensemble.vary, ensemble.luck) == (True, True):
        rows.append(_spread_row(True, True, own))
    title = f"What the spread of {date_words(scenario.end)} comes from: tilt and regimes"
    labels = [scenario.case.regimes[regime] for regime in REGIMES]
    return Table(title, ("", "tilt, median (5–95 %)", *labels), tuple(rows))


def _spread_row(vary: bool, luck: bool, values: Array) -> tuple[str, ...]:
    return (
        f"{'drawn values' if vary else 'values kept'}, {'chance' if luck else 'no chance'}",
        interval(values[0]),
        *(percent(float(np.mean(held)), float(share_error(held))) for held in values[1:]),
    )
