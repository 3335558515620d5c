"""Running what the page shows: only what a change moves is run again, the rest is remembered.

A week before the first thing that differs is the same in both scenarios, bit for bit. So a changed
scenario goes on from a checkpoint of the one it is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from two_chairs.outcomes import cast_of
from two_chairs.world.checkpoint import Checkpoint
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.studies.compare.study import first_difference

MAIN = ("tilt", "incumbent_seat", "rival_seat", "regime")
"""Arrays that the first look needs; all others are recorded when a panel asks for them."""
EVERY = 13
"""Weeks between checkpoints."""


@dataclass(frozen=True)
class Run:
    """A run of the first look, with checkpoints that a changed scenario can go on from."""

    ensemble: Ensemble
    paths: Trajectory
    checkpoints: Mapping[int, Checkpoint]


def run(ensemble: Ensemble) -> Run:
    """Run an ensemble to its end and keep a checkpoint every quarter."""
    model = ensemble.batch().model(MAIN)
    kept: dict[int, Checkpoint] = {}
    while model.running:
        model.step()
        if (model.week + 1) % EVERY == 0:
            kept[model.week + 1] = model.checkpoint()
    paths = model.trajectory()
    model.let_go()
    return Run(ensemble, paths, kept)


def run_like(reference: Run, ensemble: Ensemble) -> Trajectory:
    """Run another scenario of the same worlds, from the last checkpoint before it differs."""
    week = start_week(reference, ensemble)
    if week is None:
        return reference.paths
    if week == 0:
        return ensemble.batch().model(MAIN).run()
    batch = ensemble.batch()
    model = Simulation.resume(
        reference.checkpoints[week], batch.scenario, batch.replicates, seed=batch.seed,
        vary=batch.draw.parameters, luck=batch.draw.luck, record=MAIN,
    )  # fmt: skip
    later = model.run()
    model.let_go()
    arrays = {name: array[:week] for name, array in reference.paths.arrays.items()}
    before = Trajectory(reference.paths.dates[:week], cast_of(batch.scenario.case), arrays)
    return before.followed_by(later)


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
