"""Tracing: the weeks of a scenario run once on symbols, and become a program.

Nothing here knows a rule. Every stage of a week is called as the model calls it, on a state of
symbols; what it leaves in the state is what the stage computes. A stage is traced again only where
something that it has read of the calendar is different.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial, reduce
from operator import or_
from typing import Any, NoReturn, cast

import numpy as np

from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.randomness import Luck
from two_chairs.world.calendar import Calendar
from two_chairs.world.simulation import Simulation
from two_chairs.world.state import baselines
from two_chairs.world.week import WEEK, rates_of

from .symbols import KINDS, Graph, Kind, Node, Nodes, Symbols, TraceError, nodes_of

CONSTANT = ("state:engagements", "state:parameters_set")
"""Parts of the state that no slot stands for: a table of the case, and a note for checkpoints."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Where an array of the state stands: its first slot, its shape but for worlds, its kind."""

    first: int
    shape: tuple[int, ...]
    kind: Kind

    @property
    def count(self) -> int:
        """Number of slots."""
        return int(np.prod(self.shape, dtype=int))


@dataclass(slots=True)
class Step:
    """Straight-line code: what it stores into slots, or leaves as results.

    Attributes
    ----------
    stores
        Slot and node of everything that it changes.
    results
        Nodes of what it reads off, in order, each with the NumPy type of its values.
    draws
        Streams of luck that it draws from, in order, each with its rows.
    """

    stores: list[tuple[int, Node]] = field(default_factory=list)
    results: list[tuple[Node, str]] = field(default_factory=list)
    draws: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How an array of a run is read: which step of each week, its shape, its NumPy type."""

    steps: list[int]
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Program:
    """The weeks of a scenario as straight-line code.

    Attributes
    ----------
    slots
        Name of an array of the state → its slots.
    places
        Where a slot is kept, of those that anything read off depends on.
    steps
        All that is computed, each once.
    weeks
        Numbers of the steps of every week, in their order.
    readings
        Name of an array of a run → how it is read at the end of a week.
    """

    slots: dict[str, Slots]
    places: dict[int, int]
    steps: list[Step]
    weeks: list[list[int]]
    readings: dict[str, Reading]


def parts_of(model: Simulation) -> dict[str, Any]:
    """Return all that a week depends on beside the scenario, by name."""
    return {
        "p": model.p,
        "rates": model.rates,
        "weights": model.weights,
        "conditions": model.condition_values,
        "turns": model.turns,
        "state": model.state,
    }


def arrays_of(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every array in a value, however deep, with its name; nothing for ``None``."""
    if value is None or name in CONSTANT:
        return
    inner = dict(_inner(value))
    if not inner and not isinstance(value, Mapping):
        yield name, value
    for key, part in inner.items():
        yield from arrays_of(part, f"{name}:{key}" if name else key)


def replaced(value: Any, leaf: Callable[[str, Any], Any], name: str = "") -> Any:
    """Return a value of the same make with other arrays in it."""
    if value is None or name in CONSTANT:
        return value
    inner = {
        key: replaced(part, leaf, f"{name}:{key}" if name else key) for key, part in _inner(value)
    }
    if isinstance(value, Mapping):
        return inner
    if isinstance(value, tuple):
        return tuple(inner.values())
    if inner:
        made = object.__new__(type(value))
        for key, part in inner.items():
            object.__setattr__(made, key, part)
        return made
    return leaf(name, value)


def _inner(value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from ((entry.name, getattr(value, entry.name)) for entry in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from ((str(number), part) for number, part in enumerate(value))


class _Week:
    """Stands for the number of the week, with which a rule may do nothing but ask the calendar."""

    def __sub__(self, other: int) -> _Week:
        return self

    def _refused(self, *_: Any) -> NoReturn:
        raise TraceError("a rule counts weeks by itself")

    __add__ = __mul__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __index__ = _refused
    __int__ = __float__ = __mod__ = __floordiv__ = __truediv__ = __eq__ = __ne__ = __hash__ = (
        _refused
    )


class _Watched:
    """A calendar that notes what is read of it, and answers for the week that is traced."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar, self.now = calendar, 0
        self.seen: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return _Asked(self, name)

    def fact(self, name: str, week: int) -> Any:
        """Return what the calendar says of a week."""
        asked = getattr(self._calendar, name)
        if isinstance(asked, int):
            return asked
        return asked(week) if callable(asked) else asked.get(week)


class _Asked:
    """One thing that a calendar tells of weeks, called or looked up."""

    def __init__(self, calendar: _Watched, name: str) -> None:
        self._calendar, self._name = calendar, name

    def __call__(self, week: int) -> Any:
        if not isinstance(week, _Week):
            raise TraceError("a rule looks at another week")
        found = self._calendar.fact(self._name, self._calendar.now)
        self._calendar.seen[self._name] = found
        return found

    def get(self, week: int, default: Any = None) -> Any:
        """Look up, as in a mapping."""
        found = self(week)
        return default if found is None else found


class _Luck:
    """Luck whose draws are symbols."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.draws: list[tuple[str, int]] = []

    def uniforms(self, stream: str, rows: int) -> Symbols:
        """Draw symbols, shape (rows, 1)."""
        first = sum(drawn for _, drawn in self.draws)
        self.draws.append((stream, rows))
        nodes = [[self._graph.node("uniform", (first + row,), "real")] for row in range(rows)]
        return Symbols(self._graph, nodes_of(self._graph, nodes))


def trace(model: Simulation, names: Collection[str]) -> Program:
    """Return the program of all weeks of a model's scenario.

    Parameters
    ----------
    model
        A model that has just been made; it stays as it is.
    names
        Arrays of a run that are going to be read (`OUTCOMES`).

    Raises
    ------
    TraceError
        If a rule asks for something that is not known before the worlds are run.
    """
    try:
        return _Tracer(model, names).program()
    except TraceError:
        raise
    except Exception as error:  # whatever a rule does to symbols that it may not do
        raise TraceError(f"{type(error).__name__}: {error}") from error


class _Tracer:
    """Traces a model week by week."""

    def __init__(self, model: Simulation, names: Collection[str]) -> None:
        self.known = known_parameters(model)
        self.graph = Graph()
        self.steps: list[Step] = []
        self.traced: dict[str, list[tuple[dict[str, Any], bool, int]]] = {}
        self.model = model = _first_of(model)
        self.at_start = {name for name, _ in arrays_of(parts_of(model))}
        calendar = model.calendar
        model.step()
        values = model.current_values()
        self.like = {name: np.asarray(values[name]()) for name in names}
        self.slots = self._slots(model)
        self.parts = replaced(parts_of(model), self._symbols)
        self.calendar = _Watched(calendar)
        model.calendar = cast(Calendar, self.calendar)
        model.steps, model.worlds = cast(int, _Week()), 1

    def _slots(self, model: Simulation) -> dict[str, Slots]:
        slots, first = {}, 0
        for name, array in arrays_of(parts_of(model)):
            if name.removeprefix("p:") not in self.known:
                shape = np.shape(array)[:-1]
                slots[name] = Slots(first, shape, KINDS[np.asarray(array).dtype.kind])
                first += slots[name].count
        return slots

    def _symbols(self, name: str, value: Any) -> Any:
        """Return symbols of the slots of an array; what is known stays as it is."""
        if name not in self.slots:
            return value
        place = self.slots[name]
        nodes = np.empty((*place.shape, 1), dtype=object)
        nodes.flat[:] = [
            self.graph.node("slot", (place.first + n,), place.kind) for n in range(place.count)
        ]
        return Symbols(self.graph, nodes)

    def program(self) -> Program:
        """Return the program."""
        weeks: list[list[int]] = []
        read: dict[str, list[int]] = {name: [] for name in self.like}
        for week in range(self.calendar.fact("weeks", 0)):
            self.calendar.now = week
            weeks.append(
                [
                    self._step(stage.__name__, partial(self._changed, stage, week == 0), week == 0)
                    for stage in WEEK
                ]
            )
            if week == 0:
                weeks[0].insert(0, self._step("start", partial(self._changed, self._start)))
            for name, numbers in read.items():
                numbers.append(self._step(f"read {name}", partial(self._read, name)))
        readings = {
            name: Reading(read[name], array.shape[:-1], array.dtype.str)
            for name, array in self.like.items()
        }
        return Program(self.slots, _pruned(self.steps), self.steps, weeks, readings)

    def _step(self, name: str, made: Callable[[], Step], first: bool = False) -> int:
        """Return the number of the step of some work, made now unless it was met before."""
        met = self.traced.setdefault(name, [])
        for seen, was_first, number in met:
            now = self.calendar.now
            if was_first == first and all(
                self.calendar.fact(fact, now) == found for fact, found in seen.items()
            ):
                return number
        self.calendar.seen = {}
        step = made()
        if step not in self.steps:
            self.steps.append(step)
        met.append((self.calendar.seen, first, self.steps.index(step)))
        return met[-1][-1]

    def _start(self, model: Simulation) -> None:
        """Compute anew what curves have made of the numbers that a run starts from."""
        model.rates = rates_of(model.p, 1)
        given = Symbols(self.graph, nodes_of(self.graph, baselines(model.resolved)))
        model.state.anchor = np.arctanh(given)

    def _changed(self, stage: Callable[[Simulation], None], first: bool = False) -> Step:
        """Return what a stage of a week does to the state."""
        self._lay(first)
        luck = _Luck(self.graph)
        self.model.luck = cast(Luck, luck)
        stage(self.model)
        step = Step(self._stores(), [], luck.draws)
        self._lay(False)
        return step

    def _read(self, name: str) -> Step:
        """Return how an array of a run is read off the state."""
        nodes = nodes_of(self.graph, self.model.current_values()[name]())
        return Step([], [(node, self.like[name].dtype.str[1:]) for node in nodes.flat])

    def _lay(self, first: bool) -> None:
        """Lay symbols wherever something may be different from world to world."""
        model = self.model
        parts = replaced(self.parts, lambda _, array: _copied(array))
        model.p, model.rates, model.state = parts["p"], parts["rates"], parts["state"]
        model.weights, model.condition_values = parts["weights"], parts["conditions"]
        model.turns = parts["turns"]
        model.state.parameters_set = {}
        for name in self.slots.keys() - self.at_start if first else ():
            setattr(model.state, name.removeprefix("state:"), None)

    def _stores(self) -> list[tuple[int, Node]]:
        """Return what has changed since symbols were laid."""
        stores = []
        for name, array in arrays_of(parts_of(self.model)):
            if name in self.slots:
                place = self.slots[name]
                nodes: Nodes = np.broadcast_to(nodes_of(self.graph, array), (*place.shape, 1))
                for number, node in enumerate(nodes.flat):
                    if node.op != "slot" or node.args[0] != place.first + number:
                        stores.append((place.first + number, node))
            elif array is not self.parts["p"].__dict__[name.removeprefix("p:")]:
                raise TraceError(f"{name} changes, and was taken for a constant")
        return stores


def _first_of(model: Simulation) -> Simulation:
    """Return a new model like another of its first world alone."""
    few = replaced(parts_of(model), lambda _, array: array[..., :1])
    small = Simulation(
        model.resolved,
        model.luck.replicates[:1],
        seed=model.luck.seed,
        luck=model.luck_varies,
        record=(),
        parameters=few["p"],
        conditions=few["conditions"],
        event_weights=few["weights"],
    )
    small.turns = few["turns"]
    return small


def known_parameters(model: Simulation) -> dict[str, float]:
    """Return the parameters that are traced as numbers: switches that stay as they are.

    They are those that no ensemble varies, that have one value in all worlds, and that nothing in
    the scenario sets.
    """
    set_later = {change.parameter for change in model.resolved.interventions}
    set_later |= {shift.what for turn in model.resolved.turns for shift in turn.shifts}
    set_later |= {name for group in GROUPS.values() if set_later & {*group} for name in group}
    given = {name: getattr(model.p, name) for name in PARAMETERS if name not in set_later}
    return {
        name: float(values[0])
        for name, values in given.items()
        if values is not None and len(values) == 1 and not PARAMETERS[name].varied
    }


def _copied(array: Any) -> Any:
    return array.copy() if isinstance(array, Symbols) else array


def _pruned(steps: list[Step]) -> dict[int, int]:
    """Leave out all that nothing read off depends on; return where the slots left are kept."""
    reads: dict[Node, int] = {}  # sets of slots as bits
    for step in steps:
        for node in ordered(step):
            own = 1 << node.args[0] if node.op == "slot" else 0
            reads[node] = reduce(or_, (reads[arg] for arg in node.inner), own)
    needed, before = 0, -1
    while needed != before:
        before = needed
        for step in steps:
            wanted = [node for node, _ in step.results]
            wanted += [node for slot, node in step.stores if needed >> slot & 1]
            needed = reduce(or_, (reads[node] for node in wanted), needed)
    for step in steps:
        step.stores = [(slot, node) for slot, node in step.stores if needed >> slot & 1]
    kept = [slot for slot in range(needed.bit_length()) if needed >> slot & 1]
    return {slot: place for place, slot in enumerate(kept)}


def ordered(step: Step) -> list[Node]:
    """Return all nodes that a step needs, each after those that it works on."""
    found: dict[Node, None] = {}
    waiting = [node for node, _ in reversed(step.results)]
    waiting += [node for _, node in reversed(step.stores)]
    while waiting:
        node = waiting[-1]
        missing = [arg for arg in node.inner if arg not in found]
        if missing:
            waiting += reversed(missing)
        else:
            found[waiting.pop()] = None
    return list(found)
