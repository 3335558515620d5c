"""Running tasks on anything with the interface of ``concurrent.futures.Executor``."""

from __future__ import annotations

import multiprocessing
import signal
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
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(workers, mp_context=context)
        try:
            yield pool
        except BaseException:  # Ctrl-C above all: what is half done need not be waited for
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise
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
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False)
                raise

    return opened


def execute(
    tasks: Sequence[Task],
    work: Callable[[Task], Any],
    opener: Opener | None,
    is_done: Callable[[Task], bool],
    on_done: Callable[[Task], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Run every task; a worker that dies costs time, not results.

    Parameters
    ----------
    tasks
        What is to do; with ``opener`` given, tasks and ``work`` travel to other processes.
    work
        Does one task and leaves its result on disk.
    opener
        Opens an executor, or ``None`` to work in this process.
    is_done
        Says from the disk whether a task is done.
    on_done
        Told of every task once, as it is done.
    meanwhile
        Work for this process while the others have theirs.
    """
    if opener is None:
        meanwhile()
        for task in tasks:
            work(task)
            on_done(task)
        return
    waiting, lost = list(tasks), None
    for _ in range(LIVES):
        done, lost = _round(waiting, work, opener, on_done, meanwhile)
        waiting = _left(waiting, done, is_done, on_done)
        if not waiting:
            return
        if lost is None:
            break
    raise lost or RuntimeError("tasks ended without leaving a result")


def _left(
    tasks: Sequence[Task],
    done: set[Task],
    is_done: Callable[[Task], bool],
    on_done: Callable[[Task], None],
) -> list[Task]:
    """Return what is still to do; a lost worker may have left a result and not told of it."""
    left = []
    for task in tasks:
        if task in done:
            continue
        if is_done(task):
            on_done(task)
        else:
            left.append(task)
    return left


def _round(
    waiting: Sequence[Task],
    work: Callable[[Task], Any],
    opener: Opener,
    on_done: Callable[[Task], None],
    meanwhile: Callable[[], None],
) -> tuple[set[Task], Exception | None]:
    """Try every waiting task once; return those done and the loss of a worker.

    Raises what the work raised.
    """
    done: set[Task] = set()
    lost: Exception | None = None
    with opener() as pool:
        with _unheard_by_children():
            futures = {pool.submit(work, task): task for task in waiting}
        meanwhile()
        for future in as_completed(futures):
            error = future.exception()
            if error is None:
                done.add(futures[future])
                on_done(futures[future])
            elif _is_loss(error):
                lost = error if isinstance(error, Exception) else None
            else:
                raise error
    return done, lost


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started here: who started them will see to them.

    A process inherits which signals are blocked; a Ctrl-C that comes here meanwhile waits.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_loss(error: BaseException) -> bool:
    """Say whether an error means that a worker died, not that the work is wrong."""
    return type(error).__name__ in {"BrokenProcessPool", "KilledWorker", "CancelledError"}
