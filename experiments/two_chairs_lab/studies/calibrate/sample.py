"""The sample of a calibration: tables of rows, run in parts, and their weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import PATRONS, Array
from two_chairs.draws import between, draw_parameters
from two_chairs.errors import InputError
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.randomness import Luck
from two_chairs.scenario.records import Scenario
from two_chairs.world.simulation import TwoChairs
from two_chairs_lab.engine.executors import Opener, Pools, execute, local
from two_chairs_lab.results.folder import make_place, replaced, write_json
from two_chairs_lab.results.manifest import MANIFEST
from two_chairs_lab.results.parts import has_part, read_part, write_part
from two_chairs_lab.results.store import locked, refuse_other, write_manifest
from two_chairs_lab.statistics.scores import effective_size, normalised

from .observation import Survey, reading
from .study import PRIOR, REFINED, Calibration, CalibrationPlan, calibration_of

PART = 8192
"""Rows in a part: one file, one task."""
CHUNK = 2048
"""Rows that run side by side; changes no result."""
BINS = 12
"""Bins a fitted parameter in the proposal of the second table."""
FLOOR = 0.2
"""Share of the proposal that stays spread evenly, so that no row's weight can run away."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the rows of the second table are drawn: bins a fitted parameter, by itself.

    Attributes
    ----------
    chances
        Parameter → chance of each bin of its unit coordinate, summing to one.
    """

    chances: Mapping[str, tuple[float, ...]]

    def coordinate(self, name: str, uniform: Array) -> Array:
        """Turn uniforms into unit coordinates of a parameter."""
        chance = np.array(self.chances[name])
        ends = np.concatenate([[0.0], np.cumsum(chance)])
        ends[-1] = 1.0
        return np.interp(uniform, ends, np.linspace(0.0, 1.0, len(ends)))

    def density(self, units: Mapping[str, Array]) -> Array:
        """Return the density of unit coordinates under the proposal; one is the prior's."""
        density = np.ones_like(next(iter(units.values())))
        for name, chance in self.chances.items():
            bins = np.minimum((units[name] * len(chance)).astype(int), len(chance) - 1)
            density = density * np.array(chance)[bins] * len(chance)
        return density


def units_of(
    calibration: Calibration, table: str, luck: Luck, proposal: Proposal | None
) -> dict[str, Array]:
    """Return the unit coordinates of the fitted parameters in rows of a table."""
    names = calibration.plan.fitted
    if table != REFINED or proposal is None:
        return {name: luck.uniforms(f"parameter/{name}", 1)[0] for name in names}
    drawn = {name: luck.uniforms(f"proposal/{name}", 1)[0] for name in names}
    return {name: proposal.coordinate(name, uniform) for name, uniform in drawn.items()}


def parameters_of(
    calibration: Calibration,
    table: str,
    replicates: NDArray[np.int64],
    proposal: Proposal | None,
) -> Parameters:
    """Return the parameters of rows of a table, each of shape (1 or rows,)."""
    scenario = calibration.scenario_of(table)
    drawn = draw_parameters(scenario, Luck(calibration.plan.seed, replicates))
    if table != REFINED:
        return drawn
    units = units_of(calibration, table, Luck(calibration.plan.seed, replicates), proposal)
    ranges = scenario.parameters
    values = {
        name: between(unit, ranges[name].low, ranges[name].value, ranges[name].high)
        for name, unit in units.items()
    }
    return replace(drawn, **values)


def first_replicate(calibration: Calibration, table: str) -> int:
    """Return the replicate of a table's first row: the second table has luck of its own."""
    return calibration.plan.rows if table == REFINED else 0


def readings_of(
    calibration: Calibration,
    table: str,
    replicates: NDArray[np.int64],
    proposal: Proposal | None = None,
) -> Array:
    """Return what each question of the survey reads in rows of a table, shape (answers, rows)."""
    scenario = calibration.scenario_of(table)
    weeks = sorted({week for week in calibration.weeks if week >= 0})
    model = TwoChairs(
        scenario,
        replicates,
        seed=calibration.plan.seed,
        record=("alignment", "belief"),
        weeks=weeks,
        parameters=parameters_of(calibration, table, replicates, proposal),
        vary_weights=True,
    )
    rows = len(replicates)
    start = (model.state.alignments()[..., :rows], model.state.belief()[..., :rows])
    for _ in range(max(weeks, default=-1) + 1):
        model.step()
    paths = model.trajectory()
    taken = {-1: start} | {
        week: (paths.arrays["alignment"][n], paths.arrays["belief"][n])
        for n, week in enumerate(weeks)
    }
    cast = cast_of(scenario.case)
    readings = np.empty((len(calibration.weeks), rows))
    for answer, (question, week) in enumerate(
        zip(calibration.asked, calibration.weeks, strict=True)
    ):
        alignments, beliefs = taken[week]
        holder, toward, domain = read_outcome(question.alignment, cast, "alignment").index
        belief = None if question.belief is None else beliefs[PATRONS.index(question.belief)]
        readings[answer] = reading(
            alignments[holder, toward, domain], belief, question.belief_share
        )
    return readings


def run_rows(
    calibration: Calibration,
    table: str,
    replicates: NDArray[np.int64],
    proposal: Proposal | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Array:
    """Return `readings_of` many rows, run some at a time, shape (answers, rows)."""
    pieces = []
    for start in range(0, len(replicates), CHUNK):
        chosen = replicates[start : start + CHUNK]
        pieces.append(readings_of(calibration, table, chosen, proposal))
        progress(len(chosen))
    return np.concatenate(pieces, axis=1)


Task = tuple[str, str, int, int]
"""Folder, table, part, rows of the table."""
PROPOSAL = "proposal.json"


def run_tables(
    calibration: Calibration,
    folder: Path,
    *,
    workers: int = 1,
    opener: Opener | None = None,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Run what is not done of all tables of a calibration and leave them in a folder."""
    make_place(folder, "calibration")
    if opener is None and workers > 1:
        opener = local(workers)
    with locked(folder):
        refuse_other(folder, calibration.manifest(), resume)
        write_manifest(folder, calibration.manifest())
        _run(calibration.tables(), folder, opener, progress)
        weights, _ = weighted(calibration, folder)
        if effective_size(weights) < calibration.plan.refine_below:
            proposal = _propose(calibration, folder, weights)
            with replaced(folder / PROPOSAL) as path:
                write_json(path, proposal.chances)
            _run({REFINED: calibration.plan.rows}, folder, opener, progress)


def _run(
    tables: Mapping[str, int],
    folder: Path,
    opener: Opener | None,
    progress: Callable[[int], None] | None,
) -> None:
    tasks = [
        (str(folder.resolve()), table, part, rows)
        for table, rows in tables.items()
        for part in range(-(-rows // PART))
    ]
    for table in tables:
        (_place(folder, table) / "parts").mkdir(parents=True, exist_ok=True)

    def done(task: Task) -> bool:
        return has_part(_place(folder, task[1]), task[2])

    def told(task: Task, _: None = None) -> None:
        if progress is not None:
            progress(min(PART, task[3] - task[2] * PART))

    for task in filter(done, tasks):
        told(task)
    waiting = [task for task in tasks if not done(task)]
    with nullcontext() if opener is None else Pools(opener) as pools:
        execute(waiting, compute_part, pools, told, done)


def _place(folder: Path, table: str) -> Path:
    return folder / "tables" / table


@lru_cache(maxsize=1)
def _remembered(folder: str) -> Calibration:
    return load_calibration(Path(folder))


def load_calibration(folder: Path) -> Calibration:
    """Return the calibration that a folder's manifest describes."""
    found = folder / MANIFEST
    record = json.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
    if record.get("kind") != "calibration":
        text = "is no calibration's folder; name one that 'calibrate' has written"
        raise InputError.at(str(folder), text)
    plan = CalibrationPlan.model_validate(record["plan"])
    return calibration_of(plan, Scenario.model_validate(record["scenario"]))


def read_proposal(folder: Path) -> Proposal | None:
    """Return the proposal of the second table, if there was need of one."""
    path = folder / PROPOSAL
    if not path.is_file():
        return None
    chances = json.loads(path.read_text(encoding="utf-8"))
    return Proposal({name: tuple(chance) for name, chance in chances.items()})


def compute_part(task: Task) -> None:
    """Compute one part of a table in a folder and write it there; runs in any process."""
    folder, table, part, rows = task
    calibration = _remembered(folder)
    proposal = read_proposal(Path(folder)) if table == REFINED else None
    first = first_replicate(calibration, table)
    replicates = first + np.arange(part * PART, min((part + 1) * PART, rows))
    readings = run_rows(calibration, table, replicates, proposal)
    names = [observation.id for observation in calibration.observations]
    write_part(_place(Path(folder), table), part, dict(zip(names, readings, strict=True)))


def read_table(calibration: Calibration, folder: Path, table: str) -> Array:
    """Return the readings of a finished table, shape (answers, rows)."""
    rows = calibration.tables().get(table, calibration.plan.rows)
    parts = [read_part(_place(folder, table), part) for part in range(-(-rows // PART))]
    names = [observation.id for observation in calibration.observations]
    readings = np.stack([np.concatenate([part[name] for part in parts]) for name in names])
    if not np.isfinite(readings).all():
        bad = int((~np.isfinite(readings)).any(axis=0).sum())
        text = f"{bad} rows of the table '{table}' are not finite; narrow the ranges of parameters"
        raise InputError.at(str(folder), text)
    return readings


@dataclass(frozen=True)
class Rows:
    """All rows of a calibration: readings, and what the second table adds to their weights.

    Attributes
    ----------
    readings
        Shape (answers, rows).
    units
        Unit coordinates of the fitted parameters, each (rows,).
    log_prior
        Log of prior density over that of the draw, shape (rows,).
    sizes
        Rows of the first and of the second table.
    """

    readings: Array
    units: Mapping[str, Array]
    log_prior: Array
    sizes: tuple[int, int]


def gathered(calibration: Calibration, folder: Path) -> Rows:
    """Gather the first table and, if there is one, the second."""
    proposal = read_proposal(folder)
    tables = [PRIOR] if proposal is None else [PRIOR, REFINED]
    readings = [read_table(calibration, folder, table) for table in tables]
    units = []
    for table, found in zip(tables, readings, strict=True):
        first = first_replicate(calibration, table)
        luck = Luck(calibration.plan.seed, first + np.arange(found.shape[1]))
        units.append(units_of(calibration, table, luck, proposal))
    joined = {n: np.concatenate([u[n] for u in units]) for n in calibration.plan.fitted}
    sizes = (readings[0].shape[1], 0 if proposal is None else readings[1].shape[1])
    log_prior = np.zeros(sum(sizes))
    if proposal is not None:
        share = sizes[1] / sum(sizes)
        log_prior = -np.log((1.0 - share) + share * proposal.density(joined))
    return Rows(np.concatenate(readings, axis=1), joined, log_prior, sizes)


def weighted(
    calibration: Calibration, folder: Path, survey: Survey | None = None
) -> tuple[Array, Rows]:
    """Return the weights of all rows given a survey (by default the whole), and the rows."""
    rows = gathered(calibration, folder)
    log_evidence = (survey or calibration.survey).log_evidence(rows.readings)
    return normalised(log_evidence + rows.log_prior), rows


def _propose(calibration: Calibration, folder: Path, weights: Array) -> Proposal:
    """Return where a second table should look: the weighted bins, never quite empty."""
    rows = gathered(calibration, folder)
    chances = {}
    for name in calibration.plan.fitted:
        found, _ = np.histogram(rows.units[name], bins=BINS, range=(0.0, 1.0), weights=weights)
        mixed = (1.0 - FLOOR) * found / found.sum() + FLOOR / BINS
        chances[name] = tuple(float(chance) for chance in mixed / mixed.sum())
    return Proposal(chances)
