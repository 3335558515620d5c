"""The folder of a sweep: a manifest, the design, and parts that are whole or not there.

The table of the design is one plain array (``design.npy``), mapped into memory: who computes a part
reads the rows it needs. A part is a plain NetCDF file (classic, 64-bit offsets) along the axis
*world*: xarray opens all of them as one data set. Every file is written under a temporary name,
flushed to disk and renamed; what is done is read from the files.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.actors import Array
from two_chairs.errors import InputError

from .design import Design, needed
from .results import MANIFEST, check_folder, renamed

PARTS = "parts"
LOCK = ".lock"
RUNS = "runs.csv"
DESIGN = "design.csv"
TABLE = "design.npy"
MOST_DESIGN_ROWS = 200_000
"""Points up to which ``design.csv`` is written."""
ROWS_AT_ONCE = 65_536
BEGUN = frozenset({PARTS, LOCK, TABLE})
"""What a folder can hold before its manifest stands."""


@contextmanager
def whole(folder: Path, final: Path) -> Iterator[IO[bytes]]:
    """Open a file of a sweep's folder that appears whole under its name, or not at all."""
    try:
        with renamed(final) as raw:
            yield raw
    except OSError as error:
        raise _unwritten(folder, error) from None


@contextmanager
def whole_text(folder: Path, final: Path) -> Iterator[IO[str]]:
    """Open a text file that appears whole under its name, or not at all."""
    with whole(folder, final) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.detach()


def _unwritten(folder: Path, error: OSError) -> InputError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    cause = "the disk is full" if full else str(error.strerror)
    text = f"{cause}; the parts that are done are good: make room and go on with --resume"
    return InputError.at(f"--out {folder}", text)


# --- parts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable:
    """An array with named axes and a unit, as it stands in a NetCDF file."""

    axes: tuple[str, ...]
    values: NDArray[Any]
    units: str = "1"


def write_netcdf(folder: Path, final: Path, variables: Mapping[str, Variable]) -> None:
    """Write arrays as one NetCDF file of a sweep's folder: whole under its name, or not at all."""
    netcdf_file = needed("scipy.io").netcdf_file

    sizes = {
        axis: size
        for entry in variables.values()
        for axis, size in zip(entry.axes, entry.values.shape, strict=True)
    }
    with whole(folder, final) as raw:
        file = netcdf_file(raw, "w", version=2)
        for axis, size in sizes.items():
            file.createDimension(axis, size)
        for name, entry in variables.items():
            big_endian = entry.values.dtype.newbyteorder(">")
            variable = file.createVariable(name, big_endian, entry.axes)
            variable[:] = entry.values
            variable.units = entry.units
        file.flush()


def read_netcdf(path: Path, names: Collection[str] | None = None) -> dict[str, NDArray[Any]]:
    """Return the named variables of a NetCDF file (all if ``None``); nothing else is read."""
    netcdf_file = needed("scipy.io").netcdf_file

    with netcdf_file(str(path), mmap=True) as file:
        wanted = list(file.variables) if names is None else names
        return {name: _native(file.variables[name].data) for name in wanted}


def _native(values: NDArray[Any]) -> NDArray[Any]:
    return np.array(values, dtype=values.dtype.newbyteorder("="))


def part_path(folder: Path, part: int) -> Path:
    """Return the place of a part."""
    return folder / PARTS / f"part-{part:06d}.nc"


def has_part(folder: Path, part: int) -> bool:
    """Say whether a part is done."""
    return part_path(folder, part).is_file()


def write_part(folder: Path, part: int, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write a part: every column of shape (worlds of the part,)."""
    variables = {name: Variable(("world",), values) for name, values in columns.items()}
    write_netcdf(folder, part_path(folder, part), variables)


def read_part(
    folder: Path, part: int, names: Collection[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Return columns of a part, all if none are named, each of shape (worlds of the part,)."""
    return read_netcdf(part_path(folder, part), names)


# --- the design -----------------------------------------------------------------------------------


def _file_of(table: Array) -> Iterator[bytes | memoryview]:
    """Yield the bytes of the file of a table, without a copy of the table."""
    plain = np.ascontiguousarray(table, dtype="<f8")
    header = io.BytesIO()
    described = np.lib.format.header_data_from_array_1_0(plain)
    np.lib.format.write_array_header_1_0(header, described)
    yield header.getvalue()
    yield plain.data.cast("B")


def table_record(table: Array) -> dict[str, Any]:
    """Return what a manifest says of the design's table: its file, size and SHA-256."""
    digest = hashlib.sha256()
    for piece in _file_of(table):
        digest.update(piece)
    return {"file": TABLE, "points": table.shape[0], "sha256": digest.hexdigest()}


def write_table(folder: Path, table: Array) -> None:
    """Write the design's table, (points, axes), as a plain NumPy array."""
    with whole(folder, folder / TABLE) as raw:
        for piece in _file_of(table):
            raw.write(piece)


def read_table(folder: Path, sha256: str) -> Array:
    """Return the design's table, mapped into memory; raises `InputError` if it has changed."""
    path = folder / TABLE
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        text = f"has changed since it was written (its SHA-256 is not that of {MANIFEST})"
        raise InputError.at(str(path), f"{text}; remove it, and it is drawn again")
    return np.load(path, mmap_mode="r").view(np.ndarray)


# --- opening --------------------------------------------------------------------------------------


def make_place(folder: Path, kind: str = "sweep") -> None:
    """Make the folder of a sweep or the like, or refuse a place that holds something else."""
    inside = (*folder.glob("*"), *folder.glob(f"{PARTS}/*"))
    if not folder.is_dir() or not {path.name for path in inside if path.suffix != ".tmp"} <= BEGUN:
        check_folder(folder, kind)
    folder.mkdir(parents=True, exist_ok=True)


def open_store(
    folder: Path, manifest: Mapping[str, Any], design: Design, *, resume: bool = False
) -> None:
    """Begin the store of a sweep, or go on with one of exactly the same specification."""
    refuse_other(
        folder, manifest, resume, lambda found: _differing_points(folder, found, manifest, design)
    )
    (folder / PARTS).mkdir(exist_ok=True)
    for left in (*folder.glob("*.tmp"), *folder.glob("*/*.tmp")):
        left.unlink(missing_ok=True)
    if not (folder / TABLE).is_file():
        write_table(folder, design.table)
    write_manifest(folder, manifest)


def refuse_other(
    folder: Path,
    manifest: Mapping[str, Any],
    resume: bool,
    look_closer: Callable[[Mapping[str, Any]], list[str]] = lambda _: [],
) -> None:
    """Refuse a folder that holds a result of another specification, or this one unasked.

    ``look_closer`` says from the manifest found what else differs, to be told first.
    """
    if not (folder / MANIFEST).is_file():
        return
    found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    differing = differences(found, manifest)
    if differing:
        first = [*look_closer(found), *differing][:3]
        text = f"holds another result: {'; '.join(first)}; name another folder"
        raise InputError.at(f"--out {folder}", text)
    if not resume:
        text = f"holds this {manifest['kind']} already; add --resume or name another folder"
        raise InputError.at(f"--out {folder}", text)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a folder, if it has none."""
    if not (folder / MANIFEST).is_file():
        with whole_text(folder, folder / MANIFEST) as file:
            json.dump(manifest, file, indent=1, ensure_ascii=False)
            file.write("\n")


def _differing_points(
    folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any], design: Design
) -> list[str]:
    """Say where the table of a folder and another of the same shape differ first."""
    if found.get("axes") != wanted["axes"] or not (folder / TABLE).is_file():
        return []
    here, there = design.table, np.load(folder / TABLE, mmap_mode="r")
    if here.shape != there.shape:
        return []
    for first in range(0, len(here), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        points, axes = np.nonzero(here[rows] != there[rows])
        if points.size:
            point, axis = first + int(points[0]), int(axes[0])
            values = f"{there[point, axis]:.6g} there and {here[point, axis]:.6g} here"
            return [f"{design.axes[axis].name} of point {point} is {values}"]
    return []


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


class RunRows:
    """Writes ``runs.csv`` while parts are made: one row a world, in the order of the design."""

    def __init__(self, folder: Path, parts: int, file: IO[str]) -> None:
        self._folder, self._parts, self._next = folder, parts, 0
        self._writer = csv.writer(file, lineterminator="\n")

    def advance(self, _: int = 0) -> None:
        """Write the rows of all parts that are done, up to the first that is not."""
        while self._next < self._parts and has_part(self._folder, self._next):
            columns = read_part(self._folder, self._next)
            if self._next == 0:
                self._writer.writerow(columns)
            rows = zip(*(values.tolist() for values in columns.values()), strict=True)
            self._writer.writerows(rows)
            self._next += 1


def write_design(folder: Path, design: Design) -> None:
    """Write ``design.csv``, one row a point, unless there are too many or it stands already."""
    path = folder / DESIGN
    if design.points <= MOST_DESIGN_ROWS and not path.is_file():
        with whole_text(folder, path) as file:
            design.write(file)
