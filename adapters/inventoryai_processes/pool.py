"""A pool of processes, started when first needed and replaced when it breaks."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from inventoryai.ports.processes import DeadlineExceeded, ProcessDied
from inventoryai_processes import child
from inventoryai_processes.carrying import Carried, packed, unpacked

T = TypeVar("T")

_CALLS_A_PROCESS = 500
"""So that what a library leaks is bounded, and its loading costs little."""


class PooledProcesses:
    """``Processes`` by a pool of workers that are spawned, one call at a time each.

    Spawned rather than forked: a fork copies locks that other threads hold. The pool belongs to one
    event loop, and is started by its thread.

    A worker that is killed from outside at the moment at which it takes a call, or gives its answer, leaves
    the others waiting for a lock that nobody opens; then no call begins any more, and no deadline runs.
    Such a pool is given up.

    Args:
        workers: How many processes; as many as there are cores unless given.
        calls: After so many calls a worker is replaced: what a library has loaded, or leaks, goes with it.

    Attributes:
        patience: Seconds within which a call begins, since it is only made when a worker is free, and by
            which it may outlast its deadline.
    """

    def __init__(self, workers: int | None = None, calls: int = _CALLS_A_PROCESS) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.calls = calls
        self.patience = 60.0
        # The queue is here and not in the pool, where giving up a queued call would cost a process.
        self._turn = asyncio.Semaphore(self.workers)
        self._pool: ProcessPool | None = None
        self._running: set[Future[Carried]] = set()
        self._closed = False

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        """As ``Processes.run``; raises RuntimeError when the pool was closed."""
        async with self._turn:
            call = packed(function, args)
            pool = self._ready()
            future: Future[Carried] = pool.schedule(child.call, args=(call, memory), timeout=deadline)
            self._running.add(future)
            try:
                outcome = await self._outcome(pool, future, deadline)
            except TimeoutError:
                raise DeadlineExceeded(deadline=deadline) from None
            except ProcessExpired as end:
                raise ProcessDied(exit_code=end.exitcode) from end
            except BrokenProcessPool as end:
                raise ProcessDied(exit_code=None) from end
            finally:
                # Cancels the work when it is the caller who leaves; does nothing when it is done.
                future.cancel()
                self._running.discard(future)
        return cast("T", unpacked(*outcome, memory))

    async def _outcome(self, pool: ProcessPool, future: Future[Carried], deadline: float) -> Carried:
        """What a call came to; raises BrokenProcessPool when the pool does not even tell that it is late."""
        waiting = asyncio.wrap_future(future)
        done, _ = await asyncio.wait({waiting}, timeout=self.patience)
        if not done and future.running():
            done, _ = await asyncio.wait({waiting}, timeout=deadline)
        if not done:
            self._give_up(pool)
        if not done or (waiting.cancelled() and not self._closed):
            raise BrokenProcessPool
        return waiting.result()

    async def close(self) -> None:
        """Stop all workers; calls that are running are cancelled, and later ones refused."""
        self._closed = True
        for future in tuple(self._running):
            future.cancel()
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)

    def _ready(self) -> ProcessPool:
        """The pool, or a new one if it broke: it does when an idle worker is killed from outside."""
        if self._closed:
            raise RuntimeError("the pool of processes was closed")
        if self._pool is not None and not self._pool.active:
            self._give_up(self._pool)
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self.workers,
                max_tasks=self.calls,
                initializer=child.start,
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _give_up(self, pool: ProcessPool) -> None:
        """Have the next call start a new pool; whoever still waits for this one is told that it died."""
        if self._pool is pool:
            self._pool = None
            asyncio.get_running_loop().run_in_executor(None, _stop, pool)


def _stop(pool: ProcessPool) -> None:
    """End every worker of a pool, and its threads."""
    pool.stop()  # type: ignore[no-untyped-call] # has no annotations
    pool.join()
