"""Running what the page shows: only what a change moves is run again, the rest is remembered.

A week before the first thing that differs is the same in both scenarios, bit for bit. So a changed
scenario goes on from a checkpoint of the one it is compared with.

Where the compiled week is asked for, a change that alters numbers alone (events that are off or
weigh otherwise, parameters) is run in all worlds from the start by the program of the scenario it
changes: nothing is compiled again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from two_chairs.compiled.engine import engine_asked, engines_used
from two_chairs.outcomes import cast_of
from two_chairs.parameters import PARAMETERS
from two_chairs.scenario.records import Event, Scenario
from two_chairs.world.checkpoint import Checkpoint
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.batch import Batch, paths_of
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.compare.study import WORDING, first_difference

MAIN = ("tilt", "incumbent_seat", "rival_seat", "regime")
"""Arrays that the first look needs; all others are recorded when a panel asks for them."""
EVERY = 13
"""Weeks between checkpoints."""


ASIDE = WORDING | {"events": (), "parameters": {}, "overrides": {}, "posterior": None}
"""What of a scenario does not change the program of its week."""


@dataclass(frozen=True)
class Run:
    """A run of the first look, with checkpoints that a changed scenario can go on from."""

    ensemble: Ensemble

    @cached_property
    def paths(self) -> Trajectory:
        """Its paths, by the engine that is asked for."""
        if engine_asked() == "compiled":
            return paths_of(MAIN, self.ensemble.batch())
        return self._stepped[0]

    @property
    def checkpoints(self) -> Mapping[int, Checkpoint]:
        """Weeks run → what the rest of the run depends on, every quarter."""
        return self._stepped[1]

    @cached_property
    def _stepped(self) -> tuple[Trajectory, Mapping[int, Checkpoint]]:
        model = self.ensemble.batch().model(MAIN)
        kept: dict[int, Checkpoint] = {}
        while model.running:
            model.step()
            if (model.week + 1) % EVERY == 0:
                kept[model.week + 1] = model.checkpoint()
        paths = model.trajectory()
        model.let_go()
        return paths, kept


def run(ensemble: Ensemble) -> Run:
    """Run an ensemble to its end."""
    made = Run(ensemble)
    _ = made.paths
    return made


def run_like(reference: Run, ensemble: Ensemble) -> Trajectory:
    """Run another scenario of the same worlds, from the last checkpoint before it differs."""
    batch = other_numbers(reference, ensemble)
    if batch is not None:
        return paths_of(MAIN, batch)
    week = start_week(reference, ensemble)
    if week is None:
        return reference.paths
    batch = ensemble.batch()
    if week == 0:
        return batch.model(MAIN).run()
    model = Simulation.resume(
        reference.checkpoints[week], batch.scenario, batch.replicates, seed=batch.seed,
        vary=batch.draw.parameters, luck=batch.draw.luck, record=MAIN,
    )  # fmt: skip
    later = model.run()
    model.let_go()
    arrays = {name: array[:week] for name, array in reference.paths.arrays.items()}
    before = Trajectory(reference.paths.dates[:week], cast_of(batch.scenario.case), arrays)
    return before.followed_by(later)


def other_numbers(reference: Run, ensemble: Ensemble) -> Batch | None:
    """Return the worlds of another scenario as those of the reference with other numbers.

    An event that is off weighs nothing. ``None`` where more than numbers differs, or where no
    compiled program has run the reference.
    """
    before = reference.ensemble
    if engine_asked() != "compiled" or "compiled" not in engines_used():
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
    return max((kept for kept in reference.checkpoints if kept <= week), default=0)
