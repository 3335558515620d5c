"""Running tasks on anything with the interface of ``concurrent.futures.Executor``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import ExitStack, contextmanager
from itertools import islice
from types import FrameType
from typing import Any, Self, TypeVar

from two_chairs.errors import InputError
from two_chairs.extras import needed

Task = TypeVar("Task")
Result = TypeVar("Result")
Opener = Callable[[], Any]
STILLBORN = 2
"""Rounds without any result, from the first on, after which workers are said not to start."""
UNGUARDED = (
    "all workers die before their first result; in a script of your own put the call under "
    "if __name__ == '__main__':, and take one worker where the system ends them for want of memory"
)
LIVES = 10
"""Times that lost workers are replaced before a sweep gives up."""
WORKERLESS = 30
"""Seconds for which a Dask cluster may be without a worker that takes tasks."""
AHEAD = 256
"""Tasks that an executor is handed before the first is done; each one done makes room for one."""
PAUSE = 0.2
"""Seconds after which one who waits for workers looks whether Ctrl-C was pressed."""


def local(workers: int) -> Opener:
    """Return an opener of a pool of local processes."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        sys.exit(0)  # a worker that reads the script which starts workers; its parent tells

    @contextmanager
    def opened() -> Iterator[Executor]:
        pool = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent
        )
        try:
            yield pool
        finally:
            # all is done, or nobody wants the rest: an idle worker that was killed may have left
            # the others waiting for ever
            for process in pool._processes.values():
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)

    return opened


def end_with_parent() -> None:
    """End this worker when the process that started it has ended, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


class Watch:
    """Looks whether a Dask cluster has a worker that takes tasks, and waits so long for one."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address, self._seen = client, address, time.monotonic()
        self._next = self._seen

    def look(self) -> None:
        """Look at most once a second; raises `InputError` after ``WORKERLESS`` seconds of none."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 1.0
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        if any(worker["nthreads"] and worker["status"] == "running" for worker in workers):
            self._seen = now
        elif now - self._seen > WORKERLESS:
            text = f"has had no worker that takes tasks for {WORKERLESS} seconds"
            remedy = f"start one with 'dask worker {self._address}'"
            raise InputError.at(f"--dask {self._address}", f"{text}; {remedy}")


def dask(address: str) -> Opener:
    """Return an opener of a Dask cluster's executor; the scheduler is the user's own."""

    @contextmanager
    def opened() -> Iterator[Executor]:
        distributed = needed("distributed", "cluster", "--dask")
        try:
            client = distributed.Client(address, timeout="5s")
        except (OSError, ValueError) as error:
            text = f"no scheduler answers ({error}); start one with 'dask scheduler'"
            raise InputError.at(f"--dask {address}", text) from None
        with client, client.get_executor(pure=False) as pool:
            pool.look = Watch(client, address).look
            try:
                pool.look()
                yield pool
            except BaseException:
                pool.shutdown(wait=False)
                raise

    return opened


class Pools:
    """Executors of one kind: opened when first needed, and anew once a worker was lost.

    A context: leaving it ends the executor, at once where an error or Ctrl-C is the reason.
    """

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._open: ExitStack | None = None
        self._pool: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        if self._open is not None:
            self._open.__exit__(*error)
        self._open = self._pool = None

    def pool(self) -> Executor:
        """Return the executor that is open, or open one."""
        if self._pool is None:
            self._open = ExitStack()
            self._pool = self._open.enter_context(self._opener())
        return self._pool

    def renew(self) -> None:
        """Let go of an executor that has lost a worker."""
        self.__exit__(None, None, None)


def execute(
    tasks: Sequence[Task],
    work: Callable[[Task], Result],
    pools: Pools | None,
    on_done: Callable[[Task, Result | None], None],
    is_done: Callable[[Task], bool] = lambda _: False,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Run every task; a worker that dies costs time, not results.

    Parameters
    ----------
    tasks
        What is to do; with ``pools`` given, tasks and ``work`` travel to other processes.
    work
        Does one task; leaves its result on disk or returns it.
    pools
        Executors, or ``None`` to work in this process.
    on_done
        Told of every task once, as it is done, with what the work returned; ``None`` where a
        lost worker had left its result on disk.
    is_done
        Says from the disk whether a task is done.
    meanwhile
        Work for this process while the others have theirs.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C, once what is being done here is done; a second one does not wait for that.
    """
    with _listening() as heed:
        if pools is None:
            meanwhile()
            for task in tasks:
                on_done(task, work(task))
                heed()
        else:
            _shared_out(tasks, work, pools, on_done, is_done, meanwhile, heed)


def _shared_out(
    tasks: Sequence[Task],
    work: Callable[[Task], Result],
    pools: Pools,
    on_done: Callable[[Task, Result | None], None],
    is_done: Callable[[Task], bool],
    meanwhile: Callable[[], None],
    heed: Callable[[], None],
) -> None:
    """Run every task in other processes, whatever becomes of some of them."""
    waiting, lost = list(range(len(tasks))), None
    barren = 0
    for _ in range(LIVES):
        done, lost = _round(tasks, waiting, work, pools, on_done, meanwhile, heed)
        barren = 0 if done else barren + 1
        if barren == STILLBORN and len(waiting) == len(tasks):
            raise InputError.at("--workers", UNGUARDED)
        waiting = _left(tasks, waiting, done, is_done, on_done)
        if not waiting:
            return
        if lost is None:
            break
        pools.renew()
    raise lost or RuntimeError("tasks ended without leaving a result")


def _left(
    tasks: Sequence[Task],
    waiting: Sequence[int],
    done: set[int],
    is_done: Callable[[Task], bool],
    on_done: Callable[[Task, Any], None],
) -> list[int]:
    """Return what is still to do; a lost worker may have left a result and not told of it."""
    left = []
    for number in waiting:
        if number in done:
            continue
        if is_done(tasks[number]):
            on_done(tasks[number], None)
        else:
            left.append(number)
    return left


def _round(
    tasks: Sequence[Task],
    waiting: Sequence[int],
    work: Callable[[Task], Result],
    pools: Pools,
    on_done: Callable[[Task, Result | None], None],
    meanwhile: Callable[[], None],
    heed: Callable[[], None],
) -> tuple[set[int], Exception | None]:
    """Try every waiting task once; return those done and the loss of a worker.

    Raises what the work raised.
    """
    done: set[int] = set()
    lost: Exception | None = None
    left = iter(waiting)
    with _unheard_by_children():
        pool = pools.pool()
        futures = _submitted(pool, work, tasks, islice(left, AHEAD))
    meanwhile()
    while futures:
        finished, _ = wait(futures, PAUSE, FIRST_COMPLETED)
        while finished:
            future = finished.pop()
            number = futures.pop(future)  # or it would hold what it returned
            error = future.exception()
            if error is None:
                done.add(number)
                on_done(tasks[number], future.result())
            elif _is_loss(error):
                lost = error if isinstance(error, Exception) else None
            else:
                raise error
            if lost is None:
                with _unheard_by_children():
                    futures |= _submitted(pool, work, tasks, islice(left, 1))
        heed()
        getattr(pool, "look", heed)()
    return done, lost


def _submitted(
    pool: Executor, work: Callable[[Task], Any], tasks: Sequence[Task], numbers: Iterable[int]
) -> dict[Future[Any], int]:
    """Hand tasks to an executor; one that breaks meanwhile is found out by what it was handed."""
    futures: dict[Future[Any], int] = {}
    for number in numbers:
        try:
            futures[pool.submit(work, tasks[number])] = number
        except BrokenExecutor as error:
            broken: Future[Any] = Future()
            broken.set_exception(error)
            futures[broken] = number
    return futures


@contextmanager
def _listening() -> Iterator[Callable[[], None]]:
    """Note Ctrl-C instead of raising it anywhere; what is given raises it, at a safe moment.

    Python raises it wherever it is, and where that is a finalizer, nobody hears. Somebody else's
    own way with Ctrl-C is left alone, and so are threads, which have no say in it.
    """
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    pressed: list[int] = []

    def press(number: int, frame: FrameType | None) -> None:
        if pressed:
            signal.default_int_handler(number, frame)
        pressed.append(number)

    def heed() -> None:
        if pressed:
            raise KeyboardInterrupt

    if ours:
        signal.signal(signal.SIGINT, press)
    try:
        yield heed
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


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
    lost = {"BrokenExecutor", "BrokenProcessPool", "KilledWorker", "CancelledError"}
    return type(error).__name__ in lost
