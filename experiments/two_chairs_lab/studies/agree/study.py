"""How far two coders agree, and the answer under each of them, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs.scenario.doubles import warn_of_doubts
from two_chairs.scenario.records import Event, PosteriorTable, Scenario
from two_chairs.scenario.resolve import read_ledger
from two_chairs.scenario.text import shown
from two_chairs.vocabulary import Day
from two_chairs_lab.engine.batch import values_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.monte_carlo import paired_share_error
from two_chairs_lab.statistics.resampling import Estimate
from two_chairs_lab.studies.answer import Basis, ensemble_basis

from .tables import Key, Matched, matched, read_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TWO_CHAIRS = "regime:two-chairs"
LEDGER = frozenset(("date", "actor", "target", "action", "says"))
"""Columns by which a table is known to be a ledger."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one disagreement does to the answer.

    Attributes
    ----------
    row
        Key of the row, as it is read.
    what
        What differs, in words.
    share
        Change of the share of worlds on two chairs if the other coder's row stood, with the ends
        of its sampling error.
    tilt
        Change of the mean tilt.
    """

    row: str
    what: str
    share: Estimate
    tilt: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer of ``agree``.

    Attributes
    ----------
    files
        The two tables.
    found
        Their rows, matched.
    ensemble, day
        What was run with the first coder's ledger, and when it is read; ``None`` for tables that
        are no ledgers.
    shares, tilts
        Share of worlds on two chairs and mean tilt under each coder.
    effects
        What each disagreement does, the largest first.
    inputs
        File → SHA-256.
    """

    kind: ClassVar[str] = "agreement"
    name: ClassVar[str] = "agree"

    files: tuple[Path, Path]
    found: Matched
    ensemble: Ensemble | None = None
    day: Day | None = None
    shares: tuple[float, float] = (np.nan, np.nan)
    tilts: tuple[float, float] = (np.nan, np.nan)
    effects: tuple[Effect, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    def basis(self) -> Basis:
        """Return what the comparison rests on."""
        asked = {"files": [shown(path) for path in self.files], "key": list(self.found.key)}
        if self.ensemble is None:
            words = "Two tables side by side; no model was run."
            return Basis(self.kind, asked, words, self.inputs)
        return ensemble_basis(self.kind, self.ensemble, self.inputs, **asked)

    def sentences(self) -> list[str]:
        """Say how far the coders agree, and whether it matters."""
        from .render import sentences

        return sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return columns, cells that differ, and what each disagreement does."""
        from .render import tables

        return tables(self)

    def figures(self) -> Mapping[str, Figure]:
        """Return no figures: the tables say it."""
        return {}

    def record(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {
            "matched": len(self.found.both),
            "only": [len(keys) for keys in self.found.only],
            "at": self.day and self.day.isoformat(),
            "two_chairs": [None if np.isnan(value) else value for value in self.shares],
            "tilt": [None if np.isnan(value) else value for value in self.tilts],
            **{name: table.records() for name, table in self.tables().items()},
        }


def is_ledger(path: Path) -> bool:
    """Say whether a table is a ledger, by its headings."""
    rows = read_table(path)
    return bool(rows) and set(rows[0][1]) >= LEDGER


def agree_tables(files: tuple[Path, Path], key: Sequence[str]) -> Agreement:
    """Compare two tables of any kind.

    Raises
    ------
    InputError
        If their rows can not be matched.
    """
    return Agreement(files, matched(key, [(path, read_table(path)) for path in files]))


def agree_ledgers(
    files: tuple[Path, Path],
    key: Sequence[str],
    ensemble: Ensemble,
    day: Day | None = None,
    *,
    runner: Runner = HERE,
    inputs: Mapping[str, str] | None = None,
) -> Agreement:
    """Compare two ledgers, and the answer of a scenario with each of them.

    Parameters
    ----------
    files
        The two coders' ledgers.
    key
        Columns that tell which rows are one.
    ensemble
        Worlds of the scenario; its events of the ids that either ledger has make way.
    day
        When the answer is read, by default in the week of the last event of either ledger.
    runner
        Where worlds are run.
    inputs
        File → SHA-256 of the scenario's files.

    Raises
    ------
    InputError
        If the ledgers can not be read or matched, or an event lies outside the run.
    """
    scenario = ensemble.scenario
    read = [read_ledger(path, scenario.case) for path in files]
    found = matched(
        key, [(path, _cells(rows)) for path, rows in zip(files, read, strict=True)]
    )  # fmt: skip
    _check_dates(scenario, [pair for rows in read for pair in rows])
    day = day or max(event.date for rows in read for _, event in rows)
    sides = [_events_by_key(rows, found.key) for rows in read]
    base = _without(scenario, [event.id for rows in read for _, event in rows])
    kept = [(scenario.name, event) for event in base.events]
    for rows in read:
        warn_of_doubts([*kept, *rows])
    with_one, with_other = (_with(base, scenario, list(side.values())) for side in sides)
    values = partial(_values, ensemble, day, runner)
    first, second = values(with_one), values(with_other)
    effects = [
        _effect(row, what, first, values(_with(base, scenario, events)))
        for row, what, events in _swaps(found, *sides)
    ]
    effects.sort(key=lambda effect: (-abs(effect.share.value), -abs(effect.tilt)))
    return Agreement(
        files, found, ensemble, day,
        (_share(first), _share(second)), (_tilt(first), _tilt(second)),
        tuple(effects), inputs or {},
    )  # fmt: skip


def _cells(rows: Sequence[tuple[str, Event]]) -> list[tuple[str, Mapping[str, str]]]:
    """Return events as cells, blanks filled from the codebook."""
    return [
        (place.removesuffix(", column "), {
            name: "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in event.model_dump().items()
        })
        for place, event in rows
    ]  # fmt: skip


def _events_by_key(rows: Sequence[tuple[str, Event]], key: Key) -> dict[Key, Event]:
    cells = _cells(rows)
    return {
        tuple(row[name] for name in key): event
        for (_, row), (_, event) in zip(cells, rows, strict=True)
    }


def _check_dates(scenario: Scenario, rows: Sequence[tuple[str, Event]]) -> None:
    for place, event in rows:
        if not scenario.start <= event.date <= scenario.end:
            text = f"{event.date} lies outside the run of {scenario.name}"
            remedy = f"{scenario.start} to {scenario.end}; choose another --scenario"
            raise InputError.at(f"{place}date", f"{text}, {remedy}")


def _without(scenario: Scenario, ids: Sequence[str]) -> Scenario:
    gone = set(ids)
    left = tuple(event for event in scenario.events if event.id not in gone)
    return scenario.model_copy(
        update={"events": left, "posterior": _without_weights(scenario.posterior, gone)}
    )


def _without_weights(posterior: PosteriorTable | None, ids: set[str]) -> PosteriorTable | None:
    """Return a posterior without the weights of some events: what a coder wrote is drawn."""
    if posterior is None:
        return None
    kept = [n for n, name in enumerate(posterior.names) if name.removeprefix("weight:") not in ids]
    cells = [row.split(",") for row in posterior.rows]
    return posterior.model_copy(
        update={
            "names": tuple(posterior.names[n] for n in kept),
            "rows": tuple(",".join(row[n] for n in kept) for row in cells),
        }
    )


def _with(base: Scenario, whole: Scenario, events: Sequence[Event]) -> Scenario:
    """Return a scenario with some events; what stood because of others goes with them."""
    present = {event.id for event in (*base.events, *events)}
    gone = [event.id for event in whole.events if event.id not in present]
    return base.model_copy(update={"events": (*base.events, *events)}).without(*gone)


def _swaps(
    found: Matched, one: Mapping[Key, Event], other: Mapping[Key, Event]
) -> list[tuple[str, str, list[Event]]]:
    """Return each disagreement with the first coder's events if the other's row stood."""
    differ: dict[Key, list[str]] = {}
    for key, name, here, there in found.different():
        differ.setdefault(key, []).append(f"{name} {_said(here)} → {_said(there)}")
    swaps = []
    for key, words in differ.items():
        events = [other[key] if k == key else event for k, event in one.items()]
        swaps.append((" ".join(key), ", ".join(words), events))
    for key in found.only[0]:
        events = [event for k, event in one.items() if k != key]
        swaps.append((" ".join(key), "only the first has it", events))
    for key in found.only[1]:
        swaps.append((" ".join(key), "only the second has it", [*one.values(), other[key]]))
    return swaps


def _said(cell: str) -> str:
    return cell.replace("-", "−", 1) if cell.startswith("-") else cell or "blank"


def _values(ensemble: Ensemble, day: Day, runner: Runner, scenario: Scenario) -> Array:
    """Return whether each world sits on two chairs, and its tilt, shape (2, worlds)."""
    batch = Ensemble(scenario, ensemble.worlds, ensemble.seed, ensemble.vary, ensemble.luck).batch()
    asked = [(TWO_CHAIRS, day), ("tilt", day)]
    return np.concatenate(gather([batch], partial(values_of, asked), runner), axis=-1)


def _share(values: Array) -> float:
    return float(np.mean(values[0] > 0.0))


def _tilt(values: Array) -> float:
    return float(np.mean(values[1]))


def _effect(row: str, what: str, first: Array, swapped: Array) -> Effect:
    apart = (swapped[0] > 0.0).astype(float) - (first[0] > 0.0)
    change, error = float(np.mean(apart)), float(paired_share_error(apart))
    share = Estimate(change, change - error, change + error)
    return Effect(row, what, share, _tilt(swapped) - _tilt(first))
