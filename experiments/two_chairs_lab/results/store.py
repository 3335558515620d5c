"""The store of a sweep: its table, lock, rows and design, beside its parts."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs_lab.designs.design import Design, Numbered

from .folder import DESIGN, LOCK, PARTS, TABLE
from .manifest import MANIFEST, read_manifest
from .parts import file_of, has_part, read_part, whole, whole_text

MOST_DESIGN_ROWS = 200_000
"""Points up to which ``design.csv`` is written."""
ROWS_AT_ONCE = 65_536
PROOF = 1024
"""Rows of a numbered design whose digest says that it is drawn as it was."""


def table_record(table: Array | Numbered) -> dict[str, Any]:
    """Return what a manifest says of the design's table: its file, size and SHA-256.

    A numbered table has no file; its digest is that of its first rows.
    """
    if isinstance(table, Numbered):
        first = hashlib.sha256(table[:PROOF].astype("<f8").tobytes()).hexdigest()
        return {"points": len(table), "first_sha256": first}
    digest = hashlib.sha256()
    for piece in file_of(table):
        digest.update(piece)
    return {"file": TABLE, "points": table.shape[0], "sha256": digest.hexdigest()}


def write_table(folder: Path, table: Array) -> None:
    """Write the design's table, (points, axes), as a plain NumPy array."""
    with whole(folder, folder / TABLE) as raw:
        for piece in file_of(table):
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
    if not (isinstance(design.table, Numbered) or (folder / TABLE).is_file()):
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
    found = read_manifest(folder)
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
    written = found.get("design")
    sha256 = written.get("sha256") if isinstance(written, dict) else None
    here, there = design.table, read_table(folder, str(sha256))
    if isinstance(here, Numbered) or here.shape != there.shape:
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
def locked(folder: Path) -> Iterator[None]:
    """Hold a sweep's folder against a second process; the lock falls with its holder."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        text = "another process works on it; wait or name another folder"
        raise InputError.at(f"--out {folder}", text) from None
    except NotImplementedError:
        text = "its file system has no locks; name a folder on a local disk"
        raise InputError.at(f"--out {folder}", text) from None
    try:
        yield
    finally:
        lock.release()


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
