"""The model for the EMA Workbench: its samplers and analyses, our worlds side by side.

`TwoChairsModel` is a model of theirs and runs with any of their evaluators, a world or a few at a
time; `SideBySideEvaluator` runs all experiments of a design along the worlds axis instead and
gives the same bits, many times faster. Works with EMA Workbench 2.5 and 3.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError, Problem, nearest
from two_chairs.extras import missing
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.parameters import GROUPS, PARAMETERS
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_scenario
from two_chairs_lab.designs.design import Axis, Design, axis_of, default_axes, refuse_repeated
from two_chairs_lab.engine.batch import Batch, series_of, values_of
from two_chairs_lab.studies.sweep.study import (
    CHUNK,
    OUTCOMES,
    Plan,
    Sweep,
    batch_of,
    week_of_outcome,
)

try:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="ipyparallel not installed")
        from ema_workbench import RealParameter, ScalarOutcome, TimeSeriesOutcome
        from ema_workbench.em_framework.evaluators import BaseEvaluator
        from ema_workbench.em_framework.model import SingleReplication
        from ema_workbench.em_framework.points import experiment_generator
        from ema_workbench.em_framework.util import combine as combined
except ImportError:
    raise missing("ema_workbench", "ema", "two_chairs_lab.connectors.ema") from None


RESERVED = ("model", "policy", "scenario")
"""Names that the workbench keeps for columns of its own."""
Settings = Mapping[str, float]
"""What one experiment sets: names as the workbench has them → values."""


def identifier(name: str) -> str:
    """Return a name of ours as the workbench takes it: letters, digits and underscores.

    Examples
    --------
    >>> identifier("regime:two-chairs@end")
    'regime_two_chairs_end'
    >>> identifier("domain_weights.1")
    'domain_weights_1'
    """
    plain = re.sub(r"\W+", "_", name)
    return plain if plain.isidentifier() else f"_{plain}"


class TwoChairsModel(SingleReplication):  # type: ignore[misc]
    """A scenario as a model of the EMA Workbench.

    An experiment sets parameters; its outcomes are means over ``replicates`` worlds, which have
    the same luck in every experiment: what differs between experiments is cause, not chance. The
    outcome of a regime is therefore the share of worlds in it.

    Parameters
    ----------
    scenario
        Name of a bundled scenario, path to a TOML file, or a resolved scenario.
    ranges
        What is uncertain: parameters, simplexes or ids of dated conditions, with a range (low,
        high) or ``None`` for their own. By default every parameter that ensembles vary. A simplex
        enters as independent uniforms in [0, 1], one fewer than its members.
    outcomes
        Names as in a sweep: ``tilt@end`` or ``tilt@2023-12-04`` is one number (`ScalarOutcome`),
        ``tilt`` a number a week (`TimeSeriesOutcome`).
    replicates
        Worlds of different luck behind every experiment.
    seed
        Whole number from which all luck comes.
    luck
        Choices with noise and random attacks; else argmax and none.
    coding
        Draw event weights from their ranges, world by world.
    name
        Name among other models; by default made of the scenario's.

    Notes
    -----
    The workbench takes identifiers: every other character of a name becomes an underscore
    (`identifier`). Parameters that are not uncertain keep the scenario's value, or that of a
    `Constant` or of a lever of the same name.

    Raises
    ------
    InputError
        If a name or a range is wrong, or is one that the workbench keeps for itself.
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        *,
        ranges: Mapping[str, tuple[float, float] | None] | None = None,
        outcomes: Sequence[str] = (*OUTCOMES, "tilt"),
        replicates: int = 1,
        seed: int = 0,
        luck: bool = True,
        coding: bool = False,
        name: str | None = None,
    ) -> None:
        self.resolved = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        super().__init__(_model_name(self.resolved.name if name is None else name))
        for word, number, least in (("replicates", replicates, 1), ("seed", seed, 0)):
            if number < least:
                raise InputError.at(f"{word}={number}", f"must be at least {least}")
        self._plan = Plan(
            title="Experiments of the EMA Workbench",
            question="What do these experiments change?",
            replicates=replicates,
            seed=seed,
            coding=coding,
        )
        self._luck = luck
        self._known = _known_axes(self.resolved)
        axes = _asked_axes(self.resolved, ranges)
        self.uncertainties = [RealParameter(identifier(a.name), a.low, a.high) for a in axes]
        self._requests(outcomes)
        self.outcomes = [_outcome(entry) for entry in dict.fromkeys(outcomes)]

    def run_experiment(self, experiment: Settings) -> dict[str, Any]:
        """Return the outcomes of one experiment by their names, as the workbench wants them."""
        found = self.run_experiments([experiment])
        return {name: values[0] for name, values in found.items()}

    def run_experiments(self, experiments: Sequence[Settings]) -> dict[str, Array]:
        """Run experiments that set the same names, side by side.

        Parameters
        ----------
        experiments
            What each sets.

        Returns
        -------
        dict
            Outcome, as `ScalarOutcome` or `TimeSeriesOutcome` name their variable, → means over
            replicates, shape (experiments,) or (experiments, weeks).

        Raises
        ------
        InputError
            If a name, a value or an outcome is wrong, or an outcome is no finite number.
        """
        requests = self._requests([name for o in self.outcomes for name in o.variable_name])
        sweep = Sweep(self._plan, (self.resolved,), self._design(experiments))
        pieces = [
            self._means(sweep, range(first, min(first + self.at_once, len(experiments))), requests)
            for first in range(0, len(experiments), self.at_once)
        ]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in requests}

    @property
    def at_once(self) -> int:
        """Number of experiments that run side by side."""
        return max(1, CHUNK // self._plan.replicates)

    def settings(self, experiment: Any) -> dict[str, float]:
        """Return what an `Experiment` of the workbench sets, as it would tell `run_experiment`."""
        return combined(
            _set_by(experiment.scenario, self.uncertainties),
            _set_by(experiment.policy, self.levers),
            {constant.name: constant.value for constant in self.constants},
        )

    def _requests(self, outcomes: Iterable[str]) -> dict[str, OutcomeRequest]:
        """Return outcomes by their names, each read; refuse those that are none."""
        requests: dict[str, OutcomeRequest] = {}
        problems: list[Problem] = []
        for entry in outcomes:
            (name, _, at), where = entry.partition("@"), f"outcomes: {entry}"
            try:
                read_outcome(name, cast_of(self.resolved.case), where)
                week = week_of_outcome(at, self.resolved, where) if "@" in entry else None
                requests[entry] = OutcomeRequest(name, week)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return requests

    def _design(self, experiments: Sequence[Settings]) -> Design:
        """Return experiments as points of a design; refuse names and values that make no sense."""
        names = list(experiments[0])
        axes = [self._axis(name) for name in names]
        for group in {axis.group for axis in axes} & set(GROUPS):
            there = [axis.name for axis in axes if axis.group == group]
            if len(there) != len(GROUPS[group]) - 1:
                text = f"needs all its coordinates, {len(GROUPS[group]) - 1}; has {len(there)}"
                raise InputError.at(f"experiment: {group}", text)
        rows = [[float(experiment[name]) for name in names] for experiment in experiments]
        table = np.array(rows).reshape(len(experiments), len(names))
        for axis, column in zip(axes, table.T, strict=True):
            if not ((axis.low <= column) & (column <= axis.high)).all():
                text = f"must lie in {axis.low:g} to {axis.high:g}; is {column.min():g} to"
                raise InputError.at(f"experiment: {axis.name}", f"{text} {column.max():g}")
        return Design("lhs", tuple(axes), table)

    def _axis(self, name: str) -> Axis:
        if name in self._known:
            return self._known[name]
        group = PARAMETERS[name].group if name in PARAMETERS else None
        if group is not None:
            coordinates = ", ".join(n for n, axis in self._known.items() if axis.group == group)
            text = f"is one of a sum; set all of it by its coordinates: {coordinates}"
        else:
            text = f"nothing of this name; {nearest(name, self._known)}"
        raise InputError.at(f"experiment: {name}", text)

    def _means(
        self, sweep: Sweep, points: range, requests: Mapping[str, OutcomeRequest]
    ) -> dict[str, Array]:
        """Return the means over replicates of outcomes at some points of a design."""
        replicates = self._plan.replicates
        worlds = np.arange(points.start * replicates, points.stop * replicates)
        _, point, replicate = sweep.coords(worlds)
        batch = batch_of(sweep, 0, point, replicate)
        batch = replace(batch, draw=replace(batch.draw, luck=self._luck))
        found = {}
        values = _read(list(requests.values()), batch)
        for name, means in zip(requests, (_mean(each, replicates) for each in values), strict=True):
            failed = int((~np.isfinite(means)).any(axis=tuple(range(1, means.ndim))).sum())
            if failed:
                text = f"is no finite number in {failed} of {len(points)}; narrow the ranges"
                raise InputError.at(f"experiments: {name}", text)
            found[name] = means
        return found


@dataclass(frozen=True, slots=True)
class OutcomeRequest:
    """An outcome that is to be read: its name, and its week or ``None`` for all."""

    name: str
    week: int | None


def _read(requests: Sequence[OutcomeRequest], batch: Batch) -> list[Array]:
    """Return outcomes of a batch, each (worlds,), or (weeks, worlds) where all weeks are asked."""
    mondays = batch.scenario.mondays()
    dated = [(each.name, mondays[each.week]) for each in requests if each.week is not None]
    if len(dated) == len(requests):
        return list(values_of(dated, batch))
    series = series_of([each.name for each in requests], batch)
    return [
        path if each.week is None else path[each.week]
        for path, each in zip(series, requests, strict=True)
    ]


def _mean(values: Array, replicates: int) -> Array:
    """Return means over replicates, shape (points,) or (points, weeks), always added alike."""
    by_point = values.reshape(*values.shape[:-1], -1, replicates)
    return np.ascontiguousarray(by_point).mean(axis=-1).T


class SideBySideEvaluator(BaseEvaluator):  # type: ignore[misc]
    """An evaluator of the EMA Workbench that runs experiments along the worlds axis.

    For one `TwoChairsModel` or several; gives the same bits as their `SequentialEvaluator`.
    """

    def initialize(self) -> None:
        """Refuse models of another kind; nothing has to be started."""
        for model in self._msis:
            if not isinstance(model, TwoChairsModel):
                text = "is no TwoChairsModel; run it with another evaluator"
                raise InputError.at(f"SideBySideEvaluator: {model.name}", text)

    def finalize(self) -> None:
        """Leave; nothing has been started."""

    def evaluate_experiments(self, *asked: Any, combine: str = "factorial", **_: Any) -> None:
        """Run all experiments and tell the callback of each, in their order.

        Parameters
        ----------
        asked
            Experiments and callback (EMA Workbench 3), or scenarios, policies and callback (2.5).
        combine
            How scenarios and policies are combined (2.5 alone).
        """
        self.initialize()
        *design, callback = asked
        if len(design) == 1:
            experiments = design[0]
        else:
            scenarios, policies = design
            experiments = experiment_generator(scenarios, self._msis, policies, combine=combine)
        for model, batch in self._batches(experiments):
            outputs = model.run_experiments([settings for _, settings in batch])
            for index, (experiment, _) in enumerate(batch):
                model.outcomes_output = {name: values[index] for name, values in outputs.items()}
                callback(experiment, model.outcomes_output)

    def _batches(self, experiments: Iterable[Any]) -> Iterator[tuple[TwoChairsModel, list[Any]]]:
        """Yield experiments of one model that set the same names, as many as run side by side."""
        models = {model.name: model for model in self._msis}
        pairs = ((one, models[one.model_name].settings(one)) for one in experiments)
        for (name, _), alike in groupby(pairs, lambda e: (e[0].model_name, tuple(e[1]))):
            while batch := list(islice(alike, models[name].at_once)):
                yield models[name], batch


def _model_name(name: str) -> str:
    """Return a name that both versions take: letters and digits."""
    plain = "".join(letter for letter in name if letter.isalnum())
    if not plain:
        raise InputError.at(f"name='{name}'", "holds no letter; choose another")
    return plain if plain.isidentifier() else f"s{plain}"


def _outcome(entry: str) -> Any:
    kind = ScalarOutcome if "@" in entry else TimeSeriesOutcome
    return kind(identifier(entry), variable_name=entry)


def _known_axes(scenario: Scenario) -> dict[str, Axis]:
    """Return all that an experiment can set, with the values that make sense, by identifier."""
    single = [Axis(n, *info.bounds, n) for n, info in PARAMETERS.items() if info.group is None]
    simplexes = [axis for group in GROUPS for axis in axis_of(group, None, None, None, scenario)]
    dated = [Axis(condition.id, 0.0, 1.0, condition.id) for condition in scenario.conditions]
    return {identifier(axis.name): axis for axis in (*dated, *simplexes, *single)}


def _asked_axes(
    scenario: Scenario, ranges: Mapping[str, tuple[float, float] | None] | None
) -> list[Axis]:
    """Return the axes of ranges, or of all parameters that ensembles vary."""
    if ranges is None:
        return default_axes(scenario)
    refuse_repeated(ranges, "ranges")
    axes: list[Axis] = []
    for name, ends in ranges.items():
        where = f"ranges: {name}"
        if name in RESERVED:
            text = "EMA Workbench keeps this name for itself; give the condition another id"
            raise InputError.at(where, text)
        low, high = (None, None) if ends is None else ends
        try:
            axes += axis_of(name, low, high, None, scenario)
        except InputError as error:
            raise InputError.at(where, error.problems[0].message) from None
    return axes


def _set_by(sample: Mapping[str, Any], parameters: Iterable[Any]) -> dict[str, Any]:
    """Return what a scenario or policy of the workbench sets, by the model's own names.

    As the workbench does it: without declared parameters all of it, else what is declared.
    """
    declared = list(parameters)
    if not declared:
        return dict(sample)
    found: dict[str, Any] = {}
    for parameter in declared:
        value = sample.get(parameter.name, parameter.default)
        if value is not None:
            found |= dict.fromkeys(parameter.variable_name, value)
    return found
