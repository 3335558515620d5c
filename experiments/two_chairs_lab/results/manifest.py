"""Manifests: what is needed to make a result again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError

import two_chairs
from two_chairs.compiled.engine import engine_asked, engines_used
from two_chairs.errors import InputError
from two_chairs.scenario.records import Scenario
from two_chairs.scenario.text import shown

from .words import command_line

MANIFEST = "manifest.json"
RECORD = "record_sha256"
"""Key of the checksum of the record that lies beside a manifest."""
Restored = TypeVar("Restored")
MOST_BYTES = 2**28
"""Size of the largest file of JSON that is read."""


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
        The command as a list of words; by default the one that is running.
    """
    return {
        "program": "two-chairs",
        "kind": kind,
        "version": two_chairs.__version__,
        **_engine(),
        **specification,
        "made": made_by(command),
        **({} if inputs is None else {"inputs": dict(inputs)}),
    }


def _engine() -> dict[str, Any]:
    """Return the engine that was asked for, where it is not NumPy."""
    return {} if engine_asked() == "numpy" else {"engine": engine_asked()}


def specification_digest(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a manifest specifies: all but how it came about."""
    return _sha256(json.dumps({**manifest, "made": None}, sort_keys=True).encode())


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """Return the object of a JSON file that a command has left.

    Raises
    ------
    InputError
        If the file is cut, was replaced by something else, or can not be read; says the remedy.
    """
    try:
        small = path.is_file() and path.stat().st_size <= MOST_BYTES
        content = json.loads(path.read_bytes()) if small else None
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        text = f"is damaged: it holds no object of JSON; {remedy}"
        raise InputError.at(shown(path), text)
    return content


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder of results, of whatever kind: the one gate for all.

    Raises
    ------
    InputError
        If the folder has none, or one that is no manifest of this program.
    """
    path = folder / MANIFEST
    if not path.is_file():
        text = f"is no folder of results: it holds no {MANIFEST}; name one that a command has left"
        raise InputError.at(shown(folder), text)
    content = read_json(path, "make the result again, in another folder")
    if not isinstance(content.get("kind"), str):
        text = "is no manifest of this program; name a folder that a command has left"
        raise InputError.at(shown(path), text)
    return content


def read_record(path: Path, remedy: str) -> dict[str, Any]:
    """Return the record that a command has left in a file, beside its manifest if it has one.

    Raises
    ------
    InputError
        As `read_json` does, or if it is no longer what the command has written.
    """
    content = read_json(path, remedy)
    manifest = path.with_name(MANIFEST)
    written = read_manifest(path.parent).get(RECORD) if manifest.is_file() else None
    if written is not None and written != _sha256(path.read_bytes()):
        raise InputError.at(shown(path), f"was changed since it was written; {remedy}")
    return content


def read_result(
    folder: Path, kind: str, command: str, restore: Callable[[dict[str, Any]], Restored]
) -> Restored:
    """Return what ``restore`` makes of the manifest of a result of some kind.

    Raises
    ------
    InputError
        As `read_manifest` does, if ``command`` has not left the folder, or if the manifest was
        changed or written by a version that kept other things.
    """
    content = read_manifest(folder)
    if content["kind"] != kind:
        text = f"is a result of another kind ({content['kind']})"
        raise InputError.at(shown(folder), f"{text}; name a folder that '{command}' has left")
    try:
        return restore(content)
    except InputError:
        raise
    except ValidationError as error:
        first = error.errors()[0]
        key, reason = ": " + ".".join(map(str, first["loc"])), first["msg"]
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        key, reason = "", f"{type(error).__name__} in reading it"
    written = f"of version {content.get('version')}; this is {two_chairs.__version__}"
    text = f"{reason}: was changed, or is {written}; make the result again"
    raise InputError.at(f"{shown(folder / MANIFEST)}{key}", text)


def hashes(inputs: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file, by its path as a user would write it."""
    return {shown(path): _sha256(path.read_bytes()) for path in inputs}


def scenario_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of a resolved scenario."""
    return table_digest(scenario.model_dump(mode="json"))


def table_digest(table: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a table as it stands in a file of JSON."""
    return _sha256(json.dumps(table, sort_keys=True).encode())


def made_by(command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return how a result came about: the command, and what equal bits depend on."""
    return {
        "command": list(command_line() if command is None else command),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("numpy", "mesa", "pydantic")},
        "cpu_features": _cpu_features(),
        **({"engines": list(engines_used())} if _engine() else {}),
    }


def _cpu_features() -> list[str]:
    described: Any = np.show_config(mode="dicts")
    return list(described.get("SIMD Extensions", {}).get("found", []))


def record_digest(text: str) -> dict[str, str]:
    """Return the SHA-256 of a record's text as the entry of a manifest."""
    return {RECORD: _sha256(text.encode())}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
