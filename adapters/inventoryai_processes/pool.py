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
"""After so many calls a worker is replaced, so that what a library leaks is bounded."""


class PooledProcesses:
    """``Processes`` by a pool of workers that are spawned, one call at a time each.

    Spawned rather than forked: a fork copies locks that other threads hold. The pool belongs to one
    event loop, and is started by its thread.

    Args:
        workers: How many processes; as many as there are cores unless given.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        # The queue is here and not in the pool, where giving up a queued call would cost a process.
        self._turn = asyncio.Semaphore(self.workers)
        self._pool: ProcessPool | None = None
        self._running: set[Future[Carried]] = set()
        self._closed = False

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        """As ``Processes.run``; raises RuntimeError when the pool was closed."""
        async with self._turn:
            call = packed(function, args)
            future: Future[Carried] = self._ready().schedule(
                child.call, args=(call, memory), timeout=deadline
            )
            self._running.add(future)
            try:
                outcome = await asyncio.wrap_future(future)
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
            asyncio.get_running_loop().run_in_executor(None, _stop, self._pool)
            self._pool = None
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self.workers,
                max_tasks=_CALLS_A_PROCESS,
                initializer=child.start,
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _stop(pool: ProcessPool) -> None:
    """End every worker of a pool, and its threads."""
    pool.stop()  # type: ignore[no-untyped-call] # has no annotations
    pool.join()
