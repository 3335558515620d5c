"""A run again: its manifest read back and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from two_chairs.errors import InputError
from two_chairs.scenario.library import bundled_scenarios
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.text import shown
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.results.manifest import MANIFEST, scenario_digest


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
    """Say whether a name is meant as a result's folder; a bundled scenario's name never is."""
    return Path(name).is_dir() and name not in bundled_scenarios()


def read_run(folder: Path) -> RunManifest:
    """Read what a run left, to make it again.

    Raises
    ------
    InputError
        If the folder holds no result of ``run``, or one that was cut or changed since.
    """
    where, again = shown(folder / MANIFEST), "make the result again with 'two-chairs run'"
    if not (folder / MANIFEST).is_file():
        text = f"is no result: it holds no {MANIFEST}; name a folder that 'two-chairs run' left"
        raise InputError.at(shown(folder), text)
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except ValueError:
        raise InputError.at(where, f"is cut or no JSON; {again}") from None
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind != "run":
        text = f"is a result of another kind ({kind}); name a folder that 'two-chairs run' left"
        raise InputError.at(where, text)
    try:
        read = RunManifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise InputError.at(f"{where}: {key}", f"{first['msg']}; {again}") from None
    if scenario_digest(read.scenario) != read.scenario_sha256:
        raise InputError.at(f"{where}: scenario", f"was changed since the run; {again}")
    return read
