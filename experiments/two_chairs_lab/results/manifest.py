"""Manifests: what is needed to make a result again."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import two_chairs
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.text import shown

if TYPE_CHECKING:
    from two_chairs_lab.engine.ensemble import Ensemble

MANIFEST = "manifest.json"


def make_manifest(
    kind: str,
    specification: Mapping[str, Any],
    inputs: Mapping[str, str] | None = None,
    command: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return what is needed to make a result again, as plain data: the one maker of manifests.

    Parameters
    ----------
    kind
        Kind of result, as `results.folder.check_folder` knows it.
    specification
        What was run.
    inputs
        File → SHA-256, as `hashes` gives it.
    command
        The command as a list of words; by default that of this process.
    """
    return {
        "program": "two-chairs",
        "kind": kind,
        "version": two_chairs.__version__,
        **specification,
        "made": made_by(command),
        **({} if inputs is None else {"inputs": dict(inputs)}),
    }


def manifest(ensemble: Ensemble, command: Sequence[str], inputs: Sequence[Path]) -> dict[str, Any]:
    """Return the manifest of a run made of some files (`manifest_of`)."""
    return manifest_of("run", ensemble, command, hashes(inputs))


def manifest_of(
    kind: str, ensemble: Ensemble, command: Sequence[str], inputs: Mapping[str, str]
) -> dict[str, Any]:
    """Return what is needed to make a result again: data only, the resolved scenario included.

    Parameters
    ----------
    kind
        Kind of result, as `check_folder` knows it.
    ensemble
        What was run.
    command
        The command as a list of words.
    inputs
        File → SHA-256, as `hashes` gives it.
    """
    scenario = ensemble.scenario.model_dump(mode="json")
    digest = scenario_digest(ensemble.scenario)
    return {
        "program": "two-chairs",
        "kind": kind,
        "version": two_chairs.__version__,
        "seed": ensemble.seed,
        "worlds": ensemble.worlds,
        "vary": ensemble.vary,
        "luck": ensemble.luck,
        "defaults": ensemble.defaults,
        "made": made_by(command),
        "inputs": dict(inputs),
        "scenario_sha256": digest,
        "scenario": scenario,
    }


def hashes(inputs: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file, by its path as a user would write it."""
    return {shown(path): _sha256(path.read_bytes()) for path in inputs}


def scenario_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of a resolved scenario."""
    return _sha256(json.dumps(scenario.model_dump(mode="json"), sort_keys=True).encode())


def made_by(command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return how a result came about: the command, and what equal bits depend on."""
    return {
        "command": list(command_line() if command is None else command),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("numpy", "mesa", "pydantic")},
        "cpu_features": _cpu_features(),
    }


def _cpu_features() -> list[str]:
    described: Any = np.show_config(mode="dicts")
    return list(described.get("SIMD Extensions", {}).get("found", []))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def command_line() -> list[str]:
    """Return the command as a user would type it again."""
    return ["two-chairs", *sys.argv[1:]]
