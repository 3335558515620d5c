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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, ValidationError

import two_chairs
from two_chairs.actors import DOMAINS, REGIMES, TWO_CHAIRS, Array
from two_chairs.errors import InputError
from two_chairs.scenario import Expectation, Scenario
from two_chairs.sources import bundled_scenarios
from two_chairs.tables import shown
from two_chairs.trajectory import Trajectory

from .ensemble import (
    Ensemble,
    Verdict,
    first_week,
    judge,
    quantiles,
    run_ensemble,
    run_references,
)

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


def run_result(
    ensemble: Ensemble,
    load: Callable[[str], Scenario] | None,
    progress: Callable[[int], None] | None = None,
) -> RunResult:
    """Run an ensemble and judge what was expected of it.

    Parameters
    ----------
    ensemble
        What to run.
    load
        Returns a scenario that expectations compare with, by its name there; with ``None`` the
        expectations that compare are left out.
    progress
        Told of worlds as they are done.
    """
    paths = run_ensemble(ensemble, progress)
    references = {} if load is None else run_references(ensemble, load, progress)

    def verdicts(expected: Sequence[Expectation]) -> list[Verdict]:
        known = [e for e in expected if e.against is None or e.against in references]
        return [judge(expectation, paths, references) for expectation in known]

    scenario = ensemble.scenario
    return RunResult(ensemble, paths, verdicts(scenario.expect), verdicts(scenario.targets))


def summary(result: RunResult, command: Sequence[str], inputs: Sequence[Path]) -> dict[str, Any]:
    """Return the one object that ``run --json`` prints."""
    return {**numbers(result), "manifest": manifest(result.ensemble, command, inputs)}


def numbers(result: RunResult) -> dict[str, Any]:
    """Return what a summary says apart from how it came about."""
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


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that have the same keys as CSV; ``None`` is a blank cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


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


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a temporary file to fill, and put it in the place of a file only when it is whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


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


# --- a result again -------------------------------------------------------------------------------


class RunManifest(BaseModel):
    """The part of a run's manifest that the run can be made again from."""

    kind: Literal["run"]
    version: str
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    worlds: Annotated[int, Field(ge=1)]
    vary: bool
    luck: bool
    defaults: bool = False
    made: dict[str, Any]
    inputs: dict[str, str]
    scenario_sha256: str
    scenario: Scenario

    def ensemble(self) -> Ensemble:
        """Return what was run."""
        varied = (self.vary, self.luck, self.defaults)
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
    place, again = shown(folder / MANIFEST), "make the result again with 'two-chairs run'"
    if not (folder / MANIFEST).is_file():
        text = f"is no result: it holds no {MANIFEST}; name a folder that 'two-chairs run' left"
        raise InputError.at(shown(folder), text)
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except ValueError:
        raise InputError.at(place, f"is cut or no JSON; {again}") from None
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind != "run":
        text = f"is a result of another kind ({kind}); name a folder that 'two-chairs run' left"
        raise InputError.at(place, text)
    try:
        read = RunManifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError.at(f"{place}: {where}", f"{first['msg']}; {again}") from None
    if scenario_digest(read.scenario) != read.scenario_sha256:
        raise InputError.at(f"{place}: scenario", f"was changed since the run; {again}")
    return read
