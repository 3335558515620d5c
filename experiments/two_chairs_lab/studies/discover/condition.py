"""Conditions on outcomes, as ``regime:two-chairs@end < 0.5``: read, checked, applied."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from two_chairs.axes import Array, Flags
from two_chairs.errors import InputError, nearest
from two_chairs.outcomes import cast_of, read_outcome
from two_chairs.scenario.records import Scenario
from two_chairs_lab.studies.sweep.study import Sweep, week_of_outcome

SIGNS: Mapping[str, Callable[[Array, float], Flags]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}
_EXAMPLE = "write one such as 'regime:two-chairs@end < 0.5'"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on an outcome: NAME@DATE SIGN NUMBER."""

    outcome: str
    sign: str
    number: float

    def __str__(self) -> str:
        """Return the condition as it is written."""
        return f"{self.outcome} {self.sign} {self.number:g}"

    def holds(self, values: Array) -> Flags:
        """Say where it holds."""
        return SIGNS[self.sign](values, self.number)


def read_condition(text: str) -> Condition:
    """Read a condition; raises `InputError` with what is wrong and what would be right."""
    where = f"--where {text.strip() or '(empty)'}"
    found = re.fullmatch(r"\s*([^@\s]+)@([\w-]+)\s*([<>=!~]+)\s*(\S+)\s*", text)
    if found is None:
        raise InputError.at(where, f"is not NAME@DATE SIGN NUMBER; {_EXAMPLE}")
    name, at, sign, written = found.groups()
    if sign not in SIGNS:
        raise InputError.at(where, f"'{sign}' is no sign; choose one of {', '.join(SIGNS)}")
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError.at(where, f"'{written}' is not a number; write one such as 0.5")
    return Condition(f"{name}@{at}", sign, value)


def check_condition(condition: Condition, scenario: Scenario) -> None:
    """Refuse a condition on what a scenario does not have; raises `InputError`."""
    name, _, at = condition.outcome.partition("@")
    read_outcome(name, cast_of(scenario.case), f"--where {condition}")
    week_of_outcome(at, scenario, f"--where {condition}")


def check_kept(condition: Condition, sweep: Sweep) -> None:
    """Refuse a condition on what a finished sweep did not keep; raises `InputError`."""
    if condition.outcome not in sweep.plan.outcomes:
        text = f"this sweep did not keep '{condition.outcome}'"
        remedy = nearest(condition.outcome, sweep.plan.outcomes)
        raise InputError.at(f"--where {condition}", f"{text}; {remedy}, or sweep again with it")
