"""A worker inside the test's own process, that does the jobs of an ``Api`` when it is told to."""

from dataclasses import dataclass, field, replace
from typing import cast
from uuid import uuid4

from callers import Api

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import JobKind
from inventoryai.forecasting import describe_engines
from inventoryai.ports.processes import Processes
from inventoryai.ports.storage import UnitOfWork
from inventoryai.usecases.engines import ReportWorker
from inventoryai.usecases.teaching import TrainingLimits
from inventoryai.usecases.training import TrainModel
from inventoryai_files import FolderFileStore
from inventoryai_processes import InlineProcesses
from inventoryai_server import wiring
from inventoryai_server.system import Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader


@dataclass
class Worker:
    """Does jobs until no wake-up is left."""

    api: Api
    processes: Processes = field(default_factory=InlineProcesses)
    catalogue: EngineCatalogue = field(default_factory=lambda: describe_engines(frozenset()))
    trainers: Processes | None = None
    limits: TrainingLimits | None = None
    """Of trainings, if not the usual ones."""

    async def report(self) -> None:
        """Says which engines there are."""
        begin = cast("UnitOfWork", self.api.begin)
        await ReportWorker(begin, uuid4(), "test", self.catalogue)()

    async def work(self) -> None:
        """Does what was woken up for, and what waited for that."""
        while self.api.wake_ups.jobs:
            await self.step()

    async def step(self) -> None:
        """Does the first thing that was woken up for."""
        run_job = wiring.run_job(
            wiring.WorkerPorts(
                begin=cast("UnitOfWork", self.api.begin),
                clock=self.api.clock,
                identifiers=Uuid7Identifiers(),
                files=FolderFileStore(self.api.folder, self.api.settings.upload_limit),
                queue=self.api.wake_ups,
                processes=self.processes,
                reader=CsvReader(),
                catalogue=self.catalogue,
                disabled=frozenset(),
                memory=1 << 30,
                trainers=self.trainers,
            )
        )
        training = run_job.handlers[JobKind.TRAIN_MODEL]
        assert isinstance(training, TrainModel)
        teach = replace(training.teach, limits=self.limits or training.teach.limits)
        limited = replace(training, teach=teach)
        run_job = replace(run_job, handlers={**run_job.handlers, JobKind.TRAIN_MODEL: limited})
        await run_job(self.api.wake_ups.jobs.pop(0))
