"""All worlds of a sweep as one file, for other programs: CSV or Parquet, part by part.

A row is a world: its scenario, point and replicate, whether it failed, its outcomes, and the
columns of the design at its point. Memory holds a few parts, whatever the number of worlds.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from two_chairs.errors import InputError
from two_chairs.extras import needed
from two_chairs_lab.results.folder import renamed
from two_chairs_lab.results.parts import read_part

from .study import Sweep, check_finished

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
FOREIGN = ("feather", "json", "nc", "ods", "tsv", "xls", "xlsx")
"""Endings of formats that are not written."""
GROUP = 16
"""Parts in a row group of Parquet."""
Columns = dict[str, NDArray[Any]]


def format_of(path: Path | None, asked: str | None) -> Format:
    """Return the format asked for, or that of a file's ending, or CSV where neither says.

    Raises
    ------
    InputError
        If no format is asked for and the ending is that of one that is not written.
    """
    ending = "" if path is None else path.suffix.lstrip(".").lower()
    if asked is None and ending in FOREIGN:
        text = f"{ending} is not written; name a file that ends in .csv or .parquet, or a --format"
        raise InputError.at(f"--out {path}", text)
    return next((known for known in FORMATS if known == (asked or ending)), "csv")


def export(
    folder: Path, sweep: Sweep, path: Path, kind: Format, progress: Callable[[int], None]
) -> int:
    """Write all worlds of a finished sweep to a new file; return how many of them have failed.

    Parameters
    ----------
    folder, sweep
        The sweep and its folder.
    path, kind
        The file, which must not exist, and its format.
    progress
        Told the number of worlds that are written.

    Raises
    ------
    InputError
        If parts are missing, the file exists or can not be written, or pyarrow is missing.
    """
    check_finished(folder, sweep)
    if path.exists():
        raise InputError.at(f"--out {path}", "exists already; remove it or name another file")
    write = {"csv": _write_csv, "parquet": _write_parquet}[kind]
    failed = 0

    def counted(part: int) -> Columns:
        nonlocal failed
        worlds = len(sweep.worlds_in(part))
        columns = read_part(folder, part, worlds=worlds)
        failed += int(columns["failed"].sum())
        progress(len(columns["failed"]))
        return columns

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with renamed(path) as raw:
            write(raw, sweep, (counted(part) for part in range(sweep.parts)))
    except OSError as error:
        text = f"can not be written ({os.strerror(error.errno or 0)})"
        raise InputError.at(f"--out {path}", f"{text}; make room or name another file") from None
    return failed


def _write_csv(raw: Any, sweep: Sweep, parts: Iterator[Columns]) -> None:
    text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
    for number, columns in enumerate(parts):
        if number == 0:
            names = [*columns, *sweep.design.columns(slice(0))]
            csv.writer(text, lineterminator="\n").writerow(names)
        text.writelines(_lines(sweep, columns))
    text.detach()


def _lines(sweep: Sweep, columns: Columns) -> Iterator[str]:
    """Yield a line a world; what stands at its point is turned into text once a point."""
    first, stop = _points(columns)
    design = sweep.design.columns(slice(first, stop))
    at = [_line(row) for row in zip(*(v.tolist() for v in design.values()), strict=True)]
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    for row, point in zip(rows, columns["point"].tolist(), strict=True):
        yield f"{_line(row)},{at[point - first]}\n"


def _line(row: tuple[float, ...]) -> str:
    return ",".join(map(repr, row))


def _points(columns: Columns) -> tuple[int, int]:
    return int(columns["point"].min()), int(columns["point"].max()) + 1


def _write_parquet(raw: Any, sweep: Sweep, parts: Iterator[Columns]) -> None:
    arrow = needed("pyarrow", "parquet", "--format parquet")
    parquet = needed("pyarrow.parquet", "parquet", "--format parquet")
    writer = None
    group: list[Any] = []
    for columns in parts:
        first, stop = _points(columns)
        design = sweep.design.columns(slice(first, stop))
        joined = columns | {n: values[columns["point"] - first] for n, values in design.items()}
        group.append(arrow.table({name: np.ascontiguousarray(v) for name, v in joined.items()}))
        writer = writer or parquet.ParquetWriter(raw, group[0].schema)
        if len(group) == GROUP:
            writer.write_table(arrow.concat_tables(group))
            group.clear()
    if writer is not None:
        if group:
            writer.write_table(arrow.concat_tables(group))
        writer.close()
