"""Opening what a user names: a scenario by name or path, or the folder that a run has left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from two_chairs.errors import InputError
from two_chairs.scenario.layers import input_files
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.resolve import load_reference, load_scenario
from two_chairs_lab.engine.ensemble import Ensemble
from two_chairs_lab.results.manifest import hashes, read_json

from .manifest import RunManifest, read_run


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was named, ready to be run.

    Attributes
    ----------
    ensemble
        What to run.
    name
        Name or path by which the scenario is found, ``None`` if its files no longer resolve to it.
    command
        The command that runs it.
    inputs
        File → SHA-256 of every file it is made of.
    stored
        The summary that a run has left, ``None`` if nothing was left or a scenario was named.
    """

    ensemble: Ensemble
    name: str | None
    command: Sequence[str]
    inputs: Mapping[str, str]
    stored: Mapping[str, Any] | None = None

    def load_compared(self) -> Callable[[str], Scenario] | None:
        """Return how scenarios that expectations compare with are found, if they can be."""
        if self.name is None:
            return None
        name, given = self.name, self.ensemble.scenario.overrides

        def load(against: str) -> Scenario:
            return self.ensemble.like(load_reference(name, against, given))

        return load


def open_scenario(name: str, ensemble: Ensemble) -> Reopened:
    """Open worlds of the scenario of a name or path."""
    return Reopened(ensemble, name, run_command(ensemble, name), hashes(input_files(name)))


def open_result(folder: Path) -> Reopened:
    """Open what a run has left; raises `InputError` if it is no whole result of a run."""
    manifest = read_run(folder)
    summary = folder / "summary.json"
    again = "make the result again with 'two-chairs run'"
    stored = read_json(summary, again) if summary.is_file() else None
    command = [str(word) for word in manifest.made.get("command", ())]
    ensemble, name = manifest.ensemble(), still_resolves(manifest)
    return Reopened(ensemble, name, command, manifest.inputs, stored)


def run_command(ensemble: Ensemble, name: str) -> list[str]:
    """Return the command that runs an ensemble of a scenario of a name or path."""
    words = ["two-chairs", "run", name, "--worlds", str(ensemble.worlds)]
    words += ["--seed", str(ensemble.seed)]
    for parameter, value in ensemble.scenario.overrides.items():
        words += ["--set", f"{parameter}={value!r}"]
    words += ["--fixed"] * (not ensemble.vary) + ["--no-luck"] * (not ensemble.luck)
    return words + ["--defaults"] * ensemble.defaults + ["--free"] * ensemble.free


def still_resolves(manifest: RunManifest) -> str | None:
    """Return the name or path that resolves to the scenario of a run to this day, if one does.

    The files of a run may have been changed, moved or lost since; its manifest holds the scenario
    all the same, and only what compares with *other* scenarios needs the files.
    """
    name = manifest.scenario.name
    paths = [path for path in manifest.inputs if path.endswith(f"{name}.toml")]
    for candidate in (manifest.scenario.full_name, *paths):
        if _resolves_to(candidate, manifest.scenario):
            return candidate
    return None


def _resolves_to(name: str, scenario: Scenario) -> bool:
    try:
        return load_scenario(name, scenario.overrides) == scenario
    except InputError:
        return False
