"""What a sweep keeps of every week: quantiles over all worlds, or every world in full.

Quantiles come from exact counts (`histograms`). A task counts its worlds scenario by scenario and
leaves a file of counts for each; a finished sweep adds them all up, writes the quantiles, and
removes the counts. In full, a part leaves every week of every index as an array (week, world).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import REGIMES, Array
from two_chairs.errors import InputError
from two_chairs.outcomes import INDICES
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.text import shown
from two_chairs_lab.statistics.histograms import PERCENT, Histograms, Readings

from .parts import Variable, read_netcdf, whole, whole_text, write_netcdf

Kept = Literal["none", "quantiles", "full"]
HISTOGRAMS = "histograms"
TRAJECTORIES = "trajectories"
QUANTILES = "trajectories.nc"
TABLE = "trajectories.csv"
MOST_BYTES = 2 * 10**9
"""Size up to which every week of every world is kept."""
BYTES_A_WEEK = 4 * len(INDICES) + 1
"""Bytes that a week of a world takes in full: single precision, and a code of the regime."""
EPOCH = date(1970, 1, 1)
DAYS = "days since 1970-01-01"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weeks of several scenarios on one axis.

    Attributes
    ----------
    mondays
        Every week from the first start to the last end.
    starts, weeks
        Place of each scenario's first week on the axis, and number of its weeks.
    """

    mondays: tuple[date, ...]
    starts: tuple[int, ...]
    weeks: tuple[int, ...]


def calendar_of(scenarios: Sequence[Scenario]) -> Calendar:
    """Lay the weeks of scenarios on one axis."""
    runs = [scenario.mondays() for scenario in scenarios]
    first = min(run[0] for run in runs)
    number = (max(run[-1] for run in runs) - first).days // 7 + 1
    mondays = tuple(first + timedelta(weeks=week) for week in range(number))
    starts = tuple((run[0] - first).days // 7 for run in runs)
    return Calendar(mondays, starts, tuple(len(run) for run in runs))


def check_size(kept: Kept, worlds: int, calendar: Calendar) -> None:
    """Refuse to keep more in full than ``MOST_BYTES``; say what to lower."""
    size = worlds * len(calendar.mondays) * BYTES_A_WEEK
    if kept == "full" and size > MOST_BYTES:
        what = f"{worlds:,} worlds × {len(calendar.mondays)} weeks take {size / 1e9:,.1f} GB"
        most = worlds * MOST_BYTES // size
        remedy = f"sweep at most {most:,} worlds (--points, --replicates), or choose quantiles"
        text = f"{what}, more than {MOST_BYTES / 1e9:g} GB; {remedy}"
        raise InputError.at("--trajectories full", text)


class Keeper(Protocol):
    """Sees every week of the worlds of one task."""

    def add(self, scenario: int, worlds: NDArray[np.int64], week: int, readings: Readings) -> None:
        """Take what can be read at the end of a week of some worlds of a scenario."""

    def close(self) -> None:
        """Leave on disk what was seen."""


def keeper_of(
    kept: Kept, folder: Path, span: int, worlds: range, calendar: Calendar
) -> Keeper | None:
    """Return who keeps the weeks of a task's worlds, if anybody does."""
    if kept == "quantiles":
        return Counts(folder, span, calendar)
    return Paths(folder, span, worlds, calendar) if kept == "full" else None


def is_kept(kept: Kept, folder: Path, span: int, scenarios: range) -> bool:
    """Say whether the weeks of a task are on disk, its worlds being of some scenarios."""
    if kept == "quantiles":
        counts = (counts_path(folder, span, scenario) for scenario in scenarios)
        return (folder / QUANTILES).is_file() or all(path.is_file() for path in counts)
    return kept == "none" or paths_path(folder, span).is_file()


def paths_path(folder: Path, part: int) -> Path:
    """Return the path of the weeks of a part's worlds."""
    return folder / TRAJECTORIES / f"part-{part:06d}.nc"


class Paths:
    """Keeps every week of every index of a part's worlds, in single precision."""

    def __init__(self, folder: Path, part: int, worlds: range, calendar: Calendar) -> None:
        self._folder, self._part, self._worlds, self._calendar = folder, part, worlds, calendar
        shape = (len(calendar.mondays), len(worlds))
        self._arrays = {name: np.full(shape, np.nan, dtype=np.float32) for name in INDICES}
        self._regime = np.full(shape, -1, dtype=np.int8)

    def add(self, scenario: int, worlds: NDArray[np.int64], week: int, readings: Readings) -> None:
        """Take a week."""
        row, columns = self._calendar.starts[scenario] + week, worlds - self._worlds.start
        for name, values in self._arrays.items():
            values[row, columns] = readings[name]()[: len(worlds)]
        self._regime[row, columns] = readings["regime"]()[: len(worlds)]

    def close(self) -> None:
        """Write the part's file."""
        both = ("week", "world")
        variables = {
            "week": _weeks(self._calendar),
            "world": Variable(("world",), np.array(self._worlds, dtype=np.int32)),
            **{name: Variable(both, values) for name, values in self._arrays.items()},
            "regime": Variable(
                both, self._regime, ", ".join(f"{n} {r}" for n, r in enumerate(REGIMES))
            ),
        }
        final = paths_path(self._folder, self._part)
        final.parent.mkdir(exist_ok=True)
        write_netcdf(self._folder, final, variables)


def _weeks(calendar: Calendar) -> Variable:
    days = [(monday - EPOCH).days for monday in calendar.mondays]
    return Variable(("week",), np.array(days, dtype=np.int32), DAYS)


def counts_path(folder: Path, span: int, scenario: int) -> Path:
    """Return the path of the counts of a task's worlds of one scenario."""
    return folder / HISTOGRAMS / f"span-{span:06d}-{scenario}.npz"


class Counts:
    """Counts a task's worlds, one scenario in memory at a time."""

    def __init__(self, folder: Path, span: int, calendar: Calendar) -> None:
        self._folder, self._span, self._calendar = folder, span, calendar
        self._scenario = -1
        self._counts = Histograms(0)

    def add(self, scenario: int, worlds: NDArray[np.int64], week: int, readings: Readings) -> None:
        """Count a week; scenarios come one after the other."""
        if scenario != self._scenario:
            self.close()
            self._scenario = scenario
            self._counts = Histograms(self._calendar.weeks[scenario])
        self._counts.add(week, readings, len(worlds))

    def close(self) -> None:
        """Write the counts of the present scenario."""
        if self._scenario < 0:
            return
        final = counts_path(self._folder, self._span, self._scenario)
        final.parent.mkdir(exist_ok=True)
        with whole(self._folder, final) as raw:
            counts: Any = {"values": self._counts.values, "regimes": self._counts.regimes}
            np.savez_compressed(raw, **counts)


def finish(folder: Path, calendar: Calendar) -> None:
    """Turn the counts of a finished sweep into quantiles, once, and remove them."""
    if (folder / HISTOGRAMS).is_dir():
        if not (folder / QUANTILES).is_file():
            _write_quantiles(folder, calendar)
        shutil.rmtree(folder / HISTOGRAMS)


def _write_quantiles(folder: Path, calendar: Calendar) -> None:
    scenarios, weeks = len(calendar.starts), len(calendar.mondays)
    fans = {name: np.full((scenarios, len(PERCENT), weeks), np.nan) for name in INDICES}
    shares = np.full((scenarios, len(REGIMES), weeks), np.nan)
    worlds = {name: np.zeros((scenarios, weeks), dtype=np.int32) for name in INDICES}
    for scenario, (start, number) in enumerate(zip(calendar.starts, calendar.weeks, strict=True)):
        counts, here = _merged(folder, scenario, number), slice(start, start + number)
        for name in INDICES:
            fans[name][scenario, :, here] = counts.quantiles(name)
            worlds[name][scenario, here] = counts.counted(name)
        shares[scenario, :, here] = counts.shares()
    variables = {
        "week": _weeks(calendar),
        "scenario": Variable(("scenario",), np.arange(scenarios, dtype=np.int32)),
        "percent": Variable(("percent",), np.array(PERCENT, dtype=np.int32), "%"),
    }
    for name in INDICES:
        variables[name] = Variable(("scenario", "percent", "week"), fans[name])
        variables[f"{name}_worlds"] = Variable(("scenario", "week"), worlds[name])
    for index, regime in enumerate(REGIMES):
        variables[f"share_{regime}"] = Variable(("scenario", "week"), shares[:, index])
    _write_table(folder, calendar, {name: entry.values for name, entry in variables.items()})
    write_netcdf(folder, folder / QUANTILES, variables)


def _merged(folder: Path, scenario: int, weeks: int) -> Histograms:
    total = Histograms(weeks)
    for path in sorted((folder / HISTOGRAMS).glob(f"span-*-{scenario}.npz")):
        try:
            with np.load(path, allow_pickle=False) as stored:
                total.merge(stored["values"], stored["regimes"])
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            text = "is damaged; remove it and go on with --resume, which makes it again"
            raise InputError.at(shown(path), text) from None
    return total


def _write_table(folder: Path, calendar: Calendar, found: Mapping[str, NDArray[Any]]) -> None:
    """Write the quantiles as text: a row a scenario, week and index; shares of regimes last."""
    with whole_text(folder, folder / TABLE) as file:
        writer = csv.writer(file, lineterminator="\n")
        fan = [f"p{percent:02d}" for percent in PERCENT]
        writer.writerow(["scenario", "date", "index", "worlds", *fan, "share"])
        for scenario, (start, number) in enumerate(
            zip(calendar.starts, calendar.weeks, strict=True)
        ):
            for week in range(start, start + number):
                head = [scenario, calendar.mondays[week].isoformat()]
                writer.writerows([*head, *row] for row in _rows(found, scenario, week))


def _rows(found: Mapping[str, NDArray[Any]], scenario: int, week: int) -> Iterator[list[Any]]:
    for name in INDICES:
        counted = int(found[f"{name}_worlds"][scenario, week])
        yield [name, counted, *found[name][scenario, :, week].tolist(), ""]
    for regime in REGIMES:
        share = float(found[f"share_{regime}"][scenario, week])
        yield [f"regime:{regime}", "", *[""] * len(PERCENT), share]


@dataclass(frozen=True, slots=True)
class Fans:
    """Quantiles of every week of a sweep, over all worlds of each scenario.

    Attributes
    ----------
    mondays
        The weeks, those of all scenarios on one axis.
    values
        Index → array (scenarios, percentiles of ``PERCENT``, weeks); NaN outside a scenario's run.
    shares
        Regime → share of worlds, (scenarios, weeks).
    """

    mondays: tuple[date, ...]
    values: Mapping[str, Array]
    shares: Mapping[str, Array]


def read_fans(folder: Path) -> Fans | None:
    """Return the weekly quantiles of a finished sweep, if it has kept them."""
    path = folder / QUANTILES
    if not path.is_file():
        return None
    found = read_netcdf(folder, path)
    mondays = tuple(EPOCH + timedelta(days=int(day)) for day in found["week"])
    values = {name: found[name] for name in INDICES}
    return Fans(mondays, values, {regime: found[f"share_{regime}"] for regime in REGIMES})
