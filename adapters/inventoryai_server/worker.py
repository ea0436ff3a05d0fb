"""The worker process: engines and job handlers behind the queue."""

import asyncio
import socket
from contextlib import suppress

from inventoryai.domain.errors import Unavailable
from inventoryai.forecasting import describe_engines
from inventoryai.usecases.engines import ReportWorker
from inventoryai_postgres import check_start
from inventoryai_processes import PooledProcesses
from inventoryai_server import wiring
from inventoryai_server.settings import Settings
from inventoryai_server.system import SystemClock, Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader
from inventoryai_workers import Chores, TaskiqQueue, WakeUpBroker, Worker, connections

HALF_WRITTEN_FOR = 24 * 3600.0
"""Seconds after which a half-written upload is nobody's any more."""


async def work(settings: Settings) -> None:
    """Runs a worker until cancelled.

    Raises:
        RoleTooPowerful, TableUnprotected: The database would let it see more than it should.
    """
    disabled = frozenset(settings.plugins.disabled)
    catalogue = await asyncio.to_thread(describe_engines, disabled)
    at_once = settings.work.processes + 1
    begin = wiring.storage(settings, "worker", at_least=connections(at_once))
    processes = PooledProcesses(settings.work.processes)
    queue, files = TaskiqQueue(WakeUpBroker(settings.queue.url())), wiring.file_store(settings)
    run_job = wiring.run_job(
        wiring.WorkerPorts(
            begin=begin,
            clock=SystemClock(),
            identifiers=Uuid7Identifiers(),
            files=files,
            queue=queue,
            processes=processes,
            reader=CsvReader(),
            catalogue=catalogue,
            disabled=disabled,
            memory=settings.work.memory,
        )
    )
    report = ReportWorker(begin, Uuid7Identifiers().new(), socket.gethostname(), catalogue)

    async def tidy() -> None:
        await files.tidy(HALF_WRITTEN_FOR)

    chores = Chores(run_job, run_job.sweep, tidy)
    worker = Worker(WakeUpBroker(settings.queue.url()), chores, report, at_once)
    try:
        await check_start(begin)
        await worker.run()
    finally:
        with suppress(Unavailable):
            await report.retire()
        await processes.close()
        await queue.broker.shutdown()
        await begin.close()
