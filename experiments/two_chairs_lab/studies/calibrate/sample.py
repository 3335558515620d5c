"""The sample of a calibration: tables of rows, run in parts, and their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from two_chairs.axes import PATRONS, Array, Counts
from two_chairs.draws import between, draw_parameters
from two_chairs.errors import InputError
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.parameters import Parameters
from two_chairs.randomness import Luck
from two_chairs.scenario.decided import RecordedDecision
from two_chairs.scenario.records import Scenario
from two_chairs_lab.engine.batch import Batch, Draw
from two_chairs_lab.engine.executors import execute
from two_chairs_lab.engine.runner import HERE, Runner, gather
from two_chairs_lab.results.folder import make_place, replaced, write_json
from two_chairs_lab.results.manifest import read_json, read_result
from two_chairs_lab.results.parts import is_whole, read_part, write_part
from two_chairs_lab.results.store import locked, refuse_other, write_manifest
from two_chairs_lab.statistics.scores import effective_size, normalised

from .deciding import STRICT, Decided, Likelihood
from .observation import Survey, predictor
from .study import PRIOR, REFINED, Calibration, CalibrationPlan, Question, calibration_of

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
    names = calibration.coordinates
    if table != REFINED or proposal is None:
        return {name: luck.uniforms(f"parameter/{name}", 1)[0] for name in names}
    drawn = {name: luck.uniforms(f"proposal/{name}", 1)[0] for name in names}
    return {name: proposal.coordinate(name, uniform) for name, uniform in drawn.items()}


def parameters_of(
    calibration: Calibration, table: str, replicates: Counts, proposal: Proposal | None = None
) -> Parameters:
    """Return the parameters of rows of a table, each of shape (1 or rows,)."""
    scenario, seed = calibration.scenario_of(table), calibration.plan.seed
    drawn = draw_parameters(scenario, Luck(seed, replicates))
    if table != REFINED:
        return drawn
    units = units_of(calibration, table, Luck(seed, replicates), proposal)
    ranges = scenario.parameters
    values = {
        name: between(unit, ranges[name].low, ranges[name].value, ranges[name].high)
        for name, unit in units.items()
    }
    return replace(drawn, **values)


def first_replicate(calibration: Calibration, table: str) -> int:
    """Return the replicate of a table's first row: the second table has luck of its own."""
    return calibration.plan.rows if table == REFINED else 0


def batch_of(
    calibration: Calibration, table: str, replicates: Counts, proposal: Proposal | None = None
) -> Batch:
    """Return rows of a table as a batch of worlds, by their replicates.

    History is scripted as far as the evidence goes, also where it goes past the cut-off.
    """
    scenario, seed = calibration.scenario_of(table), calibration.plan.seed
    parameters = parameters_of(calibration, table, replicates, proposal)
    scripted = scenario.model_copy(update={"agents_act_from": None})
    return Batch(scripted, replicates, seed, Draw(parameters=False, weights=True), parameters)


def run_rows(
    calibration: Calibration,
    batches: Sequence[Batch],
    runner: Runner = HERE,
    decided: Decided | None = None,
    keeps: bool = False,
) -> list[Array]:
    """Run batches of as many rows each; return what is seen of each, (answers, rows).

    With recorded decisions, what `decided_columns` names follows the answers.
    """
    work = partial(predictors_of, calibration.asked, calibration.weeks)
    if decided is not None:
        asked = calibration.asked
        work = partial(predictors_of, asked, calibration.weeks, decided=decided, keeps=keeps)
    pieces = np.concatenate(gather(batches, work, runner, CHUNK), axis=1)
    return np.split(pieces, len(batches), axis=1)


def predictors_of(
    questions: Sequence[Question],
    weeks: Sequence[int],
    batch: Batch,
    decided: Decided | None = None,
    keeps: bool = False,
) -> Array:
    """Run worlds to the last answer; return what each answer's question sees, (answers, worlds).

    Parameters
    ----------
    questions, weeks
        Question and week of each answer; week −1 is the state before the first.
    batch
        The worlds; runs in any process.
    decided, keeps
        Recorded decisions, and whether to keep the chances behind them: what `decided_columns`
        names follows the answers.
    """
    cast, model = cast_of(batch.scenario.case), batch.model((), ())
    predictors = np.empty((len(weeks), batch.worlds))
    likelihood = None if decided is None else Likelihood(decided, model, keeps)
    last = max(weeks) if decided is None else max(*weeks, decided.last_week)
    if likelihood is not None:
        likelihood.look()
    for week in sorted({*weeks, last}):
        while model.week < week:
            model.step()
            if likelihood is not None:
                likelihood.look()
        now = model.current_values()
        alignments, beliefs = (now[name]()[..., : batch.worlds] for name in ("alignment", "belief"))
        for answer, question in enumerate(questions):
            if weeks[answer] == week:
                alignment = alignments[read_outcome(question.alignment, cast, "alignment").index]
                belief = (
                    None if question.belief is None else beliefs[PATRONS.index(question.belief)]
                )
                predictors[answer] = predictor(alignment, belief, question.belief_share)
    if likelihood is not None:
        told = np.stack([*likelihood.terms().values()])
        kept = [chances[:, : batch.worlds] for chances in likelihood.kept()]
        predictors = np.concatenate([predictors, told, *kept])
    model.let_go()
    return predictors


Task = tuple[str, str, int, int]
"""Folder, table, part, rows of the table."""
PROPOSAL = "proposal.json"
TERM, CHANCE = "decision:", "chance:"
"""What the names of columns of recorded decisions, and of the chances behind them, begin with."""


def decided_columns(decided: Decided, keeps: bool) -> list[str]:
    """Return the names of what recorded decisions leave of each row, in their order."""
    kept = [
        f"{CHANCE}{term}:{number}"
        for term, size in decided.chance_sizes().items()
        for number in range(size)
    ]
    return [f"{TERM}{name}" for name in (*decided.names, STRICT)] + (kept if keeps else [])


def run_tables(
    calibration: Calibration, folder: Path, runner: Runner = HERE, *, resume: bool = False
) -> ImportanceSample:
    """Run what is not done of all tables of a calibration, leave them in a folder, read them.

    Raises
    ------
    InputError
        If the folder holds something else, or this calibration and ``resume`` is not given.
    """
    make_place(folder, "calibration")
    with locked(folder):
        refuse_other(folder, calibration.manifest(), resume)
        write_manifest(folder, calibration.manifest())
        _run(calibration.tables(), folder, runner)
        if read_proposal(folder) is None:
            sample = load_sample(calibration, folder)
            weights = sample.weights(calibration.survey)
            if effective_size(weights) >= calibration.plan.refine_below:
                return sample
            with replaced(folder / PROPOSAL) as path:
                write_json(path, _propose(sample, weights).chances)
        _run({REFINED: calibration.plan.rows}, folder, runner)
        return load_sample(calibration, folder)


def _run(tables: Mapping[str, int], folder: Path, runner: Runner) -> None:
    tasks = [
        (str(folder.resolve()), table, part, rows)
        for table, rows in tables.items()
        for part in range(-(-rows // PART))
    ]
    for table in tables:
        (_table_folder(folder, table) / "parts").mkdir(parents=True, exist_ok=True)

    def is_done(task: Task) -> bool:
        return is_whole(_table_folder(folder, task[1]), task[2])

    def on_done(task: Task, _: None = None) -> None:
        runner.progress(min(PART, task[3] - task[2] * PART))

    waiting = []
    for task in tasks:
        if is_done(task):
            on_done(task)
        else:
            waiting.append(task)
    execute(waiting, compute_part, runner.pools, on_done, is_done)


def _table_folder(folder: Path, table: str) -> Path:
    return folder / "tables" / table


@lru_cache(maxsize=1)
def _remembered(folder: str) -> Calibration:
    return load_calibration(Path(folder))


def load_calibration(folder: Path) -> Calibration:
    """Return the calibration that a folder's manifest describes; raises `InputError`."""
    return read_result(folder, "calibration", "two-chairs calibrate", _restored)


def _restored(record: Mapping[str, Any]) -> Calibration:
    """Return the calibration of a manifest."""
    plan = CalibrationPlan.model_validate(record["plan"])
    recorded = [RecordedDecision.model_validate(row) for row in record.get("decisions", ())]
    return calibration_of(plan, Scenario.model_validate(record["scenario"]), recorded)


def read_proposal(folder: Path) -> Proposal | None:
    """Return the proposal of the second table, if there was need of one."""
    path = folder / PROPOSAL
    if not path.is_file():
        return None
    chances = read_json(path, "remove it and go on with --resume")
    return Proposal({name: tuple(chance) for name, chance in chances.items()})


def compute_part(task: Task) -> None:
    """Compute one part of a table in a folder and write it there; runs in any process."""
    folder, table, part, rows = task
    calibration = _remembered(folder)
    proposal = read_proposal(Path(folder)) if table == REFINED else None
    first = first_replicate(calibration, table)
    replicates = first + np.arange(part * PART, min((part + 1) * PART, rows))
    decided = calibration.decided if table in (PRIOR, REFINED) else None
    batch = batch_of(calibration, table, replicates, proposal)
    keeps = table == PRIOR and part * PART < calibration.plan.made_rows
    (predictors,) = run_rows(calibration, [batch], decided=decided, keeps=keeps)
    names = [observation.id for observation in calibration.observations]
    names += [] if decided is None else decided_columns(decided, keeps)
    columns = {
        name: column.astype(np.float32) if name.startswith(CHANCE) else column
        for name, column in zip(names, predictors, strict=True)
    }
    write_part(_table_folder(Path(folder), table), part, columns)


def read_terms(calibration: Calibration, folder: Path, table: str) -> Array:
    """Return the log likelihood of every recorded decision in a table, shape (terms, rows).

    The last row is that of all of them read strictly (`STRICT`).
    """
    decided = calibration.decided
    names = () if decided is None else decided_columns(decided, keeps=False)
    return _read_columns(calibration, folder, table, names)


def read_chances(calibration: Calibration, folder: Path) -> dict[str, Array]:
    """Return the chances behind every decision in the first rows of the first table.

    Returns
    -------
    dict
        Term → (chances, rows), as `Decided.chance_sizes` tells; empty without decisions.
    """
    decided, plan = calibration.decided, calibration.plan
    if decided is None:
        return {}
    sizes = decided.chance_sizes()
    names = decided_columns(decided, keeps=True)[-sum(sizes.values()) :]
    rows, place = min(plan.rows, plan.made_rows), _table_folder(folder, PRIOR)
    parts = [read_part(place, part, names) for part in range(-(-rows // PART))]
    read = iter([np.concatenate([part[name] for part in parts])[:rows] for name in names])
    return {term: np.stack([next(read) for _ in range(size)]) for term, size in sizes.items()}


def read_table(calibration: Calibration, folder: Path, table: str) -> Array:
    """Return the predictors of a finished table, shape (answers, rows).

    Raises
    ------
    InputError
        If some are not finite.
    FileNotFoundError
        If a part of the table is not done.
    """
    names = [observation.id for observation in calibration.observations]
    predictors = _read_columns(calibration, folder, table, names)
    if not np.isfinite(predictors).all():
        bad = int((~np.isfinite(predictors)).any(axis=0).sum())
        text = f"{bad} rows of the table '{table}' are not finite; narrow the ranges of parameters"
        raise InputError.at(str(folder), text)
    return predictors


def _read_columns(
    calibration: Calibration, folder: Path, table: str, names: Sequence[str]
) -> Array:
    """Return columns of a finished table, shape (columns, rows)."""
    rows, place = (
        calibration.tables().get(table, calibration.plan.rows),
        _table_folder(folder, table),
    )
    parts = [read_part(place, part, names) for part in range(-(-rows // PART))]
    found = [np.concatenate([part[name] for part in parts]) for name in names]
    return np.stack(found) if found else np.empty((0, rows))


@dataclass(frozen=True)
class ImportanceSample:
    """All rows of a calibration: a sample of the prior, to be weighted by what a survey says.

    Attributes
    ----------
    predictors
        What each answer's question sees in each row, shape (answers, rows).
    units
        Unit coordinates of the fitted parameters, each (rows,), in [0, 1].
    log_prior
        Log of prior density over that of the draw, shape (rows,).
    sizes
        Rows of the first table and of the second, the proposal's.
    proposal
        Where the second table was drawn; ``None`` where there is none.
    terms
        Log likelihood of every recorded decision, shape (terms, rows); no rows without any.
    power
        Power of those terms.
    strict
        Log likelihood of all rows of the record at their best supported choice, shape (rows,).
    """

    predictors: Array
    units: Mapping[str, Array]
    log_prior: Array
    sizes: tuple[int, int]
    proposal: Proposal | None
    terms: Array = field(default_factory=lambda: np.empty((0, 1)))
    power: float = 1.0
    strict: Array = field(default_factory=lambda: np.zeros(1))

    def log_weights(self, survey: Survey) -> Array:
        """Return the log weights of all rows given a survey and the decisions, shape (rows,)."""
        decided = self.power * self.terms.sum(axis=0)
        return survey.log_evidence(self.predictors) + self.log_prior + decided

    def weights(self, survey: Survey) -> Array:
        """Return the weights of all rows, shape (rows,), summing to one."""
        return normalised(self.log_weights(survey))


def load_sample(calibration: Calibration, folder: Path) -> ImportanceSample:
    """Read the first table of a folder and, if there is one, the second."""
    proposal = read_proposal(folder)
    tables = [PRIOR] if proposal is None else [PRIOR, REFINED]
    predictors = [read_table(calibration, folder, table) for table in tables]
    units = []
    for table, seen in zip(tables, predictors, strict=True):
        first = first_replicate(calibration, table)
        luck = Luck(calibration.plan.seed, first + np.arange(seen.shape[1]))
        units.append(units_of(calibration, table, luck, proposal))
    joined = {n: np.concatenate([u[n] for u in units]) for n in calibration.coordinates}
    read = np.concatenate([read_terms(calibration, folder, table) for table in tables], axis=1)
    terms, strict = read[:-1], read[-1] if len(read) else np.zeros(read.shape[1])
    power = 1.0 if calibration.plan.decisions is None else calibration.plan.decisions.power
    sizes = (predictors[0].shape[1], 0 if proposal is None else predictors[1].shape[1])
    log_prior = np.zeros(sum(sizes))
    if proposal is not None:
        share = sizes[1] / sum(sizes)
        log_prior = -np.log((1.0 - share) + share * proposal.density(joined))
    seen = np.concatenate(predictors, axis=1)
    return ImportanceSample(seen, joined, log_prior, sizes, proposal, terms, power, strict)


def _propose(sample: ImportanceSample, weights: Array) -> Proposal:
    """Return where a second table should look: the weighted bins, never quite empty."""
    chances = {}
    for name, units in sample.units.items():
        counts, _ = np.histogram(units, bins=BINS, range=(0.0, 1.0), weights=weights)
        mixed = (1.0 - FLOOR) * counts / counts.sum() + FLOOR / BINS
        chances[name] = tuple(float(chance) for chance in mixed / mixed.sum())
    return Proposal(chances)
