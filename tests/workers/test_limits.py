"""R11: work that hangs, eats or crashes is ended in a process of its own, and costs its own job alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from readers import TouchyReader
from workplace import Workplace

from inventoryai.domain.companies import Membership
from inventoryai.domain.jobs import Job, JobError, JobKind, JobState
from inventoryai.ports.storage import InCompany
from inventoryai.usecases.jobs import CancelJob
from inventoryai.usecases.reading import ReadingLimits, RunImport
from inventoryai_processes import PooledProcesses

MEGABYTES = 300


@pytest.fixture(scope="module")
async def processes() -> AsyncIterator[PooledProcesses]:
    """One process, so that whatever is left of a job would be in the way of the next."""
    processes = PooledProcesses(1)
    yield processes
    await processes.close()


@dataclass(frozen=True, slots=True)
class Trial:
    """A company whose files are read by the one process."""

    workplace: Workplace
    processes: PooledProcesses
    member: Membership
    sign: Path

    def place(self, deadline: float = 120) -> Workplace:
        """The workplace, with a reader that some files are too much for."""
        ports = self.workplace.ports
        limits = ReadingLimits(deadline, MEGABYTES << 20)
        reader = TouchyReader(self.sign)
        handler = RunImport(
            ports.begin, ports.clock, ports.identifiers, ports.files, self.processes, reader, limits
        )
        return replace(self.workplace, handlers={JobKind.IMPORT: handler})

    async def read(self, content: bytes, deadline: float = 120) -> Job:
        """The job of a file, tried once."""
        imported = await self.workplace.upload(self.member, content)
        await self.place(deadline).run_job()(imported.job.id)
        return await self.workplace.job(self.member, imported.job.id)

    async def reads_on(self) -> bool:
        """Whether a good file is read; the process has then loaded what it needs."""
        return (await self.read(f"date,sku,quantity\n2026-03-02,{uuid4()},5\n".encode())).state is (
            JobState.SUCCEEDED
        )

    async def products(self) -> int:
        async with self.workplace.begin(InCompany.of(self.member)) as work:
            return len(await work.products.every())

    async def gone(self) -> None:
        """Returns when the process that gave a sign is no more."""
        while psutil.pid_exists(int(self.sign.read_text())):  # noqa: ASYNC110 - raises no event here
            await asyncio.sleep(0.02)


@pytest.fixture
async def trial(workplace: Workplace, processes: PooledProcesses, tmp_path: Path) -> Trial:
    trial = Trial(workplace, processes, await workplace.company(), tmp_path / "pid")
    assert await trial.reads_on()
    return trial


async def test_R11_a_parser_that_hangs_is_stopped_at_its_deadline(trial: Trial) -> None:
    job = await trial.read(b"hang", deadline=2)
    assert job.state is JobState.FAILED
    assert job.error == JobError("processes.deadline_exceeded", {"deadline": 2})
    await trial.gone()
    assert await trial.reads_on()


async def test_R11_a_parser_that_eats_memory_is_stopped(trial: Trial) -> None:
    job = await trial.read(b"eat")
    assert job.state is JobState.FAILED
    assert job.error == JobError("processes.memory_exceeded", {"megabytes": MEGABYTES})
    assert await trial.reads_on()


async def test_R11_a_parser_that_takes_its_process_down_is_tried_again(trial: Trial) -> None:
    job = await trial.read(b"abort")
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    assert await trial.reads_on()


async def test_a_cancelled_import_stops_the_process_that_reads_it_and_lands_nothing(trial: Trial) -> None:
    before = await trial.products()
    imported = await trial.workplace.upload(trial.member, b"hang")
    async with trial.place().worker():
        while not trial.sign.exists():  # noqa: ASYNC110 - another process raises no event here
            await asyncio.sleep(0.02)
        await CancelJob(trial.workplace.begin)(trial.member, imported.job.id)
        job = await trial.workplace.ended(trial.member, imported.job.id)
    assert (job.state, job.error) == (JobState.CANCELLED, None)
    await trial.gone()
    assert await trial.products() == before
    assert await trial.reads_on()
