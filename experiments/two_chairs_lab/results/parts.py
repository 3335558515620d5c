"""Parts: one file each, whole or absent, as NumPy arrays and netCDF."""

from __future__ import annotations

import errno
import hashlib
import io
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from two_chairs.axes import Array
from two_chairs.errors import InputError
from two_chairs.scenario.text import shown

from .folder import PARTS, renamed
from .manifest import MANIFEST, read_json, specification_digest


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
    return InputError.at(f"--out {shown(folder)}", text)


@dataclass(frozen=True, slots=True)
class Variable:
    """An array with named axes and a unit, as it stands in a NetCDF file."""

    axes: tuple[str, ...]
    values: NDArray[Any]
    units: str = "1"


def write_netcdf(folder: Path, final: Path, variables: Mapping[str, Variable]) -> None:
    """Write arrays as one NetCDF file of a sweep's folder: whole under its name, or not at all.

    Every variable is sealed: its attribute ``sha256`` tells the numbers, the file's name and the
    result they belong to.
    """
    from scipy.io import netcdf_file  # SciPy is slow to load

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
            variable.sha256 = _seal(folder, final, name, entry.values)
        file.flush()


def read_netcdf(
    folder: Path, path: Path, names: Collection[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Return variables of a file of a sweep's folder, all if none are named; nothing else is read.

    Raises
    ------
    InputError
        If the file is cut, if its numbers are not those that were written, or if it was written
        under another name or for another result.
    FileNotFoundError
        If there is no such file.
    """
    found = _sealed(folder, path, names)
    if found is None:
        raise _damaged(path)
    return found


def _damaged(path: Path) -> InputError:
    text = "is damaged, or was written for another result; go on with --resume to make it again"
    return InputError.at(shown(path), text)


def _sealed(
    folder: Path, path: Path, names: Collection[str] | None
) -> dict[str, NDArray[Any]] | None:
    """Return variables of a file; ``None`` where any is not as it was written."""
    from scipy.io import netcdf_file  # SciPy is slow to load

    found: dict[str, NDArray[Any]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of files that are left in mid-reading
        try:
            with netcdf_file(str(path), mmap=True) as file:
                for name in list(file.variables) if names is None else names:
                    found[name] = _native(file.variables[name].data)
                    seal = file.variables[name].sha256.decode()
                    if seal != _seal(folder, path, name, found[name]):
                        return None
        except FileNotFoundError:
            raise
        except Exception:  # the reader of cut and foreign files fails in many ways
            return None
    return found


def _native(values: NDArray[Any]) -> NDArray[Any]:
    return np.array(values, dtype=values.dtype.newbyteorder("="))


def _seal(folder: Path, path: Path, name: str, values: NDArray[Any]) -> str:
    """Return the SHA-256 of an array, its name, its file's place and the result it belongs to."""
    plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    home = _home(folder)
    place = path.relative_to(home).as_posix()
    label = f"{owner(home)} {place} {name} {plain.dtype.str} {plain.shape}"
    digest = hashlib.sha256(label.encode())
    digest.update(plain.tobytes())
    return digest.hexdigest()


def _home(folder: Path) -> Path:
    """Return the folder of the result that parts belong to: this one, or one of the two above."""
    near = (folder, *folder.parents[:2])
    return next((place for place in near if (place / MANIFEST).is_file()), folder)


def owner(folder: Path) -> str:
    """Return the SHA-256 of what a folder's manifest specifies; nothing where it has none."""
    path = folder / MANIFEST
    try:
        stand = path.stat()
    except OSError:
        return ""
    return _specified(path, stand.st_mtime_ns, stand.st_size)


@lru_cache(maxsize=4)
def _specified(path: Path, _written: int, _size: int) -> str:
    """Return the SHA-256 of what a manifest specifies; read again when its file has changed."""
    return specification_digest(read_json(path, "make the result again"))


def part_path(folder: Path, part: int) -> Path:
    """Return the path of a part."""
    return folder / PARTS / f"part-{part:06d}.nc"


def has_part(folder: Path, part: int) -> bool:
    """Say whether a part is done."""
    return part_path(folder, part).is_file()


def is_whole(folder: Path, part: int, worlds: int | None = None) -> bool:
    """Say whether a part is done and as it was written; one that is damaged is to be made again."""
    try:
        read_part(folder, part, worlds=worlds)
    except (FileNotFoundError, InputError):
        return False
    return True


def write_part(folder: Path, part: int, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write a part: every column of shape (worlds of the part,)."""
    variables = {name: Variable(("world",), values) for name, values in columns.items()}
    write_netcdf(folder, part_path(folder, part), variables)


def read_part(
    folder: Path, part: int, names: Collection[str] | None = None, worlds: int | None = None
) -> dict[str, NDArray[Any]]:
    """Return columns of a part, all if none are named, each of shape (worlds of the part,).

    Raises as `read_netcdf` does, and where it holds another number of ``worlds`` than it should.
    """
    path = part_path(folder, part)
    columns = read_netcdf(folder, path, names)
    if worlds is not None and any(len(values) != worlds for values in columns.values()):
        raise _damaged(path)
    return columns


def file_of(table: Array) -> Iterator[bytes | memoryview]:
    """Yield the bytes of the file of a table, without a copy of the table."""
    plain = np.ascontiguousarray(table, dtype="<f8")
    header = io.BytesIO()
    described = np.lib.format.header_data_from_array_1_0(plain)
    np.lib.format.write_array_header_1_0(header, described)
    yield header.getvalue()
    yield plain.data.cast("B")
