"""Running what the page shows: only what a change moves is run again, the rest is remembered.

A week before the first thing that differs is the same in both scenarios, bit for bit. So a changed
scenario goes on from a checkpoint of the one it is compared with.

Where the compiled week is there, a change that alters numbers alone (events that are off or weigh
otherwise, parameters) is run in all worlds from the start by the program of the scenario it
changes: nothing is compiled again. While the page is served and no engine was asked for, that
program is made beside, and used from when it is there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Thread
from typing import Any

import numpy as np

from two_chairs.compiled.engine import VARIABLE, Engine, engine_asked
from two_chairs.compiled.library import LibraryError, library_of
from two_chairs.compiled.worlds import run_to_last
from two_chairs.outcomes import OUTCOMES, cast_of
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Event, Scenario
from two_chairs.world.checkpoint import Checkpoint
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.batch import Batch
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.compare.study import WORDING, first_difference

MAIN = ("tilt", "incumbent_seat", "rival_seat", "regime")
"""Arrays that the first look needs; all others are recorded when a panel asks for them."""
EVERY = 13
"""Weeks between checkpoints."""


ASIDE: Mapping[str, Any] = WORDING | {
    "events": (),
    "parameters": {},
    "overrides": {},
    "posterior": None,
}
"""What of a scenario does not change the program of its week."""


@dataclass(frozen=True)
class Steps:
    """Worlds of the first look, run by NumPy week by week when they are first asked for."""

    ensemble: Ensemble

    @cached_property
    def done(self) -> tuple[Trajectory, Mapping[int, Checkpoint]]:
        """Their paths; weeks run → what the rest depends on, kept every quarter."""
        model = self.ensemble.batch().model(MAIN)
        kept: dict[int, Checkpoint] = {}
        while model.running:
            model.step()
            if (model.week + 1) % EVERY == 0:
                kept[model.week + 1] = model.checkpoint()
        paths = model.trajectory()
        model.let_go()
        return paths, kept


@dataclass(frozen=True)
class Run:
    """Worlds of the first look, run when they are first asked for.

    Attributes
    ----------
    steps
        The worlds, and their run by NumPy.
    engine
        What runs them, if it can; NumPy else.
    """

    steps: Steps
    engine: Engine = "numpy"

    @property
    def ensemble(self) -> Ensemble:
        """The worlds."""
        return self.steps.ensemble

    @property
    def paths(self) -> Trajectory:
        """Their paths."""
        return self.compiled or self.steps.done[0]

    @cached_property
    def compiled(self) -> Trajectory | None:
        """Their paths by the compiled week, ``None`` where NumPy is to run them."""
        if self.engine == "numpy" or not make_program(self.ensemble):
            return None
        return run_to_last(self.ensemble.batch().model(MAIN), "compiled")


def make_program(ensemble: Ensemble) -> bool:
    """Compile the week of an ensemble, or find it compiled; say whether it could be."""
    model = ensemble.batch().model(MAIN)
    try:
        library_of(model, {OUTCOMES[name].source or name for name in MAIN})
    except LibraryError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Pair:
    """The same worlds before and after a change, by the same engine: what is alike is equal."""

    before: Trajectory
    after: Trajectory


def run_like(reference: Run, ensemble: Ensemble) -> Pair:
    """Run another scenario of the same worlds, by NumPy from where it differs."""
    batch, before = other_numbers(reference, ensemble), reference.compiled
    if batch is not None and before is not None:
        return Pair(before, run_to_last(batch.model(MAIN), "compiled"))
    week = start_week(reference, ensemble)
    if week is None:
        return Pair(reference.paths, reference.paths)
    before, checkpoints = reference.steps.done
    batch = ensemble.batch()
    if week == 0:
        return Pair(before, batch.model(MAIN).run())
    model = Simulation.resume(
        checkpoints[week], batch.scenario, batch.replicates, seed=batch.seed,
        vary=batch.draw.parameters, luck=batch.draw.luck, record=MAIN,
    )  # fmt: skip
    later = model.run()
    model.let_go()
    arrays = {name: array[:week] for name, array in before.arrays.items()}
    first = Trajectory(before.dates[:week], cast_of(batch.scenario.case), arrays)
    return Pair(before, first.followed_by(later))


def other_numbers(reference: Run, ensemble: Ensemble) -> Batch | None:
    """Return the worlds of another scenario as those of the reference with other numbers.

    An event that is off weighs nothing. ``None`` where more than numbers differs, or where no
    compiled program has run the reference.
    """
    before = reference.ensemble
    if reference.compiled is None:
        return None
    same_worlds = replace(ensemble, scenario=before.scenario) == before
    if not (same_worlds and _same_program(before.scenario, ensemble.scenario)):
        return None
    model = ensemble.batch().model(MAIN)
    weights = {event.id: np.zeros(1) for event in before.scenario.events} | model.weights
    return replace(before.batch(), parameters=model.p, event_weights=weights)


def _same_program(before: Scenario, after: Scenario) -> bool:
    """Say whether two scenarios differ in numbers alone that come with the worlds."""
    if before.model_copy(update=ASIDE) != after.model_copy(update=ASIDE):
        return False
    known = {event.id: _unweighed(event) for event in before.events}
    same = all(known.get(event.id) == _unweighed(event) for event in after.events)
    moved = (n for n, p in after.parameters.items() if before.parameters.get(n) != p)
    return same and all(PARAMETERS[name].varied for name in moved)


def _unweighed(event: Event) -> Event:
    return event.model_copy(update={"weight": 0.0, "weight_low": 0.0, "weight_high": 0.0})


def start_week(reference: Run, ensemble: Ensemble) -> int | None:
    """Return the week from which another scenario must be run, ``None`` if it differs in none."""
    if replace(ensemble, scenario=reference.ensemble.scenario) != reference.ensemble:
        return 0
    before, after = reference.ensemble.scenario, ensemble.scenario
    if (before.start, before.end) != (after.start, after.end):
        return 0
    first = first_difference(before, after)
    if first is None:
        return None
    week = max(ensemble.scenario.week_of(first), 0)
    return week // EVERY * EVERY


# --- programs that are made while the page is looked at -------------------------------------------


class Programs:
    """Programs of scenarios that are compiled beside, none unless it is told to begin."""

    def __init__(self) -> None:
        self.begun = False
        self.made: dict[str, bool] = {}

    def engine(self, key: str, ensemble: Ensemble) -> Engine:
        """Return what is to run an ensemble now, and begin to make its program if there is none.

        Parameters
        ----------
        key
            A text that no other scenario has, run in another way.
        ensemble
            The ensemble; any number of its worlds has the same program.
        """
        if os.environ.get(VARIABLE) or not self.begun:
            return engine_asked()
        if key not in self.made:
            self.made[key] = False
            Thread(target=self._make, args=(key, ensemble), daemon=True).start()
        return "compiled" if self.made[key] else "numpy"

    def _make(self, key: str, ensemble: Ensemble) -> None:
        self.made[key] = make_program(ensemble)


PROGRAMS = Programs()
