"""A run again: its manifest read back and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from two_chairs.errors import InputError
from two_chairs.scenario.library import find
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.text import shown
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.results.manifest import MANIFEST, read_result, scenario_digest


class RunManifest(BaseModel):
    """The part of a run's manifest that the run can be made again from."""

    kind: Literal["run"]
    version: str
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    worlds: Annotated[int, Field(ge=1)]
    vary: bool
    luck: bool
    defaults: bool = False
    free: bool = False
    made: dict[str, Any]
    inputs: dict[str, str]
    scenario_sha256: str
    scenario: Scenario

    def ensemble(self) -> Ensemble:
        """Return what was run."""
        varied = (self.vary, self.luck, self.defaults, self.free)
        return Ensemble(self.scenario, self.worlds, self.seed, *varied)


def is_result(name: str) -> bool:
    """Say whether a name is meant as a result's folder; a scenario's name never is."""
    return Path(name).is_dir() and find(name) is None


def read_run(folder: Path) -> RunManifest:
    """Read what a run left, to make it again.

    Raises
    ------
    InputError
        If the folder holds no result of ``run``, or one that was cut or changed since.
    """
    read = read_result(folder, "run", "two-chairs run", RunManifest.model_validate)
    check_scenario(folder, scenario_digest(read.scenario), read.scenario_sha256)
    return read


def check_scenario(folder: Path, digest: str, written: str) -> None:
    """Raise `InputError` if the scenario of a run is no longer the one that its manifest sealed."""
    if digest != written:
        text = "was changed since the run; make the result again with 'two-chairs run'"
        raise InputError.at(f"{shown(folder / MANIFEST)}: scenario", text)
