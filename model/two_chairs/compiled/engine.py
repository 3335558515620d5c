"""Which engine runs the worlds, and which ones have."""

from __future__ import annotations

import os
from typing import Literal, get_args

import numpy as np

from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import OUTCOMES
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory

Engine = Literal["numpy", "compiled"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
VARIABLE = "TWO_CHAIRS_ENGINE"
"""Names the engine, for this process and those that it starts; the option --engine sets it."""
_used: set[str] = set()


def engine_asked() -> Engine:
    """Return the engine that is asked for; NumPy where nothing is said.

    Raises
    ------
    InputError
        If the variable names none.
    """
    named = os.environ.get(VARIABLE) or "numpy"
    for engine in ENGINES:
        if named == engine:
            return engine
    raise InputError.at(VARIABLE, f"'{named}' is no engine; {nearest(named, ENGINES)}")


def engines_used(also: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the engines that have run worlds so far, here and where else one knows of.

    Parameters
    ----------
    also
        Engines that have run worlds for this process elsewhere, from now on counted in.
    """
    _used.update(also)
    return tuple(sorted(_used))


def run_to_last(model: Simulation) -> Trajectory:
    """Run a model that has just been made to the last week that it records; return the paths.

    By the engine that is asked for, or by NumPy where that one can not; the model is of no use
    afterwards.
    """
    if engine_asked() == "compiled" and not model.listeners:
        found = _compiled(model)
        if found is not None:
            _used.add("compiled")
            return found
    _used.add("numpy")
    while model.running and model.week < model.recorder.last:
        model.step()
    return model.trajectory()


def _compiled(model: Simulation) -> Trajectory | None:
    from .library import library_of  # noqa: PLC0415, the compiler is looked for only if asked
    from .running import run_compiled  # noqa: PLC0415

    recorder = model.recorder
    weeks = recorder.weeks
    names = [OUTCOMES[name].source or name for name in recorder.names]
    library = library_of(model, names) if names and weeks else None
    if library is None:
        return None
    arrays = run_compiled(library, model, names, weeks)
    recorder.fill({name: arrays[name] if not OUTCOMES[name].derive else np.asarray(OUTCOMES[name].derive(arrays[OUTCOMES[name].source])) for name in recorder.names})
    return model.trajectory()
