"""Sweeps: parameters × scenarios × luck, laid along the worlds axis and kept in a folder.

Worlds are numbered scenario by scenario, point by point, replicate by replicate. They are cut into
parts of fixed size; a part is one task, one file, and is computed in chunks that fit the cache.
Replicate k of every point has the same luck, so differences between points are differences of
cause. In a sequence every point has luck of its own, the same in every scenario, so that shares
of the space are known as well as so many worlds let know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from two_chairs.axes import Array
from two_chairs.compiled.worlds import run_to_last
from two_chairs.errors import InputError, Problem, notice
from two_chairs.outcomes import cast_of, read_outcome, shown_in
from two_chairs.parameters import PARAMETERS, make_parameters
from two_chairs.scenario.provenance import warn_of_changes
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import shown
from two_chairs.vocabulary import Frozen, Text
from two_chairs.world.trajectory import Trajectory
from two_chairs_lab.designs.design import (
    GRID_LEVELS,
    Axis,
    Design,
    Kind,
    axis_of,
    default_axes,
    make_design,
    problem,
    refuse_repeated,
)
from two_chairs_lab.designs.plans import RangeEntry
from two_chairs_lab.engine.batch import Batch, Draw, values_of
from two_chairs_lab.engine.executors import Opener, Pools, execute
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.engine.size import MOST_HELD, check_worlds
from two_chairs_lab.results.folder import RUNS, TABLE, make_place
from two_chairs_lab.results.manifest import (
    MANIFEST,
    make_manifest,
    read_result,
    specification_digest,
)
from two_chairs_lab.results.parts import has_part, is_whole, read_part, whole_text, write_part
from two_chairs_lab.results.store import (
    RunRows,
    locked,
    open_store,
    read_table,
    table_record,
    write_design,
)
from two_chairs_lab.results.trajectories import (
    Calendar,
    Keeper,
    Kept,
    calendar_of,
    check_size,
    finish,
    is_kept,
    keeper_of,
)
from two_chairs_lab.statistics.histograms import Readings

PART = 4096
"""Worlds in a part: one file, one task."""
LARGE_PART = 65_536
"""The same of a sequence of very many worlds, so that its folder holds fewer files."""
MANY_PARTS = 256
"""Large parts from which a sequence is cut into them."""
CHUNK = 4096
"""Worlds that run side by side; changes no result."""
MOST_SPAN = 16
"""Parts that share one file of weekly counts."""
Task = tuple[str, int, int]
"""Folder, number of the span, worlds side by side."""
COORDS = ("scenario", "point", "replicate")
"""What identifies a world of a sweep."""
MOST_RUN_ROWS = 200_000
"""Worlds up to which ``runs.csv`` is written."""
OUTCOMES = (
    *(f"{name}@end" for name in shown_in("compare")),
    "regime:two-chairs@end",
    "regime:incumbent-chair@end",
    "regime:rival-chair@end",
)
"""Outcomes of a sweep that names none: NAME@DATE, or NAME@end for the last week."""


class Plan(Frozen):
    """What to sweep: scenarios, design, ranges, luck, outcomes."""

    title: Text
    question: Text
    scenarios: Annotated[tuple[Text, ...], Field(min_length=1)] = ("baseline",)
    design: Kind = "grid"
    points: Annotated[int, Field(ge=1)] = 64
    replicates: Annotated[int, Field(ge=1)] = 32
    seed: Annotated[int, Field(ge=0)] = 0
    coding: bool = False
    ranges: dict[str, RangeEntry] = {}
    outcomes: tuple[Text, ...] = OUTCOMES
    trajectories: Kept = "none"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A plan made definite: resolved scenarios and the points of its design.

    Attributes
    ----------
    plan, scenarios, design
        What to sweep, the resolved scenarios, the points.
    """

    plan: Plan
    scenarios: tuple[Scenario, ...]
    design: Design

    @property
    def worlds(self) -> int:
        """Number of worlds: scenarios × points × replicates."""
        return len(self.scenarios) * self.design.points * self.plan.replicates

    @property
    def part(self) -> int:
        """Worlds in a part."""
        large = self.design.kind == "sequence" and self.worlds >= MANY_PARTS * LARGE_PART
        return LARGE_PART if large else PART

    @property
    def parts(self) -> int:
        """Number of parts."""
        return -(-self.worlds // self.part)

    @property
    def span(self) -> int:
        """Parts that are one task: several where they share a file of weekly counts."""
        if self.plan.trajectories != "quantiles" or self.part == LARGE_PART:
            return 1
        return max(1, min(MOST_SPAN, self.parts // 8))

    @property
    def spans(self) -> int:
        """Number of tasks."""
        return -(-self.parts // self.span)

    def parts_of(self, span: int) -> range:
        """Return the parts of a task."""
        return range(span * self.span, min((span + 1) * self.span, self.parts))

    def worlds_of(self, parts: range) -> range:
        """Return the worlds of some parts."""
        return range(parts.start * self.part, min(parts.stop * self.part, self.worlds))

    def worlds_in(self, part: int) -> range:
        """Return the worlds of one part."""
        return self.worlds_of(range(part, part + 1))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of scenarios, of points and of replicates."""
        return len(self.scenarios), self.design.points, self.plan.replicates

    def coords(self, worlds: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Return scenario, point and replicate of worlds, each of shape (worlds,)."""
        points, replicate = np.divmod(worlds, self.plan.replicates)
        scenario, point = np.divmod(points, self.design.points)
        return scenario, point, replicate

    @property
    def calendar(self) -> Calendar:
        """The weeks of all scenarios on one axis."""
        return calendar_of(self.scenarios)

    def scenario_of(self, world: int) -> Scenario:
        """Return the scenario that a world belongs to."""
        return self.scenarios[int(self.coords(np.array([world]))[0][0])]

    def problem(self) -> dict[str, Any]:
        """Return the inputs as SALib describes a problem; simplexes as groups."""
        return problem(self.design.axes)

    @property
    def conditional_on(self) -> str:
        """What every figure and table of the sweep is conditional on."""
        return (
            "Conditional on the model, its coding of events and the ranges swept; "
            f"{self.worlds} worlds, seed {self.plan.seed}. Not a forecast."
        )

    def world_manifest(self, world: int) -> dict[str, Any]:
        """Return what is needed to run one world again, as plain data."""
        specification = {
            "world": world,
            "sweep_sha256": self.digest(),
            "scenario": self.scenario_of(world).model_dump(mode="json"),
        }
        return make_manifest("replay", specification)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest, from which the sweep can be made again, as plain data."""
        return make_manifest("sweep", self.specification())

    def specification(self) -> dict[str, Any]:
        """Return what is swept, as plain data."""
        return {
            "plan": self.plan.model_dump(mode="json"),
            "worlds": self.worlds,
            "scenarios": [scenario.model_dump(mode="json") for scenario in self.scenarios],
            "axes": [
                {"name": a.name, "low": a.low, "high": a.high, "group": a.group, "levels": a.levels}
                for a in self.design.axes
            ],
            "design": table_record(self.design.table),
        }

    def digest(self) -> str:
        """Return the SHA-256 of all that its worlds depend on, the program's version included."""
        return specification_digest(self.manifest())


def resolve(plan: Plan) -> Sweep:
    """Resolve a plan's scenarios and choose its points.

    Raises
    ------
    InputError
        If a scenario, a range or an outcome is wrong, or the design is too large.
    """
    scenarios = tuple(  # points stand for the posterior's draws
        load_scenario(name).without_posterior() for name in plan.scenarios
    )
    _check_names(plan, scenarios)
    first = scenarios[0]
    axes = [
        axis
        for name, entry in plan.ranges.items()
        for axis in axis_of(name, entry.low, entry.high, entry.levels, first)
    ] or default_axes(first)
    for scenario in scenarios:
        _check_outcomes(plan, scenario)
        for axis in axes:
            if axis.group not in PARAMETERS:
                axis_of(axis.group, axis.low, axis.high, axis.levels, scenario)
    sweep = Sweep(plan, scenarios, _made(plan, axes))
    check_worlds(sweep.worlds, len(COORDS) + len(plan.outcomes), kept=True)
    check_size(plan.trajectories, sweep.worlds, sweep.calendar)
    _say_unused(plan)
    for scenario in scenarios:
        warn_of_changes(scenario, dict.fromkeys(axis.name for axis in axes), "--param")
    return sweep


def _check_names(plan: Plan, scenarios: Sequence[Scenario]) -> None:
    """Refuse what could not be told apart in the results; raises `InputError`."""
    refuse_repeated(plan.ranges, "ranges")
    refuse_repeated(plan.outcomes, "outcomes")
    refuse_repeated(plan.scenarios, "scenarios")
    names = [scenario.name for scenario in scenarios]
    for name in names:
        same = [path for path, own in zip(plan.scenarios, names, strict=True) if own == name]
        if len(same) > 1:
            text = f"{' and '.join(same)} are both called '{name}'; give one file another name"
            raise InputError.at("scenarios", text)


def _say_unused(plan: Plan) -> None:
    """Say in a line what of a plan its design has no use for."""
    if plan.design == "grid" and "points" in plan.model_fields_set:
        text = (
            f"a grid's points follow from the levels of its ranges, by default {GRID_LEVELS} each"
        )
        notice(f"points = {plan.points}", f"is not used: {text}")
    levels = [name for name, entry in plan.ranges.items() if entry.levels is not None]
    if plan.design != "grid" and levels:
        text = f"is not used: {plan.design} has no levels but points ({plan.points})"
        notice(f"levels of {', '.join(levels)}", text)


def _check_outcomes(plan: Plan, scenario: Scenario) -> None:
    problems: list[Problem] = []
    for entry in plan.outcomes:
        (name, _, at), where = entry.partition("@"), f"outcomes: {entry}"
        try:
            read_outcome(name, cast_of(scenario.case), where)
            week_of_outcome(at, scenario, where)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def week_of_outcome(at: str, scenario: Scenario, where: str = "outcomes") -> int:
    """Return the week of an outcome's date, ``end`` being the last.

    Raises
    ------
    InputError
        If the date is no Monday of the run.
    """
    if at == "end":
        return scenario.weeks - 1
    days = {day.isoformat(): week for week, day in enumerate(scenario.mondays())}
    if at not in days:
        last = scenario.mondays()[-1]
        text = f"'{at}' is no Monday of the run; write NAME@{last} or NAME@end"
        raise InputError.at(where, text)
    return days[at]


def load_sweep(folder: Path) -> Sweep:
    """Return the sweep that a folder's manifest describes; a lost table is drawn again.

    Raises
    ------
    InputError
        If the folder is no sweep's, or its table has changed.
    """
    return read_result(folder, "sweep", "two-chairs sweep", partial(_restored, folder))


def _restored(folder: Path, record: Mapping[str, Any]) -> Sweep:
    """Return the sweep of a manifest."""
    axes = tuple(Axis(**axis) for axis in record["axes"])
    plan = Plan.model_validate(record["plan"])
    scenarios = tuple(Scenario.model_validate(entry) for entry in record["scenarios"])
    if not scenarios:
        raise ValueError("no scenario is left")
    if plan.design == "sequence":
        return _drawn_again(folder / MANIFEST, record, Sweep(plan, scenarios, _made(plan, axes)))
    sha256 = record["design"]["sha256"]
    if (folder / TABLE).is_file():
        return Sweep(plan, scenarios, Design(plan.design, axes, read_table(folder, sha256)))
    design = _made(plan, axes)
    if table_record(design.table)["sha256"] != sha256:
        text = "is missing, and the design drawn again is another; bring the file back"
        raise InputError.at(str(folder / TABLE), text)
    return Sweep(plan, scenarios, design)


def _made(plan: Plan, axes: Sequence[Axis]) -> Design:
    return make_design(plan.design, axes, plan.points, plan.seed)


def _drawn_again(manifest: Path, record: Mapping[str, Any], sweep: Sweep) -> Sweep:
    """Return a sweep whose points follow from their numbers, if they do so as they did."""
    if table_record(sweep.design.table) != record["design"]:
        text = (
            "its points are drawn otherwise here; take the release of SciPy that it was made with"
        )
        raise InputError.at(shown(manifest), text)
    return sweep


def run_sweep(
    sweep: Sweep,
    folder: Path,
    *,
    opener: Opener | None = None,
    resume: bool = False,
    chunk: int = CHUNK,
    progress: Callable[[int], None] = lambda _: None,
    begun: Callable[[], None] = lambda: None,
) -> None:
    """Run what is not done of a sweep and leave its results in a folder.

    Parameters
    ----------
    sweep, folder
        What to run and where its results go.
    opener
        Opener of an executor (`executors.local` or `dask`); ``None`` works in this process.
    resume
        Go on with a folder that holds the same sweep; else it must not exist.
    chunk
        Worlds that run side by side.
    progress
        Told the number of worlds of each task that is done.
    begun
        Called once the folder is known to be good and the workers are there.

    Raises
    ------
    InputError
        If the folder holds something else, is in use, or can not be written.
    """
    make_place(folder)
    with locked(folder), ExitStack() as files:
        open_store(folder, sweep.manifest(), sweep.design, resume=resume)
        listeners = [progress]
        if sweep.worlds <= MOST_RUN_ROWS:
            file = files.enter_context(whole_text(folder, folder / RUNS))
            listeners.append(RunRows(folder, sweep.parts, file).advance)
        _run_tasks(sweep, folder.resolve(), chunk, opener, listeners, begun)
        finish(folder, sweep.calendar)


def _run_tasks(
    sweep: Sweep,
    folder: Path,
    chunk: int,
    opener: Opener | None,
    listeners: Sequence[Callable[[int], None]],
    begun: Callable[[], None],
) -> None:
    """Do every task that is not done; the listeners hear the number of worlds of each that is."""

    def is_done(task: Task) -> bool:
        return _is_done(sweep, folder, task[1])

    once = cache(begun)  # a round after a lost worker is no new beginning

    def meanwhile() -> None:
        once()
        write_design(folder, sweep.design)

    def tell(task: Task, _: None = None) -> None:
        for listener in listeners:
            listener(len(sweep.worlds_of(sweep.parts_of(task[1]))))

    tasks = [(str(folder), span, chunk) for span in range(sweep.spans)]
    done = {task for task in tasks if is_done(task)}
    for task in sorted(done):
        tell(task)
    waiting = [task for task in tasks if task not in done]
    with nullcontext() if opener is None else Pools(opener) as pools:
        execute(
            waiting,
            compute_span,
            pools,
            tell,
            is_done,
            meanwhile,
        )


def _is_done(sweep: Sweep, folder: Path, span: int) -> bool:
    """Say from the disk whether a task is done."""
    parts = sweep.parts_of(span)
    worlds = sweep.worlds_of(parts)
    first, last = (int(n) for n in sweep.coords(np.array([worlds[0], worlds[-1]]))[0])
    whole = all(is_whole(folder, p, len(sweep.worlds_in(p))) for p in parts)
    return whole and is_kept(sweep.plan.trajectories, folder, span, range(first, last + 1))


@lru_cache(maxsize=1)
def _remembered(folder: str) -> Sweep:
    return load_sweep(Path(folder))


def compute_span(task: Task) -> None:
    """Do one task of the sweep in a folder and leave its parts there; runs in any process."""
    name, span, chunk = task
    folder, sweep = Path(name), _remembered(name)
    parts = sweep.parts_of(span)
    keeper = keeper_of(
        sweep.plan.trajectories, folder, span, sweep.worlds_of(parts), sweep.calendar
    )
    for part in parts:
        worlds = np.array(sweep.worlds_in(part))
        pieces = [
            compute(sweep, worlds[first : first + chunk], keeper)
            for first in range(0, len(worlds), chunk)
        ]
        columns = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
        write_part(folder, part, columns)
    if keeper is not None:
        keeper.close()


def compute(
    sweep: Sweep, worlds: NDArray[np.int64], keeper: Keeper | None = None
) -> dict[str, NDArray[Any]]:
    """Return the outcomes of worlds, with what identifies each, every column (worlds,).

    ``keeper`` sees every week of all of them.
    """
    columns: dict[str, NDArray[Any]] = dict(zip(COORDS, sweep.coords(worlds), strict=True))
    outcomes = compute_outcomes(sweep, worlds, keeper)
    columns["failed"] = np.asarray(~np.isfinite(outcomes).all(axis=0))
    whole = {name: column.astype(np.int32) for name, column in columns.items()}
    return whole | dict(zip(sweep.plan.outcomes, outcomes, strict=True))


def compute_outcomes(
    sweep: Sweep, worlds: NDArray[np.int64], keeper: Keeper | None = None
) -> Array:
    """Return the outcomes of worlds, shape (outcomes, worlds); ``keeper`` sees every week."""
    scenario, point, replicate = sweep.coords(worlds)
    outcomes = np.empty((len(sweep.plan.outcomes), len(worlds)))
    for index in np.unique(scenario).tolist():
        chosen = scenario == index
        watch = None if keeper is None else partial(keeper.add, index, worlds[chosen])
        outcomes[:, chosen] = _outcomes(sweep, index, point[chosen], replicate[chosen], watch)
    return outcomes


def _outcomes(
    sweep: Sweep,
    index: int,
    point: NDArray[np.int64],
    replicate: NDArray[np.int64],
    watch: Callable[[int, Readings], None] | None,
) -> Array:
    scenario = sweep.scenarios[index]
    mondays = scenario.mondays()
    asked = [
        (name, mondays[week_of_outcome(at, scenario)])
        for name, _, at in (entry.partition("@") for entry in sweep.plan.outcomes)
    ]
    return values_of(asked, batch_of(sweep, index, point, replicate), watch)


def batch_of(
    sweep: Sweep, index: int, point: NDArray[np.int64], replicate: NDArray[np.int64]
) -> Batch:
    """Return some worlds of one scenario as a batch, parameters along the worlds axis."""
    scenario = sweep.scenarios[index]
    first = int(point.min())
    rows = sweep.design.values(slice(first, int(point.max()) + 1))
    values = {name: column[point - first] for name, column in rows.items()}
    fixed = {name: entry.value for name, entry in scenario.parameters.items()}
    own = sweep.design.kind == "sequence"
    return Batch(
        scenario,
        point * sweep.plan.replicates + replicate if own else replicate,
        sweep.plan.seed,
        Draw(parameters=False, weights=sweep.plan.coding),
        make_parameters(fixed | {n: v for n, v in values.items() if n in PARAMETERS}),
        conditions={n: v for n, v in values.items() if n not in PARAMETERS},
    )


def compute_range(task: tuple[Sweep, range]) -> Array:
    """Return the outcomes of a range of a sweep's worlds, shape (outcomes, worlds)."""
    sweep, worlds = task
    return compute_outcomes(sweep, np.array(worlds))


def run_in_memory(sweep: Sweep, runner: Runner = HERE) -> dict[str, Array]:
    """Run a sweep and return its outcomes, each of shape (scenarios, points, replicates).

    Raises
    ------
    InputError
        If a world has a value that is not finite.
    """
    firsts = range(0, sweep.worlds, CHUNK)
    tasks = [(sweep, range(first, min(first + CHUNK, sweep.worlds))) for first in firsts]
    digest = "" if runner.keep is None else sweep.digest()
    pieces = runner.map(
        compute_range, tasks, lambda task: len(task[1]), lambda task: f"{digest} {task[1]}"
    )
    outcomes = np.concatenate(pieces, axis=1)
    failed = int((~np.isfinite(outcomes)).any(axis=0).sum())
    if failed:
        text = f"{failed} worlds have values that are not finite; narrow the ranges"
        raise InputError.at("sweep", text)
    return {
        name: column.reshape(sweep.shape)
        for name, column in zip(sweep.plan.outcomes, outcomes, strict=True)
    }


def replay(sweep: Sweep, world: int) -> Trajectory:
    """Return one world of a sweep again, bit for bit, as a full trajectory.

    Raises
    ------
    InputError
        If there is no such world.
    """
    if not 0 <= world < sweep.worlds:
        text = f"there is no such world; choose one from 0 to {sweep.worlds - 1}"
        raise InputError.at(f"--world {world}", text)
    scenario, point, replicate = sweep.coords(np.array([world]))
    return run_to_last(batch_of(sweep, int(scenario[0]), point, replicate).model())


def check_finished(folder: Path, sweep: Sweep) -> None:
    """Refuse a sweep of which parts are missing; raises `InputError`."""
    missing = [part for part in range(sweep.parts) if not has_part(folder, part)]
    if missing:
        text = f"{len(missing)} of {sweep.parts} parts are not done; finish it with --resume"
        raise InputError.at(f"{folder}", text)


def read_columns(folder: Path, sweep: Sweep, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return columns of a finished sweep, each of shape (worlds,).

    Raises
    ------
    InputError
        If parts are missing, or worlds have failed.
    """
    if sweep.worlds > MOST_HELD:
        text = f"columns of {sweep.worlds:,} worlds are more than memory holds"
        raise InputError.at(f"{folder}", f"{text}; read its parts one by one, as 'export' does")
    check_finished(folder, sweep)
    columns: dict[str, NDArray[Any]] = {}
    failed = 0
    for part in range(sweep.parts):
        worlds = sweep.worlds_in(part)
        found = read_part(folder, part, ["failed", *names], len(worlds))
        failed += int(found["failed"].sum())
        for name in names:
            if name not in columns:
                columns[name] = np.empty(sweep.worlds, dtype=found[name].dtype)
            columns[name][worlds.start : worlds.stop] = found[name]
    if failed:
        raise InputError.at(f"{folder}", f"{failed} worlds have failed; see 'failed' in runs.csv")
    return columns


def idle(folder: Path, sweep: Sweep) -> list[str]:
    """Return what a finished grid varies without a change of any outcome in any world.

    Of other designs, and of grids of more than `MOST_RUN_ROWS` worlds, nothing is said.
    """
    if sweep.plan.design != "grid" or sweep.worlds > MOST_RUN_ROWS:
        return []
    axes = sweep.design.axes
    shape = (len(sweep.scenarios), *(axis.levels for axis in axes), sweep.plan.replicates)
    moves: set[str] = set()
    for values in read_columns(folder, sweep, sweep.plan.outcomes).values():
        grid = values.reshape(shape)
        moves |= {axis.group for n, axis in enumerate(axes, 1) if np.diff(grid, axis=n).any()}
    return [group for group in dict.fromkeys(axis.group for axis in axes) if group not in moves]


class Columns(Mapping[str, NDArray[Any]]):
    """Columns by name, each read when it is asked for and not kept: memory holds what is in use."""

    def __init__(self, names: Iterable[str], read: Callable[[str], NDArray[Any]]) -> None:
        self._names, self._read = tuple(names), read

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Read a column."""
        if name not in self._names:
            raise KeyError(name)
        return self._read(name)

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a column, without reading it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Go over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._names)


def outcome_columns(folder: Path, sweep: Sweep) -> Columns:
    """Return the outcomes of a finished sweep, each of shape (worlds,)."""
    return Columns(sweep.plan.outcomes, lambda name: read_columns(folder, sweep, [name])[name])


def point_columns(sweep: Sweep) -> Columns:
    """Return what the points of a sweep set, each of shape (points,)."""
    return Columns(sweep.design.values(slice(0)), sweep.design.value)


def input_columns(sweep: Sweep, point: NDArray[np.int64]) -> dict[str, Array]:
    """Return what varied for some worlds, by their points: name → values."""
    return {name: values[point] for name, values in sweep.design.values().items()}
