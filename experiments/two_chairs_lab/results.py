"""What a run leaves behind: one summary object, a manifest, and a folder written all at once."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

import two_chairs
from two_chairs.actors import DOMAINS, REGIMES, TWO_CHAIRS, Array
from two_chairs.errors import InputError
from two_chairs.tables import shown
from two_chairs.trajectory import Trajectory

from .ensemble import Ensemble, Verdict, first_week, quantiles

MANIFEST = "manifest.json"
FAN_INDICES = (
    "tilt", "breadth", "level", "split", "strain", "hostility", "incumbent_seat", "rival_seat",
    "security", "welfare", "autonomy", "coercion", "threat",
)  # fmt: skip
"""Indices that a summary gives as quantiles over worlds, week by week."""
DIGITS = 6


@dataclass(frozen=True, slots=True)
class RunResult:
    """An ensemble, its paths, and what came of its expectations and targets."""

    ensemble: Ensemble
    paths: Trajectory
    expectations: Sequence[Verdict]
    targets: Sequence[Verdict]


def summary(result: RunResult, command: Sequence[str], inputs: Sequence[Path]) -> dict[str, Any]:
    """Return the one object that ``run --json`` prints."""
    paths, ensemble = result.paths, result.ensemble
    shares = {regime: paths.regime_share(regime) for regime in REGIMES}
    first = first_week(shares[REGIMES[TWO_CHAIRS]])
    return {
        "scenario": ensemble.scenario.name,
        "worlds": ensemble.worlds,
        "seed": ensemble.seed,
        "conditional_on": ensemble.conditional_on(),
        "dates": [day.isoformat() for day in paths.dates],
        **{name: fan(paths.outcome(name)) for name in FAN_INDICES},
        "regime_shares": {regime: _rounded(share) for regime, share in shares.items()},
        "alignment": _alignment_fans(paths),
        "expectations": [
            {"text": v.expectation.text, "held": v.held, "share": v.share}
            for v in result.expectations
        ],
        "targets": {
            getattr(v.expectation, "id", ""): {"expected": v.expectation.text, "share": v.share}
            for v in result.targets
        },
        "first_two_chairs": None if first is None else paths.dates[first].isoformat(),
        "manifest": manifest(ensemble, command, inputs),
    }


def fan(values: Array) -> dict[str, list[float]]:
    """Return the 5th, 50th and 95th percentile over worlds of a weekly series."""
    low, middle, high = quantiles(values)
    return {"p05": _rounded(low), "p50": _rounded(middle), "p95": _rounded(high)}


def _alignment_fans(paths: Trajectory) -> dict[str, dict[str, dict[str, list[float]]]]:
    actors = paths.cast.actors
    return {
        f"{holder}>{toward}": {
            domain: fan(paths.outcome(f"{holder}>{toward}:{domain}")) for domain in DOMAINS
        }
        for holder in actors
        for toward in actors
        if holder != toward
    }


def _rounded(values: Array) -> list[float]:
    return [float(value) for value in np.round(values, DIGITS)]


def manifest(ensemble: Ensemble, command: Sequence[str], inputs: Sequence[Path]) -> dict[str, Any]:
    """Return what is needed to make a result again: data only, the resolved scenario included."""
    scenario = ensemble.scenario.model_dump(mode="json")
    return {
        "program": "two-chairs",
        "kind": "run",
        "version": two_chairs.__version__,
        "seed": ensemble.seed,
        "worlds": ensemble.worlds,
        "vary": ensemble.vary,
        "luck": ensemble.luck,
        "made": made_by(command),
        "inputs": {shown(path): _sha256(path.read_bytes()) for path in inputs},
        "scenario_sha256": _sha256(json.dumps(scenario, sort_keys=True).encode()),
        "scenario": scenario,
    }


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


# --- folders --------------------------------------------------------------------------------------


def write_folder(folder: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Fill a new folder beside its place and move it there whole.

    A folder that an earlier result of the same kind left is replaced; anything else in the way
    is refused, untouched.
    """
    check_folder(folder, kind)
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fill(new)
        new.chmod(0o755)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
            folder.rename(old / folder.name)
            new.rename(folder)
            shutil.rmtree(old)
        else:
            new.rename(folder)
    finally:
        if new.exists():
            shutil.rmtree(new)


@contextmanager
def renamed(final: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears whole under its name, flushed to disk, or not at all."""
    temporary = final.with_name(f"{final.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


def check_folder(folder: Path, kind: str) -> None:
    """Refuse a place that holds something other than an earlier result of the same kind."""
    for place in (folder, *folder.resolve().parents):
        if place.is_file():
            raise InputError.at(f"--out {folder}", f"{place.name} is a file; name a folder")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    found = folder / MANIFEST
    if not found.is_file():
        text = f"holds files but no {MANIFEST}; name an empty or a new folder"
        raise InputError.at(f"--out {folder}", text)
    if json.loads(found.read_text(encoding="utf-8")).get("kind") != kind:
        raise InputError.at(f"--out {folder}", "holds another kind of result; name a new folder")


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file, readable by people too."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def command_line() -> list[str]:
    """Return the command as a user would type it again."""
    return ["two-chairs", *sys.argv[1:]]


def write_weeks(path: Path, content: dict[str, Any]) -> None:
    """Write the weekly quantiles and regime shares of a summary as a table, one row a week."""
    columns: dict[str, list[Any]] = {"date": content["dates"]}
    for name in FAN_INDICES:
        columns |= {f"{name}_{key}": values for key, values in content[name].items()}
    columns |= {f"share_{regime}": share for regime, share in content["regime_shares"].items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
