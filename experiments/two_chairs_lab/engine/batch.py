"""Batches of worlds: worlds of one scenario as a table, and what is read off them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array, Counts
from two_chairs.compiled.worlds import run_to_last
from two_chairs.mechanisms import MECHANISMS
from two_chairs.outcomes import OUTCOMES, cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.scenario.provenance import fixed_parameters
from two_chairs.scenario.records import Scenario
from two_chairs.vocabulary import Day
from two_chairs.world.simulation import Simulation
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.results.manifest import scenario_digest

Asked = tuple[str, Day]
"""An outcome by its name, and the day at whose week it is read."""
Watch = Callable[[int, Mapping[str, Callable[[], NDArray[Any]]]], None]
"""Is told of a week: its number, and what can be read of it."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What varies between worlds; what is not drawn keeps its value.

    Attributes
    ----------
    parameters
        Parameters and event weights, from the scenario's posterior or from their ranges.
    weights
        Event weights, whatever ``parameters`` says.
    luck
        Choices with noise and random attacks; else argmax and none.
    """

    parameters: bool = True
    weights: bool = False
    luck: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Worlds of one scenario, as a table with a row a world.

    Attributes
    ----------
    scenario
        A resolved scenario.
    replicates
        Which luck each world has, shape (worlds,).
    seed
        From which all luck comes.
    draw
        What varies between worlds.
    parameters
        Parameters along the worlds axis, each (1 or worlds,), instead of what would be drawn.
    event_weights, conditions
        Values by the id of the event or condition, each (1 or worlds,), instead of their own.
    """

    scenario: Scenario
    replicates: Counts
    seed: int = 0
    draw: Draw = Draw()
    parameters: Parameters | None = None
    event_weights: Mapping[str, Array] = field(default_factory=dict)
    conditions: Mapping[str, Array] = field(default_factory=dict)

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return len(self.replicates)

    def pieces(self, size: int) -> Iterator[Batch]:
        """Yield the batch cut into pieces of at most ``size`` worlds, in the order of the table."""
        for first in range(0, self.worlds, size):
            yield self if size >= self.worlds else self._cut(slice(first, first + size))

    def _cut(self, rows: slice) -> Batch:
        return replace(
            self,
            replicates=self.replicates[rows],
            parameters=None if self.parameters is None else rows_of(self.parameters, rows),
            event_weights={key: _rows(array, rows) for key, array in self.event_weights.items()},
            conditions={key: _rows(array, rows) for key, array in self.conditions.items()},
        )

    def model(
        self, record: Collection[str] | None = None, weeks: Collection[int] | None = None
    ) -> Simulation:
        """Return the model of all worlds side by side; ``record`` and ``weeks`` are its own."""
        recorded: dict[str, Any] = {} if record is None else {"record": record}
        return Simulation(
            self.scenario,
            self.replicates,
            seed=self.seed,
            vary=self.draw.parameters,
            vary_weights=self.draw.weights,
            luck=self.draw.luck,
            parameters=self.parameters,
            event_weights=self.event_weights,
            conditions=self.conditions,
            weeks=weeks,
            **recorded,
        )

    def for_reading(self, record: Collection[str] | None) -> Batch:
        """Return the batch without onlookers, where they change nothing in the arrays recorded."""
        if record is None or any(map(_tells_actors, record)) or self._drifts():
            return self
        return replace(self, scenario=self.scenario.without_onlookers())

    def _drifts(self) -> bool:
        """Say whether a rival mechanism may be switched on in any world, by which all move all."""
        p = fixed_parameters(self.scenario) if self.parameters is None else self.parameters
        names = [entry.name for each in MECHANISMS for entry in fields(each.parameters)]
        posterior = self.scenario.posterior
        later = any(self.scenario.changes_of(name) for name in names)
        drawn = self.draw.parameters and posterior is not None and {*names} & {*posterior.names}
        return bool(later or drawn or any(each.is_on(p) for each in MECHANISMS))

    def digest(self) -> str:
        """Return the SHA-256 of all that the worlds depend on."""
        digest = hashlib.sha256(scenario_digest(self.scenario).encode())
        digest.update(repr((self.seed, self.draw)).encode())
        digest.update(np.ascontiguousarray(self.replicates).tobytes())
        own = {} if self.parameters is None else _arrays_of(self.parameters)
        for arrays in (own, self.event_weights, self.conditions):
            for key, array in sorted(arrays.items()):
                digest.update(f"{key}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def _tells_actors(name: str) -> bool:
    """Say whether an array of a run tells of single actors, or follows from one that does."""
    outcome = OUTCOMES[name]
    axes = {*outcome.axes, *(OUTCOMES[outcome.source].axes if outcome.source else ())}
    return bool(axes & {"holder", "actor"})


def _arrays_of(parameters: Parameters) -> dict[str, Array]:
    found = {entry.name: getattr(parameters, entry.name) for entry in fields(parameters)}
    return {name: array for name, array in found.items() if array is not None}


def rows_of(parameters: Parameters, rows: slice | Counts) -> Parameters:
    """Return rows of parameters, each (1 or rows,)."""
    return Parameters(
        **{name: _rows(array, rows) for name, array in _arrays_of(parameters).items()}
    )


def _rows(array: Array, rows: slice | Counts) -> Array:
    return array if array.shape[-1] == 1 else array[..., rows]


# --- what is read off a batch; each runs in any process ------------------------------------------


def values_of(asked: Sequence[Asked], batch: Batch, watch: Watch | None = None) -> Array:
    """Run a batch as far as is asked and return what is, shape (asked, worlds).

    ``watch`` sees every week of the whole run: its number and what can be read of it.
    """
    scenario, cast = batch.scenario, cast_of(batch.scenario.case)
    weeks = [scenario.week_of(day) for _, day in asked]
    arrays = {read_outcome(name, cast, "asked").array for name, _ in asked}
    read = batch.for_reading(arrays) if watch is None else batch
    model = read.model(sorted(arrays), weeks)
    while watch is not None and model.running:
        model.step()
        watch(model.week, model.current_values())
    paths = run_to_last(model) if watch is None else model.trajectory()
    model.let_go()
    return np.stack([paths.outcome(name)[paths.week_of(day)] for name, day in asked])


def series_of(outcomes: Sequence[str], batch: Batch, weeks: Collection[int] | None = None) -> Array:
    """Run a batch and return outcomes in some weeks or all, shape (outcomes, weeks, worlds)."""
    cast = cast_of(batch.scenario.case)
    record = sorted({read_outcome(name, cast, "asked").array for name in outcomes})
    paths = paths_of(record, batch, weeks)
    return np.stack([paths.outcome(name) for name in outcomes])


def paths_of(
    record: Collection[str] | None, batch: Batch, weeks: Collection[int] | None = None
) -> Trajectory:
    """Run a batch and return the arrays recorded, by default all, in some weeks or all."""
    model = batch.for_reading(record).model(record, weeks)
    paths = run_to_last(model)
    model.let_go()
    return paths
