"""Two Chairs: an agent-based model of a small state between two poles.

The face for notebooks and scripts, in one import; each name is loaded when it is first used::

    import two_chairs as tc

    few = tc.run("baseline", worlds=100)   # the answer, in words and tables
    few.plot()                             # a figure
    few.to_dataframe()                     # a row a week and world
    tc.load("no-2020-war")                 # a resolved scenario
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from two_chairs_lab.connectors.notebook import Run, run

    from .errors import InputError
    from .scenario.library import bundled_scenarios as scenarios
    from .scenario.records import Scenario
    from .scenario.resolve import load_scenario as load
    from .world.model import TwoChairs
    from .world.trajectory import Trajectory

__version__ = "0.1.0"
__all__ = ["InputError", "Run", "Scenario", "Trajectory", "TwoChairs", "load", "run", "scenarios"]

_HOMES = {
    "InputError": ("two_chairs.errors", "InputError"),
    "Run": ("two_chairs_lab.connectors.notebook", "Run"),
    "Scenario": ("two_chairs.scenario.records", "Scenario"),
    "Trajectory": ("two_chairs.world.trajectory", "Trajectory"),
    "TwoChairs": ("two_chairs.world.model", "TwoChairs"),
    "load": ("two_chairs.scenario.resolve", "load_scenario"),
    "run": ("two_chairs_lab.connectors.notebook", "run"),
    "scenarios": ("two_chairs.scenario.library", "bundled_scenarios"),
}
"""Where each name of the face stands: module, and its name there."""


def __getattr__(name: str) -> Any:
    """Load a name of the face when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'two_chairs' has no attribute '{name}'")
    module, attribute = _HOMES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the names of the face beside what a module has."""
    return sorted({*globals(), *__all__})
