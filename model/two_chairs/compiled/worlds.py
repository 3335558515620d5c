"""Running worlds by the engine that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from two_chairs.errors import notice
from two_chairs.outcomes import OUTCOMES
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory

from .engine import Engine, engine_asked, note_used


def run_to_last(model: Simulation, engine: Engine | None = None) -> Trajectory:
    """Run a model that has just been made to the last week that it records; return the paths.

    By an engine, else the one that is asked for, or by NumPy where that one can not, with a notice
    why; the model is of no use afterwards.
    """
    arrays = _compiled(model) if (engine or engine_asked()) == "compiled" else None
    if arrays is None:
        note_used(["numpy"])
        while model.running and model.week < model.recorder.last:
            model.step()
    else:
        note_used(["compiled"])
        model.recorder.fill(arrays)
    return model.trajectory()


def _compiled(model: Simulation) -> Mapping[str, NDArray[Any]] | None:
    """Return what a model records, by its compiled program; ``None`` if there can be none."""
    from .library import LibraryError, library_of  # noqa: PLC0415, none of it for NumPy
    from .running import run_compiled  # noqa: PLC0415

    asked = [OUTCOMES[name] for name in model.recorder.names]
    names = sorted({outcome.source or outcome.name for outcome in asked})
    if model.listeners or not (names and model.recorder.weeks):
        return None
    try:
        library = library_of(model, names)
    except LibraryError as reason:
        notice("--engine compiled", f"{reason}; NumPy runs the worlds")
        return None
    found = run_compiled(library, model, names, model.recorder.weeks)
    return {
        outcome.name: found[outcome.name]
        if outcome.derive is None
        else outcome.derive(found[outcome.source])
        for outcome in asked
    }
