"""Running tasks on anything with the interface of ``concurrent.futures.Executor``."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any, TypeVar

from two_chairs.errors import InputError

Task = TypeVar("Task")
Opener = Callable[[], Any]
LIVES = 10
"""Times that lost workers are replaced before a sweep gives up."""


def local(workers: int) -> Opener:
    """Return an opener of a pool of local processes."""

    @contextmanager
    def opened() -> Iterator[Executor]:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, mp_context=context)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    return opened


def dask(address: str) -> Opener:
    """Return an opener of a Dask cluster's executor; the scheduler is the user's own."""

    @contextmanager
    def opened() -> Iterator[Executor]:
        try:
            from distributed import Client
        except ImportError:
            raise InputError.at(
                "--dask", "Dask is not installed; install two-chairs[cluster]"
            ) from None
        try:
            client = Client(address, timeout="5s")
        except (OSError, ValueError) as error:
            raise InputError.at(f"--dask {address}", f"no scheduler answers ({error})") from None
        with client, client.get_executor(pure=False) as pool:
            yield pool

    return opened


def execute(
    tasks: Sequence[Task],
    work: Callable[[Task], Any],
    opener: Opener | None,
    is_done: Callable[[Task], bool],
    on_done: Callable[[Task], None],
) -> None:
    """Run every task that is not done; a worker that dies costs time, not results.

    Parameters
    ----------
    tasks
        What to do; with ``opener`` given, tasks and ``work`` travel to other processes.
    work
        Does one task and leaves its result on disk.
    opener
        Opens an executor, or ``None`` to work in this process.
    is_done
        Says from the disk whether a task is done.
    on_done
        Told of every task as it is done.
    """
    if opener is None:
        for task in tasks:
            if not is_done(task):
                work(task)
            on_done(task)
        return
    waiting = list(tasks)
    for _ in range(LIVES):
        lost = _round(waiting, work, opener, on_done)
        waiting = [task for task in waiting if not is_done(task)]
        if not waiting:
            return
        if lost is None:
            break
    raise lost or RuntimeError("tasks ended without leaving a result")


def _round(
    waiting: Sequence[Task],
    work: Callable[[Task], Any],
    opener: Opener,
    on_done: Callable[[Task], None],
) -> Exception | None:
    """Try every waiting task once; return the loss of a worker, raise what the work raised."""
    lost: Exception | None = None
    with opener() as pool:
        futures = {pool.submit(work, task): task for task in waiting}
        for future in as_completed(futures):
            error = future.exception()
            if error is None:
                on_done(futures[future])
            elif _is_loss(error):
                lost = error if isinstance(error, Exception) else None
            else:
                raise error
    return lost


def _is_loss(error: BaseException) -> bool:
    """Say whether an error means that a worker died, not that the work is wrong."""
    return type(error).__name__ in {"BrokenProcessPool", "KilledWorker", "CancelledError"}
