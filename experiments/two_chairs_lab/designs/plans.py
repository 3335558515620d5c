"""Plans: where they stand, which kind a file is, and reading one as a record of its kind.

A kind of plan is a line in `KINDS`. Its record stands with the study that it belongs to, and its
file names the scenarios of the study as `scenario` or `scenarios`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from two_chairs.errors import InputError, Problem, nearest, notice
from two_chairs.scenario.library import (
    CASE_FILE,
    at_hand,
    bundled,
    case_of,
    find,
    full_name,
    is_path,
    no_such,
)
from two_chairs.scenario.text import check_table, read_toml, shown
from two_chairs.vocabulary import Frozen

PACKAGE = __name__.partition(".")[0]
Record = TypeVar("Record", bound=Frozen)


@dataclass(frozen=True, slots=True)
class PlanKind:
    """A kind of plan.

    Attributes
    ----------
    record
        Module, below this package, and class of its record.
    keys
        Keys by which a file that names no kind is known for one.
    """

    record: str
    keys: frozenset[str] = frozenset()


KINDS: Mapping[str, PlanKind] = {
    "sweep": PlanKind(
        "studies.sweep.study:Plan",
        frozenset({"scenarios", "ranges", "design", "replicates", "outcomes"}),
    ),
    "calibration": PlanKind("studies.calibrate.study:CalibrationPlan"),
    "sensitivity": PlanKind("studies.sensitivity.plan:SensitivityPlan"),
    "claim": PlanKind("studies.claim.files:ClaimFile", frozenset({"test", "says"})),
}
"""Kind of plan → what is known of it; a file that names none is of the last whose keys it has."""


class RangeEnds(Frozen):
    """A range of a plan; ends that are left out are those of the scenario or the parameter."""

    low: float | None = None
    high: float | None = None


class RangeEntry(RangeEnds):
    """A range of a plan with its levels on a grid."""

    levels: Annotated[int, Field(ge=2)] | None = None


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as it was read, not yet checked: its file, its kind and its table."""

    path: Path
    kind: str
    table: Mapping[str, Any]

    def as_record(self, record: type[Record]) -> Record:
        """Return the plan as a record; raises `InputError` with every problem.

        Scenarios that are named by their files stand beside the plan; a bare name means the case
        that the plan stands in, and where no scenario is named that case's baseline.
        """
        plan, problems = check_table(record, self.table, shown(self.path))
        if plan is None or problems:
            raise InputError(problems)
        named = {key: getattr(plan, key, None) for key in ("scenario", "scenarios")}
        found = {key: self._settled(key, name) for key, name in named.items() if name is not None}
        if not set(found) & set(self.table) and case_of(self.path) is None:
            names = ((name,) if isinstance(name, str) else name for name in found.values())
            meant = ", ".join(chain.from_iterable(names))
            notice(shown(self.path), f"names no scenario and stands in no case; read as {meant}")
        return plan.model_copy(update=found)

    def read(self) -> Any:
        """Return the plan as the record of its kind; raises `InputError` with every problem."""
        if self.kind not in KINDS:
            text = f"'{self.kind}' is no kind of plan; {nearest(self.kind, KINDS)}"
            raise InputError.at(f"{shown(self.path)}: kind", text)
        module, _, name = KINDS[self.kind].record.partition(":")
        return self.as_record(getattr(import_module(f"{PACKAGE}.{module}"), name))

    def _settled(self, key: str, name: Any) -> Any:
        if isinstance(name, tuple):
            return tuple(self._settled(key, each) for each in name)
        if is_path(name):
            return str(self.path.parent / name)
        own = case_of(self.path)
        if "/" in name:
            path = find(name)
        elif own is None:
            path = find(name, here=self.path.parent)
        else:
            path = own / f"{name}.toml"
        if path is None or not path.is_file():
            text = no_such(name) if own is None else _none_in(own, name)
            raise InputError.at(f"{shown(self.path)}: {key}: {name}", text)
        return full_name(path) or str(path)


def _none_in(folder: Path, name: str) -> str:
    """Say that a case has no scenario of a name, and which it has."""
    known = [path.stem for path in sorted(folder.glob("*.toml")) if path.name != CASE_FILE]
    return f"no scenario of this name stands in {folder.name}; {nearest(name, known)}"


def bundled_plans() -> dict[str, Path]:
    """Return the bundled plans by full name, ``case/name``."""
    return bundled("plan")


def plan_path(name: str | Path) -> Path:
    """Return the file of the plan of this name, else the name as a path.

    Raises
    ------
    InputError
        If several cases at hand have a plan of this name.
    """
    found = None if is_path(name) else find(str(name), "plan")
    return found or Path(name)


def open_plan(path: Path) -> PlanFile | None:
    """Read a TOML file as a plan, of whatever kind it says it is; ``None`` if it is none.

    Raises
    ------
    InputError
        If there is no such file or name, or it can not be read as TOML.
    """
    if not is_path(path) and not path.exists():
        raise InputError.at(str(path), no_such(str(path), "plan"))
    table = read_toml(path)
    if "kind" in table and "actors" not in table:
        return PlanFile(path, str(table["kind"]), table)
    known = [kind for kind, entry in KINDS.items() if entry.keys & set(table)]
    return PlanFile(path, known[-1], table) if known else None


def at_hand_is_scenario(name: str) -> bool:
    """Whether a bare name is that of a scenario, and of no plan, in the user's own cases."""
    own, plans = (
        {full.rpartition("/")[2] for full in at_hand(kind)} for kind in ("scenario", "plan")
    )
    return name in own - plans


def find_plan(name: str | Path) -> PlanFile | None:
    """Read the plan bundled under a name or standing at a path; ``None`` for anything else.

    Raises
    ------
    InputError
        If a file of this name can not be read as TOML.
    """
    if at_hand_is_scenario(str(name)):
        return None
    path = plan_path(name)
    return open_plan(path) if is_path(path) and path.is_file() else None


@contextmanager
def said_of_plan(name: str | Path, given: Collection[str] = ()) -> Iterator[None]:
    """Put the file of a plan before what is wrong with its keys, those of options apart.

    Parameters
    ----------
    name
        Name or path of the plan; of anything else nothing is changed.
    given
        Keys that options have set.
    """
    try:
        yield
    except InputError as error:
        file = find_plan(name)
        if file is None:
            raise
        keys = set(file.table) - set(given)
        raise InputError(_said_of(file, keys, problem) for problem in error.problems) from None


def _said_of(file: PlanFile, keys: Collection[str], problem: Problem) -> Problem:
    own = problem.place.replace("--param ", "ranges.", 1)
    if re.split(r"[.:\[]", own)[0] not in keys:
        return problem
    return Problem(f"{shown(file.path)}: {own}", problem.message)
