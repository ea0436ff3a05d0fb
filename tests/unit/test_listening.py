"""The job of a training listens to its engine: it tells how far that is, and stores what it keeps."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

import pytest
from engines import daily, info
from memory.storage import MemoryUnitOfWork
from people import NOON, found

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import JobId, JobKind, Lease, LeaseLost, NewJob
from inventoryai.domain.models import Lap, ModelId, NewModel, TrainingDied, TrainingFailed, TrainingRequest
from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.training import Pupil, _FolderTraining
from inventoryai.ports.model_storage import Model
from inventoryai.ports.processes import ProcessDied, TaskFailed
from inventoryai.ports.storage import Dispatching, UnitOfWork
from inventoryai.usecases.teaching import TeachEngine, Teaching, TrainingLimits
from inventoryai_files import TemporaryScratch

T = TypeVar("T")
SOON, LATE = timedelta(milliseconds=5), timedelta(days=1)
Lesson = Callable[[_FolderTraining], Awaitable[bytes]]


@dataclass
class Course:
    """Processes whose engine learns as a test tells it to, here and now."""

    lesson: Lesson

    async def run(self, function: Callable[..., T], /, *args: Any, deadline: float, memory: int) -> T:
        del function, deadline, memory
        pupil, _, _ = args
        assert isinstance(pupil, Pupil)
        return cast("T", await self.lesson(_FolderTraining(pupil)))


@dataclass
class School:
    """A company with a model that is being trained, kept in memory."""

    begin: MemoryUnitOfWork
    lease: Lease
    model: Model
    folder: Path

    @classmethod
    async def open(cls, folder: Path) -> "School":
        begin = MemoryUnitOfWork()
        founded = await found(begin)
        admin = founded.admin.id
        job = NewJob(JobId(uuid4()), JobKind.TRAIN_MODEL, admin, {}, "percent", 100)
        new = NewModel(ModelId(uuid4()), TrainingRequest("mine", Frequency.DAY, {}), 0, admin, NOON)
        async with begin(founded.scope) as work:
            await work.jobs.add(job)
            await work.models.add(new, job.id)
            model = await work.models.get(new.id)
        async with begin(Dispatching()) as work:
            lease = await work.dispatch.claim(job.id)
        assert lease is not None
        return cls(begin, lease, model, folder)

    @property
    def done(self) -> int:
        return self.begin.rows.jobs[self.lease.job_id].done

    def kept(self, lap: Lap = Lap.JUDGED) -> bytes | None:
        return self.begin.rows.models[self.lease.company_id, self.model.id].checkpoints.get(lap)

    async def taught(self, lesson: Lesson, store: timedelta = SOON, lap: Lap = Lap.JUDGED) -> bytes:
        catalogue = EngineCatalogue((replace(info("mine"), trainable=True),))
        limits = TrainingLimits(look=SOON, store=store)
        begin, scratch = cast("UnitOfWork", self.begin), TemporaryScratch(self.folder)
        teach = TeachEngine(begin, Course(lesson), scratch, catalogue, limits)
        start = 0 if lap is Lap.JUDGED else 50
        state = await teach(self.lease, self.model, Teaching(lap, daily([1.0]), b"[0]", start, 50))
        return state.content


@pytest.fixture
async def school(tmp_path: Path) -> School:
    return await School.open(tmp_path)


async def until(true: Callable[[], bool]) -> None:
    while True:
        if true():
            return
        await asyncio.sleep(0.005)


async def test_what_the_engine_says_and_keeps_is_written_down_while_it_learns(school: School) -> None:
    async def lesson(training: _FolderTraining) -> bytes:
        assert training.checkpoint == b"[0]"
        for epoch, content in enumerate((b"[1]", b"[2]"), start=1):
            training.keep(content)
            training(epoch / 4)
            await until(lambda content=content: school.kept() == content)  # type: ignore[misc]
        await until(lambda: school.done == 25)
        return b"{}"

    assert await school.taught(lesson) == b"{}"
    assert list(school.folder.iterdir()) == []


async def test_what_it_keeps_the_second_time_is_kept_beside_what_it_kept_the_first(school: School) -> None:
    for lap, content, done in ((Lap.JUDGED, b"[1]", 25), (Lap.RENEWED, b"[2]", 75)):

        async def lesson(training: _FolderTraining, content: bytes = content, done: int = done) -> bytes:
            training.keep(content)
            training(0.5)
            await until(lambda: school.done == done)
            return b"{}"

        await school.taught(lesson, lap=lap)
    assert (school.kept(), school.kept(Lap.RENEWED)) == (b"[1]", b"[2]")


async def test_checkpoints_are_stored_now_and_then_and_progress_is_told_at_once(school: School) -> None:
    async def lesson(training: _FolderTraining) -> bytes:
        training.keep(b"[1]")
        await until(lambda: school.kept() == b"[1]")
        training.keep(b"[2]")
        training(0.5)
        await until(lambda: school.done == 25)
        return b"{}"

    await school.taught(lesson, store=LATE)
    assert school.kept() == b"[1]"


async def test_R1_a_lease_that_was_lost_ends_the_training_at_its_next_checkpoint(school: School) -> None:
    async def lesson(training: _FolderTraining) -> bytes:
        rows = school.begin.rows.jobs
        rows[school.lease.job_id] = replace(rows[school.lease.job_id], attempt=2)
        training.keep(b"[1]")
        await asyncio.Event().wait()
        return b"{}"

    with pytest.raises(LeaseLost):
        await school.taught(lesson)
    assert school.kept() is None


@pytest.mark.parametrize(
    ("end", "error", "data"),
    [
        (ProcessDied(exit_code=-9), TrainingDied, {"engine": "mine", "exit_code": -9}),
        (TaskFailed("SystemExit", "3"), TrainingFailed, {"engine": "mine", "error": "SystemExit: 3"}),
    ],
)
async def test_what_ends_the_process_ends_the_training(
    school: School, end: Exception, error: type[TrainingDied], data: dict[str, object]
) -> None:
    async def lesson(_training: _FolderTraining) -> bytes:
        raise end

    with pytest.raises(error) as caught:
        await school.taught(lesson)
    assert caught.value.data == data
