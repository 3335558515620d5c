"""Running batches of worlds: here, in local processes or on a cluster, the same bits anywhere."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import two_chairs
from two_chairs.axes import Array
from two_chairs.compiled.engine import engine_asked, engines_used, note_used
from two_chairs_lab.results.folder import renamed

from .batch import Asked, Batch, values_of
from .executors import Pools, execute

CHUNK = 512
"""Worlds of a task, a whole number of blocks of luck; changes no bit."""
HERE_AT_ONCE = 1024
"""The same where tasks are neither shared out nor kept: a world costs two thirds of what it does
in a task of 512."""
Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Runner:
    """Where tasks are done, who is told, and where finished ones are kept.

    Attributes
    ----------
    pools
        Executors; ``None`` works in this process.
    progress
        Told the number of worlds of every task that is done.
    keep
        Stem of the files in which results are kept, so that a run that was stopped can go on:
        what is kept is not done again. ``None`` keeps nothing.
    """

    pools: Pools | None = None
    progress: Callable[[int], None] = lambda _: None
    keep: Path | None = None

    @property
    def chunk(self) -> int:
        """Worlds that run side by side in one model."""
        return HERE_AT_ONCE if self.pools is None and self.keep is None else CHUNK

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        size: Callable[[Task], int],
        digest: Callable[[Task], str] | None = None,
        take: Callable[[int, Result], None] | None = None,
    ) -> list[Result]:
        """Do every task and return the results in the order of the tasks.

        Parameters
        ----------
        work
            Does one task, in any process; a function of a module, or a `partial` of one.
        tasks
            What is to do.
        size
            Number of worlds of a task.
        digest
            Digest of all that a task's result depends on, ``work`` and the program's version
            apart: its name where results are kept. Then results are arrays, or mappings of names
            to arrays.
        take
            Is given every result with the number of its task, in any order, and none is returned:
            so results that are together too large for memory need never be there together.
        """
        results: dict[int, Result] = {}
        take = results.__setitem__ if take is None else take
        paths = self._paths(work, tasks, digest)
        waiting = []
        for number, task in enumerate(tasks):
            found = read_kept(paths[number]) if number in paths else None
            if found is None:
                waiting.append((number, task))
            else:
                take(number, found)
                self.progress(size(task))

        def done(numbered: tuple[int, Task], found: tuple[Result, Sequence[str]] | None) -> None:
            number, task = numbered
            assert found is not None
            result, engines = found
            note_used(engines)
            if number in paths:
                write_kept(paths[number], result)
            take(number, result)
            self.progress(size(task))

        execute(waiting, partial(_second, work), self.pools, done)
        return [results[number] for number in sorted(results)]

    def _paths(
        self, work: Callable[..., Any], tasks: Sequence[Task], digest: Callable[[Task], str] | None
    ) -> dict[int, Path]:
        """Return the file of every task's result, nothing where none is kept."""
        if self.keep is None or digest is None:
            return {}
        name = f"{two_chairs.__version__} {work_digest(work)}{engine_asked().replace('numpy', '')}"
        return {
            number: self.keep.with_name(f"{self.keep.name}-{_sha256(name + digest(task))[:32]}.npz")
            for number, task in enumerate(tasks)
        }


HERE = Runner()
"""Works in this process, tells nobody, keeps nothing."""


def gather(
    batches: Iterable[Batch],
    work: Callable[[Batch], Result],
    runner: Runner = HERE,
    chunk: int | None = None,
    take: Callable[[int, Result], None] | None = None,
) -> list[Result]:
    """Do some work on every piece of some batches; results in the order of the tables.

    ``take`` is given them instead, as in `Runner.map`.
    """
    pieces = [piece for batch in batches for piece in batch.pieces(chunk or runner.chunk)]
    return runner.map(work, pieces, lambda piece: piece.worlds, Batch.digest, take)


def evaluate(
    batches: Iterable[Batch],
    asked: Sequence[Asked],
    runner: Runner = HERE,
    chunk: int | None = None,
) -> Array:
    """Run batches and return what is asked of every world, shape (asked, worlds).

    Parameters
    ----------
    batches
        Worlds; those of the first batch come first.
    asked
        Outcomes by name, each with its day.
    runner
        Where the work is done; the result is the same, bit for bit, wherever.
    chunk
        Worlds that run side by side, by default the runner's; changes no result.
    """
    return np.concatenate(gather(batches, partial(values_of, tuple(asked)), runner, chunk), axis=1)


def _second(
    work: Callable[[Task], Result], numbered: tuple[int, Task]
) -> tuple[Result, Sequence[str]]:
    """Return the result of a numbered task, and the engines that have run worlds there."""
    return work(numbered[1]), engines_used()


# --- results that are kept -----------------------------------------------------------------------


def work_digest(work: Callable[..., Any]) -> str:
    """Return a name for a function of a module, or for a `partial` of one with its arguments."""
    if isinstance(work, partial):
        return f"{work_digest(work.func)}{work.args!r}{sorted(work.keywords.items())!r}"
    return f"{work.__module__}.{work.__qualname__}"


def write_kept(path: Path, result: Any) -> None:
    """Write an array or a mapping of arrays, whole or not at all."""
    arrays: Mapping[str, Any] = result if isinstance(result, Mapping) else {"": result}
    path.parent.mkdir(parents=True, exist_ok=True)
    with renamed(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, np.asarray(array), allow_pickle=False)


def read_kept(path: Path) -> Any:
    """Read what `write_kept` has written; ``None`` if there is nothing, or nothing whole."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    return arrays[""] if set(arrays) == {""} else arrays


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
