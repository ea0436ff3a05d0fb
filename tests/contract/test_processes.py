"""What running work elsewhere promises, for the pool and its inline twin; then what only a pool can."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypedDict

import psutil
import pytest
from memory import chores

from inventoryai.domain.engines import EngineUnknown
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded, ProcessDied, TaskFailed
from inventoryai_processes import InlineProcesses, PooledProcesses


class Limits(TypedDict):
    deadline: float
    memory: int


LIMITS = Limits(deadline=60.0, memory=1 << 28)
AnyProcesses = PooledProcesses | InlineProcesses


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[PooledProcesses]:
    processes = PooledProcesses(1)
    yield processes
    await processes.close()


@pytest.fixture(params=["pool", "inline"])
def processes(request: pytest.FixtureRequest, pool: PooledProcesses) -> AnyProcesses:
    return pool if request.param == "pool" else InlineProcesses()


async def test_a_call_returns_what_the_function_returns(processes: AnyProcesses) -> None:
    assert await processes.run(chores.double, 21, **LIMITS) == 42


async def test_arguments_are_copied(processes: AnyProcesses) -> None:
    numbers = [1]
    assert await processes.run(chores.append, numbers, **LIMITS) == [1, 0]
    assert numbers == [1]


async def test_an_error_is_raised_as_it_is_and_tells_where_it_happened(processes: AnyProcesses) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        await processes.run(chores.divide_by_zero, **LIMITS)
    assert "divide_by_zero" in "".join(caught.value.__notes__)


async def test_a_problem_keeps_its_data(processes: AnyProcesses) -> None:
    with pytest.raises(EngineUnknown) as caught:
        await processes.run(chores.refuse, **LIMITS)
    assert caught.value.data == {"engine": "crystal_ball", "known": "naive"}
    assert "crystal_ball" in caught.value.message("fr")


@pytest.mark.parametrize(
    ("chore", "kind"),
    [
        (chores.raise_unspeakable, "Unspeakable"),
        (chores.raise_contrary, "Contrary"),
        (chores.leave, "SystemExit"),
        (chores.return_unpicklable, "AttributeError"),
    ],
)
async def test_what_cannot_be_carried_is_told_in_words(
    processes: AnyProcesses, chore: object, kind: str
) -> None:
    assert callable(chore)
    with pytest.raises(TaskFailed) as caught:
        await processes.run(chore, **LIMITS)
    assert caught.value.kind == kind
    assert await processes.run(chores.double, 1, **LIMITS) == 2


async def test_a_function_that_cannot_be_named_is_refused(processes: AnyProcesses) -> None:
    with pytest.raises(Exception, match="pickle"):
        await processes.run(lambda: None, **LIMITS)
    assert await processes.run(chores.double, 1, **LIMITS) == 2


async def test_a_memory_error_is_a_passed_limit(processes: AnyProcesses) -> None:
    with pytest.raises(MemoryExceeded):
        await processes.run(chores.want_too_much, **LIMITS)
    assert await processes.run(chores.double, 1, **LIMITS) == 2


async def test_a_call_longer_than_its_deadline_fails(processes: AnyProcesses) -> None:
    with pytest.raises(DeadlineExceeded) as caught:
        await processes.run(chores.sleep, 0.3, deadline=0.1, memory=1 << 28)
    assert caught.value.data == {"deadline": 0.1}
    assert await processes.run(chores.double, 1, **LIMITS) == 2


@pytest.mark.parametrize("chore", [chores.hang, chores.hold_the_lock])
async def test_a_hanging_call_is_killed(pool: PooledProcesses, chore: object, tmp_path: Path) -> None:
    assert callable(chore)
    sign = tmp_path / "pid"
    with pytest.raises(DeadlineExceeded):
        await pool.run(chore, str(sign), deadline=0.5, memory=1 << 28)
    assert not _alive(int(sign.read_text()))
    assert await pool.run(chores.double, 1, **LIMITS) == 2


@pytest.mark.parametrize("chore", [chores.hang, chores.hold_the_lock])
async def test_cancelling_the_caller_kills_the_call(
    pool: PooledProcesses, chore: object, tmp_path: Path
) -> None:
    assert callable(chore)
    sign = tmp_path / "pid"
    task = asyncio.create_task(pool.run(chore, str(sign), deadline=3600, memory=1 << 28))
    pid = await _written(sign)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await _gone(pid)
    assert await pool.run(chores.double, 1, **LIMITS) == 2


@pytest.mark.parametrize(
    ("chore", "number"), [(chores.abort, signal.SIGABRT), (chores.killed, signal.SIGKILL)]
)
async def test_a_crash_is_reported_and_survived(
    pool: PooledProcesses, chore: object, number: signal.Signals
) -> None:
    assert callable(chore)
    with pytest.raises(ProcessDied) as caught:
        await pool.run(chore, **LIMITS)
    assert caught.value.data == {"exit_code": -number}
    assert await pool.run(chores.double, 1, **LIMITS) == 2


async def test_a_call_that_goes_elsewhere_takes_no_other_along(pool: PooledProcesses) -> None:
    before = await pool.run(os.getcwd, **LIMITS)
    await pool.run(chores.wander, **LIMITS)
    assert await pool.run(os.getcwd, **LIMITS) == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
async def test_a_call_that_lowers_the_limits_is_the_last_of_its_process(pool: PooledProcesses) -> None:
    with pytest.raises(ProcessDied):
        await pool.run(chores.lower_the_limit, **LIMITS)
    assert await pool.run(chores.allocate, 1 << 28, deadline=60, memory=1 << 30) == 1 << 28


async def test_a_worker_killed_while_idle_is_replaced(pool: PooledProcesses) -> None:
    os.kill(await pool.run(os.getpid, **LIMITS), signal.SIGKILL)
    # The pool may notice before or after the next call is given to it.
    with contextlib.suppress(ProcessDied):
        await pool.run(chores.double, 1, **LIMITS)
    assert await pool.run(chores.double, 1, **LIMITS) == 2


async def test_a_pool_whose_lock_died_with_a_worker_is_given_up() -> None:
    pool = PooledProcesses(1)
    try:
        assert await pool.run(chores.double, 1, **LIMITS) == 2
        channel = pool._ready()._pool_manager.worker_manager.workers_channel
        assert channel is not None
        # Held for ever, as by a worker that is killed while it takes a call.
        channel.mutex.acquire()
        usual, pool.patience = pool.patience, 0.2
        with pytest.raises(ProcessDied):
            await pool.run(chores.double, 1, **LIMITS)
        pool.patience = usual
        assert await pool.run(chores.double, 1, **LIMITS) == 2
    finally:
        await pool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
async def test_a_call_gets_the_memory_it_may_use_and_no_more(pool: PooledProcesses) -> None:
    limit = 1 << 28
    assert await pool.run(chores.allocate, limit // 2, deadline=60, memory=limit) == limit // 2
    with pytest.raises(MemoryExceeded) as caught:
        await pool.run(chores.allocate, limit * 2, deadline=60, memory=limit)
    assert caught.value.data == {"megabytes": 256}
    assert await pool.run(chores.allocate, limit * 2, deadline=60, memory=limit * 4) == limit * 2


async def test_more_calls_than_workers_wait_their_turn(pool: PooledProcesses) -> None:
    calls = [pool.run(chores.double, number, **LIMITS) for number in range(20)]
    assert await asyncio.gather(*calls) == [2 * number for number in range(20)]


async def test_nothing_is_started_before_it_is_needed_and_nothing_is_left_after() -> None:
    processes = PooledProcesses(1)
    await processes.close()
    processes = PooledProcesses(1)
    pid = await processes.run(os.getpid, **LIMITS)
    await processes.close()
    assert not _alive(pid)
    with pytest.raises(RuntimeError, match="closed"):
        await processes.run(chores.double, 1, **LIMITS)


@pytest.mark.parametrize("chore", ["hang", "hold_the_lock"])
async def test_workers_do_not_outlive_a_killed_parent(chore: str, tmp_path: Path) -> None:
    sign = tmp_path / "pid"
    parent = multiprocessing.get_context("spawn").Process(
        target=chores.live_as_parent, args=(str(sign), chore)
    )
    parent.start()
    worker = await _written(sign)
    parent.kill()
    parent.join()
    await _gone(worker)


def _alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet waited for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def _written(sign: Path) -> int:
    """The process id in a file, once it is there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if text := _read(sign):
            return int(text)
        await asyncio.sleep(0.01)
    pytest.fail("the call did not start")


def _read(sign: Path) -> str:
    return sign.read_text() if sign.exists() else ""


async def _gone(pid: int) -> None:
    """Return when a process has ended."""
    end = time.monotonic() + 60
    while _alive(pid):
        if time.monotonic() > end:
            pytest.fail("the worker is still running")
        await asyncio.sleep(0.01)
