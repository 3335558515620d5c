"""Curves of two versions side by side: how far each outcome of each scenario has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs.outcomes import OUTCOMES
from two_chairs.scenario.text import shown
from two_chairs_lab.results.manifest import (
    MANIFEST,
    hashes,
    read_manifest,
    read_record,
    table_digest,
)
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.run.manifest import check_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from two_chairs_lab.render.table import Table

GOLDENS = Path("tests", "goldens", "curves")
"""Where a checkout keeps the curves that its own tests hold it to."""
SUMMARY = "summary.json"
DEEPEST = 4
"""Folders below the one named in which runs are looked for."""
CERTAIN = 1.96
"""Standard errors of a 95 % interval."""
AGAIN = "make the result again with 'two-chairs run'"


@dataclass(frozen=True, slots=True)
class Curve:
    """An outcome of a scenario over time: a median over worlds, or a share of worlds.

    Attributes
    ----------
    dates
        Mondays, in order.
    values
        Median or share, shape (dates,).
    errors
        Half the 95 % interval by sampling of worlds, shape (dates,).
    """

    dates: tuple[date, ...]
    values: Array
    errors: Array


Curves = Mapping[tuple[str, str], Curve]
"""(scenario, outcome) → its curve."""


@dataclass(frozen=True, slots=True)
class Change:
    """How far a curve has moved, where both versions have it.

    Attributes
    ----------
    scenario, outcome
        Whose curve it is.
    dates
        Mondays of both.
    old, new
        The two curves on these days, shape (dates,).
    error
        Half the 95 % interval of a difference of two samples of worlds, shape (dates,). With the
        same seed and the same number of worlds chance moves a curve less than that.
    """

    scenario: str
    outcome: str
    dates: tuple[date, ...]
    old: Array
    new: Array
    error: Array

    @property
    def at(self) -> int:
        """The day on which the curves lie furthest apart, as a number."""
        return int(np.argmax(np.abs(self.new - self.old)))

    @property
    def moved(self) -> float:
        """The difference on that day, in units of the outcome."""
        return float(self.new[self.at] - self.old[self.at])

    @property
    def part(self) -> float:
        """How much of the outcome's whole range that is."""
        return abs(self.moved) / _width(self.outcome)

    @property
    def beyond_chance(self) -> bool:
        """Whether two samples of worlds of one version would seldom lie so far apart."""
        return abs(self.moved) > self.error[self.at]


@dataclass(frozen=True, slots=True)
class Changes:
    """All curves that two versions share, those that moved furthest first."""

    kind: ClassVar[str] = "changes"
    name: ClassVar[str] = "changes"

    folders: tuple[Path, Path]
    changes: tuple[Change, ...]
    only: tuple[tuple[str, ...], tuple[str, ...]]
    unlike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Scenario → what its two runs were asked otherwise, so that not the version alone differs."""
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def moved(self) -> list[Change]:
        """The curves that are not what they were."""
        return [change for change in self.changes if change.moved]

    def basis(self) -> Basis:
        """Return what the answer rests on."""
        old, new = map(shown, self.folders)
        return Basis(
            self.kind, {"old": old, "new": new},
            f"Conditional on the runs that stand in {old} and {new}, each as its own record says. "
            "Not a forecast.",
            self.inputs,
        )  # fmt: skip

    def sentences(self) -> list[str]:
        """Return the answer in words, the point first."""
        from .render import sentences

        return sentences(self)

    def tables(self) -> Mapping[str, Table]:
        """Return the table of all curves, those that moved furthest first."""
        from .render import tables

        return tables(self)

    def figures(self) -> Mapping[str, Figure]:
        """Draw the curves that moved furthest, old and new."""
        from .figures import moved_figure

        return {"changes": moved_figure(self)} if self.moved else {}

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "conditional_on": self.basis().conditional_on,
            "curves": self.tables()["changes"].records(),
            "only_old": list(self.only[0]),
            "only_new": list(self.only[1]),
            "unlike": {name: list(words) for name, words in self.unlike.items()},
        }


def compare_versions(old: Path, new: Path) -> Changes:
    """Set the curves of two versions side by side.

    Parameters
    ----------
    old, new
        Each the folder of a run, one that holds such folders, or a checkout with its golden curves.

    Raises
    ------
    InputError
        If one of them holds no curve, or they have none in common.
    """
    (before, read), (after, also) = read_curves(old), read_curves(new)
    shared = [key for key in before if key in after]
    changes = [_change(key, before[key], after[key]) for key in shared]
    found = [change for change in changes if change is not None]
    if not found:
        text = f"has no scenario and outcome on the same days as {shown(old)}; name the same runs"
        raise InputError.at(shown(new), text)
    found.sort(key=lambda change: (-change.part, change.scenario, change.outcome))
    only = (_missing(before, after), _missing(after, before))
    one, other = asked_in(old), asked_in(new)
    both = {name: departures(one[name], other[name]) for name in one if name in other}
    unlike = {name: words for name, words in both.items() if words}
    return Changes((old, new), tuple(found), only, unlike, hashes([*read, *also]))


ASKED = {"seed": "the seed", "worlds": "the number of worlds", "vary": "--fixed",
         "luck": "--no-luck", "defaults": "--defaults", "free": "--free"}  # fmt: skip
"""What a run was asked for, by its key in a manifest, in words."""


def asked_in(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the manifest of every run in or below a folder, by its scenario's full name."""
    return {name: read_manifest(summary.parent) for summary, name in _runs(folder)}


def departures(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in words what two manifests of runs were asked otherwise."""
    found = [words for key, words in ASKED.items() if old.get(key, False) != new.get(key, False)]
    one, other = (record.get("scenario", {}) for record in (old, new))
    by_hand = [record.get("overrides", {}) for record in (one, other)]
    if by_hand[0] != by_hand[1]:
        found.append("--set")
    aside = {name for name, key in LEFT_OUT.items() if old.get(key, False) != new.get(key, False)}
    if _of_files(one, by_hand, aside) != _of_files(other, by_hand, aside):
        found.append("the scenario's files")
    return tuple(found)


LEFT_OUT = {"posterior": "defaults", "postures": "free"}
"""What of a scenario an option sets aside."""


def _of_files(
    scenario: Mapping[str, Any], by_hand: Sequence[Mapping[str, float]], aside: set[str]
) -> dict[str, Any]:
    """Return what a scenario has from its files, without what options of either run touch."""
    kept = {key: entry for key, entry in scenario.items() if key not in {*aside, "overrides"}}
    table = kept.get("parameters", {})
    kept["parameters"] = {n: v for n, v in table.items() if not any(n in d for d in by_hand)}
    if kept.get("posterior"):
        kept["posterior"] = {k: v for k, v in kept["posterior"].items() if k != "overruled"}
    return kept


def read_curves(folder: Path) -> tuple[dict[tuple[str, str], Curve], list[Path]]:
    """Return all curves that stand in a folder of results or in a checkout, and their files.

    Raises
    ------
    InputError
        If there are none, if a file is damaged, or if two runs are of one scenario.
    """
    if not folder.is_dir():
        raise InputError.at(shown(folder), "there is no such folder; name one with results of run")
    kept = sorted((folder / GOLDENS).glob("*/*.json"))
    files = {path: f"{path.parent.name}/{path.stem}" for path in kept} or dict(_runs(folder))
    if not files:
        text = f"holds no result of 'two-chairs run', and no golden curves ({GOLDENS.as_posix()})"
        raise InputError.at(shown(folder), f"{text}; name a folder that 'run' has left")
    curves: dict[tuple[str, str], Curve] = {}
    for path, scenario in files.items():
        found = {(scenario, name): curve for name, curve in _curves_of(path).items()}
        if curves.keys() & found.keys():
            text = f"holds {scenario} twice; name the folder of one of the two runs"
            raise InputError.at(shown(folder), text)
        curves |= found
    return curves, list(files)


def _runs(folder: Path) -> list[tuple[Path, str]]:
    """Return the summary of every run in or below a folder, with its scenario's full name."""
    found = []
    for depth in range(DEEPEST):
        for path in sorted(folder.glob("*/" * depth + MANIFEST)):
            manifest = read_manifest(path.parent)
            if manifest["kind"] == "run":
                scenario, written = manifest.get("scenario", {}), manifest.get("scenario_sha256")
                if written is not None:  # however its version has read it
                    check_scenario(path.parent, table_digest(scenario), written)
                name = f"{scenario.get('case', {}).get('name')}/{scenario.get('name')}"
                found.append((path.with_name(SUMMARY), name))
    return found


def _curves_of(path: Path) -> dict[str, Curve]:
    """Return the curves of the summary of a run: medians, and shares of regimes."""
    summary = read_record(path, AGAIN)
    try:
        dates = tuple(map(date.fromisoformat, summary["dates"]))
        errors = summary["monte_carlo_errors"]
        found = {
            name: (summary[name]["p50"], errors[name]) for name in errors if name != "regime_shares"
        }
        for name, shares in summary["regime_shares"].items():
            found[f"regime:{name}"] = (shares, errors["regime_shares"][name])
        return {
            name: Curve(
                dates, _numbers(values, dates), _numbers(error or [0.0] * len(dates), dates)
            )
            for name, (values, error) in found.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError.at(shown(path), f"is damaged or of another version; {AGAIN}") from None


def _numbers(values: Any, dates: tuple[date, ...]) -> Array:
    """Return a curve's numbers; raises `ValueError` where they are not one a day."""
    found = np.array(values, dtype=float)
    if found.shape != (len(dates),) or not found.size:
        raise ValueError(found.shape)
    return found


def _change(key: tuple[str, str], old: Curve, new: Curve) -> Change | None:
    """Return how far a curve has moved on the days of both; nothing if there are none."""
    shared = [day for day in old.dates if day in set(new.dates)]
    if not shared:
        return None
    before = [old.dates.index(day) for day in shared]
    after = [new.dates.index(day) for day in shared]
    error = np.hypot(old.errors[before], new.errors[after])
    return Change(*key, tuple(shared), old.values[before], new.values[after], error)


def _width(outcome: str) -> float:
    """Return the width of an outcome's declared range; 1 for a share and where it has no end."""
    declared = OUTCOMES.get(outcome)
    width = declared.high - declared.low if declared else 1.0
    return width if np.isfinite(width) else 1.0


def _missing(here: Curves, there: Curves) -> tuple[str, ...]:
    """Return the scenarios, or else outcomes, that stand on one side alone."""
    scenarios = {scenario for scenario, _ in there}
    lone = [
        f"{scenario}: {outcome}" if scenario in scenarios else scenario
        for scenario, outcome in here
        if (scenario, outcome) not in there
    ]
    return tuple(dict.fromkeys(lone))
