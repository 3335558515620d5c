"""Plans: where they stand, which kind a file is, and reading one as a record of its kind.

A kind of plan is a line in `KINDS`. Its record stands with the study that it belongs to, and its
file names the scenarios of the study as `scenario` or `scenarios`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from two_chairs.errors import InputError, nearest
from two_chairs.scenario.library import bundled_folder
from two_chairs.scenario.text import check_table, read_toml, shown
from two_chairs.vocabulary import Frozen

FOLDER = "plans"
"""Folder of a case's plans."""
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

        Scenarios that are named by their files stand beside the plan.
        """
        plan, problems = check_table(record, self.table, shown(self.path))
        if plan is None or problems:
            raise InputError(problems)
        named = {key: getattr(plan, key, None) for key in ("scenario", "scenarios")}
        found = {key: self._beside(value) for key, value in named.items() if value is not None}
        return plan.model_copy(update=found)

    def read(self) -> Any:
        """Return the plan as the record of its kind; raises `InputError` with every problem."""
        if self.kind not in KINDS:
            text = f"'{self.kind}' is no kind of plan; {nearest(self.kind, KINDS)}"
            raise InputError.at(f"{shown(self.path)}: kind", text)
        module, _, name = KINDS[self.kind].record.partition(":")
        return self.as_record(getattr(import_module(f"{PACKAGE}.{module}"), name))

    def _beside(self, name: Any) -> Any:
        if isinstance(name, tuple):
            return tuple(map(self._beside, name))
        return str(self.path.parent / name) if name.endswith(".toml") else name


def bundled_plans() -> dict[str, Path]:
    """Return the bundled plans by name, the file's stem."""
    return {path.stem: path for path in sorted(bundled_folder().glob(f"*/{FOLDER}/*.toml"))}


def plan_path(name: str | Path) -> Path:
    """Return the file of a bundled plan of this name, else the name as a path."""
    return bundled_plans().get(str(name)) or Path(name)


def open_plan(path: Path) -> PlanFile | None:
    """Read a TOML file as a plan, of whatever kind it says it is; ``None`` if it is none.

    Raises
    ------
    InputError
        If there is no such file, or it can not be read as TOML.
    """
    table = read_toml(path)
    if "kind" in table and "actors" not in table:
        return PlanFile(path, str(table["kind"]), table)
    known = [kind for kind, entry in KINDS.items() if entry.keys & set(table)]
    return PlanFile(path, known[-1], table) if known else None


def find_plan(name: str | Path) -> PlanFile | None:
    """Read the plan bundled under a name or standing at a path; ``None`` for anything else.

    Raises
    ------
    InputError
        If a file of this name can not be read as TOML.
    """
    path = plan_path(name)
    return open_plan(path) if path.suffix == ".toml" and path.is_file() else None
