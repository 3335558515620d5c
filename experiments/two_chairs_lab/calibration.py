"""Calibration: one large prior table of worlds, weighted by what the polls say.

Up to the cut-off history is scripted, so a world's path follows from its parameters and event
weights alone, and its likelihood is explicit (`measurement`). A table of rows drawn as default
ensembles draw them is weighted by it; where the effective sample is small, a second table is drawn
where the weight lies and both are used together (deterministic mixture weights).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

import two_chairs
from two_chairs.actors import PATRONS, Array, Patron
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.parameters import PARAMETERS, Parameters, between
from two_chairs.randomness import Luck, draw_parameters, draw_weights
from two_chairs.reading import load_scenario
from two_chairs.scenario import Day, Frozen, Observation, ParameterRange, Scenario, Text
from two_chairs.scenario import Posterior as FrozenDraws
from two_chairs.simulation import TwoChairs
from two_chairs.tables import check_table, read_toml, shown
from two_chairs.trajectory import cast_of, outcome_place

from .execute import Opener, execute, local
from .measurement import (
    LinkPrior,
    Links,
    Survey,
    effective_size,
    normalised,
    reading,
    resampled,
)
from .results import MANIFEST, made_by, replaced, write_json
from .store import (
    has_part,
    locked,
    make_place,
    read_part,
    refuse_other,
    write_manifest,
    write_part,
)

PART = 8192
"""Rows in a part: one file, one task."""
CHUNK = 2048
"""Rows that run side by side; changes no result."""
PRIOR, REFINED = "prior", "refined"
BINS = 12
"""Bins a fitted parameter in the proposal of the second table."""
FLOOR = 0.2
"""Share of the proposal that stays spread evenly, so that no row's weight can run away."""
DIGITS = 7
"""Significant digits of the posterior table."""
POSTERIOR = "posterior.csv"


class Question(Frozen):
    """How one poll question reads the model."""

    id: Text
    series: Text
    label: Text
    alignment: Text
    belief: Patron | None = None
    belief_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class Link(Frozen):
    """What is assumed of the link before the data (`measurement.LinkPrior`)."""

    intercept_sd: Annotated[float, Field(gt=0.0)] = 1.5
    slope: tuple[Annotated[float, Field(gt=0.0)], Annotated[float, Field(gt=0.0)]] = (0.1, 2.5)
    discrepancy_sd: Annotated[float, Field(gt=0.0)] = 0.25
    wave_share: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    sampling_sd: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.025


class Rival(Frozen):
    """Another theory: the same events under parameters that take a mechanism away."""

    label: Text
    parameters: dict[str, float]


class Happening(Frozen):
    """What may have happened by a date: an outcome passed a bound, or rose, since agents act."""

    outcome: Text
    above: float | None = None
    below: float | None = None
    rises: bool = False


class Predicted(Frozen):
    """Which dated statements are derived from the posterior."""

    worlds: Annotated[int, Field(ge=2)] = 2_000
    seed: Annotated[int, Field(ge=0)] = 0
    questions: tuple[Text, ...] = ()
    at: dict[str, Day] = {}
    by: tuple[Day, ...] = ()
    happened: dict[str, Happening] = {}


class CalibrationPlan(Frozen):
    """What is fitted to what, with every seed and budget."""

    kind: Literal["calibration"]
    title: Text
    question: Text
    frozen: Day
    scenario: Text = "baseline"
    seed: Annotated[int, Field(ge=0)] = 0
    rows: Annotated[int, Field(ge=64)] = 65_536
    rival_rows: Annotated[int, Field(ge=64)] = 16_384
    refine_below: Annotated[int, Field(ge=0)] = 2_000
    draws: Annotated[int, Field(ge=10)] = 1_000
    tests: Annotated[int, Field(ge=10)] = 200
    fitted: tuple[Text, ...]
    questions: tuple[Question, ...]
    link: Link = Link()
    rivals: dict[str, Rival] = {}
    null_series: tuple[Text, ...] = ()
    wrong_model: Text | None = None
    not_separable: tuple[Text, Text] | None = None
    predictions: Predicted = Predicted()


@dataclass(frozen=True)
class Calibration:
    """A plan made definite.

    Attributes
    ----------
    plan, scenario
        What to fit, and the resolved scenario, without any earlier posterior.
    observations
        Each answer of the survey as it was observed.
    survey
        The same as numbers.
    weeks
        Week of the run at which each answer is read; −1 is the state before the first week.
    """

    plan: CalibrationPlan
    scenario: Scenario
    observations: tuple[Observation, ...]
    survey: Survey
    weeks: tuple[int, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """Question of each answer."""
        return tuple(self.plan.questions[number] for number in self.survey.question)

    def tables(self) -> dict[str, int]:
        """Return the tables of rows that are always run, with their sizes."""
        return {PRIOR: self.plan.rows} | dict.fromkeys(self.plan.rivals, self.plan.rival_rows)

    def scenario_of(self, table: str) -> Scenario:
        """Return the scenario of a table: that of a rival has its parameters fixed."""
        rival = self.plan.rivals.get(table)
        return self.scenario if rival is None else fixed(self.scenario, rival.parameters)

    def manifest(self) -> dict[str, Any]:
        """Return the specification, from which all can be made again, as plain data."""
        return {
            "program": "two-chairs",
            "kind": "calibration",
            "version": two_chairs.__version__,
            "plan": self.plan.model_dump(mode="json"),
            "scenario": self.scenario.model_dump(mode="json"),
            "made": made_by(),
        }


def fixed(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with some parameters fixed."""
    ranges = {name: ParameterRange(value=v, low=v, high=v) for name, v in values.items()}
    return scenario.model_copy(update={"parameters": scenario.parameters | ranges})


# --- reading a plan -------------------------------------------------------------------------------


def read_plan(path: Path) -> CalibrationPlan:
    """Read a calibration plan; raises `InputError` with every problem."""
    table = read_toml(path)
    if table.get("kind") != "calibration":
        text = 'is not "calibration", so this is a file of another kind; name a calibration plan'
        raise InputError.at(f"{shown(path)}: kind", text)
    plan, problems = check_table(CalibrationPlan, table, shown(path))
    if plan is None or problems:
        raise InputError(problems)
    if plan.scenario.endswith(".toml"):
        plan = plan.model_copy(update={"scenario": str(path.parent / plan.scenario)})
    return plan


def settle(plan: CalibrationPlan, place: str = "plan") -> Calibration:
    """Resolve a plan's scenario and gather its survey; raises `InputError` with every problem."""
    scenario = load_scenario(plan.scenario).without_posterior()
    problems = [
        *_fitted_problems(plan, scenario, place),
        *_question_problems(plan, scenario, place),
        *_rival_problems(plan, place),
        *_prediction_problems(plan, scenario, place),
    ]
    if problems:
        raise InputError(problems)
    return calibration_of(plan, scenario)


def calibration_of(plan: CalibrationPlan, scenario: Scenario) -> Calibration:
    """Gather the survey of a plan whose scenario is resolved."""
    pairs = [
        (number, observation)
        for number, question in enumerate(plan.questions)
        for observation in scenario.observations
        if observation.series == question.series
    ]
    numbers, observations = zip(*pairs, strict=True)
    actors = scenario.case.actor_ids()
    toward = [plan.questions[n].alignment.partition(">")[2].partition(":")[0] for n in numbers]
    starts = sorted({observation.start for observation in observations})
    survey = Survey(
        shares=np.array([observation.value for observation in observations]),
        question=np.array(numbers),
        wave=np.array([starts.index(observation.start) for observation in observations]),
        patron=np.array([actors.index(actor) for actor in toward]),
        prior=LinkPrior(**plan.link.model_dump()),
    )
    weeks = tuple(_week(scenario, observation) for observation in observations)
    return Calibration(plan, scenario, tuple(observations), survey, weeks)


def _week(scenario: Scenario, observation: Observation) -> int:
    """Return the week of the middle of the fieldwork; −1 if it lies before the start."""
    middle = observation.start + (observation.end - observation.start) / 2
    return -1 if middle < scenario.start else scenario.week_of(middle)


def _fitted_problems(plan: CalibrationPlan, scenario: Scenario, place: str) -> list[Problem]:
    problems = [
        Problem(f"{place}: not_separable", f"'{name}' is no parameter; {nearest(name, PARAMETERS)}")
        for name in plan.not_separable or ()
        if name not in PARAMETERS
    ]
    for name in plan.fitted:
        entry = scenario.parameters.get(name)
        if entry is None:
            known = nearest(name, PARAMETERS)
            problems.append(Problem(f"{place}: fitted", f"'{name}' is no parameter; {known}"))
        elif entry.low >= entry.high or not PARAMETERS[name].varied:
            text = f"'{name}' has no range in this scenario; give it one or leave it out"
            problems.append(Problem(f"{place}: fitted", text))
    return problems


def _question_problems(plan: CalibrationPlan, scenario: Scenario, place: str) -> list[Problem]:
    problems = [
        problem
        for question in plan.questions
        for problem in (
            *_alignment_problems(question, scenario, place),
            *_series_problems(question, scenario, place),
        )
    ]
    asked = {question.series for question in plan.questions}
    houses = {seen.house for seen in scenario.observations if seen.series in asked}
    if not plan.questions:
        problems.append(Problem(f"{place}: questions", "is empty; name one series at least"))
    if len(houses) > 1:
        text = f"mixes pollsters ({', '.join(sorted(houses))}); keep to one house"
        problems.append(Problem(f"{place}: questions", text))
    return problems


def _alignment_problems(question: Question, scenario: Scenario, place: str) -> list[Problem]:
    where = f"{place}: questions[{question.id}].alignment"
    try:
        if outcome_place(question.alignment, cast_of(scenario.case)).array == "alignment":
            return []
    except KeyError as error:
        return [Problem(where, str(error.args[0]))]
    return [Problem(where, f"'{question.alignment}' is no alignment; write one as A>B:politics")]


def _series_problems(question: Question, scenario: Scenario, place: str) -> list[Problem]:
    where = f"{place}: questions[{question.id}].series"
    seen = [entry for entry in scenario.observations if entry.series == question.series]
    if not seen:
        known = nearest(question.series, {entry.series for entry in scenario.observations})
        return [Problem(where, f"no observation has the series '{question.series}'; {known}")]
    return [
        Problem(where, f"{entry.id} is no share inside the run; leave its series out")
        for entry in seen
        if _week(scenario, entry) >= scenario.weeks or not 0.0 < entry.value < 1.0
    ]


def _rival_problems(plan: CalibrationPlan, place: str) -> list[Problem]:
    problems = [
        Problem(
            f"{place}: rivals.{key}.parameters",
            f"'{name}' is no parameter; {nearest(name, PARAMETERS)}",
        )
        for key, rival in plan.rivals.items()
        for name in rival.parameters
        if name not in PARAMETERS
    ]
    if plan.wrong_model is not None and plan.wrong_model not in plan.rivals:
        text = f"'{plan.wrong_model}' is no rival; {nearest(plan.wrong_model, plan.rivals)}"
        problems.append(Problem(f"{place}: wrong_model", text))
    return problems + [
        Problem(f"{place}: rivals.{key}", "names a table of the program; rename it")
        for key in plan.rivals
        if key in (PRIOR, REFINED)
    ]


def _prediction_problems(plan: CalibrationPlan, scenario: Scenario, place: str) -> list[Problem]:
    wanted, problems = plan.predictions, []
    ids = [question.id for question in plan.questions]
    for name in wanted.questions:
        if name not in ids:
            text = f"'{name}' is no question of the plan; {nearest(name, ids)}"
            problems.append(Problem(f"{place}: predictions.questions", text))
    days = [(f"at.{key}", day) for key, day in wanted.at.items()]
    for key, day in (*days, *(("by", day) for day in wanted.by)):
        if not scenario.start <= day <= scenario.end:
            text = f"{day} lies outside the run, {scenario.start} to {scenario.end}; change it"
            problems.append(Problem(f"{place}: predictions.{key}", text))
    for key, happening in wanted.happened.items():
        where = f"{place}: predictions.happened.{key}"
        try:
            outcome_place(happening.outcome, cast_of(scenario.case))
        except KeyError as error:
            problems.append(Problem(f"{where}.outcome", str(error.args[0])))
        if (happening.above, happening.below, happening.rises) == (None, None, False):
            problems.append(Problem(where, "says nothing; give above, below or rises = true"))
    return problems


# --- the tables -----------------------------------------------------------------------------------


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
        holder, toward, domain = outcome_place(question.alignment, cast).index
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


# --- running --------------------------------------------------------------------------------------

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

    def told(task: Task) -> None:
        if progress is not None:
            progress(min(PART, task[3] - task[2] * PART))

    for task in filter(done, tasks):
        told(task)
    execute([task for task in tasks if not done(task)], compute_part, opener, done, told)


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


# --- the posterior --------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior.

    Attributes
    ----------
    columns
        Parameter, ``weight:EVENT`` or ``link:…`` → values, each (draws,).
    links
        The links of the draws.
    readings
        What each answer's question reads in each draw, shape (answers, draws).
    effective
        Effective number of rows behind the draws.
    rows
        Number of rows in all tables.
    """

    columns: Mapping[str, Array]
    links: Links
    readings: Array
    effective: float
    rows: int


def draw_posterior(calibration: Calibration, folder: Path) -> Posterior:
    """Draw from the weighted rows, each draw with a link of its own."""
    plan = calibration.plan
    weights, rows = weighted(calibration, folder)
    generator = np.random.default_rng([plan.seed, 1])
    chosen = resampled(weights, plan.draws, generator)
    readings = rows.readings[:, chosen]
    links = calibration.survey.draw_link(readings, generator)
    columns = _inputs(calibration, chosen, rows.sizes, read_proposal(folder))
    named = {
        f"link:{question.id}": links.intercepts[number]
        for number, question in enumerate(plan.questions)
    }
    columns |= named | {"link:slope": links.slope, "link:discrepancy": links.discrepancy}
    return Posterior(columns, links, readings, effective_size(weights), sum(rows.sizes))


def prior_products(calibration: Calibration, rows: Rows, pair: tuple[str, str]) -> Array:
    """Return the product of two parameters in the rows of the first table, shape (rows,)."""
    parameters = parameters_of(calibration, PRIOR, np.arange(rows.sizes[0]), None)
    one, other = (np.asarray(getattr(parameters, name)) for name in pair)
    return np.broadcast_to(one * other, (rows.sizes[0],))


def prior_columns(calibration: Calibration, number: int) -> dict[str, Array]:
    """Return the first rows of the prior, as columns of the same names as the posterior's."""
    return _inputs(calibration, np.arange(number), (number, 0), None)


def _inputs(
    calibration: Calibration,
    chosen: NDArray[np.int64],
    sizes: tuple[int, int],
    proposal: Proposal | None,
) -> dict[str, Array]:
    """Return parameters and event weights of rows, by their places among all rows."""
    pieces: list[tuple[NDArray[np.bool_], dict[str, Array]]] = []
    for table, second in ((PRIOR, False), (REFINED, True)):
        inside = (chosen >= sizes[0]) == second
        if inside.any():
            # the second table's replicates go on where the first's end, as its rows do
            replicates = chosen[inside] + (first_replicate(calibration, table) - sizes[0]) * second
            pieces.append((inside, _columns(calibration, table, replicates, proposal)))
    columns = {}
    for name in pieces[0][1]:
        columns[name] = np.empty(len(chosen))
        for inside, piece in pieces:
            columns[name][inside] = piece[name]
    return columns


def _columns(
    calibration: Calibration, table: str, replicates: NDArray[np.int64], proposal: Proposal | None
) -> dict[str, Array]:
    parameters = parameters_of(calibration, table, replicates, proposal)
    weights = draw_weights(calibration.scenario, Luck(calibration.plan.seed, replicates))
    columns = {
        name: np.broadcast_to(getattr(parameters, name), replicates.shape)
        for name, entry in calibration.scenario.parameters.items()
        if PARAMETERS[name].varied and entry.low < entry.high
    }
    return columns | {f"weight:{event}": values for event, values in weights.items()}


def posterior_text(columns: Mapping[str, Array]) -> str:
    """Return draws as CSV text, one row a draw."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([f"{value:.{DIGITS}g}" for value in row])
    return out.getvalue()


def frozen_scenario(calibration: Calibration, posterior: Posterior) -> Scenario:
    """Return the plan's scenario with a posterior just drawn, exactly as its file will hold it."""
    header, *rows = posterior_text(posterior.columns).splitlines()
    last = max(observation.end for observation in calibration.observations)
    record = FrozenDraws(
        file=POSTERIOR,
        frozen=calibration.plan.frozen,
        source=f"{len(calibration.observations)} poll answers up to {last}; docs/calibration.md",
        names=tuple(header.split(",")),
        rows=tuple(rows),
    )
    return calibration.scenario.model_copy(update={"posterior": record})
