"""The worker process: engines and job handlers behind the queue."""

import logging
import socket
from contextlib import suppress
from dataclasses import astuple, dataclass

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.errors import Unavailable
from inventoryai.forecasting.discovery import unusable
from inventoryai.usecases.engines import DescribeEngines, ReportWorker
from inventoryai_postgres import check_start
from inventoryai_processes import PooledProcesses
from inventoryai_server import wiring
from inventoryai_server.allocation import give_back_large_arrays
from inventoryai_server.settings import Settings
from inventoryai_server.system import SystemClock, Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader
from inventoryai_workers import Chores, TaskiqQueue, WakeUpBroker, Worker, connections, told

logger = logging.getLogger(__name__)

HALF_WRITTEN_FOR = 24 * 3600.0
"""Seconds after which a half-written upload is nobody's any more."""


async def work(settings: Settings) -> None:
    """Runs a worker until cancelled.

    Raises:
        RoleTooPowerful, TableUnprotected: The database would let it see more than it should.
    """
    give_back_large_arrays()
    disabled = frozenset(settings.plugins.disabled)
    processes, trainers = PooledProcesses(settings.work.processes), PooledProcesses(1, calls=1)
    try:
        catalogue = await DescribeEngines(processes, memory=settings.work.memory)(disabled)
        for plugin in catalogue.rejected:
            logger.warning("plugin %s of %s is not used: %s", *astuple(plugin))
        await _serve(settings, Crew(processes, trainers, catalogue, disabled | unusable(catalogue)))
    finally:
        await processes.close()
        await trainers.close()


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work.

    Attributes:
        processes: Where heavy work is done.
        trainers: Where an engine is trained, so that nobody waits for that to forecast; started when needed.
        catalogue: The engines that there are.
        disabled: Plugins that are not to be imported, those included that would hang or crash.
    """

    processes: PooledProcesses
    trainers: PooledProcesses
    catalogue: EngineCatalogue
    disabled: frozenset[str]


async def _serve(settings: Settings, crew: Crew) -> None:
    """Does jobs until cancelled."""
    at_once = settings.work.processes + 1
    begin = wiring.storage(settings, "worker", at_least=connections(at_once))
    queue, files = TaskiqQueue(WakeUpBroker(settings.queue.url())), wiring.file_store(settings)
    run_job = wiring.run_job(
        wiring.WorkerPorts(
            begin=begin,
            clock=SystemClock(),
            identifiers=Uuid7Identifiers(),
            files=files,
            queue=queue,
            processes=crew.processes,
            reader=CsvReader(),
            catalogue=crew.catalogue,
            disabled=crew.disabled,
            memory=settings.work.memory,
            trainers=crew.trainers,
            training_minutes=settings.work.training_minutes,
        )
    )
    report = ReportWorker(begin, Uuid7Identifiers().new(), socket.gethostname(), crew.catalogue)

    async def tidy() -> None:
        await files.tidy(HALF_WRITTEN_FOR)

    chores = Chores(told(run_job), run_job.sweep, tidy)
    worker = Worker(WakeUpBroker(settings.queue.url()), chores, report, at_once)
    try:
        await check_start(begin)
        _say_ready(settings, crew.catalogue)
        await worker.run()
    finally:
        with suppress(Unavailable):
            await report.retire()
        await queue.broker.shutdown()
        await begin.close()


def _say_ready(settings: Settings, catalogue: EngineCatalogue) -> None:
    plugins = {f"{engine.plugin} {engine.version}" for engine in catalogue.engines}
    told_of = {
        "processes": settings.work.processes,
        "plugins": ", ".join(sorted(plugins)),
        "engines": ", ".join(sorted(engine.name for engine in catalogue.engines)),
        "rejected": ", ".join(plugin.plugin for plugin in catalogue.rejected) or "none",
    }
    logger.info("worker ready", extra=told_of)
