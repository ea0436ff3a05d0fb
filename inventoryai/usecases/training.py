"""The job that trains a model: teach an engine, judge it by what it has not seen, and keep both."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn
from uuid import UUID

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.errors import Unavailable
from inventoryai.domain.jobs import Lease
from inventoryai.domain.models import ModelId, TrainingDied, TrainingFailed
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.states import State
from inventoryai.forecasting.training import Pupil, Word, heard, kept, train_engine
from inventoryai.ports.model_storage import Model
from inventoryai.ports.processes import ProcessDied, Processes, TaskFailed
from inventoryai.ports.scratch import Scratch
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.judging import JudgeModel
from inventoryai.usecases.lessons import Lesson, PrepareLesson
from inventoryai.usecases.models import check_training
from inventoryai.usecases.progressing import Progress

LEARNING: Final = 90
"""Percent of a job that are done when the engine has learnt; the rest is judging it."""
LEAST_MEMORY: Final = 2 << 30
"""Bytes that training may take, however little a forecast may."""


@dataclass(frozen=True, slots=True)
class TrainingLimits:
    """What training one model may cost.

    Attributes:
        deadline: Seconds.
        memory: Bytes.
        look: How often the job looks how far the engine is.
        store: How often, at most, a checkpoint is stored: they may be large, and many.
    """

    deadline: float = 3600.0
    memory: int = LEAST_MEMORY
    look: timedelta = timedelta(seconds=1)
    store: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class TrainModel:
    """Trains an engine in a process of its own, judges it by the periods held back, and keeps both.

    What the engine leaves to resume from is stored under the lease while it learns: an attempt that follows
    a crash, perhaps on another machine, is given it, as long as data and versions are the same. An engine
    that raises, hangs, crashes or returns what is no state ends its own job with the reason.

    Attributes:
        processes: Where engines are trained: not where others wait to forecast.
    """

    begin: UnitOfWork
    processes: Processes
    scratch: Scratch
    catalogue: EngineCatalogue
    prepare: PrepareLesson
    judge: JudgeModel
    limits: TrainingLimits = TrainingLimits()
    disabled: frozenset[str] = frozenset()

    async def __call__(self, lease: Lease) -> None:
        """Raises what a training may end in, and ``EngineUnknown`` when this worker does not have it."""
        model_id = ModelId(UUID(lease.payload["model_id"]))
        async with self.begin(InCompany.of(lease)) as work:
            model = await work.models.get(model_id)
        check_training(self.catalogue, model.request)
        covariates = {name for one in self.catalogue.engines for name in one.covariates}
        engine = self.catalogue.get(model.request.engine)
        lesson = await self.prepare(InCompany.of(lease), model.request, engine, sorted(covariates))
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            checkpoint = await work.models.begin(model.id, lesson.lineage)
        state = State.of(await self._taught(lease, model, lesson, checkpoint))
        progress = Progress(self.begin, lease, 100 - LEARNING, len(lesson.whole), start=LEARNING)
        async with progress.told():
            scores = await self.judge(lesson, model.request, state, model.seed, progress)
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            await work.models.land(model.id, state, scores)
            if scores.better:
                await work.models.use(model.id)
            await work.jobs.advance(lease, 100)
            await work.jobs.succeed(lease)

    async def _taught(self, lease: Lease, model: Model, lesson: Lesson, checkpoint: bytes | None) -> bytes:
        """What the engine has learnt; whatever goes wrong with it comes out as a Problem."""
        name, options = model.request.engine, dict(model.request.options)
        disabled = self.disabled | unneeded(self.catalogue, name)
        async with self.scratch() as folder:
            pupil = Pupil(name, options, disabled, folder, checkpoint)
            try:
                return await self._heard(lease, model, pupil, lesson)
            except ProcessDied as end:
                raise TrainingDied(engine=name, exit_code=end.data["exit_code"]) from end
            except TaskFailed as failure:
                raise TrainingFailed(engine=name, error=str(failure)) from failure

    async def _heard(self, lease: Lease, model: Model, pupil: Pupil, lesson: Lesson) -> bytes:
        """Teaches an engine, and listens to it meanwhile; when either fails, the other ends, too."""
        deadline, memory = self.limits.deadline, self.limits.memory
        teaching = asyncio.ensure_future(
            self.processes.run(
                train_engine, pupil, lesson.shown, model.seed, deadline=deadline, memory=memory
            )
        )
        listening = asyncio.ensure_future(self._listen(lease, model.id, pupil.folder))
        tasks: set[asyncio.Future[Any]] = {teaching, listening}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return (teaching if teaching in done else done.pop()).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, lease: Lease, model_id: ModelId, folder: Path) -> NoReturn:
        """Tells how far the engine is, and stores what it has kept; what cannot be stored now is later."""
        told, rests = Word(), 0.0
        while True:
            await asyncio.sleep(self.limits.look.total_seconds())
            rests -= self.limits.look.total_seconds()
            word = await asyncio.to_thread(heard, folder)
            if rests > 0:
                word = replace(word, kept=told.kept)
            if word == told:
                continue
            new = word.kept not in {None, told.kept}
            with suppress(Unavailable):
                await self._store(lease, model_id, word, folder if new else None)
                told, rests = word, self.limits.store.total_seconds() if new else rests

    async def _store(self, lease: Lease, model_id: ModelId, word: Word, folder: Path | None) -> None:
        """Writes down what an engine has said; with a folder, the checkpoint that is there, too."""
        checkpoint = None if folder is None else await asyncio.to_thread(kept, folder)
        async with self.begin(InCompany.of(lease)) as work:
            if checkpoint is not None:
                await work.jobs.hold(lease)
                await work.models.keep(model_id, checkpoint)
                await work.jobs.got_further(lease)
            await work.jobs.advance(lease, int(LEARNING * word.done))
