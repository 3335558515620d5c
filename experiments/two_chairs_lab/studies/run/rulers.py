"""Six rulers on the same worlds: how many hedge, and how much of that is the definition.

A ruler is a line of `RULERS`. Each says of every world and week whether the pivot hedges between
its patrons. Five read what the run has recorded; the last reads the ledger alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from two_chairs.axes import DOMAINS, PATRONS, REGIMES, TWO_CHAIRS, Array, Flags
from two_chairs.rules.regimes import course
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.numbers import date_words, percent
from two_chairs_lab.render.table import Table
from two_chairs_lab.statistics.monte_carlo import share_error

from .dates import shown_dates

LOW, HIGH = 45.0, 55.0
"""Ends of the band of an index from 0 to 100 in which a state counts as hedging."""
OF_WORLDS = 5
"""Rulers, the first of `RULERS`, that differ from world to world."""
Holds = Callable[[Scenario, Trajectory], Flags]


@dataclass(frozen=True, slots=True)
class Ruler:
    """A definition of hedging.

    Attributes
    ----------
    key, words
        Its name in records, and when a world hedges by it.
    source
        Where it is from.
    holds
        Returns whether the pivot hedges, shape (weeks, worlds), or (weeks, 1) from the ledger.
    """

    key: str
    words: str
    source: str
    holds: Holds


def _regime(_: Scenario, paths: Trajectory) -> Flags:
    return paths.outcome(f"regime:{REGIMES[TWO_CHAIRS]}") > 0.5


def _no_memory(scenario: Scenario, paths: Trajectory) -> Flags:
    """Both seats taken and the tilt inside the wider band, week by week without the past."""
    p, seats = fixed_parameters(scenario), _seats(paths)
    return (seats >= p.seat_taken).all(axis=0) & (
        np.abs(paths.outcome("tilt")) < p.two_chairs_limit
    )


def _equal_weights(scenario: Scenario, paths: Trajectory) -> Flags:
    """Our regime, with the mean of the three domains in place of their weighted sum."""
    p = fixed_parameters(scenario)
    seats = np.stack([_mean(paths, patron) for patron in PATRONS])
    return course(seats, p) == TWO_CHAIRS


def _mean(paths: Trajectory, patron: str) -> Array:
    values = [paths.outcome(f"seat:{patron}:{domain}") for domain in DOMAINS]
    return np.asarray(np.mean(values, axis=0))


def _even(_: Scenario, paths: Trajectory) -> Flags:
    incumbent, rival = _seats(paths)
    return _inside(100.0 * _share(rival, incumbent + rival))


def _alignment_index(_: Scenario, paths: Trajectory) -> Flags:
    return _inside(50.0 + 50.0 * paths.outcome("tilt"))


def _event_sum(scenario: Scenario, paths: Trajectory) -> Flags:
    return _inside(event_index(scenario, paths))[:, None]


def event_index(scenario: Scenario, paths: Trajectory) -> Array:
    """Return where the sums of scored acts with both patrons lie, 0 to 100, shape (weeks,).

    The sum with a patron is that of score × weight over all recorded acts between it and the
    pivot, either way, up to the week; the index is 50 + 50 (W − R) / (|W| + |R|), and NaN before
    the first of these acts.
    """
    case = scenario.case
    pivot = case.with_role("pivot")
    sums = np.zeros((len(PATRONS), len(paths.dates)))
    for event in scenario.events:
        for number, patron in enumerate(PATRONS):
            if {event.actor, event.target} == {pivot, case.with_role(patron)}:
                week = max(scenario.week_of(event.date), 0)
                sums[number, week:] += event.goldstein * event.weight
    incumbent, rival = sums
    return 50.0 + 50.0 * _share(rival - incumbent, np.abs(rival) + np.abs(incumbent))


def _seats(paths: Trajectory) -> Array:
    return np.stack([paths.outcome(f"{patron}_seat") for patron in PATRONS])


def _share(part: Array, whole: Array) -> Array:
    """Return a part of a whole, NaN where there is none."""
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), np.nan)


def _inside(index: Array) -> Flags:
    return (index >= LOW) & (index <= HIGH)


UNREAD = "*"
"""Marks a source whose definition is taken from a summary: the paper was not read in full."""
RULERS = (
    Ruler("regime", "our regime",
          "this program", _regime),
    Ruler("no-memory", "the same without memory", "this program", _no_memory),
    Ruler("equal-weights", "the same, domains weighted alike", "OECD and JRC 2008", _equal_weights),
    Ruler("even-shares", "W/(R + W) in 45–55 %", "the next one's band", _even),
    Ruler("alignment-index", "50 + 50 × tilt in 45–55", f"Khong and Liow 2025{UNREAD}",
          _alignment_index),
    Ruler("event-sum", "recorded acts × score in 45–55", f"Hu, Yuan and Liu 2025{UNREAD}",
          _event_sum),
)  # fmt: skip
"""Every ruler, our own first; the first `OF_WORLDS` differ from world to world."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """What the rulers say of a run at some dates.

    Attributes
    ----------
    dates
        The dates.
    hedges
        Whether a world hedges, ruler by ruler: key → shape (dates, worlds), or (dates, 1).
    """

    dates: tuple[Day, ...]
    hedges: dict[str, Flags]

    def share(self, key: str, row: int) -> tuple[float, float]:
        """Return the share of worlds that hedge by a ruler at a date, with its error."""
        values = self.hedges[key][row].astype(float)
        return float(values.mean()), float(share_error(values))

    def differs(self, key: str, row: int) -> float:
        """Return the share of worlds that a ruler puts elsewhere than ours does."""
        return float((self.hedges[key][row] != self.hedges[RULERS[0].key][row]).mean())

    def agreed(self, row: int) -> tuple[float, float]:
        """Return the shares of worlds that hedge by all rulers of worlds, and by none."""
        found = np.stack([self.hedges[ruler.key][row] for ruler in RULERS[:OF_WORLDS]])
        return float(found.all(axis=0).mean()), float((~found).all(axis=0).mean())

    def record(self) -> dict[str, Any]:
        """Return what every ruler says as plain data, by its key and date."""
        return {
            ruler.key: {
                "hedges_if": ruler.words,
                "source": ruler.source,
                "at": {
                    day.isoformat(): {
                        "share": self.share(ruler.key, row)[0],
                        "error": _or_none(self.share(ruler.key, row)[1]),
                        "differs_from_regime": self.differs(ruler.key, row),
                    }
                    for row, day in enumerate(self.dates)
                },
            }
            for ruler in RULERS
        }


def _or_none(error: float) -> float | None:
    return None if np.isnan(error) else error


def rulings(scenario: Scenario, paths: Trajectory) -> Rulings:
    """Lay all rulers on the worlds of a run, at the dates that sentences are about."""
    dates = tuple(shown_dates(scenario))
    weeks = [paths.week_of(day) for day in dates]
    pieces = list(paths.pieces())
    hedges = {
        ruler.key: np.concatenate([ruler.holds(scenario, each)[weeks] for each in pieces], axis=-1)
        for ruler in RULERS[:OF_WORLDS]
    }
    hedges |= {ruler.key: ruler.holds(scenario, paths)[weeks] for ruler in RULERS[OF_WORLDS:]}
    return Rulings(dates, hedges)


def ruler_table(found: Rulings) -> Table:
    """Return the share of worlds that hedge by every ruler, and where the rulers part."""
    dates = range(len(found.dates))
    rows = [
        (
            ruler.words,
            *(_cell(found, ruler, row) for row in dates),
            "" if ruler is RULERS[0] else percent(found.differs(ruler.key, -1)),
            ruler.source,
        )
        for ruler in RULERS
    ]
    agreed = [found.agreed(row) for row in dates]
    rows += [
        ("by all of the first five", *(percent(every) for every, _ in agreed), "", ""),
        ("by some, not by others", *(percent(1.0 - sum(each)) for each in agreed), "", ""),
    ]
    columns = ("hedges by", *map(date_words, found.dates), "unlike ours", "source")
    title = f"Six rulers, share of worlds that hedge ({UNREAD} from a summary, not read in full)"
    return Table(title, columns, tuple(rows))


def _cell(found: Rulings, ruler: Ruler, row: int) -> str:
    """Write a share of worlds with its error; the ledger alone says yes or no."""
    share, error = found.share(ruler.key, row)
    if ruler in RULERS[OF_WORLDS:]:
        return "yes" if share > 0.5 else "no"
    return percent(share, error)
