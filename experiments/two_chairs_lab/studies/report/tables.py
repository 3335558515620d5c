"""The tables of a report that are computed from variants of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from two_chairs.axes import REGIMES
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import Runner, evaluate
from two_chairs_lab.render.numbers import percent, span
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.compare.differences import Effect
from two_chairs_lab.studies.run.summary import interval

SWITCHES = ((False, False), (False, True), (True, False), (True, True))
"""Whether values are drawn, and whether there is chance."""


def effect_tables(title: str, of: str, effects: Sequence[Effect]) -> list[Table]:
    """Return the table of what changes make, none where nothing was changed."""
    rows = tuple(
        (each.words, interval_text(each), percent(each.difference.above)) for each in effects
    )
    columns = ("change", f"difference of {of}, median (5–95 %)", "worlds in which it rises")
    return [Table(title, columns, rows)] if rows else []


def interval_text(effect: Effect) -> str:
    """Write what a change makes, with its interval."""
    made = effect.difference
    return span(made.low, made.value, made.high)


def spread_table(few: Ensemble, runner: Runner) -> Table:
    """Return the last week's tilt and regimes with chance and drawn values on and off."""
    scenario = few.scenario
    batches = [replace(few, vary=vary, luck=luck).batch() for vary, luck in SWITCHES]
    asked = [(name, scenario.end) for name in ("tilt", *(f"regime:{r}" for r in REGIMES))]
    values = evaluate(batches, asked, runner).reshape(len(asked), len(SWITCHES), few.worlds)
    rows = [
        (
            f"{'drawn values' if vary else 'values kept'}, {'chance' if luck else 'no chance'}",
            interval(values[0, n]),
            *(percent(float(np.mean(regime))) for regime in values[1:, n]),
        )
        for n, (vary, luck) in enumerate(SWITCHES)
    ]
    title = f"What the spread of {scenario.end:%d %b %Y} comes from: tilt and regimes"
    labels = [scenario.case.regimes[regime] for regime in REGIMES]
    return Table(title, ("", "tilt, median (5–95 %)", *labels), tuple(rows))
