"""Calibration: one large prior table of worlds, weighted by what the polls say.

Up to the cut-off history is scripted, so a world's path follows from its parameters and event
weights alone, and its likelihood is explicit (`observation`). A table of rows drawn by luck from
the ranges of default ensembles is weighted by it; where the effective sample is small, a second
table is drawn where the weight lies and both are used together (deterministic mixture weights).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from two_chairs.axes import Array, Counts, Patron
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.outcomes import cast_of, outcome_problems, read_outcome
from two_chairs.parameters import PARAMETERS
from two_chairs.rules.choice import DECISION_INTERVAL
from two_chairs.scenario.decided import RecordedDecision, read_decisions
from two_chairs.scenario.layers import case_path_of, chain_of
from two_chairs.scenario.library import DECISIONS_FILE, scenario_path
from two_chairs.scenario.records import Observation, ParameterRange, Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs.scenario.text import shown
from two_chairs.vocabulary import Day, Frozen, Text
from two_chairs_lab.designs.plans import open_plan
from two_chairs_lab.results.manifest import make_manifest

from .deciding import Decided, DecisionPlan, decided_of, quarter_of, security_treaties
from .observation import LinkPrior, Survey

PRIOR, REFINED = "prior", "refined"


class Question(Frozen):
    """What one poll question sees of the model."""

    id: Text
    series: Text
    label: Text
    alignment: Text
    belief: Patron | None = None
    belief_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class Link(Frozen):
    """What is assumed of the link before the data (`observation.LinkPrior`)."""

    intercept_sd: Annotated[float, Field(gt=0.0)] = 1.5
    slope: tuple[Annotated[float, Field(gt=0.0)], Annotated[float, Field(gt=0.0)]] = (0.1, 2.5)
    discrepancy_sd: Annotated[float, Field(gt=0.0)] = 0.25
    wave_share: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    sampling_sd: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.025
    house_sd: Annotated[float, Field(gt=0.0)] = 0.2
    rival_discrepancy: Annotated[float, Field(gt=0.0)] = 1.0
    discrepancy_growth: Annotated[float, Field(ge=0.0)] = 0.0


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


class Statement(Frozen):
    """A dated statement that will turn out true or false, and how to tell.

    It is about what may have happened by a date, about how an outcome stands ``at`` it, or, with
    a ``question``, about a poll: above or below so many percent.
    """

    id: Text
    text: Text
    resolution: Text
    by: Day | None = None
    at: Day | None = None
    since: Day | None = None
    outcome: Text | None = None
    question: Text | None = None
    above: float | None = None
    below: float | None = None
    rises: bool = False

    @property
    def day(self) -> Day:
        """The day on which it is told."""
        day = self.at or self.by
        assert day is not None
        return day

    @property
    def happening(self) -> Happening:
        """What is looked for in the outcome."""
        return Happening(
            outcome=self.outcome or self.question or "?",
            above=self.above,
            below=self.below,
            rises=self.rises,
        )


class Predicted(Frozen):
    """Which dated statements are derived from the posterior.

    Worlds run to ``until`` where that lies after the end of the scenario.
    """

    until: Day | None = None
    statements: tuple[Statement, ...] = ()

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
    evidence_until: Day | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    rows: Annotated[int, Field(ge=64)] = 65_536
    rival_rows: Annotated[int, Field(ge=64)] = 16_384
    refine_below: Annotated[int, Field(ge=0)] = 2_000
    draws: Annotated[int, Field(ge=10)] = 1_000
    tests: Annotated[int, Field(ge=10)] = 200
    made_rows: Annotated[int, Field(ge=64)] = 65_536
    fitted: tuple[Text, ...]
    proposed: tuple[Text, ...] = ()
    decisions: DecisionPlan | None = None
    least_effective: Annotated[float, Field(ge=0.0)] = 0.0
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
        Week of the run at which each answer was given; −1 is the state before the first week.
    left_out
        Answers to the plan's questions that were given after the evidence ends.
    recorded
        Recorded decisions that are to be explained too; empty where the plan asks for none.
    """

    plan: CalibrationPlan
    scenario: Scenario
    observations: tuple[Observation, ...]
    survey: Survey
    weeks: tuple[int, ...]
    left_out: tuple[str, ...] = ()
    recorded: tuple[RecordedDecision, ...] = ()

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Parameters along which a second table looks where the weight lies."""
        return tuple(dict.fromkeys((*self.plan.fitted, *self.plan.proposed)))

    @cached_property
    def decided(self) -> Decided | None:
        """The recorded decisions as numbers, if there are any."""
        if self.plan.decisions is None:
            return None
        return decided_of(self.recorded, self.plan.decisions, self.scenario)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Question of each answer."""
        return tuple(self.plan.questions[number] for number in self.survey.question)

    def tables(self) -> dict[str, int]:
        """Return the tables of rows that are always run, with their sizes."""
        return {PRIOR: self.plan.rows} | dict.fromkeys(self.plan.rivals, self.plan.rival_rows)

    @property
    def worlds(self) -> int:
        """Number of worlds run at least: rows of all tables, draws, and worlds of the posterior."""
        return sum(self.tables().values()) + self.plan.draws + self.plan.predictions.worlds

    def scenario_of(self, table: str) -> Scenario:
        """Return the scenario of a table: that of a rival has its parameters fixed."""
        rival = self.plan.rivals.get(table)
        return self.scenario if rival is None else fixed(self.scenario, rival.parameters)

    def manifest(self) -> dict[str, Any]:
        """Return what is needed to make the calibration again, as plain data."""
        return make_manifest("calibration", self.specification())

    def specification(self) -> dict[str, Any]:
        """Return what is fitted to what, as plain data."""
        return {
            "plan": self.plan.model_dump(mode="json"),
            "scenario": self.scenario.model_dump(mode="json"),
            **(
                {"decisions": [d.model_dump(mode="json") for d in self.recorded]}
                if self.recorded
                else {}
            ),
        }


def fixed(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with some parameters fixed."""
    ranges = {name: ParameterRange(value=v, low=v, high=v) for name, v in values.items()}
    return scenario.model_copy(update={"parameters": scenario.parameters | ranges})


def read_plan(path: Path) -> CalibrationPlan:
    """Read a calibration plan; raises `InputError` with every problem."""
    plan = open_plan(path)
    if plan is None or plan.kind != "calibration":
        text = 'is not "calibration", so this is a file of another kind; name a calibration plan'
        raise InputError.at(f"{shown(path)}: kind", text)
    return plan.as_record(CalibrationPlan)


def resolve(plan: CalibrationPlan, where: str = "plan") -> Calibration:
    """Resolve a plan's scenario and gather its survey; raises `InputError` with every problem.

    ``where`` is what problems call the plan.
    """
    scenario = load_scenario(plan.scenario).without_posterior()
    recorded = _recorded(plan, scenario)
    problems = [
        *_fitted_problems(plan, scenario, where),
        *_decision_problems(plan, scenario, recorded, where),
        *_question_problems(plan, scenario, where),
        *_rival_problems(plan, where),
        *_prediction_problems(plan, scenario, where),
    ]
    if problems:
        raise InputError(problems)
    return calibration_of(plan, scenario, recorded)


def _recorded(plan: CalibrationPlan, scenario: Scenario) -> tuple[RecordedDecision, ...]:
    """Read the recorded decisions beside the case of the plan's scenario, if it asks for them."""
    if plan.decisions is None:
        return ()
    chain, _ = chain_of(scenario_path(plan.scenario))
    return read_decisions(case_path_of(chain).parent / DECISIONS_FILE, scenario.case)


def calibration_of(
    plan: CalibrationPlan, scenario: Scenario, recorded: Sequence[RecordedDecision] = ()
) -> Calibration:
    """Gather the survey of a plan whose scenario is resolved."""
    asked = [
        (number, observation)
        for number, question in enumerate(plan.questions)
        for observation in scenario.observations
        if observation.series == question.series
    ]
    until = evidence_end(plan, scenario)
    pairs = [(n, seen) for n, seen in asked if until is None or seen.end <= until]
    left_out = tuple(seen.id for _, seen in asked if until is not None and seen.end > until)
    numbers, observations = zip(*pairs, strict=True)
    actors = scenario.case.actor_ids()
    toward = [plan.questions[n].alignment.partition(">")[2].partition(":")[0] for n in numbers]
    prior, waves = LinkPrior(**plan.link.model_dump()), sorted({_wave(o) for o in observations})
    survey = Survey(
        shares=np.array([observation.value for observation in observations]),
        question=np.array(numbers),
        wave=np.array([waves.index(_wave(observation)) for observation in observations]),
        patron=np.array([actors.index(actor) for actor in toward]),
        prior=prior,
        house=_houses(observations),
        errors=np.array([o.error / MARGIN if o.error else prior.sampling_sd for o in observations]),
        factors=_factors(plan, scenario, [(plan.questions[n], middle_of(o)) for n, o in pairs]),
    )
    weeks = tuple(_week(scenario, observation) for observation in observations)
    return Calibration(
        plan, scenario, tuple(observations), survey, weeks, left_out, tuple(recorded)
    )


def discrepancy_factor(
    plan: CalibrationPlan, scenario: Scenario, asked: Question, day: Day
) -> float:
    """Return what the discrepancy is multiplied by where a question is asked on a day."""
    prior = LinkPrior(**plan.link.model_dump())
    toward = asked.alignment.partition(">")[2].partition(":")[0]
    series = {question.series for question in plan.questions}
    first = min(middle_of(seen) for seen in scenario.observations if seen.series in series)
    return prior.factor(toward == scenario.case.with_role("rival"), (day - first).days / 365.25)


def _factors(
    plan: CalibrationPlan, scenario: Scenario, asked: Sequence[tuple[Question, Day]]
) -> Array | None:
    """Return the factor of each answer's discrepancy, (answers,); ``None`` where all are one."""
    factors = np.array([discrepancy_factor(plan, scenario, *each) for each in asked])
    return None if (factors == 1.0).all() else factors


MARGIN = 2.0
"""Standard deviations of the error that an observation gives, its margin of 95 %."""


def _wave(observation: Observation) -> tuple[Day, str]:
    """Return what the answers of one wave have in common: when it began, and who asked."""
    return observation.start, observation.house


def _houses(observations: Sequence[Observation]) -> Counts | None:
    """Return the house of each answer by number; 0 is the one with most answers."""
    most = Counter(observation.house for observation in observations).most_common()
    numbers = {house: number for number, (house, _) in enumerate(most)}
    if len(numbers) < 2:
        return None
    return np.array([numbers[observation.house] for observation in observations])


def evidence_end(plan: CalibrationPlan, scenario: Scenario) -> Day | None:
    """Return the last day of the evidence: the plan's, else the scenario's, if either says it."""
    return plan.evidence_until or scenario.evidence_until


def middle_of(observation: Observation) -> Day:
    """Return the middle of the fieldwork."""
    return observation.start + (observation.end - observation.start) / 2


def _week(scenario: Scenario, observation: Observation) -> int:
    """Return the week of the middle of the fieldwork; −1 if it lies before the start."""
    middle = middle_of(observation)
    return -1 if middle < scenario.start else scenario.week_of(middle)


def _fitted_problems(plan: CalibrationPlan, scenario: Scenario, where: str) -> list[Problem]:
    problems = [
        Problem(f"{where}: not_separable", f"'{name}' is no parameter; {nearest(name, PARAMETERS)}")
        for name in plan.not_separable or ()
        if name not in PARAMETERS
    ]
    for name in (*plan.fitted, *plan.proposed):
        entry = scenario.parameters.get(name)
        if entry is None:
            known = nearest(name, PARAMETERS)
            problems.append(Problem(f"{where}: fitted", f"'{name}' is no parameter; {known}"))
        elif entry.low >= entry.high or not PARAMETERS[name].varied:
            text = f"'{name}' has no range in this scenario; give it one or leave it out"
            problems.append(Problem(f"{where}: fitted", text))
    return problems


def _decision_problems(
    plan: CalibrationPlan, scenario: Scenario, recorded: Sequence[RecordedDecision], where: str
) -> list[Problem]:
    """Return what keeps recorded decisions from being explained."""
    asked = plan.decisions
    if asked is None:
        return []
    field, problems = f"{where}: decisions", []
    if not recorded:
        text = f"the case has no {DECISIONS_FILE}; write one, or leave [decisions] out"
        problems.append(Problem(field, text))
    for row in recorded:
        if not 0 <= quarter_of(row, scenario) * DECISION_INTERVAL < scenario.weeks:
            text = f"the quarter of {row.id}, {row.quarter}, lies outside the run"
            problems.append(Problem(field, f"{text}; leave that row out"))
    if asked.attacks > asked.quarters:
        text = f"{asked.attacks} attacks are more than one in each of {asked.quarters} quarters"
        problems.append(Problem(f"{field}.attacks", f"{text}; count again"))
    ties = [tie.id for tie in security_treaties(scenario.case.institutions)]
    if asked.treaty is not None and asked.treaty.institution not in ties:
        text = f"'{asked.treaty.institution}' is no security treaty"
        known = nearest(asked.treaty.institution, ties)
        problems.append(Problem(f"{field}.treaty.institution", f"{text}; {known}"))
    return problems


def _question_problems(plan: CalibrationPlan, scenario: Scenario, where: str) -> list[Problem]:
    problems = [
        problem
        for question in plan.questions
        for problem in (
            *_alignment_problems(question, scenario, where),
            *_series_problems(question, plan, scenario, where),
        )
    ]
    asked = {question.series for question in plan.questions}
    houses = {seen.house for seen in scenario.observations if seen.series in asked}
    if not plan.questions:
        problems.append(Problem(f"{where}: questions", "is empty; name one series at least"))
    if len(houses) > 1:
        text = f"mixes pollsters ({', '.join(sorted(houses))}); keep to one house"
        problems.append(Problem(f"{where}: questions", text))
    return problems


def _alignment_problems(question: Question, scenario: Scenario, where: str) -> list[Problem]:
    field = f"{where}: questions[{question.id}].alignment"
    try:
        if read_outcome(question.alignment, cast_of(scenario.case), field).array == "alignment":
            return []
    except InputError as error:
        return list(error.problems)
    return [Problem(field, f"'{question.alignment}' is no alignment; write one as A>B:politics")]


def _series_problems(
    question: Question, plan: CalibrationPlan, scenario: Scenario, where: str
) -> list[Problem]:
    field = f"{where}: questions[{question.id}].series"
    until = evidence_end(plan, scenario)
    seen = [entry for entry in scenario.observations if entry.series == question.series]
    if seen and until is not None and all(entry.end > until for entry in seen):
        text = f"has no answer up to {until}, where the evidence ends; leave the question out"
        return [Problem(field, text)]
    if not seen:
        known = nearest(question.series, {entry.series for entry in scenario.observations})
        return [Problem(field, f"no observation has the series '{question.series}'; {known}")]
    return [
        Problem(field, f"{entry.id} is no share inside the run; leave its series out")
        for entry in seen
        if ((until is None or entry.end <= until) and _week(scenario, entry) >= scenario.weeks)
        or not 0.0 < entry.value < 1.0
    ]


def _rival_problems(plan: CalibrationPlan, where: str) -> list[Problem]:
    problems = [
        Problem(
            f"{where}: rivals.{key}.parameters",
            f"'{name}' is no parameter; {nearest(name, PARAMETERS)}",
        )
        for key, rival in plan.rivals.items()
        for name in rival.parameters
        if name not in PARAMETERS
    ]
    if plan.wrong_model is not None and plan.wrong_model not in plan.rivals:
        text = f"'{plan.wrong_model}' is no rival; {nearest(plan.wrong_model, plan.rivals)}"
        problems.append(Problem(f"{where}: wrong_model", text))
    return problems + [
        Problem(f"{where}: rivals.{key}", "names a table of the program; rename it")
        for key in plan.rivals
        if key in (PRIOR, REFINED)
    ]


def _statement_problems(plan: CalibrationPlan, each: Statement, where: str) -> list[Problem]:
    """Return what keeps a dated statement from being told."""
    field = f"{where}: predictions.statements[{each.id}]"
    problems = []
    if (each.at is None) == (each.by is None):
        problems.append(Problem(field, "needs one date; give at or by"))
    if (each.outcome is None) == (each.question is None):
        problems.append(Problem(field, "is about one thing; give outcome or question"))
    if each.question is not None and each.question not in [q.id for q in plan.questions]:
        known = nearest(each.question, [q.id for q in plan.questions])
        text = f"'{each.question}' is no question of the plan; {known}"
        problems.append(Problem(f"{field}.question", text))
    if (each.above, each.below, each.rises) == (None, None, False):
        problems.append(Problem(field, "says nothing; give above, below or rises = true"))
    return problems


def _prediction_problems(plan: CalibrationPlan, scenario: Scenario, where: str) -> list[Problem]:
    wanted, problems, until = plan.predictions, [], evidence_end(plan, scenario)
    ids = [question.id for question in plan.questions]
    for name in wanted.questions:
        if name not in ids:
            text = f"'{name}' is no question of the plan; {nearest(name, ids)}"
            problems.append(Problem(f"{where}: predictions.questions", text))
    end = max(scenario.end, wanted.until or scenario.end)
    problems += [p for each in wanted.statements for p in _statement_problems(plan, each, where)]
    days = [(f"at.{key}", day) for key, day in wanted.at.items()]
    days += [(f"statements.{each.id}", each.at or each.by or end) for each in wanted.statements]
    for key, day in (*days, *(("by", day) for day in wanted.by)):
        if not scenario.start <= day <= end:
            text = f"{day} lies outside the run, {scenario.start} to {end}; change it"
            problems.append(Problem(f"{where}: predictions.{key}", text))
        elif until is not None and day <= until:
            text = f"{day} is no date to predict: the evidence ends on {until}; name a later one"
            problems.append(Problem(f"{where}: predictions.{key}", text))
    for key, happening in wanted.happened.items():
        field = f"{where}: predictions.happened.{key}"
        problems += outcome_problems(happening.outcome, cast_of(scenario.case), f"{field}.outcome")
        if (happening.above, happening.below, happening.rises) == (None, None, False):
            problems.append(Problem(field, "says nothing; give above, below or rises = true"))
    return problems
