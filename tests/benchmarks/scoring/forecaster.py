"""A worker in a process of its own that makes one forecast, from a database to its rows."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.scoring.census import seconds
from benchmarks.scoring.stages import Spent, Stopwatch, TimedProcesses

from inventoryai.domain.companies import Membership
from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecast_runs import ForecastRun
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.jobs import JobId, JobState
from inventoryai.domain.products import ProductId
from inventoryai.ports.processes import Processes
from inventoryai.ports.storage import InCompany
from inventoryai.usecases import forecasts
from inventoryai.usecases.engines import DescribeEngines, ListEngines
from inventoryai.usecases.jobs import RunJob
from inventoryai_files import FolderFileStore
from inventoryai_postgres import PostgresSettings, PostgresUnitOfWork
from inventoryai_processes import PooledProcesses
from inventoryai_server import wiring
from inventoryai_server.allocation import give_back_large_arrays
from inventoryai_server.system import SystemClock, Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader
from inventoryai_workers import connections

PROCESSES: Final = 2
MEMORY: Final = 1 << 30
LEFT_OUT: Final = frozenset({"lstm"})
"""Plugins that are not in the race: they have a network to run."""


class RunFailed(RuntimeError):
    """A forecast did not end as it should."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be forecast, and where it is.

    Attributes:
        url: Of the database, as the weak login.
        products: None for all of the company.
        at_once: Jobs that the worker holds at the same time.
    """

    url: str
    member: Membership
    request: ForecastRequest
    products: Sequence[ProductId] | None = None
    at_once: int = PROCESSES + 1


@dataclass(frozen=True, slots=True)
class Made:
    """What a forecast took.

    Attributes:
        clock: Seconds from the request to the last row.
        processor: Seconds of a processor, of the worker and its processes.
    """

    run: ForecastRun
    clock: float
    processor: float
    stages: dict[str, Spent]


@dataclass(slots=True)
class WakeUps:
    """A queue inside the process: whoever does jobs here is woken."""

    jobs: asyncio.Queue[JobId] = field(default_factory=asyncio.Queue)

    async def wake(self, jobs: Sequence[JobId]) -> bool:
        """Never fails."""
        for job in jobs:
            self.jobs.put_nowait(job)
        return True


def make(order: Order) -> Made:
    """Makes a forecast as ``inventoryai worker`` does: the same parts, put together by the same code."""
    return asyncio.run(_make(order))


async def _make(order: Order) -> Made:
    give_back_large_arrays()
    begin = PostgresUnitOfWork(
        PostgresSettings(order.url, "benchmark", connections=connections(order.at_once))
    )
    stopwatch = Stopwatch()
    pool = PooledProcesses(PROCESSES)
    processes = TimedProcesses(pool, stopwatch)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(begin.close)
        stack.push_async_callback(pool.close)
        catalogue = await DescribeEngines(processes, memory=MEMORY)(LEFT_OUT)
        stopwatch.spent.clear()
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        wake_ups = WakeUps()
        run_job = wiring.run_job(_ports(begin, processes, wake_ups, catalogue, Path(folder)))
        stack.enter_context(stopwatch.running())
        clock, processor = time.perf_counter(), seconds()
        run = await _start(begin, wake_ups, order)
        await _work(run_job, wake_ups, order.at_once)
        clock, processor = time.perf_counter() - clock, seconds() - processor
        return Made(await _ended(begin, order, run), clock, processor, dict(stopwatch.spent))


def _ports(
    begin: PostgresUnitOfWork,
    processes: Processes,
    wake_ups: WakeUps,
    catalogue: EngineCatalogue,
    folder: Path,
) -> wiring.WorkerPorts:
    return wiring.WorkerPorts(
        begin=begin,
        clock=SystemClock(),
        identifiers=Uuid7Identifiers(),
        files=FolderFileStore(folder, 1),
        queue=wake_ups,
        processes=processes,
        reader=CsvReader(),
        catalogue=catalogue,
        disabled=LEFT_OUT,
        memory=MEMORY,
    )


async def _start(begin: PostgresUnitOfWork, wake_ups: WakeUps, order: Order) -> ForecastRun:
    queue_forecast = forecasts.QueueForecast(SystemClock(), Uuid7Identifiers())
    start = forecasts.StartForecast(begin, queue_forecast, ListEngines(begin), wake_ups)
    return await start(order.member, order.request, order.products)


async def _work(run_job: RunJob, wake_ups: WakeUps, at_once: int) -> None:
    """Does jobs, so many at the same time, until none is left."""

    async def work() -> None:
        while True:
            await run_job(await wake_ups.jobs.get())
            wake_ups.jobs.task_done()

    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(work()) for _ in range(at_once)]
        await wake_ups.jobs.join()
        for worker in workers:
            worker.cancel()


async def _ended(begin: PostgresUnitOfWork, order: Order, run: ForecastRun) -> ForecastRun:
    """The run as it ended; raises ``RunFailed`` unless it did well."""
    async with begin(InCompany.of(order.member)) as work:
        run = await work.forecasts.get(run.id)
    if run.job.state is not JobState.SUCCEEDED:
        raise RunFailed(f"{run.job.state}: {run.job.error}")
    return run
