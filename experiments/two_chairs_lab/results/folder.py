"""Folders of results: written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from two_chairs.errors import InputError

from .manifest import MANIFEST, read_manifest

LOCK = ".lock"
RUNS = "runs.csv"
DESIGN = "design.csv"
TABLE = "design.npy"
PARTS = "parts"
BEGUN = frozenset({PARTS, LOCK, TABLE})
"""What a folder can hold before its manifest stands."""


def write_folder(folder: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Fill a new folder beside its path and move it there whole.

    A folder that an earlier result of the same kind left is replaced; anything else in the way
    is refused, untouched.
    """
    check_folder(folder, kind, resume=True)
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


def update_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder and move its files into one that stands, each whole.

    Files of the same names are replaced, but for the manifest, which says how the folder began.
    """
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        fill(new)
        for path in sorted(new.rglob("*")):
            final = folder / path.relative_to(new)
            if path.is_dir():
                final.mkdir(exist_ok=True)
            elif final.name != MANIFEST or not final.exists():
                os.replace(path, final)
    finally:
        shutil.rmtree(new)


@contextmanager
def renamed(final: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears whole under its name, flushed to disk, or not at all."""
    refuse_special(final)
    temporary = final.with_name(f"{final.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


def check_folder(folder: Path, kind: str, *, resume: bool = False) -> None:
    """Refuse a path that holds something other than an earlier result of the same kind.

    Parts of a result of this kind that is not finished are refused too, unless it is resumed.
    """
    for part in (folder, *folder.resolve().parents):
        if part.is_file():
            raise InputError.at(f"--out {folder}", f"{part.name} is a file; name a folder")
    check_writable(folder)
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if _is_begun(folder, kind):
        if not resume:
            text = f"holds an unfinished {kind}; add --resume to go on, or name another folder"
            raise InputError.at(f"--out {folder}", text)
        return
    found = folder / MANIFEST
    if not found.is_file():
        text = f"holds files but no {MANIFEST}; name an empty or a new folder"
        raise InputError.at(f"--out {folder}", text)
    if read_manifest(folder)["kind"] != kind:
        raise InputError.at(f"--out {folder}", "holds another kind of result; name a new folder")


def check_writable(path: Path, option: str = "--out") -> None:
    """Refuse a path where nothing can be written, before any work is done for it; leaves nothing.

    Raises
    ------
    InputError
        If no file can be made beside the path, or in the folder that stands there, or if what
        stands there is a device, a pipe or a socket.
    """
    refuse_special(path, option)
    final = path.resolve()
    beside = next(folder for folder in final.parents if folder.is_dir())
    try:
        for folder in (beside, *([final] if final.is_dir() else [])):
            with tempfile.TemporaryDirectory(prefix=f".{final.name}-old-", dir=folder):
                pass
    except OSError as error:
        text = f"can not be written ({error.strerror}); make room or choose another place"
        raise InputError.at(f"{option} {path}", text) from None


def refuse_special(path: Path, option: str = "--out") -> None:
    """Refuse a path of a device, a pipe or a socket: a result would be put in its stead."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        text = "is a device, a pipe or a socket; name a file or a folder of your own"
        raise InputError.at(f"{option} {path}", text)


def _is_begun(folder: Path, kind: str) -> bool:
    """Say whether a folder holds nothing but kept parts of a kind of result."""
    if [path.name for path in folder.iterdir()] != [PARTS]:
        return False
    return all(path.name.startswith(f"{kind}-") for path in (folder / PARTS).iterdir())


def kept_stem(folder: Path, kind: str) -> Path:
    """Return the stem of the files in which parts of an unfinished result are kept."""
    return folder / PARTS / kind


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a temporary file to fill, and put it in the stead of a file only when it is whole."""
    refuse_special(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file, readable by people too."""
    path.write_text(json_text(content), encoding="utf-8")


def json_text(content: Any) -> str:
    """Return the text of a JSON file, readable by people too."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def make_place(folder: Path, kind: str = "sweep") -> None:
    """Make the folder of a sweep or the like, or refuse a path that holds something else."""
    inside = (*folder.glob("*"), *folder.glob(f"{PARTS}/*"))
    if not folder.is_dir() or not {path.name for path in inside if path.suffix != ".tmp"} <= BEGUN:
        check_folder(folder, kind)
    folder.mkdir(parents=True, exist_ok=True)
