"""The folder of a sweep: a manifest, the design, and parts that are whole or not there.

A part is a plain NetCDF file (classic, 64-bit offsets) along the axis *world*: xarray opens all
of them as one data set. A part is written under a temporary name, flushed to disk and renamed;
what is done is read from the files.
"""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.errors import InputError

from .design import needed
from .results import MANIFEST, write_json

PARTS = "parts"
LOCK = ".lock"
RUNS = "runs.csv"
DESIGN = "design.csv"


def part_path(folder: Path, part: int) -> Path:
    """Return the place of a part."""
    return folder / PARTS / f"part-{part:06d}.nc"


def has_part(folder: Path, part: int) -> bool:
    """Say whether a part is done."""
    return part_path(folder, part).is_file()


def write_part(folder: Path, part: int, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write a part atomically: whole under its name, or not at all."""
    netcdf_file = needed("scipy.io").netcdf_file

    final = part_path(folder, part)
    temporary = final.with_suffix(f".{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as raw:
            file = netcdf_file(raw, "w", version=2)
            file.createDimension("world", len(next(iter(columns.values()))))
            for name, values in columns.items():
                variable = file.createVariable(name, values.dtype.newbyteorder(">"), ("world",))
                variable[:] = values
                variable.units = "1"
            file.flush()
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(temporary, final)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritten(folder, error) from None


def _unwritten(folder: Path, error: OSError) -> InputError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    cause = "the disk is full" if full else str(error.strerror)
    text = f"{cause}; the parts that are done are good: make room and go on with --resume"
    return InputError.at(f"--out {folder}", text)


def read_part(folder: Path, part: int) -> dict[str, NDArray[Any]]:
    """Return the columns of a part, each of shape (worlds of the part,)."""
    netcdf_file = needed("scipy.io").netcdf_file

    with netcdf_file(str(part_path(folder, part)), mmap=False) as file:
        return {
            name: np.array(variable[:]).astype(variable[:].dtype.newbyteorder("="))
            for name, variable in file.variables.items()
        }


# --- opening --------------------------------------------------------------------------------------


def open_store(folder: Path, manifest: Mapping[str, Any], *, resume: bool) -> None:
    """Make the folder of a sweep, or go on with one of exactly the same specification."""
    if (folder / MANIFEST).is_file():
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        differing = differences(found, manifest)
        if differing:
            raise InputError.at(
                f"--out {folder}",
                f"holds another result: {'; '.join(differing[:3])}; name another folder",
            )
        if not resume:
            raise InputError.at(
                f"--out {folder}", "holds this sweep already; add --resume or name another folder"
            )
        return
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InputError.at(f"--out {folder}", "is not empty; name an empty or a new folder")
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{MANIFEST}.tmp"
    write_json(temporary, manifest)
    os.replace(temporary, folder / MANIFEST)


def differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return what differs between two manifests, apart from how they came about."""
    here, there = _leaves("", found), _leaves("", wanted)
    return [
        f"{key} is {here.get(key, 'absent')} there and {there.get(key, 'absent')} here"
        for key in dict.fromkeys([*here, *there])
        if here.get(key) != there.get(key) and not key.startswith("made.")
    ]


def _leaves(prefix: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        entries = [(f"{prefix}.{k}" if prefix else str(k), v) for k, v in value.items()]
    elif isinstance(value, list | tuple):
        entries = [(f"{prefix}[{n}]", v) for n, v in enumerate(value)]
    else:
        return {prefix: value}
    return {k: v for key, inner in entries for k, v in _leaves(key, inner).items()}


@contextmanager
def locked(folder: Path) -> Iterator[IO[str]]:
    """Hold a sweep's folder against a second process; the lock falls with its holder."""
    import fcntl

    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError.at(
                f"--out {folder}", "another process works on it; wait or name another folder"
            ) from None
        yield file


def write_runs(folder: Path, parts: int) -> None:
    """Write one row a world, in the order of the design, from the parts."""
    temporary = folder / f"{RUNS}.tmp"
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for part in range(parts):
            columns = read_part(folder, part)
            if part == 0:
                writer.writerow(columns)
            writer.writerows(zip(*(values.tolist() for values in columns.values()), strict=True))
    os.replace(temporary, folder / RUNS)
