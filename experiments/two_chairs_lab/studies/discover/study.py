"""The study discover: a condition, the space in which it is looked for, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.library import settled
from two_chairs.scenario.records import Scenario, names_of
from two_chairs_lab.designs.plans import find_plan, said_of_plan
from two_chairs_lab.engine.runner import HERE, Runner
from two_chairs_lab.render.names import condition_words
from two_chairs_lab.render.table import Table
from two_chairs_lab.studies.answer import Basis
from two_chairs_lab.studies.sweep.study import (
    Plan,
    Sweep,
    load_sweep,
    read_columns,
    resolve,
    run_in_memory,
)

from .condition import Condition, check_condition, check_kept
from .search import Cases, Discovery, cases_of, check_cases, discover
from .tables import (
    bounds_table,
    conditional_on,
    drivers_table,
    peeling_table,
    points_table,
    record_of,
    regions_table,
    sentence,
    tree_table,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS, REPLICATES = 4096, 16
"""Size of the sweep where a scenario is named instead of a plan."""


@dataclass(frozen=True, slots=True)
class Question:
    """Where in a sweep a condition holds.

    Attributes
    ----------
    condition
        What is looked for.
    sweep
        The space; of a scenario alone, with the one outcome, where it is not run yet.
    index
        Number of the scenario that is looked at.
    folder
        The sweep's folder, ``None`` where it is not run yet.
    """

    condition: Condition
    sweep: Sweep
    index: int = 0
    folder: Path | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario that is looked at."""
        return self.sweep.scenarios[self.index]

    @property
    def worlds(self) -> int:
        """Number of worlds to run for an answer."""
        return self.sweep.worlds if self.folder is None else 0

    def cases(self, runner: Runner = HERE) -> Cases:
        """Run the space, or read it, and return the cases; raises `InputError` if there are few."""
        sweep, outcome = self.sweep, self.condition.outcome
        if self.folder is None:
            values = run_in_memory(sweep, runner)[outcome]
        else:
            values = read_columns(self.folder, sweep, [outcome])[outcome].reshape(sweep.shape)
        cases = cases_of(sweep.design, self.condition.holds(values[self.index]))
        check_cases(cases, f"--where {self.condition}")
        return cases


@dataclass(frozen=True, slots=True)
class DiscoveryResult:
    """The answer of discover: the question, the cases, and what was found in them.

    Attributes
    ----------
    question, cases, found
        What was asked, in which cases, and what was found.
    boxes, box
        How many regions were looked for at most, and which box was asked for, if one was.
    """

    kind: ClassVar[str] = "discovery"
    name: ClassVar[str] = "discovery"

    question: Question
    cases: Cases
    found: Discovery
    boxes: int
    box: int | None

    def basis(self) -> Basis:
        """Return what the answer rests on."""
        asked = {"where": str(self.question.condition), "boxes": self.boxes, "box": self.box}
        specification = self.question.sweep.specification() | {"asked": asked}
        return Basis(self.kind, specification, conditional_on(self.question.sweep))

    def sentences(self) -> list[str]:
        """Say how often the condition holds, and where above all."""
        return [sentence(self.found, self.question.condition, self.question.scenario)]

    def tables(self) -> Mapping[str, Table]:
        """Return what was found, and every point."""
        found = self.found
        return {
            "bounds": bounds_table(found),
            "regions": regions_table(found),
            "peeling": peeling_table(found),
            "tree": tree_table(found),
            "depends-on": drivers_table(found.drivers),
            "points": points_table(self.cases),
        }

    def figures(self) -> Mapping[str, Figure]:
        """Draw peeling, regions, and the space by its surest inputs."""
        from .figures import draw

        asked, case = self.question.condition, self.question.scenario.case
        words = condition_words(asked.outcome, asked.sign, asked.number, case)
        return draw(self.found, self.cases, words, conditional_on(self.question.sweep), case)

    def record(self) -> dict[str, Any]:
        """Return what was found as plain data."""
        return {
            "where": str(self.question.condition),
            "scenario": self.question.scenario.name,
            "sentence": self.sentences()[0],
            "conditional_on": conditional_on(self.question.sweep),
            **record_of(self.found),
        }


def discovery_result(
    question: Question, runner: Runner = HERE, *, boxes: int = 2, box: int | None = None
) -> DiscoveryResult:
    """Find where a condition holds.

    Parameters
    ----------
    question
        What is looked for, and where.
    runner
        Where worlds are run.
    boxes, box
        Regions to look for at most, and a box of the peeling trajectory to take (`discover`).

    Raises
    ------
    InputError
        If a world has failed, or too few points differ.
    """
    cases = question.cases(runner)
    found = discover(cases, question.sweep.plan.seed, boxes=boxes, step=box)
    return DiscoveryResult(question, cases, found, boxes, box)


def question_of(
    source: str, condition: Condition, scenario: str | None, size: Mapping[str, int]
) -> Question:
    """Return a question to a finished sweep, to a plan, or to all parameters of a scenario.

    Parameters
    ----------
    source
        Folder of a finished sweep, name or path of a plan, or name or path of a scenario.
    condition
        What is looked for.
    scenario
        Name of the scenario that is looked at, needed where there are several.
    size
        ``points``, ``replicates`` and ``seed`` in place of a plan's own.

    Raises
    ------
    InputError
        If one of them does not fit the others.
    """
    if Path(source).is_dir():
        return _of_finished(Path(source), condition, scenario, size)
    plan = _plan(source, size)
    with said_of_plan(source, size):
        sweep = resolve(plan.model_copy(update={"outcomes": ()}))
    index = _index(sweep, scenario)
    only = sweep.scenarios[index]
    check_condition(condition, only)
    alone = {"scenarios": (plan.scenarios[index],), "outcomes": (condition.outcome,)}
    own = replace(sweep, plan=plan.model_copy(update=alone), scenarios=(only,))
    return Question(condition, own)


def _of_finished(
    folder: Path, condition: Condition, scenario: str | None, size: Mapping[str, int]
) -> Question:
    if size:
        text = "a finished sweep has its size; leave --points, --replicates and --seed out"
        raise InputError.at(str(folder), text)
    sweep = load_sweep(folder)
    index = _index(sweep, scenario)
    check_kept(condition, sweep)
    return Question(condition, sweep, index, folder)


def _plan(source: str, size: Mapping[str, int]) -> Plan:
    """Return the plan of a file, or one over all parameters of a scenario."""
    file = find_plan(source)
    if file is None:
        chosen: dict[str, Any] = {"points": POINTS, "replicates": REPLICATES, **size}
        return Plan(title=f"All parameters of {source}", question="Where does it happen?",
                    scenarios=(settled(source),), design="lhs", coding=True, **chosen)  # fmt: skip
    if file.kind == "claim":
        raise InputError.at(source, f"is a claim; run it with 'two-chairs claim {source}'")
    return file.as_record(Plan).model_copy(update=dict(size))


def _index(sweep: Sweep, scenario: str | None) -> int:
    """Return the number of the scenario that is looked at."""
    names = names_of(sweep.scenarios)
    if scenario is None and len(names) == 1:
        return 0
    if scenario is None:
        text = f"it has {len(names)} scenarios; choose one of {', '.join(names)}"
        raise InputError.at("--scenario", text)
    if scenario not in names:
        text = f"no scenario of this sweep; {nearest(scenario, names)}"
        raise InputError.at(f"--scenario {scenario}", text)
    return names.index(scenario)
