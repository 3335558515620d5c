"""Ensembles of worlds: run, summarise, and judge against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from two_chairs.actors import Array
from two_chairs.errors import InputError
from two_chairs.scenario import Day, Expectation, Scenario, monday
from two_chairs.trajectory import AXES, Trajectory

CHUNK = 512
"""Worlds that run side by side in one model; a whole number of blocks of luck."""
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Ensemble:
    """What to run: a scenario in some worlds, and what varies between them.

    Attributes
    ----------
    scenario
        A resolved scenario.
    worlds, seed
        Number of worlds (replicates 0 to worlds − 1) and the seed of all luck.
    vary
        Parameters and event weights drawn from their ranges; else kept at their values.
    luck
        Choices with noise and random attacks; else argmax and none.
    defaults
        Whether a posterior was set aside, so that values are drawn from the table's ranges.
    """

    scenario: Scenario
    worlds: int
    seed: int = 0
    vary: bool = True
    luck: bool = True
    defaults: bool = False

    def name(self) -> str:
        """Return the scenario's name and what departs from it: names the default folder."""
        departures = [f"{name}={value:g}" for name, value in self.scenario.overrides.items()]
        departures += ["fixed"] * (not self.vary) + ["no-luck"] * (not self.luck)
        departures += ["defaults"] * (self.defaults and self.vary)
        return "-".join([self.scenario.name, *departures])

    def title(self) -> str:
        """Return the scenario's title and the parameters set by hand."""
        changed = self._set_by_hand()
        return f"{self.scenario.title} ({changed})" if changed else self.scenario.title

    def conditional_on(self) -> str:
        """Say what the result is conditional on."""
        varied = self._drawn_from() if self.vary else "kept at their values"
        chance = "chance in choices and attacks" if self.luck else "no chance in choices or attacks"
        changed = self._set_by_hand()
        return (
            f"Conditional on the model and on the coding of "
            f"{told(len(self.scenario.events), 'ledger row')}; parameters and event weights "
            f"{varied}{', set by hand: ' + changed if changed else ''}; {chance}; "
            f"{told(self.worlds, 'world')}, seed {self.seed}. "
            "An exploration of mechanisms, not a forecast."
        )

    def _drawn_from(self) -> str:
        posterior = self.scenario.posterior
        if posterior is None:
            return "drawn from their ranges, where varied"
        return f"drawn from the posterior frozen on {posterior.frozen} ({posterior.source})"

    def _set_by_hand(self) -> str:
        changes = self.scenario.overrides.items()
        return ", ".join(f"{name} = {value:g}" for name, value in changes)


def told(number: int, thing: str) -> str:
    """Return a number with its thing, in the plural where it is not one."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def run_ensemble(ensemble: Ensemble, progress: Callable[[int], None] | None = None) -> Trajectory:
    """Run all worlds of an ensemble and return their paths side by side."""
    parts = list(run_chunks(ensemble, progress))
    return Trajectory.joined(parts) if len(parts) > 1 else parts[0]


def run_chunks(
    ensemble: Ensemble,
    progress: Callable[[int], None] | None = None,
    record: Collection[str] = tuple(AXES),
) -> Iterator[Trajectory]:
    """Run an ensemble and yield its paths a chunk of worlds at a time, some arrays of them."""
    from two_chairs.simulation import TwoChairs  # Mesa is slow to load

    for first in range(0, ensemble.worlds, CHUNK):
        replicates = range(first, min(first + CHUNK, ensemble.worlds))
        model = TwoChairs(
            ensemble.scenario,
            replicates,
            seed=ensemble.seed,
            vary=ensemble.vary,
            luck=ensemble.luck,
            record=record,
        )
        yield model.run()
        if progress is not None:
            progress(len(replicates))


def quantiles(values: Array) -> Array:
    """Return the 5th, 50th and 95th percentile over worlds, shape (3, …)."""
    return np.quantile(values, QUANTILES, axis=-1)


# --- expectations ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an expectation: the share of worlds in which it holds."""

    expectation: Expectation
    share: float
    values: Array
    """What was compared with the bounds, shape (worlds,)."""

    @property
    def held(self) -> bool:
        """Whether it holds in as many worlds as was expected."""
        return self.share >= self.expectation.share


def judge(
    expectation: Expectation, paths: Trajectory, references: Mapping[str, Trajectory]
) -> Verdict:
    """Judge an expectation on an ensemble; ``references`` holds the scenarios compared with."""
    values = _at(paths, expectation.outcome, expectation.at)
    if expectation.since is not None:
        values = values - _at(paths, expectation.outcome, expectation.since)
    if expectation.against is not None:
        other = references[expectation.against]
        values = values - _at(other, expectation.outcome, expectation.at)
    holds = np.ones(values.shape, dtype=bool)
    if expectation.above is not None:
        holds &= values > expectation.above
    if expectation.below is not None:
        holds &= values < expectation.below
    return Verdict(expectation, float(np.mean(holds)), values)


def _at(paths: Trajectory, outcome: str, day: Day) -> Array:
    if not paths.dates[0] <= monday(day) <= paths.dates[-1]:
        raise InputError.at(
            f"expectation on {outcome}",
            f"{day} lies outside the run compared with ({paths.dates[0]} to {paths.dates[-1]}); "
            "choose a date inside both runs",
        )
    return paths.outcome(outcome)[paths.week_of(day)]


def run_references(
    ensemble: Ensemble, load: Callable[[str], Scenario], progress: Callable[[int], None] | None
) -> dict[str, Trajectory]:
    """Run every scenario that the expectations compare with, with the same luck."""
    expectations = (*ensemble.scenario.expect, *ensemble.scenario.targets)
    names = dict.fromkeys(e.against for e in expectations if e.against is not None)
    return {name: run_ensemble(replace(ensemble, scenario=load(name)), progress) for name in names}


def first_week(shares: Array, least: float = 0.5) -> int | None:
    """Return the first week in which a share of worlds is reached, or ``None``."""
    reached = np.flatnonzero(shares >= least)
    return int(reached[0]) if reached.size else None


def yearly_means(values: Array, years: Sequence[int]) -> dict[int, float]:
    """Return the mean of a weekly series in each calendar year."""
    place = np.asarray(years)
    return {int(year): float(np.mean(values[place == year])) for year in np.unique(place)}
