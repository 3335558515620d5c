"""Ensembles of worlds: what to run, and running it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from two_chairs.scenario.records import Scenario
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.render.numbers import counted, date_words

from .batch import Batch, Draw, paths_of
from .runner import HERE, Runner, gather
from .shelf import Shelf, piece_worlds


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
    free
        Whether recorded postures were set aside, so that the model chooses from the start.
    """

    scenario: Scenario
    worlds: int
    seed: int = 0
    vary: bool = True
    luck: bool = True
    defaults: bool = False
    free: bool = False

    def batch(self, first: int = 0) -> Batch:
        """Return the worlds as a table: the replicates from ``first`` on."""
        draw = Draw(parameters=self.vary, luck=self.luck)
        return Batch(self.scenario, first + np.arange(self.worlds), self.seed, draw)

    def like(self, scenario: Scenario) -> Scenario:
        """Return a scenario with all set aside that was set aside in the scenario of this one."""
        scenario = scenario.without_posterior() if self.defaults else scenario
        return scenario.without_record() if self.free else scenario

    def name(self) -> str:
        """Return the scenario's name and what departs from it: names the default folder."""
        departures = [f"{name}={value:g}" for name, value in self.scenario.overrides.items()]
        departures += ["fixed"] * (not self.vary) + ["no-luck"] * (not self.luck)
        departures += ["defaults"] * (self.defaults and self.vary) + ["free"] * self.free
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
            f"{counted(len(self.scenario.events), 'ledger row')}; parameters and event weights "
            f"{varied}{', set by hand: ' + changed if changed else ''}; {self._record()}{chance}"
            f"{self._postures()}; "
            f"{counted(self.worlds, 'world')}, seed {self.seed}. "
            "An exploration of mechanisms, not a forecast."
        )

    def _record(self) -> str:
        """Say to which day the record is complete, where the scenario says it."""
        complete = self.scenario.record_complete_to
        return "" if complete is None else f"record complete to {date_words(complete)}; "

    def _drawn_from(self) -> str:
        posterior = self.scenario.posterior
        if posterior is None:
            return "drawn from their ranges, where varied"
        return f"drawn from the posterior frozen on {posterior.frozen} ({posterior.source})"

    def _postures(self) -> str:
        """Say where postures before the cut-off come from, if there are any."""
        entries = sorted(self.scenario.postures, key=lambda entry: entry.date)
        if not entries:
            acts = self.free or self.scenario.agents_act_from is not None
            return "; the model chooses postures from the start" if acts else ""
        last, cut_off = entries[-1], self.scenario.agents_act_from
        ends = last.date if last.posture == "free" else last.until
        if ends is not None and (cut_off is None or ends < cut_off):
            return f"; postures as recorded to {date_words(ends)}, then the model's own"
        return "; postures before the cut-off as recorded"

    def _set_by_hand(self) -> str:
        changes = self.scenario.overrides.items()
        return ", ".join(f"{name} = {value:g}" for name, value in changes)


def run_ensemble(
    ensemble: Ensemble, runner: Runner = HERE, *, first: int = 0, shelf: Shelf | None = None
) -> Trajectory:
    """Run all worlds of an ensemble and return their paths side by side.

    They are the replicates from ``first`` on. On a ``shelf`` they stand in the places of these
    numbers, and what is returned are all worlds up to the last of them.
    """
    scenario = ensemble.scenario
    own = Shelf(scenario, ensemble.worlds, 1 if runner.keep is None else 2)
    place, shelf = (0, own) if shelf is None else (first, shelf)
    chunk = piece_worlds(scenario, runner.chunk)

    def take(number: int, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        shelf.put(place + number * chunk, arrays)

    gather([ensemble.batch(first)], arrays_of, runner, chunk, take)
    return shelf.paths(place + ensemble.worlds)


def arrays_of(batch: Batch) -> dict[str, NDArray[np.generic]]:
    """Run a batch to its end and return all that was recorded, each (weeks, …, worlds)."""
    return dict(paths_of(None, batch).arrays)
