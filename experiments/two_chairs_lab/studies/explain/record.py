"""An explanation as plain data, and its causes as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from two_chairs.axes import Array
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.summaries import quantiles

if TYPE_CHECKING:
    from .study import ExplainResult

COLUMNS = (
    "cause", "kind", "date", "channel", "defaults", "mean", "p05", "median", "p95", "says",
)  # fmt: skip


def explain_record(result: ExplainResult) -> dict[str, Any]:
    """Return an explanation as plain data.

    The keys up to ``channels`` are of the fixed world; ``ensemble`` is of all worlds.
    """
    explanation, fixed = result.explanation, result.fixed
    ensemble = explanation.ensemble
    contributions = dict(zip(fixed.names, fixed.values[:, 0].tolist(), strict=True))
    return {
        "scenario": ensemble.scenario.name,
        **explanation.asked(),
        "worlds": ensemble.worlds,
        "seed": ensemble.seed,
        "conditional_on": ensemble.conditional_on(),
        "start": float(fixed.start[0]),
        "end": float(fixed.end[0]),
        "change": float(fixed.change[0]),
        "contributions": contributions,
        "channels": {
            name: {channel: contributions[name]} for name, channel in fixed.channels.items()
        },
        "ensemble": {
            "start": spread(explanation.start),
            "end": spread(explanation.end),
            "change": spread(explanation.change),
            "contributions": {
                name: spread(values)
                for name, values in zip(explanation.names, explanation.values, strict=True)
            },
        },
        "says": {cause.name: cause.says for cause in explanation.causes},
    }


def spread(values: Array) -> dict[str, float]:
    """Return mean, median and 5th and 95th percentile over worlds."""
    low, middle, high = quantiles(values)
    return {
        "mean": float(np.mean(values)),
        "median": float(middle),
        "p05": float(low),
        "p95": float(high),
    }


def causes_table(result: ExplainResult) -> Table:
    """Return every cause as a row: who, when, through what, in the fixed world and in all."""
    explanation = result.explanation
    rows = []
    for cause, values, one in zip(
        explanation.causes, explanation.values, result.fixed.values[:, 0], strict=True
    ):
        day = None if cause.date is None else cause.date.isoformat()
        channel = explanation.channels.get(cause.name)
        low, median, high = quantiles(values)
        numbers = (one, np.mean(values), low, median, high)
        rows.append((cause.name, cause.kind, day, channel, *map(float, numbers), cause.says))
    return Table(f"What moved {explanation.target}", COLUMNS, tuple(rows))
